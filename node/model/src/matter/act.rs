//! The acts on a matter: each makes the edit, or refuses in plain Chinese.

mod account;
mod answer;
mod handle;
mod open;

pub use account::{conclude, explain};
pub use answer::{Answer, Publish, answer, publish, revisit, unpublish};
pub use handle::{Assign, assign, close, escalate, handle, reopen, sort_out};
pub use open::{Answerable, Open, open};

use super::{Matter, event::*};
use crate::{
    Refusal,
    case::{
        Anomaly, AnomalyKind, Ctx, Mark,
        Verdict::{Applies, Refused, Repeats},
        event::{CellKey, Settlement},
        facts,
    },
    limit,
    person::visible,
    record::{CellName, Edit, OpId},
};

/// Collects what one act adds, event by event, asking the state each time.
struct Acting<'a, 'c> {
    matter: Matter,
    ctx: &'a Ctx<'c>,
    edit: Edit,
}

impl<'a, 'c> Acting<'a, 'c> {
    fn on(matter: &Matter, ctx: &'a Ctx<'c>) -> Self {
        Self { matter: matter.clone(), ctx, edit: Edit::default() }
    }

    /// Puts free text into a cell of its own and gives the cell's name.
    fn words(&mut self, part: &str, text: &str) -> CellKey {
        let cell = facts::words(self.ctx.nonce, part);
        let key = cell.key();
        self.edit.cells.insert(cell, Some(visible(text).trim().to_owned()));
        key
    }

    /// As [`Acting::words`] when something was typed.
    fn maybe(&mut self, part: &str, text: &str) -> Option<CellKey> {
        (!visible(text).trim().is_empty()).then(|| self.words(part, text))
    }

    /// A personal value, where something was typed.
    fn cell(&mut self, name: &str, text: &str) {
        if let (Some(cell), false) = (CellName::parse(name), text.is_empty()) {
            self.edit.cells.insert(cell, Some(text.to_owned()));
        }
    }

    /// Adds an event the state allows. Doing again what is done is refused too: a person should see that it is done.
    fn event(&mut self, what: impl Into<What>) -> Result<(), Refusal> {
        let (what, stamp) = (what.into(), self.ctx.stamp());
        match self.matter.judge(&what, &stamp) {
            Applies => {}
            Repeats => {
                return Err(Refusal::because(format!("“{}”已经办过，不用再办。", what.kind().title())));
            }
            Refused(why) => return Err(Refusal::because(why)),
        }
        let event = Event { stamp, what };
        let Some(bytes) = event.encode() else {
            return Err(Refusal::because("填写的内容太长，请写短些再办。"));
        };
        // only the order within this act matters here; the document gives the real id
        let lamport = u64::MAX - 64 + self.edit.events.len() as u64;
        let mark = Mark { op: OpId { lamport, actor: [0; 16] }, stamp: event.stamp };
        self.matter.effect(&mark, &event.what);
        self.edit.events.push(bytes);
        Ok(())
    }
}

/// A text that must be there, and is not too long.
fn needed(field: &str, label: &str, text: &str, cure: &str) -> Result<(), Refusal> {
    if visible(text).trim().is_empty() {
        return Err(Refusal::field(field, label, format!("还没填{label}，{cure}")));
    }
    within(field, label, text)
}

/// A text that is not too long.
fn within(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    let (count, most) = (text.trim().chars().count(), limit::WORDS_CHARS);
    if count <= most {
        return Ok(());
    }
    let why = format!("{label}最多写 {most} 个字，现在是 {count} 个，请写短些。");
    Err(Refusal::field(field, label, why))
}

/// A word more. Nothing is ever changed or taken away by it.
///
/// # Errors
/// When it is empty or too long.
pub fn note(matter: &Matter, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "说明", words, "没有要说的就不用加。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("note", words);
    acting.event(Noted { words })?;
    Ok(acting.edit)
}

/// It belongs together with another record.
///
/// # Errors
/// When it is linked already.
pub fn link(matter: &Matter, to: LinkedTo, id: [u8; 16], ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(matter, ctx);
    acting.event(Linked { to, id })?;
    Ok(acting.edit)
}

/// A clerk has read a norm and signs.
///
/// # Errors
/// When they did before.
pub fn sign(matter: &Matter, norm: &str, version: u64, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(matter, ctx);
    acting.event(Signed { norm: norm.to_owned(), version, on: ctx.today })?;
    Ok(acting.edit)
}

/// 归档.
///
/// # Errors
/// When it is filed already, or the words are too long.
pub fn file(matter: &Matter, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("words", "放在哪里", words)?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.maybe("file", words);
    acting.event(Filed { words, on: ctx.today })?;
    Ok(acting.edit)
}

/// 上报.
///
/// # Errors
/// When it is reported already, or nobody is named.
pub fn report(matter: &Matter, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "报给谁", words, "请写报给哪里、谁收的。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("report", words);
    acting.event(Reported { words, on: ctx.today })?;
    Ok(acting.edit)
}

/// A person rules on an act that the state did not allow.
///
/// # Errors
/// When it is none of the anomalies, or one that only an upgrade settles.
pub fn settle(
    matter: &Matter,
    anomalies: &[Anomaly],
    event: OpId,
    verdict: Settlement,
    reason: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    needed("words", "理由", reason, "请写为什么这样定。")?;
    let Some(anomaly) = anomalies.iter().find(|anomaly| anomaly.op == event) else {
        return Err(Refusal::because("这处异常已经处置过了，请刷新再看。"));
    };
    if anomaly.kind != AnomalyKind::NotAllowed {
        return Err(Refusal::because(anomaly.why.clone()));
    }
    let mut acting = Acting::on(matter, ctx);
    let reason = acting.words("settle", reason);
    acting.event(Settled { event, verdict, reason })?;
    Ok(acting.edit)
}
