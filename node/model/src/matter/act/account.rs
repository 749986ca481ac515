//! 责任追究: the person answerable explains, a supervisor concludes. Nothing of it is ever on a public page.

use super::{Acting, needed};
use crate::{
    Refusal,
    case::Ctx,
    matter::{Matter, event::*},
    record::Edit,
};

/// The person answerable explains.
///
/// # Errors
/// Without words, by somebody else, or after the conclusion.
pub fn explain(matter: &Matter, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "说明", words, "请写当时是怎么回事。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("explain", words);
    acting.event(Explained { words, on: ctx.today })?;
    Ok(acting.done())
}

/// A supervisor concludes; their name stands in the record.
///
/// # Errors
/// Without words, by the person answerable, or before the explanation.
pub fn conclude(matter: &Matter, verdict: Verdict, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "认定意见", words, "请写依据什么、怎么处理。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("conclude", words);
    acting.event(Concluded { verdict, words, on: ctx.today })?;
    Ok(acting.done())
}
