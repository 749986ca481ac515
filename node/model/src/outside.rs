//! 对照录入: a case as the fields of an outside system's form, in that form's order. Provincial and departmental systems stay the
//! record; what is copied there by hand is laid out here so that nobody looks for it.
//!
//! A [`Mapping`] says the order for one item: the township's own where it set one, else the one derived from the item's
//! 申请表, so that every item has one.

mod derive;
mod photo;
mod setting;
mod source;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Outcome, facts},
    item::{Level, Version},
    person::{self, IdNumber},
    station::CENTRE,
};

pub use photo::{PATTERN, number_end, photo_file};
pub use setting::{ItemSetting, read_fields, told_fields};
pub use source::Source;

/// One field of the outside form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What the outside form calls it.
    pub label: String,
    /// Where its value comes from: [`Source::code`].
    pub source: String,
}

/// How an item's cases are copied into an outside system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The item's code.
    pub item: String,
    /// What people call the system.
    pub system: String,
    /// Its fields, in its order.
    pub fields: Vec<Place>,
    /// What photos are called there: [`PATTERN`] and its like.
    pub photos: String,
}

/// One field with a case's value. Hides itself from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// What the outside form calls it.
    pub label: String,
    /// The whole value; empty where the case has none.
    pub value: String,
    /// As it stands on a screen until somebody gives a reason.
    pub masked: String,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("label", &self.label).finish_non_exhaustive()
    }
}

/// A case that is copied, and what is known about it.
#[derive(Clone, Copy)]
pub struct Copied<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its item version.
    pub version: &'a Version,
    /// The accepting station's name.
    pub station: &'a str,
}

impl std::fmt::Debug for Copied<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Copied").field("station", &self.station).finish_non_exhaustive()
    }
}

impl Mapping {
    /// The fields of the outside form with a case's values, in order. Household members are three fields each.
    #[must_use]
    pub fn lines(&self, of: &Copied<'_>) -> Vec<Line> {
        self.fields.iter().flat_map(|place| of.lines(place)).collect()
    }
}

impl Copied<'_> {
    fn lines(&self, place: &Place) -> Vec<Line> {
        match Source::parse(&place.source) {
            Some(Source::Members) => self.members(),
            Some(source) => {
                let (value, masked) = self.value(&source);
                vec![Line { label: place.label.clone(), value, masked }]
            }
            // a source of a later version: an empty line says that something is missing
            None => vec![Line { label: place.label.clone(), value: String::new(), masked: String::new() }],
        }
    }

    fn members(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (number, member) in (1..).zip(self.case.filing.members()) {
            let line = |part: &str, value: &str, masked: String| Line {
                label: format!("家庭成员{number}{part}"),
                value: value.to_owned(),
                masked,
            };
            lines.push(line("姓名", &member.name, person::mask_name(&member.name)));
            lines.push(line("证件号码", &member.id_number, person::mask_id(&member.id_number)));
            lines.push(line("关系", &member.relation, member.relation.clone()));
        }
        lines
    }

    /// A value, and how it is masked.
    fn value(&self, source: &Source) -> (String, String) {
        let filing = &self.case.filing;
        let plain = |text: String| (text.clone(), text);
        let date = |on: Option<jiff::civil::Date>| plain(on.map(|on| on.to_string()).unwrap_or_default());
        match source {
            Source::Cell(name) if name == facts::NAME => {
                (filing.cell(name).unwrap_or("").to_owned(), filing.shown_name())
            }
            Source::Cell(name) => {
                let value = filing.cell(name).unwrap_or("");
                (value.to_owned(), facts::mask(name, value))
            }
            Source::Sex => plain(self.id().map(|id| id.sex().label().to_owned()).unwrap_or_default()),
            Source::Birthday => {
                let born = self.id().map(|id| id.birthday().to_string()).unwrap_or_default();
                let masked = if born.is_empty() { String::new() } else { "****-**-**".to_owned() };
                (born, masked)
            }
            Source::Item => plain(self.version.name.clone()),
            Source::Scenario => {
                let scenario = self.version.scenario(filing.scenario());
                plain(scenario.map(|scenario| scenario.name.clone()).unwrap_or_default())
            }
            Source::Kind => plain(filing.applicant_kind().label().to_owned()),
            Source::Number => plain(self.case.number().unwrap_or("").to_owned()),
            Source::Received => date(self.case.received.as_ref().map(|received| received.what.on)),
            Source::Accepted => date(self.case.accepted.as_ref().map(|accepted| accepted.what.on)),
            Source::Station => plain(self.station.to_owned()),
            Source::Clerk => plain(filing.fact(facts::CLERK_NAME).unwrap_or("").to_owned()),
            Source::Materials => plain(self.materials()),
            Source::Fixed(text) => plain(text.clone()),
            Source::Members => plain(String::new()),
        }
    }

    fn id(&self) -> Option<IdNumber> {
        let today = self.case.received.as_ref()?.what.on;
        IdNumber::parse(self.case.filing.cell(facts::ID_NUMBER)?, today).ok()
    }

    fn materials(&self) -> String {
        let taken = self.case.received.as_ref().map(|r| r.what.materials.as_slice()).unwrap_or_default();
        let name = |id: &String| self.version.material(id).map(|material| material.name.clone());
        taken.iter().filter_map(name).collect::<Vec<_>>().join("、")
    }
}

/// At which desk a case waits to be copied into its outside system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// At the centre's, else at the accepting station's.
    pub centre: bool,
    /// Since when.
    pub since: jiff::civil::Date,
}

impl Case {
    /// Whether the case is still to be copied into an outside system, by whom, and since when: once it is accepted or taken
    /// on somebody's behalf, until somebody registers its number there or says why there is none. Where the township has a
    /// step of its own, its clerk copies; else the accepting station does.
    #[must_use]
    pub fn to_transcribe(&self) -> Option<Waiting> {
        let idle =
            matches!(self.outcome, Some((Outcome::NotAccepted | Outcome::Returned | Outcome::Withdrawn, ..)));
        if idle || !self.transcribed.is_empty() {
            return None;
        }
        let accepted = self.accepted.as_ref().map(|accepted| accepted.what.on);
        let since = accepted.or(self.on_behalf.as_ref().map(|taken| taken.what.on))?;
        let township = self.steps.iter().any(|state| state.step.level == Level::Township);
        let fell_back = self.on_behalf.as_ref().is_some_and(|taken| taken.what.fell_back);
        let centre = township || fell_back || self.station == CENTRE;
        Some(Waiting { centre, since })
    }
}

/// An outside number as it is searched: without signs and spaces, letters large, digits in their usual width.
#[must_use]
pub fn plain_number(text: &str) -> String {
    person::tidy_code(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
