//! 帮办代办: the seven steps 委托→受理→办理→送达→归档→上报→回访 of every case on somebody's behalf, and what is missing.

use app::ActError;
use app::cases::{CaseId, CaseView};
use app::matters::MatterView;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::once;
use super::sheet::{Cell, Part, Press, Sheet, UP, link, text};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::{Act, Clerk};
use crate::view::Tag;
use crate::{Site, limit, page};

/// The steps, and which of them are done.
pub(super) fn steps(view: &CaseView, after: Option<&MatterView>) -> [(&'static str, bool); 7] {
    let (case, after) = (&view.case, after.map(|view| &view.matter));
    [
        ("委托", case.on_behalf.is_some() || case.filing.has_agent()),
        ("受理", case.accepted.is_some() || case.on_behalf.is_some()),
        ("办理", case.outcome.is_some()),
        ("送达", case.delivered.is_some()),
        ("归档", after.is_some_and(|matter| matter.filed.is_some())),
        ("上报", after.is_some_and(|matter| matter.reported.is_some())),
        ("回访", after.is_some_and(|matter| matter.revisited.is_some())),
    ]
}

/// Draws it.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let found = site
        .ask(|node| {
            let found = node.on_behalf(limit::ROWS_PER_PAGE)?.into_iter();
            Ok::<_, ActError>(found.map(|(view, after)| (node.line(&view), view, after)).collect::<Vec<_>>())
        })
        .await??;
    let row = |(line, view, after): &(app::cases::CaseLine, CaseView, Option<MatterView>)| {
        let steps = steps(view, after.as_ref());
        let done: Vec<&str> = steps.iter().filter(|(_, done)| *done).map(|(name, _)| *name).collect();
        let missing: Vec<&str> = steps.iter().filter(|(_, done)| !done).map(|(name, _)| *name).collect();
        let missing = if missing.is_empty() {
            Cell::Tag(Tag::new("green", "七步齐了"))
        } else {
            text(format!("差：{}", missing.join("、")))
        };
        let about = format!("{} {}", line.name, line.item);
        let next = match after {
            Some(after) => link("归档、上报、回访", format!("/registers/matters/{}", after.id.hex())),
            None => Cell::Press(Press {
                action: "/registers/behalf".to_owned(),
                once: site.fresh_form(),
                name: "case",
                value: line.id.hex(),
                label: "归档、上报、回访",
                about,
            }),
        };
        vec![
            text(&line.name),
            link(&line.item, format!("/cases/{}", line.id.hex())),
            text(words::tail(&line.number)),
            text(done.join("、")),
            missing,
            next,
        ]
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "帮办代办".to_owned(),
        lead: "七步：委托、受理、办理、送达、归档、上报、回访。前四步从办件里看，后三步在这里登记。"
            .to_owned(),
        up: UP,
        parts: vec![Part {
            title: "代办的办件".to_owned(),
            note: "新的在前".to_owned(),
            empty: "还没有代办的办件。收件时选代办的会到这里来。",
            head: vec!["申请人", "事项", "办件号", "做了的", "还差的", "接着做"],
            rows: found.iter().map(row).collect(),
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

/// Makes the record of what is left to do, or opens the one there is.
pub(crate) async fn begin(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let case = CaseId::parse(fields.get("case")).ok_or(Fault::NotFound)?;
    let done = site.ask(move |node| once(node, &clerk, "behalf", &fields).behalf(&clerk.who, case)).await?;
    match done {
        Ok(saved) => Ok(Redirect::to(&format!("/registers/matters/{}", saved.id.hex())).into_response()),
        Err(ActError::Refused(refusal)) => {
            Err(Fault::NotOpen { words: refusal.message, back: "/registers/behalf".to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}
