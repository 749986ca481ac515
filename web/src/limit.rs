//! Every limit of the pages, with its reason.

use std::time::Duration;

/// Bytes of a posted form. The longest honest form (a household of ten with its application form) is under 12 KB;
/// what is kept over a lost session is sent back once, so the bound also bounds that page.
pub const FORM_BYTES_MAX: usize = 64 * 1024;

/// Bytes of a page's own token in its form. A form made by a script may come without one, and has it when it is sent again.
pub const TOKEN_BYTES: usize = 256;

/// Bytes that a name grows by while a form waits for a sign-in ([`crate::sign_in`]).
pub const CARRIED_NAME_BYTES: usize = "typed.".len();

/// Fields of the sign-in itself, around a form that waits for it.
pub const SIGN_IN_FIELDS: usize = 8;

/// Bytes of the sign-in with the longest form that waits for it: what was typed when a session ended comes through.
pub const SIGN_IN_BYTES_MAX: usize =
    FORM_BYTES_MAX + TOKEN_BYTES + FORM_FIELDS_MAX * CARRIED_NAME_BYTES + 4 * 1024;

/// Bytes of an oversized body that are read and thrown away, so that the browser reads the answer: a photo put into the
/// wrong form. Beyond it the line is closed.
pub const DRAIN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of a form with files: a workbook of the catalogue, or a dozen photos that a phone or a scanner made small without
/// a script, with what a browser puts around them.
pub const FILES_BYTES_MAX: usize = sheets::limit::FILE_BYTES + 16 * 1024;

/// Bytes of a form with a courier's files: one as large as a box writes, and what a browser puts around it.
pub const PARCELS_BYTES_MAX: usize = app::limit::COURIER_FILE + 16 * 1024;

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

/// Items of one page of 事项管理: a township of 100 items has one page; five hundred have five, each under 60 KB.
pub const ITEMS_PER_PAGE: usize = 120;

/// Changes listed on the page that publishes; the comparison has them all.
pub const CHANGES_SHOWN: usize = 30;

/// Seconds a browser may keep an asset: its URL holds the hash of its bytes, so it never changes.
pub const ASSET_AGE_SECONDS: u32 = 31_536_000;

/// Characters of a password field: as many bytes as the box hashes.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// Characters of a file's name that are shown.
pub const FILE_NAME_CHARS: usize = 80;

/// Imports kept in memory: each holds its items, some 10 MB at most; two people import at once.
pub const IMPORTS_KEPT: usize = 3;

/// How long an import may write before its page says how far it is instead of waiting.
pub const LANDING_SOON: Duration = Duration::from_millis(700);

/// Errors of a workbook on its page; all of them stand in the workbook that is given back.
pub const ERRORS_SHOWN: usize = 100;

/// Findings and items of an import that are listed.
pub const FINDINGS_SHOWN: usize = 60;
