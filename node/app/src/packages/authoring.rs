//! A package at the centre: draft → published with an effective date → retired, as items are. A draft is a document of
//! its own that never leaves this box.

use crate::authoring::{Deed, Publishing, deed, effective_day, reason};
use crate::cases::{CaseId, once};
use crate::commit::{Change, Job, Said};
use crate::reference::{PUBLISHED, RETIRED, VERSION, named};
use crate::views::packed;
use crate::{ActError, Node, Who, ports};
use identity::{Audience, Lane};
use model::catalogue::package::Package;
use model::record::{Edit, Record, Value};
use model::{Date, Refusal};
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use store::documents;
use store::engine::ReadTx;

/// Facts of a draft: the package's code, the version it began from (0 for a new one), and what it says as JSON.
const CODE: &str = "code";
const BASE: &str = "base";
const JSON: &str = "json";
/// Tries for a code that nobody has.
const CODES: u32 = 999;

/// A draft of a package's next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageDraft {
    /// What it says now.
    pub package: Package,
    /// The version it began from; 0 for a new package.
    pub base: u32,
}

impl PackageDraft {
    /// What a page was drawn with: a page that was drawn with something else is of before another clerk's save.
    #[must_use]
    pub fn drawn(&self) -> String {
        let json = serde_json::to_string(&self.package).unwrap_or_default();
        let hash = canon::hash("package page", |out| {
            out.str(&json);
        });
        data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or_default())
    }
}

fn drafted(record: &Record) -> Result<PackageDraft, ActError> {
    let last = |name: &str| record.facts.get(name).and_then(|all| all.last()).map(|last| &last.value);
    let Some(Value::Text(json)) = last(JSON) else { return Err(ActError::Damaged("package draft")) };
    let package = serde_json::from_str(json).map_err(|_| ActError::Damaged("package draft"))?;
    let base = match last(BASE) {
        Some(Value::Int(number)) => u32::try_from(*number).unwrap_or(0),
        _ => 0,
    };
    Ok(PackageDraft { package, base })
}

/// The code of a document that is a draft of a package.
pub(crate) fn code_of_draft(record: &Record) -> Option<&str> {
    match record.facts.get(CODE)?.last().map(|last| &last.value) {
        Some(Value::Text(code)) => Some(code),
        _ => None,
    }
}

fn read_draft<R: ReadTx + ?Sized>(tx: &R, doc: [u8; 16]) -> Result<PackageDraft, ActError> {
    let stored = documents::get(tx, &doc)?.ok_or(ActError::NotFound)?;
    let at = DocRef { id: DocId(doc), kind: DocKind::Package };
    drafted(&records::read(&Document::load(at, &stored.saved)?, &SeedBook::new()))
}

fn put(job: &mut Job<'_>, draft: &PackageDraft) -> Result<(), ActError> {
    let code = &draft.package.code;
    let doc = match packed::authored(&*job.tx, code)? {
        Some(doc) => doc,
        None => ports::random(&*job.node.ports().random),
    };
    let json = serde_json::to_string(&draft.package).map_err(|_| ActError::Damaged("package draft"))?;
    let mut edit = Edit::default();
    edit.facts.insert(CODE.to_owned(), Some(Value::Text(code.clone())));
    edit.facts.insert(BASE.to_owned(), Some(Value::Int(i64::from(draft.base))));
    edit.facts.insert(JSON.to_owned(), Some(Value::Text(json)));
    let opened = job.open(DocRef { id: DocId(doc), kind: DocKind::Package })?;
    job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })
}

fn drop_draft(job: &mut Job<'_>, code: &str) -> Result<(), ActError> {
    let doc = packed::authored(&*job.tx, code)?.ok_or(ActError::NotFound)?;
    job.forget_local(CaseId(doc))
}

fn publish(job: &mut Job<'_>, package: &Package, deed: Option<&Deed>) -> Result<(), ActError> {
    let damaged = |_| ActError::Damaged("package");
    let mut edit = Edit::default();
    let text = serde_json::to_string(package).map_err(damaged)?;
    edit.facts.insert(format!("{VERSION}{}", package.version), Some(Value::Text(text)));
    if let Some(deed) = deed {
        let text = serde_json::to_string(deed).map_err(damaged)?;
        edit.facts.insert(format!("{PUBLISHED}{}", package.version), Some(Value::Text(text)));
    }
    let opened = job.open(named(DocKind::Package, &package.code))?;
    job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::CATALOGUE })
}

