//! Opens a box's folder, or makes its first database. Never starts fresh in silence: a database that is gone, empty or
//! older than what stands beside it is said.

use crate::engine::{Engine as _, EngineError, commit_number};
use crate::folder::{Folder, SmallFiles};
use crate::free_space::FreeSpace;
use crate::keybag::KeyBag;
use crate::limit;
use crate::redb_engine::{Check, RedbEngine};
use crate::stamp::Stamp;
use crate::two_copies::CopiesError;
use redb::StorageBackend as _;
use seal::BagKey;
use std::io;
use std::sync::Arc;

/// The database's name in its folder.
pub const DATABASE: &str = "bianmin.redb";
/// Its name until it is whole.
pub const DATABASE_NEW: &str = "bianmin.redb.new";

/// What a folder's files say against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// Nothing.
    None,
    /// The database is behind its stamp: damaged, or restored from a backup. Tell the engineer.
    OlderThanStamp {
        /// Commits in the database.
        database: u64,
        /// Commits that the stamp saw.
        stamp: u64,
    },
    /// The database is empty, though a stamp says that it was not.
    Empty {
        /// Commits that the stamp saw.
        stamp: u64,
    },
}

/// An opened folder.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub engine: RedbEngine,
    /// The bag key.
    pub keybag: KeyBag,
    /// The stamp.
    pub stamp: Stamp,
    /// Whether this start made the database.
    pub fresh: bool,
    /// What the engineer must be told.
    pub suspicion: Suspicion,
    /// [`Check::Later`]: the file was too large to check while opening; run [`RedbEngine::verify`].
    pub check: Check,
}

/// Why a folder was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database did not open.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Key bag or stamp did not open.
    #[error(transparent)]
    Copies(#[from] CopiesError),
    /// The folder failed.
    #[error("{operation} {file}: {cause}")]
    Folder {
        /// What was being done.
        operation: &'static str,
        /// To which file.
        file: &'static str,
        /// Why it failed.
        cause: io::Error,
    },
    /// There is a key bag or a stamp, but no database: restore it from a backup, or clear the folder on purpose.
    #[error("the database is gone, though its key bag or stamp is there")]
    DatabaseGone,
    /// There is a database with content, but no key bag: no personal value in it can be opened.
    #[error("the key bag is gone, though the database has content")]
    KeyBagGone,
}

/// Opens `folder`; makes the database when the folder holds nothing of a box yet. `fresh_key` is a random bag key, used
/// only then. Safe to be cut short at any moment and called again.
///
/// # Errors
/// [`OpenError`]: nothing was started fresh.
pub fn open<F: Folder + 'static>(
    folder: &Arc<F>,
    space: Box<dyn FreeSpace>,
    fresh_key: BagKey,
) -> Result<Opened, OpenError> {
    let files: Arc<dyn SmallFiles> = Arc::clone(folder) as Arc<dyn SmallFiles>;
    let stamp = Stamp::open(Arc::clone(&files))?;
    let fresh = !exists(&**folder, DATABASE)?;
    if fresh {
        if stamp.commit().is_some() || KeyBag::exists(&**folder)? {
            return Err(OpenError::DatabaseGone);
        }
        create(&**folder)?;
    }
    let backend = folder.backend(DATABASE, false).map_err(failed("open", DATABASE))?;
    let length = backend.len().map_err(failed("measure", DATABASE))?;
    let check = if length <= limit::CHECK_ON_OPEN_BYTES_MAX { Check::WhileOpening } else { Check::Later };
    let engine = RedbEngine::open(backend, check, space)?;
    let database = commit_number(&*engine.read()?)?;
    let suspicion = match stamp.commit() {
        Some(stamp) if database == 0 && stamp > 0 => Suspicion::Empty { stamp },
        Some(stamp) if database < stamp => Suspicion::OlderThanStamp { database, stamp },
        Some(_) | None => Suspicion::None,
    };
    let keybag = keybag(files, database, &suspicion, fresh_key)?;
    Ok(Opened { engine, keybag, stamp, fresh, suspicion, check })
}

/// The key bag; the first one is made after the database, so that a first start cut short between the two goes on.
fn keybag(
    files: Arc<dyn SmallFiles>,
    database: u64,
    suspicion: &Suspicion,
    fresh_key: BagKey,
) -> Result<KeyBag, OpenError> {
    // Nothing was ever committed: no seed can be wrapped under a key that is missing or half written.
    let nothing_wrapped = database == 0 && *suspicion == Suspicion::None;
    match KeyBag::open(Arc::clone(&files)) {
        Ok(Some(keybag)) => Ok(keybag),
        Ok(None) if !nothing_wrapped => Err(OpenError::KeyBagGone),
        Err(CopiesError::Damaged { .. }) | Ok(None) if nothing_wrapped => {
            Ok(KeyBag::create(files, fresh_key)?)
        }
        Ok(None) => Err(OpenError::KeyBagGone),
        Err(error) => Err(error.into()),
    }
}

/// Makes the database under a temporary name: only a whole one ever bears its name.
fn create<F: Folder>(folder: &F) -> Result<(), OpenError> {
    folder.remove(DATABASE_NEW).map_err(failed("remove", DATABASE_NEW))?;
    let backend = folder.backend(DATABASE_NEW, true).map_err(failed("create", DATABASE_NEW))?;
    RedbEngine::create(backend, Box::new(crate::free_space::Unbounded))?.close()?;
    place(folder, DATABASE_NEW, DATABASE)
}

/// Gives a finished file its name, durably.
pub(crate) fn place<F: Folder>(folder: &F, from: &'static str, to: &'static str) -> Result<(), OpenError> {
    folder.sync_file(from).map_err(failed("sync", from))?;
    folder.rename(from, to).map_err(failed("rename", from))?;
    folder.sync().map_err(failed("keep the name of", to))
}

fn exists<F: Folder>(folder: &F, file: &'static str) -> Result<bool, OpenError> {
    folder.exists(file).map_err(failed("look for", file))
}

pub(crate) fn failed(operation: &'static str, file: &'static str) -> impl Fn(io::Error) -> OpenError {
    move |cause| OpenError::Folder { operation, file, cause }
}
