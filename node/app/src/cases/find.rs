//! The one search field: items by name or pinyin, cases by number, people by the last digits of their papers.

use super::{CaseId, CaseLine};
use crate::views::{BY_NUMBER, taken};
use crate::{ActError, Node, ports};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::number::CaseNumber;
use model::outside::plain_number;
use sha2::Sha256;
use store::engine::{ReadTx, WriteTx};
use store::{meta, rows, tags};

/// What the search field found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Items: code, name.
    pub items: Vec<(String, String)>,
    /// Packages: code, name.
    pub packages: Vec<(String, String)>,
    /// The first package was named in full.
    pub packages_sure: bool,
    /// The first item is what was asked for: there is no other, or it alone was named in full.
    pub sure: bool,
    /// No item matches but for one slip of the keys.
    pub near: bool,
    /// Cases, by number or by the last four of an id number.
    pub cases: Vec<CaseLine>,
}

/// Name of the key under which search tags are made. It never leaves the box.
const TAG_KEY: &str = "tag key";
/// Cases that one search shows.
const CASES_MAX: usize = 20;

pub(crate) fn tag(key: &[u8], kind: &str, text: &str) -> Option<tags::Tag> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(&canon::tagged("tag", |w| {
        w.str(kind).str(text);
    }));
    mac.finalize().into_bytes().first_chunk::<16>().copied()
}

fn last_four(id_number: &str) -> Option<String> {
    let end: Vec<char> = id_number.chars().rev().take(4).collect();
    (end.len() == 4).then(|| end.into_iter().rev().collect::<String>().to_ascii_uppercase())
}

/// Kind of the tag made of a month of birth, `194911`.
pub(crate) const BORN: &str = "born";

/// The key of this box's tags, made at the first use.
pub(crate) fn tag_key(tx: &mut dyn WriteTx, random: &dyn ports::Random) -> Result<Vec<u8>, ActError> {
    if let Some(key) = meta::get(tx, TAG_KEY)? {
        return Ok(key);
    }
    let key = ports::random::<32>(random).to_vec();
    meta::put(tx, TAG_KEY, &key)?;
    Ok(key)
}

/// The documents that a tag of this box leads to; none where no tag was ever made.
pub(crate) fn tagged(tx: &dyn ReadTx, kind: &str, text: &str) -> Result<Vec<[u8; 16]>, ActError> {
    let Some(key) = meta::get(tx, TAG_KEY)? else { return Ok(Vec::new()) };
    tag(&key, kind, text).map_or_else(|| Ok(Vec::new()), |tag| Ok(tags::find(tx, &tag)?))
}

/// Makes a case findable by the applicant's id number and its last four.
pub(crate) fn index_person(
    tx: &mut dyn WriteTx,
    random: &dyn ports::Random,
    id: CaseId,
    id_number: &str,
) -> Result<(), ActError> {
    let key = tag_key(tx, random)?;
    let whole = id_number.trim().to_ascii_uppercase();
    // who turns 80 this month is found by the month of birth, without opening every case
    let born = whole.get(6..12).filter(|_| whole.len() == 18);
    let tagged = [
        tag(&key, "id", &whole),
        last_four(&whole).and_then(|end| tag(&key, "end", &end)),
        born.and_then(|month| tag(&key, BORN, month)),
    ];
    for tag in tagged.into_iter().flatten() {
        tags::add(tx, &tag, &id.0)?;
    }
    Ok(())
}

/// The cases of somebody's whole number.
pub(crate) fn docs_of<R: ReadTx + ?Sized>(tx: &R, number: &str) -> Result<Vec<[u8; 16]>, ActError> {
    let Some(key) = meta::get(tx, TAG_KEY)? else { return Ok(Vec::new()) };
    let Some(tag) = tag(&key, "id", &number.trim().to_ascii_uppercase()) else { return Ok(Vec::new()) };
    Ok(tags::find(tx, &tag)?)
}

impl Node {
    /// Finds items and cases by what was typed.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn find(&self, typed: &str, items: usize) -> Result<Found, ActError> {
        let typed = typed.trim();
        let mut found = Found::default();
        if typed.is_empty() {
            return Ok(found);
        }
        let reference = self.reference();
        let tx = self.engine().read()?;
        let often = |code: &str| taken::often(&*tx, code, self.today());
        let hits = reference.catalogue.search_by_use(typed, self.today(), items, often)?;
        found.items = hits.iter().map(|hit| (hit.version.code.clone(), hit.version.name.clone())).collect();
        found.sure = match hits.as_slice() {
            [] => false,
            [_] => true,
            [first, second, ..] => first.whole && !second.whole,
        };
        let packages = reference.packages.search(typed, self.today(), items);
        found.packages_sure = packages.first().is_some_and(|hit| hit.whole);
        found.sure &= !found.packages_sure;
        found.packages =
            packages.iter().map(|hit| (hit.package.code.clone(), hit.package.name.clone())).collect();
        found.near = hits.first().is_some_and(|hit| hit.near);
        let mut ids = Vec::new();
        if let Some(id) = self.by_number(&*tx, typed)? {
            ids.push(id);
        }
        if let (Some(key), 4 | 15..=18) = (meta::get(&*tx, TAG_KEY)?, typed.chars().count()) {
            let upper = typed.to_ascii_uppercase();
            let kind = if upper.chars().count() == 4 { "end" } else { "id" };
            if let Some(tag) = tag(&key, kind, &upper) {
                ids.extend(tags::find(&*tx, &tag)?.into_iter().map(CaseId));
            }
        }
        ids.extend(tagged(&*tx, super::transcribe::OUTSIDE, &plain_number(typed))?.into_iter().map(CaseId));
        ids.truncate(CASES_MAX);
        found.cases = self.lines(&*tx, ids.into_iter())?;
        Ok(found)
    }

    /// What this box takes in most of late: code, what people call it, and the initials that find it.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn taken_most(&self, count: usize) -> Result<Vec<(String, String, String)>, ActError> {
        let (reference, today) = (self.reference(), self.today());
        let current = reference.catalogue.items().filter(|item| item.on(today).is_some());
        let tx = self.engine().read()?;
        let most = taken::most(&*tx, current.map(|item| item.code.as_str()), today, count)?;
        let told = most.into_iter().filter_map(|code| {
            let (name, initials) = reference.catalogue.short(code)?;
            Some((code.to_owned(), name.to_owned(), initials))
        });
        Ok(told.collect())
    }

    /// The case of a number, typed in any of the ways people type it.
    pub(crate) fn by_number(&self, tx: &dyn ReadTx, typed: &str) -> Result<Option<CaseId>, ActError> {
        let Ok(number) = CaseNumber::parse(typed) else { return Ok(None) };
        let row = rows::get(tx, BY_NUMBER, number.to_string().as_bytes())?;
        Ok(row.and_then(|doc| doc.try_into().ok()).map(CaseId))
    }
}
