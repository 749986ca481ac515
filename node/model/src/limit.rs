//! Every constant limit of the model, with its reason.

/// Bytes of one text in an event: an event must stay small beside a change's 64 KiB.
pub const EVENT_TEXT: usize = 1024;
/// Entries of one list in an event: more than any item has materials.
pub const EVENT_LIST: usize = 256;
/// Photos of one case: an application of a household has some 20 papers; 60 of 300 KiB are 18 MB.
pub const PHOTOS: usize = 60;
/// Lines of one case's help thread: a document holds 1,800 changes, and who writes 200 lines should ring.
pub const HELP_LINES: usize = 200;
/// Bytes of one personal value: cells are at most 8 KiB of plaintext (docs/formats/cells.md), a page shows less.
pub const CELL_TEXT: usize = 4096;
/// Characters of a person's name: id cards hold about 25 (Uyghur names with dots), passports 39 with given names.
pub const NAME_CHARS: usize = 50;
/// Characters of a unit's name: the longest registered ones have about 60; two lines on a paper.
pub const UNIT_NAME_CHARS: usize = 80;
/// Characters of a relation (儿媳, 村级网格员): it stands in brackets behind a name.
pub const RELATION_CHARS: usize = 20;
/// Characters of an address, as its field allows.
pub const ADDRESS_CHARS: usize = 120;
/// Characters of the words of one act, as its fields allow: a reason fits half a page.
pub const WORDS_CHARS: usize = 300;
/// Names one save may touch: a form of 60 fields with 22 members stays well below.
pub const SAVE_NAMES: usize = 512;
/// Household members a case can list: person numbers 2..=8 and 10..=24.
pub const MEMBERS: u64 = 24;
/// Characters of a search text that are looked at; positions are kept in one 64-bit mask.
pub const QUERY_CHARS: usize = 60;
/// Working days within which papers taken on behalf go to the township (practice; the default of a setting).
pub const HAND_OVER_WORKING_DAYS: u16 = 3;
/// Longest such limit a township may set: papers that lie longer than two weeks are forgotten, not carried.
pub const HAND_OVER_DAYS_MAX: u16 = 10;
/// Working days by which a licence's limit may be made longer (行政许可法 §42).
pub const LICENCE_EXTENSION_DAYS: u32 = 10;
/// Days by which any other limit may be made longer.
pub const EXTENSION_DAYS: u32 = 30;
/// Working days within which all gaps must be told (行政许可法 §32).
pub const NOTICE_WORKING_DAYS: u16 = 5;
/// Working days within which the result is delivered (行政许可法 §44).
pub const DELIVER_WORKING_DAYS: u16 = 10;
/// Longest limit that is computed, in days; anything longer is a typing error.
pub const LIMIT_DAYS: u16 = 1000;
/// Rows of one list of an item (materials, rules, fields of the form): the longest known item has 30; a page and a paper
/// hold no more.
pub const ITEM_ROWS: usize = 60;
/// Working days in which a 办不成事 is handled: the township's own setting, this is its default.
pub const STUCK_WORKING_DAYS: u16 = 5;
/// Working days in which a 差评 is answered (practice; the default of a setting).
pub const REPLY_WORKING_DAYS: u16 = 1;
/// Working days in which what a 差评 is about is put right, where that is not simple (places use 1 to 15; the default of a
/// setting).
pub const FIX_WORKING_DAYS: u16 = 5;
/// Working days from the end of a handling until the resident is told (practice; the default of a setting).
pub const ANSWER_WORKING_DAYS: u16 = 1;
/// Days after its end during which a case still counts as the same request, when the same person asks for the same again:
/// whoever comes back within a month has mostly been sent to two counters. An item done every year is not meant.
pub const TWIN_DAYS: i32 = 30;
/// Characters of a package's name, as buttons and papers show it.
pub const PACKAGE_NAME_CHARS: usize = 30;
/// Items of a package, fewest and most: one is no package, and more than eight are no longer one visit.
pub const PACKAGE_ITEMS: (usize, usize) = (2, 8);
/// Letters of an item's code: the longest national 业务办理项编码 has 33 digits, and a township's own is shorter.
pub const ITEM_CODE: usize = 40;
/// Characters of a calendar notice's number: 国办发明电〔2025〕7号 has 14.
pub const CALENDAR_SOURCE_CHARS: usize = 60;
/// Characters of a notice as it is pasted: the whole of one has some 600.
pub const CALENDAR_WORDS_CHARS: usize = 4_000;
/// Sheets of paper of one case: a thick file of land papers has some 300.
pub const FILE_PAGES: u32 = 2_000;
/// Fields of an outside system's form: the longest form of the sample items has some 30, a table of members thrice as many.
pub const OUTSIDE_FIELDS: usize = 80;
/// Characters of an outside system's, a field's or a photo pattern's name: one line of a page.
pub const OUTSIDE_NAME_CHARS: usize = 40;
/// Characters of a text that is the same in every case's outside form: eighty of them still fit into one change.
pub const OUTSIDE_FIXED_CHARS: usize = 100;
/// Characters of a photo's file name: old systems cut at 255 bytes, a Chinese character has three.
pub const FILE_NAME_CHARS: usize = 70;
/// Days that a trip's paper may be old when it is brought back: a tablet that lay in a drawer over a holiday. An older day
/// is the tablet's clock, not a trip.
pub const TRIP_DAYS: i32 = 60;
