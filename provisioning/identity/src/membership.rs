use crate::{
    Cut, CutFault, DeviceId, Link, ListNumber, LogId, Member, MembershipList, Openings, Order, Role, RootId,
    Roster, Ruling, StationNo, TownshipId, limit,
};
use canon::Canon as _;

/// A membership list whose signature chain and content have been verified. There is no other way to get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    list: MembershipList,
    root: RootId,
    hash: [u8; 32],
}

/// What a writer is or was: a cut device keeps the rights of its accepted entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writer {
    /// Its role.
    pub role: Role,
    /// Its number.
    pub station: StationNo,
    /// Whether it is cut: then only entries up to its accepted heads count.
    pub cut: bool,
}

/// Why a list is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Its bytes are no list of a version we know.
    #[error(transparent)]
    Malformed(#[from] canon::Malformed),
    /// The root did not sign the delegation, or it is for another township.
    #[error("the delegation is not signed by this township's root")]
    Delegation,
    /// The delegated signer did not sign the list.
    #[error("the list is not signed by the delegated signer")]
    Signature,
    /// It is signed, but says what no list may say.
    #[error("the list is inconsistent: {0}")]
    Inconsistent(&'static str),
}

impl Membership {
    /// Verifies the chain root → delegation → list, and that the list is consistent.
    ///
    /// # Errors
    /// [`ListFault`] says which link of the chain or which rule is broken.
    pub fn verify(list: MembershipList, root: &RootId) -> Result<Self, ListFault> {
        list.roster.delegation.verify(root).map_err(|_| ListFault::Delegation)?;
        let signer = list.roster.delegation.signer;
        let covered = |w: &mut canon::Writer| list.roster.write(w);
        signer.verify("membership", covered, &list.signature).map_err(|_| ListFault::Signature)?;
        consistent(&list.roster).map_err(ListFault::Inconsistent)?;
        if list.to_canon().len() > limit::LIST_BYTES {
            return Err(ListFault::Inconsistent("longer than a list may be"));
        }
        let hash = list.hash();
        Ok(Self { list, root: *root, hash })
    }

    /// Reads canonical bytes, then verifies.
    ///
    /// # Errors
    /// As [`Membership::verify`], or malformed.
    pub fn from_bytes(bytes: &[u8], root: &RootId) -> Result<Self, ListFault> {
        Self::verify(MembershipList::from_canon(bytes)?, root)
    }

    /// The list as signed.
    #[must_use]
    pub fn list(&self) -> &MembershipList {
        &self.list
    }

    /// The root that it was verified against.
    #[must_use]
    pub fn root(&self) -> &RootId {
        &self.root
    }

    /// The township.
    #[must_use]
    pub fn township(&self) -> TownshipId {
        self.list.roster.delegation.township
    }

    /// The key that signs this generation's lists.
    #[must_use]
    pub fn signer(&self) -> &DeviceId {
        &self.list.roster.delegation.signer
    }

    /// Where the list stands in the order of lists.
    #[must_use]
    pub fn number(&self) -> ListNumber {
        self.list.number()
    }

    /// The list's hash.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// The centre's incarnation.
    #[must_use]
    pub fn incarnation(&self) -> u64 {
        self.list.roster.incarnation
    }

    /// Whose receipts count: the generation, the incarnation, and the centre. Where it differs, nothing that was
    /// confirmed before holds any more.
    #[must_use]
    pub fn centre_term(&self) -> (u64, u64, Option<DeviceId>) {
        (self.number().generation, self.incarnation(), self.list.roster.delegation.centre)
    }

    /// All members, sorted by device.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.list.roster.members
    }

    /// The member with this key, unless it is cut or unknown.
    #[must_use]
    pub fn member(&self, device: &DeviceId) -> Option<&Member> {
        let members = &self.list.roster.members;
        members.binary_search_by_key(device, |member| member.device).ok().and_then(|at| members.get(at))
    }

    /// The member that has this number now.
    #[must_use]
    pub fn station(&self, number: StationNo) -> Option<&Member> {
        self.members().iter().find(|member| member.station == number)
    }

    /// The centre; none until it has been provisioned.
    #[must_use]
    pub fn centre(&self) -> Option<&Member> {
        self.list.roster.delegation.centre.as_ref().and_then(|device| self.member(device))
    }

    /// The cut of this device, if it is revoked.
    #[must_use]
    pub fn cut(&self, device: &DeviceId) -> Option<&Cut> {
        let cuts = &self.list.roster.cuts;
        cuts.binary_search_by_key(device, |cut| cut.device).ok().and_then(|at| cuts.get(at))
    }

    /// The ruling on a fork of this device in this epoch.
    #[must_use]
    pub fn ruling(&self, device: &DeviceId, epoch: &crate::Epoch) -> Option<&Ruling> {
        self.list.roster.rulings.iter().find(|r| r.device == *device && r.epoch == *epoch)
    }

    /// What this device is, or was before it was cut.
    #[must_use]
    pub fn writer(&self, device: &DeviceId) -> Option<Writer> {
        if let Some(member) = self.member(device) {
            return Some(Writer { role: member.role, station: member.station, cut: false });
        }
        self.cut(device).map(|cut| Writer { role: cut.role, station: cut.station, cut: true })
    }

    /// Whether an entry counts, by what the list alone says: see [`Membership::accepts_with`].
    ///
    /// # Errors
    /// [`CutFault`], as [`Membership::accepts_with`].
    pub fn accepts(&self, log: &LogId, seq: u64, link: &Link) -> Result<(), CutFault> {
        self.accepts_with(log, seq, link, &())
    }

    /// Whether the entry `seq` of `log`, after which the link is `link`, counts. The caller has verified the chain
    /// up to it. For a cut device the openings held widen the listed heads to the ancestors of their epochs.
    ///
    /// # Errors
    /// [`CutFault`] when the writer is unlisted, cut below this entry, or on the losing side of a ruled fork.
    pub fn accepts_with(
        &self,
        log: &LogId,
        seq: u64,
        link: &Link,
        openings: &dyn Openings,
    ) -> Result<(), CutFault> {
        match (self.cut(&log.device), self.member(&log.device)) {
            (Some(cut), _) => cut.accepts(log, seq, link, openings)?,
            (None, Some(_)) => {}
            (None, None) => return Err(CutFault::Unlisted),
        }
        self.ruling(&log.device, &log.epoch).map_or(Ok(()), |ruling| ruling.accepts(log, seq, link))
    }

    /// How this list stands to `other` of the same township.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> Order {
        match self.number().cmp(&other.number()) {
            std::cmp::Ordering::Greater => Order::Newer,
            std::cmp::Ordering::Less => Order::Older,
            std::cmp::Ordering::Equal if self.hash == other.hash => Order::Same,
            std::cmp::Ordering::Equal => Order::Conflict,
        }
    }
}

