use proptest::prelude::*;

use super::*;

fn sample() -> CaseNumber {
    CaseNumber::mint(2308, 2026, [0x9c, 0xef, 0x4a, 1, 2, 3, 4, 5], 352).unwrap()
}

/// Fails if the printed shape changes: papers in residents' hands carry it.
#[test]
fn the_printed_shape_stands() {
    insta::assert_snapshot!(sample().to_string(), @"2308-2026-KKQM-0352-A");
}

/// Fails if a practised case could be taken for a real one.
#[test]
fn a_practice_number_is_told_from_every_real_one() {
    let practised = CaseNumber::mint(DRILL, 2026, [1; 8], 1).unwrap();
    let read = CaseNumber::parse(&practised.to_string()).unwrap();
    assert!(read.is_drill() && read.to_string().starts_with("9999-"));
    assert!(!sample().is_drill());
}

/// Fails if this is not ISO 7064 MOD 37,36: the GRid standard prints this code with an M.
#[test]
fn the_check_is_the_standards() {
    assert_eq!(check_char(b"A12425GABC1234002"), b'M');
}

/// Fails if reading over the phone needs the exact spelling.
#[test]
fn reading_is_tolerant() {
    let text = sample().to_string();
    for typed in [text.to_lowercase(), text.replace('-', ""), text.replace('0', "o"), format!(" {text} ")] {
        assert_eq!(CaseNumber::parse(&typed), Ok(sample()), "{typed}");
    }
    let wide = text.chars().map(wide).collect::<String>();
    assert_eq!(CaseNumber::parse(&wide), Ok(sample()), "{wide}");
    assert_eq!(CaseNumber::parse("2308-2026"), Err(NumberFault::Shape));
    assert_eq!(CaseNumber::parse(""), Err(NumberFault::Shape));
    assert_eq!(CaseNumber::parse("字字字字字字字字字字字字字字字字字字"), Err(NumberFault::Shape));
}

proptest! {
    /// Fails if a number does not come back, or if one wrong character passes the check.
    #[test]
    fn one_slip_is_caught(station in 0u16..9999, year in 2020i16..2099, epoch: [u8; 8], counter in 1u64..99_999_999,
                          place in 0usize..16, with in 0usize..36) {
        let number = CaseNumber::mint(station, year, epoch, counter).unwrap();
        let text = number.to_string().replace('-', "");
        prop_assert_eq!(CaseNumber::parse(&text), Ok(number));
        let mut bytes = text.into_bytes();
        let other = ALPHABET[with];
        prop_assume!(likely(bytes[place]) != likely(other));
        bytes[place] = other;
        prop_assert!(CaseNumber::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
    }
}

/// Fails if a code loses its leading zeros or a longer one passes.
#[test]
fn query_codes() {
    assert_eq!(query_code(1_000_042), "000042");
    assert_eq!(parse_query_code(" 740 926 "), Some("740926".to_owned()));
    assert_eq!(parse_query_code("７４０　９２６"), Some("740926".to_owned()));
    assert_eq!(parse_query_code("7409261"), None);
    assert_eq!(parse_query_code("74092六"), None);
}

/// As a Chinese keyboard in full-width mode types it.
fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).unwrap()
}
