//! A document that only grows, and one payload of every kind.

use std::sync::LazyLock;

use super::super::{event::*, *};
use crate::{
    Date, Refusal,
    calendar::Calendar,
    catalogue::{self, Catalogue},
    item::{Limit, Version, Way},
    number::CaseNumber,
    record::{Candidate, Edit, OpId, Record, StampedEvent},
};

pub(crate) const VILLAGE: u16 = 2308;

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn version(code: &str) -> Version {
    static SAMPLE: LazyLock<Catalogue> = LazyLock::new(|| catalogue::sample().unwrap());
    SAMPLE.current(code, day("2026-11-23")).unwrap().clone()
}

fn picked() -> ConflictPicked {
    let key = || "9/w.0.x".to_owned();
    let seen = vec![op(1), op(2)];
    ConflictPicked { name: "id_kind".into(), chosen: Some(op(1)), seen, dropped: vec![key()], reason: key() }
}

/// One payload of every kind, all on one day.
#[expect(clippy::too_many_lines, reason = "a table: one arm a kind")]
pub(crate) fn payload(kind: Kind) -> What {
    let on = day("2026-11-23");
    let key = || "9/w.0.x".to_owned();
    let materials = || vec!["photo".to_owned()];
    match kind {
        Kind::Received => Received {
            number: CaseNumber::mint(VILLAGE, 2026, [7; 8], 1).unwrap().to_string(),
            item: "S047".into(),
            version: 1,
            scenario: "s1".into(),
            materials: materials(),
            on,
        }
        .into(),
        Kind::Accepted => accepted(on).into(),
        Kind::OnBehalf => {
            OnBehalf {
                principal: "泾县民政局".into(), on, hand_over_due: day("2026-11-26"), fell_back: true
            }
            .into()
        }
        Kind::NoticePrinted => NoticePrinted { gaps: vec!["m/photo".into()], on, words: Some(key()) }.into(),
        Kind::SupplementAsked => {
            SupplementAsked { gaps: vec!["m/photo".into()], on, until: Some(on), words: Some(key()) }.into()
        }
        Kind::SupplementReceived => SupplementReceived { gaps: vec!["m/photo".into()], on }.into(),
        Kind::SpecialStarted => SpecialStarted { which: Special::Appraisal, on, days: 10 }.into(),
        Kind::SpecialEnded => SpecialEnded { on }.into(),
        Kind::ExtensionAsked => ExtensionAsked { days: 10, reason: key() }.into(),
        Kind::ExtensionApproved => ExtensionApproved { days: 10, approver: key(), on }.into(),
        Kind::FirstReviewed => FirstReviewed { opinion: Some(key()), on }.into(),
        Kind::ReportedUp => ReportedUp { list: key(), receiver: key(), on }.into(),
        Kind::FedBack => FedBack { answer: Answer::Agreed, paper: key(), on, words: None }.into(),
        Kind::Approved => Approved { paper: Some(key()), opinion: None, on }.into(),
        Kind::NotAccepted => NotAccepted { reason: key(), competent: Some(key()), on }.into(),
        Kind::Refused => Refused { reason: key(), basis: key(), on }.into(),
        Kind::Returned => Returned { reason: key(), on }.into(),
        Kind::Withdrawn => Withdrawn { asker: Asker::Applicant, reason: None, on }.into(),
        Kind::HandedOver => HandedOver { receiver: key(), on }.into(),
        Kind::NoticePosted => NoticePosted { from: on, until: on, place: key() }.into(),
        Kind::NoticeEnded => NoticeEnded { objections: 0, upheld: false, words: None, on }.into(),
        Kind::Visited => {
            Visited { visitors: vec![key(), key()], finding: Finding::True, words: Some(key()), on }.into()
        }
        Kind::Paid => Paid { list: Some(key()), on }.into(),
        Kind::ResultReady => ResultReady { paper: key(), on }.into(),
        Kind::Delivered => Delivered { receiver: key(), manner: Manner::Counter, signed: true, on }.into(),
        Kind::Transcribed => Transcribed { system: key(), number: Some(key()), reason: None }.into(),
        Kind::ConflictPicked => picked().into(),
        Kind::Settled => Settled { event: op(1), verdict: Settlement::Void, reason: key() }.into(),
        Kind::Noted => Noted { words: key() }.into(),
        Kind::PromiseSigned => PromiseSigned { materials: materials(), on }.into(),
        Kind::DeferredSigned => DeferredSigned { materials: materials(), until: on, on }.into(),
        Kind::DeferredArrived => DeferredArrived { materials: materials(), on }.into(),
        Kind::RatingLinked => RatingLinked { rating: [3; 16] }.into(),
        Kind::Inquired => Inquired { body: key(), words: key() }.into(),
        Kind::PromiseChecked | Kind::ExemptVerified | Kind::Revoked | Kind::BarLifted => followed(kind),
        Kind::BroughtBack => BroughtBack { trip: [5; 16], record: [6; 16], on }.into(),
        Kind::Archived
        | Kind::ShelfMoved
        | Kind::RetentionProlonged
        | Kind::Sealed
        | Kind::SealOpened
        | Kind::Unsealed => filed(kind, on),
        Kind::Unknown => What::Unknown { kind: 999 },
        Kind::ExtensionDeclined
        | Kind::Deemed
        | Kind::PhotoAdded
        | Kind::PhotoDropped
        | Kind::PhotoMarked
        | Kind::TwinAnswered
        | Kind::TwinSettled
        | Kind::Packaged
        | Kind::Routed
        | Kind::HelpAsked
        | Kind::HelpSaid
        | Kind::HelpSuggested
        | Kind::HelpTaken
        | Kind::HelpDeclined
        | Kind::HelpClosed => later_payload(kind, on),
    }
}

