//! The person at the page. Every use case takes one; none is anonymous.

/// A member of staff with an open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Staff id, `s1` …: what events and audit rows name.
    pub staff: String,
    /// Name as printed on papers.
    pub name: String,
    /// Post, such as 综合窗口.
    pub post: String,
    /// The session's short name for logs: a prefix of its hash, tells nothing.
    pub session: String,
}
