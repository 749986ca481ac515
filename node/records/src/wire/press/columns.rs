//! Automerge's column encodings, written as it writes them.

pub(super) trait Column: Clone + PartialEq {
    fn write(&self, out: &mut Vec<u8>);
}

pub(super) fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let bits = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            return out.push(bits);
        }
        out.push(bits | 0x80);
    }
}

pub(super) fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let bits = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if (value == 0 && bits & 0x40 == 0) || (value == -1 && bits & 0x40 != 0) {
            return out.push(bits);
        }
        out.push(bits | 0x80);
    }
}

/// Runs of equal values, of single ones, of none. A column of none at all isn't there.
pub(super) fn run<T: Column>(rows: impl Iterator<Item = Option<T>>) -> Vec<u8> {
    let mut groups: Vec<(Option<T>, u64)> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some((value, count)) if *value == row => *count += 1,
            _ => groups.push((row, 1)),
        }
    }
    let mut out = Vec::new();
    if let [(None, _)] | [] = groups.as_slice() {
        return out;
    }
    let mut left = groups.as_slice();
    while let Some(((value, count), after)) = left.split_first() {
        match value {
            None => {
                out.push(0);
                unsigned(&mut out, *count);
                left = after;
            }
            Some(value) if *count > 1 => {
                signed(&mut out, i64::try_from(*count).unwrap_or(i64::MAX));
                value.write(&mut out);
                left = after;
            }
            Some(_) => {
                let singles = left.iter().take_while(|(value, count)| value.is_some() && *count == 1).count();
                let (these, after) = left.split_at(singles);
                signed(&mut out, -i64::try_from(singles).unwrap_or(i64::MAX));
                these.iter().filter_map(|(value, _)| value.as_ref()).for_each(|value| value.write(&mut out));
                left = after;
            }
        }
    }
    out
}

/// [`run`] of the steps from each value to the next.
pub(super) fn delta(rows: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    let mut last = 0i64;
    let steps: Vec<Option<i64>> = rows
        .map(|row| {
            let value = i64::try_from(row?).unwrap_or(i64::MAX);
            let step = value.wrapping_sub(last);
            last = value;
            Some(step)
        })
        .collect();
    run(steps.into_iter())
}

/// Lengths of alternating runs, the first of them "no". A column of "no" isn't there.
pub(super) fn flags(rows: impl Iterator<Item = bool>) -> Vec<u8> {
    let (mut out, mut value, mut count, mut any) = (Vec::new(), false, 0, false);
    for row in rows {
        any |= row;
        if row != value {
            unsigned(&mut out, count);
            (value, count) = (row, 0);
        }
        count += 1;
    }
    unsigned(&mut out, count);
    if any { out } else { Vec::new() }
}
