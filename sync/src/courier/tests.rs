//! The file around a transcript. What is in one is tested where there are boxes (`node/app/src/courier`).

use super::{Found, MAGIC, Parcel};
use crate::limit;
use identity::{DeviceId, DeviceKey};
use proptest::prelude::*;

const TO: DeviceId = DeviceId([9; 32]);

fn sealed(transcript: &[u8]) -> Vec<u8> {
    Parcel::seal(&DeviceKey::from_seed([1; 32]), TO, 1_795_000_000, transcript)
}

fn whole(found: &[Found]) -> Vec<&[u8]> {
    let parcels = found.iter().filter_map(|found| match found {
        Found::Parcel(parcel) => Some(parcel.transcript.as_slice()),
        Found::Broken | Found::Newer => None,
    });
    parcels.collect()
}

/// Fails if the order of copying, or what else lies in the file, hides a whole parcel.
#[test]
fn parcels_are_found_between_anything_else() {
    let file =
        [b"notes bmc".as_slice(), &sealed(b"one"), b"\0bmc1\x01", &sealed(b"two"), &sealed(b"")].concat();
    let found = Parcel::find(&file);
    assert_eq!(whole(&found), [b"one".as_slice(), b"two", b""]);
    assert_eq!(found.iter().filter(|found| **found == Found::Broken).count(), 1);
    assert_eq!(Parcel::find(b"an ordinary file"), []);
    assert_eq!(Parcel::find(&[&MAGIC[..], &[2]].concat()), [Found::Newer]);
}

/// Fails if a file full of lies costs more than a few parcels to look through.
#[test]
fn a_file_of_lies_is_soon_left() {
    let lies = [&MAGIC[..], &[1]].concat().repeat(10_000);
    assert_eq!(Parcel::find(&lies).len(), limit::COURIER_BROKEN);
}

proptest! {
    /// Fails if a byte can be changed, or the end lost, without being noticed.
    #[test]
    fn what_was_altered_or_cut_short_is_broken(transcript: Vec<u8>, at: prop::sample::Index, change in 1u8..) {
        let good = sealed(&transcript);
        let cut = good.get(..at.index(good.len())).unwrap();
        prop_assert!(whole(&Parcel::find(cut)).is_empty());
        let mut bent = good.clone();
        *bent.get_mut(at.index(good.len())).unwrap() ^= change;
        prop_assert!(whole(&Parcel::find(&bent)).is_empty());
        let found = Parcel::find(&good);
        prop_assert_eq!(whole(&found), [transcript.as_slice()]);
    }

    /// Fails if any bytes make it panic.
    #[test]
    fn any_bytes_are_looked_through(mut bytes: Vec<u8>, at: prop::sample::Index) {
        let place = at.index(bytes.len() + 1);
        bytes.splice(place..place, MAGIC);
        drop(Parcel::find(&bytes));
    }
}
