//! What a box tells its network about itself: enough to be dialled, nothing to be trusted.

use identity::{DeviceId, TownshipId};

/// The protocol versions that this program speaks, lowest and highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Lowest.
    pub min: u8,
    /// Highest.
    pub max: u8,
}

impl Versions {
    /// Whether two boxes have a version in common.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.min <= other.max && other.min <= self.max
    }
}

/// The TXT record of a box. Short, because it is repeated in every answer; anybody may write one, so it decides
/// nothing but whether a dial is worth trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The first eight hex digits of the township id.
    township: String,
    /// The first sixteen hex digits of the device key.
    device: String,
    /// What it speaks.
    versions: Versions,
}

const TOWNSHIP_DIGITS: usize = 8;
const DEVICE_DIGITS: usize = 16;

fn digits(bytes: &[u8], count: usize) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(count)
        .filter_map(|n| char::from_digit(n.into(), 16))
        .collect()
}

fn is_hex(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl Announcement {
    /// For this box.
    #[must_use]
    pub fn new(township: &TownshipId, device: &DeviceId, versions: Versions) -> Self {
        Self {
            township: digits(&township.0, TOWNSHIP_DIGITS),
            device: digits(&device.0, DEVICE_DIGITS),
            versions,
        }
    }

    /// The instance and host name.
    pub(crate) fn name(&self) -> String {
        format!("bianmin-{}", self.device)
    }

    /// Keys and values of the TXT record.
    pub(crate) fn txt(&self) -> [(&'static str, String); 3] {
        let Versions { min, max } = self.versions;
        [("t", self.township.clone()), ("d", self.device.clone()), ("p", format!("{min}-{max}"))]
    }

    /// Reads a TXT record; `None` when a key is missing or malformed.
    pub(crate) fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let (township, device) = (value("t")?, value("d")?);
        let (min, max) = value("p")?.split_once('-')?;
        let versions = Versions { min: min.parse().ok()?, max: max.parse().ok()? };
        let sound = is_hex(township, TOWNSHIP_DIGITS)
            && is_hex(device, DEVICE_DIGITS)
            && versions.min <= versions.max;
        sound.then(|| Self { township: township.to_owned(), device: device.to_owned(), versions })
    }

    /// Whether `other` is worth a dial: another box of this township that speaks a version of ours.
    pub(crate) fn is_worth_dialling(&self, other: &Self) -> bool {
        self.township == other.township && self.device != other.device && self.versions.meets(other.versions)
    }
}
