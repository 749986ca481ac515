//! Every limit of the pages, with its reason.

use std::time::Duration;

/// Bytes of a posted form. The longest honest form (a household of ten with its application form) is under 12 KB;
/// what is kept over a lost session is sent back once, so the bound also bounds that page.
pub const FORM_BYTES_MAX: usize = 64 * 1024;

/// Bytes of an oversized body that are read and thrown away, so that the browser reads the answer: a photo put into the
/// wrong form. Beyond it the line is closed.
pub const DRAIN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of a form with files: a dozen photos that a phone or a scanner made small, without a script.
pub const FILES_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Bytes of an oversized form with files that are read and thrown away: a handful of a phone's 10 MB photos, so that the
/// clerk is told what to do instead of seeing a broken line.
pub const FILES_DRAIN_MAX: usize = 64 * 1024 * 1024;

/// How long such a form may take: 10 MB over a village's Wi-Fi.
pub const FILES_TIME_MAX: Duration = Duration::from_secs(90);

/// Parts of a form with files: a dozen files and a few fields.
pub const UPLOAD_PARTS_MAX: usize = 40;

/// How long the leave to look at a photo lasts, in milliseconds: the page that was just answered asks for it at once.
pub const GRANT_MS: u64 = 60_000;

/// Such leaves at once; the clerks of a box look at one photo each.
pub const GRANTS_MAX: usize = 256;

/// Fields of a posted form: an application form has some 60, a household of ten adds 50.
pub const FORM_FIELDS_MAX: usize = 400;

/// How long a body may dribble in: an old PC on the station's Wi-Fi sends 64 KB in well under a second.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(20);

/// How long one page may take before the browser is told to try again: the slowest act (argon2id on a small box
/// behind three others) stays under five seconds.
pub const PAGE_TIME_MAX: Duration = Duration::from_secs(30);

/// Characters of a search: longer than the longest item name.
pub const QUERY_CHARS_MAX: usize = 60;

/// Characters of a page cursor in a URL; ours have 32.
pub const CURSOR_CHARS_MAX: usize = 64;

/// Rows of one list page: a clerk scans about one screen and a half; more is one click away.
pub const ROWS_PER_PAGE: usize = 50;

/// Seconds a browser may keep an asset: its URL holds the hash of its bytes, so it never changes.
pub const ASSET_AGE_SECONDS: u32 = 31_536_000;

/// Characters of a password field: as many bytes as the box hashes.
pub const PASSWORD_CHARS_MAX: usize = 256;
