//! D12 through its pages: filed once, taken out masked or with a reason, sealed instead of erased.

use std::io::{Cursor, Read as _};

use app::cases::{CaseId, NewPhoto};
use app::testing::{Invented, clerk, jpeg, meet, meet_speaking, take};
use axum::http::{StatusCode, header};
use model::case::event::Asker;

use crate::browser::{Answer, Browser};
use crate::cases::main_job::{Town, send, signed_in, town, township_item};

fn finished(node: &app::Node, person: u64) -> CaseId {
    let version = township_item(node);
    let id = take(node, &version, person).unwrap();
    let new = NewPhoto {
        material: version.materials[0].id.clone(),
        file: jpeg(800, 600, "paper"),
        thumb: None,
        instead: None,
    };
    node.add_photo(&clerk(), id, new).unwrap();
    node.withdraw(&clerk(), id, Asker::Applicant, String::new()).unwrap();
    id
}

async fn act(browser: &mut Browser, id: CaseId, act: &str, pairs: &[(&str, &str)]) -> Answer {
    let path = format!("/archive/{}/{act}", id.hex());
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{act}");
    send(browser, &page, &path, pairs).await
}

fn unpacked(answer: Answer) -> Vec<(String, Vec<u8>)> {
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes)).unwrap();
    let count = zip.len();
    let read = |place| {
        let mut file = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

/// Fails when a finished case cannot be filed from its pages, wrong fields are not told, or a filed one offers to be filed.
#[tokio::test]
async fn d12_a_finished_case_is_filed_from_its_page() {
    let Town { station, .. } = town();
    let open = take(&station, &township_item(&station), 1).unwrap();
    let id = finished(&station, 2);
    let mut village = signed_in(&station).await;
    assert!(village.get("/archive").await.text.contains(&format!("/archive/{}", id.hex())));
    assert_eq!(village.get(&format!("/archive/{}", open.hex())).await.status, StatusCode::CONFLICT);
    for act in ["file", "shelf", "prolong", "seal", "export"] {
        let page = village.get(&format!("/archive/{}/{act}", open.hex())).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{act}: nobody fills a form that cannot be done");
    }
    let case = village.get(&format!("/cases/{}", id.hex())).await.text;
    assert!(case.contains("data-act=\"archive\""));
    let wrong = act(&mut village, id, "file", &[("shelf", "3柜"), ("pages", "很多")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"pages-e\"") && wrong.text.contains("value=\"3柜\""));
    let done = act(&mut village, id, "file", &[("shelf", "3柜-2盒-15件"), ("pages", "12")]).await.to();
    assert_eq!(done, format!("/archive/{}?done=file", id.hex()));
    let page = village.get(&done).await.text;
    assert!(page.contains("已归档") && page.contains("3柜-2盒-15件") && !page.contains("/file\""));
    assert!(!page.contains(&Invented::nth(2).name), "masked");
    act(&mut village, id, "shelf", &[("shelf", "5柜-1盒-1件")]).await.to();
    assert!(village.get("/archive?list=filed").await.text.contains("5柜-1盒-1件"));
    let refused = act(&mut village, id, "prolong", &[("years", "7"), ("reason", "还有用")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Fails when what leaves the box masked names anybody or holds a photo, when the whole leaves without a reason, or when a hash of
/// the manifest is not its file's.
#[tokio::test]
async fn d12_a_file_is_taken_out_masked_or_whole_with_a_reason() {
    let Town { station, .. } = town();
    let id = finished(&station, 3);
    let person = Invented::nth(3);
    let mut village = signed_in(&station).await;
    let masked = unpacked(act(&mut village, id, "export", &[("whole", "")]).await);
    let names: Vec<&str> = masked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["卷内目录.html", "manifest.json"]);
    for (_, bytes) in &masked {
        let text = String::from_utf8_lossy(bytes);
        for told in [&person.name, &person.id_number, &person.phone] {
            assert!(!text.contains(told.as_str()));
        }
    }
    let none = act(&mut village, id, "export", &[("whole", "1")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let whole = unpacked(act(&mut village, id, "export", &[("whole", "1"), ("why", "inspect")]).await);
    assert_eq!(whole.len(), 3);
    assert!(String::from_utf8_lossy(&whole[0].1).contains(&person.phone));
    assert_eq!(whole[1].1, jpeg(800, 600, "paper"));
    let manifest: serde_json::Value = serde_json::from_slice(&whole[2].1).unwrap();
    assert_eq!(
        (manifest["masked"].as_bool(), manifest["photos"].as_array().unwrap().len()),
        (Some(false), 1)
    );
    for ((name, bytes), listed) in whole.iter().zip(manifest["files"].as_array().unwrap()) {
        assert_eq!(listed["name"], name.as_str());
        assert_eq!(listed["sha256"], data_encoding::HEXLOWER.encode(&canon::sha256(bytes)));
    }
}

/// Fails when a request to erase does not seal, a sealed case can be seen by any address, or its look is not asked a reason for.
#[tokio::test]
async fn d12_a_request_to_erase_seals_the_case() {
    let Town { station, centre, .. } = town();
    let id = finished(&station, 4);
    let number = station.case(id).unwrap().case.number().unwrap().to_owned();
    let mut village = signed_in(&station).await;
    let hex = id.hex();
    let to = act(&mut village, id, "seal", &[("asker", "1"), ("reason", "不想留底")]).await.to();
    let list = village.get(&to).await.text;
    assert!(list.contains("已封存") && list.contains(&number) && !list.contains(&Invented::nth(4).name));
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    for browser in [&mut village, &mut township] {
        for place in ["cases", "archive", "photos", "transcribe"] {
            let answer = browser.get(&format!("/{place}/{hex}")).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{place}");
            assert!(answer.text.contains("已经封存"), "{place}");
        }
        for place in [
            format!("/cases/{hex}/reveal"),
            format!("/cases/{hex}/acts/note"),
            format!("/archive/{hex}/export"),
        ] {
            assert_eq!(browser.get(&place).await.status, StatusCode::CONFLICT, "{place}");
        }
        for paper in ["acceptance", "form"] {
            let answer = browser.get(&format!("/cases/{hex}/papers/{paper}")).await;
            assert!(!answer.status.is_success() && !answer.text.contains(&number), "{paper}");
        }
        assert!(!browser.get("/").await.status.is_server_error(), "the home page stands");
    }
    assert!(!village.get("/archive?list=sealed").await.text.contains("/open\""), "no door it may not open");
    assert!(township.get("/archive?list=sealed").await.text.contains(&format!("/archive/{hex}/open\"")));
    assert_eq!(village.get(&format!("/archive/{hex}/open")).await.status, StatusCode::CONFLICT);
    let none = act(&mut township, id, "open", &[("reason", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let seen = act(&mut township, id, "open", &[("reason", "法院调卷")]).await;
    assert!(
        seen.status == StatusCode::OK && seen.text.contains(&number) && seen.text.contains("只显示这一次")
    );
    act(&mut township, id, "unseal", &[("reason", "本人撤回")]).await.to();
    assert_eq!(township.get(&format!("/cases/{hex}")).await.status, StatusCode::OK);
}

/// Fails when the centre cannot set an item's term, or a station can.
#[tokio::test]
async fn d12_the_centre_sets_how_long_an_item_is_kept() {
    let Town { station, centre, .. } = town();
    let code = township_item(&centre).code;
    let path = format!("/archive/terms/{code}");
    let mut township = signed_in(&centre).await;
    let page = township.get(&path).await;
    let wrong = send(&mut township, &page, &path, &[("years", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&mut township, &page, &path, &[("years", "0")]).await.to(), "/archive/terms");
    assert!(township.get("/archive/terms").await.text.contains("镇里设的"));
    let mut village = signed_in(&station).await;
    assert!(!village.get("/archive/terms").await.text.contains(&path));
    assert_eq!(village.get(&path).await.status, StatusCode::CONFLICT);
}

/// Fails when a list ends after its first page and says nothing of the rest.
#[tokio::test]
async fn d12_sealed_cases_beyond_a_page_are_one_press_away() {
    let Town { station, .. } = town();
    for person in 0..=crate::limit::ROWS_PER_PAGE as u64 {
        let id = take(&station, &township_item(&station), person).unwrap();
        station.withdraw(&clerk(), id, Asker::Applicant, String::new()).unwrap();
        station.seal_case(&clerk(), id, Asker::Applicant, "不想留底".into()).unwrap();
    }
    let mut village = signed_in(&station).await;
    let first = village.get("/archive?list=sealed").await.text;
    let more = first
        .split("href=\"/archive?list=sealed&amp;after=")
        .nth(1)
        .or_else(|| first.split("href=\"/archive?list=sealed&#38;after=").nth(1));
    let after = more.expect("a way to the rest").split('"').next().unwrap();
    let rest = village.get(&format!("/archive?list=sealed&after={after}")).await.text;
    assert_eq!(rest.matches("<tr>").count(), 2, "the heading and the one that is left: {rest}");
}

/// Fails when a photo that has not come is left out of a whole file without a word.
#[tokio::test]
async fn d12_a_whole_file_says_which_photo_is_not_in_it() {
    let Town { station, centre, .. } = town();
    let id = finished(&station, 6);
    // a centre of the version before takes the records and no photo
    meet_speaking(&station, &centre, 1);
    let photo = centre.case(id).unwrap().case.photos[0].what.photo;
    assert!(!centre.has_photo(photo).unwrap(), "it is still on its way");
    let mut township = signed_in(&centre).await;
    let whole = unpacked(act(&mut township, id, "export", &[("whole", "1"), ("why", "inspect")]).await);
    assert_eq!(whole.len(), 2);
    assert!(String::from_utf8_lossy(&whole[0].1).contains("没有导出"));
}
