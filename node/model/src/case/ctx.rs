//! What every act needs to know about the moment: who, where, when. Nothing here is read from a clock or a die.

use jiff::civil::Date;

use super::{
    Case, Verdict,
    event::{CellKey, Confidence, Event, Stamp, What},
    facts,
};
use crate::{
    Refusal,
    calendar::Calendar,
    limit,
    person::{name_fault, visible},
    record::{Edit, OpId},
    station::StationNo,
};

/// The moment of an act.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// Today's legal date, confirmed by a person where the clock is not to be believed.
    pub today: Date,
    /// Seconds since 1970, UTC.
    pub wall: i64,
    /// How far to believe it.
    pub confidence: Confidence,
    /// This box's station, 0 the centre.
    pub station: StationNo,
    /// Staff id.
    pub by: &'a str,
    /// Staff name.
    pub name: &'a str,
    /// Random, fresh for each act: makes the names of its word cells unique.
    pub nonce: u64,
    /// Working days.
    pub calendar: &'a Calendar,
}

impl Ctx<'_> {
    /// The stamp of an event made now.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp {
            wall: self.wall,
            confidence: self.confidence,
            station: self.station,
            by: self.by.to_owned(),
            name: self.name.to_owned(),
            reissue: None,
        }
    }
}

/// Collects what one act adds, event by event, asking the state each time.
#[derive(Debug)]
pub(super) struct Acting<'a, 'c> {
    /// The state, moved on by each event.
    pub(super) case: Case,
    ctx: &'a Ctx<'c>,
    edit: Edit,
}

impl<'a, 'c> Acting<'a, 'c> {
    /// Starts an act on a case.
    pub(super) fn on(case: &Case, ctx: &'a Ctx<'c>) -> Self {
        Self { case: case.clone(), ctx, edit: Edit::default() }
    }

    /// Puts free text into its own cell and gives the cell's name.
    pub(super) fn words(&mut self, part: &str, text: &str) -> CellKey {
        let cell = facts::words(self.ctx.nonce, part);
        let key = cell.key();
        self.edit.cells.insert(cell, Some(visible(text).trim().to_owned()));
        key
    }

    /// As [`Acting::words`] when something was typed.
    pub(super) fn maybe(&mut self, part: &str, text: &str) -> Option<CellKey> {
        (!visible(text).trim().is_empty()).then(|| self.words(part, text))
    }

    /// Adds an event the state allows. Doing again what is done is refused too: a person should see that it is done.
    pub(super) fn event(&mut self, what: impl Into<What>) -> Result<(), Refusal> {
        let what = what.into();
        match self.case.judge(&what, self.ctx.station) {
            Verdict::Applies => {}
            Verdict::Repeats => {
                return Err(Refusal::because(format!("“{}”已经办过，不用再办。", what.kind().title())));
            }
            Verdict::Refused(why) => return Err(Refusal::because(why)),
        }
        let event = Event { stamp: self.ctx.stamp(), what };
        let Some(bytes) = event.encode() else {
            return Err(Refusal::because("填写的内容太长，请写短些再办。"));
        };
        // only the order within this act matters here; the document gives the real id
        let lamport = u64::MAX - 64 + self.edit.events.len() as u64;
        let mark = super::Mark { op: OpId { lamport, actor: [0; 16] }, stamp: event.stamp };
        self.case.effect(&mark, &event.what);
        self.edit.events.push(bytes);
        Ok(())
    }

    /// The edit so far, to add facts to.
    pub(super) fn edit(&mut self) -> &mut Edit {
        &mut self.edit
    }

    /// What the act adds.
    pub(super) fn done(self) -> Edit {
        self.edit
    }
}

/// A text that must be there.
pub(super) fn needed(field: &str, label: &str, text: &str, cure: &str) -> Result<(), Refusal> {
    if visible(text).trim().is_empty() {
        return Err(Refusal::field(field, label, format!("还没填{label}，{cure}")));
    }
    within(field, label, text)
}

/// A text that is not too long.
pub(super) fn within(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    let count = text.trim().chars().count();
    if count > limit::WORDS_CHARS {
        let most = limit::WORDS_CHARS;
        return Err(Refusal::field(
            field,
            label,
            format!("{label}最多写 {most} 个字，现在是 {count} 个，请写短些。"),
        ));
    }
    Ok(())
}

/// A person's name that must be there and be one.
pub(super) fn named(field: &str, label: &str, name: &str) -> Result<(), Refusal> {
    name_fault(name).map_or(Ok(()), |fault| Err(Refusal::field(field, label, fault)))
}

/// A legal date that is not in the future.
pub(super) fn not_future(field: &str, label: &str, date: Date, today: Date) -> Result<(), Refusal> {
    if date > today {
        return Err(Refusal::field(field, label, format!("{label}不能晚于今天，请核对日期。")));
    }
    Ok(())
}

/// A legal date that is not before the day the papers were taken.
pub(super) fn not_before_received(field: &str, label: &str, date: Date, case: &Case) -> Result<(), Refusal> {
    match &case.received {
        Some(received) if date < received.what.on => {
            Err(Refusal::field(field, label, format!("{label}早于收件日期，请核对。")))
        }
        _ => Ok(()),
    }
}
