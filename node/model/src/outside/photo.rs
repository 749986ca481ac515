//! What a photo is called in an outside system: a pattern of words that stand for parts, as a clerk would say it.

use super::Copied;
use crate::{
    case::{Scene, facts},
    item::ApplicantKind,
    limit,
};

/// The pattern of a township that set none.
pub const PATTERN: &str = "证件号后4位_材料名_序号";

/// Words of a pattern that stand for something.
pub(super) const PARTS: [&str; 5] = ["证件号后4位", "材料名", "序号", "办件编号", "事项名称"];

/// Last four of the applicant's number: a unit's code where it is a unit.
#[must_use]
pub fn number_end(of: &Copied<'_>) -> String {
    let filing = &of.case.filing;
    let name = match filing.applicant_kind() {
        ApplicantKind::Unit => facts::UNIT_CODE,
        ApplicantKind::Person | ApplicantKind::Household => facts::ID_NUMBER,
    };
    let all: Vec<char> = filing.cell(name).unwrap_or("").trim().chars().collect();
    all.get(all.len().saturating_sub(4)..).unwrap_or_default().iter().collect()
}

/// The name of a photo's file: the `number`-th of a material or a step, with `end` for the last four. No file system trips
/// over it. Where it would be too long its words are cut, and the number that tells it from the next one is not.
#[must_use]
pub fn photo_file(pattern: &str, of: &Copied<'_>, end: &str, material: &str, number: usize) -> String {
    let step = Scene::parse(material).map(Scene::label);
    let words = of.version.material(material).map(|material| material.name.as_str()).or(step);
    let (material, item) = (words.unwrap_or(material), of.version.name.as_str());
    let number = number.to_string();
    let case = of.case.number().unwrap_or("");
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let written = |most: usize| filled(pattern, [end, &cut(material, most), &number, case, &cut(item, most)]);
    let fits = |name: &String| name.chars().count() <= limit::FILE_NAME_CHARS;
    let name = (0..=limit::FILE_NAME_CHARS).rev().map(written).find(fits);
    cut(&name.unwrap_or_else(|| written(0)), limit::FILE_NAME_CHARS).trim().to_owned()
}

/// The pattern with its parts filled in, without what a file system reads as something else.
fn filled(pattern: &str, values: [&str; 5]) -> String {
    let mut name = String::new();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let part = PARTS.iter().zip(values).find(|(part, _)| rest.starts_with(**part));
        if let Some((part, value)) = part {
            name.push_str(value);
            rest = rest.get(part.len()..).unwrap_or("");
        } else {
            name.push(next);
            rest = rest.get(next.len_utf8()..).unwrap_or("");
        }
    }
    let safe = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    name.chars().map(safe).collect()
}
