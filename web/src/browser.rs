//! A browser without a screen, for tests: one host, one cookie, whole requests through the whole shell.

use app::Node;
use app::testing::box_alone;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use tower::ServiceExt as _;

use crate::{Hosts, Site};

pub(crate) const HOST: &str = "127.0.0.2:8101";
pub(crate) const CODE: &str = "TEST-CODE-1234";

pub(crate) fn site() -> Site {
    site_of(&box_alone().0)
}

/// A face of a box, with a code for one clerk.
pub(crate) fn site_of(node: &Node) -> Site {
    node.give_code("s1", "陈春梅", "综合窗口", &CODE.replace('-', "")).unwrap();
    Site::new(node.clone(), Hosts::new(vec![HOST.to_owned()], false))
}

/// A browser with a cookie jar for one host.
pub(crate) struct Browser {
    pub(crate) pages: Router,
    pub(crate) cookie: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
    /// What came, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(site: &Site) -> Self {
        Self { pages: crate::router(site.clone()), cookie: String::new() }
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = if pair.ends_with('=') { String::new() } else { pair.to_owned() };
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text, bytes }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        if self.cookie.is_empty() { builder } else { builder.header(header::COOKIE, &self.cookie) }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: impl Into<String>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.into()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn sign_in(&mut self) -> Answer {
        let token = csrf(&self.get("/sign-in").await.text);
        self.post("/sign-in", format!("csrf={token}&by=code&code={CODE}")).await
    }
}

pub(crate) fn csrf(page: &str) -> String {
    let rest = page.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form token");
    rest.split('"').next().unwrap().to_owned()
}

impl Answer {
    /// Where a redirect leads.
    pub(crate) fn to(&self) -> String {
        let place = self.headers.get(header::LOCATION);
        let place = place.unwrap_or_else(|| panic!("{}: {}", self.status, self.text));
        place.to_str().unwrap().to_owned()
    }
}

/// Pairs as a browser encodes them.
pub(crate) fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        for (part, end) in [(name, '='), (value, '&')] {
            for byte in part.bytes() {
                if byte.is_ascii_alphanumeric() {
                    out.push(char::from(byte));
                } else {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            out.push(end);
        }
    }
    out
}
