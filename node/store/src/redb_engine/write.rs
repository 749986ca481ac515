use super::definition;
use super::read::RedbRead;
use crate::checksum;
use crate::engine::{
    EngineError, Overlay, ReadTx, Span, Table, Transaction, Visit, WriteTx, raise_commit_number,
};
use redb::WriteTransaction;

/// The one writer. Changes are gathered beside the snapshot and handed to redb at commit, table by table and sorted:
/// a dropped transaction never touched the file.
pub(super) struct RedbWrite {
    tx: WriteTransaction,
    overlay: Overlay<RedbRead>,
}

impl RedbWrite {
    pub(super) fn new(tx: WriteTransaction, snapshot: RedbRead) -> Self {
        Self { tx, overlay: Overlay::new(snapshot) }
    }
}

impl ReadTx for RedbWrite {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        self.overlay.get(table, key)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        self.overlay.scan(table, span, visit)
    }
}

impl WriteTx for RedbWrite {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError> {
        self.overlay.put(table, key, value)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError> {
        self.overlay.delete(table, key)
    }
}

impl Transaction for RedbWrite {
    fn commit(mut self: Box<Self>) -> Result<u64, EngineError> {
        let number = raise_commit_number(&mut self.overlay)?;
        let Self { tx, overlay } = *self;
        // Lets go of the snapshot first: pages it holds could not be freed.
        for (table, changes) in overlay.into_changes().into_tables() {
            let failed = |cause| EngineError::table("change", table, cause);
            let mut open =
                tx.open_table(definition(table)).map_err(|cause| EngineError::table("open", table, cause))?;
            for (key, value) in changes {
                match value {
                    Some(body) => {
                        open.insert(key.as_slice(), checksum::protect(&key, &body).as_slice())
                            .map_err(failed)?;
                    }
                    None => {
                        open.remove(key.as_slice()).map_err(failed)?;
                    }
                }
            }
        }
        tx.commit().map_err(|cause| EngineError::database("commit", cause))?;
        Ok(number)
    }
}
