//! D8 through the pages: a package is made at the centre, found at the counter, asked once, refused whole, taken whole and
//! printed whole.

use std::collections::BTreeMap;

use app::cases::CaseId;
use app::testing::{Invented, answers, clerk, meet};
use axum::http::StatusCode;
use model::case::facts;

use crate::browser::{Answer, Browser};
use crate::cases::main_job::{Town, between, send, signed_in, town};

/// 养老待遇, 养老资格认证, 出生登记: the last is taken on somebody's behalf only.
const ITEMS: [&str; 3] = ["S021", "S025", "S074"];

/// Makes a package on the centre's pages, and brings it to the village.
async fn made(town: &Town) -> String {
    let mut township = signed_in(&town.centre).await;
    let list = township.get("/packages").await;
    let nameless = send(&mut township, &list, "/packages", &[("name", "")]).await;
    assert!(nameless.status == StatusCode::UNPROCESSABLE_ENTITY && nameless.text.contains("还没填套餐名称"));
    let path = send(&mut township, &list, "/packages", &[("name", "到龄一件事")]).await.to();
    let page = township.get(&path).await;
    assert!(page.text.contains("还没选主题") && page.text.contains("套餐要有 2 到 8 个事项"));
    let publish = format!("{path}/publish");
    let early = send(&mut township, &page, &publish, &[("note", "新开"), ("effective", "2026-11-23")]).await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.text.contains("还没选主题"));
    let mut form =
        vec![("name", "到龄一件事"), ("theme", "退休"), ("words", "满六十的人"), ("do", "publish")];
    form.extend(ITEMS.map(|item| ("items", item)));
    assert_eq!(send(&mut township, &page, &path, &form).await.to(), format!("{path}/publish"));
    let ask = township.get(&format!("{path}/publish")).await;
    let once = between(&ask.text, "name=\"once\" value=\"", "\"");
    let said = [("once", once.as_str()), ("effective", "2026-11-23"), ("note", "新开")];
    let done = send(&mut township, &ask, &format!("{path}/publish"), &said).await.to();
    assert_eq!(done, format!("{path}?done=published"));
    assert!(township.get(&done).await.text.contains("已发布 第 1 版"));
    meet(&town.station, &town.centre);
    path.trim_start_matches("/packages/").to_owned()
}

async fn begun(village: &mut Browser, code: &str) -> (String, Answer) {
    let found = village.get("/items").await;
    assert!(found.text.contains("到龄一件事") && found.text.contains(&format!("data-package=\"{code}\"")));
    let path = send(village, &found, "/together", &[("package", code)]).await.to();
    let page = village.get(&path).await;
    (path, page)
}

/// Everything that the page asks, by its names, answered rightly.
fn typed(town: &Town, path: &str) -> BTreeMap<String, String> {
    let lead = CaseId::parse(path.trim_start_matches("/together/")).unwrap();
    let drafts = town.station.together(lead).unwrap().unwrap();
    let mut scenes = BTreeMap::new();
    for (place, view) in drafts.drafts.iter().enumerate() {
        let scene = view.version.as_ref().unwrap().scenarios[0].id.clone();
        scenes.insert(format!("{}.scenario", place + 1), scene);
    }
    town.station.merge_together(&clerk(), lead, scenes, None).unwrap();
    let drafts = town.station.together(lead).unwrap().unwrap();
    let layout = drafts.parts().unwrap();
    let mut all = BTreeMap::new();
    for (place, view) in drafts.drafts.iter().enumerate() {
        let version = view.version.as_ref().unwrap();
        let own = answers(version, view.case.filing.scenario(), &Invented::nth(5));
        all.extend(own.into_iter().map(|(name, text)| (layout.page_name(place, &name), text)));
    }
    all
}

