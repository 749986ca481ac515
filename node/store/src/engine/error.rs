use super::Table;

/// What a database operation could not do. Texts name the operation and the table, never a key or a value.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The disk or the database library failed. A further write needs the database opened again.
    #[error("{operation} on table {table}: {cause}")]
    Table {
        /// What was being done.
        operation: &'static str,
        /// To which table.
        table: Table,
        /// Why it failed.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// As [`EngineError::Table`], for an operation on the whole database.
    #[error("{operation}: {cause}")]
    Database {
        /// What was being done.
        operation: &'static str,
        /// Why it failed.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A value's checksum does not match: the medium or the memory changed it.
    #[error("a value in table {table} is damaged (checksum)")]
    Damaged {
        /// Where.
        table: Table,
    },
    /// The file's own structure is damaged: it must be restored from a backup.
    #[error("the database file is damaged: {0}")]
    DamagedFile(String),
    /// Another process has the database open.
    #[error("the database is in use by another process")]
    InUse,
    /// Too little room: no writes until some is made.
    #[error("the disk is nearly full: {free_bytes} bytes free, writing needs {needed_bytes}")]
    DiskFull {
        /// What is free.
        free_bytes: u64,
        /// What must be free.
        needed_bytes: u64,
    },
    /// A key or value over the limit.
    #[error("{what} of {bytes} bytes for table {table} is over the limit")]
    TooLarge {
        /// "key" or "value".
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// For which table.
        table: Table,
    },
    /// Written by a later version of this program.
    #[error("the database has schema version {found}, this program knows {known}")]
    NewerSchema {
        /// Version in the file.
        found: u64,
        /// Newest version known here.
        known: u64,
    },
    /// The commit that this job would have been part of failed; nothing of it was kept.
    #[error("the group's commit failed: {0}")]
    Group(String),
    /// The job itself panicked; nothing of it was kept, the others of its group were.
    #[error("the job panicked; nothing of it was kept")]
    Panicked,
}

impl EngineError {
    pub(crate) fn table(
        operation: &'static str,
        table: Table,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Table { operation, table, cause: Box::new(cause) }
    }

    pub(crate) fn database(
        operation: &'static str,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Database { operation, cause: Box::new(cause) }
    }
}
