//! Fails if a code works twice, a password can be guessed without waiting, or a session outlives its end.

use super::SignInRefusal;
use crate::testing::box_alone;

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
