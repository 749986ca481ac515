//! Every limit of a workbook, with its reason.

/// Bytes of the file: 500 full items pack into some 2 MB; pictures are what makes one larger.
pub const FILE_BYTES: usize = 4 * 1024 * 1024;
/// Parts of the file: a workbook of ours has some 20, an office program adds a few.
pub const PARTS: usize = 500;
/// Bytes of its parts unpacked: 500 items have some 15 MB; a zip bomb unpacks a thousandfold.
pub const UNPACKED_BYTES: u64 = 96 * 1024 * 1024;
/// Rows of one sheet, headings included: 500 items with 40 materials each.
pub const ROWS: u32 = 20_000;
/// Columns of one sheet: the widest has 50; beyond stand no headings of ours.
pub const COLUMNS: u32 = 80;
/// Errors that are told: who has more begins with these.
pub const ERRORS: usize = 2_000;
/// Rows that drop-downs reach: what a person adds by hand.
pub const DROPDOWN_ROWS: u32 = 5_000;
