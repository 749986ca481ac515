//! `GET /catalogue/{code}/history`: who published or retired what, when and why.

use app::authoring::Deed;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::item::Item;
use model::item::table::compare;

use super::only_centre;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Clerk;
use crate::view::{Desk, Entry};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "catalogue/history.html")]
struct HistoryPage {
    desk: Desk,
    code: String,
    item: String,
    entries: Vec<Entry>,
    /// Versions that have one before them: the two numbers.
    pairs: Vec<(u32, u32)>,
}

fn changed(item: &Item, number: u32) -> String {
    let before = item.versions.iter().rev().find(|version| version.version < number);
    match (item.version(number), before) {
        (Some(version), Some(before)) => {
            let found = compare(before, version);
            let mut places: Vec<&str> = found
                .iter()
                .map(|one| if one.row.is_empty() { one.column } else { one.table.name() })
                .collect();
            places.dedup();
            format!("改了 {} 处：{}。", found.len(), places.join("、"))
        }
        _ => "第一版。".to_owned(),
    }
}

fn entry(item: &Item, deed: &Deed) -> Entry {
    let day = words::full_day(deed.on);
    let mut note = if deed.retires {
        format!("原因：{}", deed.words)
    } else {
        format!("{}说明：{}", changed(item, deed.version), deed.words)
    };
    if !deed.warned.is_empty() {
        note.push_str(&format!(
            "　检查提醒过 {} 处（{}），仍要发布：{}",
            deed.warned.len(),
            deed.warned.join("、"),
            deed.despite
        ));
    }
    let what = if deed.retires {
        format!("停用，{day} 起")
    } else {
        format!("发布第 {} 版，{day} 起生效", deed.version)
    };
    Entry { what, when: words::moment(deed.at), who: deed.name.clone(), note }
}

/// The page.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let reference = site.node().reference();
    let item = reference.catalogue.item(&code).ok_or(Fault::NotFound)?;
    let deeds = reference.deeds.get(&code).map(Vec::as_slice).unwrap_or_default();
    let mut entries: Vec<Entry> = deeds.iter().rev().map(|deed| entry(item, deed)).collect();
    let told = |number: u32| deeds.iter().any(|deed| !deed.retires && deed.version == number);
    for version in item.versions.iter().rev().filter(|version| !told(version.version)) {
        let what = format!("第 {} 版，{} 起生效", version.version, words::full_day(version.effective));
        entries.push(Entry { what, who: "随盒子带来".to_owned(), ..Entry::default() });
    }
    let numbers: Vec<u32> = item.versions.iter().map(|version| version.version).collect();
    page::show(&HistoryPage {
        desk: frame::desk(&site, &clerk, Place::Catalogue),
        item: item.versions.last().map(|version| version.name.clone()).unwrap_or_default(),
        entries,
        pairs: numbers.iter().zip(numbers.iter().skip(1)).rev().map(|(old, new)| (*old, *new)).collect(),
        code,
    })
}
