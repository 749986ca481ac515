//! Single facts about the box: its device, the township's root. The engine keeps its own two here, `schema` and `commit`.

use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;

/// Names that belong to the engine.
const ENGINES: [&str; 2] = ["schema", "commit"];

/// The value under a name.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Meta, name.as_bytes())?)
}

/// Sets the value under a name.
///
/// # Errors
/// When the database fails, or the name is one of the engine's own.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, name: &str, value: &[u8]) -> Result<(), StoreError> {
    if ENGINES.contains(&name) {
        return Err(StoreError::rule(Table::Meta, "this name belongs to the engine"));
    }
    Ok(tx.put(Table::Meta, name.as_bytes(), value)?)
}
