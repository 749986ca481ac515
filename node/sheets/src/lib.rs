//! The catalogue as the bytes of a workbook (.xlsx) and back: what a township fills in with a spreadsheet, and what comes
//! of it row by row.
//!
//! Pure: bytes in, items or errors out. Never touches a store, a clock or a page, and decides no rule of an item; what may
//! stand in a column is [`model::item::table`]'s to say. Start with [`import`] and [`export`].

mod cells;
mod grid;
pub mod limit;
mod read;
#[cfg(test)]
mod tests;
mod write;

use model::item::Version;
use model::item::table::Table;

pub use read::{Unreadable, import};
pub use write::{WriteFault, annotate, export};

/// A heading beside the columns of [`Table`]: which item a row belongs to.
pub(crate) const ITEM_CODE: &str = "事项编码";
/// The last column of a workbook that is given back with its errors.
pub(crate) const ERRORS: &str = "哪里不对";

/// Something that is wrong in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// In which sheet.
    pub table: Table,
    /// Its number as the spreadsheet shows it.
    pub row: u32,
    /// The heading of the column; empty where it is the row as a whole.
    pub column: String,
    /// What is wrong and what to do.
    pub words: String,
}

/// A row as it stood in the workbook, for giving it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number as the spreadsheet shows it.
    pub row: u32,
    /// What stood in its cells, from the left.
    pub cells: Vec<String>,
}

/// A sheet as it stood in the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub table: Table,
    /// Its first row.
    pub heads: Vec<String>,
    /// The others.
    pub rows: Vec<SheetRow>,
}

/// A workbook that was read: items where there is no error, and nothing to be taken where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// The items, in the order of the sheet 事项.
    pub versions: Vec<Version>,
    /// Everything that is wrong, sheet by sheet and row by row.
    pub errors: Vec<RowError>,
    /// What stood there.
    pub sheets: Vec<Sheet>,
}

/// How far a workbook is read: rows done, of so many.
pub type Told<'t> = &'t dyn Fn(usize, usize);
