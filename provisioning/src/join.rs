//! A box's first boot: from a verified kit to a joined box, resumable after a power cut at any step.

use crate::disk::{self, Disk, DiskFault, SystemDisk};
use crate::kit::{
    self, IDENTITY, KIT, KitFault, MANIFEST, MEMBERSHIP, SEALING, SIGNATURE, Secrets, VerifiedKit,
};
use identity::{DeviceId, Member, Membership, RootId};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The last file to be written: a box without it is never on the mesh.
const JOINED: &str = "joined";

/// Why a box does not join.
#[derive(Debug, thiserror::Error)]
pub enum JoinFault {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskFault),
    /// The kit is refused.
    #[error(transparent)]
    Kit(#[from] KitFault),
    /// Another box has taken the keys.
    #[error("{0} 的密钥已经被一台机器取走，不能再装第二台。原机坏了请在乡镇电脑上选择“换机”重新制作")]
    Used(PathBuf),
    /// This box is joined as somebody else.
    #[error("本机（{0}）已经装成了另一个站，不能改装。要改用请先备份，再换一个空的数据文件夹")]
    OtherBox(PathBuf),
    /// Not joined yet.
    #[error("本机（{0}）还没有装好，请插上本站的资料再启动")]
    NotJoined(PathBuf),
    /// There is data, but no sign that this box ever joined: a restored or mixed folder.
    #[error("{0} 里已有数据库，却没有装机标记，可能是误拷来的。请不要启动，联系乡镇技术员")]
    Stray(PathBuf),
}

/// A joined box's identity, as its program loads it at every start.
#[derive(Debug, Clone)]
pub struct JoinedBox {
    /// What the kit said.
    pub kit: kit::Kit,
    /// What it trusts.
    pub root: RootId,
    /// The list of the kit: a floor; the box's registers hold newer ones.
    pub membership: Membership,
    /// Its own entry in that list.
    pub member: Member,
    /// Its keys.
    pub secrets: Secrets,
}

/// Takes the kit into the box's folder: verify, copy, fsync, mark as joined, then remove the secrets from the stick. Run it
/// again after a power cut and it goes on; on a joined box it only takes over a newer list and clears the stick.
///
/// # Errors
/// [`JoinFault`]: the kit is refused or used up, the box is another's, or the disk failed.
pub fn first_boot(kit_dir: &Path, box_dir: &Path) -> Result<JoinedBox, JoinFault> {
    first_boot_on(&SystemDisk, kit_dir, box_dir)
}

pub(crate) fn first_boot_on(disk: &dyn Disk, kit_dir: &Path, box_dir: &Path) -> Result<JoinedBox, JoinFault> {
    let offered = kit::open_on(disk, kit_dir)?;
    if let Some(marked) = marker(disk, box_dir)? {
        if marked != offered.member.device.hex() {
            return Err(JoinFault::OtherBox(box_dir.to_owned()));
        }
        // the stick may bring a newer list: a cut, or a centre that was restored
        kit::refresh(disk, &box_dir.join("kit"), &offered.membership)?;
        let joined = load_on(disk, box_dir)?;
        clear_stick(disk, kit_dir)?;
        return Ok(joined);
    }
    if disk::list(disk, box_dir)?.iter().any(|name| name == "keybag.a" || name == "bianmin.redb") {
        return Err(JoinFault::Stray(box_dir.to_owned()));
    }
    if offered.secrets.is_none() {
        return Err(JoinFault::Used(kit_dir.to_owned()));
    }
    copy(disk, kit_dir, box_dir)?;
    // what stands on the box's own disk is what must verify, not what was read from the stick
    let joined = usable(box_dir, verify_box(disk, box_dir)?)?;
    let device: &DeviceId = &joined.member.device;
    disk::put(disk, &box_dir.join(JOINED), format!("{}\n", device.hex()).as_bytes())?;
    clear_stick(disk, kit_dir)?;
    Ok(joined)
}

/// Loads a joined box.
///
/// # Errors
/// [`JoinFault::NotJoined`] when the box never joined or was interrupted; [`JoinFault::Kit`] when its files
/// no longer verify.
pub fn load(box_dir: &Path) -> Result<JoinedBox, JoinFault> {
    load_on(&SystemDisk, box_dir)
}

pub(crate) fn load_on(disk: &dyn Disk, box_dir: &Path) -> Result<JoinedBox, JoinFault> {
    let marked = marker(disk, box_dir)?.ok_or_else(|| JoinFault::NotJoined(box_dir.to_owned()))?;
    let joined = usable(box_dir, verify_box(disk, box_dir)?)?;
    if joined.member.device.hex() == marked {
        Ok(joined)
    } else {
        Err(JoinFault::OtherBox(box_dir.to_owned()))
    }
}

/// Whether the box has joined: without reading any secret.
///
/// # Errors
/// The disk failed.
pub fn is_joined(box_dir: &Path) -> Result<bool, JoinFault> {
    Ok(marker(&SystemDisk, box_dir)?.is_some())
}

fn marker(disk: &dyn Disk, box_dir: &Path) -> Result<Option<String>, JoinFault> {
    let bytes = disk::read_if_any(disk, &box_dir.join(JOINED))?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
}

fn copy(disk: &dyn Disk, kit_dir: &Path, box_dir: &Path) -> Result<(), JoinFault> {
    let inner = box_dir.join("kit");
    disk::make_dir(disk, box_dir)?;
    disk::make_dir(disk, &inner)?;
    for name in [IDENTITY, SEALING] {
        let bytes = Zeroizing::new(disk::read(disk, &kit_dir.join(name))?);
        disk::put(disk, &box_dir.join(name), &bytes)?;
    }
    for name in [KIT, MEMBERSHIP, MANIFEST, SIGNATURE] {
        disk::put(disk, &inner.join(name), &disk::read(disk, &kit_dir.join(name))?)?;
    }
    Ok(())
}

fn verify_box(disk: &dyn Disk, box_dir: &Path) -> Result<VerifiedKit, JoinFault> {
    let secret = |name| disk::read_if_any(disk, &box_dir.join(name));
    Ok(kit::verify(disk, &box_dir.join("kit"), (secret(IDENTITY)?, secret(SEALING)?))?)
}

fn usable(box_dir: &Path, kit: VerifiedKit) -> Result<JoinedBox, JoinFault> {
    let VerifiedKit { kit, root, membership, member, secrets } = kit;
    let secrets = secrets.ok_or_else(|| KitFault::Missing(box_dir.to_owned(), IDENTITY))?;
    Ok(JoinedBox { kit, root, membership, member, secrets })
}

fn clear_stick(disk: &dyn Disk, kit_dir: &Path) -> Result<(), JoinFault> {
    for name in [IDENTITY, SEALING] {
        disk::remove(disk, &kit_dir.join(name))?;
    }
    Ok(disk::sync(disk, kit_dir)?)
}
