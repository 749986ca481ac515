//! G7 through its pages: masked until a reason is written down, whole once, registered with a number or a reason, found by it again.

use std::io::{Cursor, Read as _};

use app::cases::{CaseId, NewPhoto};
use app::testing::{Invented, clerk, jpeg, meet, take};
use axum::http::{StatusCode, header};

use crate::cases::main_job::{Town, send, signed_in, town, township_item};

fn hex(id: CaseId) -> String {
    id.hex()
}

/// Fails when a value stands whole before its reason, an address holds one, the page cannot be done without scripts, or a case is
/// marked without a number and without a reason.
#[tokio::test]
async fn g7_a_case_is_copied_field_by_field_and_registered() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(7);
    let id = take(&station, &version, 7).unwrap();
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    assert!(township.get("/queue").await.text.contains("1 件还没录到外部系统"), "told on the home page");
    let list = township.get("/transcribe").await.text;
    assert!(list.contains(&format!("/transcribe/{}", hex(id))) && !list.contains(&person.name));
    let path = format!("/transcribe/{}", hex(id));
    let page = township.get(&path).await;
    for whole in [&person.name, &person.id_number, &person.phone] {
        assert!(!page.text.contains(whole.as_str()), "masked");
    }
    let none = send(&mut township, &page, &path, &[("do", "show")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is chosen");
    let open = send(&mut township, &page, &path, &[("do", "show"), ("why", "transcribe")]).await;
    assert_eq!(open.status, StatusCode::OK);
    assert_eq!(open.headers[header::CACHE_CONTROL], "no-store");
    for whole in [&person.name, &person.id_number, &person.phone] {
        let input = format!("value=\"{whole}\" readonly");
        assert!(open.text.contains(&input), "in an input that can be copied by hand");
    }
    assert!(open.text.len() < 60 * 1024);
    assert!(!township.get(&path).await.text.contains(&person.id_number), "shown once");

    let bare = [("do", "record"), ("system", "民政系统"), ("number", ""), ("reason", "")];
    let bare = send(&mut township, &open, &path, &bare).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text.contains("id=\"reason-e\"") && bare.text.contains("要写一样"));
    let once = open.text.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let typed =
        [("do", "record"), ("once", once), ("system", "民政系统"), ("number", "MZ-0001"), ("reason", "")];
    assert_eq!(send(&mut township, &open, &path, &typed).await.to(), "/transcribe?done=recorded");
    assert_eq!(send(&mut township, &open, &path, &typed).await.to(), "/transcribe?done=again");
    assert_eq!(centre.case(id).unwrap().case.transcribed.len(), 1, "sent twice, done once");
    assert!(!township.get("/queue").await.text.contains("还没录到外部系统"));
    assert!(township.get("/transcribe").await.text.contains("没有等着录的办件"));
    meet(&station, &centre);
    let mut village = signed_in(&station).await;
    let shown = village.get(&format!("/cases/{}", hex(id))).await.text;
    assert!(shown.contains("MZ-0001") && shown.contains("民政系统"), "the station sees the number there");
}

