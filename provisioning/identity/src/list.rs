use crate::{Cut, Delegation, DeviceId, DeviceKey, Ruling, Signature, StationNo, limit};
use canon::{Canon, Malformed, Reader, Writer};

const VERSION: u8 = 1;

/// What a box is in the township.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The township's box, the hub of the mesh.
    Centre,
    /// A village's box.
    Station,
}

/// The public half of a member's sealing key, never its identity key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberSealing {
    /// Counts from 1; the newest is used.
    pub version: u64,
    /// X25519 public key.
    pub key: [u8; 32],
}

/// A box that belongs to the township.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its identity.
    pub device: DeviceId,
    /// What it may do.
    pub role: Role,
    /// Its number; 0 for the centre and nobody else.
    pub station: StationNo,
    /// Its name as people know it.
    pub name: String,
    /// Its administrative division, 12 digits.
    pub division: String,
    /// The sealing key it was provisioned with; a register may announce a newer one.
    pub sealing: MemberSealing,
    /// Static addresses "host:port": hints, never identity.
    pub addresses: Vec<String>,
}

/// Where a list stands in the order of lists: the generation first, then its number in the generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListNumber {
    /// Raised by the root only.
    pub generation: u64,
    /// Counts lists in the generation, from 1.
    pub epoch: u64,
}

/// Everything a list says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Who signs, and which box is the centre.
    pub delegation: Delegation,
    /// The number of the list in this generation, from 1.
    pub epoch: u64,
    /// The hash of the list before; zero for the first.
    pub previous: [u8; 32],
    /// Of the centre: raised when it is restored from a backup, so that old receipts lose.
    pub incarnation: u64,
    /// Sorted by device.
    pub members: Vec<Member>,
    /// Sorted by device.
    pub cuts: Vec<Cut>,
    /// Sorted by device and epoch.
    pub rulings: Vec<Ruling>,
}

/// A roster and its signature, as stored and sent. Nothing about it has been verified: see [`crate::Membership`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipList {
    /// What it says.
    pub roster: Roster,
    /// By the delegated signer.
    pub signature: Signature,
}

impl Roster {
    /// The roster to be changed and signed after `list`: same content, next number, chained to it.
    #[must_use]
    pub fn after(list: &MembershipList) -> Self {
        let mut next = list.roster.clone();
        next.epoch = next.epoch.saturating_add(1);
        next.previous = list.hash();
        next
    }

    /// The same under a delegation of a higher generation, whose lists count from 1 again.
    #[must_use]
    pub fn under(mut self, delegation: Delegation) -> Self {
        self.delegation = delegation;
        self.epoch = 1;
        self
    }

    /// Sorts what must be sorted and signs.
    #[must_use]
    pub fn sign(mut self, signer: &DeviceKey) -> MembershipList {
        self.members.sort_by_key(|member| member.device);
        for cut in &mut self.cuts {
            cut.heads.sort_by_key(|head| head.log);
        }
        self.cuts.sort_by_key(|cut| cut.device);
        for ruling in &mut self.rulings {
            ruling.keep.sort_by_key(|head| head.log);
        }
        self.rulings.sort_by_key(|ruling| (ruling.device, ruling.epoch));
        let signature = signer.sign("membership", |w| self.write(w));
        MembershipList { roster: self, signature }
    }

    /// Where a list with this roster stands.
    #[must_use]
    pub fn number(&self) -> ListNumber {
        ListNumber { generation: self.delegation.generation, epoch: self.epoch }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u8(VERSION).value(&self.delegation).u64(self.epoch).fixed(&self.previous).u64(self.incarnation);
        out.list(&self.members).list(&self.cuts).list(&self.rulings);
    }
}

impl MembershipList {
    /// What `previous` of the next list names.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        canon::sha256(&self.to_canon())
    }

    /// Where this list stands in the order of lists.
    #[must_use]
    pub fn number(&self) -> ListNumber {
        self.roster.number()
    }
}

impl Canon for MembershipList {
    fn write(&self, out: &mut Writer) {
        self.roster.write(out);
        out.value(&self.signature);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.remaining().len() > limit::LIST_BYTES {
            return Err(from.malformed("membership list too long"));
        }
        if from.u8()? != VERSION {
            return Err(from.malformed("membership list version"));
        }
        let roster = Roster {
            delegation: from.value()?,
            epoch: from.u64()?,
            previous: from.fixed()?,
            incarnation: from.u64()?,
            members: from.list(limit::MEMBERS)?,
            cuts: from.list(limit::CUTS)?,
            rulings: from.list(limit::RULINGS)?,
        };
        Ok(Self { roster, signature: from.value()? })
    }
}

impl Canon for Role {
    fn write(&self, out: &mut Writer) {
        out.u8(match self {
            Self::Centre => 0,
            Self::Station => 1,
        });
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.u8()? {
            0 => Ok(Self::Centre),
            1 => Ok(Self::Station),
            _ => Err(from.malformed("role")),
        }
    }
}

impl Canon for Member {
    fn write(&self, out: &mut Writer) {
        out.value(&self.device).value(&self.role).value(&self.station);
        out.str(&self.name).str(&self.division);
        out.u64(self.sealing.version).fixed(&self.sealing.key);
        out.u64(self.addresses.len() as u64);
        for address in &self.addresses {
            out.str(address);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut member = Self {
            device: from.value()?,
            role: from.value()?,
            station: from.value()?,
            name: from.str(limit::NAME_BYTES)?.to_owned(),
            division: from.str(limit::DIVISION_DIGITS)?.to_owned(),
            sealing: MemberSealing { version: from.u64()?, key: from.fixed()? },
            addresses: Vec::new(),
        };
        for _ in 0..from.count(limit::ADDRESSES)? {
            member.addresses.push(from.str(limit::ADDRESS_BYTES)?.to_owned());
        }
        Ok(member)
    }
}
