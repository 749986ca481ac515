//! A package at the counter: several drafts that are typed as one and become cases in one commit, all or none.

use crate::cases::draft::{became_name, says_no_more, untouched};
use crate::cases::{CaseId, CaseLine, CaseView, Kept, Saved, Taken};
use crate::commit::{Change, Job, Said};
use crate::views::{self, packed};
use crate::{ActError, Node, Who, ports};
use identity::{Audience, Lane};
use model::case::draft::{self, Compared, Seen};
use model::case::together::{self, Part};
use model::case::{Case, Filing, facts};
use model::catalogue::package::Package;
use model::item::Version;
use model::record::{Edit, Record, Value};
use model::{FieldErrors, Refusal};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::meta;

/// The drafts of a package, in its order.
#[derive(Debug, Clone)]
pub struct Together {
    /// The draft by which it is named.
    pub lead: CaseId,
    /// The package.
    pub package: Package,
    /// The drafts.
    pub drafts: Vec<CaseView>,
}

impl Together {
    /// The drafts with their items.
    ///
    /// # Errors
    /// [`ActError::Refused`] when an item is not on this box.
    pub fn parts(&self) -> Result<together::Together<'_>, ActError> {
        let mut parts = Vec::new();
        for view in &self.drafts {
            let version = view.version.as_ref().ok_or_else(no_item)?;
            parts.push(Part { version, filing: &view.case.filing });
        }
        Ok(together::Together::new(parts))
    }
}

fn no_item() -> ActError {
    Refusal::because("这个套餐里有事项的资料还没到本机，等同步后再办。").into()
}

fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    match record.facts.get(name)?.last().map(|last| &last.value) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// What each draft of a package begins with.
fn begun(package: &Package, versions: &[&Version], lead: CaseId, ctx: &model::case::Ctx<'_>) -> Vec<Edit> {
    let kind = together::common(versions.iter().copied()).first().copied();
    let edits = versions.iter().enumerate().map(|(place, version)| {
        let mut edit = draft::start(version, ctx);
        let mut set = |name: &str, value: Value| {
            edit.facts.insert(name.to_owned(), Some(value));
        };
        set(facts::PACKAGE, Value::Text(package.code.clone()));
        set(facts::PACKAGE_VERSION, Value::Int(i64::from(package.version)));
        if place > 0 {
            set(facts::LEAD, Value::Text(lead.hex()));
        }
        if let Some(kind) = kind {
            set(facts::APPLICANT_KIND, Value::Text(kind.code().to_owned()));
        }
        edit
    });
    edits.collect()
}

