use crate::limit;
use canon::{Canon, Malformed, Reader, Writer};
use identity::{DeviceId, DeviceKey, Epoch, Head, Lane, Signature};

const VERSION: u8 = 1;

/// The first statement of a writer epoch: signed by its device, it names where the device's earlier epochs ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The writer.
    pub device: DeviceId,
    /// Its new epoch.
    pub epoch: Epoch,
    /// All heads, but the local lane's, of every own epoch that no own opening names yet (normally one: the epoch
    /// before), sorted by log. Empty for a first start. See [`crate::Holdings::next_parents`].
    pub parents: Vec<Head>,
    /// By the device.
    pub signature: Signature,
}

/// Why an opening is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpeningFault {
    /// Its device did not sign it.
    #[error("the opening is not signed by its device")]
    Signature,
    /// It names another device's head, its own epoch, a local log, or heads out of order.
    #[error("the opening names parents that no opening may name")]
    Parents,
}

impl Opening {
    /// Signs an opening; the parents are sorted here.
    #[must_use]
    pub fn sign(key: &DeviceKey, epoch: Epoch, mut parents: Vec<Head>) -> Self {
        parents.sort_by_key(|head| head.log);
        let device = key.id();
        let signature = key.sign("opening", |w| fields(w, &device, &epoch, &parents));
        Self { device, epoch, parents, signature }
    }

    /// What the first links of the epoch's logs commit to.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        canon::sha256(&self.to_canon())
    }

    /// Checks what can be checked without knowing anything else.
    ///
    /// # Errors
    /// [`OpeningFault`] when the signature or the parents are not such as the device may have written.
    pub fn verify(&self) -> Result<(), OpeningFault> {
        let fits = |head: &Head| {
            head.log.device == self.device && head.log.epoch != self.epoch && head.log.lane != Lane::LOCAL
        };
        let sorted = self.parents.is_sorted_by(|a, b| a.log < b.log);
        if !sorted || !self.parents.iter().all(fits) || self.parents.iter().any(|head| head.seq == 0) {
            return Err(OpeningFault::Parents);
        }
        let covered = |w: &mut Writer| fields(w, &self.device, &self.epoch, &self.parents);
        self.device.verify("opening", covered, &self.signature).map_err(|_| OpeningFault::Signature)
    }
}

fn fields(out: &mut Writer, device: &DeviceId, epoch: &Epoch, parents: &[Head]) {
    out.u8(VERSION).value(device).value(epoch).list(parents);
}

impl Canon for Opening {
    fn write(&self, out: &mut Writer) {
        fields(out, &self.device, &self.epoch, &self.parents);
        out.value(&self.signature);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("opening: a version this box does not know"));
        }
        Ok(Self {
            device: from.value()?,
            epoch: from.value()?,
            parents: from.list(limit::PARENTS)?,
            signature: from.value()?,
        })
    }
}
