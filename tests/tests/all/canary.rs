//! The search for planted people: it must find each form it claims to know, else finding nothing means nothing.

use app::cases::NewPhoto;
use app::testing::{Invented, MONDAY, TestClock, answers, clerk, jpeg, meet, township, township_item};
use bianmin_tests::canary::{Needles, people};
use data_encoding::{BASE64, HEXLOWER};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use seal::BagKey;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use store::free_space::Unbounded;
use store::{DiskFolder, MemoryEngine};

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

/// Fails when a photo, its thumbnail, or one that was taken away or thrown away with its draft, lies readable on the disk of
/// the box that took it.
#[test]
fn no_planted_photo_is_found_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(DiskFolder::at(folder.path().to_path_buf()).unwrap());
    let opened = store::open::open(&disk, Box::new(Unbounded), BagKey::from_bytes([9; 32])).unwrap();
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let node = town.start(1, Arc::new(opened.engine), clock, 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&node, &centre);
    let (version, who) = (township_item(&node), clerk());
    let scenario = &version.scenarios[0].id;
    let material = version.materials_for(scenario).next().unwrap().id.clone();
    let planted: Vec<String> =
        people(77, 6).into_iter().flat_map(|one| [one.id_number, one.remark]).collect();
    let photo = |words: &[String]| {
        // long enough for several pieces, each with the words in it
        let (large, small) = (words.join(" ").repeat(2_000), words.join(" "));
        let thumb = Some(jpeg(120, 90, &small));
        NewPhoto { material: material.clone(), file: jpeg(1600, 1200, &large), thumb, instead: None }
    };
    let mut parts = planted.chunks(2);
    let mut next = || photo(parts.next().unwrap());
    let draft = node.start_draft(&who, &version.code).unwrap();
    node.save_draft(&who, draft, answers(&version, scenario, &Invented::nth(1))).unwrap();
    for _ in 0..3 {
        node.add_photo(&who, draft, next()).unwrap();
    }
    let first = node.case(draft).unwrap().case.photos[0].what.photo;
    node.drop_photo(&who, draft, first).unwrap();
    let case = node.accept(&who, draft).unwrap().id;
    node.add_photo(&who, case, next()).unwrap();
    let thrown = node.start_draft(&who, &version.code).unwrap();
    node.add_photo(&who, thrown, next()).unwrap();
    let kept = node.start_draft(&who, &version.code).unwrap();
    node.add_photo(&who, kept, next()).unwrap();
    node.discard_draft(&who, thrown).unwrap();
    assert_eq!(node.case(case).unwrap().case.photos.len(), 3);
    drop(node);

    let needles = Needles::new(&planted);
    let found = needles.search(folder.path()).unwrap();
    assert_eq!(found.hits, BTreeSet::new());
    assert!(found.bytes > 500_000, "was anything searched? {found:?}");
    // The control: one photo beside them would have been found.
    std::fs::write(folder.path().join("photo.jpg"), photo(&planted[..2]).file).unwrap();
    assert!(!needles.search(folder.path()).unwrap().hits.is_empty());
}
