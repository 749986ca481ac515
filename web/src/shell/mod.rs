//! What stands between the wire and a page: who may talk to this box, from which page, how much, and what a person is
//! told when it goes wrong. No page knows any of it.

pub(crate) mod body;
pub(crate) mod drill_mark;
#[cfg(test)]
mod every_route;
pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod grants;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod metrics;
pub(crate) mod path;
pub(crate) mod session;
#[cfg(test)]
mod tests;
pub(crate) mod upload;
pub(crate) mod watch;
