//! A workbook read: headings matched, rows made into items, everything that is wrong told where it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::item::Version;
use model::item::table::{Kind, Table};

use crate::cells::Cell;
use crate::grid::{Cells, Grid, grids};
use crate::{ERRORS, ITEM_CODE, RowError, Sheet, SheetRow, Told, Workbook, limit};

/// Why nothing of a file can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// So many bytes.
    #[error("文件太大了，有 {} MB，最多 {} MB。里面是不是插了图片？删掉图片再存一次。", .0 / 1_048_576, limit::FILE_BYTES / 1_048_576)]
    TooLarge(usize),
    /// No zip, or no workbook in it.
    #[error("这不是 .xlsx 文件。请用表格软件打开，“另存为”.xlsx 再传；改后缀名不行。")]
    NotWorkbook,
    /// The binary format, or one with a password, which looks the same.
    #[error("这是老格式 .xls，或者设了打开密码。请去掉密码，“另存为”.xlsx 再传。")]
    Old,
    /// It unpacks to far more than any catalogue.
    #[error("这个文件解开来太大，不像事项表，没有读。请从这里导出一份，往里填。")]
    Swells,
    /// Cut off or damaged.
    #[error("文件坏了，读到一半读不下去。请用表格软件打开，重新存一次再传。")]
    Broken,
    /// A sheet of ours is not there.
    #[error("少了“{0}”这张表。请从这里导出一份，照着它的表名填。")]
    NoSheet(&'static str),
    /// More rows than any catalogue.
    #[error("“{0}”的行太多了，最多 {rows} 行。请看看底下是不是有多余的内容，分几次导入。", rows = limit::ROWS)]
    TooManyRows(&'static str),
}

/// The errors so far; beyond a number they only count.
struct Errors(Vec<RowError>);

impl Errors {
    fn add(&mut self, table: Table, row: u32, column: &str, words: impl Into<String>) {
        if self.0.len() < limit::ERRORS {
            self.0.push(RowError { table, row, column: column.to_owned(), words: words.into() });
        }
    }
}

/// Where each column of a table stands.
struct Heads {
    /// By key of the column.
    columns: BTreeMap<&'static str, u32>,
    /// The column with the item's code.
    code: Option<u32>,
    /// All headings, for giving the sheet back.
    names: Vec<String>,
}

fn words(cell: &Cell) -> &str {
    match cell {
        Cell::Words(text) => text.trim(),
        Cell::Wrong(_) => "",
    }
}

fn heads(grid: &Grid, errors: &mut Errors) -> Heads {
    let table = grid.table;
    let none = Cells::new();
    let first = grid.rows.get(&1).unwrap_or(&none);
    let find = |name: &str| first.iter().find(|(_, cell)| words(cell) == name).map(|(column, _)| *column);
    let mut columns = BTreeMap::new();
    for look in table.looks() {
        match find(look.name) {
            Some(column) => {
                columns.insert(look.key, column);
            }
            None => errors.add(
                table,
                1,
                look.name,
                format!("第一行少了“{}”这一列。请从这里导出一份，照着它的表头填。", look.name),
            ),
        }
    }
    let code = find(ITEM_CODE);
    if code.is_none() && table != Table::Item {
        errors.add(table, 1, ITEM_CODE, "第一行少了“事项编码”这一列，不知道每行是哪个事项的。");
    }
    for (column, cell) in first {
        let name = words(cell);
        let ours =
            Some(*column) == code || columns.values().any(|one| one == column) || name.starts_with(ERRORS);
        if !ours && !name.is_empty() {
            errors.add(table, 1, name, format!("不认得“{name}”这一列，或者它出现了两次。请删掉这一列。"));
        }
    }
    let width = first.keys().max().map_or(0, |last| last + 1);
    let name = |column: u32| first.get(&column).map(|cell| words(cell).to_owned()).unwrap_or_default();
    Heads { columns, code, names: (0..width).map(name).filter(|name| !name.starts_with(ERRORS)).collect() }
}

fn sheet(grid: &Grid, heads: &Heads) -> Sheet {
    let width = u32::try_from(heads.names.len()).unwrap_or(0);
    let row = |(row, cells): (&u32, &Cells)| {
        let text = |column: u32| match cells.get(&column) {
            Some(Cell::Words(text)) => text.clone(),
            Some(Cell::Wrong(_)) | None => String::new(),
        };
        SheetRow { row: *row, cells: (0..width).map(text).collect() }
    };
    let rows = grid.rows.iter().filter(|(row, _)| **row > 1).map(row).collect();
    Sheet { table: grid.table, heads: heads.names.clone(), rows }
}

/// One row's words by column key; what cannot be words is told.
fn row_words(
    grid: &Grid,
    heads: &Heads,
    row: u32,
    cells: &Cells,
    errors: &mut Errors,
) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for look in grid.table.looks() {
        let Some(column) = heads.columns.get(look.key) else { continue };
        match cells.get(column) {
            Some(Cell::Words(text)) => {
                found.insert(look.key, text.clone());
            }
            Some(Cell::Wrong(why)) => errors.add(grid.table, row, look.name, why.clone()),
            None => {
                // an id is made by the box where none is given; all else is then empty
                if !matches!(look.kind, Kind::Id) {
                    found.insert(look.key, String::new());
                }
            }
        }
    }
    found
}

