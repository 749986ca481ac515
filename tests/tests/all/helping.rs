//! B8 with real boxes: a thread on a draft over a line that is up for a moment between two lines.

use bianmin_tests::demo::{Demo, DemoBox, sign_in};
use bianmin_tests::page::{Form, Page};
use bianmin_tests::person::Person;
use bianmin_tests::wait::{PATIENCE, until};

/// 高龄津贴申领.
const ALLOWANCE: &str = "S047";

fn page(at: &DemoBox, path: &str) -> String {
    format!("{}{path}", at.url.trim_end_matches('/'))
}

async fn shows(person: &Person, url: &str, what: &str, wanted: impl Fn(&Page) -> bool) -> Page {
    let looked = until(what, PATIENCE * 2, || async {
        let page = person.get(url).await.map_err(|error| error.to_string())?;
        if wanted(&page) { Ok(page) } else { Err(format!("{} {}", page.status, page.text())) }
    });
    looked.await.unwrap()
}

async fn turn_link(person: &Person, at: &DemoBox, word: &str) {
    let page = person.get(&at.control_url).await.unwrap();
    person.send(&page.form("/demo/link").unwrap(), &[("link", word)]).await.unwrap();
}

/// The form of a thread's page that holds a field.
fn form(page: &Page, field: &str) -> Form {
    let of_thread = page.forms().into_iter().filter(|form| form.action.contains("/help/"));
    let mut with = of_thread.filter(|form| form.fields.iter().any(|(name, _)| name == field));
    with.next().unwrap_or_else(|| panic!("no form with {field}: {} {}", page.status, page.text()))
}

async fn say(person: &Person, url: &str, words: &str) {
    let thread = person.get(url).await.unwrap();
    let done = person.send(&form(&thread, "once"), &[("do", "say"), ("words", words)]).await.unwrap();
    assert!(done.status == 200 && done.text().contains(words), "{} {}", done.status, done.text());
}

/// How often each of `lines` stands on a page, and whether they stand in this order.
fn stands(page: &Page, lines: &[String]) -> bool {
    let text = page.text();
    let places: Vec<usize> = lines.iter().filter_map(|line| text.find(line.as_str())).collect();
    places.len() == lines.len()
        && places.is_sorted()
        && lines.iter().all(|line| text.matches(line.as_str()).count() == 1)
}

/// Fails when a draft reaches the centre before help is asked, a line is lost, comes twice or out of order over a line that is cut
/// after each, a suggestion does not change the field, or the thread does not go along into the case.
#[tokio::test]
async fn b8_a_thread_over_a_line_that_is_up_for_a_moment_between_two_lines() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path()).await.unwrap();
    let (centre, station) = (&demo.boxes[0], &demo.boxes[1]);
    let (clerk, township) = (demo.person("a"), demo.person("c"));
    sign_in(&clerk, station).await.unwrap();
    sign_in(&township, centre).await.unwrap();
    let items = shows(&clerk, &page(station, "/items"), "the catalogue has arrived", |page| {
        page.body.contains(&format!("value=\"{ALLOWANCE}\""))
    })
    .await;
    let start = items.forms().into_iter().find(|form| form.action.ends_with("/intake")).unwrap();
    let intake = clerk.send(&start, &[("item", ALLOWANCE)]).await.unwrap();
    let draft = intake.url.split("/intake/").nth(1).unwrap().to_owned();
    let fill = intake.forms().into_iter().find(|form| form.action.contains("/intake/")).unwrap();
    let typed = [("0/name", "禤翀旻"), ("0/phone", "1391234247"), ("do", "save")];
    clerk.send(&fill, &typed).await.unwrap();
    let thread = format!("/help/{draft}");
    let unknown = township.get(&page(centre, &thread)).await.unwrap();
    assert_eq!(unknown.status, 404, "nobody asked");

    turn_link(&clerk, station, "cut").await;
    let mut told = Vec::new();
    for n in 0..5 {
        let (asked, answered) = (format!("村里第{n}句"), format!("镇里第{n}句"));
        say(&clerk, &page(station, &thread), &asked).await;
        told.push(asked.clone());
        turn_link(&clerk, station, "restore").await;
        shows(&township, &page(centre, &thread), "the line has come to the centre", |page| {
            stands(page, &told)
        })
        .await;
        turn_link(&clerk, station, "cut").await;
        say(&township, &page(centre, &thread), &answered).await;
        told.push(answered);
        turn_link(&clerk, station, "restore").await;
        shows(&clerk, &page(station, &thread), "the answer has come", |page| stands(page, &told)).await;
        turn_link(&clerk, station, "cut").await;
    }
    let seen = township.get(&page(centre, &thread)).await.unwrap();
    let suggest = [("do", "suggest"), ("field", "0/phone"), ("value", "13912342476")];
    township.send(&form(&seen, "value"), &suggest).await.unwrap();
    turn_link(&clerk, station, "restore").await;
    let with = shows(&clerk, &page(station, &thread), "the suggestion has come", |page| {
        page.body.contains("name=\"suggestion\"")
    })
    .await;
    clerk.send(&form(&with, "suggestion"), &[("do", "take")]).await.unwrap();
    let intake = clerk.get(&page(station, &format!("/intake/{draft}"))).await.unwrap();
    assert!(intake.body.contains("value=\"13912342476\""), "one press, and the field holds it");
    let fill = intake.forms().into_iter().find(|form| form.action.contains("/intake/")).unwrap();
    clerk.send(&fill, &[("do", "discard")]).await.unwrap();
    shows(&township, &page(centre, &thread), "the draft is gone at the centre too", |page| {
        page.status == 404
    })
    .await;
    demo.stop().await.unwrap();
}
