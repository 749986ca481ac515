use proptest::prelude::*;

use super::column::{Delta, Flags, Rle};
use super::cursor::Cursor;

fn signed(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

proptest! {
    #[test]
    fn every_signed_number_is_read_back(value in any::<i64>()) {
        let bytes = signed(value);
        let mut from = Cursor::new(&bytes);
        prop_assert_eq!(from.i64(), Ok(value));
        prop_assert!(from.is_empty());
    }

    #[test]
    fn columns_of_any_bytes_end_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (mut numbers, mut names) = (Rle::<u64>::new(&bytes), Rle::<&str>::new(&bytes));
        let (mut steps, mut flags) = (Delta::new(&bytes), Flags::new(&bytes));
        for _ in 0..100 {
            let _ = (numbers.next(), names.next(), steps.next(), flags.next());
        }
    }
}

#[test]
fn edges_of_signed_numbers() {
    for value in [0, 63, 64, -64, -65, 127, 128, i64::MAX, i64::MIN] {
        assert_eq!(Cursor::new(&signed(value)).i64(), Ok(value));
    }
    for longer in [&[0x80, 0x00][..], &[0xff, 0x7f], &[0xbf, 0x80, 0x00], &[0x80; 11]] {
        assert!(Cursor::new(longer).i64().is_err(), "{longer:02x?} has a shorter form or none");
    }
    assert_eq!(Cursor::new(&[0xff, 0x00]).i64(), Ok(127), "the second byte carries the sign");
    assert!(Cursor::new(&[0x81, 0x00]).u64().is_err());
}

#[test]
fn a_run_is_read_only_as_far_as_asked() {
    let mut column = signed(i64::MAX);
    column.push(7);
    let mut rle = Rle::<u64>::new(&column);
    assert_eq!((rle.next(), rle.next(), rle.is_done()), (Ok(Some(7)), Ok(Some(7)), false));
    let mut absent = Rle::<u64>::new(&[]);
    assert_eq!((absent.next(), absent.is_done()), (Ok(None), true));
    let mut mixed = Rle::<u64>::new(&[0x7e, 1, 2, 0, 1]);
    let rows: Vec<_> = (0..3).map(|_| mixed.next()).collect();
    assert_eq!(rows, [Ok(Some(1)), Ok(Some(2)), Ok(None)]);
    assert!(mixed.is_done() && mixed.next().is_err(), "a column that is there must reach to the last row");
}
