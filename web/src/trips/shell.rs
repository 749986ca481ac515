//! `/trip/`: the page that opens without the box, its manifest and its worker. Nobody need be signed in for it: it holds
//! nothing but the station's name.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use crate::shell::fault::Fault;
use crate::shell::headers;
use crate::{Site, assets};

/// Everything the page needs to open alone, by asset name.
const PARTS: [&str; 8] = [
    "trip.css",
    "photos.js",
    "camera.js",
    "trip-vault.js",
    "trip-form.js",
    "trip-send.js",
    "trip.js",
    "icon.svg",
];
/// The worker, behind the two lines that [`worker`] puts before it.
const WORKER: &str = include_str!("../../assets/scripts/trip-worker.js");

#[derive(Template)]
#[template(path = "trips/shell.html")]
struct ShellPage {
    place: String,
}

/// `GET /trip`: the worker's folder begins behind the stroke.
pub(crate) async fn whole() -> Redirect {
    Redirect::to("/trip/")
}

fn drawn(site: &Site) -> Result<String, Fault> {
    let page = ShellPage { place: site.node().name() };
    page.render().map_err(|_fault| Fault::Defect("a template did not render"))
}

/// `GET /trip/`.
pub(crate) async fn page(State(site): State<Site>) -> Result<Response, Fault> {
    let policy = HeaderValue::from_static(headers::INSTALLABLE);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], axum::response::Html(drawn(&site)?)).into_response())
}

/// `GET /trip/app.webmanifest`: so that the tablet offers to put the page on its home screen.
pub(crate) async fn manifest(State(site): State<Site>) -> Response {
    let icon =
        json!({ "src": assets::url("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" });
    let body = json!({
        "id": "/trip/",
        "name": format!("上门收件 · {}", site.node().name()),
        "short_name": "上门收件",
        "lang": "zh-CN",
        "start_url": "/trip/",
        "scope": "/trip/",
        "display": "standalone",
        "background_color": "#f4f7fa",
        "theme_color": "#1456a0",
        "icons": [icon],
    });
    ([(header::CONTENT_TYPE, "application/manifest+json; charset=utf-8")], body.to_string()).into_response()
}

/// `GET /trip/sw.js`: the worker with the list of what it keeps. Its bytes change when any part does, which is how a tablet
/// learns of an upgraded box.
pub(crate) async fn worker(State(site): State<Site>) -> Result<Response, Fault> {
    let mut kept = vec!["/trip/", "/trip/app.webmanifest"];
    kept.extend(PARTS.map(assets::url));
    let page = drawn(&site)?;
    let hash = canon::hash("web trip page", |out| {
        out.str(&page);
        for one in &kept {
            out.str(one);
        }
    });
    let name = data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or_default());
    let body = format!("const KEPT = {};\nconst NAME = 'trip-{name}';\n{WORKER}", json!(kept));
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], body).into_response())
}
