//! 一次性告知: one notice that lists everything. The draft stays.

use super::{Case, Ctx, ctx::Acting, ctx::within, event::NoticePrinted};
use crate::{Refusal, item::Version, record::Edit};

/// Prints the notice of everything that is missing or fails.
///
/// # Errors
/// When nothing is missing, or something has not been looked at yet: then the notice could not list everything.
pub fn one_time_notice(case: &Case, words: &str, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("words", "说明", words)?;
    let checked = case.filing.check(version, ctx.today);
    let told: Vec<String> = checked.told().map(|g| g.key.clone()).collect();
    let fields = checked.errors.iter().map(|e| e.field.clone());
    if told.is_empty() && checked.errors.is_empty() {
        let message = match checked.gaps.len() {
            0 => "没有缺的，可以直接受理。".to_owned(),
            unseen => format!("还有 {unseen} 处没核对，核对完才能一次说全。"),
        };
        return Err(Refusal::because(message));
    }
    if checked.gaps.len() > told.len() {
        let mut refusal = Refusal::fields(checked.all_errors());
        refusal.message = "还有没核对的，核对完才能一次说全。".to_owned();
        return Err(refusal);
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("notice", words);
    let gaps = told.iter().cloned().chain(fields).collect();
    acting.event(NoticePrinted { gaps, on: ctx.today, words })?;
    Ok(acting.done())
}
