//! Fails if a code works twice, a password can be guessed without waiting, or a session outlives its end.

use super::{Account, SignInRefusal, Standing};
use crate::testing::box_alone;
use canon::Canon as _;
use model::office::{Clerk, Window, WindowKind};

#[test]
fn a_code_signs_in_once() {
    let (node, _) = box_alone();
    node.give_code("s1", "陈春梅", "综合窗口", "ABCD2345").unwrap();
    let signed = node.sign_in_code("abcd-2345", "127.0.0.1").unwrap_or_else(|e| panic!("{e}"));
    assert!(signed.needs_password);
    assert_eq!(node.session(&signed.token).unwrap().name, "陈春梅");
    assert!(matches!(node.sign_in_code("ABCD2345", "127.0.0.1"), Err(SignInRefusal::Wrong)));
}

#[test]
fn a_password_signs_in_and_ends_other_sessions() {
    let (node, _) = box_alone();
    node.give_code("s1", "陈春梅", "综合窗口", "ABCD2345").unwrap();
    let first = node.sign_in_code("ABCD2345", "a").unwrap_or_else(|e| panic!("{e}"));
    assert!(node.set_password(&first.who, &first.token, "短").is_err());
    node.set_password(&first.who, &first.token, "枫河镇的春天来了").unwrap();
    let second = node.sign_in_password("陈春梅", "枫河镇的春天来了", "a").unwrap_or_else(|e| panic!("{e}"));
    node.set_password(&second.who, &second.token, "枫河镇的夏天来了").unwrap();
    assert!(node.session(&first.token).is_none());
    assert!(node.session(&second.token).is_some());
    assert!(node.sign_in_password("s1", "枫河镇的春天来了", "a").is_err());
    node.sign_out(&second.token).unwrap();
    assert!(node.session(&second.token).is_none());
}

#[test]
fn guessing_waits_but_only_the_guesser() {
    let (node, clock) = box_alone();
    node.give_code("s1", "陈春梅", "综合窗口", "ABCD2345").unwrap();
    for _ in 0..crate::limit::SIGN_IN_FREE_TRIES {
        assert!(matches!(node.sign_in_code("ZZZZ", "guesser"), Err(SignInRefusal::Wrong)));
    }
    assert!(matches!(node.sign_in_code("ABCD2345", "guesser"), Err(SignInRefusal::Wait(_))));
    clock.advance(crate::limit::SIGN_IN_WAIT_MS + 1);
    assert!(matches!(node.sign_in_code("ZZZZ", "guesser"), Err(SignInRefusal::Wrong)));
    assert!(node.sign_in_code("ABCD2345", "clerk").is_ok());
}

fn manager(node: &crate::Node) -> crate::Who {
    node.give_code("s1", "陈春梅", "综合窗口", "ABCD2345").unwrap();
    node.sign_in_code("ABCD2345", "a").unwrap_or_else(|e| panic!("{e}")).who
}

/// Fails if an account of the first version is lost, or the one that came with the kit does not manage the box.
#[test]
fn an_account_of_the_first_version_is_read() {
    let first = |id: &str| {
        let mut out = canon::Writer::new();
        out.u8(1).str(id).str("陈春梅").str("综合窗口").bool(true).str("password hash").bool(false);
        Account::from_canon(&out.into_bytes()).unwrap()
    };
    let (kit, other) = (first("s1"), first("s2"));
    assert_eq!((kit.password.as_deref(), kit.code.as_deref()), (Some("password hash"), None));
    assert!(kit.manages && !other.manages && !kit.stopped && kit.given.is_none());
    assert_eq!(Account::from_canon(&kit.to_canon()).unwrap(), kit);
}

