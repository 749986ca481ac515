//! A box's folder as a port: the real one, or one that a harness cuts the power of.

use redb::StorageBackend;
use redb::backends::FileBackend;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

/// Only the box's own user may read what lies in its folder.
const FILE_MODE: u32 = 0o600;

/// Small files that are read and written whole.
pub trait SmallFiles: Send + Sync {
    /// The content of a file, `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Writes a file and waits until its content is on the disk. A power cut meanwhile may leave anything in it. A new
    /// name is only kept for sure after [`SmallFiles::sync`].
    ///
    /// # Errors
    /// When the disk fails.
    fn write_synced(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Whether there is a file of this name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn exists(&self, name: &str) -> io::Result<bool>;

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// When the disk fails.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Gives a file another name, replacing what had it.
    ///
    /// # Errors
    /// When the disk fails.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Waits until the names (not the contents) are on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    fn sync(&self) -> io::Result<()>;
}

/// A folder that can also hold a database.
pub trait Folder: SmallFiles {
    /// How its databases are written.
    type Backend: StorageBackend;

    /// A file for the database library; with `create`, made when it is not there.
    ///
    /// # Errors
    /// When it is not there, or cannot be opened.
    fn backend(&self, name: &str, create: bool) -> io::Result<Self::Backend>;

    /// Waits until a file's content is on the disk.
    ///
    /// # Errors
    /// When it is not there, or the disk fails.
    fn sync_file(&self, name: &str) -> io::Result<()>;
}

/// A folder of the file system.
#[derive(Debug, Clone)]
pub struct DiskFolder {
    path: PathBuf,
}

impl DiskFolder {
    /// The folder at `path`, made when it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn at(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }
}

impl SmallFiles for DiskFolder {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match File::open(self.path.join(name)) {
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write_synced(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(FILE_MODE);
        let mut file = options.open(self.path.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        self.path.join(name).try_exists()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

impl Folder for DiskFolder {
    type Backend = FileBackend;

    fn backend(&self, name: &str, create: bool) -> io::Result<FileBackend> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(create).truncate(false).mode(FILE_MODE);
        let file = options.open(self.path.join(name))?;
        FileBackend::new(file).map_err(io::Error::other)
    }

    fn sync_file(&self, name: &str) -> io::Result<()> {
        File::open(self.path.join(name))?.sync_all()
    }
}