fn pairs(typed: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    typed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// Fails if a package cannot be made, found, filled once and taken by its pages; if the refusal of one item takes another,
/// loses what was typed or does not say which and why; if a case does not show its sisters, or the papers are not on one
/// page.
#[tokio::test]
async fn d8_a_package_goes_from_the_centre_to_the_papers() {
    let town = town();
    let code = made(&town).await;
    let mut village = signed_in(&town.station).await;
    let (path, page) = begun(&mut village, &code).await;
    assert_eq!(page.text.matches("id=\"0/name\"").count(), 1, "who asks is asked once");
    assert!(page.text.contains("id=\"1.scenario\"") && page.text.contains("id=\"3.scenario\""));
    assert!(page.text.contains("收件凭证") && page.text.contains("受理通知书"), "each its own paper");
    let all = typed(&town, &path);
    let page = village.get(&path).await;
    for name in all.keys().filter(|name| name.contains("m/") && !name.ends_with("/how")) {
        assert_eq!(page.text.matches(&format!("id=\"{name}\"")).count(), 1, "{name} is asked once");
    }
    let saved = send(&mut village, &page, &format!("{path}/autosave"), &pairs(&all)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text.chars().take(300).collect::<String>());
    assert!(village.get("/").await.text.contains(&format!("href=\"{path}\"")), "a draft like others");
    assert!(village.get("/drafts").await.text.contains("到龄一件事"));

    let own = all.keys().find(|name| name.starts_with("3.m/") && !name.ends_with("/how")).unwrap().clone();
    let page = village.get(&path).await;
    let missing = [(own.as_str(), "missing"), ("0/phone", "13900000009"), ("do", "accept")];
    let refused = send(&mut village, &page, &path, &missing).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("一件也没有收") && refused.text.contains(&format!("href=\"#{own}\"")));
    assert!(refused.text.contains("13900000009"), "nothing typed is lost");
    assert_eq!(town.station.counts().unwrap().open, 0);

    let forms = village.get(&format!("{path}/forms")).await;
    assert!(forms.text.matches("data-paper").count() >= 2 && forms.text.contains(&Invented::nth(5).name));
    let page = village.get(&path).await;
    let taken = send(&mut village, &page, &path, &[(own.as_str(), "ok"), ("do", "accept")]).await.to();
    let (case, done) = taken.strip_prefix("/cases/").unwrap().split_once('?').unwrap();
    assert_eq!(done, "done=together");
    let shown = village.get(&taken).await;
    assert!(shown.text.contains("3 件一起办好了") && shown.text.contains("关联办件"));
    assert!(shown.text.contains(&format!("href=\"/cases/{case}/papers\"")));
    let again = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    assert_eq!(again, format!("/cases/{case}?done=before"), "a second press");
    assert_eq!(village.get(&path).await.to(), format!("/cases/{case}"));

    let papers = village.get(&format!("/cases/{case}/papers")).await;
    assert!(papers.text.contains("受 理 通 知 书") && papers.text.contains("收 件 凭 证"));
    assert!(papers.text.contains("代 办 委 托 书"), "what is carried has its mandate");
    let view = town.station.case(CaseId::parse(case).unwrap()).unwrap();
    for sister in town.station.sisters(&view).unwrap() {
        assert!(papers.text.contains(&sister.number), "one page of all papers");
        let page = village.get(&format!("/cases/{}", sister.id.hex())).await;
        assert!(page.text.contains("关联办件") && page.text.contains(&format!("/cases/{case}")));
    }
}

/// Fails if one draft of a package can be taken or thrown away alone by its own address, or its papers cannot be printed.
#[tokio::test]
async fn d8_a_draft_of_a_package_leads_to_the_package() {
    let town = town();
    let code = made(&town).await;
    let mut village = signed_in(&town.station).await;
    let (path, page) = begun(&mut village, &code).await;
    let lead = CaseId::parse(path.trim_start_matches("/together/")).unwrap();
    for view in town.station.together(lead).unwrap().unwrap().drafts {
        let alone = format!("/intake/{}", view.id.hex());
        assert_eq!(village.get(&alone).await.to(), path);
        for button in ["accept", "discard", "save"] {
            assert_eq!(send(&mut village, &page, &alone, &[("do", button)]).await.to(), path, "{button}");
        }
    }
    assert_eq!(town.station.together(lead).unwrap().unwrap().drafts.len(), 3);
    assert_eq!(send(&mut village, &page, &path, &[("do", "discard")]).await.to(), "/");
    assert_eq!(village.get(&path).await.status, StatusCode::NOT_FOUND);
}

