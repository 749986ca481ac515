//! How much room the disk has: a port, so that tests can fill it.

use std::io;
use std::path::PathBuf;

/// Says how much may still be written.
pub trait FreeSpace: Send + Sync {
    /// Bytes that this process may still write.
    ///
    /// # Errors
    /// When the disk cannot be asked.
    fn free_bytes(&self) -> io::Result<u64>;
}

/// The file system that holds a folder.
#[derive(Debug)]
pub struct DiskSpace {
    folder: PathBuf,
}

impl DiskSpace {
    /// Asks about the file system of `folder`.
    #[must_use]
    pub const fn of(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl FreeSpace for DiskSpace {
    fn free_bytes(&self) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(&self.folder)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

/// Always enough: for memory and for harnesses that model the disk elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Unbounded;

impl FreeSpace for Unbounded {
    fn free_bytes(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}
