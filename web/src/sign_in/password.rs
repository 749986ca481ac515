//! `GET /password` and `POST /password`: a password of one's own, offered after a sign-in by code; may be skipped.

use app::ActError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::PasswordPage;
use super::acts::Back;
use crate::cases::words;
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk, safe_back};
use crate::view::{Control, Field, Gap};
use crate::{Site, limit, page};

fn page_for(site: &Site, clerk: &Clerk, back: String) -> PasswordPage {
    let field = |id: &str, label: &str| Field {
        control: Control::Password,
        autocomplete: "new-password",
        max: limit::PASSWORD_CHARS_MAX,
        ..Field::text(id, label, "")
    };
    let hint =
        format!("至少 {} 个字，可以用一句好记的话；不要用生日、电话和工号", app::limit::PASSWORD_MIN_CHARS);
    PasswordPage {
        place: site.node().name(),
        csrf: clerk.csrf.clone(),
        back,
        typed: Vec::new(),
        given: String::new(),
        staff_id: clerk.who.staff.clone(),
        gaps: Vec::new(),
        password: Field { focus: true, ..field("password", "新密码").hint(hint) },
        again: field("again", "再输一次"),
    }
}

/// The page.
pub(super) async fn ask(
    State(site): State<Site>,
    Query(back): Query<Back>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let given = owed(&site, &clerk).await?;
    page::show(&PasswordPage { given, ..page_for(&site, &clerk, back.path()) })
}

/// Who gave the code with which this person came in, and when, while they owe a password; else empty.
async fn owed(site: &Site, clerk: &Clerk) -> Result<String, Fault> {
    let who = clerk.who.clone();
    let given = site.ask(move |node| node.owes_password(&who)).await??;
    Ok(given.map(|given| format!("{}，{}", given.by, words::moment(given.wall))).unwrap_or_default())
}

/// Sets it, or goes on without.
pub(super) async fn set(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let back = safe_back(act.fields.get("back"));
    let given = owed(&site, &act.clerk).await?;
    if act.fields.get("do") == "skip" && given.is_empty() {
        return Ok(Redirect::to(&back).into_response());
    }
    let password = act.fields.get("password").to_owned();
    let refused = if act.fields.get("do") == "skip" {
        ("password", "登录码是同事给的，要先设一个自己的密码，才只有您自己能登录。".to_owned())
    } else if password == act.fields.get("again") {
        let (who, token) = (act.clerk.who.clone(), act.clerk.token.clone());
        match site.ask_staff(move |node| node.set_password(&who, &token, &password)).await? {
            Ok(()) => return Ok(Redirect::to(&back).into_response()),
            Err(ActError::Refused(refusal)) => ("password", refusal.message),
            Err(error) => return Err(error.into()),
        }
    } else {
        ("again", "两次输的不一样，请再输一次。".to_owned())
    };
    let mut again = PasswordPage { given, ..page_for(&site, &act.clerk, back) };
    let (target, words) = refused;
    let field = if target == "again" { &mut again.again } else { &mut again.password };
    field.error = Some(words.clone());
    again.gaps = vec![Gap { target: target.to_owned(), text: words }];
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&again)?).into_response())
}