/// Fails if the same person's case of one of the items is not told on the package's page, or needs no word.
#[tokio::test]
async fn d9_a_package_tells_of_a_case_that_is_known() {
    let town = town();
    let code = made(&town).await;
    let version = town.station.reference().catalogue.current("S025", town.station.today()).unwrap().clone();
    let known = app::testing::take(&town.station, &version, 5).unwrap();
    let mut village = signed_in(&town.station).await;
    let (path, _) = begun(&mut village, &code).await;
    let all = typed(&town, &path);
    let page = village.get(&path).await;
    send(&mut village, &page, &format!("{path}/autosave"), &pairs(&all)).await;
    let page = village.get(&path).await;
    let field = format!("2.{}", facts::twin(&known.hex()));
    assert!(page.text.contains("已经收过一件") && page.text.contains(&format!("id=\"{field}\"")));
    let asked = send(&mut village, &page, &path, &[("do", "accept")]).await;
    assert!(
        asked.status == StatusCode::UNPROCESSABLE_ENTITY
            && asked.text.contains(&format!("href=\"#{field}\""))
    );
    let taken = send(&mut village, &page, &path, &[(field.as_str(), "again"), ("do", "accept")]).await.to();
    assert!(taken.ends_with("done=together"), "{taken}");
}

/// Fails if a village's clerk can open the pages where packages are made.
#[tokio::test]
async fn d8_packages_are_made_at_the_centre() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    for path in ["/packages", "/packages/T01", "/packages/T01/publish", "/packages/T01/retire"] {
        let answer = village.get(path).await;
        assert!(answer.status == StatusCode::CONFLICT && answer.text.contains("由镇中心管"), "{path}");
    }
}

/// D8. Fails if the package's page has no 一次性告知 of all that its items lack on one paper, or no 先收件; or if its photos are not
/// one page for every item.
#[tokio::test]
async fn d8_one_notice_one_photo_page_and_papers_taken_early() {
    let town = town();
    let code = made(&town).await;
    let mut village = signed_in(&town.station).await;
    let (path, page) = begun(&mut village, &code).await;
    let early = village.get(&format!("{path}/notice")).await;
    assert!(early.text.contains("还没出过一次性告知书"));
    let mut all = typed(&town, &path);
    let lead = CaseId::parse(path.trim_start_matches("/together/")).unwrap();
    let drafts = town.station.together(lead).unwrap().unwrap();
    let layout = drafts.parts().unwrap();
    let mut lacks = Vec::new();
    for (place, view) in drafts.drafts.iter().enumerate() {
        let version = view.version.as_ref().unwrap();
        let own = |m: &&model::item::Material| layout.asked_at(place, &facts::material(&m.id)) == place;
        if let Some(material) = version.materials_for(view.case.filing.scenario()).find(own) {
            all.insert(layout.page_name(place, &facts::material(&material.id)), "missing".to_owned());
            lacks.push((version.name.clone(), material.name.clone()));
        }
    }
    assert!(lacks.len() >= 2, "{lacks:?}");
    let told = send(&mut village, &page, &path, &[&pairs(&all)[..], &[("do", "notice")]].concat()).await.to();
    assert_eq!(told, format!("{path}/notice"));
    let paper = village.get(&told).await;
    assert_eq!(paper.text.matches("data-paper").count(), 1, "one paper");
    for (item, material) in &lacks {
        assert!(
            paper.text.contains(item.as_str()) && paper.text.contains(material.as_str()),
            "{item} {material}"
        );
    }
    assert!(paper.text.contains("到龄一件事") && paper.text.contains(&Invented::nth(5).name));
    let page = village.get(&path).await;
    assert!(page.text.contains("data-key=\"ctrl+b\"") && page.text.contains("value=\"receive\""));
    let phone = send(&mut village, &page, &path, &[("do", "phone")]).await.to();
    assert_eq!(phone, format!("/photos/{}#phone", lead.hex()));
    let photos = village.get(&format!("/photos/{}", lead.hex())).await;
    for (place, view) in drafts.drafts.iter().enumerate() {
        let name = &view.version.as_ref().unwrap().name;
        assert!(photos.text.contains(name.as_str()), "{name}");
        let other = village.get(&format!("/photos/{}", view.id.hex())).await;
        assert!(other.text.contains(&format!("action=\"/photos/{}\"", lead.hex())), "{place}: one page");
    }
    let taken = send(&mut village, &page, &path, &[("do", "receive")]).await.to();
    assert!(taken.ends_with("?done=papers"), "{taken}");
    assert!(village.get(&taken).await.text.contains("3 件都收下了"));
    assert_eq!(village.get(&path).await.status, StatusCode::SEE_OTHER, "they are cases now");
}
