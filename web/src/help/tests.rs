//! B8 through the pages: a question on a draft, a suggestion from the centre, one press, and the thread goes on in the case.

use app::cases::{CaseId, NewPhoto};
use app::testing::{Invented, answers, clerk, jpeg, meet};
use axum::http::StatusCode;

use crate::browser::Answer;
use crate::cases::main_job::{Town, draft, send, signed_in, town, township_item};

/// The cell that names the first suggestion that may be answered.
fn suggestion(page: &Answer) -> String {
    let rest = page.text.split("name=\"suggestion\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Fails when help cannot be asked from the intake, the centre does not find the question or cannot suggest, one press does not
/// change the field, or the page says more than it may.
#[tokio::test]
async fn b8_a_question_on_a_draft_and_a_suggestion_taken_with_one_press() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(7);
    let mut typed = answers(&version, &version.scenarios[0].id, &person);
    typed.insert("0/phone".to_owned(), "1391234247".to_owned());
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    assert!(page.text.contains("求助镇中心"), "the intake leads there");
    let to = send(&mut village, &page, &path, &[("do", "help")]).await.to();
    let page = village.get(&to).await;
    assert!(
        page.text.contains("这份草稿镇中心也看得到") && !page.text.contains(&person.name),
        "{}",
        page.text
    );
    let empty = send(&mut village, &page, &to, &[("do", "say"), ("words", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.text.contains("还没填要说的话") && empty.text.contains("href=\"#words\""),
        "{}",
        empty.text
    );
    let mut township = signed_in(&centre).await;
    assert_eq!(township.get(&to).await.status, StatusCode::NOT_FOUND, "nobody asked");
    let said = [("do", "say"), ("words", "电话总说不对"), ("field", "0/phone")];
    assert_eq!(send(&mut village, &page, &to, &said).await.to(), format!("{to}#say"));
    assert!(village.get("/").await.text.contains("等镇中心回话"));
    meet(&station, &centre);

    let queue = township.get("/queue").await;
    assert!(queue.text.contains("第1村便民服务站求助") && queue.text.contains(&to), "{}", queue.text);
    assert!(township.get("/help").await.text.contains("电话总说不对"));
    let seen = township.get(&to).await;
    assert!(seen.text.contains("电话总说不对") && seen.text.contains("建议填写"), "{}", seen.text);
    assert!(!seen.text.contains("1391234247"), "masked on screen");
    let hex = to.strip_prefix("/help/").unwrap();
    assert_eq!(township.get(&format!("/cases/{hex}")).await.to(), to, "a draft has no case page");
    let odd = [("do", "suggest"), ("field", "0/phone"), ("value", "")];
    assert_eq!(send(&mut township, &seen, &to, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("do", "suggest"), ("field", "0/phone"), ("value", "139 1234 2476"), ("why", "少一位")];
    send(&mut township, &seen, &to, &good).await.to();
    meet(&station, &centre);

    assert!(village.get("/").await.text.contains("镇中心回话了"));
    let page = village.get(&to).await;
    assert!(page.text.contains("13912342476") && page.text.contains("采纳"), "{}", page.text);
    let taken = [("do", "take"), ("suggestion", suggestion(&page).as_str())].map(|(a, b)| (a, b.to_owned()));
    let taken: Vec<(&str, &str)> = taken.iter().map(|(a, b)| (*a, b.as_str())).collect();
    send(&mut village, &page, &to, &taken).await.to();
    assert!(village.get(&path).await.text.contains("value=\"13912342476\""), "the field holds it");
    let again = send(&mut village, &page, &to, &taken).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("已经答过"));

    let page = village.get(&path).await;
    let case = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    let case = case.strip_prefix("/cases/").unwrap().split('?').next().unwrap();
    let shown = village.get(&format!("/cases/{case}")).await;
    assert!(
        shown.text.contains("采纳建议") && shown.text.contains("枫河镇便民服务中心建议"),
        "{}",
        shown.text
    );
    assert_eq!(village.get(&to).await.to(), format!("/help/{case}"), "the thread went along");
    meet(&station, &centre);
    assert!(township.get(&format!("/help/{case}")).await.text.contains("电话总说不对"));
    assert!(centre.case(CaseId::parse(hex).unwrap()).is_err(), "the draft is gone there too");
}

/// Fails when the script is not told of new lines, is told where there are none, or is not sent on when the draft became a case.
#[tokio::test]
async fn b8_an_open_page_is_told_of_new_lines() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(8));
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    let to = send(&mut village, &page, &path, &[("do", "help")]).await.to();
    let page = village.get(&to).await;
    send(&mut village, &page, &to, &[("do", "say"), ("words", "怎么填")]).await.to();
    let page = village.get(&to).await;
    let seen = page.text.split("data-seen=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let look = format!("{to}/lines?seen={seen}");
    assert_eq!(village.get(&look).await.status, StatusCode::NO_CONTENT);
    meet(&station, &centre);
    let hex = to.strip_prefix("/help/").unwrap();
    let id = CaseId::parse(hex).unwrap();
    let mut township = signed_in(&centre).await;
    let seen = township.get(&to).await;
    send(&mut township, &seen, &to, &[("do", "say"), ("words", "照身份证填")]).await.to();
    meet(&station, &centre);
    let lines = village.get(&look).await;
    assert_eq!(lines.status, StatusCode::OK);
    assert!(lines.text.contains("照身份证填") && !lines.text.contains("<html"));
    let page = village.get(&to).await;
    send(&mut village, &page, &to, &[("do", "close")]).await.to();
    assert!(!station.case(id).unwrap().case.help.is_open());
    station.accept(&app::testing::clerk(), id).unwrap();
    assert_eq!(village.get(&look).await.status, StatusCode::RESET_CONTENT);
    // what was typed on the old page is not lost
    let late = send(&mut village, &page, &to, &[("do", "say"), ("words", "再问一句")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("求助转到办件上来了") && late.text.contains("再问一句"), "{}", late.text);
}

/// Fails when the centre's page of a village's draft offers to add to its photos or to take one away, or leads to an intake
/// that is not there.
#[tokio::test]
async fn b8_the_photos_of_a_villages_draft_are_looked_at_and_not_touched() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(9));
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    let to = send(&mut village, &page, &path, &[("do", "help")]).await.to();
    let hex = to.strip_prefix("/help/").unwrap();
    let id = CaseId::parse(hex).unwrap();
    let new = NewPhoto {
        material: version.materials[0].id.clone(),
        file: jpeg(800, 600, "asked about"),
        thumb: None,
        instead: None,
    };
    station.add_photo(&clerk(), id, new).unwrap();
    let page = village.get(&to).await;
    send(&mut village, &page, &to, &[("do", "say"), ("words", "这张行吗")]).await.to();
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    let all = township.get(&format!("/photos/{hex}")).await;
    assert!(all.text.contains(&format!("href=\"{to}\"")) && all.text.contains("只能看"), "{}", all.text);
    assert!(!all.text.contains("multipart") && !all.text.contains("/intake/"));
    let name = data_encoding::HEXLOWER.encode(&station.case(id).unwrap().case.photos[0].what.photo);
    let one = township.get(&format!("/photos/{hex}/{name}")).await;
    assert_eq!(one.status, StatusCode::OK);
    assert!(!one.text.contains("value=\"drop\"") && !one.text.contains("value=\"mark\""), "{}", one.text);
    assert!(village.get(&format!("/photos/{hex}")).await.text.contains("multipart"), "the village goes on");
    let form = model::papers::Paper::Form.code();
    let whole = Invented::nth(9).id_number;
    let printed = township.get(&format!("/cases/{hex}/papers/{form}")).await;
    assert!(
        printed.status == StatusCode::NOT_FOUND && !printed.text.contains(&whole),
        "masked by any address"
    );
    assert!(village.get(&format!("/intake/{hex}/papers/{form}")).await.text.contains(&whole));
}
