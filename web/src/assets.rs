//! Style sheets, scripts and the icon, inside the binary. Each has one URL that holds the hash of its bytes, so a
//! browser may keep it for a year and an upgraded box is never shown with yesterday's look.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::limit;
use crate::shell::fault::Fault;
use crate::shell::path::Part;

macro_rules! own {
    ($path:literal) => {
        include_str!(concat!("../", $path))
    };
}

/// The staff pages' style: tokens, ground, components, page layouts, then the narrow layout that overrides them.
const DESK_CSS: &str = concat!(
    own!("assets/tokens.css"),
    own!("assets/ground.css"),
    own!("components/top-bar/top-bar.css"),
    own!("components/today/today.css"),
    own!("components/keys-bar/keys-bar.css"),
    own!("components/button/button.css"),
    own!("components/field/field.css"),
    own!("components/segments/segments.css"),
    own!("components/error-summary/error-summary.css"),
    own!("components/status-light/status-light.css"),
    own!("components/truth-mark/truth-mark.css"),
    own!("components/panel/panel.css"),
    own!("components/table/table.css"),
    own!("components/tag/tag.css"),
    own!("components/facts/facts.css"),
    own!("components/rows/rows.css"),
    own!("components/route/route.css"),
    own!("components/timeline/timeline.css"),
    own!("components/stepper/stepper.css"),
    own!("components/banner/banner.css"),
    own!("components/empty/empty.css"),
    own!("assets/pages/workbench.css"),
    own!("assets/pages/intake.css"),
    own!("assets/pages/case.css"),
    own!("assets/pages/queue.css"),
    own!("assets/pages/plain.css"),
    own!("assets/pages/found.css"),
    own!("assets/narrow.css"),
    own!("assets/print.css"),
);

/// The resident's pages: large type, thumb-sized targets, no desk.
const PHONE_CSS: &str = concat!(
    own!("assets/tokens.css"),
    own!("assets/ground.css"),
    own!("components/button/button.css"),
    own!("components/field/field.css"),
    own!("components/error-summary/error-summary.css"),
    own!("components/status-light/status-light.css"),
    own!("components/truth-mark/truth-mark.css"),
    own!("components/timeline/timeline.css"),
    own!("components/banner/banner.css"),
    own!("assets/pages/phone.css"),
);

/// The page that a tablet takes along.
const TRIP_CSS: &str = concat!(
    own!("assets/tokens.css"),
    own!("assets/ground.css"),
    own!("components/button/button.css"),
    own!("components/field/field.css"),
    own!("components/segments/segments.css"),
    own!("components/panel/panel.css"),
    own!("components/banner/banner.css"),
    own!("components/facts/facts.css"),
    own!("components/rows/rows.css"),
    own!("assets/pages/photos.css"),
    own!("assets/pages/trip.css"),
);

/// Printed papers, A5 and A4.
const PAPER_CSS: &str = concat!(
    own!("assets/tokens.css"),
    own!("assets/ground.css"),
    own!("components/button/button.css"),
    own!("components/paper/paper.css"),
);

/// Name, media type, content.
const ALL: &[(&str, &str, &str)] = &[
    ("desk.css", "text/css; charset=utf-8", DESK_CSS),
    ("clash.css", "text/css; charset=utf-8", own!("assets/pages/clash.css")),
    ("copy.css", "text/css; charset=utf-8", own!("assets/pages/copy.css")),
    ("help.css", "text/css; charset=utf-8", own!("assets/pages/help.css")),
    ("drill.css", "text/css; charset=utf-8", own!("assets/drill.css")),
    ("due.css", "text/css; charset=utf-8", own!("assets/pages/due.css")),
    ("photos.css", "text/css; charset=utf-8", own!("assets/pages/photos.css")),
    ("catalogue.css", "text/css; charset=utf-8", own!("assets/pages/catalogue.css")),
    ("phone.css", "text/css; charset=utf-8", PHONE_CSS),
    ("trip.css", "text/css; charset=utf-8", TRIP_CSS),
    ("paper.css", "text/css; charset=utf-8", PAPER_CSS),
    ("desk.js", "text/javascript; charset=utf-8", own!("assets/scripts/desk.js")),
    ("intake.js", "text/javascript; charset=utf-8", own!("assets/scripts/intake.js")),
    ("photos.js", "text/javascript; charset=utf-8", own!("assets/scripts/photos.js")),
    ("copy.js", "text/javascript; charset=utf-8", own!("assets/scripts/copy.js")),
    ("camera.js", "text/javascript; charset=utf-8", own!("assets/scripts/camera.js")),
    ("help.js", "text/javascript; charset=utf-8", own!("assets/scripts/help.js")),
    ("reader.js", "text/javascript; charset=utf-8", own!("assets/scripts/reader.js")),
    ("trip.js", "text/javascript; charset=utf-8", own!("assets/scripts/trip.js")),
    ("trip-vault.js", "text/javascript; charset=utf-8", own!("assets/scripts/trip-vault.js")),
    ("trip-form.js", "text/javascript; charset=utf-8", own!("assets/scripts/trip-form.js")),
    ("trip-send.js", "text/javascript; charset=utf-8", own!("assets/scripts/trip-send.js")),
    ("catalogue.js", "text/javascript; charset=utf-8", own!("assets/scripts/catalogue.js")),
    ("import.js", "text/javascript; charset=utf-8", own!("assets/scripts/import.js")),
    ("resident.js", "text/javascript; charset=utf-8", own!("assets/scripts/resident.js")),
    ("paper.js", "text/javascript; charset=utf-8", own!("assets/scripts/paper.js")),
    ("icon.svg", "image/svg+xml", own!("assets/icon.svg")),
];

