//! `GET /sign-in`, `POST /sign-in`, `POST /sign-out`.

use app::staff::{SignInRefusal, SignedIn};
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::FieldErrors;
use serde::Deserialize;

use super::{AskPage, ResumePage, carried, go};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::guard::Peer;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk, cookie, safe_back, same};
use crate::view::Gap;
use crate::{Site, page};

/// Where to return to.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    back: String,
    #[serde(default)]
    lost: String,
}

impl Back {
    pub(super) fn path(&self) -> String {
        safe_back(&self.back)
    }
}

/// The sign-in page; whoever is signed in goes straight on.
pub(super) async fn ask(
    State(site): State<Site>,
    Query(back): Query<Back>,
    clerk: Result<Clerk, Fault>,
) -> Result<Response, Fault> {
    if clerk.is_ok() {
        return Ok(Redirect::to(&back.path()).into_response());
    }
    page::show(&AskPage { lost: !back.lost.is_empty(), ..AskPage::new(&site, &back.path()) })
}

/// Signs in by code or by password, and returns to where the person was.
pub(super) async fn sign_in(
    State(site): State<Site>,
    Extension(peer): Extension<Peer>,
    fields: Fields,
) -> Result<Response, Fault> {
    let back = safe_back(fields.get("back"));
    if !same(fields.get("csrf"), &site.visit_csrf()) {
        // made before a restart of the box: nothing is lost by asking again
        return refuse(&site, &back, &fields, "stale sign-in page", "这一页开得太久了，请再输一次。");
    }
    let by_password = fields.get("by") == "password";
    let tried = if by_password {
        let (staff, password) = (fields.get("staff").to_owned(), fields.get("password").to_owned());
        site.ask_staff(move |node| node.sign_in_password(&staff, &password, &peer.source())).await?
    } else {
        let code = fields.get("code").to_owned();
        site.ask_staff(move |node| node.sign_in_code(&code, &peer.source())).await?
    };
    match tried {
        Ok(signed_in) => welcome(&site, &signed_in, &back, &fields),
        Err(SignInRefusal::Wrong) if by_password => refuse(
            &site,
            &back,
            &fields,
            "wrong password",
            "工号或密码不对。请再输一次，或者请管人员的同事给一个登录码。",
        ),
        Err(SignInRefusal::Wrong) => refuse(
            &site,
            &back,
            &fields,
            "wrong sign-in code",
            "登录码不对，或者已经用过。请再看一遍，或者请管人员的同事重新给一个。",
        ),
        Err(SignInRefusal::Wait(ms)) => {
            let words = format!("试错了好几次，请等 {} 秒再试。别的电脑上登录不受影响。", ms.div_ceil(1000));
            let mut told = refuse(&site, &back, &fields, "sign-in throttled", &words)?;
            *told.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            Ok(told)
        }
        Err(SignInRefusal::Act(error)) => Err(error.into()),
    }
}

fn welcome(site: &Site, signed_in: &SignedIn, back: &str, fields: &Fields) -> Result<Response, Fault> {
    let set = cookie(site, &signed_in.token)?;
    let typed = carried(fields);
    if !typed.is_empty() {
        let csrf = Site::csrf(&signed_in.token);
        let resume = ResumePage { place: site.node().name(), csrf, back: back.to_owned(), typed };
        return Ok(([(header::SET_COOKIE, set)], page::show(&resume)?).into_response());
    }
    if signed_in.needs_password {
        return Ok(go(set, &format!("/password?back={back}")));
    }
    Ok(go(set, back))
}

fn refuse(site: &Site, back: &str, fields: &Fields, reason: &str, words: &str) -> Result<Response, Fault> {
    note_refused(reason, &FieldErrors::default());
    let mut ask = AskPage::new(site, back);
    ask.carry(carried(fields));
    ask.by_password = fields.get("by") == "password";
    if ask.by_password {
        ask.staff.value = fields.get("staff").to_owned();
        ask.password.error = Some(words.to_owned());
        ask.gaps = vec![Gap { target: "password".to_owned(), text: words.to_owned() }];
    } else {
        ask.code = fields.get("code").to_owned();
        ask.code_error = Some(words.to_owned());
        ask.gaps = vec![Gap { target: "code".to_owned(), text: words.to_owned() }];
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&ask)?).into_response())
}

/// Ends the session on the box, not only in the browser.
pub(super) async fn sign_out(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    site.ask_staff(move |node| node.sign_out(&act.clerk.token)).await??;
    Ok(go(cookie(&site, "")?, "/sign-in"))
}
