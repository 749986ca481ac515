//! The memory may make nothing different: neither what is written nor how much is held.

use super::Loaded;
use crate::limit::{LOADED_BYTES_MAX, LOADED_MAX};
use model::record::{CellName, Edit, Value};
use records::{DocId, DocKind, DocRef, Document, SeedBook, edit, read};
use seal::Seed;

fn at(number: u16) -> DocRef {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    DocRef { id: DocId(id), kind: DocKind::Case }
}

fn act(step: u8, bytes: usize) -> Edit {
    let mut act = Edit::default();
    act.facts.insert("step".to_owned(), Some(Value::Text("x".repeat(bytes) + &step.to_string())));
    act.cells.insert(CellName { person: 0, field: format!("f{}", step % 5) }, Some(format!("第{step}次")));
    act.events.push(vec![step; 40]);
    act
}

fn seeds() -> SeedBook {
    let mut book = SeedBook::new();
    book.put(0, Seed([3; 16]));
    book
}

/// Fails if a document that stayed in memory ever writes other bytes than one that is loaded for each act, or reads
/// otherwise; by two writers in turn.
#[test]
fn a_kept_document_writes_what_a_loaded_one_writes() {
    let loaded = Loaded::default();
    let (mut kept, mut fresh) = (Document::create(at(1)), Document::create(at(1)));
    for step in 0..60 {
        let actor = [step / 7 % 2 + 1; 16];
        let one = edit(&mut kept, &act(step, 3), actor, 7, &seeds()).unwrap();
        let other = edit(&mut fresh, &act(step, 3), actor, 7, &seeds()).unwrap();
        assert_eq!(one, other, "step {step}");
        assert!(one.is_some());
        let (saved, same) = (kept.save(), fresh.save());
        assert_eq!(saved, same, "step {step}");
        assert_eq!(read(&kept, &seeds()), read(&fresh, &seeds()));
        loaded.keep(kept, saved.clone());
        kept = loaded.take(at(1), &saved).unwrap();
        fresh = Document::load(at(1), &saved).unwrap();
    }
}

/// Fails if what an abandoned transaction left here were found under what the disk says.
#[test]
fn only_the_bytes_on_disk_find_a_document() {
    let loaded = Loaded::default();
    let mut document = Document::create(at(1));
    edit(&mut document, &act(1, 3), [1; 16], 7, &seeds()).unwrap();
    let on_disk = document.save();
    edit(&mut document, &act(2, 3), [1; 16], 7, &seeds()).unwrap();
    let abandoned = document.save();
    loaded.keep(document, abandoned.clone());
    let taken = loaded.take(at(1), &on_disk).unwrap();
    assert_eq!(taken.heads(), Document::load(at(1), &on_disk).unwrap().heads());
    assert_ne!(taken.heads(), Document::load(at(1), &abandoned).unwrap().heads());
    assert!(loaded.take(at(1), b"damaged").is_err());
}

/// Fails if the memory grew with the number of cases.
#[test]
fn it_holds_no_more_than_its_limits() {
    let loaded = Loaded::default();
    let mut document = Document::create(at(0));
    edit(&mut document, &act(0, 3), [1; 16], 7, &seeds()).unwrap();
    let saved = document.save();
    for number in 0..u16::try_from(LOADED_MAX).unwrap() + 9 {
        loaded.keep(Document::load(at(number), &saved).unwrap(), saved.clone());
    }
    let count = |loaded: &Loaded| {
        let held = loaded.held();
        assert_eq!(held.documents.len(), held.order.len());
        assert_eq!(held.documents.values().map(|kept| kept.saved.len()).sum::<usize>(), held.bytes);
        (held.documents.len(), held.bytes)
    };
    assert_eq!(count(&loaded), (LOADED_MAX, LOADED_MAX * saved.len()));
    assert!(!loaded.held().documents.contains_key(&at(8).id), "the oldest went");
    edit(&mut document, &act(1, 40_000), [1; 16], 7, &seeds()).unwrap();
    let large = document.save();
    for number in 0..200 {
        loaded.keep(Document::load(at(number), &large).unwrap(), large.clone());
    }
    assert!(count(&loaded).1 <= LOADED_BYTES_MAX);
}
