//! The acts on a matter: each makes the edit, or refuses in plain Chinese.

mod account;
mod answer;
mod handle;
mod open;
mod picture;

pub use account::{conclude, explain};
pub use answer::{Answer, Publish, answer, publish, revisit, unpublish};
pub use handle::{Assign, assign, close, escalate, handle, reopen, sort_out};
pub use open::{Answerable, Open, open};
pub use picture::{may_picture, picture};

use super::{Matter, event::*};
use crate::{
    Refusal,
    case::Ctx,
    history::{self, Anomaly, Settlement, needed, within},
    record::{CellName, Edit, OpId},
};

/// An act on a matter.
type Acting<'a, 'c> = history::Acting<'a, 'c, Matter>;

/// A personal value, where something was typed.
fn cell(acting: &mut Acting<'_, '_>, name: &str, text: &str) {
    if let (Some(cell), false) = (CellName::parse(name), text.is_empty()) {
        acting.edit().cells.insert(cell, Some(text.to_owned()));
    }
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
    Ok(acting.done())
}

/// It belongs together with another record.
///
/// # Errors
/// When it is linked already.
pub fn link(matter: &Matter, to: LinkedTo, id: [u8; 16], ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(matter, ctx);
    acting.event(Linked { to, id })?;
    Ok(acting.done())
}

/// A clerk has read a norm and signs.
///
/// # Errors
/// When they did before.
pub fn sign(matter: &Matter, norm: &str, version: u64, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(matter, ctx);
    acting.event(Signed { norm: norm.to_owned(), version, on: ctx.today })?;
    Ok(acting.done())
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
    Ok(acting.done())
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
    Ok(acting.done())
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
    history::settle(matter, anomalies, (event, verdict), reason, ctx)
}
