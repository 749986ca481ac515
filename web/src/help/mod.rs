//! 求助, 远程辅助: open threads, one thread, and what is said in it. The page works without scripts; a small one looks for new
//! lines while it is open.

mod act;
mod fields;
mod list;
mod telling;
#[cfg(test)]
mod tests;
mod thread;

use app::Node;
use axum::Router;
use axum::routing::get;
use model::case::help::Waits;

use crate::Site;
pub(crate) use list::Threads;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/help", get(list::get))
        .route("/help/{case}", get(thread::get).post(act::act))
        .route("/help/{case}/lines", get(thread::lines))
}

/// Which side this box is on.
fn side(node: &Node) -> Waits {
    if node.is_centre() { Waits::Centre } else { Waits::Village }
}

/// What the way to a thread is called, from a draft or a case.
pub(crate) fn word(waits: Option<Waits>, at_centre: bool) -> &'static str {
    match (waits, at_centre) {
        (None, false) => "求助镇中心",
        (None, true) => "问村站",
        (Some(Waits::Centre), true) => "村站求助，等您回话",
        (Some(Waits::Village), true) => "等村站回话",
        (Some(Waits::Village), false) => "镇中心回话了",
        (Some(Waits::Centre), false) => "等镇中心回话",
    }
}
