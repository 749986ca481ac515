//! Checks of what a writer sees, and of what others see of it.

use super::{Outcome, expect, get, keys_of, scan, told, write};
use crate::engine::{Engine, ReadTx, Span, Table, collect, commit_number};
use std::collections::BTreeMap;

pub(super) fn dropped_leaves_nothing(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| tx.put(Table::Docs, b"kept", b"1"))?;
    let mut tx = told(engine.write())?;
    told(tx.put(Table::Docs, b"kept", b"changed"))?;
    told(tx.put(Table::Docs, b"new", b"2"))?;
    told(tx.delete(Table::Docs, b"kept"))?;
    drop(tx);
    expect("pairs", &scan(engine, Table::Docs, &Span::all())?, &vec![(b"kept".to_vec(), b"1".to_vec())])?;
    expect("commit number", &told(commit_number(&*told(engine.read())?))?, &1)?;
    write(engine, |tx| tx.put(Table::Docs, b"after", b"3"))
}

pub(super) fn sees_its_own(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| {
        for key in [b"b", b"d", b"f", b"h"] {
            tx.put(Table::Rows, key, b"old")?;
        }
        Ok(())
    })?;
    let mut tx = told(engine.write())?;
    told(tx.put(Table::Rows, b"a", b"new"))?;
    told(tx.put(Table::Rows, b"d", b"changed"))?;
    told(tx.put(Table::Rows, b"e", b"new"))?;
    told(tx.delete(Table::Rows, b"f"))?;
    told(tx.put(Table::Rows, b"i", b"new"))?;
    expect("own value", &told(tx.get(Table::Rows, b"d"))?, &Some(b"changed".to_vec()))?;
    expect("own deletion", &told(tx.get(Table::Rows, b"f"))?, &None)?;
    let all = ["a", "b", "d", "e", "h", "i"].map(|key| key.as_bytes().to_vec()).to_vec();
    let forward = told(collect(&*tx, Table::Rows, &Span::all(), 99))?;
    expect("value in a scan", &forward.get(2).map(|pair| pair.1.clone()), &Some(b"changed".to_vec()))?;
    expect("keys", &keys_of(forward), &all)?;
    let backward = keys_of(told(collect(&*tx, Table::Rows, &Span::all().descending(), 99))?);
    expect("keys backwards", &backward, &all.iter().rev().cloned().collect())?;
    let first = keys_of(told(collect(&*tx, Table::Rows, &Span::all(), 4))?);
    expect("first four", &Some(first.as_slice()), &all.get(..4))?;
    let span = Span::between(b"e", b"h");
    expect("a part", &Some(keys_of(told(collect(&*tx, Table::Rows, &span, 99))?).as_slice()), &all.get(3..5))
}

pub(super) fn hidden_until_commit(engine: &dyn Engine) -> Outcome {
    let mut tx = told(engine.write())?;
    told(tx.put(Table::Staff, b"k", b"v"))?;
    expect("value before the commit", &get(engine, Table::Staff, b"k")?, &None)?;
    told(tx.commit())?;
    expect("value after the commit", &get(engine, Table::Staff, b"k")?, &Some(b"v".to_vec()))
}

pub(super) fn snapshots_stand(engine: &dyn Engine) -> Outcome {
    write(engine, |tx| tx.put(Table::Rows, b"k", b"old"))?;
    let reader = told(engine.read())?;
    write(engine, |tx| {
        tx.put(Table::Rows, b"k", b"new")?;
        tx.put(Table::Rows, b"l", b"new")?;
        tx.put(Table::Audit, b"k", b"new")
    })?;
    write(engine, |tx| tx.delete(Table::Rows, b"k"))?;
    expect("value in the snapshot", &told(reader.get(Table::Rows, b"k"))?, &Some(b"old".to_vec()))?;
    expect("pairs in the snapshot", &told(collect(&*reader, Table::Rows, &Span::all(), 9))?.len(), &1)?;
    expect("a table first read late", &told(reader.get(Table::Audit, b"k"))?, &None)?;
    expect("value now", &get(engine, Table::Rows, b"k")?, &None)
}

pub(super) fn counter_rises(engine: &dyn Engine) -> Outcome {
    for wanted in 1..=3 {
        let mut tx = told(engine.write())?;
        told(tx.put(Table::Rows, b"k", b"v"))?;
        expect("returned number", &told(tx.commit())?, &wanted)?;
        expect("stored number", &told(commit_number(&*told(engine.read())?))?, &wanted)?;
    }
    Ok(())
}

/// A small generator of its own: the checks also run where no random crate is linked.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

type Model = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

pub(super) fn random_work(engine: &dyn Engine) -> Outcome {
    let mut dice = Dice(20_261_123);
    let mut model = Model::new();
    for round in 0..60 {
        let mut tx = told(engine.write())?;
        let mut trial = model.clone();
        for _ in 0..dice.roll(12) {
            let table = if dice.roll(2) == 0 { Table::Rows } else { Table::Docs };
            let key = dice.roll(24).to_be_bytes().to_vec();
            if dice.roll(3) == 0 {
                told(tx.delete(table, &key))?;
                trial.remove(&(table, key));
            } else {
                let length = usize::try_from(dice.roll(700)).unwrap_or_default();
                let value = vec![u8::try_from(round).unwrap_or_default(); length];
                told(tx.put(table, &key, &value))?;
                trial.insert((table, key), value);
            }
        }
        same(&*tx, &trial)?;
        if dice.roll(4) == 0 {
            drop(tx);
        } else {
            told(tx.commit())?;
            model = trial;
        }
        same(&*told(engine.read())?, &model)?;
    }
    Ok(())
}

fn same<R: ReadTx + ?Sized>(tx: &R, model: &Model) -> Outcome {
    for table in [Table::Rows, Table::Docs] {
        let wanted: Vec<_> = model
            .iter()
            .filter(|((of, _), _)| *of == table)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect();
        expect("pairs", &told(collect(tx, table, &Span::all(), usize::MAX))?, &wanted)?;
    }
    Ok(())
}
