//! What one act costs between the store's read and its commit: `cargo bench -p records`.

use divan::Bencher;
use model::record::{CellName, Edit, Value};
use records::guard::{DocState, check};
use records::trial::{Incoming, Policy, admit};
use records::{DocId, DocKind, DocRef, Document, RawChange, SeedBook, edit, read, wire};
use seal::Seed;

fn main() {
    divan::main();
}

const CASE: DocRef = DocRef { id: DocId([7; 16]), kind: DocKind::Case };
const ACTOR: [u8; 16] = [5; 16];

fn seeds() -> SeedBook {
    let mut book = SeedBook::new();
    book.put(0, Seed([1; 16])).put(1, Seed([2; 16]));
    book
}

/// One step of a case: a status, a personal value, an event of 60 bytes.
fn act(step: u8) -> Edit {
    let mut act = Edit::default();
    act.facts.insert("step".to_owned(), Some(Value::Int(i64::from(step))));
    act.cells.insert(
        CellName { person: 0, field: format!("field{}", step % 12) },
        Some(format!("一个人的某项内容 {step}")),
    );
    act.events.push(vec![step; 60]);
    act
}

/// A case of 30 steps, between 2 and 3 KB, and the change that follows.
fn case() -> (Vec<u8>, RawChange) {
    let mut document = Document::create(CASE);
    for step in 0..30 {
        let _ = edit(&mut document, &act(step), ACTOR, 1_700_000_000, &seeds());
    }
    let saved = document.save();
    let change = edit(&mut document, &act(99), ACTOR, 1_700_000_000, &seeds());
    (saved, change.ok().flatten().unwrap_or_else(|| std::process::abort()))
}

#[divan::bench]
fn load_edit_save(bencher: Bencher<'_, '_>) {
    let (saved, _) = case();
    println!("{} bytes", saved.len());
    let (seeds, act) = (seeds(), act(99));
    bencher.bench(|| {
        let mut document = Document::load(CASE, &saved).ok()?;
        let change = edit(&mut document, &act, ACTOR, 1_700_000_000, &seeds).ok()?;
        Some((document.save(), change))
    });
}

#[divan::bench]
fn load(bencher: Bencher<'_, '_>) {
    let (saved, _) = case();
    bencher.bench(|| Document::load(CASE, &saved));
}

#[divan::bench]
fn edit_only(bencher: Bencher<'_, '_>) {
    let (saved, _) = case();
    let (seeds, act) = (seeds(), act(99));
    let document = Document::load(CASE, &saved);
    bencher.with_inputs(|| document.clone()).bench_values(|document| {
        let mut document = document.ok()?;
        edit(&mut document, &act, ACTOR, 1_700_000_000, &seeds).ok()
    });
}

#[divan::bench]
fn save(bencher: Bencher<'_, '_>) {
    let (saved, _) = case();
    let document = Document::load(CASE, &saved);
    bencher.with_inputs(|| document.clone()).bench_values(|document| Some(document.ok()?.save()));
}

#[divan::bench]
fn read_record(bencher: Bencher<'_, '_>) {
    let (saved, _) = case();
    let seeds = seeds();
    let document = Document::load(CASE, &saved);
    bencher.bench(|| document.as_ref().ok().map(|document| read(document, &seeds)));
}

#[divan::bench]
fn guard_only(bencher: Bencher<'_, '_>) {
    let (saved, change) = case();
    let state = Document::load(CASE, &saved).map(|document| DocState::of(&document)).unwrap_or_default();
    bencher.bench(|| check(&state, &change.bytes, &ACTOR));
}

#[divan::bench]
fn admit_one(bencher: Bencher<'_, '_>) {
    let (saved, change) = case();
    let seeds = seeds();
    let batch = [Incoming { raw: &change.bytes, actor: ACTOR }];
    bencher.bench(|| admit(CASE, Some(&saved), &batch, &seeds, Policy::Guarded));
}

#[divan::bench]
fn cut_and_splice(bencher: Bencher<'_, '_>) {
    let (_, change) = case();
    let seeds = seeds();
    bencher.bench(|| wire::splice(CASE.id, &ACTOR, &wire::cut(CASE.id, &change.bytes, &seeds)).is_ok());
}
