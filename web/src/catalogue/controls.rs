//! Columns of an item as controls of a form, and a form as words of its columns.

use std::collections::BTreeMap;

use model::item::Version;
use model::item::table::{Kind, Look, Wrong};

use crate::shell::form::Fields;
use crate::view::{Choice, Field, Gap};

/// A column as the page shows it.
pub(crate) enum Control {
    /// A field of the component.
    One(Field),
    /// Boxes to tick.
    Several(Ticks),
}

/// Boxes to tick.
pub(crate) struct Ticks {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// Value, text, ticked.
    pub(crate) boxes: Vec<(String, String, bool)>,
    pub(crate) error: Option<String>,
}

fn ticks(look: &Look, version: &Version) -> Option<Vec<(String, String)>> {
    match look.kind {
        Kind::Several(words) => {
            Some(words.iter().map(|word| ((*word).to_owned(), (*word).to_owned())).collect())
        }
        Kind::Scenarios => Some(
            version.scenarios.iter().map(|scenario| (scenario.id.clone(), scenario.name.clone())).collect(),
        ),
        Kind::Line(_)
        | Kind::Words(_)
        | Kind::Lines(_)
        | Kind::Count(_)
        | Kind::Date
        | Kind::Choice(_)
        | Kind::Id => None,
    }
}

/// A column with what stands in it and what is wrong with it. Ids are the box's own business.
pub(crate) fn control(look: &Look, value: &str, version: &Version, wrong: Option<String>) -> Option<Control> {
    if let Some(boxes) = ticks(look, version) {
        let on = |key: &str| value.split('、').any(|one| one == key);
        let boxes = boxes.into_iter().map(|(key, text)| (key.clone(), text, on(&key))).collect();
        return Some(Control::Several(Ticks {
            id: look.key,
            label: look.name,
            hint: look.hint,
            boxes,
            error: wrong,
        }));
    }
    let text = |max: usize| Field::text(look.key, look.name, value).max(max);
    let field = match look.kind {
        Kind::Id | Kind::Several(_) | Kind::Scenarios => return None,
        Kind::Line(max) => text(max).width(if max > 60 { "full" } else { "l" }),
        Kind::Words(max) => Field { rows: 2, ..Field::area(look.key, look.name, value).max(max) },
        Kind::Lines(_) => Field { rows: 4, ..Field::area(look.key, look.name, value).max(6000) },
        Kind::Count(_) => Field { inputmode: "numeric", ..text(8).width("s") },
        Kind::Date => text(20).width("s"),
        Kind::Choice(words) => {
            let mut options: Vec<Choice> = words.iter().map(|word| Choice::new(*word, *word)).collect();
            if !words.contains(&value) {
                options.insert(0, Choice::new("", "请选"));
            }
            Field::select(look.key, look.name, value, options).width("s")
        }
    };
    Some(Control::One(field.hint(look.hint).error(wrong)))
}

/// What was typed into the columns of a page. A tick box that is not ticked is not sent, so a page of boxes says all.
pub(crate) fn words(looks: &[(usize, Look)], fields: &Fields) -> BTreeMap<&'static str, String> {
    let mut words = BTreeMap::new();
    for (_, look) in looks {
        match look.kind {
            Kind::Id => {}
            Kind::Several(_) | Kind::Scenarios => {
                let on: Vec<&str> =
                    fields.pairs().filter(|(name, _)| *name == look.key).map(|(_, value)| value).collect();
                words.insert(look.key, on.join("、"));
            }
            Kind::Line(_)
            | Kind::Words(_)
            | Kind::Lines(_)
            | Kind::Count(_)
            | Kind::Date
            | Kind::Choice(_) => {
                if fields.has(look.key) {
                    words.insert(look.key, fields.get(look.key).to_owned());
                }
            }
        }
    }
    words
}

/// The controls of a page: what stands in the draft, or what was typed where that was just sent.
pub(crate) fn controls(
    looks: &[(usize, Look)],
    row: &[String],
    version: &Version,
    typed: Option<&BTreeMap<&'static str, String>>,
    wrong: &[Wrong],
) -> Vec<Control> {
    let one = |(place, look): &(usize, Look)| {
        let stands = row.get(*place).map_or("", String::as_str);
        let value = typed.and_then(|typed| typed.get(look.key)).map_or(stands, String::as_str);
        let error = wrong.iter().find(|wrong| wrong.key == look.key).map(|wrong| wrong.words.clone());
        control(look, value, version, error)
    };
    looks.iter().filter_map(one).collect()
}

/// What is wrong, for the summary.
pub(crate) fn gaps(wrong: &[Wrong]) -> Vec<Gap> {
    wrong
        .iter()
        .map(|wrong| Gap { target: wrong.key.to_owned(), text: format!("{}：{}", wrong.name, wrong.words) })
        .collect()
}
