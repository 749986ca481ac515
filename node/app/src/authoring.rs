//! Authoring at the centre: draft → compare → publish with an effective date → retire, and the history of it all.
//!
//! A draft is a document of its own that never leaves this box (lane local): were it in the item's document, what is
//! published later would depend on every draft change before it, and stations would have to be sent those too.

mod deed;
mod draft;
mod edit;
mod land;
mod power;
mod publish;
mod retire;
#[cfg(test)]
mod tests;

pub use deed::Deed;
pub(crate) use draft::draft_row;
pub use draft::{DraftLine, ItemDraft};
pub use edit::{Edited, ItemEdit, drawn};
pub use land::{Fate, Landing, Planned};
pub use power::NewPower;
pub use publish::Publishing;
pub(crate) use publish::{deed, effective_day};

use crate::{ActError, Node};
use model::Refusal;

impl Node {
    pub(crate) fn only_centre(&self) -> Result<(), ActError> {
        if self.is_centre() {
            return Ok(());
        }
        Err(Refusal::because("事项、套餐和权限由镇中心管，村站不能改。").into())
    }
}

/// The words of a person about an act on an item: trimmed, and not too long.
pub(crate) fn reason(text: &str, field: &str, label: &str, needed: bool) -> Result<String, Refusal> {
    let text = text.trim();
    if needed && text.is_empty() {
        return Err(Refusal::field(field, label, format!("还没填{label}。写一句为什么，以后查得到。")));
    }
    let count = text.chars().count();
    if count > model::limit::WORDS_CHARS {
        let words = format!("{label}有 {count} 个字，最多 {} 个。", model::limit::WORDS_CHARS);
        return Err(Refusal::field(field, label, words));
    }
    Ok(text.to_owned())
}