/// Fails when the outside number does not lead to its case, stands in an address, or a wrong one says nothing.
#[tokio::test]
async fn g7_an_outside_number_leads_to_the_case() {
    let Town { station, .. } = town();
    let id = take(&station, &township_item(&station), 8).unwrap();
    let typed = ("民政系统".to_owned(), "XC 2026-77".to_owned(), String::new());
    station.transcribed(&clerk(), id, typed.0, typed.1, typed.2).unwrap();
    let mut village = signed_in(&station).await;
    let page = village.get("/transcribe/answer").await;
    let found = send(&mut village, &page, "/transcribe/answer", &[("number", "xc２０２６ 77")]).await.to();
    assert_eq!(found, format!("/cases/{}/acts/feed-back", hex(id)));
    let wrong = send(&mut village, &page, "/transcribe/answer", &[("number", "XC-78")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("没有这个外部编号"));
}

/// Fails when the zip has other photos, other names, or is had without a reason.
#[tokio::test]
async fn g7_photos_come_as_one_zip_named_to_the_rules() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let (person, id) = (Invented::nth(9), take(&station, &version, 9).unwrap());
    let material = version.materials[0].clone();
    for words in ["first", "second"] {
        let file = jpeg(800, 600, words);
        let new = NewPhoto { material: material.id.clone(), file, thumb: None, instead: None };
        station.add_photo(&clerk(), id, new).unwrap();
    }
    let mut village = signed_in(&station).await;
    let path = format!("/transcribe/{}", hex(id));
    let page = village.get(&path).await;
    let end = &person.id_number[14..];
    assert_eq!(page.status, StatusCode::OK, "{}", page.text.split("<main").nth(1).unwrap_or(""));
    let listed = page.text.split("#i-camera").skip(1).map(|rest| rest.split("</li>").next().unwrap());
    let listed = listed.collect::<Vec<_>>().join(" ");
    assert!(listed.contains(&format!("○○○○_{}_1", material.name)), "{listed}");
    assert!(!page.text.contains(&format!("{end}_")));
    let zip = format!("{path}/photos");
    assert_eq!(send(&mut village, &page, &zip, &[]).await.status, StatusCode::CONFLICT, "no reason");
    let answer = send(&mut village, &page, &zip, &[("why", "transcribe")]).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/zip");
    let disposition = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment; ") && disposition.is_ascii());
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes)).unwrap();
    let mut seen = Vec::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        seen.push((file.name().unwrap().into_owned(), bytes));
    }
    let name = |n| format!("{end}_{}_{n}.jpg", material.name);
    assert_eq!(seen, [(name(1), jpeg(800, 600, "first")), (name(2), jpeg(800, 600, "second"))]);
}

/// Fails when two materials called alike make one name of two photos: no zip takes that.
#[test]
fn g7_photos_of_materials_called_alike_are_told_apart() {
    let Town { station, .. } = town();
    let mut version = township_item(&station);
    let id = take(&station, &version, 11).unwrap();
    let [first, second] = [0, 1].map(|place: usize| version.materials[place].id.clone());
    for material in [&first, &second] {
        let file = jpeg(800, 600, material);
        let new = NewPhoto { material: material.clone(), file, thumb: None, instead: None };
        station.add_photo(&clerk(), id, new).unwrap();
    }
    let view = station.case(id).unwrap();
    version.materials[1].name = version.materials[0].name.clone();
    let of = model::outside::Copied { case: &view.case, version: &version, station: "" };
    let names = super::photos::names(&station.mapping(&version), &of, "007X");
    assert_eq!(names, [format!("007X_{}_1", version.materials[0].name), format!("{}（2）", names[0])]);
}

/// Fails when the centre cannot set an item's fields, a wrong line loses what was typed, or a station can set them.
#[tokio::test]
async fn g7_the_centre_sets_the_fields_of_an_item() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let mut township = signed_in(&centre).await;
    let path = format!("/transcribe/forms/{}", version.code);
    let list = township.get("/transcribe/forms").await.text;
    assert!(list.contains(&path) && list.contains("照申请表"));
    let page = township.get(&path).await;
    assert!(page.text.contains("姓名 = 姓名或名称"));
    let typed = |fields| [("system", "民政系统"), ("fields", fields), ("photos", "材料名_序号")];
    let wrong = send(&mut township, &page, &path, &typed("电话 = 大哥大")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("第 1 行") && wrong.text.contains("电话 = 大哥大"), "typed and still there");
    let set = send(&mut township, &page, &path, &typed("证件号 = 证件号码")).await;
    assert_eq!(set.to(), "/transcribe/forms");
    assert!(township.get("/transcribe/forms").await.text.contains("镇里设的"));
    meet(&station, &centre);
    let mut village = signed_in(&station).await;
    let read = village.get(&path).await;
    assert!(read.text.contains("民政系统") && !read.text.contains("<textarea"));
    let refused = send(&mut village, &read, &path, &typed("证件号 = 证件号码")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let back = send(&mut township, &page, &path, &[("do", "other")]).await;
    assert_eq!(back.to(), "/transcribe/forms");
    assert!(!township.get("/transcribe/forms").await.text.contains("镇里设的"));
}
