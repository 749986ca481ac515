//! What a hostile or broken member sends is refused before Automerge sees it, and the document goes on.

mod bytes;

use std::num::NonZeroU64;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ObjType, ROOT, ReadDoc as _, ScalarValue};
use model::record::{Edit, Record, Value};
use records::guard::{ContentFault, DocState, Verdict, check};
use records::trial::{Incoming, Outcome, Policy, admit, admit_folding};
use records::{Actor, Document, LoadFault, RawChange, limit};

use crate::world::{CASE, Made, Station, actor, all_made, all_seeds, cell};

/// A document with a history, and the next honest change of actor 2 that it has not seen.
struct Scene {
    station: Station,
    next: RawChange,
}

const WRITER: u8 = 2;

fn scene() -> Scene {
    let mut first = Station::new(1);
    let mut act = Edit::default();
    act.facts.insert("town".to_owned(), Some(Value::Text("郸城".to_owned())));
    act.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    act.events.push(vec![1, 1]);
    first.edit(&act).unwrap();
    let mut second = Station::new(WRITER);
    second.meet(&first.has.clone());
    for round in 0..4 {
        act.facts.insert("round".to_owned(), Some(Value::Int(round)));
        act.events = vec![vec![1, 2]; 3];
        second.edit(&act).unwrap();
    }
    let known = second.has.clone();
    act.facts.insert("town".to_owned(), Some(Value::Text("沈丘".to_owned())));
    act.cells.insert(cell(0, "name"), Some("李".to_owned()));
    let next = second.edit(&act).unwrap();
    first.meet(&known);
    Scene { station: first, next }
}

impl Scene {
    fn state(&self) -> DocState {
        DocState::of(&self.station.document())
    }

    /// The guard's word on bytes sent by `WRITER`.
    fn verdict(&self, raw: &[u8]) -> Result<Verdict, ContentFault> {
        check(&self.state(), raw, &actor(WRITER))
    }

    /// Sends it, and looks whether the document still loads, says what it said, and takes the honest change.
    fn refuses(&self, raw: &[u8]) -> ContentFault {
        let incoming = Incoming { raw, actor: actor(WRITER) };
        let saved = self.station.saved.as_deref();
        let admitted = admit(CASE, saved, &[incoming], &all_seeds(), Policy::Guarded).unwrap();
        assert!(admitted.tried.is_none(), "a forged change was applied");
        let honest = Incoming { raw: &self.next.bytes, actor: actor(WRITER) };
        let admitted = admit(CASE, saved, &[incoming, honest], &all_seeds(), Policy::Guarded).unwrap();
        let tried = admitted.tried.expect("the honest change beside it is applied");
        assert!(Document::load(CASE, &tried.saved).is_ok());
        let [Outcome::Refused(fault), Outcome::Applied(_)] = admitted.outcomes.as_slice() else {
            panic!("{:?}", admitted.outcomes)
        };
        fault.clone()
    }

    fn forged(&self, change: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
        let mut expanded = Change::from_bytes(self.next.bytes.clone()).unwrap().decode();
        change(&mut expanded);
        Change::from(expanded).raw_bytes().to_vec()
    }

    /// A change that Automerge itself makes on this document, with any content.
    fn made(
        &self,
        by: &Actor,
        content: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
    ) -> Vec<u8> {
        let mut automerge = Automerge::load(self.station.saved.as_ref().unwrap()).unwrap();
        automerge.set_actor(ActorId::from(by.as_slice()));
        let mut transaction = automerge.transaction();
        content(&mut transaction);
        let hash = transaction.commit_with(CommitOptions::default().with_time(0)).0.unwrap();
        automerge.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()
    }
}

#[test]
fn an_honest_change_passes_and_a_second_time_is_a_duplicate() {
    let mut scene = scene();
    let Ok(Verdict::Apply(checked)) = scene.verdict(&scene.next.bytes) else { panic!("refused") };
    assert_eq!((checked.seq, checked.start_op, checked.hash), (5, scene.next.start_op, scene.next.hash));
    // Automerge's own re-encoding is the same change: forging by decoding changes only what the test changes
    assert_eq!(scene.forged(|_| ()), scene.next.bytes);
    let made = Made { actor: actor(WRITER), change: scene.next.clone() };
    scene.station.meet(&[made]);
    assert_eq!(scene.verdict(&scene.next.bytes), Ok(Verdict::Duplicate(scene.next.hash)));
}

#[test]
fn another_s_actor_is_refused() {
    let scene = scene();
    let outcome = check(&scene.state(), &scene.next.bytes, &actor(3));
    assert_eq!(outcome, Err(ContentFault::OtherActor));
}

