use super::{Direction, EngineError, ReadTx, Span, Table, Visit, WriteTx};
use crate::limit;
use std::collections::BTreeMap;
use std::collections::btree_map;
use std::ops::ControlFlow;

/// What one table is to become: a value, or nothing.
type TableChanges = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Changes that are not applied yet. An engine applies them at commit; a group drops those of a failed job.
#[derive(Default)]
pub struct Changes {
    tables: BTreeMap<Table, TableChanges>,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The changes table by table, keys ascending.
    pub fn into_tables(self) -> impl Iterator<Item = (Table, btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>)> {
        self.tables.into_iter().map(|(table, changes)| (table, changes.into_iter()))
    }

    /// Makes the changes to `tx`.
    ///
    /// # Errors
    /// As [`WriteTx::put`] and [`WriteTx::delete`].
    pub fn apply(self, tx: &mut dyn WriteTx) -> Result<(), EngineError> {
        for (table, changes) in self.into_tables() {
            for (key, value) in changes {
                match value {
                    Some(value) => tx.put(table, &key, &value)?,
                    None => tx.delete(table, &key)?,
                }
            }
        }
        Ok(())
    }
}

/// A write transaction over something that is only read: it sees its own changes, the base never does.
/// Both engines and the group commit are made of it, so they cannot differ in what a writer sees.
pub struct Overlay<R> {
    base: R,
    changes: Changes,
}

impl<R: ReadTx> Overlay<R> {
    /// No changes yet.
    pub fn new(base: R) -> Self {
        Self { base, changes: Changes::default() }
    }

    /// Lets go of the base and hands out what was changed.
    #[must_use]
    pub fn into_changes(self) -> Changes {
        self.changes
    }

    fn change(&mut self, table: Table, key: &[u8], value: Option<Vec<u8>>) -> Result<(), EngineError> {
        if key.len() > limit::KEY_BYTES_MAX {
            return Err(EngineError::TooLarge { what: "key", bytes: key.len(), table });
        }
        self.changes.tables.entry(table).or_default().insert(key.to_vec(), value);
        Ok(())
    }
}

impl<R: ReadTx> ReadTx for Overlay<R> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        match self.changes.tables.get(&table).and_then(|changes| changes.get(key)) {
            Some(changed) => Ok(changed.clone()),
            None => self.base.get(table, key),
        }
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        let Some(changes) = self.changes.tables.get(&table) else {
            return self.base.scan(table, span, visit);
        };
        if span.is_empty() {
            return Ok(());
        }
        let range = changes.range::<Vec<u8>, _>((span.from.as_ref(), span.to.as_ref()));
        match span.direction {
            Direction::Ascending => self.merge(table, span, range, visit),
            Direction::Descending => self.merge(table, span, range.rev(), visit),
        }
    }
}

impl<R: ReadTx> Overlay<R> {
    /// Visits the base's pairs and the changed ones in one order; a change hides the base's pair of its key.
    fn merge<'c>(
        &self,
        table: Table,
        span: &Span,
        changed: impl Iterator<Item = (&'c Vec<u8>, &'c Option<Vec<u8>>)>,
        visit: &mut Visit<'_>,
    ) -> Result<(), EngineError> {
        let mut changed = changed.peekable();
        let mut broken = false;
        self.base.scan(table, span, &mut |key, value| {
            while let Some((next, new)) = changed.next_if(|(next, _)| comes_before(span, next, key)) {
                if let Some(new) = new
                    && visit(next, new).is_break()
                {
                    broken = true;
                    return ControlFlow::Break(());
                }
            }
            let flow = match changed.next_if(|(next, _)| next.as_slice() == key) {
                Some((_, Some(new))) => visit(key, new),
                Some((_, None)) => ControlFlow::Continue(()),
                None => visit(key, value),
            };
            broken = flow.is_break();
            flow
        })?;
        if broken {
            return Ok(());
        }
        for (key, new) in changed {
            if let Some(new) = new
                && visit(key, new).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}

fn comes_before(span: &Span, left: &[u8], right: &[u8]) -> bool {
    match span.direction {
        Direction::Ascending => left < right,
        Direction::Descending => left > right,
    }
}

impl<R: ReadTx> WriteTx for Overlay<R> {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError> {
        if value.len() > limit::VALUE_BYTES_MAX {
            return Err(EngineError::TooLarge { what: "value", bytes: value.len(), table });
        }
        self.change(table, key, Some(value.to_vec()))
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError> {
        self.change(table, key, None)
    }
}

impl<R: ReadTx + ?Sized> ReadTx for &R {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        (**self).get(table, key)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        (**self).scan(table, span, visit)
    }
}
