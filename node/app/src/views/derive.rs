//! What rows a document has: derived from what it says and from what is in force, and from nothing else.

use super::{
    ARCHIVE, BROUGHT, BY_DAY, BY_KIND, BY_NUMBER, BY_TURN, DRAFTS, Hands, ITEM_DRAFTS, KEY_MAX, NO_DUE, OPEN,
    OWED, Owed, POSTED, Row, SEALED, TAKEN, TRANSCRIBE, TROUBLES, lacking, matters, packed, shared, taken,
};
use crate::authoring;
use crate::reference::Reference;
use crate::time::day_number;
use identity::Lane;
use model::case::{Anomaly, AnomalyKind, Case, trip};
use model::record::Record;
use model::station::CENTRE;
use records::{DocKind, DocRef};
use store::documents::DocId as Doc;

/// What rows hang on beside the document.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) lane: Lane,
    /// The commit, for drafts: the last touched first.
    pub(super) order: u64,
    /// This box's station.
    pub(super) here: u16,
}

/// The rows of a document.
pub(super) fn derive(at: DocRef, record: &Record, reference: &Reference, told: Told) -> Vec<Row> {
    let Told { lane, order, here } = told;
    let doc = at.id.0;
    if let Some(row) = authoring::draft_row(at, record) {
        return vec![(ITEM_DRAFTS, row.0, row.1)];
    }
    if at.kind == DocKind::Erasure {
        return Vec::new();
    }
    if at.kind == DocKind::Matter {
        return matters::of_matter(&doc, record);
    }
    if at.kind == DocKind::Package && lane == Lane::LOCAL {
        let code = crate::packages::code_of_draft(record);
        return code.and_then(|code| packed::of_authored(&doc, code)).into_iter().collect();
    }
    if at.kind != DocKind::Case {
        return vec![(BY_KIND, [&[at.kind.number()], &doc[..]].concat(), Vec::new())];
    }
    if let Some(row) = packed::of_sister(&doc, record).filter(|_| lane == Lane::LOCAL) {
        return vec![row];
    }
    if lane == Lane::LOCAL {
        let key = [&(u64::MAX - order).to_be_bytes()[..], &doc].concat();
        let mut rows = vec![(DRAFTS, key.clone(), Vec::new())];
        if trip::trip_of(record).is_some() {
            rows.push((BROUGHT, key, Vec::new()));
        }
        return rows;
    }
    let version = reference.version(Case::item_of(record).as_ref());
    let (case, anomalies) = Case::read(record, version);
    if case.received.is_none() && case.help.is_begun() {
        let own = case.station == here;
        let draft = own.then(|| (DRAFTS, [&(u64::MAX - order).to_be_bytes()[..], &doc].concat(), Vec::new()));
        return draft.into_iter().chain(shared::help(&case, &doc)).collect();
    }
    if let Some(sealed) = &case.sealed {
        let day = u32::try_from(day_number(sealed.what.on)).unwrap_or(0).to_be_bytes();
        return vec![(SEALED, [&day[..], &doc].concat(), Vec::new())];
    }
    of_case(&doc, &case, &anomalies, reference, here)
}

fn of_case(doc: &Doc, case: &Case, anomalies: &[Anomaly], reference: &Reference, here: u16) -> Vec<Row> {
    let due = case.due(&reference.calendar).and_then(|due| u32::try_from(day_number(due.date)).ok());
    let due = due.unwrap_or(NO_DUE).to_be_bytes();
    let hands = Hands::of(&case.turn(), here);
    // of those due the same day, who came first
    let taken = case.received.as_ref().map_or(0, |received| received.mark.stamp.wall);
    let order = [&due[..], &u64::try_from(taken).unwrap_or(0).to_be_bytes(), doc].concat();
    let mut rows = vec![(BY_TURN, [&[hands as u8], &order[..]].concat(), Vec::new())];
    if hands != Hands::Nobody {
        rows.push((OPEN, order.clone(), vec![hands as u8]));
    }
    // what is only waiting for its item settles itself
    if !case.conflicts.is_empty() || anomalies.iter().any(|anomaly| anomaly.kind != AnomalyKind::NoItem) {
        rows.push((TROUBLES, order, Vec::new()));
    }
    if let Some(posted) =
        case.notice.as_ref().filter(|_| case.notice_ended.is_none() && case.outcome.is_none())
    {
        let until = u32::try_from(day_number(posted.what.until)).unwrap_or(0).to_be_bytes();
        rows.push((POSTED, [&until[..], doc].concat(), Vec::new()));
    }
    rows.extend(owed(case, doc));
    rows.extend(filed(case, doc));
    if let Some(waiting) = case.to_transcribe() {
        let since = u32::try_from(day_number(waiting.since)).unwrap_or(0).to_be_bytes();
        rows.push((TRANSCRIBE, [&[u8::from(waiting.centre)][..], &since, doc].concat(), Vec::new()));
    }
    rows.extend(shared::routed(case, hands, due, here, doc));
    rows.extend(shared::help(case, doc));
    if let Some(received) = &case.received {
        // what another village took in is counted there
        if here == CENTRE || case.station == here {
            let day = u32::try_from(day_number(received.what.on)).unwrap_or(0).to_be_bytes();
            rows.push((BY_DAY, [&day[..], doc].concat(), Vec::new()));
            let front = taken::front(&received.what.item, received.what.on);
            rows.push((TAKEN, [&front[..], doc].concat(), Vec::new()));
        }
        let number = received.what.number.as_bytes();
        if number.len() <= KEY_MAX {
            rows.push((BY_NUMBER, number.to_vec(), doc.to_vec()));
        }
    }
    matters::of_case(doc, case, due, hands, &mut rows);
    lacking::named(case, &mut rows);
    rows
}

/// A finished case: to be filed, or filed until a day.
fn filed(case: &Case, doc: &Doc) -> Option<Row> {
    let number = |date| u32::try_from(day_number(date)).unwrap_or(0);
    let (sort, day) = match (case.retention(), case.to_file()) {
        (Some((_, until)), _) => (1, until.map_or(u32::MAX, number)),
        (None, Some(ended)) => (0, number(ended)),
        (None, None) => return None,
    };
    Some((ARCHIVE, [&[sort][..], &day.to_be_bytes(), doc].concat(), Vec::new()))
}

fn owed(case: &Case, doc: &Doc) -> Vec<Row> {
    let number = |date| u32::try_from(day_number(date)).unwrap_or(0);
    let taken = case.received.as_ref().map_or(0, |received| number(received.what.on));
    let all = [
        (Owed::Deferral, case.deferral_due().map(number)),
        (Owed::Promise, case.awaits_check().then_some(taken)),
        (Owed::Verify, (!case.unverified().is_empty()).then_some(taken)),
        (Owed::Bar, case.bars().then_some(0)),
    ];
    let row = |(kind, day): (Owed, Option<u32>)| Some((OWED, kind.key(day?, doc), Vec::new()));
    all.into_iter().filter_map(row).collect()
}
