//! The file of the bag key, under which all seeds on this disk are wrapped. It stands beside the database, so that a
//! backup of one without the other opens nothing.
//!
//! Erasing for real takes a new key: [`KeyBag::begin_rotation`], wrap the surviving seeds anew in one commit,
//! [`KeyBag::finish_rotation`]. A power cut between the two leaves both keys, and [`KeyBag::retiring`] says so: the
//! caller goes on where it stopped (a seed opens under exactly one of them).

use crate::folder::SmallFiles;
use crate::two_copies::{CopiesError, TwoCopies};
use canon::{Canon, Malformed, Reader, Writer};
use seal::BagKey;
use std::fmt;
use std::sync::Arc;

const NAMES: [&str; 2] = ["keybag.a", "keybag.b"];

#[derive(Clone)]
struct StoredKey(BagKey);

impl PartialEq for StoredKey {
    fn eq(&self, other: &Self) -> bool {
        *self.0.bytes() == *other.0.bytes()
    }
}

impl Canon for StoredKey {
    fn write(&self, out: &mut Writer) {
        out.fixed(&*self.0.bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(BagKey::from_bytes(from.fixed()?)))
    }
}

/// The bag key and the files it stands in.
pub struct KeyBag {
    copies: TwoCopies<StoredKey>,
    key: BagKey,
}

impl fmt::Debug for KeyBag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBag").field("retiring", &self.retiring().is_some()).finish_non_exhaustive()
    }
}

impl KeyBag {
    /// Whether a folder holds either file, whole or not.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn exists(files: &dyn SmallFiles) -> Result<bool, CopiesError> {
        for file in NAMES {
            if files.exists(file).map_err(|cause| CopiesError::Disk { operation: "look for", file, cause })? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the first key, over whatever a first start that was cut short has left.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn create(files: Arc<dyn SmallFiles>, key: BagKey) -> Result<Self, CopiesError> {
        let mut copies = TwoCopies::empty(files, NAMES);
        copies.write(StoredKey(key.clone()))?;
        copies.write(StoredKey(key.clone()))?;
        Ok(Self { copies, key })
    }

    /// The key of a folder, `None` when there is no file. A damaged copy is written anew from the whole one.
    ///
    /// # Errors
    /// When both copies are damaged, or the disk fails.
    pub fn open(files: Arc<dyn SmallFiles>) -> Result<Option<Self>, CopiesError> {
        let mut copies = TwoCopies::<StoredKey>::load(files, NAMES)?;
        let Some(StoredKey(key)) = copies.newest().cloned() else { return Ok(None) };
        if copies.older().is_none() {
            copies.write(StoredKey(key.clone()))?;
        }
        Ok(Some(Self { copies, key }))
    }

    /// The key to wrap with.
    #[must_use]
    pub const fn key(&self) -> &BagKey {
        &self.key
    }

    /// The key before, while a rotation is not finished: some seeds may still be wrapped under it.
    #[must_use]
    pub fn retiring(&self) -> Option<&BagKey> {
        let older = self.copies.older()?;
        if self.copies.newest() == Some(older) { None } else { Some(&older.0) }
    }

    /// Adds a new key, keeping the one before. Durable when this returns; wrap all seeds anew next.
    ///
    /// # Errors
    /// When the disk fails, or the rotation before is not finished (a third key would push out one in use).
    pub fn begin_rotation(&mut self, key: BagKey) -> Result<(), RotationError> {
        if self.retiring().is_some() {
            return Err(RotationError::Unfinished);
        }
        self.copies.write(StoredKey(key.clone()))?;
        self.key = key;
        Ok(())
    }

    /// Destroys the key before: overwrites its copy. Only after the commit in which no seed is wrapped under it any more.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish_rotation(&mut self) -> Result<(), RotationError> {
        Ok(self.copies.write(StoredKey(self.key.clone()))?)
    }
}

/// Why a rotation could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The files could not be written.
    #[error(transparent)]
    Copies(#[from] CopiesError),
    /// The one before must be finished first.
    #[error("the rotation of the bag key before is not finished")]
    Unfinished,
}
