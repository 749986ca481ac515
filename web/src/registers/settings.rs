//! The township's own limits: shown everywhere, set at the centre.

use app::ActError;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::office::Settings;

use super::form::line;
use super::sheet::{self, Form, Frame, Part, Sheet, UP, text};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::{Act, Clerk};
use crate::{Site, page};

/// Shows them; at the centre as a form.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    if site.node().is_centre() {
        return shown(&site, &clerk, None, None);
    }
    let settings = site.node().reference().office.settings.clone();
    let days = |days: u16| text(format!("{days} 个工作日"));
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "时限设定".to_owned(),
        lead: "由镇中心设定，村站不能改。改了以后只管新登记的。".to_owned(),
        up: UP,
        parts: vec![Part {
            title: "办不成事和差评".to_owned(),
            rows: vec![
                vec![text("登记以后几天内处理（本镇自定）"), days(settings.stuck_days)],
                vec![text("处理结束以后几天内反馈"), days(settings.answer_days)],
                vec![text("差评几天内回复"), days(settings.reply_days)],
                vec![text("差评转办以后几天内整改好"), days(settings.fix_days)],
            ],
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let now = site.node().reference().office.settings.clone();
    let days = |name: &str, label: &str, value: u16, most: u16| {
        line(typed, name, label, &value.to_string()).hint(format!("工作日，1 到 {most}")).max(2)
    };
    let form = Form {
        lead: vec!["改了以后只管新登记的，已经登记的按原来的时限。".to_owned()],
        fields: vec![
            days("stuck_days", "办不成事：登记以后几天内处理（本镇自定）", now.stuck_days, 30),
            days("answer_days", "办不成事：处理结束以后几天内反馈", now.answer_days, 30),
            days("reply_days", "差评：几天内回复", now.reply_days, 15),
            days("fix_days", "差评：转办以后几天内整改好", now.fix_days, 15),
        ],
        ..Form::default()
    };
    let frame = Frame {
        title: "时限设定".to_owned(),
        button: "存下".to_owned(),
        action: "/registers/settings".to_owned(),
        back: ("回台账".to_owned(), "/registers".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

/// Sets them.
pub(crate) async fn set(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let days = |name: &str| fields.get(name).parse().unwrap_or(0);
    let settings = Settings {
        stuck_days: days("stuck_days"),
        answer_days: days("answer_days"),
        reply_days: days("reply_days"),
        fix_days: days("fix_days"),
    };
    let who = clerk.who.clone();
    match site.ask(move |node| node.set_settings(&who, &settings)).await? {
        Ok(()) => Ok(Redirect::to("/registers").into_response()),
        Err(ActError::Refused(refusal)) if site.node().is_centre() => {
            shown(&site, &clerk, Some(&fields), Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}