/// A4. Fails if an id that somebody had goes to somebody else: of a stopped person, or one that only the station's own windows
/// still name, as on a box that was replaced.
#[test]
fn a4_an_id_is_never_given_twice() {
    let (node, _) = box_alone();
    let who = manager(&node);
    assert_eq!(node.add_staff(&who, "李文", "综合窗口").unwrap().id, "s2");
    node.set_standing(&who, "s2", Standing::Stopped).unwrap();
    assert_eq!(node.add_staff(&who, "王五", "综合窗口").unwrap().id, "s3");
    let person = |id: &str| Clerk { id: id.to_owned(), name: "赵六".to_owned() };
    let window = Window {
        number: 1,
        kind: WindowKind::Any,
        takes: Vec::new(),
        a: person("s7"),
        b: Clerk::default(),
        hours: "工作日".to_owned(),
    };
    node.set_window(&who, 1, Some(&window)).unwrap();
    assert_eq!(node.add_staff(&who, "孙月", "综合窗口").unwrap().id, "s8");
}

/// A4. Fails if a code or a name stands in the audit, an act about a person does not, or the code is kept as it is.
#[test]
fn a4_the_audit_says_who_did_what_about_whom_and_no_code() {
    let (node, _) = box_alone();
    let who = manager(&node);
    let first = node.add_staff(&who, "李文", "综合窗口").unwrap().code.unwrap();
    let second = node.give_staff_code(&who, "s2").unwrap().code.unwrap();
    assert_ne!(first, second);
    assert!(node.sign_in_code(&first, "a").is_err(), "a new one replaces it");
    node.set_standing(&who, "s2", Standing::Stopped).unwrap();
    assert!(node.sign_in_code(&second, "b").is_err(), "withdrawn");
    let rows = store::audit::page(&*node.engine().read().unwrap(), None, 50).unwrap();
    let said: Vec<(String, String, String)> =
        rows.into_iter().map(|(_, row)| (row.staff, row.act, row.detail)).collect();
    for act in ["加人员", "给登录码", "停用人员"] {
        assert!(said.contains(&("s1".into(), act.into(), "s2".into())), "{act}: {said:?}");
    }
    for word in [&first, &second, "李文"] {
        assert!(!format!("{said:?}").contains(word));
        let accounts = node.accounts().unwrap();
        assert!(accounts.iter().all(|one| one.code.as_ref().is_none_or(|hash| !hash.contains(word))));
    }
}

/// A4. Fails if the engineer's code does not lead back in whoever was stopped, or leaves an old password or page alive.
#[test]
fn a4_the_engineer_brings_a_locked_out_box_back() {
    let (node, _) = box_alone();
    let who = manager(&node);
    let signed = node.sign_in_code(&node.add_staff(&who, "李文", "综合窗口").unwrap().code.unwrap(), "a");
    let signed = signed.unwrap_or_else(|e| panic!("{e}"));
    node.set_password(&signed.who, &signed.token, "门前种了两棵枣树").unwrap();
    let code = node.rescue("s2").unwrap().code.unwrap();
    assert!(node.session(&signed.token).is_none());
    assert!(node.sign_in_password("s2", "门前种了两棵枣树", "a").is_err());
    let back = node.sign_in_code(&code, "a").unwrap_or_else(|e| panic!("{e}"));
    assert!(node.manages(&back.who).unwrap());
    assert!(matches!(node.rescue("s9"), Err(crate::ActError::NotFound)));
}

/// Fails if one code lets two people in who use it at the same moment.
#[test]
fn a_code_used_by_many_at_once_lets_one_in() {
    let (node, _) = box_alone();
    for round in 0..3 {
        node.give_code("s1", "陈春梅", "综合窗口", "ABCD2345").unwrap();
        let tries: Vec<_> = (0..6)
            .map(|one| {
                let node = node.clone();
                std::thread::spawn(move || node.sign_in_code("ABCD2345", &format!("{round} {one}")).is_ok())
            })
            .collect();
        let let_in = tries.into_iter().map(|one| one.join().unwrap()).filter(|ok| *ok).count();
        assert_eq!(let_in, 1);
    }
}
