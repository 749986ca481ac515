//! What machines ask: is this box alive, and its counters. Neither says anything about a person.

use axum::Extension;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::fault::Fault;
use super::guard::Peer;
use super::metrics;
use crate::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/healthz", get(alive)).route("/metrics", get(metrics))
}

/// `GET /healthz`: answers while the process serves pages.
async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /metrics`: Prometheus text, only to this very machine. Elsewhere the page does not exist.
async fn metrics(State(site): State<Site>, Extension(peer): Extension<Peer>) -> Result<Response, Fault> {
    if !peer.is_loopback() {
        return Err(Fault::NotFound);
    }
    let gauges = site.ask(app::Node::gauges).await??;
    let mut response = format!("{}{}", site.metrics().text(), metrics::gauges(&gauges)).into_response();
    let media = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}
