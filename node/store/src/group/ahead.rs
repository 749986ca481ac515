//! Work done before a job's turn: on its caller's thread, over a snapshot, noting everything that is read. In its turn
//! the job takes the work over only if all of that still stands; so it never matters when the work was done.

use crate::engine::{Changes, Engine, EngineError, Overlay, Pair, ReadTx, Span, Table, Visit, WriteTx};
use crate::limit;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was read.
enum Seen {
    Value { table: Table, key: Vec<u8>, value: Option<Vec<u8>> },
    Pairs { table: Table, span: Span, pairs: Vec<Pair>, to_the_end: bool },
}

impl Seen {
    fn bytes(&self) -> usize {
        match self {
            Self::Value { key, value, .. } => key.len() + value.as_ref().map_or(0, Vec::len),
            Self::Pairs { pairs, .. } => pairs.iter().map(|(key, value)| key.len() + value.len()).sum(),
        }
    }

    /// Whether reading it again gives the same.
    fn stands(&self, tx: &dyn ReadTx) -> Result<bool, EngineError> {
        match self {
            Self::Value { table, key, value } => Ok(tx.get(*table, key)? == *value),
            Self::Pairs { table, span, pairs, to_the_end } => {
                let mut rest = pairs.iter();
                let mut same = true;
                tx.scan(*table, span, &mut |key, value| match rest.next() {
                    Some((before, stood)) if before == key && stood == value => ControlFlow::Continue(()),
                    Some(_) => {
                        same = false;
                        ControlFlow::Break(())
                    }
                    // Whoever stopped here before stops here again.
                    None => {
                        same = !to_the_end;
                        ControlFlow::Break(())
                    }
                })?;
                Ok(same && rest.next().is_none())
            }
        }
    }
}

/// A snapshot that remembers what is read of it.
struct Witness<'b> {
    base: &'b dyn ReadTx,
    seen: RefCell<Vec<Seen>>,
}

impl ReadTx for Witness<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        let value = self.base.get(table, key)?;
        self.seen.borrow_mut().push(Seen::Value { table, key: key.to_vec(), value: value.clone() });
        Ok(value)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        let (mut pairs, mut to_the_end) = (Vec::new(), true);
        self.base.scan(table, span, &mut |key, value| {
            pairs.push((key.to_vec(), value.to_vec()));
            let flow = visit(key, value);
            to_the_end = flow.is_continue();
            flow
        })?;
        self.seen.borrow_mut().push(Seen::Pairs { table, span: span.clone(), pairs, to_the_end });
        Ok(())
    }
}

/// Work that is done, and what it rests on.
pub(super) struct Ahead<P> {
    seen: Vec<Seen>,
    changes: Changes,
    value: P,
}

impl<P> Ahead<P> {
    /// Does the work now. None when it fails, panics or reads too much: then it is done in its turn, and what comes of it
    /// there is what counts.
    pub(super) fn work<E>(
        engine: &dyn Engine,
        prepare: &impl Fn(&mut dyn WriteTx) -> Result<P, E>,
    ) -> Option<Self> {
        let snapshot = engine.read().ok()?;
        let witness = Witness { base: &*snapshot, seen: RefCell::default() };
        let mut overlay = Overlay::new(&witness as &dyn ReadTx);
        let value = catch_unwind(AssertUnwindSafe(|| prepare(&mut overlay))).ok()?.ok()?;
        let changes = overlay.into_changes();
        let seen = witness.seen.into_inner();
        let bytes = seen.iter().map(Seen::bytes).sum::<usize>();
        (bytes <= limit::AHEAD_BYTES_MAX).then_some(Self { seen, changes, value })
    }

    /// Takes the work over into `tx`, or none when something that it rests on has changed.
    pub(super) fn take_over(self, tx: &mut dyn WriteTx) -> Result<Option<P>, EngineError> {
        for seen in &self.seen {
            if !seen.stands(&*tx)? {
                return Ok(None);
            }
        }
        self.changes.apply(tx)?;
        Ok(Some(self.value))
    }
}
