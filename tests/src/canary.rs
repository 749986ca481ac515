//! Planted people, and a search for them in everything a box leaves behind: plain, UTF-16, base64, hexadecimal,
//! percent- and JSON-escaped, and inside whatever inflates (raw deflate as Automerge uses it, zlib, gzip, zstd).

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};
use flate2::read::DeflateDecoder;
use flate2::{Decompress, FlushDecompress};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes by which a needle is looked up; no needle is shorter.
const KEY: usize = 5;
/// What inflates to less than this can't hold a value of ours.
const INFLATED_MIN: usize = 8;
/// An inflated stream is searched up to here.
const INFLATED_MAX: u64 = 8 << 20;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// One invented person; every value is unlikely enough to be found by chance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Three rare characters.
    pub name: String,
    /// A resident id number with a birthday that exists and a right check character.
    pub id_number: String,
    /// A mobile number.
    pub phone: String,
    /// An address.
    pub address: String,
    /// A bank account that passes Luhn.
    pub account: String,
    /// A remark about the person.
    pub remark: String,
}

/// `count` people, the same for one seed.
#[must_use]
pub fn people(seed: u64, count: usize) -> Vec<Planted> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| person(&mut random)).collect()
}

fn pick<'a>(random: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    from.get(random.random_range(0..from.len())).copied().unwrap_or_default()
}

fn person(random: &mut ChaCha8Rng) -> Planted {
    const SURNAMES: [&str; 12] = ["禤", "爨", "郄", "亓", "逄", "佴", "甯", "厍", "璩", "麴", "隗", "夔"];
    const GIVEN: [&str; 16] =
        ["翀", "翾", "璟", "珺", "頔", "赟", "旻", "堃", "祎", "懿", "煊", "鋆", "彧", "祯", "瑄", "燊"];
    let name = format!("{}{}{}", pick(random, &SURNAMES), pick(random, &GIVEN), pick(random, &GIVEN));
    let (year, month, day) =
        (random.random_range(1930..2000), random.random_range(1..13), random.random_range(1..29));
    let digits = format!("341823{year}{month:02}{day:02}{:03}", random.random_range(0..1000));
    let id_number = format!("{digits}{}", check_character(&digits));
    let phone = format!("139{:08}", random.random_range(0..100_000_000_u32));
    let (group, house) = (random.random_range(100..999), random.random_range(1000..9999));
    let address = format!("{}{}湾{group}组{house}号", pick(random, &GIVEN), pick(random, &SURNAMES));
    let account = luhn(&format!("621700{:012}", random.random_range(0..1_000_000_000_000_u64)));
    let remark = format!("{}耳背{}，请慢说", pick(random, &SURNAMES), random.random_range(10_000..99_999));
    Planted { name, id_number, phone, address, account, remark }
}

fn check_character(digits: &str) -> char {
    // GB 11643, ISO 7064 MOD 11-2, worked from the left: an independent writing of the rule the product has.
    let sum = digits.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    char::from_digit((12 - sum) % 11, 11).map_or('0', |digit| if digit == 'a' { 'X' } else { digit })
}

fn luhn(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 })
        .map(|value| value / 10 + value % 10)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A value found where none may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The file.
    pub file: PathBuf,
    /// How the value was written there.
    pub form: String,
    /// Which value, as an index into what was searched for.
    pub value: usize,
}

/// What was searched, so that a search of nothing is not taken for a clean one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Values found.
    pub hits: BTreeSet<Hit>,
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes that came out of inflating.
    pub inflated: u64,
}

/// (bytes, form, value's index)
type Needle = (Vec<u8>, String, usize);

/// Values in all their forms, ready to be looked for.
#[derive(Debug, Default)]
pub struct Needles {
    by_key: BTreeMap<[u8; KEY], Vec<Needle>>,
}

impl Needles {
    /// Prepares a search for `values`; each has at least three characters.
    #[must_use]
    pub fn new(values: &[String]) -> Self {
        let mut needles = Self::default();
        for (value, text) in values.iter().enumerate() {
            for (form, bytes) in forms(text) {
                if let Some(key) = bytes.first_chunk::<KEY>() {
                    needles.by_key.entry(*key).or_default().push((bytes.clone(), form.clone(), value));
                }
            }
        }
        needles
    }

