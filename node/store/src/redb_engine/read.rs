use super::definition;
use crate::checksum;
use crate::engine::{Direction, EngineError, ReadTx, Span, Table, Visit};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTableMetadata as _};
use std::cell::OnceCell;
use std::ops::Bound;

type Open = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// A snapshot. Tables are opened once each, when first asked for.
pub(super) struct RedbRead {
    tx: ReadTransaction,
    open: [OnceCell<Option<Open>>; Table::ALL.len()],
}

impl RedbRead {
    pub(super) fn new(tx: ReadTransaction) -> Self {
        Self { tx, open: Default::default() }
    }

    /// The table, or `None` when a database made by an earlier version has no such table yet.
    fn table(&self, table: Table) -> Result<Option<&Open>, EngineError> {
        let Some(cell) = self.open.get(table.index()) else { return Ok(None) };
        if let Some(open) = cell.get() {
            return Ok(open.as_ref());
        }
        let opened = match self.tx.open_table(definition(table)) {
            Ok(open) => Some(open),
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            Err(cause) => return Err(EngineError::table("open", table, cause)),
        };
        Ok(cell.get_or_init(|| opened).as_ref())
    }

    /// How many pairs redb itself counts in a table.
    pub(super) fn pairs(&self, table: Table) -> Result<u64, EngineError> {
        match self.table(table)? {
            Some(open) => open.len().map_err(|cause| EngineError::table("count", table, cause)),
            None => Ok(0),
        }
    }
}

impl ReadTx for RedbRead {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        let Some(open) = self.table(table)? else { return Ok(None) };
        match open.get(key).map_err(|cause| EngineError::table("get", table, cause))? {
            Some(stored) => Ok(Some(checksum::verify(table, key, stored.value())?.to_vec())),
            None => Ok(None),
        }
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        if span.is_empty() {
            return Ok(());
        }
        let Some(open) = self.table(table)? else { return Ok(()) };
        let bounds: (Bound<&[u8]>, Bound<&[u8]>) =
            (span.from.as_ref().map(Vec::as_slice), span.to.as_ref().map(Vec::as_slice));
        let mut range =
            open.range::<&[u8]>(bounds).map_err(|cause| EngineError::table("scan", table, cause))?;
        loop {
            let next = match span.direction {
                Direction::Ascending => range.next(),
                Direction::Descending => range.next_back(),
            };
            let Some(pair) = next else { return Ok(()) };
            let (key, stored) = pair.map_err(|cause| EngineError::table("scan", table, cause))?;
            if visit(key.value(), checksum::verify(table, key.value(), stored.value())?).is_break() {
                return Ok(());
            }
        }
    }
}
