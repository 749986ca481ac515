//! Who is at the page. A page that needs a person takes a [`Clerk`]; a form that changes something takes an [`Act`],
//! which also proves that the form was made for this very session. Neither can be had without the checks.

use app::Who;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use subtle::ConstantTimeEq as _;

use super::fault::Fault;
use super::form::Fields;
use crate::Site;

/// A signed-in member of staff.
#[derive(Clone)]
pub(crate) struct Clerk {
    pub(crate) who: Who,
    pub(crate) token: String,
    pub(crate) csrf: String,
}

/// A form posted by a signed-in member of staff from a page of this session.
pub(crate) struct Act {
    pub(crate) clerk: Clerk,
    pub(crate) fields: Fields,
}

async fn clerk(site: &Site, parts: &Parts) -> Result<Option<Clerk>, Fault> {
    let Some(token) = site.session_token(&parts.headers).map(str::to_owned) else { return Ok(None) };
    let asked = token.clone();
    let Some((who, owes)) = site.ask_staff(move |node| node.session_of(&asked)).await? else {
        return Ok(None);
    };
    // whoever gave the code knows it until there is a password
    if owes && !["/password", "/sign-out"].contains(&parts.uri.path()) {
        return Err(Fault::PasswordFirst);
    }
    let csrf = Site::csrf(&token);
    Ok(Some(Clerk { who, token, csrf }))
}

/// The page itself, without what follows a `?`: that is where lists keep their place, nothing else.
fn here(parts: &Parts) -> String {
    parts.uri.path().to_owned()
}

impl FromRequestParts<Site> for Clerk {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        let back = here(parts);
        // a form that has no fields of its own here is a file, which is too large to come along
        let lost = parts.method == Method::POST;
        clerk(site, parts).await?.ok_or(Fault::SignInFirst { back, typed: None, lost })
    }
}

impl FromRequest<Site> for Act {
    type Rejection = Fault;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let signed_in = clerk(site, &parts).await?;
        let action = here(&parts);
        let fields = Fields::from_request(Request::from_parts(parts, body), site).await?;
        let Some(clerk) = signed_in else {
            return Err(Fault::SignInFirst { back: action, typed: Some(fields), lost: false });
        };
        if same(fields.get("csrf"), &clerk.csrf) {
            return Ok(Self { clerk, fields });
        }
        Err(Fault::Stale { action, typed: fields, csrf: clerk.csrf })
    }
}

/// Compares without telling how much of a guess was right.
pub(crate) fn same(typed: &str, wanted: &str) -> bool {
    typed.as_bytes().ct_eq(wanted.as_bytes()).into()
}

/// The cookie that starts a session, or ends it when the token is empty.
pub(crate) fn cookie(site: &Site, token: &str) -> Result<HeaderValue, Fault> {
    let secure = if site.hosts().secure() { "; Secure" } else { "" };
    let ended = if token.is_empty() { "; Max-Age=0" } else { "" };
    let line = format!("{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{ended}", site.cookie_name());
    HeaderValue::from_str(&line).map_err(|_fault| Fault::Defect("a session token is no header"))
}

/// A place on this box to return to; anything else becomes the workbench.
pub(crate) fn safe_back(typed: &str) -> String {
    let plain = typed.len() <= 200 && typed.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let own = typed.starts_with('/') && !typed.starts_with("//");
    if plain && own { typed.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when a sign-in can be made to end on another site.
    #[test]
    fn the_way_back_never_leaves_the_box() {
        assert_eq!(safe_back("/cases/2308-2026-K7QM-0352-P"), "/cases/2308-2026-K7QM-0352-P");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "javascript:1"]
        {
            assert_eq!(safe_back(bad), "/", "{bad}");
        }
    }
}
