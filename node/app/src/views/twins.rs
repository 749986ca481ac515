//! Cases and drafts of one person and item: found by a keyed hash of both, whose key is this box's alone, and never
//! synced. Which groups a person has to look at is kept beside them, in the commit that changes a case, so that a page
//! counts them without reading cases.

use super::{is_draft, tally};
use crate::ActError;
use crate::cases::{self, CaseId};
use crate::commit::Job;
use crate::time::day_number;
use model::case::{Case, Filing, facts};
use model::record::{CellName, Edit, Record};
use records::{Document, SeedBook};
use std::sync::Arc;
use store::documents::{self, DocId as Doc};
use store::engine::{Direction, ReadTx, WriteTx};
use store::rows::{self, Page, View};
use store::tags::Tag;

/// 0, keyed hash of person and item, document → the last day on which it is beside others ([`Case::stands`]), a day number of
/// 4 bytes, where it has one; 1, document → its hash.
const TWINS: View = View(12);
/// 0, keyed hash → nothing: a group in which somebody has to look at two cases. The other fronts are packages'.
pub(crate) const SUSPECTS: View = View(24);

const GROUPS: u8 = 0;
const OF_DOC: u8 = 1;
/// Documents of one group that are looked at, those first that are open, then those that ended last: a box must not stand
/// still for a unit that asks for one thing every week.
const GROUP_MAX: usize = 24;
/// Documents of one group that are known: a unit that asks for one thing every day for years.
const GROUP_KNOWN: usize = 2_000;

/// The documents of one person and item.
pub(crate) type Group = Vec<Doc>;

fn in_group(tag: &Tag, doc: &Doc) -> Vec<u8> {
    [&[GROUPS][..], tag, doc].concat()
}

fn of_doc(doc: &Doc) -> Vec<u8> {
    [&[OF_DOC][..], doc].concat()
}

fn group(tag: &Tag) -> Vec<u8> {
    [&[GROUPS][..], tag].concat()
}

fn tag_of<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Option<Tag>, ActError> {
    Ok(rows::get(tx, TWINS, &of_doc(doc))?.and_then(|tag| tag.try_into().ok()))
}

fn members<R: ReadTx + ?Sized>(tx: &R, tag: &Tag) -> Result<Vec<Doc>, ActError> {
    let prefix = group(tag);
    let page = Page { prefix: &prefix, after: None, direction: Direction::Ascending, count: GROUP_KNOWN };
    let mut found = rows::page(tx, TWINS, &page)?;
    // a day is four bytes, the first of which is never 255: what is open sorts as later than all
    let end = |row: &[u8]| row.first_chunk::<4>().copied().unwrap_or([u8::MAX; 4]);
    found.sort_by_key(|(_, row)| std::cmp::Reverse(end(row)));
    Ok(found.iter().take(GROUP_MAX).filter_map(|(key, _)| key.last_chunk::<16>().copied()).collect())
}

/// The other documents of the same person and item, drafts among them.
pub(crate) fn others<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Vec<Doc>, ActError> {
    let Some(tag) = tag_of(tx, doc)? else { return Ok(Vec::new()) };
    Ok(members(tx, &tag)?.into_iter().filter(|other| other != doc).collect())
}

/// A page of the groups that somebody has to look at, each with its documents, and where the next page begins.
pub(crate) fn suspects<R: ReadTx + ?Sized>(
    tx: &R,
    after: Option<&[u8]>,
    count: usize,
) -> Result<(Vec<Group>, Option<Vec<u8>>), ActError> {
    if after.is_some_and(|key| key.len() != 17 || key.first() != Some(&GROUPS)) {
        return Err(ActError::BadCursor);
    }
    let page = Page { prefix: &[GROUPS], after, direction: Direction::Ascending, count: count + 1 };
    let mut found = rows::page(tx, SUSPECTS, &page)?;
    let more = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| more).map(|(key, _)| key.clone());
    let tags = found.iter().filter_map(|(key, _)| key.last_chunk::<16>());
    Ok((tags.map(|tag| members(tx, tag)).collect::<Result<_, _>>()?, next))
}

/// How many groups somebody has to look at.
pub(crate) fn count<R: ReadTx + ?Sized>(tx: &R) -> Result<u64, ActError> {
    tally::sum(tx, SUSPECTS, &[GROUPS])
}

/// Takes a document out of its group. Gives the group, which may have become none.
pub(crate) fn leave<W: WriteTx + ?Sized>(tx: &mut W, doc: &Doc) -> Result<Option<Tag>, ActError> {
    let Some(tag) = tag_of(tx, doc)? else { return Ok(None) };
    rows::remove(tx, TWINS, &in_group(&tag, doc))?;
    rows::remove(tx, TWINS, &of_doc(doc))?;
    Ok(Some(tag))
}

