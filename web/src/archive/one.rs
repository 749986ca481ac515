//! `GET /archive/{case}`: one case as a file.

use axum::extract::State;
use axum::response::Response;
use model::case::Verdict;
use model::case::event::Kind;

use super::volume;
use crate::cases::show::{Opened, Told, id};
use crate::frame::{self, Place};
use crate::registers::sheet::{Door, Sheet};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Desk, Said};
use crate::{Site, page};

/// What was done.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

fn doors(told: &Told<'_>) -> Vec<Door> {
    let may = |kind| told.case.may(kind, told.here) == Verdict::Applies;
    let to = |act: &str| format!("/archive/{}/{act}", told.id);
    let mut doors = vec![Door::to("看办件", format!("/cases/{}", told.id))];
    if may(Kind::Archived) {
        let file = Door::to("归档", to("file"));
        doors.insert(0, Door { key: "g", key_cap: "G", primary: true, ..file });
    }
    if may(Kind::ShelfMoved) {
        doors.push(Door::to("移动位置", to("shelf")));
    }
    if may(Kind::RetentionProlonged) {
        doors.push(Door::to("延长保管", to("prolong")));
    }
    doors.push(Door { key: "o", key_cap: "O", ..Door::to("导出", to("export")) });
    if may(Kind::Sealed) {
        doors.push(Door::to("有人要求删除", to("seal")));
    }
    doors
}

/// The page of a case's file.
pub(super) fn sheet(desk: Desk, opened: &Opened, said: Vec<Said>, sealed: bool) -> Sheet {
    let told = opened.told();
    Sheet {
        desk,
        title: format!("档案 {}", told.case.number().unwrap_or_default()),
        lead: if sealed {
            "封存件，只显示这一次。谁、什么时候、为什么查阅，已经记进这一件。".to_owned()
        } else {
            "归档以后只能往里加：加说明、加照片、移动位置、延长保管。".to_owned()
        },
        up: ("回一件一档", "/archive"),
        said,
        doors: if sealed { Vec::new() } else { doors(&told) },
        parts: volume::parts(&told, &opened.view),
    }
}

/// Shows it.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    let opened = site.ask(move |node| Opened::read(node, id)).await??;
    if opened.view.case.outcome.is_none() {
        let (words, back) = ("还没办结，办结以后才有档案。".to_owned(), format!("/cases/{case}"));
        return Err(Fault::NotOpen { words, back });
    }
    let text = match done.done.as_str() {
        "file" => Some("已归档。"),
        "shelf" => Some("新的位置已存下。"),
        "prolong" => Some("保管期限已延长。"),
        "again" => Some("刚才已经办好了，没有重复办。"),
        _ => None,
    };
    let said = text.map(|text| Said { kind: "green", text: text.to_owned() }).into_iter().collect();
    page::show(&sheet(frame::desk(&site, &clerk, Place::Archive), &opened, said, false))
}
