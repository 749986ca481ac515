//! An item is no longer offered from a day on. What was taken before goes on as it was.

use super::{publish, reason};
use crate::cases::once;
use crate::commit::{Change, Said};
use crate::reference::{RETIRED, named};
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::record::{Edit, Value};
use model::{Date, Refusal};
use records::DocKind;

impl Node {
    /// Retires every version an item has from a day on. A version published later is in force again.
    ///
    /// # Errors
    /// [`ActError::Refused`] without a day from today on, or a reason, or when it is retired already;
    /// [`ActError::NotFound`]; on a station; when the disk says no.
    pub fn retire_item(&self, who: &Who, code: &str, from: Option<Date>, why: &str) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code, why) = (who.clone(), code.to_owned(), why.to_owned());
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(());
            }
            let reference = job.node.reference();
            let last = reference.catalogue.item(&code).and_then(|item| item.versions.last());
            let last = last.ok_or(ActError::NotFound)?;
            let field = |words: &str| Refusal::field("from", "停用日期", words);
            let from = from.ok_or_else(|| field("还没填停用日期，请写成 2026-01-05。"))?;
            if from < job.node.today() {
                return Err(field("停用日期不能早于今天。").into());
            }
            if last.retired.is_some_and(|end| end <= from) {
                return Err(field("这个事项在那天以前就停用了。").into());
            }
            let words = reason(&why, "why", "停用原因", true)?;
            let mut deed = publish::deed(job, &who, words);
            (deed.version, deed.on) = (last.version, from);
            let text = serde_json::to_string(&deed).map_err(|_| ActError::Damaged("item"))?;
            let mut edit = Edit::default();
            edit.facts.insert(format!("{RETIRED}{}", last.version), Some(Value::Text(text)));
            let opened = job.open(named(DocKind::Item, &code))?;
            job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::CATALOGUE })?;
            once::remember(job)?;
            job.audit(&who, &Said { act: "停用事项", detail: code }, None)
        })
    }
}