#[test]
fn forged_counters_are_refused() {
    let scene = scene();
    let start = scene.next.start_op;
    for wrong in [1, 5, start - 1, start + 1, start + 1000] {
        let raw = scene.forged(|change| change.start_op = NonZeroU64::new(wrong).unwrap());
        assert_eq!(scene.refuses(&raw), ContentFault::StartOp { found: wrong, expected: start });
    }
    for wrong in [limit::COUNTER_MAX, u64::from(u32::MAX) - 2, u64::from(u32::MAX)] {
        let raw = scene.forged(|change| change.start_op = NonZeroU64::new(wrong).unwrap());
        assert_eq!(scene.refuses(&raw), ContentFault::CounterOutOfRange);
    }
    for wrong in [1, 4, 6, 1000] {
        let raw = scene.forged(|change| change.seq = wrong);
        assert_eq!(scene.refuses(&raw), ContentFault::Seq { found: wrong, expected: 5 });
    }
    let raw = scene.forged(|change| change.seq = u64::MAX);
    assert_eq!(scene.refuses(&raw), ContentFault::CounterOutOfRange);
}

/// The writer's own earlier change must be followed, else two operations could bear one id.
#[test]
fn a_change_beside_the_writer_s_own_history_is_refused() {
    let scene = scene();
    let first = scene.station.has[0].change.clone();
    let raw = scene.forged(|change| {
        change.deps = vec![automerge::ChangeHash(first.hash)];
        change.start_op = NonZeroU64::new(first.max_op + 1).unwrap();
        change.operations.retain(|op| op.insert);
        change.operations.truncate(1);
        change.operations[0].key = automerge::legacy::Key::Seq(automerge::legacy::ElementId::Head);
    });
    assert_eq!(scene.refuses(&raw), ContentFault::LeavesOwn);
}

#[test]
fn an_orphan_waits_and_is_never_applied() {
    let scene = scene();
    let raw = scene.forged(|change| change.deps = vec![automerge::ChangeHash([9; 32])]);
    assert_eq!(scene.verdict(&raw), Ok(Verdict::Missing(vec![[9; 32]])));
    let batch = [Incoming { raw: &raw, actor: actor(WRITER) }];
    let admitted =
        admit(CASE, scene.station.saved.as_deref(), &batch, &all_seeds(), Policy::Guarded).unwrap();
    assert!(admitted.tried.is_none());
    let new = check(&DocState::new(), &scene.next.bytes, &actor(WRITER));
    assert!(
        matches!(new, Ok(Verdict::Missing(_))),
        "on a box that has nothing yet it waits for the creation"
    );
}

#[test]
fn only_the_creating_change_makes_the_root() {
    let scene = scene();
    let mut other = Station::new(WRITER);
    let second = other.edit(&Edit::default()).unwrap();
    assert!(matches!(scene.refuses(&second.bytes), ContentFault::Shape(_)), "a second maker");
    let root = scene.made(&actor(WRITER), |change| change.put(ROOT, "v", 2).unwrap());
    assert!(matches!(scene.refuses(&root), ContentFault::Shape(_)), "the root changed later");
    let object = scene.made(&actor(WRITER), |change| {
        change.put_object(ROOT, "f", ObjType::Map).unwrap();
    });
    assert!(matches!(scene.refuses(&object), ContentFault::Shape(_)), "an object in place of the facts");
    let mut bare = Automerge::new().with_actor(ActorId::from(actor(WRITER).as_slice()));
    let mut change = bare.transaction();
    change.put(ROOT, "name", "王小明").unwrap();
    change.commit();
    let raw = bare.get_last_local_change().unwrap().raw_bytes().to_vec();
    let creating = check(&DocState::new(), &raw, &actor(WRITER));
    assert!(matches!(creating, Err(ContentFault::Shape(_))), "a document of another shape");
}

