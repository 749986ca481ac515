//! The contract of [`crate::engine`] as checks that any engine or test double can be put through.
//!
//! A check returns what went wrong instead of panicking, so that a broken engine can be seen to be caught.

mod blobs;
#[cfg(test)]
mod tests;
mod writer;

use crate::engine::{Direction, Engine, EngineError, Pair, Span, Table, WriteTx, collect, commit_number};
use std::ops::Bound;

/// What an engine did that the contract forbids.
#[derive(Debug, thiserror::Error)]
#[error("{check}: {detail}")]
pub struct Failure {
    /// Which check.
    pub check: &'static str,
    /// What happened.
    pub detail: String,
}

/// Makes empty engines.
pub type Factory<'f> = dyn FnMut() -> Box<dyn Engine> + 'f;

type Outcome = Result<(), String>;
type Check = fn(&dyn Engine) -> Outcome;

const CHECKS: &[(&str, Check)] = &[
    ("an empty database has nothing in any table", nothing_at_first),
    ("what was committed is read back", committed_is_read),
    ("tables do not share keys", tables_are_apart),
    ("the last value of a key wins, an empty value is a value", last_value_wins),
    ("a deleted key is gone, deleting nothing is no error", deleted_is_gone),
    ("a scan visits exactly the span, in order, both ways", scans_visit_the_span),
    ("a cursor goes on behind the key it names", cursors_go_on),
    ("a scan ends when the visitor breaks", scans_end_early),
    ("impossible spans are empty", impossible_spans),
    ("keys and values over the limit are refused", limits_hold),
    ("a dropped transaction leaves nothing", writer::dropped_leaves_nothing),
    ("a writer sees its own changes, merged into scans", writer::sees_its_own),
    ("nobody else sees a writer's changes before the commit", writer::hidden_until_commit),
    ("a reader's snapshot never changes", writer::snapshots_stand),
    ("every commit raises the counter by one", writer::counter_rises),
    ("a blob comes piece by piece and is whole with its last", blobs::comes_piece_by_piece),
    ("what is no piece of a blob leaves nothing", blobs::what_is_no_piece_leaves_nothing),
    ("random work leaves what a plain map would hold", writer::random_work),
];

/// Runs every check on a fresh engine each.
///
/// # Errors
/// The first check that fails.
pub fn run(factory: &mut Factory<'_>) -> Result<(), Failure> {
    for (name, check) in CHECKS {
        let engine = factory();
        check(&*engine).map_err(|detail| Failure { check: name, detail })?;
    }
    Ok(())
}

/// How many checks there are.
#[must_use]
pub const fn count() -> usize {
    CHECKS.len()
}

fn told<T>(result: Result<T, EngineError>) -> Result<T, String> {
    result.map_err(|error| format!("unexpected error: {error}"))
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Outcome {
    if found == wanted { Ok(()) } else { Err(format!("{what}: found {found:?}, wanted {wanted:?}")) }
}

fn write(engine: &dyn Engine, changes: impl FnOnce(&mut dyn WriteTx) -> Result<(), EngineError>) -> Outcome {
    let mut tx = told(engine.write())?;
    told(changes(&mut *tx))?;
    told(tx.commit())?;
    Ok(())
}

fn scan(engine: &dyn Engine, table: Table, span: &Span) -> Result<Vec<Pair>, String> {
    let tx = told(engine.read())?;
    told(collect(&*tx, table, span, usize::MAX))
}

fn get(engine: &dyn Engine, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let tx = told(engine.read())?;
    told(tx.get(table, key))
}

fn nothing_at_first(engine: &dyn Engine) -> Outcome {
    // An engine keeps facts of its own in `meta`.
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
        expect("pairs", &scan(engine, table, &Span::all())?, &Vec::new())?;
        expect("value", &get(engine, table, b"k")?, &None)?;
    }
    expect("commit number", &told(commit_number(&*told(engine.read())?))?, &0)
}

fn committed_is_read(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| {
        tx.put(Table::Docs, b"a", b"1")?;
        tx.put(Table::Docs, b"", b"empty key")
    })?;
    expect("value", &get(engine, Table::Docs, b"a")?, &Some(b"1".to_vec()))?;
    expect("value of the empty key", &get(engine, Table::Docs, b"")?, &Some(b"empty key".to_vec()))
}

fn tables_are_apart(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| {
        for table in Table::ALL {
            tx.put(table, b"same key", table.name().as_bytes())?;
        }
        Ok(())
    })?;
    for table in Table::ALL {
        expect("value", &get(engine, table, b"same key")?, &Some(table.name().as_bytes().to_vec()))?;
    }
    Ok(())
}

fn last_value_wins(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| tx.put(Table::Rows, b"k", b"old"))?;
    write(engine, |tx| {
        tx.put(Table::Rows, b"k", b"between")?;
        tx.put(Table::Rows, b"k", b"new")?;
        tx.put(Table::Rows, b"nothing", b"")
    })?;
    expect("value", &get(engine, Table::Rows, b"k")?, &Some(b"new".to_vec()))?;
    expect("empty value", &get(engine, Table::Rows, b"nothing")?, &Some(Vec::new()))
}

