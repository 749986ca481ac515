mod acts;
mod order;
mod pairs;

use super::{Matter, Sort, event::*};
use crate::{
    calendar::Calendar,
    case::{
        Ctx,
        event::{Confidence, Settlement, Stamp},
        tests::support::{op, stamp},
    },
    record::{Candidate, Edit, OpId, Record, StampedEvent, Value},
};

pub(super) const VILLAGE: u16 = 2301;
pub(super) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// One payload of each kind.
pub(crate) fn payload(kind: Kind) -> What {
    let (on, words) = (TODAY, || "9/w.1.x".to_owned());
    match kind {
        Kind::Opened => Opened {
            sort: Sort::Stuck,
            topic: String::new(),
            item: "S047".into(),
            staff: "s1".into(),
            staff_name: "陈春梅".into(),
            staff_station: u64::from(VILLAGE),
            due: Some(on),
            words: Some(words()),
            on,
        }
        .into(),
        Kind::Noted => Noted { words: words() }.into(),
        Kind::Pictured => Pictured { photo: [7; 32], thumb: Some([8; 32]), bytes: 9, on }.into(),
        Kind::Sorted => Sorted { topic: "slow".into(), elsewhere: true, on }.into(),
        Kind::Assigned => {
            Assigned { to: Target::Centre, whom: Some(words()), tracking: None, until: Some(on), on }.into()
        }
        Kind::Handled => Handled { words: words(), answer_due: Some(on), on }.into(),
        Kind::Answered => Answered { how: Channel::Phone, words: words(), elsewhere: false, on }.into(),
        Kind::Revisited => Revisited { satisfied: Satisfied::Yes, words: None, on }.into(),
        Kind::Explained => Explained { words: words(), on }.into(),
        Kind::Concluded => Concluded { verdict: Verdict::Upheld, words: words(), on }.into(),
        Kind::Escalated => Escalated { to: Target::Leader, words: words(), on }.into(),
        Kind::Closed => Closed { ending: Ending::Done, words: None, on }.into(),
        Kind::Reopened => Reopened { words: words(), due: Some(on), on }.into(),
        Kind::Linked => Linked { to: LinkedTo::Case, id: [7; 16] }.into(),
        Kind::Published => Published { question: words(), answer: words(), on }.into(),
        Kind::Unpublished => Unpublished { on }.into(),
        Kind::Signed => Signed { norm: "n1".into(), version: 2, on }.into(),
        Kind::Settled => Settled { event: op(3), verdict: Settlement::Void, reason: words() }.into(),
        Kind::Filed => Filed { words: None, on }.into(),
        Kind::Reported => Reported { words: words(), on }.into(),
        Kind::Unknown => What::Unknown { kind: 4711 },
    }
}

/// The payload that a matter of this sort would hold.
pub(super) fn payload_of(sort: Sort, kind: Kind) -> What {
    let what = payload(kind);
    if let What::Opened(opened) = what {
        let topic = sort.topics().last().map_or("", |(code, _)| code).to_owned();
        let topic = if sort == Sort::Stuck { String::new() } else { topic };
        What::Opened(Opened { sort, topic, ..opened })
    } else if let (What::Closed(closed), Sort::Due) = (&what, sort) {
        What::Closed(Closed { ending: Ending::Told, ..closed.clone() })
    } else {
        what
    }
}

pub(super) fn by(station: u16) -> Stamp {
    Stamp { by: "s1".into(), ..stamp(station) }
}

pub(super) fn ctx(calendar: &Calendar, station: u16, nonce: u64) -> Ctx<'_> {
    Ctx {
        today: TODAY,
        wall: 1_795_399_200,
        confidence: Confidence::Confirmed,
        station,
        by: "s1",
        name: "陈春梅",
        nonce,
        calendar,
    }
}

/// What a document would do with an edit.
pub(super) fn apply(record: &mut Record, edit: Edit) -> Matter {
    let mut lamport = (record.events.len() as u64 + 1) * 1000;
    let mut op = || {
        lamport += 1;
        OpId { lamport, actor: [1; 16] }
    };
    for (name, text) in edit.cells {
        let cell = text.map(|text| Candidate { value: Value::Text(text), op: op() });
        record.cells.insert(name.key(), cell.into_iter().collect());
    }
    record.events.extend(edit.events.into_iter().map(|bytes| StampedEvent { id: op(), bytes }));
    let (matter, anomalies) = Matter::read(record);
    assert!(anomalies.is_empty(), "an act that was let do stands: {anomalies:?}");
    matter
}
