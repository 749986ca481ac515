//! A simulated folder: it serves the store like a disk would, and writes down every operation in order.

use redb::StorageBackend;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Folder, SmallFiles};

pub(crate) type FileId = u32;

/// What is in a folder when the power comes back: names with contents.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// What the disk was asked to do, and what the workload said meanwhile.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Create { name: String, file: FileId },
    Rename { from: String, to: String },
    Remove { name: String },
    SyncNames,
    Write { file: FileId, offset: u64, data: Arc<[u8]> },
    SetLen { file: FileId, len: u64 },
    Sync { file: FileId },
    Note(Note),
}

/// What the workload promised, between the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// Commit `n` is under way: it may or may not be found from now on.
    Begun(u64),
    /// Commit `n` was acknowledged: it must be found from now on.
    Acknowledged(u64),
    /// Bag key `n` may be found from now on.
    KeyOffered(u8),
    /// The bag key before `n` must not be found any more.
    KeyDestroyed(u8),
}

/// Planted lies and failures of a disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Says that it has synced, and has not.
    pub(crate) skip_sync: bool,
    /// New databases are written under their last name at once, as without the rename dance.
    pub(crate) no_temporary_name: bool,
    /// Bytes that all files together may take.
    pub(crate) capacity: Option<u64>,
    /// The sync with this number (from 0) fails, and so does everything after it.
    pub(crate) failing_sync: Option<u64>,
}

#[derive(Default)]
struct State {
    names: BTreeMap<String, FileId>,
    files: BTreeMap<FileId, Vec<u8>>,
    log: Vec<Op>,
    next_file: FileId,
    syncs: u64,
    broken: bool,
}

/// The folder; cheap to share.
#[derive(Clone)]
pub(crate) struct SimFolder {
    state: Arc<Mutex<State>>,
    faults: Faults,
    recording: bool,
}

impl std::fmt::Debug for SimFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimFolder")
    }
}

/// An image numbered as [`SimFolder::new`] numbers it, so that a log of that folder can be replayed over it.
pub(crate) fn numbered(image: &Image) -> BTreeMap<String, (FileId, Vec<u8>)> {
    image.iter().zip(0..).map(|((name, bytes), file)| (name.clone(), (file, bytes.clone()))).collect()
}

impl SimFolder {
    pub(crate) fn new(image: Image, faults: Faults, recording: bool) -> Self {
        let mut state = State { next_file: image.len() as FileId, ..State::default() };
        for ((name, bytes), file) in image.into_iter().zip(0..) {
            state.names.insert(name, file);
            state.files.insert(file, bytes);
        }
        Self { state: Arc::new(Mutex::new(state)), faults, recording }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, state: &mut State, op: Op) {
        if self.recording {
            state.log.push(op);
        }
    }

    pub(crate) fn note(&self, note: Note) {
        let mut state = self.state();
        self.record(&mut state, Op::Note(note));
    }

    /// Hands out what was recorded so far.
    pub(crate) fn take_log(&self) -> Vec<Op> {
        std::mem::take(&mut self.state().log)
    }

    /// What lies in the folder now, as after a clean stop.
    pub(crate) fn image(&self) -> Image {
        let state = self.state();
        state.names.iter().map(|(name, file)| (name.clone(), state.files[file].clone())).collect()
    }

    fn named(&self, name: &str) -> String {
        if self.faults.no_temporary_name && name == store::open::DATABASE_NEW {
            return store::open::DATABASE.to_owned();
        }
        name.to_owned()
    }

    fn create(&self, state: &mut State, name: &str) -> FileId {
        if let Some(file) = state.names.get(name) {
            return *file;
        }
        let file = state.next_file;
        state.next_file += 1;
        state.names.insert(name.to_owned(), file);
        state.files.insert(file, Vec::new());
        self.record(state, Op::Create { name: name.to_owned(), file });
        file
    }

    fn set_len(&self, file: FileId, len: u64) -> io::Result<()> {
        let mut state = self.state();
        check(&state)?;
        let room = self.room(&state, file);
        if len > room {
            return Err(ErrorKind::StorageFull.into());
        }
        state.files.get_mut(&file).ok_or(ErrorKind::NotFound)?.resize(len as usize, 0);
        self.record(&mut state, Op::SetLen { file, len });
        Ok(())
    }

