//! `GET /password` and `POST /password`: a password of one's own, offered after a sign-in by code; may be skipped.

use app::ActError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::PasswordPage;
use super::acts::Back;
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
    page::show(&page_for(&site, &clerk, back.path()))
}

/// Sets it, or goes on without.
pub(super) async fn set(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let back = safe_back(act.fields.get("back"));
    if act.fields.get("do") == "skip" {
        return Ok(Redirect::to(&back).into_response());
    }
    let password = act.fields.get("password").to_owned();
    let refused = if password == act.fields.get("again") {
        let (who, token) = (act.clerk.who.clone(), act.clerk.token.clone());
        match site.ask_staff(move |node| node.set_password(&who, &token, &password)).await? {
            Ok(()) => return Ok(Redirect::to(&back).into_response()),
            Err(ActError::Refused(refusal)) => ("password", refusal.message),
            Err(error) => return Err(error.into()),
        }
    } else {
        ("again", "两次输的不一样，请再输一次。".to_owned())
    };
    let mut again = page_for(&site, &act.clerk, back);
    let (target, words) = refused;
    let field = if target == "again" { &mut again.again } else { &mut again.password };
    field.error = Some(words.clone());
    again.gaps = vec![Gap { target: target.to_owned(), text: words }];
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&again)?).into_response())
}
