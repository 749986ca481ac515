//! How an act is made: it asks the state before each event, puts what was typed into cells, and refuses in plain Chinese.

use super::{CellKey, Event, Happening, Mark, Subject, Verdict};
use crate::{
    Refusal,
    case::{Ctx, facts},
    limit,
    person::visible,
    record::{Edit, OpId},
};

/// Collects what one act adds, event by event, asking the state each time.
#[derive(Debug)]
pub(crate) struct Acting<'a, 'c, S> {
    /// The state, moved on by each event.
    pub(crate) state: S,
    ctx: &'a Ctx<'c>,
    edit: Edit,
}

impl<'a, 'c, S: Subject> Acting<'a, 'c, S> {
    /// Starts an act.
    pub(crate) fn on(state: &S, ctx: &'a Ctx<'c>) -> Self {
        Self { state: state.clone(), ctx, edit: Edit::default() }
    }

    /// Puts free text into a cell of its own and gives the cell's name.
    pub(crate) fn words(&mut self, part: &str, text: &str) -> CellKey {
        let cell = facts::words(self.ctx.nonce, part);
        let key = cell.key();
        self.edit.cells.insert(cell, Some(visible(text).trim().to_owned()));
        key
    }

    /// As [`Acting::words`] when something was typed.
    pub(crate) fn maybe(&mut self, part: &str, text: &str) -> Option<CellKey> {
        (!visible(text).trim().is_empty()).then(|| self.words(part, text))
    }

    /// Adds an event the state allows. Doing again what is done is refused too: a person should see that it is done.
    pub(crate) fn event(&mut self, what: impl Into<S::What>) -> Result<(), Refusal> {
        let (what, stamp) = (what.into(), self.ctx.stamp());
        match self.state.judge_by(&what, &stamp) {
            Verdict::Applies => {}
            Verdict::Repeats => {
                return Err(Refusal::because(format!("“{}”已经办过，不用再办。", what.title())));
            }
            Verdict::Refused(why) => return Err(Refusal::because(why)),
        }
        let event = Event { stamp, what };
        let Some(bytes) = event.encode() else {
            return Err(Refusal::because("填写的内容太长，请写短些再办。"));
        };
        // only the order within this act matters here; the document gives the real id
        let lamport = u64::MAX - 64 + self.edit.events.len() as u64;
        let mark = Mark { op: OpId { lamport, actor: [0; 16] }, stamp: event.stamp };
        self.state.take_effect(&mark, &event.what);
        self.edit.events.push(bytes);
        Ok(())
    }

    /// The edit so far, to add facts and cells to.
    pub(crate) fn edit(&mut self) -> &mut Edit {
        &mut self.edit
    }

    /// What the act adds.
    pub(crate) fn done(self) -> Edit {
        self.edit
    }
}

/// A text that must be there, and is not too long.
pub(crate) fn needed(field: &str, label: &str, text: &str, cure: &str) -> Result<(), Refusal> {
    if visible(text).trim().is_empty() {
        return Err(Refusal::field(field, label, format!("还没填{label}，{cure}")));
    }
    within(field, label, text)
}

/// A text that is not too long.
pub(crate) fn within(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    let (count, most) = (text.trim().chars().count(), limit::WORDS_CHARS);
    if count <= most {
        return Ok(());
    }
    let why = format!("{label}最多写 {most} 个字，现在是 {count} 个，请写短些。");
    Err(Refusal::field(field, label, why))
}
