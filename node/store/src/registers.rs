//! Registers: signed values of which only the latest counts (membership list, receipts, sealing keys, health). Which is
//! the latest is decided by `sync` before it comes here.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;
use identity::DeviceId;

/// Which register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterPlace {
    /// Kind (docs/formats/wire.md).
    pub kind: u8,
    /// Who signs it.
    pub owner: DeviceId,
    /// What it is about: a station number for receipts, else 0.
    pub subject: u64,
}

impl RegisterPlace {
    fn key(&self) -> Vec<u8> {
        key::join(&[&[self.kind], &self.owner.0, &self.subject.to_be_bytes()])
    }

    fn from_key(bytes: &[u8]) -> Result<Self, StoreError> {
        if let [kind, owner_and_subject @ ..] = bytes
            && owner_and_subject.len() == 40
            && let (Some(owner), Some(subject)) =
                (key::head(owner_and_subject), key::tail_number(owner_and_subject))
        {
            return Ok(Self { kind: *kind, owner: DeviceId(owner), subject });
        }
        Err(StoreError::rule(Table::Registers, "a key is kind, owner and subject"))
    }
}

/// A register's bytes.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, place: &RegisterPlace) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Registers, &place.key())?)
}

/// Replaces a register.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(
    tx: &mut W,
    place: &RegisterPlace,
    register: &[u8],
) -> Result<(), StoreError> {
    Ok(tx.put(Table::Registers, &place.key(), register)?)
}

/// Every register of a kind, or all of them.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn list<R: ReadTx + ?Sized>(
    tx: &R,
    kind: Option<u8>,
) -> Result<Vec<(RegisterPlace, Vec<u8>)>, StoreError> {
    let span = kind.map_or_else(Span::all, |kind| Span::prefix(&[kind]));
    let pairs = collect(tx, Table::Registers, &span, usize::MAX)?;
    pairs.into_iter().map(|(key, bytes)| Ok((RegisterPlace::from_key(&key)?, bytes))).collect()
}
