use crate::*;
use proptest::prelude::*;

const CASE: [u8; 16] = [7; 16];
const ACTOR: [u8; 16] = [3; 16];
const GOLDEN_BLOB: &str = "0105050505050505050505050545644cdfa47ec9d8e60aa7520ed366db8a91b66ca6f4a5";

fn place(field: &str) -> CellPlace<'_> {
    CellPlace { case: CASE, person: 0, field }
}

fn cell(text: &str) -> Vec<u8> {
    seal_cell(&Seed([1; 16]), &place("name"), &ACTOR, 4, text).unwrap()
}

#[test]
fn a_cell_opens_at_its_own_place_with_its_own_seed_only() {
    let sealed = cell("王小明");
    assert!(is_cell(&sealed));
    let open = |seed: u8, case: [u8; 16], person, field| {
        open_cell(&Seed([seed; 16]), &CellPlace { case, person, field }, &sealed)
    };
    assert_eq!(open(1, CASE, 0, "name").unwrap().as_str(), "王小明");
    assert_eq!(open(2, CASE, 0, "name"), Err(OpenFault::Key));
    assert_eq!(open(1, [8; 16], 0, "name"), Err(OpenFault::Key));
    assert_eq!(open(1, CASE, 1, "name"), Err(OpenFault::Key));
    assert_eq!(open(1, CASE, 0, "phone"), Err(OpenFault::Key));
}

/// Fails if one nonce could serve two texts: then the XOR of two ciphertexts would give them away.
#[test]
fn the_nonce_differs_with_everything_that_may_differ() {
    let seed = Seed([1; 16]);
    let mut nonces: Vec<Vec<u8>> = Vec::new();
    let mut add = |sealed: Vec<u8>| nonces.push(sealed[1..13].to_vec());
    add(cell("一"));
    add(cell("二"));
    add(seal_cell(&seed, &place("phone"), &ACTOR, 4, "一").unwrap());
    add(seal_cell(&seed, &place("name"), &[4; 16], 4, "一").unwrap());
    add(seal_cell(&seed, &place("name"), &ACTOR, 5, "一").unwrap());
    add(seal_cell(&seed, &CellPlace { person: 1, ..place("name") }, &ACTOR, 4, "一").unwrap());
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 6);
    assert_eq!(cell("一"), cell("一"), "a receiver makes the same bytes");
}

#[test]
fn a_text_too_long_for_a_cell_is_refused() {
    let seal = |text: &str| seal_cell(&Seed([1; 16]), &place("name"), &ACTOR, 4, text);
    let longest = "a".repeat(limit::CELL_TEXT_BYTES);
    assert!(is_cell(&seal(&longest).unwrap()));
    assert_eq!(seal(&format!("{longest}a")), Err(SealFault::TooLong));
    assert!(!is_cell(&[1; 28]));
    assert!(!is_cell(&[2; 60]), "a version we do not know");
    assert!(is_cell(&cell("")), "an emptied value is a cell too");
}

/// Fails if a photo opened with another case's key, as another case's, or as its own thumbnail.
#[test]
fn a_blob_opens_at_its_own_place_with_its_own_seed_only() {
    let place = BlobPlace { case: CASE, person: 9, kind: BlobKind::Photo };
    let sealed = seal_blob(&Seed([1; 16]), &place, [5; 12], b"a photo").unwrap();
    assert_eq!(sealed.len(), b"a photo".len() + limit::CELL_OVERHEAD_BYTES);
    let open = |seed: u8, place: BlobPlace| open_blob(&Seed([seed; 16]), &place, &sealed);
    assert_eq!(open(1, place).unwrap().as_slice(), b"a photo");
    assert_eq!(open(2, place), Err(OpenFault::Key));
    assert_eq!(open(1, BlobPlace { case: [8; 16], ..place }), Err(OpenFault::Key));
    assert_eq!(open(1, BlobPlace { person: 0, ..place }), Err(OpenFault::Key));
    assert_eq!(open(1, BlobPlace { kind: BlobKind::Thumb, ..place }), Err(OpenFault::Key));
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open_blob(&Seed([1; 16]), &place, &changed).is_err(), "byte {at}");
    }
    let long = vec![0; limit::BLOB_BYTES + 1];
    assert_eq!(seal_blob(&Seed([1; 16]), &place, [5; 12], &long), Err(SealFault::TooLong));
    // as docs/formats/blob.md has it: what stands on disks and goes over the wire never changes
    let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, GOLDEN_BLOB);
}

