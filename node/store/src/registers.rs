//! Registers: signed statements of which only the newest counts (membership list, receipts, sealing keys, health).
//! Whether one may replace another is decided by `sync` and admission before it comes here.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;
use canon::Canon as _;
use sync::{Register, Slot};

fn key(slot: &Slot) -> Vec<u8> {
    let owner = slot.owner.map_or([0; 32], |owner| owner.0);
    key::join(&[&[slot.kind], &owner, &slot.subject.to_be_bytes()])
}

/// The register in a slot.
///
/// # Errors
/// When the database fails or the value is no register.
pub fn get<R: ReadTx + ?Sized>(tx: &R, slot: &Slot) -> Result<Option<Register>, StoreError> {
    let Some(bytes) = tx.get(Table::Registers, &key(slot))? else { return Ok(None) };
    Register::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Registers))
}

/// Puts a register into its slot, replacing what was there.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, register: &Register) -> Result<(), StoreError> {
    Ok(tx.put(Table::Registers, &key(&register.mark().slot()), &register.to_canon())?)
}

/// Every register of a kind, or all of them, sorted by slot.
///
/// # Errors
/// When the database fails or a value is no register.
pub fn list<R: ReadTx + ?Sized>(tx: &R, kind: Option<u8>) -> Result<Vec<Register>, StoreError> {
    let span = kind.map_or_else(Span::all, |kind| Span::prefix(&[kind]));
    let pairs = collect(tx, Table::Registers, &span, usize::MAX)?;
    pairs
        .into_iter()
        .map(|(_, bytes)| Register::from_canon(&bytes).map_err(StoreError::malformed(Table::Registers)))
        .collect()
}