    /// How large a file may become.
    fn room(&self, state: &State, file: FileId) -> u64 {
        let Some(capacity) = self.faults.capacity else { return u64::MAX };
        let others: u64 = state
            .files
            .iter()
            .filter(|(other, _)| **other != file)
            .map(|(_, bytes)| bytes.len() as u64)
            .sum();
        capacity.saturating_sub(others)
    }

    fn write(&self, file: FileId, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        check(&state)?;
        let room = self.room(&state, file);
        // A full disk takes what still fits, as write(2) does.
        let fits = (room.saturating_sub(offset) as usize).min(data.len());
        let (data, rest) = data.split_at(fits);
        let bytes = state.files.get_mut(&file).ok_or(ErrorKind::NotFound)?;
        put(bytes, offset, data);
        if !data.is_empty() {
            self.record(&mut state, Op::Write { file, offset, data: data.into() });
        }
        if rest.is_empty() { Ok(()) } else { Err(ErrorKind::StorageFull.into()) }
    }

    fn sync_id(&self, file: FileId) -> io::Result<()> {
        let mut state = self.state();
        check(&state)?;
        if self.faults.failing_sync == Some(state.syncs) {
            state.broken = true;
        }
        state.syncs += 1;
        check(&state)?;
        if !self.faults.skip_sync {
            self.record(&mut state, Op::Sync { file });
        }
        Ok(())
    }

    /// How many syncs there were.
    pub(crate) fn syncs(&self) -> u64 {
        self.state().syncs
    }
}

fn check(state: &State) -> io::Result<()> {
    if state.broken { Err(io::Error::other("planted disk failure")) } else { Ok(()) }
}

/// Writes over, or behind the end with zeros between.
pub(crate) fn put(bytes: &mut Vec<u8>, offset: u64, data: &[u8]) {
    let (start, end) = (offset as usize, offset as usize + data.len());
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(data);
}

impl SmallFiles for SimFolder {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let state = self.state();
        Ok(state.names.get(name).map(|file| state.files[file].clone()))
    }

    fn write_synced(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let file = {
            let mut state = self.state();
            check(&state)?;
            self.create(&mut state, name)
        };
        self.set_len(file, 0)?;
        self.write(file, 0, bytes)?;
        self.sync_id(file)
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        Ok(self.state().names.contains_key(name))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.state();
        check(&state)?;
        if state.names.remove(name).is_some() {
            self.record(&mut state, Op::Remove { name: name.to_owned() });
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if self.named(from) == to {
            return Ok(());
        }
        let mut state = self.state();
        check(&state)?;
        let file = state.names.remove(from).ok_or(ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), file);
        self.record(&mut state, Op::Rename { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.state();
        check(&state)?;
        if !self.faults.skip_sync {
            self.record(&mut state, Op::SyncNames);
        }
        Ok(())
    }
}

impl Folder for SimFolder {
    type Backend = SimFile;

    fn backend(&self, name: &str, create: bool) -> io::Result<SimFile> {
        let name = self.named(name);
        let mut state = self.state();
        let file = if create {
            self.create(&mut state, &name)
        } else {
            *state.names.get(&name).ok_or(ErrorKind::NotFound)?
        };
        drop(state);
        Ok(SimFile { folder: self.clone(), file })
    }

    fn sync_file(&self, name: &str) -> io::Result<()> {
        let file = *self.state().names.get(&self.named(name)).ok_or(ErrorKind::NotFound)?;
        self.sync_id(file)
    }
}

/// One file, as the database library sees it.
#[derive(Debug)]
pub(crate) struct SimFile {
    folder: SimFolder,
    file: FileId,
}

impl StorageBackend for SimFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.folder.state().files.get(&self.file).map_or(0, |bytes| bytes.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.folder.state();
        let bytes = state.files.get(&self.file).ok_or(ErrorKind::NotFound)?;
        let start = offset as usize;
        let found = bytes.get(start..start + out.len()).ok_or(ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.folder.set_len(self.file, len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.folder.sync_id(self.file)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.folder.write(self.file, offset, data)
    }
}
