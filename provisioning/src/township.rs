//! The township folder on the engineer's laptop: founding, opening, the recovery sheet.

use crate::disk::{self, Disk, DiskFault, SystemDisk};
use crate::{Random, membership, random, sheet};
use data_encoding::HEXLOWER;
use identity::{Delegation, DeviceKey, Membership, RootId, RootKey, Roster};
use seal::SealingKey;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const VERSION: u32 = 1;
const ROOT_KEY: &str = "root.key";
const SIGNER_KEY: &str = "signer.key";
const CENTRE_SEALING_KEY: &str = "centre-sealing.key";
const TOWNSHIP: &str = "township.json";

/// Why a township folder can't be founded or used.
#[derive(Debug, thiserror::Error)]
pub enum TownshipFault {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskFault),
    /// Founded before: founding again would orphan every box of it.
    #[error("{0} 里已经建过乡镇，不能重建。要接着用就直接开站点；真要重来请换一个空文件夹")]
    Exists(PathBuf),
    /// No township was founded here, or its founding was interrupted.
    #[error("{0} 里还没有建好乡镇，请先建乡镇")]
    Missing(PathBuf),
    /// A file is there but can't be what it should be.
    #[error("{0} 的内容不对，可能损坏或被改过。请从备份取回，或按恢复单重建")]
    Damaged(PathBuf),
    /// This step needs the root key, which is kept offline.
    #[error("这一步要用根密钥：请把离线保管的 root.key 放回 {0}，做完再收走（没有文件就按恢复单输入）")]
    RootAway(PathBuf),
    /// A name or division that no list can hold.
    #[error("{0}")]
    Invalid(&'static str),
    /// The list that would be signed breaks a rule of lists.
    #[error("成员名单不能这样改：{0}")]
    Refused(&'static str),
}

/// An opened township folder: its keys are loaded, its newest list verified.
pub struct Township {
    pub(crate) dir: PathBuf,
    pub(crate) signer: DeviceKey,
    pub(crate) root: RootId,
    pub(crate) membership: Membership,
    name: String,
    division: String,
}

#[derive(Serialize, Deserialize)]
struct TownshipFile {
    version: u32,
    township: String,
    root: String,
    name: String,
    division: String,
}

/// Founds a township in `dir`: root key, signer, the centre's sealing key, the first delegation and the first (empty) list.
/// An interrupted founding goes on with the keys it had made. `division` has 12 digits.
///
/// # Errors
/// [`TownshipFault`]: founded before, an impossible name or division, or the disk failed.
pub fn create(dir: &Path, name: &str, division: &str, source: Random<'_>) -> Result<Township, TownshipFault> {
    create_on(&SystemDisk, dir, name, division, source)
}

pub(crate) fn create_on(
    disk: &dyn Disk,
    dir: &Path,
    name: &str,
    division: &str,
    source: Random<'_>,
) -> Result<Township, TownshipFault> {
    check_name(name)?;
    check_division(division)?;
    if disk::read_if_any(disk, &dir.join(TOWNSHIP))?.is_some() {
        return Err(TownshipFault::Exists(dir.to_owned()));
    }
    disk::make_dir(disk, dir)?;
    disk::make_dir(disk, &dir.join("membership"))?;
    disk::make_dir(disk, &dir.join("stations"))?;
    let root = RootKey::from_seed(*key_or_new(disk, &dir.join(ROOT_KEY), source)?);
    let signer = DeviceKey::from_seed(*key_or_new(disk, &dir.join(SIGNER_KEY), source)?);
    key_or_new(disk, &dir.join(CENTRE_SEALING_KEY), source)?;
    let first = Roster {
        delegation: root.delegate(1, signer.id(), None),
        epoch: 1,
        previous: [0; 32],
        incarnation: 1,
        members: Vec::new(),
        cuts: Vec::new(),
        rulings: Vec::new(),
    };
    membership::store(disk, dir, &first.sign(&signer))?;
    let file = TownshipFile {
        version: VERSION,
        township: root.id().township().hex(),
        root: root.id().hex(),
        name: name.to_owned(),
        division: division.to_owned(),
    };
    disk::put(disk, &dir.join(TOWNSHIP), &json(&file))?;
    open_on(disk, dir)
}

/// Opens a founded township. The root key may be away.
///
/// # Errors
/// [`TownshipFault`]: nothing founded here, a damaged file, or the disk failed.
pub fn open(dir: &Path) -> Result<Township, TownshipFault> {
    open_on(&SystemDisk, dir)
}

pub(crate) fn open_on(disk: &dyn Disk, dir: &Path) -> Result<Township, TownshipFault> {
    let path = dir.join(TOWNSHIP);
    let damaged = || TownshipFault::Damaged(path.clone());
    let bytes = disk::read_if_any(disk, &path)?.ok_or_else(|| TownshipFault::Missing(dir.to_owned()))?;
    let file: TownshipFile = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let root = RootId::from_hex(&file.root).filter(|_| file.version == VERSION).ok_or_else(damaged)?;
    let signer_path = dir.join(SIGNER_KEY);
    let signer = DeviceKey::from_seed(*read_key(disk, &signer_path)?);
    let membership = membership::newest(disk, dir, &root)?;
    if *membership.signer() != signer.id() {
        return Err(TownshipFault::Damaged(signer_path));
    }
    Ok(Township { dir: dir.to_owned(), signer, root, membership, name: file.name, division: file.division })
}

impl Township {
    /// What boxes trust.
    #[must_use]
    pub fn root(&self) -> &RootId {
        &self.root
    }

    /// The township's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The newest list.
    #[must_use]
    pub fn membership(&self) -> &Membership {
        &self.membership
    }

    /// Whether a place lies in this township: GB/T 10114 puts the township into the first nine of the twelve digits.
    pub(crate) fn has(&self, division: &str) -> bool {
        division.get(..9).is_some_and(|ours| self.division.starts_with(ours))
    }

    /// The text to be printed and locked away: the root key and the centre's sealing key. It is the only way back when
    /// laptop and backups are gone, and whoever holds it can found this township again.
    ///
    /// # Errors
    /// [`TownshipFault::RootAway`] when the root key is not in the folder.
    pub fn recovery_sheet(&self) -> Result<Zeroizing<String>, TownshipFault> {
        let disk = &SystemDisk;
        self.root_key(disk)?;
        let root = read_key(disk, &self.dir.join(ROOT_KEY))?;
        let sealing = read_key(disk, &self.dir.join(CENTRE_SEALING_KEY))?;
        let mut text = Zeroizing::new(String::with_capacity(2048));
        let _always = write!(
            text,
            "{name} 便民服务系统 恢复单\n\n\
             打印两份，分别锁进两个保险柜。谁拿到这张纸，谁就能冒充本乡镇：不要拍照，不要存进电脑，不要发微信。\n\
             打印后请把 root.key 从这台电脑移走，离线保管。\n\n\
             乡镇编号　{township}\n\
             根密钥指纹　{print}\n\
             （装机时屏幕上显示的指纹应当与这一行一样。）\n\n\
             一、根密钥（换中心、换签发人时用）\n{root}\n\
             二、中心收件密钥（中心坏了换新机时用）\n{sealing}\n\
             每行末尾两位是校验，输入时一起输，打错会提示是哪一行。\n\n\
             保管人签字：　　　　　　　　　　日期：\n",
            name = self.name,
            township = self.root.township().hex(),
            print = self.root.fingerprint(),
            root = sheet::rows(&root).as_str(),
            sealing = sheet::rows(&sealing).as_str(),
        );
        Ok(text)
    }

    pub(crate) fn root_key(&self, disk: &dyn Disk) -> Result<RootKey, TownshipFault> {
        let path = self.dir.join(ROOT_KEY);
        if disk::read_if_any(disk, &path)?.is_none() {
            return Err(TownshipFault::RootAway(self.dir.clone()));
        }
        let key = RootKey::from_seed(*read_key(disk, &path)?);
        if key.id() == self.root { Ok(key) } else { Err(TownshipFault::Damaged(path)) }
    }

    /// A delegation of the next generation with this centre.
    pub(crate) fn delegate(
        &self,
        disk: &dyn Disk,
        centre: Option<identity::DeviceId>,
    ) -> Result<Delegation, TownshipFault> {
        let generation = self.membership.number().generation.saturating_add(1);
        Ok(self.root_key(disk)?.delegate(generation, self.signer.id(), centre))
    }

    /// The township-level sealing key that every centre of it gets, so that a replaced centre can open what was
    /// sealed to the one before.
    pub(crate) fn centre_sealing(&self, disk: &dyn Disk) -> Result<SealingKey, TownshipFault> {
        let path = self.dir.join(CENTRE_SEALING_KEY);
        SealingKey::from_secret(1, *read_key(disk, &path)?).map_err(|_| TownshipFault::Damaged(path))
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), TownshipFault> {
    let fits = !name.trim().is_empty() && name.len() <= identity::limit::NAME_BYTES;
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(TownshipFault::Invalid("名称不能为空，也不能超过 40 个汉字"))
    }
}

pub(crate) fn check_division(division: &str) -> Result<(), TownshipFault> {
    let digits = division.len() == identity::limit::DIVISION_DIGITS;
    if digits && division.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(TownshipFault::Invalid("行政区划代码应当是 12 位数字，乡镇也可以写 9 位"))
    }
}

pub(crate) fn read_key(disk: &dyn Disk, path: &Path) -> Result<Zeroizing<[u8; 32]>, TownshipFault> {
    let text = Zeroizing::new(disk::read(disk, path)?);
    key_from_hex(&text).ok_or_else(|| TownshipFault::Damaged(path.to_owned()))
}

/// A 32-byte key in hex, as key files hold it.
pub(crate) fn key_from_hex(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(HEXLOWER.decode(text.trim_ascii()).ok()?);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

pub(crate) fn key_to_hex(key: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut text = HEXLOWER.encode(key).into_bytes();
    text.push(b'\n');
    Zeroizing::new(text)
}

fn key_or_new(
    disk: &dyn Disk,
    path: &Path,
    source: Random<'_>,
) -> Result<Zeroizing<[u8; 32]>, TownshipFault> {
    if disk::read_if_any(disk, path)?.is_some() {
        return read_key(disk, path);
    }
    let key = Zeroizing::new(random(source));
    disk::put(disk, path, &key_to_hex(&key))?;
    Ok(key)
}

/// Pretty JSON with a final newline. Our structures always encode; an empty file would be refused when read.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
