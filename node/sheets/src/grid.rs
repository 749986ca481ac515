//! The sheets of a file, cell by cell. A file is a stranger's: its size unpacked is measured before anything is made of it,
//! and a cell far out costs nothing.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{Reader as _, Xlsx};
use model::item::table::Table;

use crate::cells::{Cell, cell};
use crate::read::Unreadable;
use crate::{RowError, limit};

/// Cells by column.
pub(crate) type Cells = BTreeMap<u32, Cell>;

/// A sheet with its rows by number, counted from 1 as the spreadsheet does.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) table: Table,
    pub(crate) rows: BTreeMap<u32, Cells>,
    /// Merged cells: where each begins.
    pub(crate) errors: Vec<RowError>,
}

/// Counts what the file holds once it is unpacked, by unpacking it: what a zip says of itself may be a lie.
fn measure(bytes: &[u8]) -> Result<(), Unreadable> {
    if bytes.len() > limit::FILE_BYTES {
        return Err(Unreadable::TooLarge(bytes.len()));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::Old);
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotWorkbook)?;
    if zip.len() > limit::PARTS {
        return Err(Unreadable::Swells);
    }
    let mut left = limit::UNPACKED_BYTES;
    for place in 0..zip.len() {
        let part = zip.by_index(place).map_err(|_| Unreadable::Broken)?;
        let mut limited = part.take(left + 1);
        let read = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(read).ok_or(Unreadable::Swells)?;
    }
    Ok(())
}

/// All sheets of ours.
pub(crate) fn grids(bytes: &[u8]) -> Result<Vec<Grid>, Unreadable> {
    measure(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotWorkbook)?;
    let names = book.sheet_names();
    let missing = Table::ALL.into_iter().find(|table| !names.iter().any(|name| name == table.name()));
    if let Some(table) = missing {
        return Err(Unreadable::NoSheet(table.name()));
    }
    Table::ALL.into_iter().map(|table| grid(&mut book, table)).collect()
}

fn grid(book: &mut Xlsx<Cursor<&[u8]>>, table: Table) -> Result<Grid, Unreadable> {
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    let mut far = 0;
    {
        let mut reader = book.worksheet_cells_reader(table.name()).map_err(|_| Unreadable::Broken)?;
        while let Some(found) = reader.next_cell().map_err(|_| Unreadable::Broken)? {
            let (row, column) = found.get_position();
            let Some(cell) = cell(found.get_value()) else { continue };
            if row >= limit::ROWS || column >= limit::COLUMNS {
                far = far.max(row + 1);
                continue;
            }
            rows.entry(row + 1).or_default().insert(column, cell);
        }
    }
    if far > limit::ROWS {
        return Err(Unreadable::TooManyRows(table.name()));
    }
    {
        let mut reader = book.worksheet_cells_reader(table.name()).map_err(|_| Unreadable::Broken)?;
        while let Some(found) = reader.next_formula().map_err(|_| Unreadable::Broken)? {
            let (row, column) = found.get_position();
            if !found.get_value().is_empty() && row < limit::ROWS && column < limit::COLUMNS {
                let words = "这一格是公式。请复制这一列，“选择性粘贴”成“数值”再导入。".to_owned();
                rows.entry(row + 1).or_default().insert(column, Cell::Wrong(words));
            }
        }
    }
    let merged = book.merge_cells_by_sheet_name(table.name()).map_err(|_| Unreadable::Broken)?;
    let merged = merged.into_iter().take(limit::ERRORS).map(|region| RowError {
        table,
        row: region.start.0 + 1,
        column: String::new(),
        words: format!(
            "第 {} 行到第 {} 行有合并的单元格。请取消合并，每格都填上。",
            region.start.0 + 1,
            region.end.0 + 1
        ),
    });
    Ok(Grid { table, rows, errors: merged.collect() })
}