    /// Searches every file under `folder`.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn search(&self, folder: &Path) -> io::Result<Found> {
        let mut found = Found::default();
        self.search_into(folder, &mut found)?;
        Ok(found)
    }

    fn search_into(&self, folder: &Path, found: &mut Found) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.search_into(&path, found)?;
            } else if path.is_file() {
                let bytes = fs::read(&path)?;
                found.files += 1;
                found.bytes += bytes.len() as u64;
                self.search_file(&path, &bytes, found);
            }
        }
        Ok(())
    }

    fn search_file(&self, path: &Path, bytes: &[u8], found: &mut Found) {
        self.search_bytes(path, "", bytes, found);
        let mut probe = Decompress::new(false);
        for start in 0..bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let mut inflated = Vec::new();
            if rest.starts_with(&ZSTD_MAGIC) {
                // A broken end still gives what came before it.
                let decoder = zstd::stream::read::Decoder::new(rest);
                let _ = decoder.and_then(|decoder| decoder.take(INFLATED_MAX).read_to_end(&mut inflated));
                self.search_bytes(path, "zstd ", &inflated, found);
            } else if may_be_deflate(rest, &mut probe) {
                let _ = DeflateDecoder::new(rest).take(INFLATED_MAX).read_to_end(&mut inflated);
                if inflated.len() >= INFLATED_MIN {
                    self.search_bytes(path, "deflate ", &inflated, found);
                }
            }
            found.inflated += inflated.len() as u64;
        }
    }

    fn search_bytes(&self, path: &Path, prefix: &str, bytes: &[u8], found: &mut Found) {
        for (start, window) in bytes.windows(KEY).enumerate() {
            let Some(candidates) = window.first_chunk::<KEY>().and_then(|key| self.by_key.get(key)) else {
                continue;
            };
            let rest = bytes.get(start..).unwrap_or_default();
            for (needle, form, value) in candidates {
                if rest.starts_with(needle) {
                    found.hits.insert(Hit {
                        file: path.to_owned(),
                        form: format!("{prefix}{form}"),
                        value: *value,
                    });
                }
            }
        }
    }
}

/// Whether a raw deflate stream may begin here. The first three bits are the last-block flag and the block type: a
/// stored block is found as plain bytes, type 3 does not exist. The probe is kept, because making one costs more than
/// what it looks at.
fn may_be_deflate(rest: &[u8], probe: &mut Decompress) -> bool {
    if !matches!(rest.first().map(|byte| byte >> 1 & 3), Some(1 | 2)) {
        return false;
    }
    probe.reset(false);
    let mut begin = [0; INFLATED_MIN];
    let looked = probe.decompress(rest, &mut begin, FlushDecompress::None);
    looked.is_ok() && probe.total_out() >= INFLATED_MIN as u64
}

fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let plain = text.as_bytes().to_vec();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let percent: String = plain.iter().map(|byte| format!("%{byte:02X}")).collect();
    let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let mut forms = vec![
        ("hex".to_owned(), HEXLOWER.encode(&plain).into_bytes()),
        ("HEX".to_owned(), HEXUPPER.encode(&plain).into_bytes()),
        ("percent".to_owned(), percent.into_bytes()),
        ("json".to_owned(), escaped.into_bytes()),
        ("utf-16le".to_owned(), little),
        ("utf-16be".to_owned(), big),
    ];
    for shift in 0..3_usize {
        for (name, encoding) in [("base64", BASE64), ("base64url", BASE64URL)] {
            // Somewhere inside a longer text: what stands beside it changes the characters at both ends.
            let padded = [vec![0; shift], plain.clone()].concat();
            let whole = encoding.encode(&padded);
            let (front, back) = ((shift * 8).div_ceil(6), plain.len() + shift);
            let inner = whole.get(front..back * 8 / 6).unwrap_or_default();
            forms.push((format!("{name}+{shift}"), inner.as_bytes().to_vec()));
        }
    }
    forms.push(("plain".to_owned(), plain));
    forms
}