impl Node {
    /// Drafts of packages on this box, by code.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn package_drafts(&self) -> Result<Vec<PackageDraft>, ActError> {
        let tx = self.engine().read()?;
        packed::all_authored(&*tx)?.into_iter().map(|doc| read_draft(&*tx, doc)).collect()
    }

    /// The draft of a package; none when there is none.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn package_draft(&self, code: &str) -> Result<Option<PackageDraft>, ActError> {
        let tx = self.engine().read()?;
        packed::authored(&*tx, code)?.map(|doc| read_draft(&*tx, doc)).transpose()
    }

    /// Begins a package that there has not been. Gives its code, which the box draws.
    ///
    /// # Errors
    /// On a station, without a name, or when the disk says no.
    pub fn new_package(&self, who: &Who, name: &str) -> Result<String, ActError> {
        self.only_centre()?;
        let name = name.trim().to_owned();
        if name.is_empty() {
            let words = "还没填套餐名称，写成群众会说的话，例如“新生儿出生一件事”。";
            return Err(Refusal::field("name", "套餐名称", words).into());
        }
        let who = who.clone();
        self.commit(move |job| {
            let reference = job.node.reference();
            // the same name pressed twice, or by two people, is one package
            for doc in packed::all_authored(&*job.tx)? {
                let draft = read_draft(&*job.tx, doc)?;
                if draft.base == 0 && draft.package.name == name {
                    return Ok(draft.package.code);
                }
            }
            let today = job.node.today();
            let same =
                reference.packages.iter().filter_map(|(code, _)| reference.packages.current(code, today));
            if let Some(same) = same.into_iter().find(|package| package.name == name) {
                let words = format!("已经有“{name}”这个套餐（{}），要改它就点开它起草新版。", same.code);
                return Err(Refusal::field("name", "套餐名称", words).into());
            }
            let mut taken: Vec<String> = reference.packages.iter().map(|(code, _)| code.to_owned()).collect();
            taken.extend(packed::codes(&*job.tx)?);
            let free = (1..=CODES).map(|n| format!("T{n:02}")).find(|code| !taken.contains(code));
            let code = free.ok_or_else(|| Refusal::because("套餐太多了，请先停用不用的。"))?;
            let package = Package { name, ..Package::blank(&code, job.node.today()) };
            put(job, &PackageDraft { package, base: 0 })?;
            job.audit(&who, &Said { act: "新建套餐", detail: code.clone() }, None)?;
            Ok(code)
        })
    }

    /// Begins a draft from the newest version of a package; one that is under way stays as it is.
    ///
    /// # Errors
    /// On a station, when there is no such package, or the disk says no.
    pub fn begin_package(&self, who: &Who, code: &str) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            if packed::authored(&*job.tx, &code)?.is_some() {
                return Ok(());
            }
            let reference = job.node.reference();
            let newest = reference.packages.newest(&code).ok_or(ActError::NotFound)?;
            put(job, &PackageDraft { package: newest.clone(), base: newest.version })?;
            job.audit(&who, &Said { act: "起草套餐", detail: code }, None)
        })
    }

    /// Saves a draft as it was typed, right or wrong: it is checked when it is published. `seen`: what the page was drawn
    /// with ([`PackageDraft::drawn`]); empty takes the page at its word. False when somebody saved something else since:
    /// then nothing is saved.
    ///
    /// # Errors
    /// [`ActError::NotFound`] without a draft; on a station; when the disk says no.
    pub fn save_package(&self, _who: &Who, package: Package, seen: &str) -> Result<bool, ActError> {
        self.only_centre()?;
        let seen = seen.to_owned();
        self.commit(move |job| {
            let doc = packed::authored(&*job.tx, &package.code)?.ok_or(ActError::NotFound)?;
            let held = read_draft(&*job.tx, doc)?;
            if !seen.is_empty() && held.drawn() != seen && held.package != package {
                return Ok(false);
            }
            put(job, &PackageDraft { package, base: held.base })?;
            Ok(true)
        })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`ActError::NotFound`] without one; on a station; when the disk says no.
    pub fn drop_package(&self, who: &Who, code: &str) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            drop_draft(job, &code)?;
            job.audit(&who, &Said { act: "删除套餐草稿", detail: code }, None)
        })
    }

    /// Publishes the draft of a package as its next version, and the draft is gone. Gives its number.
    ///
    /// # Errors
    /// [`ActError::Refused`] with what does not fit yet, or without a date or a reason; [`ActError::NotFound`] without a
    /// draft; on a station; when the disk says no.
    pub fn publish_package(&self, who: &Who, code: &str, said: Publishing) -> Result<u32, ActError> {
        self.only_centre()?;
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            let reference = job.node.reference();
            let newest = reference.packages.newest(&code).map_or(0, |newest| newest.version);
            if once::done_before(job)? {
                return Ok(newest);
            }
            let doc = packed::authored(&*job.tx, &code)?.ok_or(ActError::NotFound)?;
            let mut package = read_draft(&*job.tx, doc)?.package;
            let day = effective_day(said.effective, job.node.today())?;
            let words = reason(&said.note, "note", "发布说明", true)?;
            let mut faults = package.check(&reference.catalogue, day);
            let offered = reference.packages.offered(job.node.today());
            if let Some(same) =
                offered.into_iter().find(|other| other.code != code && other.name == package.name)
            {
                let words =
                    format!("已经有“{}”这个套餐（{}），窗口会分不清，请换个名字。", same.name, same.code);
                faults.add("name", "套餐名称", words);
            }
            if !faults.is_empty() {
                return Err(Refusal::fields(faults).into());
            }
            (package.version, package.effective, package.retired) = (newest + 1, day, None);
            let told = Deed { version: package.version, on: day, ..deed(job, &who, words) };
            publish(job, &package, Some(&told))?;
            drop_draft(job, &code)?;
            once::remember(job)?;
            let detail = format!("{code} 第{}版", package.version);
            job.audit(&who, &Said { act: "发布套餐", detail }, None)?;
            Ok(package.version)
        })
    }

    /// Retires every version a package has from a day on.
    ///
    /// # Errors
    /// [`ActError::Refused`] without a day from today on, or a reason; [`ActError::NotFound`]; on a station; when the disk
    /// says no.
    pub fn retire_package(
        &self,
        who: &Who,
        code: &str,
        from: Option<Date>,
        why: &str,
    ) -> Result<(), ActError> {
        self.only_centre()?;
        let (who, code, why) = (who.clone(), code.to_owned(), why.to_owned());
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(());
            }
            let reference = job.node.reference();
            let newest = reference.packages.newest(&code).ok_or(ActError::NotFound)?;
            let field = |words: &str| Refusal::field("from", "停用日期", words);
            let from = from.ok_or_else(|| field("还没填停用日期，请写成 2026-01-05。"))?;
            if from < job.node.today() {
                return Err(field("停用日期不能早于今天。").into());
            }
            if newest.retired.is_some_and(|end| end <= from) {
                return Err(field("这个套餐在那天以前就停用了。").into());
            }
            let words = reason(&why, "why", "停用原因", true)?;
            let told = Deed { version: newest.version, on: from, ..deed(job, &who, words) };
            let text = serde_json::to_string(&told).map_err(|_| ActError::Damaged("package"))?;
            let mut edit = Edit::default();
            edit.facts.insert(format!("{RETIRED}{}", newest.version), Some(Value::Text(text)));
            let opened = job.open(named(DocKind::Package, &code))?;
            job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::CATALOGUE })?;
            once::remember(job)?;
            job.audit(&who, &Said { act: "停用套餐", detail: code }, None)
        })
    }

    /// Publishes packages that come with the box, as they are.
    pub(crate) fn publish_packages(&self, who: &Who, packages: Vec<Package>) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            for package in &packages {
                publish(job, package, None)?;
            }
            job.audit(&who, &Said::new("发布套餐"), None)
        })
    }
}
