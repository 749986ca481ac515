//! Openings: the signed first statement of each writer epoch.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;
use canon::Canon as _;
use identity::{DeviceId, Epoch};
use sync::Opening;

fn key(device: &DeviceId, epoch: &Epoch) -> Vec<u8> {
    key::join(&[&device.0[..], &epoch.0])
}

/// The opening of an epoch.
///
/// # Errors
/// When the database fails or the value is no opening.
pub fn get<R: ReadTx + ?Sized>(
    tx: &R,
    device: &DeviceId,
    epoch: &Epoch,
) -> Result<Option<Opening>, StoreError> {
    let Some(bytes) = tx.get(Table::Openings, &key(device, epoch))? else { return Ok(None) };
    Opening::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Openings))
}

/// Keeps the opening of an epoch: the first one, as an epoch has one (two are a fork).
///
/// # Errors
/// When another opening is held for the epoch, or the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, opening: &Opening) -> Result<(), StoreError> {
    match get(tx, &opening.device, &opening.epoch)? {
        Some(held) if held == *opening => Ok(()),
        Some(_) => Err(StoreError::rule(Table::Openings, "an epoch has one opening")),
        None => Ok(tx.put(Table::Openings, &key(&opening.device, &opening.epoch), &opening.to_canon())?),
    }
}

/// Every opening, sorted by device and epoch: with [`crate::logs::list`] what [`sync::Holdings`] is built from.
///
/// # Errors
/// When the database fails or a value is no opening.
pub fn list<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Opening>, StoreError> {
    collect(tx, Table::Openings, &Span::all(), usize::MAX)?
        .into_iter()
        .map(|(_, bytes)| Opening::from_canon(&bytes).map_err(StoreError::malformed(Table::Openings)))
        .collect()
}
