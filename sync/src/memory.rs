use crate::{Frontier, RegisterMark, limit};
use canon::{Canon, Malformed, Reader, Writer};
use identity::LogId;

const VERSION: u8 = 2;
/// As a box of protocol version 2 wrote it, without the version spoken.
const VERSION_1: u8 = 1;

/// What a box remembers of a peer: a hint for the first flight, never a reason to hold something back for good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What the two last agreed on.
    pub(crate) frontier: Frontier,
    /// What the peer acknowledged since.
    pub(crate) acked: Vec<(LogId, u64)>,
    /// Registers it held.
    pub(crate) registers: Vec<RegisterMark>,
    /// The protocol version that was last spoken with it; 0 when that is not known.
    pub(crate) spoken: u8,
}

impl Canon for Memory {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).value(&self.frontier).u64(self.acked.len() as u64);
        for (log, seq) in &self.acked {
            out.value(log).u64(*seq);
        }
        out.list(&self.registers).u8(self.spoken);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let version = from.u8()?;
        if version != VERSION && version != VERSION_1 {
            return Err(from.malformed("memory of a peer: version"));
        }
        let mut memory = Self { frontier: from.value()?, ..Self::default() };
        for _ in 0..from.count(limit::TIPS)? {
            memory.acked.push((from.value()?, from.u64()?));
        }
        memory.registers = from.list(limit::REGISTERS)?;
        if version == VERSION {
            memory.spoken = from.u8()?;
        }
        Ok(memory)
    }
}