fn accepted(on: Date) -> Accepted {
    Accepted {
        way: Way::Entrusted,
        principal: "泾县民政局".into(),
        authority: Some("泾民委〔2026〕3号".into()),
        legal: None,
        promised: Some(Limit::working(15)),
        on,
        due: Some(day("2026-12-14")),
        provisional: false,
    }
}

/// Of the kinds that came after the first table.
fn later_payload(kind: Kind, on: Date) -> What {
    if kind == Kind::ExtensionDeclined {
        ExtensionDeclined { reason: "9/w.0.x".to_owned(), on }.into()
    } else if kind == Kind::Deemed {
        Deemed { received: on, last: on, on }.into()
    } else if kind == Kind::TwinAnswered {
        TwinAnswered { others: vec![[5; 16], [6; 16]], answer: Twice::Again, on }.into()
    } else if kind == Kind::TwinSettled {
        let (verdict, reason) = (TwinVerdict::Same, "9/w.0.x".to_owned());
        TwinSettled { other: [5; 16], verdict, reason, on }.into()
    } else if kind == Kind::Packaged {
        let (package, sisters) = ("T01".to_owned(), vec![[7; 16], [8; 16]]);
        Packaged { package, version: 1, sisters, on }.into()
    } else if matches!(kind, Kind::PhotoAdded | Kind::PhotoDropped | Kind::PhotoMarked) {
        photo(kind, on)
    } else {
        helped(kind)
    }
}

fn photo(kind: Kind, on: Date) -> What {
    let photo = [1; 32];
    if kind == Kind::PhotoDropped {
        return PhotoDropped { photo, on }.into();
    }
    if kind == Kind::PhotoMarked {
        return PhotoMarked { photo, reason: "9/w.0.x".to_owned(), on }.into();
    }
    let (material, thumb) = ("card".into(), Some([101; 32]));
    PhotoAdded { material, photo, thumb, bytes: 250_000, width: 1600, height: 1200, on }.into()
}

/// [`payload`] of what follows acceptance.
fn followed(kind: Kind) -> What {
    let (on, key) = (day("2026-11-23"), "9/w.0.x".to_owned());
    if kind == Kind::PromiseChecked {
        PromiseChecked { kept: false, words: key, on }.into()
    } else if kind == Kind::ExemptVerified {
        let (materials, source) = (vec!["photo".to_owned()], Source::Shared);
        ExemptVerified { materials, source, holds: true, words: None, on }.into()
    } else if kind == Kind::Revoked {
        Revoked { reason: key.clone(), basis: key, on }.into()
    } else {
        BarLifted { reason: key, on }.into()
    }
}

/// [`payload`] of what goes on beside the route.
fn helped(kind: Kind) -> What {
    if kind == Kind::Routed {
        return Routed { to: 2311, words: Some("9/w.0.x".to_owned()), on: day("2026-11-23") }.into();
    }
    let (words, field) = ("9/w.0.x".to_owned(), facts::PHONE.to_owned());
    let (fields, photos) = (vec![field.clone()], vec![[1; 32]]);
    if kind == Kind::HelpAsked {
        HelpAsked { words, fields, photos }.into()
    } else if kind == Kind::HelpSaid {
        HelpSaid { words, fields, photos }.into()
    } else if kind == Kind::HelpSuggested {
        HelpSuggested { field, value: words.clone(), words: Some(words) }.into()
    } else if kind == Kind::HelpTaken {
        HelpTaken { suggestion: words.clone(), field, before: Some(words) }.into()
    } else if kind == Kind::HelpDeclined {
        HelpDeclined { suggestion: words.clone(), words: Some(words) }.into()
    } else {
        HelpClosed { seen: 1 }.into()
    }
}