#[test]
fn a_seed_comes_out_of_its_own_bag_only() {
    let bag = BagKey::from_bytes([9; 32]);
    let wrapped = bag.wrap(&Seed([1; 16]), &CASE, 2, [5; 12]).unwrap();
    assert_eq!(bag.unwrap(&CASE, 2, &wrapped), Ok(Seed([1; 16])));
    assert_eq!(bag.unwrap(&CASE, 3, &wrapped), Err(OpenFault::Key));
    assert_eq!(bag.unwrap(&[8; 16], 2, &wrapped), Err(OpenFault::Key));
    assert_eq!(BagKey::from_bytes([8; 32]).unwrap(&CASE, 2, &wrapped), Err(OpenFault::Key));
    assert_eq!(bag.unwrap(&CASE, 2, &wrapped[..20]), Err(OpenFault::Form));
}

fn sealing() -> SealingKey {
    SealingKey::from_secret(3, [6; 32]).unwrap()
}

#[test]
fn only_the_recipient_opens_what_is_sealed_to_it() {
    let (enc, sealed) = seal_to(&sealing().public(), b"header", b"payload", [1; 32]).unwrap();
    assert_eq!(open_from(&sealing(), &enc, b"header", &sealed).unwrap().as_slice(), b"payload");
    assert_eq!(open_from(&sealing(), &enc, b"other", &sealed), Err(OpenFault::Key));
    let thief = SealingKey::from_secret(3, [5; 32]).unwrap();
    assert_eq!(open_from(&thief, &enc, b"header", &sealed), Err(OpenFault::Key));
    let (again, _) = seal_to(&sealing().public(), b"header", b"payload", [2; 32]).unwrap();
    assert_ne!(enc, again, "the randomness given is used");
    let zero = SealingPublic { version: 1, key: [0; 32] };
    assert_eq!(seal_to(&zero, b"", b"payload", [1; 32]), Err(SealFault::Recipient), "a low-order key");
}

#[test]
fn no_secret_is_shown() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        Seed([0x61; 16]),
        BagKey::from_bytes([0x61; 32]),
        sealing(),
        place("name")
    );
    assert!(!shown.contains("97") && !shown.contains("aaaa") && !shown.contains('['), "{shown}");
    assert!(!shown.contains("[6, 6"), "{shown}");
}

/// What version 1 looks like. Fails when a tag, a derivation or an encoding changes by one bit: then the values of
/// every box in the field would no longer open.
#[test]
fn version_one_stays_version_one() {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let wrapped = BagKey::from_bytes([9; 32]).wrap(&Seed([1; 16]), &CASE, 2, [5; 12]).unwrap();
    let (enc, sealed) = seal_to(&sealing().public(), b"header", b"payload", [1; 32]).unwrap();
    let now = format!(
        "cell {}\nseed {}\npublic {}\nenc {}\nsealed {}\n",
        hex(&cell("王小明")),
        hex(&wrapped),
        hex(&sealing().public().key),
        hex(&enc),
        hex(&sealed)
    );
    assert_eq!(now, include_str!("../tests/golden/v1.txt"));
}

proptest! {
    #[test]
    fn every_text_comes_back(text in "\\PC{0,200}", seed in any::<[u8; 16]>(), person in any::<u64>(), seq in any::<u64>()) {
        let place = CellPlace { case: CASE, person, field: "note" };
        let sealed = seal_cell(&Seed(seed), &place, &ACTOR, seq, &text).unwrap();
        prop_assert_eq!(sealed.len(), text.len() + limit::CELL_OVERHEAD_BYTES);
        let opened = open_cell(&Seed(seed), &place, &sealed).unwrap();
        prop_assert_eq!(opened.as_str(), text.as_str());
    }

    /// Fails if any changed bit opens, or any bytes make it panic.
    #[test]
    fn a_changed_cell_never_opens(text in "\\PC{0,40}", at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bad = cell(&text);
        let at = at.index(bad.len());
        bad[at] ^= 1 << bit;
        prop_assert!(open_cell(&Seed([1; 16]), &place("name"), &bad).is_err());
        let cut = bad.get(..at).unwrap();
        prop_assert!(open_cell(&Seed([1; 16]), &place("name"), cut).is_err());
        prop_assert!(open_from(&sealing(), &[2; 32], b"", &bad).is_err());
    }
}
