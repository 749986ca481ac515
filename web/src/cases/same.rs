//! D9 through the pages: what the counter is told before saving, and how the centre settles what two villages took.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Node;
use app::cases::CaseId;
use app::testing::{Invented, MONDAY, TestClock, answers, meet, take, township};
use axum::http::StatusCode;
use model::case::facts;
use store::MemoryEngine;

use super::main_job::{Town, between, draft, send, signed_in, town, township_item};

/// Fails if the same person's case is not told beside the applicant with number, day, state and place, if its number is
/// shown to whoever looks, if the clerk cannot go on with a word, or goes on without one.
#[tokio::test]
async fn d9_a_second_intake_is_told_and_goes_on_with_a_word() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let first = take(&station, &version, 5).unwrap();
    let number = station.case(first).unwrap().case.number().unwrap().to_owned();
    let person = Invented::nth(5);
    let mut village = signed_in(&station).await;
    let typed = answers(&version, &version.scenarios[0].id, &person);
    let (path, page) = draft(&mut village, &version, &typed).await;
    assert!(page.text.contains("这个人办这件事已经收过一件") && page.text.contains(&number));
    assert!(page.text.contains("11月23日收件") && page.text.contains("第1村便民服务站"));
    assert!(page.text.contains(&format!("href=\"/cases/{}\"", first.hex())));
    let field = facts::twin(&first.hex());

    let asked = send(&mut village, &page, &path, &[("do", "accept")]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains(&format!("href=\"#{field}\"")) && asked.text.contains("选“确认不是重复”"));
    assert!(asked.text.contains(&person.name), "nothing typed is lost");
    let taken = send(&mut village, &page, &path, &[(&field, "again"), ("do", "accept")]).await.to();
    let shown = village.get(&taken).await;
    assert!(shown.text.contains("核对同类办件") && shown.text.contains("另一次办理"));
    assert!(!shown.text.contains("疑似重复件"), "the clerk said what it is");

    let (path, page) = draft(&mut village, &version, &BTreeMap::new()).await;
    assert!(!page.text.contains("已经收过一件"), "nobody is typed yet");
    let other = [("0/id_number", Invented::nth(6).id_number)];
    let saved = |id: &str| [("0/id_number".to_owned(), id.to_owned())];
    for (id, told) in [(other[0].1.as_str(), false), (person.id_number.as_str(), true)] {
        let pairs = saved(id);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        let answer = send(&mut village, &page, &format!("{path}/autosave"), &pairs).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.text.contains("\"moved\":true"), told, "the script draws the page anew: {id}");
    }
}

/// Fails if a second draft of one person and item is not told, or is held up.
#[tokio::test]
async fn d9_another_draft_is_told_and_holds_nothing_up() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(5));
    let mut village = signed_in(&station).await;
    let (first, _) = draft(&mut village, &version, &typed).await;
    let (second, page) = draft(&mut village, &version, &typed).await;
    assert_ne!(first, second);
    assert!(page.text.contains("另有一份草稿") && page.text.contains(&format!("href=\"{first}\"")));
    let taken = send(&mut village, &page, &second, &[("do", "accept")]).await.to();
    assert!(taken.ends_with("?done=taken"));
}

/// Two villages' cases of one person and item, merged at the centre.
fn taken_twice() -> (Node, [Node; 2], [CaseId; 2]) {
    let town = township(2, 3);
    let clock = TestClock::at(MONDAY);
    let start =
        |place: usize| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), place as u64 + 1);
    let (centre, villages) = (start(0), [start(1), start(2)]);
    centre.load_small_sample(&[2301, 2302]).unwrap();
    let cases = villages.each_ref().map(|village| {
        meet(village, &centre);
        let case = take(village, &township_item(village), 5).unwrap();
        meet(village, &centre);
        case
    });
    (centre, villages, cases)
}

/// Fails if the centre's home does not count the pair, its page does not show both, a case's page does not say it, a word
/// without a reason is taken, or the one that goes does not end.
#[tokio::test]
async fn d9_the_centre_settles_a_pair_on_a_page() {
    let (centre, villages, [a, b]) = taken_twice();
    let mut township = signed_in(&centre).await;
    assert!(township.get("/queue").await.text.contains("疑似重复件 1"));
    for (own, other) in [(a, b), (b, a)] {
        let link = format!("/twins/{}/{}", own.hex(), other.hex());
        for page in ["cases", "queue"] {
            let shown = township.get(&format!("/{page}/{}", own.hex())).await;
            assert!(shown.text.contains(&link), "{page}");
        }
    }
    let page = township.get("/twins").await;
    let action = between(&page.text, "method=\"post\" action=\"/twins", "\"");
    let path = format!("/twins{action}");
    for word in ["第1村便民服务站", "第2村便民服务站", "不是重复，两件都办"] {
        assert!(page.text.contains(word), "{word}");
    }
    let person = Invented::nth(5);
    assert!(!page.text.contains(&person.name) && !page.text.contains(&person.id_number), "masked");
    let once = between(&page.text, "name=\"once\" value=\"", "\"");
    let form = [("once", once.as_str())];
    let nothing = send(&mut township, &page, &path, &form).await;
    assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.text.contains("还没选"));
    let (keep, gone) = (a.hex(), b);
    let same = [("choice", keep.as_str()), ("reason", "问过本人")];
    let no_end = send(&mut township, &page, &path, &[&form[..], &same].concat()).await;
    assert!(no_end.text.contains("href=\"#ending\"") && no_end.text.contains("问过本人"));
    let whole = [&form[..], &same, &[("ending", "withdrawn")]].concat();
    assert_eq!(send(&mut township, &page, &path, &whole).await.to(), "/twins?done=settled");
    assert_eq!(send(&mut township, &page, &path, &whole).await.to(), "/twins?done=settled", "a second press");
    assert!(township.get("/twins?done=settled").await.text.contains("没有要核对的"));
    assert!(township.get(&path).await.text.contains("已经核对过"), "settled meanwhile: the page says so");
    assert!(!township.get("/queue").await.text.contains("疑似重复件 1"));
    meet(&villages[1], &centre);
    let mut village = signed_in(&villages[1]).await;
    let told = village.get(&format!("/cases/{}", gone.hex())).await;
    assert!(told.text.contains("处置疑似重复件") && told.text.contains("data-stage=\"Withdrawn\""));
    assert!(told.text.contains("同一件；问过本人"));
}
