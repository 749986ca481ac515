//! A kit: what an engineer carries to a village on a stick.

use crate::disk::{self, Disk, DiskFault, SystemDisk};
use crate::township::{json, key_from_hex, key_to_hex};
use canon::Canon as _;
use data_encoding::HEXLOWER;
use identity::{DeviceKey, Member, Membership, Order, Role, RootId, Signature, StationNo};
use seal::SealingKey;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub(crate) const VERSION: u32 = 1;
pub(crate) const KIT: &str = "kit.json";
pub(crate) const IDENTITY: &str = "identity.key";
pub(crate) const SEALING: &str = "sealing.key";
pub(crate) const MEMBERSHIP: &str = "membership.bin";
pub(crate) const MANIFEST: &str = "manifest.sha256";
pub(crate) const SIGNATURE: &str = "signature.hex";
/// What the manifest covers. The list is signed by itself, so that it can be replaced by a newer one.
const COVERED: [&str; 3] = [KIT, IDENTITY, SEALING];

/// Why a kit is refused.
#[derive(Debug, thiserror::Error)]
pub enum KitFault {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskFault),
    /// A file of the kit is missing.
    #[error("{0} 不完整，缺少 {1}。请回到乡镇电脑上重新制作这个站的资料")]
    Missing(PathBuf, &'static str),
    /// A file is not what was signed, or the signature chain breaks.
    #[error("{0} 里的 {1} 被改过或损坏了，不能用。请回到乡镇电脑上重新制作，并查清是谁动过")]
    Tampered(PathBuf, &'static str),
    /// Made by a newer program.
    #[error("{0} 是新版程序制作的，请先升级本机程序")]
    Version(PathBuf),
    /// The list does not know this kit's box: it was replaced or cut.
    #[error("{0} 已经作废（这个站换过机或已停用），请用最新制作的资料")]
    Withdrawn(PathBuf),
    /// A kit of another box than the one it has to be.
    #[error("{0} 不是本乡镇现在这个镇中心的开通包。什么都没有改，请换成镇中心的开通包再来一次")]
    NotCentre(PathBuf),
}

/// A member of staff who may sign in first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The name as it stands on papers.
    pub name: String,
    /// The post, such as 便民服务站代办员.
    pub post: String,
}

/// `kit.json`: what the box is to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kit {
    /// Of this format.
    pub version: u32,
    /// Township id, 32 hex digits.
    pub township: String,
    /// Root key, 64 hex digits.
    pub root: String,
    /// The box's number; 0 for the centre.
    pub station: u16,
    /// "centre" or "station".
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its division, 12 digits.
    pub division: String,
    /// Where it listens for the mesh, "host:port".
    pub listen: String,
    /// Where others may find it, "host:port".
    pub addresses: Vec<String>,
    /// argon2id PHC string of the first clerk's one-time sign-in code (12 digits, hashed as they stand).
    pub sign_in: String,
    /// Who signs in with it.
    pub staff: Vec<Staff>,
    /// The list that comes with the kit is at least this: generation.
    pub list_generation: u64,
    /// The list that comes with the kit is at least this: its number.
    pub list_epoch: u64,
    /// When it was made, seconds since 1970: a label.
    pub made: i64,
}

/// The two secrets of a kit.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The box's identity.
    pub key: DeviceKey,
    /// Its first sealing key.
    pub sealing: SealingKey,
}

/// A kit whose signature chain reaches the root it names. Whether that root is ours, the engineer sees by its fingerprint.
#[derive(Debug, Clone)]
pub struct VerifiedKit {
    /// What the box is to be.
    pub kit: Kit,
    /// What it trusts.
    pub root: RootId,
    /// The list that came with it.
    pub membership: Membership,
    /// The box's own entry in the list.
    pub member: Member,
    /// None when a box has already taken them.
    pub secrets: Option<Secrets>,
}

/// Verifies a kit folder: root → delegation → list → signer → manifest → files, and that keys, number and
/// role are those of the list.
///
/// # Errors
/// [`KitFault`] names the file that is missing or does not fit.
pub fn open(dir: &Path) -> Result<VerifiedKit, KitFault> {
    open_on(&SystemDisk, dir)
}

