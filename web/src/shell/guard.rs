//! The first and last thing every request passes: a request id and its span, the host and origin checks, a task of its
//! own (so a defect in one page ends one answer, and an act goes on when the browser hangs up), the fault's page, the
//! headers, the log line and the counters.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequest as _, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::body;
use super::drill_mark;
use super::fault::{self, Fault};
use super::form::Fields;
use super::headers;
use crate::Site;
use crate::limit;

/// Where the request came from; absent only in tests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) Option<SocketAddr>);

impl Peer {
    /// The address alone, for throttling; tests come from one place.
    pub(crate) fn source(self) -> String {
        self.0.map_or_else(|| "-".to_owned(), |address| address.ip().to_string())
    }

    /// Whether the other end is this very machine.
    pub(crate) fn is_loopback(self) -> bool {
        self.0.is_some_and(|address| address.ip().is_loopback())
    }
}

/// Wraps every page.
pub(crate) async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let id = site.next_request_id();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let session = site.session_mark(request.headers());
    let span = tracing::info_span!("page", request = %id, session = %session, %method, %route);

    request.extensions_mut().insert(Peer(peer));
    let admitted = admit(&site, &request);
    let mut sent = Sent::of(&request);
    let answered = async {
        match (body::taken(request, &route).await, admitted) {
            (Ok((request, bytes)), Ok(())) => {
                sent.body = bytes;
                run(request, next).await
            }
            (_, Err(fault)) | (Err(fault), Ok(())) => fault.into_response(),
        }
    };
    let mut response = answered.instrument(span.clone()).await;
    let fault = response.extensions_mut().remove::<Fault>();
    let typed = match &fault {
        Some(fault) if fault.may_be_sent_again() => sent.fields().await,
        _ => None,
    };
    let _entered = span.enter();
    if let Some(fault) = fault {
        tracing::warn!(reason = %fault, "refused");
        let allow = response.headers_mut().remove(header::ALLOW);
        response = fault::page(&site, &fault, &id, typed.map(|fields| (sent.action, fields)));
        response.headers_mut().extend(allow.map(|verbs| (header::ALLOW, verbs)));
    }
    if let Some(real) = site.real_home() {
        response = drill_mark::mark(response, real).await.unwrap_or_else(|fault| {
            tracing::error!(%fault, "a page of a practice box without its mark is not shown");
            fault.status().into_response()
        });
    }
    headers::set(response.headers_mut());
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    site.metrics().answered(&route, response.status().as_u16(), micros);
    // what the box itself took, for whoever measures a page: no more than a clock beside the browser tells
    let took = format!("box;dur={}.{}", micros / 1000, micros / 100 % 10);
    response.headers_mut().extend(
        HeaderValue::from_str(&took).map(|took| (header::HeaderName::from_static("server-timing"), took)),
    );
    tracing::info!(status = response.status().as_u16(), micros, "answered");
    response
}

/// A form as it was sent, for the page that says it could not be done.
struct Sent {
    post: bool,
    media: Option<HeaderValue>,
    action: String,
    body: Bytes,
}

impl Sent {
    fn of(request: &Request) -> Self {
        let media = request.headers().get(header::CONTENT_TYPE).cloned();
        let (post, action) = (request.method() == Method::POST, request.uri().path().to_owned());
        Self { post, media, action, body: Bytes::new() }
    }

    async fn fields(&self) -> Option<Fields> {
        let media = self.media.as_ref().filter(|_| self.post)?;
        let request = Request::post("/").header(header::CONTENT_TYPE, media);
        let request = request.body(Body::from(self.body.clone())).ok()?;
        Fields::from_request(request, &()).await.ok()
    }
}

fn admit(site: &Site, request: &Request) -> Result<(), Fault> {
    let host = site.hosts().host(request.uri(), request.headers())?;
    site.hosts().origin(request.method(), host, request.headers())?;
    if site.real_home().is_some() && crate::drill::closed(request.method(), request.uri().path()) {
        let words = "演练里只练办件。改事项、权限、日历和密码，带平板上门，请回真的工作台办。";
        return Err(Fault::NotAllowed(words.to_owned()));
    }
    Ok(())
}

/// Runs the page in a task of its own. A panic or a page that never ends becomes a fault like any other.
async fn run(request: Request, next: Next) -> Response {
    let task = tokio::spawn(next.run(request).in_current_span());
    match tokio::time::timeout(limit::PAGE_TIME_MAX, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panicked)) => Fault::Defect("a page panicked").into_response(),
        Err(_late) => Fault::TimedOut.into_response(),
    }
}
