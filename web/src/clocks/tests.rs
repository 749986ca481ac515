//! D4, D7 through the pages: a notice is looked at before it is published, stations only look, and what moved is told.

use axum::http::StatusCode;

use crate::browser::Answer;
use crate::cases::main_job::{Town, send, signed_in, town};

const WORDS: &str = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日（周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月20日（周六）上班。";
const SOURCE: &str = "国办发明电〔2026〕8号";

fn fields<'a>(words: &'a str, button: &'a str) -> [(&'a str, &'a str); 4] {
    [("year", "2027"), ("source", SOURCE), ("words", words), ("do", button)]
}

fn once(page: &Answer) -> String {
    crate::cases::main_job::between(&page.text, "name=\"once\" value=\"", "\"")
}

/// Fails when a notice is published unseen, a wrong one is not refused beside its field, or sending it twice publishes twice.
#[tokio::test]
async fn d4_a_notice_is_looked_at_day_by_day_before_it_is_published() {
    let Town { centre, .. } = town();
    let mut browser = signed_in(&centre).await;
    let page = browser.get("/calendar").await;
    assert!(page.text.contains("2027 年") && page.text.contains("暂定"), "{}", page.text);
    let wrong = WORDS.replace("1月1日（周五）", "1月1日（周四）");
    let refused = send(&mut browser, &page, "/calendar", &fields(&wrong, "preview")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"words-e\"") && refused.text.contains("href=\"#words\""));
    assert!(
        refused.text.contains("是周五，写的是周四") && refused.text.contains(SOURCE),
        "what was typed is there"
    );

    let shown = send(&mut browser, &page, "/calendar", &fields(WORDS, "preview")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains("2月5日（周五） 至 2月12日（周五）") && shown.text.contains("8 天"));
    assert!(centre.reference().notices.is_empty(), "only looked at");
    let number = once(&shown);
    let pairs = [&fields(WORDS, "publish")[..], &[("once", number.as_str())]].concat();
    assert_eq!(send(&mut browser, &shown, "/calendar", &pairs).await.to(), "/calendar?done=notice");
    assert_eq!(send(&mut browser, &shown, "/calendar", &pairs).await.to(), "/calendar?done=notice");
    assert_eq!(centre.reference().notices.len(), 1, "sent twice, published once");
    let after = browser.get("/calendar").await;
    assert!(after.text.contains("2027年放假安排") && after.text.contains("陈春梅"), "{}", after.text);
}

/// Fails when a station may publish, or cannot look.
#[tokio::test]
async fn d4_a_station_looks_at_the_calendar_and_publishes_none() {
    let Town { station, .. } = town();
    let mut browser = signed_in(&station).await;
    let page = browser.get("/calendar").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("action=\"/calendar\"") && page.text.contains("3 个工作日内转交"));
    for (path, pairs) in
        [("/calendar", &fields(WORDS, "publish")[..]), ("/calendar/hand-over", &[("days", "5")])]
    {
        let home = browser.get("/").await;
        let refused = send(&mut browser, &home, path, pairs).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert!(refused.text.contains("由镇中心发布"), "{path}");
    }
    assert!(station.reference().notices.is_empty() && station.reference().hand_overs.is_empty());
}

/// Fails when the township cannot set its own limit, or a wrong number is taken.
#[tokio::test]
async fn d7_the_centre_sets_the_limit_for_handing_over() {
    let Town { centre, .. } = town();
    let mut browser = signed_in(&centre).await;
    let page = browser.get("/calendar").await;
    let wrong = send(&mut browser, &page, "/calendar/hand-over", &[("days", "三")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"days-e\"") && wrong.text.contains("value=\"三\""));
    let set = send(&mut browser, &page, "/calendar/hand-over", &[("days", "5")]).await;
    assert_eq!(set.to(), "/calendar?done=hand-over");
    assert!(browser.get("/calendar").await.text.contains("5 个工作日内转交"));
}
