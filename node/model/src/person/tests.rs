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
    // places that are none, each with a check digit that is right
    for nowhere in ["000000194912310025", "999999194912310027", "200000194912310028"] {
        let told = ('0'..='9').chain(['X']).filter_map(|check| {
            let number = format!("{}{check}", &nowhere[..17]);
            IdNumber::parse(&number, day("2026-11-23")).err().filter(|fault| *fault != IdFault::Check)
        });
        assert_eq!(told.collect::<Vec<_>>(), vec![IdFault::Place; 11], "{nowhere}");
    }
    // a foreigner's card has a 9 before the province
    let foreign = ('0'..='9').chain(['X']).map(|check| format!("93415619900101001{check}"));
    assert_eq!(foreign.filter(|number| IdNumber::parse(number, day("2026-11-23")).is_ok()).count(), 1);
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
    for bad in ["", "abc", "12345678901", "999", "00000000000", "0000000", "88888888", "00563502201"] {
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
    assert_eq!(mask_apart(&["13912342476", "13956322471"], mask_phone), ["139****2476", "139****2471"]);
    assert_eq!(mask_apart(&["13912342476", "13956342476"], mask_phone), ["13912**2476", "13956**2476"]);
    assert_eq!(mask_apart(&["张小明", "张晓明"], mask_name), ["张小明", "张晓明"]);
    assert_eq!(mask_apart(&["李四", "李四五", "李五"], mask_name), ["李四", "李四五", "李五"]);
}

/// Fails if rare characters, minority or foreign names are refused, or are kept in more than one form.
#[test]
fn names_of_people() {
    for (typed, kept) in [
        ("𠮷䶮", "𠮷䶮"),
        ("\u{30000}㐂", "\u{30000}㐂"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("　王　小二 ", "王小二"),
        ("John   Smith", "John Smith"),
        ("Ｊean-Pierre O'Neill", "Jean-Pierre O'Neill"),
        ("J. R. Müller", "J. R. Müller"),
        ("李Maria", "李Maria"),
        ("〇", "〇"),
    ] {
        assert_eq!((name_fault(typed), tidy_name(typed).as_str()), (None, kept), "{typed}");
    }
}

/// Fails if something that is no name gets through: what is refused says why.
#[test]
fn what_is_no_name_is_refused() {
    let fault = |name: &str| name_fault(name).unwrap_or_else(|| panic!("{name:?} passed"));
    for unseen in [
        "王\u{200b}五",
        "王\u{202e}五",
        "王\u{2066}五",
        "\u{feff}王五",
        "王五\u{e0101}",
        "王\n五",
        "王\u{0}五",
    ] {
        assert!(fault(unseen).contains("看不见"), "{unseen:?}");
    }
    for number in ["张3", "张３", "张①", "张٣"] {
        assert!(fault(number).contains("数字"), "{number}");
    }
    for sign in [
        "<b>",
        "王😀",
        "王（五）",
        "王·",
        "·王",
        "王··五",
        "王五-",
        "-",
        "王'五",
        "王.五",
        "ワタナベ",
        "Иван",
    ] {
        assert!(fault(sign).contains("符号"), "{sign}");
    }
    assert!(fault("王\u{e123}").contains("自造字"));
    assert!(fault(&"长".repeat(51)).contains("51 个") && fault("").contains("还没填"));
    assert!(fault(" 　").contains("还没填"));
    assert_eq!(name_fault(&"长".repeat(50)), None);
}

/// Fails if a registered unit's name is refused, or anything passes for one.
#[test]
fn names_of_units() {
    for good in
        ["泾县枫河茶叶专业合作社", "安徽A&B（泾县）有限公司第２分公司", "“三农”服务站", "21世纪不动产 泾县店"]
    {
        assert_eq!(unit_name_fault(good), None, "{good}");
    }
    for bad in ["", "12345", "公司\u{202e}", "公司😀", "<公司>"] {
        assert!(unit_name_fault(bad).is_some(), "{bad}");
    }
    assert!(unit_name_fault(&"长".repeat(81)).is_some());
}

/// Fails if free text keeps what cannot be seen, or loses what can.
#[test]
fn free_text_keeps_what_is_seen() {
    assert_eq!(visible("第一行\r\n\t第\u{202e}二\u{200b}行😀\u{0}"), "第一行\n 第二行😀");
    assert_eq!(tidy_code("　１３９ 1234-2476x"), "1391234-2476X");
    assert!(address_fault("").is_none() && address_fault(&"长".repeat(121)).is_some());
    assert!(relation_fault("儿媳").is_none() && relation_fault("").is_some());
}
