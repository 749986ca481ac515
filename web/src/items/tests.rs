use super::*;
use crate::view::Desk;
use app::testing::{MONDAY, TestClock, township};
use askama::Template as _;
use std::sync::Arc;

/// What a page may weigh with what it brings.
const WEIGHT: usize = 60 * 1024;

fn page(areas: Vec<Area>, query: &str, sure: bool, near: bool) -> String {
    let items = areas.iter().flat_map(|area| area.items.iter().map(|item| item.code.clone())).collect();
    let desk = Desk { csrf: "t".repeat(43), ..Desk::default() };
    let page = FoundPage {
        desk,
        query: query.to_owned(),
        sure,
        near,
        elsewhere: "",
        items,
        cases: Vec::new(),
        packages: Vec::new(),
        areas,
    };
    page.render().unwrap()
}

fn centre() -> Node {
    let node = township(1, 3).start(0, Arc::new(store::MemoryEngine::new()), TestClock::at(MONDAY), 1);
    node.load_sample(&[]).unwrap();
    node
}

/// Fails if the list of a whole catalogue outgrows what a page may weigh, or leaves out an item.
#[test]
fn a_whole_catalogue_is_one_light_page() {
    let areas = areas(&centre(), None);
    assert_eq!(areas.len(), 10);
    let html = page(areas, "", false, false);
    let weight = html.len() + crate::assets::weight();
    assert!(weight <= WEIGHT, "{} and {}", html.len(), crate::assets::weight());
    assert!(html.matches("class=\"pick\"").count() >= 90);
    assert_eq!(html.matches(">示例<").count(), 10, "each field says once that all of it are samples");
}

/// Fails if Enter would begin anything but the first item, or if a guess does not say that it is one.
#[test]
fn the_first_item_has_the_focus_and_a_guess_says_so() {
    let codes = ["S054".to_owned(), "S055".to_owned()];
    let of = |sure, near| page(areas(&centre(), Some(&codes)), "db", sure, near);
    let sure = of(true, false);
    assert_eq!(sure.matches("开始办").count(), 1);
    let focus = sure.find(" autofocus>").unwrap();
    assert!(sure[..focus].ends_with("data-item=\"S054\"") && sure.matches("autofocus").count() == 1);
    assert!(!sure.contains("是不是下面的") && of(false, true).contains("是不是下面的"));
}

/// C2. Fails if a field of the 实施清单 that an item has is not on its guide, or if the guide cannot be printed for a resident.
#[tokio::test]
async fn a_guide_has_every_field_of_the_list_and_can_be_printed() {
    let station = centre();
    let item = station.reference().catalogue.current("S047", station.today()).unwrap().clone();
    let mut village = crate::browser::Browser::new(&crate::browser::site_of(&station));
    village.sign_in().await;
    let page = village.get("/items/S047").await.text;
    let guide = &item.guide;
    let fields = [
        &guide.basic_code,
        &guide.implementation_code,
        &guide.business_code,
        &guide.basis,
        &guide.level,
        &guide.body,
        &guide.body_nature,
        &guide.body_code,
        &guide.entrusting,
        &guide.limit_note,
        &guide.special,
        &guide.place,
        &guide.hours,
        &guide.consult,
        &guide.complain,
        &guide.scope,
        &guide.online,
        &guide.theme,
        &guide.division,
        &item.kind,
        &item.decided_by,
    ];
    for field in fields.into_iter().chain(&guide.conditions).chain(&guide.channels) {
        assert!(!field.is_empty() && page.contains(field.as_str()), "{field}");
    }
    for field in
        ["服务对象", "到现场次数", "承诺件", "第 1 版", "2026年1月1日起", "data-print-button", "示例"]
    {
        assert!(page.contains(field), "{field}");
    }
    for material in &item.materials {
        assert!(page.contains(&material.passes) && page.contains(&material.note), "{}", material.name);
    }
}
