//! Drafts of items: begun, read, listed, thrown away.

use super::reason;
use crate::cases::{CaseId, once};
use crate::commit::{Change, Job, Said};
use crate::limit::ITEM_DRAFT_BYTES;
use crate::{ActError, Node, Who, ports, views};
use canon::{Reader, Writer};
use identity::{Audience, Lane};
use model::Refusal;
use model::item::Version;
use model::item::table::Table;
use model::record::{Edit, Record, Value};
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use store::documents;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// Fact that makes a document of kind item a draft: the item's code.
const CODE: &str = "code";
/// Fact: the number of the version that the draft began from; 0 for a new item.
const BASE: &str = "base";
/// Facts `d/name`, `d/materials` …: the fields of the version as JSON, one by one, so that a save writes only what
/// changed.
const FIELD: &str = "d/";
/// Bytes of a text in a row of the list.
const ROW_TEXT: usize = 400;

/// A draft of an item's next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDraft {
    /// What it says now. Its number and dates are those of the version it began from.
    pub version: Version,
    /// The version it began from; 0 for a new item.
    pub base: u32,
}

/// A draft in the list of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Of which item.
    pub code: String,
    /// Its name as drafted.
    pub name: String,
    /// Its field as drafted.
    pub area: String,
    /// The version it began from; 0 for a new item.
    pub base: u32,
}

fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    match record.facts.get(name)?.last().map(|last| &last.value) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn base(record: &Record) -> u32 {
    match record.facts.get(BASE).and_then(|all| all.last()).map(|last| &last.value) {
        Some(Value::Int(number)) => u32::try_from(*number).unwrap_or(0),
        _ => 0,
    }
}

fn version(record: &Record) -> Result<Version, ActError> {
    let mut fields = serde_json::Map::new();
    for (name, all) in record.facts.iter().filter(|(name, _)| name.starts_with(FIELD)) {
        let (Some(key), Some(Value::Text(json))) =
            (name.strip_prefix(FIELD), all.last().map(|last| &last.value))
        else {
            continue;
        };
        let value = serde_json::from_str(json).map_err(|_| ActError::Damaged("item draft"))?;
        fields.insert(key.to_owned(), value);
    }
    serde_json::from_value(fields.into()).map_err(|_| ActError::Damaged("item draft"))
}

/// The facts that say a version.
pub(super) fn facts(version: &Version, edit: &mut Edit) -> Result<(), ActError> {
    let value = serde_json::to_value(version).map_err(|_| ActError::Damaged("item draft"))?;
    for (key, value) in value.as_object().into_iter().flatten() {
        edit.facts.insert(format!("{FIELD}{key}"), Some(Value::Text(value.to_string())));
    }
    Ok(())
}

/// The key and the row of a draft, where the document is one.
pub(crate) fn draft_row(at: DocRef, record: &Record) -> Option<(Vec<u8>, Vec<u8>)> {
    let code = (at.kind == DocKind::Item).then(|| text(record, CODE)).flatten()?;
    let said = |key: &str| -> String {
        let json = text(record, &format!("{FIELD}{key}")).unwrap_or_default();
        let words: String = serde_json::from_str(json).unwrap_or_default();
        words.chars().take(ROW_TEXT / 4).collect()
    };
    let mut row = Writer::new();
    row.fixed(&at.id.0).u64(u64::from(base(record))).str(&said("name")).str(&said("area"));
    Some((code.as_bytes().to_vec(), row.into_bytes()))
}

fn line(key: &[u8], row: &[u8]) -> Option<(DocId, DraftLine)> {
    let mut from = Reader::new(row);
    let doc = DocId(from.fixed().ok()?);
    let base = u32::try_from(from.u64().ok()?).ok()?;
    let name = from.str(ROW_TEXT).ok()?.to_owned();
    let area = from.str(ROW_TEXT).ok()?.to_owned();
    Some((doc, DraftLine { code: String::from_utf8(key.to_vec()).ok()?, name, area, base }))
}

pub(super) fn find<R: ReadTx + ?Sized>(tx: &R, code: &str) -> Result<Option<DocRef>, ActError> {
    let row = rows::get(tx, views::ITEM_DRAFTS, code.as_bytes())?;
    let found = row.and_then(|row| line(code.as_bytes(), &row));
    Ok(found.map(|(id, _)| DocRef { id, kind: DocKind::Item }))
}

/// The draft of an item as it stands in this commit.
pub(super) fn open(job: &mut Job<'_>, code: &str) -> Result<(crate::commit::Opened, ItemDraft), ActError> {
    let at = find(job.tx, code)?.ok_or(ActError::NotFound)?;
    let opened = job.open(at)?;
    let record = opened.record();
    let draft = ItemDraft { version: version(&record)?, base: base(&record) };
    Ok((opened, draft))
}

/// Writes a draft anew or over.
pub(super) fn put(job: &mut Job<'_>, version: &Version, base: u32) -> Result<(), ActError> {
    let fresh = DocRef { id: DocId(ports::random(&*job.node.ports().random)), kind: DocKind::Item };
    let at = find(job.tx, &version.code)?.unwrap_or(fresh);
    let mut edit = Edit::default();
    edit.facts.insert(CODE.to_owned(), Some(Value::Text(version.code.clone())));
    edit.facts.insert(BASE.to_owned(), Some(Value::Int(i64::from(base))));
    facts(version, &mut edit)?;
    let opened = job.open(at)?;
    job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })
}