struct Asset {
    name: &'static str,
    url: String,
    media: &'static str,
    body: String,
    /// The body as gzip; empty where that failed, and then the plain one is sent.
    packed: Vec<u8>,
}

/// Packed once per start: a third of the bytes on a slow line. They hold nothing secret, so their length tells nothing;
/// pages, which hold tokens and what was typed, are never packed.
fn pack(body: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(body.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default()
}

/// A style sheet without its comments and spaces: an eighth less to send, and the sources stay readable. Our sheets
/// hold no strings with spaces, and none is taken before a colon (`.top :focus-visible`) or around `+` and `-`.
fn squeeze(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let words: Vec<&str> = out.split_whitespace().collect();
    let mut out = words.join(" ");
    for (wide, narrow) in [
        (" {", "{"),
        ("{ ", "{"),
        ("} ", "}"),
        (" }", "}"),
        ("; ", ";"),
        (": ", ":"),
        (", ", ","),
        (";}", "}"),
        (" > ", ">"),
    ] {
        out = out.replace(wide, narrow);
    }
    out
}

/// A script without its indents and whole-line comments. Lines stay lines, so no statement runs into the next; our
/// scripts hold no text of several lines.
fn thin(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn all() -> &'static [Asset] {
    static ASSETS: OnceLock<Vec<Asset>> = OnceLock::new();
    ASSETS.get_or_init(|| {
        ALL.iter()
            .map(|&(name, media, body)| {
                let body = match name.rsplit_once('.') {
                    Some((_, "css")) => squeeze(body),
                    Some((_, "js")) => thin(body),
                    _ => body.to_owned(),
                };
                let hash = canon::sha256(body.as_bytes());
                let short = data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or_default());
                Asset { name, url: format!("/assets/{short}/{name}"), media, packed: pack(&body), body }
            })
            .collect()
    })
}

/// The URL of an asset by its name; an unknown name gives a URL that is not found (a test names them all).
#[must_use]
pub fn url(name: &str) -> &'static str {
    all().iter().find(|asset| asset.name == name).map_or("/assets/none", |asset| asset.url.as_str())
}

/// Bytes of what a staff page brings along at a first visit.
#[cfg(test)]
pub(crate) fn weight() -> usize {
    let brought = all().iter().filter(|asset| {
        ["desk.css", "photos.css", "desk.js", "intake.js", "photos.js", "reader.js"].contains(&asset.name)
    });
    brought.map(|asset| asset.packed.len()).sum()
}

/// `GET /assets/{hash}/{name}`: only the exact hash is served, so a stale page never gets a mixed look.
pub(crate) async fn get(
    Part((hash, name)): Part<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Fault> {
    let wanted = format!("/assets/{hash}/{name}");
    let asset = all().iter().find(|asset| asset.url == wanted).ok_or(Fault::NotFound)?;
    let takes = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let packed = takes.flat_map(|line| line.split(',')).any(|one| one.trim() == "gzip");
    let mut response = if packed && !asset.packed.is_empty() {
        let mut response = asset.packed.as_slice().into_response();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        asset.body.as_str().into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    let kept = format!("public, max-age={}, immutable", limit::ASSET_AGE_SECONDS);
    if let Ok(value) = HeaderValue::from_str(&kept) {
        headers.insert(header::CACHE_CONTROL, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when a template names an asset that is not in the binary.
    #[test]
    fn every_asset_has_a_url_of_its_own() {
        for (name, _, _) in ALL {
            assert!(url(name).ends_with(name), "{name}");
        }
        assert_eq!(url("nothing.css"), "/assets/none");
    }

    /// Fails when a browser that takes packed sheets gets another text than one that does not, or none.
    #[tokio::test]
    async fn a_packed_sheet_is_the_same_sheet() {
        for asset in all() {
            let (_, path) = asset.url.split_once("/assets/").unwrap();
            let (hash, name) = path.split_once('/').unwrap();
            let part = || Part((hash.to_owned(), name.to_owned()));
            let takes =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"))]);
            let packed = get(part(), takes).await.unwrap();
            assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
            let packed = axum::body::to_bytes(packed.into_body(), usize::MAX).await.unwrap();
            let unpacked = std::io::read_to_string(flate2::read::GzDecoder::new(&packed[..])).unwrap();
            let plain = get(part(), HeaderMap::new()).await.unwrap();
            assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
            let plain = axum::body::to_bytes(plain.into_body(), usize::MAX).await.unwrap();
            assert!(plain == unpacked && packed.len() < plain.len(), "{}", asset.name);
        }
    }

    /// Fails when a style sheet or script asks another host for anything.
    #[test]
    fn no_asset_names_an_outside_host() {
        for (name, _, body) in ALL {
            let body = body.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !body.contains("http://") && !body.contains("https://") && !body.contains("//cdn"),
                "{name}"
            );
            assert!(!body.contains("@import"), "{name}");
        }
    }

    /// Fails when the shared look grows past what a page may weigh beside its own text.
    #[test]
    fn the_look_stays_light() {
        assert!(DESK_CSS.len() < 36 * 1024, "{}", DESK_CSS.len());
        assert!(PHONE_CSS.len() < 16 * 1024, "{}", PHONE_CSS.len());
    }
}
