//! Every limit of the use cases, with its reason.

/// Bytes of a photo as it is kept: what the page reduces it to, an A4 paper still legible at a long edge of 1,600 pixels.
pub const PHOTO_BYTES: usize = 300 * 1024;
/// Bytes of its thumbnail: 160 pixels take some 6 KB.
pub const THUMB_BYTES: usize = 24 * 1024;
/// Pixels of a thumbnail's side: the number on a card is not legible in it, so it may be shown without a reason.
pub const THUMB_SIDE: u32 = 200;
/// Pixels of an image's side: a phone's photo has some 4,000.
pub const PICTURE_SIDE: u32 = 4_096;
/// Pixels of an image: 12 million take 48 MB to draw, which an old PC bears.
pub const PICTURE_PIXELS: u64 = 12_600_000;
/// Bytes of photos of one case, sealed: its 60 photos at their largest, and their thumbnails.
pub const CASE_PHOTO_BYTES: u64 = 20 * 1024 * 1024;
/// Bytes of photos on one box: two years of a busy station's (10,000 cases a year, three photos each), a quarter of a 64 GB card.
pub const BOX_PHOTO_BYTES: u64 = 16 * 1024 * 1024 * 1024;
/// Bytes of photos taken from one peer: all that a station may hold itself.
pub const PEER_PHOTO_BYTES: u64 = BOX_PHOTO_BYTES;
/// Photos are refused while the disk has less room than this for anything, in bytes: records, which are small, go on
/// for years in it.
pub const ROOM_FOR_RECORDS: u64 = 512 * 1024 * 1024;
/// How long a phone may add photos to a draft, in milliseconds: half an hour at the counter.
pub const PHONE_MS: u64 = 30 * 60 * 1000;
/// Drafts that phones may add to at once: a station has a handful of windows.
pub const PHONES_MAX: usize = 64;
/// Wrong sign-ins from one source before the next one has to wait. A clerk mistypes twice; a guesser does it for hours.
pub const SIGN_IN_FREE_TRIES: u32 = 5;
/// How long one more wrong sign-in makes that source wait, in milliseconds. Waiting is per source, so a guesser never
/// locks the real clerk out.
pub const SIGN_IN_WAIT_MS: u64 = 10_000;
/// Sources remembered for throttling; the oldest goes first.
pub const SOURCES_MAX: usize = 1_024;
/// Shortest password. Length is what counts; no rule about kinds of characters.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Shortest password of digits alone: one digit more than a phone number, four more than a birthday.
pub const PASSWORD_DIGITS_MIN: usize = 12;
/// Longest password: argon2 hashes any length, but a page must not send a megabyte.
pub const PASSWORD_MAX_BYTES: usize = 256;
/// Argon2id memory in KiB, passes and lanes (OWASP's second choice, which a box of 2 GB bears one at a time).
pub const ARGON2: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Digits of a one-time code that is made at the page: one in a hundred million per try, and tries are slowed.
pub const CODE_DIGITS: usize = 8;
/// Accounts on one box: a wrong sign-in by code costs one argon2 for each that waits for its first.
pub const STAFF_MAX: usize = 30;
/// Characters of a name or a post of staff.
pub const STAFF_TEXT_CHARS: usize = 20;
/// Sessions kept at once: a station has at most a dozen people; the oldest goes first.
pub const SESSIONS_MAX: usize = 64;
/// Guesses of number and query code before waiting, per source and per number.
pub const QUERY_FREE_TRIES: u32 = 5;
/// How long one more wrong guess makes wait, in milliseconds.
pub const QUERY_WAIT_MS: u64 = 30_000;
/// Entries of one writer that may wait on a box, parked or held. A busy station writes some ten thousand a year, so a
/// box that is restored and gets its township back in any order stays below; and what waits is walked at each admission.
pub const WAITING_ENTRIES: u64 = 16_384;
/// Bytes of them: two years of all that a station writes. Thirty members that send nothing but junk fill half a
/// gigabyte, which every box has.
pub const WAITING_BYTES: u64 = 16 * 1024 * 1024;
/// Documents kept loaded for the next act on them: what the clerks of a busy centre have open. Each takes some 40 KB.
pub const LOADED_MAX: usize = 256;
/// Bytes of them as saved; loaded they take some five times as much, so 20 MB at most.
pub const LOADED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of an item's draft as saved after which it goes on in a fresh document: it is saved every few seconds of typing and
/// keeps every save, up to 16 KB each, while a document may hold 896 KB.
pub const ITEM_DRAFT_BYTES: usize = 192 * 1024;
/// Cases on one hand-over list: two A4 pages, and the addresses of so many fit in a request line.
pub const SHEET_CASES: usize = 40;
/// Bytes of a courier's file.
pub const COURIER_FILE: usize = sync::limit::COURIER_FILE;
/// Items that a tablet takes along: what a village's homes ask for, in half a megabyte.
pub const TRIP_ITEMS_MAX: usize = 40;
/// Trips that are out at once: a station has one tablet, a centre a handful; more were forgotten.
pub const TRIPS_OUT_MAX: usize = 32;
/// Drafts from trips that are looked through for the list: several weeks of visits that nobody finished.
pub const BROUGHT_MAX: usize = 500;
