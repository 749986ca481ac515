//! Backs the database up through a read transaction, while it is being written: never by copying the live file.
//!
//! Seeds in the copy are wrapped; the key bag is a file of its own, and its backup is kept apart and not for long.

use crate::engine::{Pair, ReadTx, Span, Table, commit_number};
use crate::folder::Folder;
use crate::free_space::FreeSpace;
use crate::open::{OpenError, failed, place};
use crate::redb_engine::RedbEngine;
use crate::{Engine, limit};
use std::ops::ControlFlow;

/// Name of a backup in its folder.
pub const BACKUP: &str = "backup.redb";
const BACKUP_NEW: &str = "backup.redb.new";

/// Copies one snapshot of `source` into `folder` as [`BACKUP`]: the file appears whole or not at all. Returns the commit
/// number it holds.
///
/// # Errors
/// When reading or writing fails; a backup made before stays.
pub fn write<F: Folder>(
    source: &dyn Engine,
    folder: &F,
    space: Box<dyn FreeSpace>,
) -> Result<u64, OpenError> {
    folder.remove(BACKUP_NEW).map_err(failed("remove", BACKUP_NEW))?;
    let backend = folder.backend(BACKUP_NEW, true).map_err(failed("create", BACKUP_NEW))?;
    let target = RedbEngine::create(backend, space)?;
    let snapshot = source.read()?;
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
        copy_table(&*snapshot, &target, table)?;
    }
    let number = copy_meta(&*snapshot, &target)?;
    target.close()?;
    place(folder, BACKUP_NEW, BACKUP)?;
    Ok(number)
}

fn copy_table(snapshot: &dyn ReadTx, target: &RedbEngine, table: Table) -> Result<(), OpenError> {
    let mut span = Span::all();
    loop {
        let batch = batch(snapshot, table, &span)?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        span = span.after(last);
        let mut tx = target.write()?;
        for (key, value) in &batch {
            tx.put(table, key, value)?;
        }
        tx.commit()?;
    }
}

fn batch(snapshot: &dyn ReadTx, table: Table, span: &Span) -> Result<Vec<Pair>, OpenError> {
    let (mut pairs, mut bytes) = (Vec::new(), 0);
    snapshot.scan(table, span, &mut |key, value| {
        bytes += key.len() + value.len();
        pairs.push((key.to_vec(), value.to_vec()));
        if bytes < limit::BACKUP_BATCH_BYTES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(pairs)
}

/// Last, so that the copy's commit counter ends where the source's stood, whatever the copying itself counted.
fn copy_meta(snapshot: &dyn ReadTx, target: &RedbEngine) -> Result<u64, OpenError> {
    let number = commit_number(snapshot)?;
    let mut tx = target.write()?;
    for (key, value) in batch(snapshot, Table::Meta, &Span::all())? {
        tx.put(Table::Meta, &key, &value)?;
    }
    crate::engine::set_commit_number(&mut *tx, number.saturating_sub(1))?;
    tx.commit()?;
    Ok(number)
}
