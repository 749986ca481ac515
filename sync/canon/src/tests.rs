use crate::{Reader, Writer};
use proptest::prelude::*;

proptest! {
    #[test]
    fn numbers_come_back(n in any::<u64>(), i in any::<i64>()) {
        let mut w = Writer::new();
        w.u64(n).i64(i);
        let bytes = w.into_bytes();
        let mut r = Reader::new(&bytes);
        prop_assert_eq!(r.u64().unwrap(), n);
        prop_assert_eq!(r.i64().unwrap(), i);
        prop_assert!(r.end().is_ok());
    }

    /// Fails if two byte strings could mean one number: whatever decodes encodes back to the bytes that were read.
    #[test]
    fn one_value_has_one_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
        let mut r = Reader::new(&bytes);
        if let Ok(n) = r.u64() {
            let mut w = Writer::new();
            w.u64(n);
            prop_assert_eq!(w.as_bytes(), bytes.get(..r.position()).unwrap());
        }
    }
}

#[test]
fn a_lying_length_reserves_nothing() {
    let mut w = Writer::new();
    w.u64(u64::MAX);
    assert!(Reader::new(w.as_bytes()).bytes(usize::MAX).is_err());
    assert!(Reader::new(&[5, 1, 2]).bytes(10).is_err());
    assert!(Reader::new(&[3, 1, 2, 3]).bytes(2).is_err());
}

#[test]
fn long_forms_and_trailing_bytes_are_refused() {
    assert!(Reader::new(&[0x80, 0x00]).u64().is_err());
    assert!(Reader::new(&[0xff; 10]).u64().is_err());
    assert!(Reader::new(&[1]).end().is_err());
    assert!(Reader::new(&[2]).bool().is_err());
}
