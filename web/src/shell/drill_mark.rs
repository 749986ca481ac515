//! Puts 演练 over every page of a practice box, papers and faults included, in the one place that every page passes: a page
//! cannot forget it.

use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;

use super::fault::Fault;
use crate::assets;

/// Bytes of a page: four times the largest list.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The page with the mark; what is no page goes as it is.
///
/// # Errors
/// [`Fault::Defect`] when the page has no head or body to put it in: it is then not shown at all.
pub(crate) async fn mark(response: Response, real: &str) -> Result<Response, Fault> {
    let media = response.headers().get(header::CONTENT_TYPE);
    if !media.and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with("text/html")) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes =
        to_bytes(body, PAGE_BYTES_MAX).await.map_err(|_fault| Fault::Defect("a page was not read"))?;
    let marked = marked(&String::from_utf8_lossy(&bytes), real).ok_or(Fault::Defect("a page has no body"))?;
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(marked)))
}

fn marked(page: &str, real: &str) -> Option<String> {
    let (head, rest) = page.split_once("</head>")?;
    let begin = rest.find("<body")?;
    let end = begin + rest.get(begin..)?.find('>')? + 1;
    let (body, inside) = rest.split_at_checked(end)?;
    let style = assets::url("drill.css");
    Some(format!(
        "{head}<link rel=\"stylesheet\" href=\"{style}\">\n</head>{body}\n\
         <aside class=\"drill\" aria-label=\"演练\"><p><b>演练</b> 这里办的都不算数：编号是 9999 开头的演练编号，不上报，不出这台盒子。</p>\
         <a href=\"{real}\">回真的工作台</a><a href=\"{real}drill\">结束演练</a></aside>\n\
         <svg class=\"drill-words\" aria-hidden=\"true\"><defs><pattern id=\"drill-words\" width=\"300\" height=\"190\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-24)\"><text x=\"30\" y=\"100\">演练 无效</text></pattern></defs>\
         <rect width=\"100%\" height=\"100%\" fill=\"url(#drill-words)\"/></svg>\n\
         <p class=\"drill-print\" aria-hidden=\"true\">演练 无效</p>\n{inside}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when a page could lose a part of itself to the mark, or be shown without it.
    #[test]
    fn a_page_carries_the_mark_or_is_not_shown() {
        let page = "<html><head><title>x</title></head>\n<body class=\"paper\">\n<p>写的</p></body></html>";
        let told = marked(page, "http://127.0.0.1:1/").unwrap();
        assert!(
            told.contains("drill.css") && told.contains("演练") && told.contains("http://127.0.0.1:1/drill")
        );
        assert!(
            told.contains("<body class=\"paper\">\n<aside class=\"drill\"")
                && told.ends_with("<p>写的</p></body></html>")
        );
        assert_eq!(marked("<p>no page</p>", "/"), None);
    }
}
