//! Provisioning a box: its keys, its place on the membership list, its kit.

use crate::disk::{self, Disk, DiskFault, SystemDisk};
use crate::kit::{self, IDENTITY, Kit, KitFault, SEALING, Staff};
use crate::township::{self, Township, TownshipFault};
use crate::{Random, limit, membership, random, sign_in};
use identity::{DeviceId, DeviceKey, ListNumber, Member, MemberSealing, Role, Roster, StationNo};
use seal::SealingKey;
use serde::Serialize;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What a box is to be. The centre has number 0 and role [`Role::Centre`].
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its number, four digits at most.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// Its administrative division, 12 digits.
    pub division: String,
    /// What it is.
    pub role: Role,
    /// Where it listens for the mesh, "host:port".
    pub listen: String,
    /// Where others may find it, "host:port"; empty when only discovery is used.
    pub addresses: Vec<String>,
    /// The first clerk.
    pub clerk: Staff,
    /// Make a new identity although the number has one: the box was lost or broken. The old device is cut with no accepted
    /// head until [`membership::cut`] raises it.
    pub replace: bool,
}

/// What provisioning made.
pub struct Provisioned {
    /// The box's identity.
    pub device: DeviceId,
    /// Its number.
    pub station: StationNo,
    /// The list that names it.
    pub list: ListNumber,
    /// The clerk's one-time sign-in code: shown now and never again. A later run makes another and ends this one's use.
    pub sign_in: Zeroizing<String>,
    /// Whether this run made the identity; false when an earlier run had.
    pub fresh: bool,
}

/// Why a box is not provisioned.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionFault {
    /// The township refused.
    #[error(transparent)]
    Township(#[from] TownshipFault),
    /// The kit could not be made.
    #[error(transparent)]
    Kit(#[from] KitFault),
    /// The number has an identity whose key is not in this kit folder.
    #[error(
        "{0} 号站已经制作过资料，{1} 里没有它的密钥。同一个站不能有两个身份：\
         请用原来的资料文件夹；原机丢失或损坏要换新机，请明确选择“换机”"
    )]
    Taken(StationNo, PathBuf),
    /// The folder holds another box's key.
    #[error("{0} 里是另一台机器的密钥，请换一个空文件夹")]
    OtherKit(PathBuf),
    /// Something in the order can't be.
    #[error("{0}")]
    Invalid(&'static str),
}

impl From<DiskFault> for ProvisionFault {
    fn from(fault: DiskFault) -> Self {
        Self::Township(fault.into())
    }
}

#[derive(Serialize)]
struct StationFile<'a> {
    version: u32,
    station: u16,
    device: String,
    fingerprint: String,
    role: &'a str,
    name: &'a str,
    division: &'a str,
    kit: String,
    made: i64,
}

/// Provisions a box into `kit_dir`. Run again with the same number and folder it goes on after a power cut, or
/// remakes the kit for the same identity (with a new sign-in code). `wall` is seconds since 1970 and only a label.
///
/// # Errors
/// [`ProvisionFault`]: the number is taken, the folder is another box's, the order is impossible, or the disk failed.
pub fn provision(
    township_dir: &Path,
    spec: &Spec,
    kit_dir: &Path,
    source: Random<'_>,
    wall: i64,
) -> Result<Provisioned, ProvisionFault> {
    let run = Run { wall, argon2_kib: limit::ARGON2_KIB };
    provision_on(&SystemDisk, township_dir, spec, kit_dir, source, run)
}

/// What a run is told from outside; tests hash cheaply.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) wall: i64,
    pub(crate) argon2_kib: u32,
}

pub(crate) fn provision_on(
    disk: &dyn Disk,
    township_dir: &Path,
    spec: &Spec,
    kit_dir: &Path,
    source: Random<'_>,
    run: Run,
) -> Result<Provisioned, ProvisionFault> {
    let station = check(spec)?;
    let township = township::open_on(disk, township_dir)?;
    if !township.has(&spec.division) {
        return Err(ProvisionFault::Invalid("区划代码不在这个乡镇：前 9 位应当跟乡镇的一样"));
    }
    let (key, fresh) = identity_for(disk, &township, station, spec.replace, kit_dir, source)?;
    let sealing = sealing_for(disk, &township, spec.role, kit_dir, source)?;
    let member = Member {
        device: key.id(),
        role: spec.role,
        station,
        name: spec.name.clone(),
        division: spec.division.clone(),
        sealing: MemberSealing { version: sealing.version(), key: sealing.public().key },
        addresses: spec.addresses.clone(),
    };
    let membership = enlist(disk, &township, member)?;
    let code = sign_in::code(source);
    let hash = sign_in::phc(&code, run.argon2_kib, source)
        .ok_or(ProvisionFault::Invalid("一次性登录码没有生成成功"))?;
    let number = membership.number();
    let kit = Kit {
        version: kit::VERSION,
        township: township.root.township().hex(),
        root: township.root.hex(),
        station: station.0,
        role: kit::role_word(spec.role).to_owned(),
        name: spec.name.clone(),
        division: spec.division.clone(),
        listen: spec.listen.clone(),
        addresses: spec.addresses.clone(),
        sign_in: hash,
        staff: vec![spec.clerk.clone()],
        list_generation: number.generation,
        list_epoch: number.epoch,
        made: run.wall,
    };
    record(disk, &township, &kit, &key.id(), kit_dir)?;
    kit::write(disk, kit_dir, &kit, &membership, &township.signer)?;
    Ok(Provisioned { device: key.id(), station, list: number, sign_in: code, fresh })
}

