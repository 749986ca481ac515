//! Rows of matters, and of cases as the registers look at them: by first receiver, by item. The keys are in
//! docs/formats/matter.md.

use super::{Hands, KEY_MAX, NO_DUE, Row, lacking};
use crate::time::day_number;
use identity::StationNo;
use model::Date;
use model::case::{Case, facts};
use model::item::Way;
use model::matter::{Matter, Sort};
use model::record::Record;
use store::documents::DocId as Doc;
use store::rows::View;

/// Sort, due day, document: matters with something left to do.
pub(crate) const OPEN_MATTERS: View = View(14);
/// Sort, day written down (the last first), document.
pub(crate) const MATTERS: View = View(15);
/// Item, sort, sent elsewhere, on the guide, document.
pub(crate) const BY_ITEM: View = View(16);
/// What it belongs with, document.
pub(crate) const BY_LINK: View = View(17);
/// Open cases by first receiver, cases on somebody's behalf.
pub(crate) const CASES_OF: View = View(18);
/// Item, day received (the last first), document.
pub(crate) const CASES_BY_ITEM: View = View(19);

fn day(date: Date) -> u32 {
    u32::try_from(day_number(date)).unwrap_or(0)
}

/// The day a key counted down to.
pub(crate) fn day_of_last_first(key: &[u8]) -> u32 {
    key.last_chunk::<20>()
        .and_then(|tail| tail.first_chunk::<4>())
        .map_or(0, |day| u32::MAX - u32::from_be_bytes(*day))
}

/// An item's part of a key.
pub(crate) fn item_prefix(item: &str) -> Vec<u8> {
    [item.as_bytes(), &[0]].concat()
}

/// A clerk's part of a key.
pub(crate) fn clerk_prefix(station: u16, staff: &str) -> Vec<u8> {
    [&[0][..], &station.to_be_bytes(), staff.as_bytes(), &[0]].concat()
}

/// Whose a matter is that the centre wrote down: the station's whose person is to answer, or its own.
pub(super) fn owner(record: &Record, author: StationNo) -> StationNo {
    if author != StationNo::CENTRE {
        return author;
    }
    let (matter, _) = Matter::read(record);
    let asked = matter.opened.as_ref().filter(|opened| opened.what.sort == Sort::Account);
    asked.and_then(|opened| StationNo::new(opened.what.staff_station)).unwrap_or(author)
}

pub(super) fn of_matter(doc: &Doc, record: &Record) -> Vec<Row> {
    let (matter, _) = Matter::read(record);
    let Some(opened) = &matter.opened else { return Vec::new() };
    let sort = matter.sort().code();
    let last_first = (u32::MAX - day(opened.what.on)).to_be_bytes();
    let mut rows = vec![(MATTERS, [&[sort][..], &last_first, doc].concat(), Vec::new())];
    if !matter.is_over() {
        let due = matter.due.map_or(NO_DUE, day).to_be_bytes();
        rows.push((OPEN_MATTERS, [&[sort][..], &due, doc].concat(), Vec::new()));
    }
    if !matter.item().is_empty() {
        let flags = [sort, u8::from(matter.elsewhere()), u8::from(matter.published.is_some())];
        rows.push((BY_ITEM, [&item_prefix(matter.item())[..], &flags, doc].concat(), Vec::new()));
    }
    // more links than fit here are none that a person makes
    for link in matter.links.iter().take(8) {
        rows.push((BY_LINK, [&link.id[..], doc].concat(), Vec::new()));
    }
    lacking::named_by_matter(&matter, &mut rows);
    rows.retain(|(_, key, _)| key.len() <= KEY_MAX);
    rows
}

/// Whether a case was taken on somebody's behalf, and has something left to do after it.
pub(crate) fn is_on_behalf(case: &Case) -> bool {
    case.on_behalf.is_some() || case.way == Some(Way::OnBehalf)
}

pub(super) fn of_case(doc: &Doc, case: &Case, due: [u8; 4], hands: Hands, rows: &mut Vec<Row>) {
    let Some(received) = &case.received else { return };
    let last_first = (u32::MAX - day(received.what.on)).to_be_bytes();
    let mut put = |view, key: Vec<u8>| {
        if key.len() <= KEY_MAX {
            rows.push((view, key, Vec::new()));
        }
    };
    put(CASES_BY_ITEM, [&item_prefix(&received.what.item)[..], &last_first, doc].concat());
    if hands != Hands::Nobody {
        let staff = case.filing.fact(facts::CLERK).unwrap_or_default();
        put(CASES_OF, [&clerk_prefix(case.station, staff)[..], &due, doc].concat());
    }
    if is_on_behalf(case) {
        put(CASES_OF, [&[1][..], &last_first, doc].concat());
    }
}