impl Node {
    /// Begins the drafts of a package that is in force today. Those that the same clerk began and nobody has typed in are
    /// taken up again.
    ///
    /// # Errors
    /// When there is no such package, one of its items is no longer in force, or the disk says no.
    pub fn start_package(&self, who: &Who, code: &str) -> Result<CaseId, ActError> {
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            let reference = job.node.reference();
            let today = job.node.today();
            let package = reference.packages.current(&code, today);
            let package = package.ok_or_else(|| Refusal::because("没有这个套餐，请重新查找。"))?;
            let items = package.items_on(&reference.catalogue, today);
            let versions = items.collect::<Result<Vec<&Version>, &str>>().map_err(|code| {
                let name = reference.catalogue.item(code).and_then(|item| item.versions.last());
                let name = name.map_or(code, |version| version.name.as_str());
                Refusal::because(format!("套餐里的“{name}”现在不能办，请分开办别的，并告诉镇中心改套餐。"))
            })?;
            let fresh: Vec<CaseId> =
                versions.iter().map(|_| CaseId(ports::random(&*job.node.ports().random))).collect();
            let lead = *fresh.first().ok_or(ActError::NotFound)?;
            let opened = job.open(lead.doc())?;
            let mut edits = Vec::new();
            job.ask(&who, &opened, |acting| {
                edits = begun(package, &versions, lead, acting.ctx);
                Ok(Edit::default())
            })?;
            if let Some(empty) = job.untouched_package(&edits)? {
                return Ok(empty);
            }
            for (id, edit) in fresh.into_iter().zip(edits) {
                let opened = job.open(id.doc())?;
                job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })?;
            }
            Ok(lead)
        })
    }

    /// The draft by which the package of a draft is named; none of a draft that is alone.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn lead_of(&self, draft: CaseId) -> Result<Option<CaseId>, ActError> {
        let tx = self.engine().read()?;
        if let Some(lead) = packed::lead(&*tx, &draft.0)? {
            return Ok(Some(CaseId(lead)));
        }
        let of_package = !packed::sisters(&*tx, &draft.0)?.is_empty();
        Ok(of_package.then_some(draft))
    }

    /// The drafts of a package, or the case that its first became.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn together(&self, lead: CaseId) -> Result<Result<Together, CaseId>, ActError> {
        if let Some(case) = self.became(lead)? {
            return Ok(Err(case));
        }
        let (tx, reference) = (self.engine().read()?, self.reference());
        let docs = drafts_of(&*tx, lead)?;
        let views = docs.into_iter().map(|id| self.view_case(&*tx, &reference, id));
        let mut drafts = views.collect::<Result<Vec<_>, _>>()?;
        let first = drafts.first().ok_or(ActError::NotFound)?;
        let package =
            first.case.filing.fact(facts::PACKAGE).zip(first.case.filing.int(facts::PACKAGE_VERSION));
        let package = package
            .and_then(|(code, version)| {
                reference.packages.version(code, u32::try_from(version).ok()?).cloned()
            })
            .ok_or(ActError::NotFound)?;
        let place = |view: &CaseView| {
            let code = view.case.item.as_ref().map(|item| item.code.as_str());
            package.items.iter().position(|item| Some(item.as_str()) == code)
        };
        drafts.sort_by_key(place);
        Ok(Ok(Together { lead, package, drafts }))
    }

    /// Saves what was typed on the page of a package, by the page's names, into each draft that asks for it: one commit.
    /// `seen` as in [`Node::merge_draft`].
    ///
    /// # Errors
    /// When they are no drafts any more, or the disk says no.
    pub fn merge_together(
        &self,
        who: &Who,
        lead: CaseId,
        typed: BTreeMap<String, String>,
        seen: Option<Seen>,
    ) -> Result<Kept, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let drafts = job.drafts_in_order(lead)?;
            let reference = job.node.reference();
            let filings: Vec<Filing> = drafts.iter().map(|(_, record)| Filing::read(record)).collect();
            let together = parts(&reference, &drafts, &filings)?;
            let compared = match &seen {
                Some(seen) => draft::compare(&together.typed(), &typed, seen),
                None => Compared { taken: typed, ..Compared::default() },
            };
            let mut wrong = FieldErrors::default();
            for (place, (own, (id, record))) in
                together.split(&compared.taken).into_iter().zip(&drafts).enumerate()
            {
                if own.is_empty() {
                    continue;
                }
                let opened = job.open(id.doc())?;
                let mut bad = FieldErrors::default();
                let edit = job.ask(&who, &opened, |acting| {
                    let (edit, faults) = draft::save(record, acting.case, &own)?;
                    bad = faults;
                    Ok(edit)
                })?;
                wrong.extend(together.renamed(place, &bad));
                job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })?;
            }
            let saved = Saved { id: lead, wall: job.node.ports().clock.wall(), before: false };
            Ok(Kept { saved, wrong, clashes: compared.clashes, moved: compared.moved })
        })
    }

    /// Accepts every draft of a package as the station's written authorities allow, in one commit: all, or none.
    ///
    /// # Errors
    /// [`ActError::Refused`] with every item that cannot be taken and why, or when the disk says no: nothing is written.
    pub fn accept_together(&self, who: &Who, lead: CaseId) -> Result<Taken, ActError> {
        self.take_together(who, lead, false)
    }

    /// Takes the papers of every draft of a package although some are missing, in one commit: what is complete is accepted,
    /// the rest is received. All, or none.
    ///
    /// # Errors
    /// As [`Node::accept_together`].
    pub fn receive_together(&self, who: &Who, lead: CaseId) -> Result<Taken, ActError> {
        self.take_together(who, lead, true)
    }

    fn take_together(&self, who: &Who, lead: CaseId, early: bool) -> Result<Taken, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            if let Some(id) = meta::get(job.tx, &became_name(lead))?.and_then(|bytes| bytes.try_into().ok()) {
                return Ok(Taken { id: CaseId(id), before: true });
            }
            let drafts = job.drafts_in_order(lead)?;
            let reference = job.node.reference();
            let filings: Vec<Filing> = drafts.iter().map(|(_, record)| Filing::read(record)).collect();
            let together = parts(&reference, &drafts, &filings)?;
            let fresh: Vec<CaseId> =
                drafts.iter().map(|_| CaseId(ports::random(&*job.node.ports().random))).collect();
            let mut refused = Vec::new();
            for (place, ((draft, _), id)) in drafts.iter().zip(&fresh).enumerate() {
                let sisters = fresh.iter().filter(|other| *other != id).map(|other| other.0).collect();
                match job.take_in_package(&who, *draft, *id, sisters, early) {
                    Err(ActError::Refused(refusal)) => refused.push((place, refusal)),
                    other => other?,
                }
            }
            if !refused.is_empty() {
                return Err(together.refused(&refused).into());
            }
            job.share_photos(&who, &together, &drafts, &fresh)?;
            for ((draft, _), id) in drafts.iter().zip(&fresh) {
                meta::put(job.tx, &became_name(*draft), &id.0)?;
                job.forget_draft(*draft, Some(*id))?;
                let act = if early { "套餐收件" } else { "套餐受理" };
                job.audit(&who, &Said::new(act), Some(id.0))?;
            }
            fresh.first().map(|id| Taken { id: *id, before: false }).ok_or(ActError::NotFound)
        })
    }

    /// Throws every draft of a package away.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn discard_together(&self, who: &Who, lead: CaseId) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            for id in drafts_of(&*job.tx, lead)? {
                job.forget_draft(id, None)?;
                job.audit(&who, &Said::new("删除草稿"), Some(id.0))?;
            }
            Ok(())
        })
    }

    /// The other cases that were taken in one package with this one, as far as they are on this box and in use, in its
    /// order.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn sisters(&self, view: &CaseView) -> Result<Vec<CaseLine>, ActError> {
        let Some(package) = &view.case.package else { return Ok(Vec::new()) };
        let (tx, reference) = (self.engine().read()?, self.reference());
        let mut lines = Vec::new();
        for doc in &package.what.sisters {
            if views::is_sealed(&*tx, doc)? {
                continue;
            }
            match self.view_case(&*tx, &reference, CaseId(*doc)) {
                Ok(sister) => lines.push(self.line(&sister)),
                Err(ActError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        lines.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(lines)
    }
}

/// The drafts of a package: the one that leads, then the others.
pub(super) fn drafts_of<R: ReadTx + ?Sized>(tx: &R, lead: CaseId) -> Result<Vec<CaseId>, ActError> {
    let sisters = packed::sisters(tx, &lead.0)?;
    if sisters.is_empty() || !views::is_draft(tx, &lead.0)? {
        return Err(ActError::NotFound);
    }
    Ok(std::iter::once(lead).chain(sisters.into_iter().map(CaseId)).collect())
}

pub(super) fn parts<'a>(
    reference: &'a crate::reference::Reference,
    drafts: &[(CaseId, Record)],
    filings: &'a [Filing],
) -> Result<together::Together<'a>, ActError> {
    let mut parts = Vec::new();
    for ((_, record), filing) in drafts.iter().zip(filings) {
        let version = reference.version(Case::item_of(record).as_ref()).ok_or_else(no_item)?;
        parts.push(Part { version, filing });
    }
    Ok(together::Together::new(parts))
}