fn check(spec: &Spec) -> Result<StationNo, ProvisionFault> {
    township::check_name(&spec.name)?;
    township::check_division(&spec.division)?;
    let station = StationNo::new(u64::from(spec.number));
    // 9999 is the number of every 演练
    let station = station.filter(|station| station.0 < 9999);
    let station = station.ok_or(ProvisionFault::Invalid("站号应当在 1 到 9998 之间"))?;
    if (spec.role == Role::Centre) != (station == StationNo::CENTRE) {
        return Err(ProvisionFault::Invalid("0 号只给中心，中心也只用 0 号"));
    }
    let address = |text: &String| {
        let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
        text.len() <= identity::limit::ADDRESS_BYTES && port.is_some_and(|port| port.parse::<u16>().is_ok())
    };
    if !address(&spec.listen) || !spec.addresses.iter().all(address) {
        return Err(ProvisionFault::Invalid("地址要写成“主机:端口”，例如 192.168.1.10:7443"));
    }
    if spec.addresses.len() > identity::limit::ADDRESSES {
        return Err(ProvisionFault::Invalid("地址最多写 8 个"));
    }
    let fits = |text: &str| !text.trim().is_empty() && text.len() <= limit::STAFF_BYTES;
    if !fits(&spec.clerk.name) || !fits(&spec.clerk.post) {
        return Err(ProvisionFault::Invalid("第一位工作人员的姓名和岗位都要填，各不超过 20 个汉字"));
    }
    Ok(station)
}

/// The box's identity: the one in the folder, when it is this number's or an interrupted run's; else a new one.
fn identity_for(
    disk: &dyn Disk,
    township: &Township,
    station: StationNo,
    replace: bool,
    kit_dir: &Path,
    source: Random<'_>,
) -> Result<(DeviceKey, bool), ProvisionFault> {
    let path = kit_dir.join(IDENTITY);
    let held = match disk::read_if_any(disk, &path)?.map(Zeroizing::new) {
        Some(_) => Some(DeviceKey::from_seed(*township::read_key(disk, &path)?)),
        None => None,
    };
    let owner = township.membership.station(station).map(|member| member.device);
    if let Some(key) = held {
        // a replacement that was interrupted has no signature yet; a finished kit is replaced anew
        let finished = disk::read_if_any(disk, &kit_dir.join(kit::SIGNATURE))?.is_some();
        match township.membership.writer(&key.id()) {
            Some(_) if owner != Some(key.id()) => return Err(ProvisionFault::OtherKit(kit_dir.to_owned())),
            Some(_) if !(replace && finished) => return Ok((key, false)),
            Some(_) => {}
            // an interrupted run left a key that no list names yet
            None if owner.is_none() || replace => return Ok((key, false)),
            None => return Err(ProvisionFault::Taken(station, kit_dir.to_owned())),
        }
    }
    if owner.is_some() && !replace {
        return Err(ProvisionFault::Taken(station, kit_dir.to_owned()));
    }
    disk::make_dir(disk, kit_dir)?;
    let seed = Zeroizing::new(random(source));
    // a sealing key or kit left by the box before must not be taken for this one's
    for name in [kit::SIGNATURE, SEALING] {
        disk::remove(disk, &kit_dir.join(name))?;
    }
    disk::sync(disk, kit_dir)?;
    disk::put(disk, &path, &township::key_to_hex(&seed))?;
    Ok((DeviceKey::from_seed(*seed), true))
}

fn sealing_for(
    disk: &dyn Disk,
    township: &Township,
    role: Role,
    kit_dir: &Path,
    source: Random<'_>,
) -> Result<SealingKey, ProvisionFault> {
    let path = kit_dir.join(SEALING);
    let damaged = || TownshipFault::Damaged(path.clone());
    if let Some(text) = disk::read_if_any(disk, &path)?.map(Zeroizing::new) {
        return Ok(kit::sealing_from_text(&text).ok_or_else(damaged)?);
    }
    let key = match role {
        Role::Centre => township.centre_sealing(disk)?,
        Role::Station => SealingKey::from_secret(1, random(source)).map_err(|_| damaged())?,
    };
    disk::put(disk, &path, &kit::sealing_to_text(&key))?;
    Ok(key)
}

/// Puts the member on the list, and retires the device that had its number. A list that says so already stays.
fn enlist(
    disk: &dyn Disk,
    township: &Township,
    member: Member,
) -> Result<identity::Membership, ProvisionFault> {
    if township.membership.member(&member.device) == Some(&member) {
        return Ok(township.membership.clone());
    }
    let mut next = Roster::after(township.membership.list());
    if let Some(old) = township.membership.station(member.station) {
        if old.device == member.device {
            next.members.retain(|other| other.device != member.device);
        } else {
            membership::retire(&mut next, &old.device, Vec::new());
        }
    }
    let is_new_centre =
        member.role == Role::Centre && next.delegation.centre.as_ref() != Some(&member.device);
    if is_new_centre {
        next = next.under(township.delegate(disk, Some(member.device))?);
        if next.cuts.iter().any(|cut| cut.role == Role::Centre) {
            // there was a centre before: what it confirmed is confirmed no more
            membership::raise_incarnation(&mut next)?;
        }
    }
    next.members.push(member);
    Ok(membership::raise(disk, township, next)?)
}

fn record(
    disk: &dyn Disk,
    township: &Township,
    kit: &Kit,
    device: &DeviceId,
    kit_dir: &Path,
) -> Result<(), ProvisionFault> {
    let file = StationFile {
        version: 1,
        station: kit.station,
        device: device.hex(),
        fingerprint: device.fingerprint(),
        role: &kit.role,
        name: &kit.name,
        division: &kit.division,
        kit: kit_dir.display().to_string(),
        made: kit.made,
    };
    let path = township.dir.join("stations").join(format!("{:04}.json", kit.station));
    Ok(disk::put(disk, &path, &township::json(&file))?)
}
