//! Files that leave the box through the browser: several in one zip, under a name in Chinese.

use std::io::{Cursor, Write as _};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::shell::fault::Fault;

/// A file on its way into a zip. Hides its bytes from `Debug`.
pub(crate) struct PackedFile {
    /// Its path in the zip.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

impl std::fmt::Debug for PackedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackedFile({} bytes)", self.bytes.len())
    }
}

/// Puts files into one zip. Photos are stored as they are: they are packed already. Files carry no time of the machine.
pub(crate) fn zip(files: &[PackedFile]) -> Result<Vec<u8>, Fault> {
    let fault = |_fault| Fault::Defect("a zip was not written");
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        zip.start_file(file.name.as_str(), options).map_err(fault)?;
        zip.write_all(&file.bytes).map_err(|_fault| Fault::Defect("a zip was not written"))?;
    }
    Ok(zip.finish().map_err(fault)?.into_inner())
}

/// A file to be kept by the browser. `name` is in Chinese; old programs see `plain`.
pub(crate) fn download(bytes: Vec<u8>, media: &'static str, plain: &str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let line = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent(name));
    if let Ok(value) = HeaderValue::from_str(&line) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// As RFC 5987 writes a name.
fn percent(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