pub(crate) fn open_on(disk: &dyn Disk, dir: &Path) -> Result<VerifiedKit, KitFault> {
    let secrets =
        (disk::read_if_any(disk, &dir.join(IDENTITY))?, disk::read_if_any(disk, &dir.join(SEALING))?);
    verify(disk, dir, secrets)
}

/// Verifies a kit folder with the secret files given from elsewhere: a box keeps them beside its kit.
pub(crate) fn verify(
    disk: &dyn Disk,
    dir: &Path,
    (identity, sealing): (Option<Vec<u8>>, Option<Vec<u8>>),
) -> Result<VerifiedKit, KitFault> {
    let (identity, sealing) = (identity.map(Zeroizing::new), sealing.map(Zeroizing::new));
    let need = |name: &'static str| {
        disk::read_if_any(disk, &dir.join(name))?.ok_or_else(|| KitFault::Missing(dir.to_owned(), name))
    };
    let tampered = |name: &'static str| KitFault::Tampered(dir.to_owned(), name);
    let kit_bytes = need(KIT)?;
    let kit = read_kit(dir, &kit_bytes)?;
    let root = RootId::from_hex(&kit.root).ok_or_else(|| tampered(KIT))?;
    let membership = Membership::from_bytes(&need(MEMBERSHIP)?, &root).map_err(|_| tampered(MEMBERSHIP))?;
    let manifest = need(MANIFEST)?;
    let signature = read_signature(&need(SIGNATURE)?).ok_or_else(|| tampered(SIGNATURE))?;
    let covered = |w: &mut canon::Writer| {
        w.bytes(&manifest);
    };
    membership.signer().verify("kit", covered, &signature).map_err(|_| tampered(SIGNATURE))?;
    let files = [Some(&kit_bytes), identity.as_deref(), sealing.as_deref()];
    check_manifest(&manifest, &files).map_err(tampered)?;
    let floor = (kit.list_generation, kit.list_epoch);
    if (membership.number().generation, membership.number().epoch) < floor {
        return Err(tampered(MEMBERSHIP));
    }
    let member = own_entry(dir, &kit, &membership)?;
    let secrets = match (identity, sealing) {
        (Some(identity), Some(sealing)) => Some(read_secrets(dir, &member, &identity, &sealing)?),
        _ => None,
    };
    Ok(VerifiedKit { kit, root, membership, member, secrets })
}