/// Whether a draft has been saved so often that its document nears what a document may hold.
pub(super) fn is_long(job: &Job<'_>, code: &str) -> Result<bool, ActError> {
    let Some(at) = find(&*job.tx, code)? else { return Ok(false) };
    let stored = documents::get(&*job.tx, &at.id.0)?;
    Ok(stored.is_some_and(|stored| stored.saved.len() > ITEM_DRAFT_BYTES))
}

/// Goes on in a fresh document: nobody else has the old one, and what it said before is of no use.
pub(super) fn begin_anew(job: &mut Job<'_>, draft: &ItemDraft) -> Result<(), ActError> {
    drop(job, &draft.version.code)?;
    put(job, &draft.version, draft.base)
}

/// Takes a draft away with everything it was.
pub(super) fn drop(job: &mut Job<'_>, code: &str) -> Result<bool, ActError> {
    let Some(at) = find(job.tx, code)? else { return Ok(false) };
    job.forget_local(CaseId(at.id.0))?;
    Ok(true)
}

/// Words that lead somewhere else in an address.
const TAKEN: [&str; 4] = ["new", "import", "export", "blank"];

/// A code for a new item.
fn code_of(typed: &str) -> Result<String, Refusal> {
    let look = Table::Item.looks().into_iter().find(|look| look.key == CODE);
    let clean = look.map_or_else(|| Ok(typed.to_owned()), |look| look.kind.clean(typed));
    let code = clean.map_err(|words| Refusal::field(CODE, "事项编码", words))?;
    if TAKEN.contains(&code.as_str()) {
        return Err(Refusal::field(CODE, "事项编码", "这个编码盒子自己要用，换一个。"));
    }
    Ok(code)
}

impl Node {
    /// Drafts of items on this box, by code.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn item_drafts(&self) -> Result<Vec<DraftLine>, ActError> {
        let tx = self.engine().read()?;
        let page = Page { prefix: &[], after: None, direction: Direction::Ascending, count: usize::MAX };
        let found = rows::page(&*tx, views::ITEM_DRAFTS, &page)?;
        Ok(found.iter().filter_map(|(key, row)| Some(line(key, row)?.1)).collect())
    }

    /// The draft of an item.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when there is none, or when the disk says no.
    pub fn item_draft(&self, code: &str) -> Result<ItemDraft, ActError> {
        let tx = self.engine().read()?;
        let at = find(&*tx, code)?.ok_or(ActError::NotFound)?;
        let stored = documents::get(&*tx, &at.id.0)?.ok_or(ActError::NotFound)?;
        let record = records::read(&Document::load(at, &stored.saved)?, &SeedBook::new());
        Ok(ItemDraft { version: version(&record)?, base: base(&record) })
    }

    /// Begins a draft from the newest version of an item; one that is under way stays as it is.
    ///
    /// # Errors
    /// On a station, when there is no such item, or the disk says no.
    pub fn begin_item_draft(&self, who: &Who, code: &str) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            if find(job.tx, &code)?.is_some() {
                return Ok(());
            }
            let reference = job.node.reference();
            let newest = reference.catalogue.item(&code).and_then(|item| item.versions.last());
            let newest = newest.ok_or(ActError::NotFound)?;
            put(job, newest, newest.version)?;
            job.audit(&who, &Said { act: "起草事项", detail: code }, None)
        })
    }

    /// Begins a draft of an item that there has not been: blank, or like another one.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the code does not fit or is taken; on a station; when the disk says no.
    pub fn new_item_draft(
        &self,
        who: &Who,
        code: &str,
        name: &str,
        like: Option<&str>,
    ) -> Result<String, ActError> {
        self.only_centre()?;
        let code = code_of(code)?;
        let name = reason(name, "name", "事项名称", true)?;
        let like = like.map(str::to_owned);
        let (who, given) = (who.clone(), code.clone());
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(());
            }
            let reference = job.node.reference();
            if find(job.tx, &given)?.is_some() || reference.catalogue.item(&given).is_some() {
                let words = "这个编码已经有事项了，换一个。";
                return Err(Refusal::field(CODE, "事项编码", words).into());
            }
            let today = job.node.today();
            let mut version = match &like {
                None => Version::blank(&given, today),
                Some(other) => {
                    let other = reference.catalogue.item(other).and_then(|item| item.versions.last());
                    other
                        .cloned()
                        .ok_or_else(|| Refusal::field("like", "照哪个抄", "没有这个事项，请重新选。"))?
                }
            };
            (version.code, version.name, version.retired) = (given.clone(), name, None);
            if like.is_some() {
                version.aliases.clear();
            }
            put(job, &version, 0)?;
            once::remember(job)?;
            job.audit(&who, &Said { act: "新建事项", detail: given }, None)
        })?;
        Ok(code)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn drop_item_draft(&self, who: &Who, code: &str) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            if !drop(job, &code)? {
                return Err(ActError::NotFound);
            }
            job.audit(&who, &Said { act: "删除事项草稿", detail: code }, None)
        })
    }
}
