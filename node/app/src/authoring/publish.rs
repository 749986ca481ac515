//! A draft becomes the next version.

use super::{Deed, draft, reason};
use crate::cases::once;
use crate::commit::{Change, Job, Said};
use crate::reference::{PUBLISHED, VERSION, named};
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::catalogue::check::{Severity, check};
use model::item::Version;
use model::item::table::compare;
use model::record::{Edit, Value};
use model::{Date, FieldErrors, Refusal};
use records::DocKind;

/// What a person says when publishing.
#[derive(Debug, Clone, Default)]
pub struct Publishing {
    /// In force from; none was typed where it is `None`.
    pub effective: Option<Date>,
    /// What changed and why.
    pub note: String,
    /// The tick “仍要发布”, where the checks warn.
    pub despite: bool,
    /// Why all the same.
    pub why: String,
}

/// A version with its number and what is said of it, ready to be written.
pub(super) struct Ready {
    pub(super) version: Version,
    pub(super) deed: Deed,
}

/// A day from which a version may be in force.
pub(crate) fn effective_day(day: Option<Date>, today: Date) -> Result<Date, Refusal> {
    let day =
        day.ok_or_else(|| Refusal::field("effective", "生效日期", "还没填生效日期，请写成 2026-01-05。"))?;
    if day < today {
        return Err(Refusal::field(
            "effective",
            "生效日期",
            "生效日期不能早于今天：已经收的件按旧版办，改不了。",
        ));
    }
    Ok(day)
}

/// Numbers a version as the item's next and writes it with what is said of it.
pub(super) fn write(job: &mut Job<'_>, ready: &Ready) -> Result<(), ActError> {
    let damaged = |_| ActError::Damaged("item");
    let number = ready.version.version;
    let mut edit = Edit::default();
    let text = serde_json::to_string(&ready.version).map_err(damaged)?;
    edit.facts.insert(format!("{VERSION}{number}"), Some(Value::Text(text)));
    let text = serde_json::to_string(&ready.deed).map_err(damaged)?;
    edit.facts.insert(format!("{PUBLISHED}{number}"), Some(Value::Text(text)));
    let opened = job.open(named(DocKind::Item, &ready.version.code))?;
    job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::CATALOGUE })
}

/// The number of an item's next version.
pub(super) fn next_number(job: &Job<'_>, code: &str) -> u32 {
    let reference = job.node.reference();
    reference.catalogue.item(code).and_then(|item| item.versions.last()).map_or(1, |last| last.version + 1)
}

impl Node {
    /// Publishes the draft of an item as its next version, and the draft is gone. Gives its number.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the checks say no, or a date or a reason is missing; [`ActError::NotFound`] without a
    /// draft; on a station; when the disk says no.
    pub fn publish_item_draft(&self, who: &Who, code: &str, said: Publishing) -> Result<u32, ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(next_number(job, &code).saturating_sub(1));
            }
            let (_, draft) = draft::open(job, &code)?;
            changed(job, &draft.version)?;
            let effective = effective_day(said.effective, job.node.today())?;
            let words = reason(&said.note, "note", "发布说明", true)?;
            let (mut version, mut deed) = (draft.version, deed(job, &who, words));
            version.version = next_number(job, &code);
            (version.effective, version.retired) = (effective, None);
            (deed.warned, deed.despite) = judged(&version, &said)?;
            (deed.version, deed.on) = (version.version, effective);
            let ready = Ready { version, deed };
            write(job, &ready)?;
            draft::drop(job, &code)?;
            once::remember(job)?;
            job.audit(
                &who,
                &Said { act: "发布事项", detail: format!("{code} 第{}版", ready.version.version) },
                None,
            )?;
            Ok(ready.version.version)
        })
    }
}

/// A version that says what the one in force says would be a version for nothing, on every box.
fn changed(job: &Job<'_>, version: &Version) -> Result<(), Refusal> {
    let reference = job.node.reference();
    let newest = reference.catalogue.item(&version.code).and_then(|item| item.versions.last());
    match newest {
        Some(newest) if newest.retired.is_none() && compare(newest, version).is_empty() => {
            let words = format!("和第 {} 版比一处都没有改，不用再发布。", newest.version);
            Err(Refusal::field("note", "发布说明", words))
        }
        _ => Ok(()),
    }
}

/// Who says it, and when.
pub(crate) fn deed(job: &Job<'_>, who: &Who, words: String) -> Deed {
    Deed {
        at: job.node.ports().clock.wall(),
        by: who.staff.clone(),
        name: who.name.clone(),
        version: 0,
        on: job.node.today(),
        words,
        warned: Vec::new(),
        despite: String::new(),
        retires: false,
    }
}

/// What the checks warn of, and why it is published all the same.
pub(super) fn judged(version: &Version, said: &Publishing) -> Result<(Vec<String>, String), Refusal> {
    let (faults, warnings): (Vec<_>, Vec<_>) =
        check(version).into_iter().partition(|finding| finding.severity == Severity::Refuse);
    let mut refused = FieldErrors::default();
    for fault in faults {
        refused.add("", fault.field.clone(), format!("{}：{}", fault.field, fault.words));
    }
    if !refused.is_empty() {
        return Err(Refusal {
            message: format!("“{}”还有 {} 处不能发布。", version.name, refused.len()),
            fields: refused,
        });
    }
    if warnings.is_empty() {
        return Ok((Vec::new(), String::new()));
    }
    if !said.despite {
        let words = format!("检查有 {} 条提醒。看过没问题，勾上“仍要发布”，写明原因。", warnings.len());
        return Err(Refusal::field("despite", "仍要发布", words));
    }
    let why = reason(&said.why, "why", "仍要发布的原因", true)?;
    Ok((warnings.into_iter().map(|finding| finding.field).collect(), why))
}
