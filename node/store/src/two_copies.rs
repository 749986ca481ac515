//! A small value in two files, written in turn: a power cut while one is written leaves the other.

use crate::folder::SmallFiles;
use canon::{Canon, Malformed, Reader, Writer};
use std::io;
use std::sync::Arc;

const VERSION: u8 = 1;

/// What a copy says: which write it was, and the value.
struct Copy<T> {
    generation: u64,
    value: T,
}

/// Why a two-copy file gives no value.
#[derive(Debug, thiserror::Error)]
pub enum CopiesError {
    /// The disk failed.
    #[error("{operation} {file}: {cause}")]
    Disk {
        /// What was being done.
        operation: &'static str,
        /// To which file.
        file: &'static str,
        /// Why it failed.
        cause: io::Error,
    },
    /// There are copies, but none is whole.
    #[error("both copies of {file} are damaged")]
    Damaged {
        /// The first copy's name.
        file: &'static str,
    },
}

/// The two copies, as they were found or last written.
pub(crate) struct TwoCopies<T> {
    files: Arc<dyn SmallFiles>,
    names: [&'static str; 2],
    copies: [Option<Copy<T>>; 2],
}

impl<T: Canon + Clone + PartialEq> TwoCopies<T> {
    /// Reads both copies. A damaged copy counts as missing, unless both are and at least one file is there.
    pub(crate) fn load(files: Arc<dyn SmallFiles>, names: [&'static str; 2]) -> Result<Self, CopiesError> {
        let mut damaged = 0;
        let mut read = |file: &'static str| {
            let bytes =
                files.read(file).map_err(|cause| CopiesError::Disk { operation: "read", file, cause })?;
            let copy = bytes.as_deref().map(decode);
            damaged += usize::from(matches!(copy, Some(None)));
            Ok(copy.flatten())
        };
        let copies = [read(names[0])?, read(names[1])?];
        if damaged > 0 && copies.iter().all(Option::is_none) {
            return Err(CopiesError::Damaged { file: names[0] });
        }
        Ok(Self { files, names, copies })
    }

    /// As if neither file were there: for a first start that was cut short.
    pub(crate) fn empty(files: Arc<dyn SmallFiles>, names: [&'static str; 2]) -> Self {
        Self { files, names, copies: [None, None] }
    }

    /// The newest value.
    pub(crate) fn newest(&self) -> Option<&T> {
        self.copies.iter().flatten().max_by_key(|copy| copy.generation).map(|copy| &copy.value)
    }

    /// The value of the other copy.
    pub(crate) fn older(&self) -> Option<&T> {
        match &self.copies {
            [Some(first), Some(second)] if first.generation <= second.generation => Some(&first.value),
            [Some(_), Some(second)] => Some(&second.value),
            [None, _] | [_, None] => None,
        }
    }

    /// Writes a value over the older copy; when this returns it is on the disk, and until then the newest was.
    pub(crate) fn write(&mut self, value: T) -> Result<(), CopiesError> {
        let generations = self.copies.each_ref().map(|copy| copy.as_ref().map_or(0, |copy| copy.generation));
        let [first, second] = generations;
        let generation = first.max(second).saturating_add(1);
        let [copy_a, copy_b] = &mut self.copies;
        let (file, slot) = if first <= second { (self.names[0], copy_a) } else { (self.names[1], copy_b) };
        let failed = |operation| move |cause| CopiesError::Disk { operation, file, cause };
        // A copy that is not known to be whole may also have a name that is not on the disk yet.
        let keep_name = slot.is_none();
        // The slot is void until the write has ended: a failed write may have left anything in the file.
        *slot = None;
        self.files.write_synced(file, &encode(generation, &value)).map_err(failed("write"))?;
        if keep_name {
            self.files.sync().map_err(failed("keep the name of"))?;
        }
        *slot = Some(Copy { generation, value });
        Ok(())
    }
}

fn encode<T: Canon>(generation: u64, value: &T) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).u64(generation).value(value);
    let sum = crc32c::crc32c(out.as_bytes());
    out.fixed(&sum.to_le_bytes());
    out.into_bytes()
}

fn decode<T: Canon>(bytes: &[u8]) -> Option<Copy<T>> {
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    if crc32c::crc32c(body) != u32::from_le_bytes(*sum) {
        return None;
    }
    read(body).ok()
}

fn read<T: Canon>(body: &[u8]) -> Result<Copy<T>, Malformed> {
    let mut reader = Reader::new(body);
    if reader.u8()? != VERSION {
        return Err(reader.malformed("version of a two-copy file"));
    }
    let copy = Copy { generation: reader.u64()?, value: reader.value()? };
    reader.end()?;
    Ok(copy)
}
