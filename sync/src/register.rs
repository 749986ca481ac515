use crate::limit;
use canon::{Canon, Malformed, Reader, Writer};
use identity::{DeviceId, DeviceKey, Membership, MembershipList, Signature};
use std::fmt;

const VERSION: u8 = 1;

/// The kinds of registers.
pub mod kind {
    /// The membership list; owner = its signer, number = generation << 32 | epoch.
    pub const MEMBERSHIP: u8 = 1;
    /// A receipt; owner = the centre, subject = the station's number.
    pub const RECEIPT: u8 = 2;
    /// A member's newest sealing key.
    pub const SEALING_KEY: u8 = 3;
    /// How a station is: version, disk, clock.
    pub const HEALTH: u8 = 4;
}

/// A signed statement of which only the newest counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Register {
    /// One of [`kind`].
    pub kind: u8,
    /// Who signs.
    pub owner: DeviceId,
    /// What it is about; 0 where the kind has one per owner.
    pub subject: u64,
    /// The higher number replaces.
    pub number: u64,
    /// What it says; see the kind.
    pub body: Vec<u8>,
    /// By the owner.
    pub signature: Signature,
}

/// Which register a number belongs to: statements in one slot replace each other. Lists and receipts change their owner
/// with the township's signer and centre, so the owner is no part of their slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// One of [`kind`].
    pub kind: u8,
    /// The owner where each has its own.
    pub owner: Option<DeviceId>,
    /// What it is about.
    pub subject: u64,
}

/// That a register is held, without its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterMark {
    /// One of [`kind`].
    pub kind: u8,
    /// Who signed it.
    pub owner: DeviceId,
    /// What it is about.
    pub subject: u64,
    /// Which version is held.
    pub number: u64,
}

/// Why a register is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegisterFault {
    /// The owner did not sign it.
    #[error("the register is not signed by its owner")]
    Signature,
    /// The owner may not write this register.
    #[error("the owner may not write this register")]
    Owner,
}

impl Register {
    /// Signs a statement.
    #[must_use]
    pub fn sign(key: &DeviceKey, kind: u8, subject: u64, number: u64, body: Vec<u8>) -> Self {
        let owner = key.id();
        let mark = RegisterMark { kind, owner, subject, number };
        let signature = key.sign("register", |w| fields(w, &mark, &body));
        Self { kind, owner, subject, number, body, signature }
    }

    /// The statement without its body.
    #[must_use]
    pub fn mark(&self) -> RegisterMark {
        RegisterMark { kind: self.kind, owner: self.owner, subject: self.subject, number: self.number }
    }

    /// Checks the signature, and that this owner may write this register. What a membership list says is anchored in the
    /// root, not in the list held, so its signature is left to [`identity::Membership::adopt`].
    ///
    /// # Errors
    /// [`RegisterFault`].
    pub fn verify(&self, membership: &Membership) -> Result<(), RegisterFault> {
        if self.kind == kind::MEMBERSHIP {
            return self.verify_list();
        }
        let mark = self.mark();
        let covered = |w: &mut Writer| fields(w, &mark, &self.body);
        self.owner.verify("register", covered, &self.signature).map_err(|_| RegisterFault::Signature)?;
        let member = membership.member(&self.owner);
        let allowed = match self.kind {
            kind::RECEIPT => membership.centre().is_some_and(|centre| centre.device == self.owner),
            kind::SEALING_KEY => self.subject == 0 && member.is_some(),
            kind::HEALTH => member.is_some_and(|member| u64::from(member.station.0) == self.subject),
            _ => false,
        };
        if allowed { Ok(()) } else { Err(RegisterFault::Owner) }
    }

    /// A membership list as a register. The list carries its signer's word itself, so any box can hand it on: the
    /// register's owner is that signer, its signature the list's.
    #[must_use]
    pub fn of_list(list: &MembershipList) -> Self {
        let number = list.number();
        Self {
            kind: kind::MEMBERSHIP,
            owner: list.roster.delegation.signer,
            subject: 0,
            number: (number.generation << 32) | number.epoch,
            body: list.to_canon(),
            signature: list.signature,
        }
    }

    fn verify_list(&self) -> Result<(), RegisterFault> {
        let list = MembershipList::from_canon(&self.body).map_err(|_| RegisterFault::Signature)?;
        if *self == Self::of_list(&list) { Ok(()) } else { Err(RegisterFault::Signature) }
    }
}

impl RegisterMark {
    /// Whether `other`, of the same slot, takes this one's place: the higher number. The receipts of two centres count
    /// apart, and only the present one's are ever offered, so another's takes the place whatever its number.
    #[must_use]
    pub fn is_replaced_by(&self, other: &Self) -> bool {
        other.number > self.number || (self.kind == kind::RECEIPT && self.owner != other.owner)
    }

    /// Where it stands.
    #[must_use]
    pub fn slot(&self) -> Slot {
        let shared = self.kind == kind::MEMBERSHIP || self.kind == kind::RECEIPT;
        Slot { kind: self.kind, owner: (!shared).then_some(self.owner), subject: self.subject }
    }
}

fn fields(out: &mut Writer, mark: &RegisterMark, body: &[u8]) {
    out.u8(VERSION).value(mark).bytes(body);
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Register({:?}, {} bytes)", self.mark(), self.body.len())
    }
}

impl Canon for RegisterMark {
    fn write(&self, out: &mut Writer) {
        out.u8(self.kind).value(&self.owner).u64(self.subject).u64(self.number);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { kind: from.u8()?, owner: from.value()?, subject: from.u64()?, number: from.u64()? })
    }
}

impl Canon for Register {
    fn write(&self, out: &mut Writer) {
        fields(out, &self.mark(), &self.body);
        out.value(&self.signature);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("register: a version this box does not know"));
        }
        let mark: RegisterMark = from.value()?;
        Ok(Self {
            kind: mark.kind,
            owner: mark.owner,
            subject: mark.subject,
            number: mark.number,
            body: from.bytes(limit::REGISTER_BYTES)?.to_vec(),
            signature: from.value()?,
        })
    }
}
