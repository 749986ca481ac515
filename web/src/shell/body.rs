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
pub(crate) async fn taken(request: Request) -> Result<(Request, Bytes), Fault> {
    let (parts, body) = request.into_parts();
    let bytes = within(limit::BODY_TIME_MAX, body).await?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

async fn within(time: Duration, mut body: Body) -> Result<Bytes, Fault> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let read = tokio::time::timeout(time, read(&mut body)).await;
    read.map_err(|_late| Fault::SlowBody)?
}

async fn read(body: &mut Body) -> Result<Bytes, Fault> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let frame = frame.map_err(|_broken| Fault::BadForm)?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > limit::DRAIN_BYTES_MAX {
            break;
        }
        if seen <= limit::FORM_BYTES_MAX {
            kept.extend_from_slice(data);
        } else {
            kept = Vec::new();
        }
    }
    if seen > limit::FORM_BYTES_MAX { Err(Fault::TooLarge) } else { Ok(Bytes::from(kept)) }
}