/// The facts and cells that tell whose case it is and of which item.
fn tells(edit: &Edit) -> bool {
    let facts = [facts::ITEM, facts::ITEM_VERSION, facts::APPLICANT_KIND, facts::ID_KIND];
    let cells = crate::commit::NUMBERS.into_iter().filter_map(CellName::parse);
    facts.iter().any(|name| edit.facts.contains_key(*name))
        || cells.into_iter().any(|name| edit.cells.contains_key(&name))
}

/// Brings a case's or draft's place up to what an act changed. `sealed` is what the document says with its cells shut.
pub(crate) fn follow(
    job: &mut Job<'_>,
    document: &Document,
    book: &SeedBook,
    sealed: &Record,
    edit: &Edit,
) -> Result<(), ActError> {
    let doc = document.at().id.0;
    if !tells(edit) {
        return match tag_of(&*job.tx, &doc)? {
            Some(tag) => recount(job, &tag, Some(doc)),
            None => Ok(()),
        };
    }
    let mut told = sealed.clone();
    for name in crate::commit::NUMBERS.into_iter().filter_map(CellName::parse) {
        told.cells.insert(name.key(), records::read_cell(document, book, &name));
    }
    place(job, doc, &told)
}

/// Puts a case or draft into the group of whom and what it is about.
pub(crate) fn place(job: &mut Job<'_>, doc: Doc, record: &Record) -> Result<(), ActError> {
    let subject = Filing::read(record).subject();
    let of = Case::item_of(record).zip(subject);
    let random = Arc::clone(&job.node.ports().random);
    let now = match of {
        Some((item, subject)) => {
            let key = cases::tag_key(job.tx, &*random)?;
            cases::tag(&key, "twin", &format!("{} {subject}", item.code))
        }
        None => None,
    };
    let before = tag_of(&*job.tx, &doc)?;
    if before != now {
        leave(job.tx, &doc)?;
        if let Some(tag) = &now {
            rows::put(job.tx, TWINS, &in_group(tag, &doc), &[])?; // as open, until it is looked at below
            rows::put(job.tx, TWINS, &of_doc(&doc), tag)?;
        }
    }
    for tag in before.iter().filter(|_| before != now).chain(&now) {
        recount(job, tag, Some(doc).filter(|_| now == Some(*tag)))?;
    }
    Ok(())
}

/// How late a case stands beside others, as it sorts: nothing while it is open.
fn end_of(case: &Case) -> Vec<u8> {
    let day = |end| u32::try_from(day_number(end)).unwrap_or(0).to_be_bytes().to_vec();
    case.stands().map_or_else(|| vec![0; 4], |(_, end)| end.map_or_else(Vec::new, day))
}

/// Looks at a group anew: whether two of its cases want a person. `changed`: the member that the act was about.
pub(crate) fn recount(job: &mut Job<'_>, tag: &Tag, changed: Option<Doc>) -> Result<(), ActError> {
    let mut docs = members(&*job.tx, tag)?;
    docs.extend(changed.filter(|changed| !docs.contains(changed)));
    let mut cases = Vec::new();
    if docs.len() > 1 {
        let reference = job.node.reference();
        for doc in docs {
            if is_draft(&*job.tx, &doc)? {
                continue;
            }
            let Some(stored) = documents::get(&*job.tx, &doc)? else { continue };
            let record = records::read_sealed(&Document::load(CaseId(doc).doc(), &stored.saved)?);
            let case = Case::read(&record, reference.version(Case::item_of(&record).as_ref())).0;
            let (key, end) = (in_group(tag, &doc), end_of(&case));
            if rows::get(&*job.tx, TWINS, &key)?.as_ref() != Some(&end) {
                rows::put(job.tx, TWINS, &key, &end)?;
            }
            cases.push((doc, case));
        }
    } else {
        // beside nobody it has no place; so rows made anew are those that grew
        for doc in docs {
            rows::put(job.tx, TWINS, &in_group(tag, &doc), &[])?;
        }
    }
    let met = |(place, (doc, case)): (usize, &(Doc, Case))| {
        cases.iter().skip(place + 1).any(|(other, theirs)| case.is_twin_of(*doc, theirs, *other))
    };
    let open = cases.iter().enumerate().any(met);
    let key = group(tag);
    let was = rows::get(&*job.tx, SUSPECTS, &key)?.is_some();
    if open && !was {
        rows::put(job.tx, SUSPECTS, &key, &[])?;
        tally::came(job.tx, SUSPECTS, &key)?;
    } else if was && !open {
        rows::remove(job.tx, SUSPECTS, &key)?;
        tally::went(job.tx, SUSPECTS, &key)?;
    }
    Ok(())
}
