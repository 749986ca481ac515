//! C5: a catalogue goes out and comes back; what is wrong is told where it is.

use super::*;
use jiff::civil::Date;
use model::catalogue;
use model::item::{AutoCheck, Field, FieldKind, Limit, Material, Need, Rule, Scenario};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook as Book};
use std::io::{Cursor, Write as _};

const TODAY: Date = Date::constant(2026, 11, 23);

fn sample() -> Vec<Version> {
    catalogue::sample().unwrap().items().flat_map(|item| item.versions.clone()).collect()
}

fn read(bytes: &[u8]) -> Workbook {
    import(bytes, TODAY, &|_, _| ()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    import(bytes, TODAY, &|_, _| ()).unwrap_err().to_string()
}

/// The sample as a workbook in which a test changes something.
fn changed(change: impl Fn(&mut Book)) -> Vec<u8> {
    let one = sample().remove(0);
    let mut book = Book::new();
    for table in Table::ALL {
        let sheet = book.add_worksheet();
        sheet.set_name(table.name()).unwrap();
        let front = u16::from(table != Table::Item);
        if front == 1 {
            sheet.write_string(0, 0, ITEM_CODE).unwrap();
        }
        for (place, look) in (front..).zip(table.looks()) {
            sheet.write_string(0, place, look.name).unwrap();
        }
        for (row, words) in (1..).zip(table.rows(&one)) {
            if front == 1 {
                sheet.write_string(row, 0, &one.code).unwrap();
            }
            for (place, word) in (front..).zip(words).filter(|(_, word)| !word.is_empty()) {
                sheet.write_string(row, place, word).unwrap();
            }
        }
    }
    change(&mut book);
    book.save_to_buffer().unwrap()
}

fn place(table: Table, name: &str) -> u16 {
    let at = table.looks().iter().position(|look| look.name == name).unwrap();
    u16::try_from(at + usize::from(table != Table::Item)).unwrap()
}

fn told(book: &Workbook) -> Vec<(&'static str, u32, &str)> {
    book.errors.iter().map(|error| (error.table.name(), error.row, error.column.as_str())).collect()
}

/// Fails when an item comes back from a workbook other than it went out.
#[test]
fn the_whole_sample_comes_back_as_it_went_out() {
    let all = sample();
    let bytes = export(&all.iter().collect::<Vec<_>>(), TODAY).unwrap();
    assert!(bytes.len() < limit::FILE_BYTES);
    let book = read(&bytes);
    assert_eq!(book.errors, Vec::new());
    assert!(book.versions == all, "the sample");
}

/// Fails when the progress that a page shows is not made of real rows, or never ends.
#[test]
fn progress_counts_the_rows_there_are() {
    let all = sample();
    let bytes = export(&all.iter().collect::<Vec<_>>(), TODAY).unwrap();
    let rows: usize = Table::ALL.iter().map(|table| all.iter().map(|v| table.len(v)).sum::<usize>()).sum();
    let seen = std::cell::RefCell::new(Vec::new());
    import(&bytes, TODAY, &|done, total| seen.borrow_mut().push((done, total))).unwrap();
    let seen = seen.into_inner();
    assert_eq!(seen.last(), Some(&(rows, rows)));
    assert!(seen.iter().zip(1..).all(|((done, total), count)| *done == count && *total == rows));
}

/// Fails when the blank workbook that is offered cannot be filled in: it has no items, and says so.
#[test]
fn a_blank_workbook_has_its_headings_and_no_item() {
    let book = read(&export(&[], TODAY).unwrap());
    assert_eq!(told(&book), [("事项", 2, "")]);
}

/// Fails when a formula, a date, a number or full-width digits are taken for something else than they are.
#[test]
fn what_a_spreadsheet_does_to_cells_is_undone_or_told() {
    let bytes = changed(|book| {
        let sheet = book.worksheet_from_name("事项").unwrap();
        sheet.write_string(1, place(Table::Item, "承诺时限"), "１２").unwrap();
        sheet.write_number(1, place(Table::Item, "公示天数"), 5.0).unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2027, 1, 5).unwrap();
        sheet.write_datetime_with_format(1, place(Table::Item, "生效日期"), &day, &date).unwrap();
    });
    let book = read(&bytes);
    assert_eq!(book.errors, Vec::new());
    let version = &book.versions[0];
    assert_eq!(version.promised.map(|limit| limit.days), Some(12));
    assert_eq!((version.notice_days, version.effective), (Some(5), Date::constant(2027, 1, 5)));
    let bytes = changed(|book| {
        let sheet = book.worksheet_from_name("事项").unwrap();
        sheet.write_formula(1, place(Table::Item, "事项名称"), "=A1&\"x\"").unwrap();
        sheet.write_number(1, place(Table::Item, "实施编码"), 1.134_182_300e20).unwrap();
        sheet.write_string(1, place(Table::Item, "法定时限"), "二十天").unwrap();
    });
    let book = read(&bytes);
    assert_eq!(told(&book), [("事项", 2, "事项名称"), ("事项", 2, "实施编码"), ("事项", 2, "法定时限")]);
    for (error, cure) in book.errors.iter().zip(["数值", "文本", "整数"]) {
        assert!(error.words.contains(cure), "{error:?}");
    }
}

