//! Numbers that only rise: case numbers, epochs. Raised in the commit that uses them, so a number is never given twice
//! by this database (a restored one mints under a new epoch's tag).

use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;

/// How far a counter has come; 0 when it was never raised.
///
/// # Errors
/// When the database fails or the value is not a number.
pub fn get<R: ReadTx + ?Sized>(tx: &R, name: &str) -> Result<u64, StoreError> {
    let Some(bytes) = tx.get(Table::Counters, name.as_bytes())? else { return Ok(0) };
    let fixed = bytes.try_into().map_err(|_| StoreError::rule(Table::Counters, "a value is 8 bytes"))?;
    Ok(u64::from_be_bytes(fixed))
}

/// Raises a counter by one and returns it: the first is 1.
///
/// # Errors
/// When the database fails, or at the end of all numbers.
pub fn next<W: WriteTx + ?Sized>(tx: &mut W, name: &str) -> Result<u64, StoreError> {
    let number =
        get(tx, name)?.checked_add(1).ok_or(StoreError::rule(Table::Counters, "the numbers are used up"))?;
    tx.put(Table::Counters, name.as_bytes(), &number.to_be_bytes())?;
    Ok(number)
}

/// Raises a counter to at least `floor`; never lowers it.
///
/// # Errors
/// When the database fails.
pub fn raise<W: WriteTx + ?Sized>(tx: &mut W, name: &str, floor: u64) -> Result<(), StoreError> {
    if get(tx, name)? < floor {
        tx.put(Table::Counters, name.as_bytes(), &floor.to_be_bytes())?;
    }
    Ok(())
}