fn consistent(roster: &Roster) -> Result<(), &'static str> {
    let delegation = &roster.delegation;
    if delegation.generation == 0 || delegation.generation > u64::from(u32::MAX) {
        return Err("generation out of range");
    }
    if roster.epoch == 0 || roster.epoch > u64::from(u32::MAX) {
        return Err("number out of range");
    }
    sorted(roster.members.iter().map(|m| m.device), "members not sorted")?;
    sorted(roster.cuts.iter().map(|c| c.device), "cuts not sorted")?;
    sorted(roster.rulings.iter().map(|r| (r.device, r.epoch)), "rulings not sorted")?;
    let mut numbers: Vec<_> = roster.members.iter().map(|m| m.station).collect();
    numbers.sort_unstable();
    sorted(numbers.into_iter(), "two members with one number")?;
    for member in &roster.members {
        let is_centre = delegation.centre == Some(member.device);
        if is_centre != (member.role == Role::Centre) || is_centre != (member.station == StationNo::CENTRE) {
            return Err("the centre is not the delegated one");
        }
        if member.division.len() != limit::DIVISION_DIGITS
            || !member.division.bytes().all(|b| b.is_ascii_digit())
        {
            return Err("division is not 12 digits");
        }
        if roster.cuts.iter().any(|cut| cut.device == member.device) {
            return Err("a member is cut");
        }
    }
    if delegation.centre.is_some_and(|centre| !roster.members.iter().any(|m| m.device == centre)) {
        return Err("the centre is no member");
    }
    for cut in &roster.cuts {
        sorted(cut.heads.iter().map(|h| h.log), "heads not sorted")?;
        if cut.heads.iter().any(|head| head.log.device != cut.device) {
            return Err("a cut names another device's head");
        }
    }
    for ruling in &roster.rulings {
        sorted(ruling.keep.iter().map(|h| h.log), "heads not sorted")?;
        if ruling.keep.iter().any(|h| h.log.device != ruling.device || h.log.epoch != ruling.epoch) {
            return Err("a ruling names another epoch's head");
        }
    }
    Ok(())
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>, fault: &'static str) -> Result<(), &'static str> {
    let mut last: Option<T> = None;
    for item in items {
        if last.as_ref().is_some_and(|last| *last >= item) {
            return Err(fault);
        }
        last = Some(item);
    }
    Ok(())
}
