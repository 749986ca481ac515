use super::*;
use crate::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Fails if the weights or check letters of GB 11643 are wrong: the numbers are the standard's own examples.
#[test]
fn id_numbers_of_the_standard_are_accepted() {
    let today = day("2026-11-23");
    let id = IdNumber::parse("11010519491231002X", today).unwrap();
    assert_eq!((id.birthday(), id.sex(), id.age(today)), (day("1949-12-31"), Sex::Female, 76));
    let id = IdNumber::parse("440524188001010014", today).unwrap();
    assert_eq!((id.sex(), id.age(today)), (Sex::Male, 146));
    assert!(IdNumber::parse(" １１０１０５ 19491231 002x ", today).is_ok());
}

/// Fails if any of GB 11643's checks is skipped.
#[test]
fn wrong_id_numbers_say_why() {
    let today = day("2026-11-23");
    let fault = |text: &str| IdNumber::parse(text, today).unwrap_err();
    assert_eq!(fault(""), IdFault::Empty);
    assert_eq!(fault("1101051949123100"), IdFault::Length(16));
    assert_eq!(fault("1101051949123100ZX"), IdFault::Letters);
    assert_eq!(fault("吴10105194912310023"), IdFault::Letters);
    assert_eq!(fault("110105194902300020"), IdFault::Birthday);
    assert_eq!(fault("110105202612310020"), IdFault::Future);
    assert_eq!(fault("110105194912310021"), IdFault::Check);
    assert_eq!(IdNumber::parse("11010519491231002X", day("1949-12-30")), Err(IdFault::Future));
}

/// Fails if one changed digit can pass: MOD 11-2 catches every single error and every swap of neighbours.
#[test]
fn every_single_slip_in_an_id_number_is_caught() {
    let good = "11010519491231002X";
    for place in 0..17 {
        for digit in b'0'..=b'9' {
            let mut bytes = good.as_bytes().to_vec();
            if bytes[place] == digit {
                continue;
            }
            bytes[place] = digit;
            assert!(IdNumber::parse(std::str::from_utf8(&bytes).unwrap(), day("2026-11-23")).is_err());
        }
    }
}

/// Fails if a leap-day birthday makes somebody a year older a day early.
#[test]
fn age_turns_on_the_birthday() {
    let id = IdNumber::parse("11010519491231002X", day("2026-11-23")).unwrap();
    assert_eq!((id.age(day("2029-12-30")), id.age(day("2029-12-31"))), (79, 80));
}

/// Fails if a number can reach a log through `Debug`.
#[test]
fn debug_never_shows_a_number() {
    let id = IdNumber::parse("11010519491231002X", day("2026-11-23")).unwrap();
    let unit = UnitCode::parse("91350100M000100Y43").unwrap();
    assert!(!format!("{id:?} {unit:?}").contains(|c: char| c.is_ascii_digit()));
}

/// Fails if MOD 31 of GB 32100 is computed wrongly: the code is the standard's example.
#[test]
fn unit_codes() {
    assert_eq!(unit_code_fault("91350100m000100y43"), None);
    assert!(unit_code_fault("91350100M000100Y44").unwrap().contains("最后一位"));
    assert!(unit_code_fault("91350100M000100Y4").unwrap().contains("17 位"));
    assert!(unit_code_fault("91350100I000100Y43").unwrap().contains("没有 I"));
}

/// Fails if a village's usual numbers are refused or a short mobile passes.
#[test]
fn phones() {
    for good in ["13912342476", "139 1234 2476", "0563-5022018", "05635022018", "5022018", "020-12345678"] {
        assert_eq!(phone_fault(good), None, "{good}");
    }
    assert!(phone_fault("1391234247").unwrap().contains("现在是 10 位"));
    for bad in ["", "abc", "12345678901", "999"] {
        assert!(phone_fault(bad).is_some(), "{bad}");
    }
}

/// Fails if Luhn is wrong or old bank books are refused.
#[test]
fn accounts() {
    assert!(luhn("79927398713") && !luhn("79927398710") && !luhn("") && !luhn("12a"));
    assert_eq!(account_fault("6222 0000 0000 0000 004"), None);
    assert!(account_fault("6222000000000000005").unwrap().contains("校验"));
    assert_eq!(account_fault("123456789012"), None);
    assert!(account_fault("1234").unwrap().contains("现在是 4 位"));
}

/// Fails if masks show more than domain.md allows.
#[test]
fn masks() {
    assert_eq!(mask_name("张老三"), "张*三");
    assert_eq!(mask_name("李四"), "李*");
    assert_eq!(mask_name("欧阳老三"), "欧**三");
    assert_eq!(mask_name("𠮷䶮"), "𠮷*");
    assert_eq!(mask_id("11010519491231002X"), "110105********002X");
    assert_eq!(mask_id_public("11010519491231002X"), "1****************X");
    assert_eq!(mask_phone("13912342476"), "139****2476");
    assert_eq!(mask_phone("5022018"), "*******");
    assert_eq!(mask_account("6222000000000003081"), "***************3081");
}

/// Fails if rare characters or minority names are refused.
#[test]
fn rare_names_are_names() {
    for good in ["𠮷䶮", "阿依古丽·买买提", "王 小二", "John Smith"] {
        assert_eq!(name_fault(good), None, "{good}");
    }
    for bad in ["", "  ", "张3", "<b>"] {
        assert!(name_fault(bad).is_some(), "{bad}");
    }
}
