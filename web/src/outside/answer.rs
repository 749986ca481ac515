//! `/transcribe/answer`: an outside body answered, and its paper names its own number. The number finds the case, whose page
//! takes the answer. Posted, never an address: what is typed may be the end of an id number.

use app::cases::CaseLine;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;

use crate::frame::{self, Place};
use crate::registers::sheet::{self, Cell, Form, Frame, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::{Act, Clerk};
use crate::view::Field;
use crate::{Site, page};

/// Asks for the number.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    shown(&site, &clerk, None, None)
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let value = typed.map_or("", |fields| fields.get("number"));
    let number = Field { focus: true, ..Field::text("number", "外部办件编号", value) };
    let form = Form {
        lead: vec!["外部单位的答复上写着它自己的编号，照着填，就找到是哪一件。".to_owned()],
        fields: vec![number.width("full").max(60)],
        ..Form::default()
    };
    let frame = Frame {
        title: "按外部编号登记反馈".to_owned(),
        button: "找办件".to_owned(),
        action: "/transcribe/answer".to_owned(),
        back: ("回未转录的办件".to_owned(), "/transcribe".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

fn to(line: &CaseLine) -> String {
    format!("/cases/{}/acts/feed-back", line.id.hex())
}

/// One case: the page that takes its answer. Several: a list.
pub(crate) async fn find(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let typed = fields.get("number").to_owned();
    let found = site.ask(move |node| node.by_outside_number(&typed)).await??;
    match found.as_slice() {
        [] => {
            let why = "没有这个外部编号的办件，请核对编号；还没登记编号的，用申请人或办件号查找。";
            let refusal = Refusal::field("number", "外部办件编号", why);
            shown(&site, &clerk, Some(&fields), Some(&refusal))
        }
        [only] => Ok(Redirect::to(&to(only)).into_response()),
        several => {
            let row = |line: &CaseLine| {
                vec![text(&line.name), text(&line.item), link("登记反馈", to(line)), text(&line.number)]
            };
            let rows: Vec<Vec<Cell>> = several.iter().map(row).collect();
            page::show(&Sheet {
                desk: frame::desk(&site, &clerk, Place::Transcribe),
                title: "按外部编号登记反馈".to_owned(),
                lead: "有几件是这个编号，请选一件。".to_owned(),
                up: ("重新填编号", "/transcribe/answer"),
                parts: vec![Part {
                    title: "找到的".to_owned(),
                    head: vec!["申请人", "事项", "下一步", "办件号"],
                    rows,
                    walk: true,
                    ..Part::default()
                }],
                ..Sheet::default()
            })
        }
    }
}