/// Plain text where a cell belongs would be a name on every disk; the rest would be values that no reader knows.
#[test]
fn only_the_documented_values_are_let_in() {
    let scene = scene();
    let document = scene.station.document();
    let saved = Automerge::load(scene.station.saved.as_ref().unwrap()).unwrap();
    let at = |name: &str| saved.get(ROOT, name).unwrap().unwrap().1;
    let (facts, cells, events) = (at("f"), at("c"), at("e"));
    type Content<'a> = Box<dyn FnOnce(&mut automerge::transaction::Transaction<'_>) + 'a>;
    let bytes = |length: usize| ScalarValue::Bytes(vec![1; length]);
    let forged: Vec<(&str, Content<'_>)> = vec![
        ("a plain cell", Box::new(|c| c.put(&cells, "0/name", "王小明").unwrap())),
        ("bytes that are no cell", Box::new(|c| c.put(&cells, "0/name", bytes(5)).unwrap())),
        ("a cell without a person", Box::new(|c| c.put(&cells, "name", bytes(40)).unwrap())),
        ("a cell without a field", Box::new(|c| c.put(&cells, "0/", bytes(40)).unwrap())),
        ("a fact of bytes", Box::new(|c| c.put(&facts, "x", bytes(40)).unwrap())),
        ("a fact of null", Box::new(|c| c.put(&facts, "x", ScalarValue::Null).unwrap())),
        ("a float", Box::new(|c| c.put(&facts, "x", 1.5).unwrap())),
        ("a counter", Box::new(|c| c.put(&facts, "x", ScalarValue::counter(1)).unwrap())),
        ("a long name", Box::new(|c| c.put(&facts, "x".repeat(200), 1).unwrap())),
        ("a map in the facts", Box::new(|c| drop(c.put_object(&facts, "x", ObjType::Map).unwrap()))),
        ("a list in the events", Box::new(|c| drop(c.insert_object(&events, 0, ObjType::List).unwrap()))),
        ("an event of text", Box::new(|c| c.insert(&events, 0, "x").unwrap())),
        ("an empty event", Box::new(|c| c.insert(&events, 0, bytes(0)).unwrap())),
        ("an event too long", Box::new(|c| c.insert(&events, 0, bytes(40_000)).unwrap())),
        ("an event taken away", Box::new(|c| c.delete(&events, 0).unwrap())),
        ("an event changed", Box::new(|c| c.put(&events, 0, bytes(3)).unwrap())),
    ];
    for (what, content) in forged {
        let raw = scene.made(&actor(WRITER), content);
        assert!(matches!(scene.refuses(&raw), ContentFault::Shape(_)), "{what}");
    }
    let message = scene.forged(|change| change.message = Some("王小明".to_owned()));
    assert!(matches!(scene.refuses(&message), ContentFault::Shape(_)));
    let extra = scene.forged(|change| change.extra_bytes = b"hidden".to_vec());
    assert!(matches!(scene.refuses(&extra), ContentFault::Shape(_)));
    assert!(!document.is_new());
}

#[test]
fn superseding_what_is_not_there_is_refused() {
    let scene = scene();
    let unknown = scene.forged(|change| {
        let op = change.operations.iter_mut().find(|op| !op.pred.is_empty()).unwrap();
        let id = automerge::legacy::OpId(3_000, change.actor_id.clone());
        op.pred = [id].into_iter().collect();
    });
    assert_eq!(scene.refuses(&unknown), ContentFault::UnknownOp);
    // an operation that is there, but stands for another name: only the trial can see that
    let elsewhere = scene.forged(|change| {
        let op = change.operations.iter_mut().find(|op| !op.pred.is_empty()).unwrap();
        let id = automerge::legacy::OpId(7, ActorId::from(actor(1).as_slice()));
        op.pred = [id].into_iter().collect();
    });
    assert!(matches!(scene.refuses(&elsewhere), ContentFault::Trial(_)));
}

/// With guard and trial off, the same forged changes do harm: the tests above can fail.
#[test]
fn without_the_guard_a_low_start_op_wrecks_the_document_for_ever() {
    let scene = scene();
    let wreck = |raw: &[u8]| {
        let batch = [Incoming { raw, actor: actor(WRITER) }];
        let saved = scene.station.saved.as_deref();
        let admitted = admit(CASE, saved, &batch, &all_seeds(), Policy::Reckless).unwrap();
        admitted.tried.map(|tried| Document::load(CASE, &tried.saved))
    };
    let low = scene.forged(|change| {
        change.start_op = NonZeroU64::new(6).unwrap();
        change.operations.retain(|op| !op.insert);
    });
    assert!(matches!(scene.refuses(&low), ContentFault::StartOp { .. }), "what the guard says to it");
    assert!(
        matches!(wreck(&low), Some(Err(LoadFault::Unreadable(..)))),
        "accepted, saved, never loads again"
    );
    assert!(matches!(wreck(&scene.next.bytes), Some(Ok(_))), "the honest one does no harm");
}

/// An event that the model can't bear must not be met again at every start; what came beside it is applied.
#[test]
fn a_change_on_which_the_fold_panics_is_refused_alone() {
    let mut author = Station::new(1);
    author.edit(&Edit::default()).unwrap();
    let mut other = Station::new(WRITER);
    other.meet(&author.has.clone());
    author.edit(&Edit { events: vec![b"poison".to_vec()], ..Edit::default() }).unwrap();
    other.edit(&Edit { events: vec![b"honest".to_vec()], ..Edit::default() }).unwrap();
    let made = all_made(&[author, other]);
    let batch: Vec<_> =
        made.iter().map(|made| Incoming { raw: &made.change.bytes, actor: made.actor }).collect();
    let fold = |record: &Record| assert!(record.events.iter().all(|event| event.bytes != b"poison"));
    let admitted = admit_folding(CASE, None, &batch, &all_seeds(), &fold, Policy::Guarded).unwrap();
    assert!(matches!(
        admitted.outcomes.as_slice(),
        [Outcome::Applied(_), Outcome::Refused(ContentFault::Trial(_)), Outcome::Applied(_)]
    ));
    assert_eq!(admitted.tried.unwrap().record.events.len(), 1);
}
