//! The body of a request, taken whole before any page sees it. One that is too long is read to its end and thrown away:
//! a browser that is still sending would otherwise see a broken line instead of the page that says what is wrong.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;

use super::fault::Fault;
use crate::limit;

/// The request with its body in memory, and that body once more: a page that fails offers the form again.
///
/// # Errors
/// [`Fault::TooLarge`] and [`Fault::SlowBody`]; [`Fault::BadForm`] when the line broke.
pub(crate) async fn taken(request: Request, route: &str) -> Result<(Request, Bytes), Fault> {
    let (mut parts, body) = request.into_parts();
    if !TAKES_FILES.contains(&route) {
        let room = if carries(route) { &SIGN_IN } else { &FORM };
        return match within(room, body).await? {
            Taken::Whole(bytes) => Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes)),
            Taken::Longer(_) => Err(Fault::TooLarge),
        };
    }
    // files are not offered again: the page that takes them says so itself
    let room = if route == COURIER { &PARCELS } else { &FILES };
    match within(room, body).await? {
        Taken::Whole(bytes) => Ok((Request::from_parts(parts, Body::from(bytes)), Bytes::new())),
        Taken::Longer(bytes) => {
            parts.extensions.insert(Oversize(bytes));
            Ok((Request::from_parts(parts, Body::empty()), Bytes::new()))
        }
    }
}

/// Pages that take files, and say themselves what is wrong with a form that is too long.
const TAKES_FILES: [&str; 6] = [
    "/photos/{case}",
    "/p/{token}",
    "/catalogue/import",
    COURIER,
    "/trip/{trip}/photo",
    "/registers/matters/{matter}/photos",
];

/// The page that takes a courier's files.
const COURIER: &str = "/courier/drop-off";

/// Pages that carry a form on which was sent when the session had ended, each name a little longer.
pub(crate) fn carries(route: &str) -> bool {
    route == "/sign-in"
}

/// The body was too long: so many bytes were read of it, and are gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Oversize(pub(crate) usize);

/// What was read.
enum Taken {
    Whole(Bytes),
    Longer(usize),
}

/// How much is taken, how much more is read and thrown away, and for how long.
struct Room {
    keep: usize,
    drain: usize,
    time: Duration,
}

const FORM: Room = Room {
    keep: limit::FORM_BYTES_MAX + limit::TOKEN_BYTES,
    drain: limit::DRAIN_BYTES_MAX,
    time: limit::BODY_TIME_MAX,
};
const SIGN_IN: Room =
    Room { keep: limit::SIGN_IN_BYTES_MAX, drain: limit::DRAIN_BYTES_MAX, time: limit::BODY_TIME_MAX };
const FILES: Room =
    Room { keep: limit::FILES_BYTES_MAX, drain: limit::FILES_DRAIN_MAX, time: limit::FILES_TIME_MAX };

const PARCELS: Room =
    Room { keep: limit::PARCELS_BYTES_MAX, drain: limit::FILES_DRAIN_MAX, time: limit::FILES_TIME_MAX };

async fn within(room: &Room, mut body: Body) -> Result<Taken, Fault> {
    if body.is_end_stream() {
        return Ok(Taken::Whole(Bytes::new()));
    }
    let read = tokio::time::timeout(room.time, read(room, &mut body)).await;
    read.map_err(|_late| Fault::SlowBody)?
}

async fn read(room: &Room, body: &mut Body) -> Result<Taken, Fault> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let frame = frame.map_err(|_broken| Fault::BadForm)?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > room.drain {
            break;
        }
        if seen <= room.keep {
            kept.extend_from_slice(data);
        } else {
            kept = Vec::new();
        }
    }
    Ok(if seen > room.keep { Taken::Longer(seen) } else { Taken::Whole(Bytes::from(kept)) })
}
