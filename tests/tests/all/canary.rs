//! The search for planted people: it must find each form it claims to know, else finding nothing means nothing.

use bianmin_tests::canary::{Needles, people};
use data_encoding::{BASE64, HEXLOWER};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use std::collections::BTreeSet;
use std::io::Write;

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The ways in which a value might lie in a file, each between other bytes.
fn hidden(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let around = |inside: &[u8]| {
        [b"\x07\xff\x00records of a box, page 7: ".as_slice(), inside, b" and so on\x00\x01"].concat()
    };
    let text = format!("name={value};").into_bytes();
    vec![
        ("plain", around(value.as_bytes())),
        ("utf-16", around(&utf16(value))),
        ("hex", around(HEXLOWER.encode(value.as_bytes()).as_bytes())),
        ("base64", around(BASE64.encode(format!("a{value}b").as_bytes()).as_bytes())),
        ("base64", around(BASE64.encode(format!("ab{value}").as_bytes()).as_bytes())),
        ("base64", around(BASE64.encode(format!("abc{value}defg").as_bytes()).as_bytes())),
        ("deflate", around(&deflated(&around(&text)))),
        ("deflate", around(&zlib(&around(&text)))),
        ("deflate", around(&gzip(&around(&text)))),
        ("zstd", around(&zstd::encode_all(around(&text).as_slice(), 3).unwrap())),
        ("json", around(br#"{"name":"\u7fc0\u7ffe\u749f"}"#)),
        ("percent", around(b"GET /x?name=%E7%BF%80%E7%BF%BE%E7%92%9F")),
    ]
}

/// Planted fault: each form in turn, in an otherwise clean folder. Fails when one is overlooked.
#[test]
fn every_form_of_a_value_is_found() {
    let value = "翀翾璟".to_owned();
    let needles = Needles::new(std::slice::from_ref(&value));
    for (form, bytes) in hidden(&value) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/file"), &bytes).unwrap();
        let found = needles.search(folder.path()).unwrap();
        assert!(found.hits.iter().any(|hit| hit.form.contains(form)), "{form}: {found:?}");
        assert_eq!(found.files, 1);
    }
}

/// Fails when noise is taken for a person: a false alarm would teach people to look away.
#[test]
fn noise_is_clean() {
    use rand::{Rng, SeedableRng};
    let values: Vec<String> =
        people(7, 50).into_iter().flat_map(|p| [p.name, p.id_number, p.phone]).collect();
    let mut noise = vec![0; 300_000];
    rand_chacha::ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut noise);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("noise"), &noise).unwrap();
    let found = Needles::new(&values).search(folder.path()).unwrap();
    assert_eq!((found.hits, found.bytes), (BTreeSet::new(), 300_000));
}

/// Fails when planted people are alike, or their numbers would be refused at the counter.
#[test]
fn planted_people_are_many_and_their_numbers_are_right() {
    let planted = people(1, 200);
    let ids: BTreeSet<&str> = planted.iter().map(|person| person.id_number.as_str()).collect();
    assert_eq!(ids.len(), 200);
    assert_eq!(planted, people(1, 200));
    for person in planted {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = person
            .id_number
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let check = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize];
        assert!(person.id_number.ends_with(check), "{}", person.id_number);
        let doubled = person.account.bytes().rev().enumerate().map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        });
        assert_eq!(doubled.sum::<u32>() % 10, 0, "{}", person.account);
    }
}
