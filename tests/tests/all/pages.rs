//! The little reader of pages that scenarios fill forms with: it must send what a browser would.

use bianmin_tests::page::Page;

fn page(body: &str) -> Page {
    Page { status: 200, url: "http://127.0.0.2:7001/cases/new?step=2".to_owned(), body: body.to_owned() }
}

fn fields(body: &str) -> Vec<(String, String)> {
    page(&format!("<form>{body}</form>")).forms().remove(0).fields
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_form_sends_what_a_browser_would() {
    assert_eq!(
        fields(r#"<input name="a" value="1"><input type="hidden" name="b" value="&#34;2&#34;">"#),
        pairs(&[("a", "1"), ("b", "\"2\"")])
    );
    assert_eq!(fields(r#"<input name="a">"#), pairs(&[("a", "")]));
    assert_eq!(
        fields(
            r#"<input type="checkbox" name="a" value="1"><input type="radio" name="b" value="2" checked>"#
        ),
        pairs(&[("b", "2")])
    );
    assert_eq!(
        fields(r#"<button name="act" value="save">存</button><input type="submit" name="x">"#),
        pairs(&[])
    );
    assert_eq!(fields(r#"<textarea name="a">王 &lt;b&gt;</textarea>"#), pairs(&[("a", "王 <b>")]));
    assert_eq!(
        fields(
            r#"<select name="a"><option value="1">一</option><option value="2" selected>二</option></select>"#
        ),
        pairs(&[("a", "2")])
    );
    assert_eq!(
        fields(r#"<select name="a"><option value="1">一</option><option value="2">二</option></select>"#),
        pairs(&[("a", "1")])
    );
}

#[test]
fn actions_and_links_become_whole_addresses() {
    let page = page(
        r#"<form action="/sign-in" method="post"></form><form action="next"></form><form></form>
           <a class="x" href="/cases/7"><b>王*</b> 高龄津贴</a> <a href="/other">别的</a>"#,
    );
    let actions: Vec<(String, bool)> =
        page.forms().into_iter().map(|form| (form.action, form.post)).collect();
    let expected = [
        ("http://127.0.0.2:7001/sign-in", true),
        ("http://127.0.0.2:7001/cases/next", false),
        ("http://127.0.0.2:7001/cases/new", false),
    ];
    assert_eq!(actions, expected.map(|(action, post)| (action.to_owned(), post)));
    assert_eq!(page.links("高龄津贴"), ["http://127.0.0.2:7001/cases/7"]);
    assert_eq!(page.text(), "王* 高龄津贴 别的");
}
