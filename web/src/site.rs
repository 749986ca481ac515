//! What one web face holds: the node it serves, the addresses it answers to, its counters.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use app::Node;
use axum::http::{HeaderMap, header};

use crate::catalogue::import::jobs::Jobs;
use crate::drill::Drill;
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
    imports: Jobs,
    grants: Grants,
    demo: bool,
    /// Where one practises; none on boxes that were put together without.
    drills: OnceLock<Arc<dyn Drill>>,
    /// Of a practice box's face: the box beside which one practises.
    real: Option<Real>,
}

/// The box beside which one practises: its staff sign in there, and its pages are one press away.
struct Real {
    node: Node,
    /// With its scheme and the last slash.
    home: String,
}

impl Site {
    /// A face of `node` that answers to `hosts`. Draws a secret of its own, which keys the tokens of the
    /// sign-in forms and the request ids, so both end with the process.
    #[must_use]
    pub fn new(node: Node, hosts: Hosts) -> Self {
        Self::made(node, hosts, false, None)
    }

    /// A face of a demo's box: with the page that cuts and restores its links, which no real box has.
    #[must_use]
    pub fn for_demo(node: Node, hosts: Hosts) -> Self {
        Self::made(node, hosts, true, None)
    }

    /// The face of a practice box. Whoever is signed in at the `real` box, whose pages are at `home` on the same host, is
    /// signed in here; nobody has an account here.
    #[must_use]
    pub fn for_drill(node: Node, hosts: Hosts, real: Node, home: String) -> Self {
        Self::made(node, hosts, false, Some(Real { node: real, home }))
    }

    /// Hands in where one practises. A second one is ignored: a box has one.
    pub fn attach_drills(&self, drills: Arc<dyn Drill>) {
        let _ = self.inner.drills.set(drills);
    }

    fn made(node: Node, hosts: Hosts, demo: bool, real: Option<Real>) -> Self {
        let secret = app::ports::random(&*node.ports().random);
        let (requests, metrics) = (AtomicU64::new(0), Metrics::default());
        let inner = Inner {
            node,
            hosts,
            secret,
            requests,
            metrics,
            imports: Jobs::default(),
            grants: Grants::default(),
            demo,
            drills: OnceLock::new(),
            real,
        };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn progress_home(&self) -> String {
        self.hosts().progress()
    }

    /// Where one practises.
    pub(crate) fn drills(&self) -> Option<Arc<dyn Drill>> {
        self.inner.drills.get().cloned()
    }

    /// Of a practice box: where the real one's pages are.
    pub(crate) fn real_home(&self) -> Option<&str> {
        self.inner.real.as_ref().map(|real| real.home.as_str())
    }

    /// The box that knows the staff, their passwords and their sessions.
    pub(crate) fn staff_node(&self) -> &Node {
        self.inner.real.as_ref().map_or(&self.inner.node, |real| &real.node)
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
        Self::run(self.inner.node.clone(), job).await
    }

    /// [`Site::ask`] of the box that knows the staff.
    ///
    /// # Errors
    /// As [`Site::ask`].
    pub(crate) async fn ask_staff<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        Self::run(self.staff_node().clone(), job).await
    }

    async fn run<T: Send + 'static>(
        node: Node,
        job: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || span.in_scope(|| job(&node)));
        task.await.map_err(|_panicked| Fault::Defect("a use case panicked"))
    }

    /// The addresses this face answers to.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.inner.hosts
    }

    /// Imports of the catalogue under way.
    pub(crate) fn imports(&self) -> &Jobs {
        &self.inner.imports
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
