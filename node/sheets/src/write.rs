//! A workbook written: the catalogue for filling in, or a workbook given back with what is wrong in its last column.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::item::Version;
use model::item::table::{Kind, Look, Table};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook as Book, Worksheet,
    XlsxError,
};

use crate::{ERRORS, ITEM_CODE, RowError, Sheet, limit};

/// The workbook could not be written; it is a defect.
#[derive(Debug, thiserror::Error)]
#[error("a workbook was not written: {0}")]
pub struct WriteFault(#[from] XlsxError);

const GUIDE: &str = "填写说明";
const LINES: &[&str] = &[
    "1. 一个事项在“事项”表写一行；它的情形、材料、审查细则、环节、申请表、结果在各自的表里写，一条一行，第一列写这个事项的编码。",
    "2. 表名和第一行不要改，列的先后可以换。空行没有关系。",
    "3. 有下拉的格子只能选里面的字。天数、份数写数字；没有就空着。日期写成 2026-01-05。",
    "4. “编号”空着，盒子会自己编。改老事项时不要动编号，办件靠它对上。",
    "5. “适用情形”写情形的编号或名称，几个之间用顿号（、）；空着就是全部情形都要。",
    "6. 一格里有几条的（别名、受理条件、办理流程、选项等），一条一行，格内换行按 Alt+Enter。",
    "7. 不要写公式，不要合并单元格，不要插图片。",
    "8. “版本号、生效日期、停用日期”只供查看；导入时存成草稿，或者另定一个生效日期发布。",
    "9. 导入时有一处不对就全部不导入，页面上会列出哪张表、哪一行、哪一列、怎么改。",
];

struct Formats {
    head: Format,
    text: Format,
    plain: Format,
    red: Format,
}

fn formats() -> Formats {
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    Formats {
        head: Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00E0_ECF8))
            .set_text_wrap()
            .set_align(FormatAlign::Top),
        plain: text.clone(),
        red: text.clone().set_font_color(Color::RGB(0x00B3_261E)),
        text: text.set_num_format("@"),
    }
}

fn width(kind: Kind) -> f64 {
    match kind {
        Kind::Id | Kind::Count(_) | Kind::Date => 12.0,
        Kind::Choice(_) => 14.0,
        Kind::Line(_) | Kind::Several(_) | Kind::Scenarios => 22.0,
        Kind::Words(_) | Kind::Lines(_) => 40.0,
    }
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn book(today: Date) -> Result<Book, XlsxError> {
    let mut book = Book::new();
    let year = u16::try_from(today.year()).unwrap_or(2026);
    let (month, day) = (today.month().unsigned_abs(), today.day().unsigned_abs());
    let made = ExcelDateTime::from_ymd(year, month, day)?;
    book.set_properties(&DocProperties::new().set_title("政务服务事项").set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name(GUIDE)?;
    sheet.set_column_width(0, 100.0)?;
    let wrap = Format::new().set_text_wrap();
    for (row, line) in (0..).zip(LINES) {
        sheet.write_string_with_format(row, 0, *line, &wrap)?;
    }
    Ok(book)
}

fn heads(
    sheet: &mut Worksheet,
    names: &[&str],
    looks: &BTreeMap<&str, Look>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (place, name) in names.iter().enumerate() {
        let at = column(place);
        sheet.write_string_with_format(0, at, *name, &formats.head)?;
        let look = looks.get(name);
        sheet.set_column_width(
            at,
            look.map_or(if *name == ERRORS { 50.0 } else { 12.0 }, |look| width(look.kind)),
        )?;
        if let Some(Kind::Choice(words)) = look.map(|look| look.kind) {
            let pick = DataValidation::new().allow_list_strings(words)?;
            let pick = pick
                .set_error_title("请从下拉里选")?
                .set_error_message(format!("只能是：{}", words.join("、")))?;
            sheet.add_data_validation(1, at, limit::DROPDOWN_ROWS, at, &pick)?;
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    text: &str,
    kind: Option<Kind>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match (kind, text.parse::<u32>()) {
        (Some(Kind::Count(_)), Ok(number)) => {
            sheet.write_number_with_format(row, at, f64::from(number), &formats.plain)?;
        }
        _ if text.is_empty() => {}
        _ => {
            sheet.write_string_with_format(row, at, text, &formats.text)?;
        }
    }
    Ok(())
}

fn looks(table: Table) -> BTreeMap<&'static str, Look> {
    table.looks().into_iter().map(|look| (look.name, look)).collect()
}

/// Items as a workbook for filling in. Without items it is the blank one.
///
/// # Errors
/// Never for items of the catalogue; the error is the writer's.
pub fn export(versions: &[&Version], today: Date) -> Result<Vec<u8>, WriteFault> {
    let (mut book, formats) = (book(today)?, formats());
    for table in Table::ALL {
        let own = table.looks();
        let mut names: Vec<&str> = own.iter().map(|look| look.name).collect();
        let front = usize::from(table != Table::Item);
        if front == 1 {
            names.insert(0, ITEM_CODE);
        }
        let sheet = book.add_worksheet();
        sheet.set_name(table.name())?;
        heads(sheet, &names, &looks(table), &formats)?;
        let mut row = 1;
        for version in versions {
            for words in table.rows(version) {
                if front == 1 {
                    cell(sheet, row, 0, &version.code, None, &formats)?;
                }
                for (place, (word, look)) in words.iter().zip(&own).enumerate() {
                    cell(sheet, row, column(place + front), word, Some(look.kind), &formats)?;
                }
                row += 1;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// A workbook given back: what stood there, and in the last column what is wrong and what to do.
///
/// # Errors
/// Never for what was read; the error is the writer's.
pub fn annotate(sheets: &[Sheet], errors: &[RowError], today: Date) -> Result<Vec<u8>, WriteFault> {
    let (mut book, formats) = (book(today)?, formats());
    for one in sheets {
        let mut names: Vec<&str> = one.heads.iter().map(String::as_str).collect();
        names.push(ERRORS);
        let (looks, last) = (looks(one.table), column(one.heads.len()));
        let sheet = book.add_worksheet();
        sheet.set_name(one.table.name())?;
        heads(sheet, &names, &looks, &formats)?;
        let said = |row: u32| -> String {
            let own = errors.iter().filter(|error| error.table == one.table && error.row == row);
            let told = own.map(|error| match error.column.as_str() {
                "" => error.words.clone(),
                name => format!("{name}：{}", error.words),
            });
            told.collect::<Vec<_>>().join("\n")
        };
        let mut rows: BTreeMap<u32, &[String]> =
            one.rows.iter().map(|row| (row.row, row.cells.as_slice())).collect();
        for error in errors.iter().filter(|error| error.table == one.table && error.row > 1) {
            rows.entry(error.row).or_default();
        }
        for (row, cells) in rows {
            for (place, word) in cells.iter().enumerate() {
                let kind =
                    one.heads.get(place).and_then(|name| looks.get(name.as_str())).map(|look| look.kind);
                cell(sheet, row - 1, column(place), word, kind, &formats)?;
            }
            let words = said(row);
            if !words.is_empty() {
                sheet.write_string_with_format(row - 1, last, words, &formats.red)?;
            }
        }
        let first = said(1);
        if !first.is_empty() {
            sheet.write_string_with_format(0, last, format!("{ERRORS}：{first}"), &formats.red)?;
        }
    }
    Ok(book.save_to_buffer()?)
}
