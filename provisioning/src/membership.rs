//! The lists signed so far: the newest one, cutting a device, giving kits the newest list.

use crate::disk::{self, Disk, SystemDisk};
use crate::kit::{self, KitFault};
use crate::limit;
use crate::township::{self, Township, TownshipFault};
use canon::Canon as _;
use identity::{Adoption, Cut, DeviceId, Head, Membership, MembershipList, Role, RootId, Roster, StepFault};
use std::path::{Path, PathBuf};

/// The newest list of a township, verified.
///
/// # Errors
/// [`TownshipFault`]: no township here, or a damaged list.
pub fn current(township_dir: &Path) -> Result<Membership, TownshipFault> {
    Ok(township::open(township_dir)?.membership)
}

/// Cuts a device: it is no member any more, and only its entries up to `heads` count. Cut again with more or
/// higher heads after review; a head is never lowered or dropped. Cutting the centre needs the root key.
///
/// # Errors
/// [`TownshipFault`]: an unknown device, heads that are not its own or would lower the cut, or the root key is away.
pub fn cut(township_dir: &Path, device: &DeviceId, heads: &[Head]) -> Result<Membership, TownshipFault> {
    let disk = &SystemDisk;
    let township = township::open_on(disk, township_dir)?;
    if heads.iter().any(|head| head.log.device != *device) {
        return Err(TownshipFault::Invalid("所列的记录位置不是这台设备的"));
    }
    let mut next = Roster::after(township.membership.list());
    if let Some(cut) = next.cuts.iter_mut().find(|cut| cut.device == *device) {
        for head in heads {
            cut.heads.retain(|old| old.log != head.log);
            cut.heads.push(*head);
        }
    } else {
        let writer =
            township.membership.writer(device).ok_or(TownshipFault::Invalid("名单里没有这台设备"))?;
        retire(&mut next, device, heads.to_vec());
        if writer.role == Role::Centre {
            next = next.under(township.delegate(disk, None)?);
        }
    }
    raise(disk, &township, next)
}

/// The centre came back from a backup: it may have lost what it confirmed. Its incarnation is raised, so that no receipt
/// from before counts, stations send again what it lacks, and its new receipts, counted from 1, take the old ones' place.
///
/// # Errors
/// [`TownshipFault`]: there is no centre, or the township can't be opened.
pub fn restored(township_dir: &Path) -> Result<Membership, TownshipFault> {
    let disk = &SystemDisk;
    let township = township::open_on(disk, township_dir)?;
    if township.membership.centre().is_none() {
        return Err(TownshipFault::Invalid("这个乡镇现在没有镇中心"));
    }
    let mut next = Roster::after(township.membership.list());
    raise_incarnation(&mut next)?;
    raise(disk, &township, next)
}

/// The next incarnation of the centre; a receipt's number has 24 bits for it.
pub(crate) fn raise_incarnation(roster: &mut Roster) -> Result<(), TownshipFault> {
    if roster.incarnation >= limit::INCARNATION_MAX {
        return Err(TownshipFault::Refused("中心的届次已经用完"));
    }
    roster.incarnation += 1;
    Ok(())
}

/// What became of one kit in [`reissue`].
#[derive(Debug)]
pub struct Reissued {
    /// The kit's folder.
    pub kit: PathBuf,
    /// Whether its list was replaced, or why the kit can't be used.
    pub outcome: Result<bool, KitFault>,
}

/// Gives kits that have not been used yet the newest list. Boxes in the field get it by any sync.
///
/// # Errors
/// [`TownshipFault`] when the township can't be opened; a bad kit stands in its own result.
pub fn reissue(township_dir: &Path, kits: &[PathBuf]) -> Result<Vec<Reissued>, TownshipFault> {
    let newest = current(township_dir)?;
    Ok(kits
        .iter()
        .map(|dir| Reissued { kit: dir.clone(), outcome: kit::refresh(&SystemDisk, dir, &newest) })
        .collect())
}

/// Takes a member off the list and cuts it at `heads`.
pub(crate) fn retire(roster: &mut Roster, device: &DeviceId, heads: Vec<Head>) {
    let Some(at) = roster.members.iter().position(|member| member.device == *device) else { return };
    let member = roster.members.remove(at);
    roster.cuts.push(Cut { device: *device, role: member.role, station: member.station, heads });
}

/// Signs the next list, checks that every box would take it, and stores it.
pub(crate) fn raise(disk: &dyn Disk, township: &Township, next: Roster) -> Result<Membership, TownshipFault> {
    let list = next.sign(&township.signer);
    match township.membership.adopt(list.clone(), &township.root) {
        Ok(Adoption::Take { membership, broken_chain: false }) => {
            store(disk, &township.dir, &list)?;
            Ok(*membership)
        }
        Ok(_) => Err(TownshipFault::Refused("编号没有升高")),
        Err(StepFault::CutLowered) => Err(TownshipFault::Refused("已停用设备的有效记录只能增加，不能减少")),
        Err(StepFault::IncarnationLowered) => Err(TownshipFault::Refused("中心的届次不能降低")),
        Err(StepFault::RulingChanged) => Err(TownshipFault::Refused("已作出的裁定不能改")),
        Err(StepFault::DelegationChanged) => Err(TownshipFault::Refused("同一届里不能换签发人")),
        Err(StepFault::List(_)) => {
            Err(TownshipFault::Refused("内容互相矛盾，或者成员、停用记录太多，一份名单装不下"))
        }
    }
}

/// Writes a signed list under its number.
pub(crate) fn store(disk: &dyn Disk, dir: &Path, list: &MembershipList) -> Result<(), TownshipFault> {
    let number = list.number();
    let name = format!("{:04}-{:06}.bin", number.generation, number.epoch);
    Ok(disk::put(disk, &dir.join("membership").join(name), &list.to_canon())?)
}

/// The highest list in the folder, verified. One that doesn't verify is an error, never skipped.
pub(crate) fn newest(disk: &dyn Disk, dir: &Path, root: &RootId) -> Result<Membership, TownshipFault> {
    let folder = dir.join("membership");
    let mut best: Option<Membership> = None;
    for name in disk::list(disk, &folder)?.iter().filter(|name| name.ends_with(".bin")) {
        let path = folder.join(name);
        let list = Membership::from_bytes(&disk::read(disk, &path)?, root)
            .map_err(|_| TownshipFault::Damaged(path))?;
        if best.as_ref().is_none_or(|best| list.number() > best.number()) {
            best = Some(list);
        }
    }
    best.ok_or(TownshipFault::Damaged(folder))
}
