//! The headers every answer carries.

use axum::http::{HeaderMap, HeaderValue, header};

/// Nothing from anywhere but this box, no inline script or style, no frame, no form to elsewhere. A photo that is being
/// reduced on the page is a `blob:` of that page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// [`POLICY`] of the one page that can be put on a tablet's home screen: with its own manifest and its own worker.
pub(crate) const INSTALLABLE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
                                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'";

/// Puts the headers on an answer. Pages are never kept by the browser (a station PC is shared); assets say so
/// themselves. The referrer policy is `same-origin`, not `no-referrer`: with the latter Chromium sends `Origin: null`
/// with our own forms, and the Origin check would refuse them. No other host ever learns an address either way.
pub(crate) fn set(headers: &mut HeaderMap) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", HeaderValue::from_static("geolocation=(), microphone=()"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
