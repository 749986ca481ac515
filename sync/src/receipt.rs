use crate::{Frontier, Register, kind, limit};
use canon::{Canon, Malformed, Reader, Writer};
use identity::{DeviceKey, LogId, StationNo};

/// An entry that the centre holds durably but has not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldEntry {
    /// Its log.
    pub log: LogId,
    /// Its number.
    pub seq: u64,
    /// Why: admission's content fault. 0 is not used.
    pub reason: u8,
}

/// What the centre says it holds of a station: the only thing that may call a record received. A newer one replaces
/// an older one whole; nothing is ever kept as the larger of two, so that a centre restored from a backup can take its word back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Of the membership list.
    pub generation: u64,
    /// Of the centre; raised when it is restored. Never falls, also over generations.
    pub incarnation: u64,
    /// Counts receipts for this station in this incarnation, below 2^40.
    pub number: u64,
    /// On the centre's disk: the station's logs.
    pub durable: Frontier,
    /// In the centre's backup.
    pub backed_up: Frontier,
    /// Durable but not applied, sorted. A centre with more than [`limit::RECEIPT_HELD`] of them ends `durable` before the
    /// first one not named, so that none is taken for applied.
    pub held: Vec<HeldEntry>,
    /// Blobs that applied entries name and the centre lacks, sorted; where there are more than
    /// [`limit::RECEIPT_MISSING`], `durable` ends before the first entry whose blobs are not named.
    pub missing: Vec<[u8; 32]>,
}

impl Receipt {
    /// What decides between two receipts.
    #[must_use]
    pub fn order(&self) -> (u64, u64, u64) {
        (self.generation, self.incarnation, self.number)
    }

    /// The receipt as the register that carries it.
    #[must_use]
    pub fn sign(&self, centre: &DeviceKey, station: StationNo) -> Register {
        let number = (self.incarnation << 40) | self.number;
        Register::sign(centre, kind::RECEIPT, u64::from(station.0), number, self.to_canon())
    }

    /// Reads the receipt that a register carries and checks that the two agree.
    ///
    /// # Errors
    /// [`Malformed`] when it is no receipt or says another number than its register.
    pub fn from_register(register: &Register) -> Result<Self, Malformed> {
        let receipt = Self::from_canon(&register.body)?;
        let number = (receipt.incarnation << 40) | receipt.number;
        if register.kind != kind::RECEIPT || number != register.number {
            return Err(Reader::new(&register.body).malformed("receipt: not what its register says"));
        }
        Ok(receipt)
    }
}

impl Canon for HeldEntry {
    fn write(&self, out: &mut Writer) {
        out.value(&self.log).u64(self.seq).u8(self.reason);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { log: from.value()?, seq: from.u64()?, reason: from.u8()? })
    }
}

impl Canon for Receipt {
    fn write(&self, out: &mut Writer) {
        out.u64(self.generation).u64(self.incarnation).u64(self.number);
        out.value(&self.durable).value(&self.backed_up).list(&self.held);
        out.u64(self.missing.len() as u64);
        for blob in &self.missing {
            out.fixed(blob);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut receipt = Self {
            generation: from.u64()?,
            incarnation: from.u64()?,
            number: from.u64()?,
            durable: from.value()?,
            backed_up: from.value()?,
            held: from.list(limit::RECEIPT_HELD)?,
            missing: Vec::new(),
        };
        for _ in 0..from.count(limit::RECEIPT_MISSING)? {
            receipt.missing.push(from.fixed()?);
        }
        if receipt.incarnation >> 24 != 0 || receipt.number >> 40 != 0 {
            return Err(from.malformed("receipt number"));
        }
        if !receipt.held.is_sorted_by(|a, b| a < b) || !receipt.missing.is_sorted_by(|a, b| a < b) {
            return Err(from.malformed("receipt: not sorted"));
        }
        Ok(receipt)
    }
}