fn deleted_is_gone(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| {
        tx.put(Table::Rows, b"a", b"1")?;
        tx.put(Table::Rows, b"b", b"2")
    })?;
    write(engine, |tx| {
        tx.delete(Table::Rows, b"a")?;
        tx.delete(Table::Rows, b"never there")?;
        tx.put(Table::Rows, b"c", b"3")?;
        tx.delete(Table::Rows, b"c")
    })?;
    expect("pairs", &scan(engine, Table::Rows, &Span::all())?, &vec![(b"b".to_vec(), b"2".to_vec())])
}

/// Keys chosen so that prefixes end in 0xff, nest, and touch each other.
const KEYS: [&[u8]; 9] =
    [b"", b"\x00", b"\x01", b"\x01\x00", b"\x01\xff", b"\x01\xff\xff", b"\x02", b"\xff\xff", b"\xff\xff\x00"];

fn fill(tx: &mut dyn WriteTx) -> Result<(), EngineError> {
    KEYS.iter().rev().try_for_each(|key| tx.put(Table::Rows, key, &[b"v", *key].concat()))
}

fn keys_of(pairs: Vec<Pair>) -> Vec<Vec<u8>> {
    pairs.into_iter().map(|(key, _)| key).collect()
}

fn wanted(span: &Span) -> Vec<Vec<u8>> {
    let mut keys: Vec<Vec<u8>> =
        KEYS.iter().map(|key| key.to_vec()).filter(|key| inside(span, key)).collect();
    if span.direction == Direction::Descending {
        keys.reverse();
    }
    keys
}

fn inside(span: &Span, key: &Vec<u8>) -> bool {
    let from = match &span.from {
        Bound::Unbounded => true,
        Bound::Included(start) => start <= key,
        Bound::Excluded(start) => start < key,
    };
    let to = match &span.to {
        Bound::Unbounded => true,
        Bound::Included(end) => key <= end,
        Bound::Excluded(end) => key < end,
    };
    from && to
}

fn scans_visit_the_span(engine: &dyn Engine) -> Outcome {
    write(engine, fill)?;
    let mut spans = vec![Span::all()];
    for first in KEYS {
        spans.push(Span::prefix(first));
        for last in KEYS {
            spans.push(Span::between(first, last));
        }
    }
    for span in spans {
        for span in [span.clone(), span.descending()] {
            let found = scan(engine, Table::Rows, &span)?;
            for (key, value) in &found {
                expect("value", value, &[b"v", key.as_slice()].concat())?;
            }
            expect(&format!("keys of {span:?}"), &keys_of(found), &wanted(&span))?;
        }
    }
    let prefixed = keys_of(scan(engine, Table::Rows, &Span::prefix(b"\x01\xff"))?);
    expect(
        "keys of a prefix ending in 0xff",
        &prefixed,
        &vec![b"\x01\xff".to_vec(), b"\x01\xff\xff".to_vec()],
    )
}

fn cursors_go_on(engine: &dyn Engine) -> Outcome {
    write(engine, fill)?;
    for span in [Span::all(), Span::all().descending()] {
        let (mut pages, mut next) = (Vec::new(), span.clone());
        loop {
            let tx = told(engine.read())?;
            let page = told(collect(&*tx, Table::Rows, &next, 2))?;
            let Some((last, _)) = page.last() else { break };
            next = next.after(last);
            pages.extend(keys_of(page));
            if pages.len() > KEYS.len() {
                return Err("a cursor went round in circles".to_owned());
            }
        }
        expect("keys over all pages", &pages, &wanted(&span))?;
    }
    let outside = Span::prefix(b"\x01").after(b"\x00");
    expect("a cursor before the span", &scan(engine, Table::Rows, &outside)?.len(), &4)
}

fn scans_end_early(engine: &dyn Engine) -> Outcome {
    write(engine, fill)?;
    let tx = told(engine.read())?;
    expect("pairs", &told(collect(&*tx, Table::Rows, &Span::all(), 3))?.len(), &3)
}

fn impossible_spans(engine: &dyn Engine) -> Outcome {
    write(engine, fill)?;
    let backwards = Span::between(b"\x02", b"\x01");
    let behind_the_end = Span::between(b"\x01", b"\x02").after(b"\x02");
    for span in [backwards.clone(), backwards.descending(), behind_the_end] {
        expect("pairs", &scan(engine, Table::Rows, &span)?, &Vec::new())?;
    }
    Ok(())
}

fn limits_hold(engine: &dyn Engine) -> Outcome {
    let mut tx = told(engine.write())?;
    let key = vec![0; crate::limit::KEY_BYTES_MAX + 1];
    let value = vec![0; crate::limit::VALUE_BYTES_MAX + 1];
    let long_key = tx.put(Table::Rows, &key, b"");
    let long_value = tx.put(Table::Rows, b"k", &value);
    match (long_key, long_value) {
        (Err(EngineError::TooLarge { .. }), Err(EngineError::TooLarge { .. })) => Ok(()),
        _ => Err("not refused".to_owned()),
    }
}