fn read_kit(dir: &Path, bytes: &[u8]) -> Result<Kit, KitFault> {
    #[derive(Deserialize)]
    struct Any {
        version: u32,
    }
    let tampered = || KitFault::Tampered(dir.to_owned(), KIT);
    let any: Any = serde_json::from_slice(bytes).map_err(|_| tampered())?;
    if any.version != VERSION {
        return Err(KitFault::Version(dir.to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|_| tampered())
}

fn own_entry(dir: &Path, kit: &Kit, membership: &Membership) -> Result<Member, KitFault> {
    let withdrawn = || KitFault::Withdrawn(dir.to_owned());
    let number = StationNo::new(u64::from(kit.station)).ok_or_else(withdrawn)?;
    let member = membership.station(number).ok_or_else(withdrawn)?;
    let fits = kit.role == role_word(member.role) && kit.township == membership.township().hex();
    if fits { Ok(member.clone()) } else { Err(KitFault::Tampered(dir.to_owned(), KIT)) }
}

fn read_secrets(dir: &Path, member: &Member, identity: &[u8], sealing: &[u8]) -> Result<Secrets, KitFault> {
    let key = key_from_hex(identity).map(|seed| DeviceKey::from_seed(*seed));
    let key = key.ok_or_else(|| KitFault::Tampered(dir.to_owned(), IDENTITY))?;
    if key.id() != member.device {
        return Err(KitFault::Withdrawn(dir.to_owned()));
    }
    let announced =
        |key: &SealingKey| (key.version(), key.public().key) == (member.sealing.version, member.sealing.key);
    let sealing = sealing_from_text(sealing)
        .filter(announced)
        .ok_or_else(|| KitFault::Tampered(dir.to_owned(), SEALING))?;
    Ok(Secrets { key, sealing })
}

fn check_manifest(manifest: &[u8], files: &[Option<&Vec<u8>>; 3]) -> Result<(), &'static str> {
    let text = std::str::from_utf8(manifest).map_err(|_| MANIFEST)?;
    let mut lines = text.lines();
    for (name, bytes) in COVERED.into_iter().zip(files) {
        let line = lines.next().ok_or(MANIFEST)?;
        let hash = line.strip_suffix(name).and_then(|rest| rest.strip_suffix("  ")).ok_or(MANIFEST)?;
        if bytes.is_some_and(|bytes| HEXLOWER.encode(&canon::sha256(bytes)) != hash) {
            return Err(name);
        }
    }
    if lines.next().is_none() { Ok(()) } else { Err(MANIFEST) }
}

/// Writes everything but the secrets, which stand in the folder already; the signature comes last, so an interrupted kit
/// is an incomplete one.
pub(crate) fn write(
    disk: &dyn Disk,
    dir: &Path,
    kit: &Kit,
    membership: &Membership,
    signer: &DeviceKey,
) -> Result<(), KitFault> {
    disk::remove(disk, &dir.join(SIGNATURE))?;
    let mut manifest = String::new();
    disk::put(disk, &dir.join(KIT), &json(kit))?;
    for name in COVERED {
        let bytes = Zeroizing::new(disk::read(disk, &dir.join(name))?);
        let _always = writeln!(manifest, "{}  {name}", HEXLOWER.encode(&canon::sha256(&bytes)));
    }
    disk::put(disk, &dir.join(MEMBERSHIP), &membership.list().to_canon())?;
    disk::put(disk, &dir.join(MANIFEST), manifest.as_bytes())?;
    let signature = signer.sign("kit", |w| {
        w.bytes(manifest.as_bytes());
    });
    let text = format!("{}\n", HEXLOWER.encode(&signature.0));
    Ok(disk::put(disk, &dir.join(SIGNATURE), text.as_bytes())?)
}

/// Replaces the kit's list when `newest` is newer.
pub(crate) fn refresh(disk: &dyn Disk, dir: &Path, newest: &Membership) -> Result<bool, KitFault> {
    let kit = open_on(disk, dir)?;
    if newest.root() != &kit.root {
        return Err(KitFault::Tampered(dir.to_owned(), KIT));
    }
    if newest.member(&kit.member.device).is_none() {
        return Err(KitFault::Withdrawn(dir.to_owned()));
    }
    if newest.supersedes(&kit.membership) != Order::Newer {
        return Ok(false);
    }
    disk::put(disk, &dir.join(MEMBERSHIP), &newest.list().to_canon())?;
    Ok(true)
}

/// Whether the kit is the one of the township's present centre, used or not.
///
/// # Errors
/// [`KitFault`]: it is not, or it can't be read.
pub fn of_centre(dir: &Path, newest: &Membership) -> Result<(), KitFault> {
    let kit = open(dir)?;
    let centre = newest.centre().is_some_and(|centre| centre.device == kit.member.device);
    if centre && newest.root() == &kit.root { Ok(()) } else { Err(KitFault::NotCentre(dir.to_owned())) }
}

fn read_signature(text: &[u8]) -> Option<Signature> {
    let bytes = HEXLOWER.decode(text.trim_ascii()).ok()?;
    bytes.try_into().ok().map(Signature)
}

/// `sealing.key`: the version, a space, the secret in hex.
pub(crate) fn sealing_to_text(key: &SealingKey) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(format!("{} ", key.version()).into_bytes());
    text.extend_from_slice(&key_to_hex(&key.secret()));
    text
}

pub(crate) fn sealing_from_text(text: &[u8]) -> Option<SealingKey> {
    let (version, secret) = std::str::from_utf8(text).ok()?.split_once(' ')?;
    SealingKey::from_secret(version.parse().ok()?, *key_from_hex(secret.as_bytes())?).ok()
}

pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Centre => "centre",
        Role::Station => "station",
    }
}

/// Without names of people and without the code's hash.
impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kit({:04} {})", self.station, self.role)
    }
}

impl fmt::Debug for Staff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Staff(…)")
    }
}
