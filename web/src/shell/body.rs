//! The body of a request, taken whole before any page sees it. One that is too long is read to its end and thrown away:
//! a browser that is still sending would otherwise see a broken line instead of the page that says what is wrong.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;

use super::fault::Fault;
use crate::limit;

/// Where a file comes in, which may be larger than a form.
const UPLOAD: &str = "/catalogue/import";

/// The request with its body in memory.
///
/// # Errors
/// [`Fault::TooLarge`] and [`Fault::SlowBody`]; [`Fault::BadForm`] when the line broke.
pub(crate) async fn taken(request: Request) -> Result<Request, Fault> {
    let (parts, body) = request.into_parts();
    let files = parts.uri.path() == UPLOAD;
    let max = if files { limit::UPLOAD_BYTES_MAX } else { limit::FORM_BYTES_MAX };
    let read = within(limit::BODY_TIME_MAX, body, max).await;
    let bytes = read.map_err(|fault| if files { fault.of_file() } else { fault })?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

async fn within(time: Duration, mut body: Body, max: usize) -> Result<Bytes, Fault> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let read = tokio::time::timeout(time, read(&mut body, max)).await;
    read.map_err(|_late| Fault::SlowBody)?
}

async fn read(body: &mut Body, max: usize) -> Result<Bytes, Fault> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let frame = frame.map_err(|_broken| Fault::BadForm)?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > limit::DRAIN_BYTES_MAX {
            break;
        }
        if seen <= max {
            kept.extend_from_slice(data);
        } else {
            kept = Vec::new();
        }
    }
    if seen > max { Err(Fault::TooLarge) } else { Ok(Bytes::from(kept)) }
}
