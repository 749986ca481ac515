use crate::engine::{EngineError, Table};
use canon::Malformed;

/// What a typed layer could not do. Texts name the table, never a key or a value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A stored value is sound (its checksum holds) but is not what the table's format says.
    #[error("table {table}: {cause}")]
    Malformed {
        /// Where.
        table: Table,
        /// What was being read.
        cause: Malformed,
    },
    /// The change would break a rule of the table.
    #[error("table {table}: {rule}")]
    Rule {
        /// Where.
        table: Table,
        /// Which rule.
        rule: &'static str,
    },
}

impl StoreError {
    pub(crate) const fn rule(table: Table, rule: &'static str) -> Self {
        Self::Rule { table, rule }
    }

    pub(crate) fn malformed(table: Table) -> impl Fn(Malformed) -> Self {
        move |cause| Self::Malformed { table, cause }
    }
}