/// The items of a workbook, or what is wrong with it row by row. `today` stands where a new item has no date yet.
///
/// # Errors
/// When nothing of it can be read.
pub fn import(bytes: &[u8], today: Date, told: Told<'_>) -> Result<Workbook, Unreadable> {
    let grids = grids(bytes)?;
    let total: usize = grids.iter().map(|grid| grid.rows.len().saturating_sub(1)).sum();
    let (mut done, mut errors) = (0, Errors(Vec::new()));
    let (mut versions, mut places, mut sheets) = (Vec::new(), BTreeMap::new(), Vec::new());
    for grid in &grids {
        for error in &grid.errors {
            errors.add(grid.table, error.row, "", error.words.clone());
        }
        let heads = heads(grid, &mut errors);
        for (row, cells) in grid.rows.iter().filter(|(row, _)| **row > 1) {
            let found = row_words(grid, &heads, *row, cells, &mut errors);
            if grid.table == Table::Item {
                item(*row, &found, today, &mut versions, &mut places, &mut errors);
            } else {
                let code = heads.code.and_then(|column| cells.get(&column)).map(words).unwrap_or_default();
                part(grid.table, *row, code, &found, &mut versions, &places, &mut errors);
            }
            done += 1;
            told(done, total);
        }
        sheets.push(sheet(grid, &heads));
    }
    if versions.is_empty() && errors.0.is_empty() {
        errors.add(Table::Item, 2, "", "“事项”表里一行也没有。");
    }
    Ok(Workbook { versions, errors: errors.0, sheets })
}

fn item(
    row: u32,
    found: &BTreeMap<&'static str, String>,
    today: Date,
    versions: &mut Vec<Version>,
    places: &mut BTreeMap<String, usize>,
    errors: &mut Errors,
) {
    if found.get("code").is_none_or(|code| code.trim().is_empty()) {
        errors.add(Table::Item, row, ITEM_CODE, "没有事项编码。每个事项写一个自己的编码，如 FH-001。");
        return;
    }
    let mut version = Version::blank("", today);
    let (_, wrong) = Table::Item.write(&mut version, Some(0), found);
    for wrong in wrong {
        errors.add(Table::Item, row, wrong.name, wrong.words);
    }
    if version.code.is_empty() {
        return;
    }
    if places.insert(version.code.clone(), versions.len()).is_some() {
        errors.add(
            Table::Item,
            row,
            ITEM_CODE,
            format!("事项编码“{}”前面已经有了，一个事项只写一行。", version.code),
        );
    }
    versions.push(version);
}

fn part(
    table: Table,
    row: u32,
    code: &str,
    found: &BTreeMap<&'static str, String>,
    versions: &mut [Version],
    places: &BTreeMap<String, usize>,
    errors: &mut Errors,
) {
    let code = model::item::table::halfwidth(code);
    let version = places.get(code.trim()).and_then(|place| versions.get_mut(*place));
    let Some(version) = version else {
        let words = if code.is_empty() {
            "没有事项编码，不知道是哪个事项的。".to_owned()
        } else {
            format!("“事项”表里没有编码“{code}”。请改编码，或者先在“事项”表里加上它。")
        };
        errors.add(table, row, ITEM_CODE, words);
        return;
    };
    if table.len(version) >= model::limit::ITEM_ROWS {
        errors.add(
            table,
            row,
            "",
            format!("一个事项的“{}”最多 {} 行。", table.name(), model::limit::ITEM_ROWS),
        );
        return;
    }
    let mut found = found.clone();
    if let Some(named) = found.get_mut("scenarios") {
        scenarios(table, row, named, version, errors);
    }
    let (_, wrong) = table.write(version, None, &found);
    for wrong in wrong {
        errors.add(table, row, wrong.name, wrong.words);
    }
}

/// Scenarios by id or by name; what is neither is told.
fn scenarios(table: Table, row: u32, named: &mut String, version: &Version, errors: &mut Errors) {
    let Ok(entries) = Kind::Scenarios.clean(named) else { return };
    let whole = named.trim().to_owned();
    let by_name = version.scenarios.iter().find(|scenario| scenario.name == whole);
    let mut ids = Vec::new();
    for entry in entries.split('、').filter(|entry| !entry.is_empty()) {
        if let Some(whole) = by_name {
            ids = vec![whole.id.clone()];
            break;
        }
        match version.scenarios.iter().find(|scenario| scenario.id == entry || scenario.name == entry) {
            Some(scenario) => ids.push(scenario.id.clone()),
            None => errors.add(
                table,
                row,
                "适用情形",
                format!("“情形”表里没有“{entry}”。写情形的编号或名称，几个之间用顿号。"),
            ),
        }
    }
    *named = ids.join("、");
}