/// Fails when an error is told in another row, sheet or column than it stands in, or one hides another.
#[test]
fn errors_are_told_sheet_by_sheet_and_row_by_row() {
    let bytes = changed(|book| {
        let sheet = book.worksheet_from_name("材料").unwrap();
        sheet.write_string(1, place(Table::Materials, "必要性"), "看情况").unwrap();
        sheet.write_string(1, place(Table::Materials, "适用情形"), "s99").unwrap();
        sheet.write_string(40, 0, "没有这个").unwrap();
        sheet.write_string(41, 2, "没有编码的材料").unwrap();
        let sheet = book.worksheet_from_name("环节").unwrap();
        sheet.merge_range(1, 3, 2, 3, "合并", &Format::new()).unwrap();
        let sheet = book.worksheet_from_name("结果").unwrap();
        sheet.write_string(0, 9, "备注").unwrap();
        let sheet = book.worksheet_from_name("事项").unwrap();
        for (place, word) in (0..).zip(["S-1", "再来一项"]) {
            sheet.write_string(2, place, word).unwrap();
            sheet.write_string(3, place, word).unwrap();
        }
    });
    let book = read(&bytes);
    let wanted = [
        ("事项", 4, "事项编码"),
        ("材料", 2, "适用情形"),
        ("材料", 2, "必要性"),
        ("材料", 41, "事项编码"),
        ("材料", 42, "事项编码"),
        ("环节", 2, ""),
        ("结果", 1, "备注"),
    ];
    let mut seen = told(&book);
    seen.retain(|one| wanted.contains(one));
    assert_eq!(seen, wanted, "{:#?}", book.errors);
    let back = annotate(&book.sheets, &book.errors, TODAY).unwrap();
    let again = read(&back);
    assert!(
        told(&again).contains(&("材料", 2, "必要性")),
        "a workbook given back can be mended and sent again"
    );
    assert!(!told(&again).iter().any(|one| one.2 == ERRORS), "{:?}", told(&again));
}

/// Fails when a file that is no workbook, or a hostile one, is read, or is refused in words that name no cure.
#[test]
fn files_that_are_no_workbook_are_refused_in_clear_words() {
    assert!(refused("事项编码,名称\nA,B".as_bytes()).contains("另存为"));
    assert!(refused(&[0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]).contains("密码"));
    assert!(refused(&vec![b'P'; 10 * 1024 * 1024]).contains("10 MB"));
    let whole = changed(|_| ());
    assert!(refused(&whole[..whole.len() / 2]).contains(".xlsx"));
    let mut empty = Book::new();
    empty.add_worksheet().set_name("事项").unwrap();
    assert!(refused(&empty.save_to_buffer().unwrap()).contains("情形"));
}

/// Fails when a zip bomb is unpacked whole, or a lone cell far out makes room for all between.
#[test]
fn a_bomb_costs_nothing() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 1024 * 1024];
    for _ in 0..=limit::UNPACKED_BYTES / (1024 * 1024) {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < limit::FILE_BYTES, "it comes through the door");
    assert!(refused(&bomb).contains("太大"));
    let far = changed(|book| {
        let sheet = book.worksheet_from_name("结果").unwrap();
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
    });
    assert!(refused(&far).contains("行太多"));
}

fn text() -> impl Strategy<Value = String> {
    "[一-龥a-zA-Z0-9，。“”<>&'\"=+@_-]{0,12}"
}

fn id() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}

prop_compose! {
    fn material()(id in id(), texts in prop::collection::vec(text(), 6), need in 0..4_usize, copies in 0..99_u32,
        days in prop::option::of(1..30_u16)) -> Material {
        let [name, kind, form, source, passes, note] = <[String; 6]>::try_from(texts).unwrap();
        let need = [Need::Required, Need::Deferrable, Need::Exempt, Need::Optional][need];
        Material { id, name, kind, form, need, exemption: None, source, source_note: String::new(), copies, note,
            passes, fails: String::new(), basis: String::new(), defer_days: days, scenarios: vec!["s".into()] }
    }
}

prop_compose! {
    fn version()(code in "[A-Z][A-Z0-9-]{1,9}", name in text(), lines in prop::collection::vec("[一-龥]{1,9}", 0..4),
        legal in prop::option::of((1..1000_u16, any::<bool>())), materials in prop::collection::vec(material(), 0..4),
        age in prop::option::of((0..60_u16, 60..150_u16)), kind in 0..6_usize, words in text()) -> Version {
        let mut version = Version::blank(&code, TODAY);
        (version.name, version.guide.conditions, version.guide.basis) = (name, lines.clone(), words);
        version.legal = legal.map(|(days, working)| if working { Limit::working(days) } else { Limit::calendar(days) });
        version.scenarios = vec![Scenario { id: "s".into(), name: "一般".into() }];
        for material in materials {
            if version.material(&material.id).is_none() {
                version.materials.push(material);
            }
        }
        let auto = age.map(|(from, to)| AutoCheck::Age { from: Some(from), to: Some(to) });
        let rule = Rule { id: "r".into(), text: "年龄".into(), passes: String::new(), fails: String::new(), auto, scenarios: Vec::new() };
        version.rules = vec![rule];
        let kinds = [FieldKind::Text { max: 20 }, FieldKind::Date, FieldKind::Money, FieldKind::Choice { options: lines },
            FieldKind::Account { own: true }, FieldKind::Members];
        let kind = kinds[kind].clone();
        version.form = vec![Field { id: "f".into(), label: "栏".into(), kind, required: true, hint: String::new(), scenarios: Vec::new() }];
        version
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Fails when any item, whatever stands in it, comes back other than it went out.
    #[test]
    fn any_items_come_back_as_they_went_out(mut all in prop::collection::vec(version(), 1..4)) {
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all.dedup_by(|a, b| a.code == b.code);
        let book = read(&export(&all.iter().collect::<Vec<_>>(), TODAY).unwrap());
        prop_assert_eq!(book.errors, Vec::new());
        prop_assert_eq!(book.versions, all);
    }

    /// Fails when any bytes make the reader fall over.
    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(import(&bytes, TODAY, &|_, _| ()).is_err());
    }
}
