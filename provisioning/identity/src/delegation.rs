use crate::{BadSignature, DeviceId, DeviceKey, Signature};
use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

/// The township's offline key, public half: what a box trusts from its kit on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootId(pub [u8; 32]);

/// The township's name on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TownshipId(pub [u8; 16]);

/// The township's offline key. It signs delegations and nothing else.
#[derive(Clone, Debug)]
pub struct RootKey(DeviceKey);

/// The root's word on who signs lists and which box is the centre, in one generation. Only the root raises the generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// The township.
    pub township: TownshipId,
    /// From 1; the higher generation wins over any number of lists of a lower one.
    pub generation: u64,
    /// The key that signs this generation's lists.
    pub signer: DeviceId,
    /// The centre's device; none until the centre has been provisioned.
    pub centre: Option<DeviceId>,
    /// By the root.
    pub signature: Signature,
}

impl RootId {
    /// The township that this root founds.
    #[must_use]
    pub fn township(&self) -> TownshipId {
        let hash = canon::hash("township", |w| {
            w.fixed(&self.0);
        });
        let mut id = [0; 16];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        TownshipId(id)
    }

    /// As [`DeviceId::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self) -> String {
        DeviceId(self.0).fingerprint()
    }

    /// All 64 lower-case hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        DeviceId(self.0).hex()
    }

    /// The inverse of [`RootId::hex`].
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        DeviceId::from_hex(text).map(|id| Self(id.0))
    }
}

impl TownshipId {
    /// All 32 lower-case hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }
}

impl RootKey {
    /// The key that grows from a 32-byte seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(DeviceKey::from_seed(seed))
    }

    /// The public half.
    #[must_use]
    pub fn id(&self) -> RootId {
        RootId(self.0.id().0)
    }

    /// Names the signer and the centre of one generation.
    #[must_use]
    pub fn delegate(&self, generation: u64, signer: DeviceId, centre: Option<DeviceId>) -> Delegation {
        let township = self.id().township();
        let signature =
            self.0.sign("delegation", |w| fields(w, &township, generation, &signer, centre.as_ref()));
        Delegation { township, generation, signer, centre, signature }
    }
}

impl Delegation {
    /// Checks that `root` signed this for its own township.
    ///
    /// # Errors
    /// [`BadSignature`] when it did not.
    pub fn verify(&self, root: &RootId) -> Result<(), BadSignature> {
        if self.township != root.township() {
            return Err(BadSignature);
        }
        let covered =
            |w: &mut Writer| fields(w, &self.township, self.generation, &self.signer, self.centre.as_ref());
        DeviceId(root.0).verify("delegation", covered, &self.signature)
    }
}

fn fields(
    out: &mut Writer,
    township: &TownshipId,
    generation: u64,
    signer: &DeviceId,
    centre: Option<&DeviceId>,
) {
    out.value(township).u64(generation).value(signer).option(centre);
}

impl fmt::Debug for RootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&DeviceId(self.0), f)
    }
}

impl fmt::Debug for TownshipId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.hex();
        f.write_str(hex.get(..8).unwrap_or(&hex))
    }
}

impl Canon for TownshipId {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.fixed()?))
    }
}

impl Canon for Delegation {
    fn write(&self, out: &mut Writer) {
        fields(out, &self.township, self.generation, &self.signer, self.centre.as_ref());
        out.value(&self.signature);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            township: from.value()?,
            generation: from.u64()?,
            signer: from.value()?,
            centre: from.option()?,
            signature: from.value()?,
        })
    }
}
