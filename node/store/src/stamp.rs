//! The generation stamp: how far the database had come, noted beside it, after commits and lazily. A stamp that lags is
//! normal; a database behind its stamp was damaged or restored.

use crate::folder::SmallFiles;
use crate::two_copies::{CopiesError, TwoCopies};
use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;
use std::sync::Arc;

const NAMES: [&str; 2] = ["stamp.a", "stamp.b"];

#[derive(Clone, PartialEq)]
struct Commit(u64);

impl Canon for Commit {
    fn write(&self, out: &mut Writer) {
        out.u64(self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.u64()?))
    }
}

/// The stamp and the files it stands in.
pub struct Stamp {
    copies: TwoCopies<Commit>,
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp").field("commit", &self.commit()).finish_non_exhaustive()
    }
}

impl Stamp {
    /// The stamp of a folder. When both copies are damaged it counts as missing: it is a hint, not ground state.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open(files: Arc<dyn SmallFiles>) -> Result<Self, CopiesError> {
        let copies = match TwoCopies::load(Arc::clone(&files), NAMES) {
            Err(CopiesError::Damaged { .. }) => TwoCopies::empty(files, NAMES),
            loaded => loaded?,
        };
        Ok(Self { copies })
    }

    /// The commit it says the database had reached.
    #[must_use]
    pub fn commit(&self) -> Option<u64> {
        self.copies.newest().map(|commit| commit.0)
    }

    /// Notes that the database has durably reached `commit`. Never call it before that commit returned.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn note(&mut self, commit: u64) -> Result<(), CopiesError> {
        if self.commit() == Some(commit) { Ok(()) } else { self.copies.write(Commit(commit)) }
    }
}
