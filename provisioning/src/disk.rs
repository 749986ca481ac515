use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::limit;

/// A file operation that failed: which, where, and why.
#[derive(Debug)]
pub struct DiskFault {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl DiskFault {
    /// The kind of the failure below.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

impl fmt::Display for DiskFault {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "std's list of kinds is open; the rest get their number"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.source.kind() {
            io::ErrorKind::NotFound => "找不到".to_owned(),
            io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
            io::ErrorKind::StorageFull => "磁盘满了".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "磁盘只能读不能写".to_owned(),
            io::ErrorKind::FileTooLarge => "文件太大，不像是本系统的文件".to_owned(),
            _ => self.source.raw_os_error().map_or("出错".to_owned(), |code| format!("系统错误 {code}")),
        };
        write!(f, "{} {}：{why}", self.action, self.path.display())
    }
}

impl std::error::Error for DiskFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// The file operations that provisioning uses: each is one step that a power cut may precede.
pub(crate) trait Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Creates the folder and those above it, private.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    /// Creates or truncates the file, private (0600), writes, fsyncs.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Names in a folder, sorted.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;
}

/// The real one.
pub(crate) struct SystemDisk;

impl Disk for SystemDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let mut bytes = Vec::new();
        file.take(limit::FILE_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit::FILE_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}

pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>, DiskFault> {
    disk.read(path).map_err(at("读取", path))
}

/// The file, or none when it isn't there. Every other failure is a failure.
pub(crate) fn read_if_any(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, DiskFault> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(at("读取", path)(fault)),
    }
}

/// Puts a private file in place so that a power cut leaves the old one or the new one, never a torn one.
pub(crate) fn put(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskFault> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let new = path.with_file_name(name);
    disk.write(&new, bytes).map_err(at("写入", &new))?;
    disk.rename(&new, path).map_err(at("写入", path))?;
    sync(disk, path.parent().unwrap_or(path))
}

pub(crate) fn make_dir(disk: &dyn Disk, path: &Path) -> Result<(), DiskFault> {
    disk.make_dir(path).map_err(at("建立文件夹", path))?;
    // the entries of new folders must survive too; a parent that can't be opened is not ours
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => disk.sync_dir(parent).map_err(at("建立文件夹", parent)),
        None => Ok(()),
    }
}

/// Removes a file; one that is already gone is fine. It stays removed only after the folder is synced.
pub(crate) fn remove(disk: &dyn Disk, path: &Path) -> Result<(), DiskFault> {
    match disk.remove(path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(at("删除", path)(fault)),
        _ => Ok(()),
    }
}

/// Makes renames and removals in a folder durable.
pub(crate) fn sync(disk: &dyn Disk, folder: &Path) -> Result<(), DiskFault> {
    disk.sync_dir(folder).map_err(at("写入", folder))
}

/// Names in a folder, sorted; none when there is no such folder.
pub(crate) fn list(disk: &dyn Disk, path: &Path) -> Result<Vec<String>, DiskFault> {
    match disk.list(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(at("读取", path)),
    }
}

fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DiskFault {
    move |source| DiskFault { action, path: path.to_owned(), source }
}