/// [`payload`] of a file's.
fn filed(kind: Kind, on: Date) -> What {
    let (key, until) = ("9/w.0.x".to_owned(), Some(day("2036-12-31")));
    if kind == Kind::Archived {
        Archived { years: 10, until, pages: 12, digest: [7; 32], shelf: key, on }.into()
    } else if kind == Kind::ShelfMoved {
        ShelfMoved { shelf: key, on }.into()
    } else if kind == Kind::RetentionProlonged {
        RetentionProlonged { years: 10, until, reason: key, on }.into()
    } else if kind == Kind::Sealed {
        Sealed { asker: Asker::Applicant, reason: key, on }.into()
    } else if kind == Kind::SealOpened {
        SealOpened { reason: key, on }.into()
    } else {
        Unsealed { reason: key, on }.into()
    }
}

pub(crate) fn op(lamport: u64) -> OpId {
    OpId { lamport, actor: [1; 16] }
}

pub(crate) fn stamp(station: u16) -> Stamp {
    Stamp {
        wall: 1_795_400_000,
        confidence: Confidence::Confirmed,
        station,
        by: "chen".into(),
        name: "陈春梅".into(),
        reissue: None,
    }
}

pub(crate) fn stamped(lamport: u64, actor: u8, station: u16, what: What) -> StampedEvent {
    let event = Event { stamp: stamp(station), what };
    StampedEvent { id: OpId { lamport, actor: [actor; 16] }, bytes: event.encode().unwrap() }
}

/// A document on one box.
pub(crate) struct Doc {
    pub(crate) record: Record,
    pub(crate) version: Version,
    pub(crate) today: Date,
    pub(crate) station: u16,
    lamport: u64,
}

impl Doc {
    pub(crate) fn new(code: &str) -> Self {
        let version = version(code);
        let record = Record::default();
        let mut doc = Self { record, version, today: day("2026-11-23"), station: VILLAGE, lamport: 0 };
        doc.act(|_, ctx, version| Ok(draft::start(version, ctx))).unwrap();
        doc
    }

    pub(crate) fn read(&self) -> (Case, Vec<Anomaly>) {
        Case::read(&self.record, Some(&self.version))
    }

    pub(crate) fn case(&self) -> Case {
        self.read().0
    }

    /// Does an act and writes what it adds.
    pub(crate) fn act(
        &mut self,
        act: impl FnOnce(&Case, &Ctx<'_>, &Version) -> Result<Edit, Refusal>,
    ) -> Result<(), Refusal> {
        let calendar = Calendar::builtin();
        let ctx = Ctx {
            today: self.today,
            wall: 1_795_400_000,
            confidence: Confidence::Confirmed,
            station: self.station,
            by: "chen",
            name: "陈春梅",
            nonce: self.lamport,
            calendar: &calendar,
        };
        let edit = act(&self.case(), &ctx, &self.version)?;
        self.apply(&edit);
        Ok(())
    }

    pub(crate) fn at(&mut self, station: u16, today: &str) -> &mut Self {
        self.station = station;
        self.today = day(today);
        self
    }

    pub(crate) fn typed(&mut self, pairs: &[(&str, &str)]) {
        let typed = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let before = self.record.clone();
        self.act(|case, _, _| {
            let (edit, wrong) = draft::save(&before, case, &typed)?;
            if wrong.is_empty() { Ok(edit) } else { Err(Refusal::fields(wrong)) }
        })
        .unwrap();
    }

    pub(crate) fn apply(&mut self, edit: &Edit) {
        self.lamport += 1;
        let op = op(self.lamport);
        for (name, value) in &edit.facts {
            match value {
                Some(value) => {
                    self.record.facts.insert(name.clone(), vec![Candidate { value: value.clone(), op }]);
                }
                None => {
                    self.record.facts.remove(name);
                }
            }
        }
        for (name, text) in &edit.cells {
            match text {
                Some(text) => {
                    let value = crate::record::Value::Text(text.clone());
                    self.record.cells.insert(name.key(), vec![Candidate { value, op }]);
                }
                None => {
                    self.record.cells.remove(&name.key());
                }
            }
        }
        for bytes in &edit.events {
            self.lamport += 1;
            let id = OpId { lamport: self.lamport, actor: [1; 16] };
            self.record.events.push(StampedEvent { id, bytes: bytes.clone() });
        }
    }
}
