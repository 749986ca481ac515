use crate::{Frontier, RegisterMark, limit};
use canon::{Canon, Malformed, Reader, Writer};
use identity::LogId;

const VERSION: u8 = 1;

/// What a box remembers of a peer: a hint for the first flight, never a reason to hold something back for good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What the two last agreed on.
    pub(crate) frontier: Frontier,
    /// What the peer acknowledged since.
    pub(crate) acked: Vec<(LogId, u64)>,
    /// Registers it held.
    pub(crate) registers: Vec<RegisterMark>,
}

impl Canon for Memory {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).value(&self.frontier).u64(self.acked.len() as u64);
        for (log, seq) in &self.acked {
            out.value(log).u64(*seq);
        }
        out.list(&self.registers);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("memory of a peer: version"));
        }
        let mut memory = Self { frontier: from.value()?, ..Self::default() };
        for _ in 0..from.count(limit::TIPS)? {
            memory.acked.push((from.value()?, from.u64()?));
        }
        memory.registers = from.list(limit::REGISTERS)?;
        Ok(memory)
    }
}
