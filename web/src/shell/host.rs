//! Which addresses this box answers to, and from which pages it takes a form. A page on another site that learns to
//! resolve its own name to this box (DNS rebinding) fails the first check; one that posts across sites the second.

use axum::http::{HeaderMap, Method, Uri, header};

/// The exact `Host` values this box answers to, and whether it is reached by HTTPS.
#[derive(Debug, Clone)]
pub struct Hosts {
    allowed: Vec<String>,
    secure: bool,
    progress: Option<String>,
}

/// Why a request was turned away before any page saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stranger {
    /// The `Host` is not on the list, missing, or given twice.
    #[error("host is not on the list")]
    Host,
    /// A form came from a page that is not ours.
    #[error("origin is not this host")]
    Origin,
}

impl Hosts {
    /// `allowed` are complete `Host` values, port included where it is not the scheme's own (`127.0.0.2:8101`).
    #[must_use]
    pub fn new(allowed: Vec<String>, secure: bool) -> Self {
        let allowed = allowed.into_iter().map(|host| host.to_ascii_lowercase()).collect();
        Self { allowed, secure, progress: None }
    }

    /// With the address that printed papers send a resident's phone to, such as `http://192.168.8.10`, where that is
    /// another face of this box.
    #[must_use]
    pub fn with_progress(mut self, home: String) -> Self {
        self.progress = Some(home);
        self
    }

    /// Where a resident's phone asks for progress.
    pub(crate) fn progress(&self) -> String {
        self.progress.clone().unwrap_or_else(|| self.home())
    }

    /// Whether cookies may carry `Secure` and the `__Host-` name: a browser refuses both on plain HTTP.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// The first allowed address, with its scheme: what a printed paper names.
    #[must_use]
    pub fn home(&self) -> String {
        let host = self.allowed.first().map_or("", String::as_str);
        format!("{}://{host}", self.scheme())
    }

    fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// The one host this request names, if it is on the list.
    pub(crate) fn host<'a>(&'a self, uri: &Uri, headers: &HeaderMap) -> Result<&'a str, Stranger> {
        let mut named = headers.get_all(header::HOST).iter();
        let host = named.next().and_then(|value| value.to_str().ok()).ok_or(Stranger::Host)?;
        if named.next().is_some() || uri.authority().is_some_and(|authority| authority.as_str() != host) {
            return Err(Stranger::Host);
        }
        let host = host.to_ascii_lowercase();
        self.allowed.iter().find(|allowed| **allowed == host).map(String::as_str).ok_or(Stranger::Host)
    }

    /// Anything that may change something must come from a page of this very host.
    pub(crate) fn origin(&self, method: &Method, host: &str, headers: &HeaderMap) -> Result<(), Stranger> {
        if method == Method::GET || method == Method::HEAD {
            return Ok(());
        }
        let mut named = headers.get_all(header::ORIGIN).iter();
        let origin = named.next().and_then(|value| value.to_str().ok()).ok_or(Stranger::Origin)?;
        let own = format!("{}://{host}", self.scheme());
        if named.next().is_none() && origin == own { Ok(()) } else { Err(Stranger::Origin) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn hosts() -> Hosts {
        Hosts::new(vec!["127.0.0.2:8101".to_owned()], false)
    }

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(name, HeaderValue::from_static(value));
        }
        map
    }

    /// Fails when a rebinding page's name, a prefix, a missing or a second Host gets through.
    #[test]
    fn only_the_exact_host_is_answered() {
        let uri = Uri::from_static("/");
        assert!(hosts().host(&uri, &headers(&[(header::HOST, "127.0.0.2:8101")])).is_ok());
        for bad in ["127.0.0.2", "127.0.0.2:81010", "evil.example", "127.0.0.2:8101.evil.example", ""] {
            assert!(hosts().host(&uri, &headers(&[(header::HOST, bad)])).is_err(), "{bad}");
        }
        assert!(hosts().host(&uri, &headers(&[])).is_err());
        let twice = headers(&[(header::HOST, "127.0.0.2:8101"), (header::HOST, "127.0.0.2:8101")]);
        assert!(hosts().host(&uri, &twice).is_err());
        let absolute = Uri::from_static("http://evil.example/");
        assert!(hosts().host(&absolute, &headers(&[(header::HOST, "127.0.0.2:8101")])).is_err());
    }

    /// Fails when another site's page may post a form here.
    #[test]
    fn a_form_from_another_origin_is_refused() {
        let own = "127.0.0.2:8101";
        let check = |pairs: &[_]| hosts().origin(&Method::POST, own, &headers(pairs));
        assert!(check(&[(header::ORIGIN, "http://127.0.0.2:8101")]).is_ok());
        for bad in ["http://evil.example", "null", "https://127.0.0.2:8101", "http://127.0.0.2"] {
            assert!(check(&[(header::ORIGIN, bad)]).is_err(), "{bad}");
        }
        assert!(check(&[]).is_err());
        assert!(hosts().origin(&Method::GET, own, &headers(&[])).is_ok());
    }
}