impl Job<'_> {
    /// The drafts of a package with what they say, in the package's order.
    pub(super) fn drafts_in_order(&mut self, lead: CaseId) -> Result<Vec<(CaseId, Record)>, ActError> {
        let mut drafts = Vec::new();
        for id in drafts_of(&*self.tx, lead)? {
            drafts.push((id, self.open(id.doc())?.record()));
        }
        let reference = self.node.reference();
        let code = drafts.first().and_then(|(_, record)| text(record, facts::PACKAGE)).map(str::to_owned);
        let version = drafts.first().map(|(_, record)| Filing::read(record).int(facts::PACKAGE_VERSION));
        let version = version.flatten().and_then(|version| u32::try_from(version).ok());
        let package =
            code.zip(version).and_then(|(code, version)| reference.packages.version(&code, version));
        let package = package.ok_or(ActError::NotFound)?;
        drafts.sort_by_key(|(_, record)| {
            let item = Case::item_of(record);
            package.items.iter().position(|code| item.as_ref().is_some_and(|item| item.code == *code))
        });
        Ok(drafts)
    }

    /// Drafts of the same package that the same clerk began and nobody has typed in.
    fn untouched_package(&mut self, edits: &[Edit]) -> Result<Option<CaseId>, ActError> {
        let Some(first) = edits.first() else { return Ok(None) };
        let Some(lead) = untouched(self, first)? else { return Ok(None) };
        for sister in packed::sisters(&*self.tx, &lead.0)? {
            let record = self.open(CaseId(sister).doc())?.record();
            let as_begun = |edit: &Edit| {
                let mut edit = edit.clone();
                edit.facts.insert(facts::LEAD.to_owned(), Some(Value::Text(lead.hex())));
                says_no_more(&record, &edit)
            };
            if !edits.iter().any(as_begun) {
                return Ok(None);
            }
        }
        Ok(Some(lead))
    }
}
