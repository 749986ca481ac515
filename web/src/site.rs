//! What one web face holds: the node it serves, the addresses it answers to, its counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::Node;
use axum::http::{HeaderMap, header};

use crate::shell::fault::Fault;
use crate::shell::grants::Grants;
use crate::shell::host::Hosts;
use crate::shell::metrics::Metrics;

/// A web face of one box. Cloning gives another handle to the same face.
#[derive(Clone)]
pub struct Site {
    inner: Arc<Inner>,
}

struct Inner {
    node: Node,
    hosts: Hosts,
    secret: [u8; 32],
    requests: AtomicU64,
    metrics: Metrics,
    grants: Grants,
    demo: bool,
}

impl Site {
    /// A face of `node` that answers to `hosts`. Draws a secret of its own, which keys the tokens of the
    /// sign-in forms and the request ids, so both end with the process.
    #[must_use]
    pub fn new(node: Node, hosts: Hosts) -> Self {
        Self::made(node, hosts, false)
    }

    /// A face of a demo's box: with the page that cuts and restores its links, which no real box has.
    #[must_use]
    pub fn for_demo(node: Node, hosts: Hosts) -> Self {
        Self::made(node, hosts, true)
    }

    fn made(node: Node, hosts: Hosts, demo: bool) -> Self {
        let secret = app::ports::random(&*node.ports().random);
        let (requests, metrics) = (AtomicU64::new(0), Metrics::default());
        let inner = Inner { node, hosts, secret, requests, metrics, grants: Grants::default(), demo };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn progress_home(&self) -> String {
        self.hosts().progress()
    }

    /// Whether the links can be cut from a page.
    pub(crate) fn is_demo(&self) -> bool {
        self.inner.demo
    }

    /// The box behind this face.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.inner.node
    }

    /// Runs a use case or a query, which may block on the disk, away from the tasks that serve pages.
    ///
    /// # Errors
    /// [`Fault::Defect`] when it panicked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let node = self.inner.node.clone();
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || span.in_scope(|| job(&node)));
        task.await.map_err(|_panicked| Fault::Defect("a use case panicked"))
    }

    /// The addresses this face answers to.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.inner.hosts
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.inner.grants
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// A request id: short enough to read over the phone, different over restarts.
    pub(crate) fn next_request_id(&self) -> String {
        let number = self.inner.requests.fetch_add(1, Ordering::Relaxed);
        let hash = canon::hash("web request id", |out| {
            out.fixed(&self.inner.secret).u64(number);
        });
        data_encoding::HEXLOWER.encode(hash.get(..5).unwrap_or_default())
    }

    /// The random number of one form: sending it twice is one act.
    pub(crate) fn fresh_form(&self) -> String {
        let number: [u8; 16] = app::ports::random(&*self.node().ports().random);
        data_encoding::HEXLOWER.encode(&number)
    }

    /// The token that forms made for this session carry. Made of the session's secret alone, so a page that is open
    /// while the power blinks goes on saving; a hash, so it tells nothing of the session.
    pub(crate) fn csrf(session: &str) -> String {
        let hash = canon::hash("web form token", |out| {
            out.str(session);
        });
        data_encoding::HEXLOWER.encode(hash.get(..16).unwrap_or_default())
    }

    /// The token of the forms made before there is a session. Ends with the process.
    pub(crate) fn visit_csrf(&self) -> String {
        let hash = canon::hash("web visit token", |out| {
            out.fixed(&self.inner.secret);
        });
        data_encoding::HEXLOWER.encode(hash.get(..16).unwrap_or_default())
    }

    /// The name of the session cookie: `__Host-` where the browser takes it (HTTPS), a plain name on loopback HTTP.
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.hosts().secure() { "__Host-bianmin" } else { "bianmin" }
    }

    /// The session token a request carries.
    pub(crate) fn session_token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let wanted = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        found.find(|(name, value)| *name == wanted && !value.is_empty()).map(|(_, value)| value)
    }

    /// What the log calls a session: a short hash of its token, or `-`.
    pub(crate) fn session_mark(&self, headers: &HeaderMap) -> String {
        let Some(token) = self.session_token(headers) else { return "-".to_owned() };
        let hash = canon::hash("web session mark", |out| {
            out.fixed(&self.inner.secret).str(token);
        });
        data_encoding::HEXLOWER.encode(hash.get(..4).unwrap_or_default())
    }
}
