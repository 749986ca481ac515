//! How a column is written down: the shapes that come again and again.

/// A column of text that is kept as it is.
macro_rules! text {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $kind:expr, $($field:ident).+) => {
        Column {
            look: Look { key: $key, name: $name, hint: $hint, kind: $kind, part: Part::$part },
            get: |row| row.$($field).+.clone(),
            set: |row, text| { row.$($field).+ = text.to_owned(); Ok(()) },
        }
    };
}
/// A column with one entry a line.
macro_rules! lines {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $max:expr, $($field:ident).+) => {
        Column {
            look: Look { key: $key, name: $name, hint: $hint, kind: Kind::Lines($max), part: Part::$part },
            get: |row| row.$($field).+.join("\n"),
            set: |row, text| { row.$($field).+ = text.lines().map(str::to_owned).collect(); Ok(()) },
        }
    };
}
/// Any other column.
macro_rules! column {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $kind:expr, $get:expr, $set:expr) => {
        Column {
            look: Look { key: $key, name: $name, hint: $hint, kind: $kind, part: Part::$part },
            get: $get,
            set: $set,
        }
    };
}
/// A yes or no.
macro_rules! flag {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $($field:ident).+) => {
        column!($part, $key, $name, $hint, Kind::Choice(YES_NO), |row| yes(row.$($field).+), |row, t| {
            row.$($field).+ = is_yes(t);
            Ok(())
        })
    };
}
/// One of a closed list: its pairs of value and word, and the words.
macro_rules! pick {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $all:expr, $words:expr, $field:ident) => {
        column!($part, $key, $name, $hint, Kind::Choice($words), |row| word($all, &row.$field), |row, t| {
            row.$field = picked($all, t)?;
            Ok(())
        })
    };
}
/// A number up to `$max`, `$none` where nothing is written.
macro_rules! count {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $max:expr, $none:literal, $($field:ident).+) => {
        column!($part, $key, $name, $hint, Kind::Count($max), |row| row.$($field).+.to_string(), |row, t| {
            row.$($field).+ = number(t)?.unwrap_or($none);
            Ok(())
        })
    };
}
/// The days of a limit.
macro_rules! limit_days {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $field:ident) => {
        column!(
            $part,
            $key,
            $name,
            $hint,
            Kind::Count(LIMIT_DAYS as u32),
            |row| days(row.$field),
            |row, t| set_days(&mut row.$field, t)
        )
    };
}
/// The unit of a limit.
macro_rules! limit_unit {
    ($part:ident, $key:literal, $name:literal, $hint:literal, $field:ident) => {
        column!($part, $key, $name, $hint, Kind::Choice(UNITS), |row| unit(row.$field), |row, t| {
            set_unit(&mut row.$field, t);
            Ok(())
        })
    };
}
macro_rules! id {
    () => {
        column!(Row, "id", "编号", "空着就由盒子编", Kind::Id, |row| row.id.clone(), |row, t| {
            row.id = t.to_owned();
            Ok(())
        })
    };
}
macro_rules! scenarios {
    () => {
        column!(
            Row,
            "scenarios",
            "适用情形",
            "一个不选就是全部情形都要",
            Kind::Scenarios,
            |row| joined(&row.scenarios),
            |row, t| {
                row.scenarios = entries(t);
                Ok(())
            }
        )
    };
}
macro_rules! list {
    ($field:ident) => {
        fn list(version: &Version) -> &[Self] {
            &version.$field
        }
        fn list_mut(version: &mut Version) -> Option<&mut Vec<Self>> {
            Some(&mut version.$field)
        }
    };
}

pub(super) use {column, count, flag, id, limit_days, limit_unit, lines, list, pick, scenarios, text};
