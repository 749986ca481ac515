//! The catalogue of one case's file: its papers, its photos, what happened. Masked; what only the whole tells comes with a reason.

use std::collections::BTreeMap;

use app::cases::CaseView;
use model::case::Standing;
use model::case::archive::term;

use crate::cases::show::Told;
use crate::cases::words;
use crate::registers::sheet::{Cell, Part, link, text};

/// One line of a catalogue.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) when: String,
    pub(super) who: String,
    pub(super) note: String,
}

/// A photo in the catalogue.
pub(super) struct Photo {
    pub(super) name: String,
    pub(super) size: String,
    pub(super) mark: String,
    /// Name of its blob.
    pub(super) blob: String,
}

/// What the first sheet of the file says.
pub(super) fn cover(told: &Told<'_>) -> Vec<(String, String)> {
    let case = told.case;
    let shelf = case.shelf().and_then(|cell| case.filing.cell(cell)).unwrap_or("还没归档");
    let kept = match case.retention() {
        Some((years, Some(until))) => format!("{}，到{}", term(years), words::full_day(until)),
        Some((years, None)) => term(years),
        None => "归档以后起算".to_owned(),
    };
    let filed = case.archived.as_ref().map(|filed| {
        format!("{}，{}，纸质 {} 页", words::full_day(filed.what.on), filed.mark.stamp.name, filed.what.pages)
    });
    let digest = case
        .archived
        .as_ref()
        .map(|filed| data_encoding::HEXLOWER.encode(&filed.what.digest))
        .unwrap_or_default();
    let ended = case.outcome.as_ref().map(|(.., on)| words::full_day(*on)).unwrap_or_default();
    [
        ("办件编号", case.number().unwrap_or_default().to_owned()),
        ("事项", told.item()),
        ("申请人", words::who(&case.filing)),
        ("收件的站", told.place(case.station)),
        ("办结", format!("{ended}，{}", words::stage(case.stage(), told.version))),
        ("归档", filed.unwrap_or_else(|| "还没归档".to_owned())),
        ("放在哪里", shelf.to_owned()),
        ("保管期限", kept),
        ("归档时的记录指纹", digest),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// The papers that the box printed, and the materials.
pub(super) fn papers(told: &Told<'_>) -> Vec<(String, String)> {
    // on the case's page a paper's note is what one does with it
    let note = |line: &str| if line == "打印" { "文书".to_owned() } else { line.to_owned() };
    told.papers().into_iter().map(|line| (line.name, note(&line.note))).collect()
}

/// The photos, in order.
pub(super) fn photos(told: &Told<'_>) -> Vec<Photo> {
    let (mut all, mut counts) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for photo in &told.case.photos {
        let material = words::named(&photo.what.material, told.version);
        let number = counts.entry(photo.what.material.as_str()).or_default();
        *number += 1;
        all.push(Photo {
            name: format!("{material} 第 {number} 张"),
            size: format!(
                "{} × {}，{} KB",
                photo.what.width,
                photo.what.height,
                photo.what.bytes.div_ceil(1024)
            ),
            mark: if photo.wrong.is_some() { "标为有误".to_owned() } else { String::new() },
            blob: data_encoding::HEXLOWER.encode(&photo.what.photo),
        });
    }
    all
}

/// What happened, the first first. Typed words stand in it only when the whole is told.
pub(super) fn entries(told: &Told<'_>, whole: bool) -> Vec<Entry> {
    let shown = told.case.timeline.iter().filter(|entry| entry.standing != Standing::Void);
    let entry = |entry: &model::case::Entry| Entry {
        name: entry.title().to_owned(),
        when: words::moment(entry.mark.stamp.wall),
        who: format!("{}　{}", entry.mark.stamp.name, told.place(entry.mark.stamp.station)),
        note: if whole { words::note(&entry.what, &told.case.filing, told.version) } else { String::new() },
    };
    shown.map(entry).collect()
}

/// Everything as tables of a page.
pub(super) fn parts(told: &Told<'_>, view: &CaseView) -> Vec<Part> {
    let pair = |(name, value): (String, String)| vec![text(name), text(value)];
    let photo = |one: Photo| -> Vec<Cell> {
        let place = format!("/photos/{}/{}", view.id.hex(), one.blob);
        vec![link(one.name, place), text(one.size), text(one.mark), text(one.blob)]
    };
    let event = |one: Entry| vec![text(one.name), text(one.when), text(one.who), text(one.note)];
    vec![
        Part {
            title: "卷皮".to_owned(),
            rows: cover(told).into_iter().map(pair).collect(),
            ..Part::default()
        },
        Part {
            title: "卷内目录".to_owned(),
            note: "文书和材料".to_owned(),
            empty: "没有文书。",
            head: vec!["名称", "说明"],
            rows: papers(told).into_iter().map(pair).collect(),
            ..Part::default()
        },
        Part {
            title: "照片".to_owned(),
            note: "指纹是 SHA-256，照片改了一个点就对不上".to_owned(),
            empty: "没有照片。",
            head: vec!["名称", "大小", "说明", "指纹"],
            rows: photos(told).into_iter().map(photo).collect(),
            ..Part::default()
        },
        Part {
            title: "办理过程".to_owned(),
            note: "早的在上".to_owned(),
            empty: "没有记录。",
            head: vec!["办了什么", "什么时候", "谁", "说明"],
            rows: entries(told, true).into_iter().map(event).collect(),
            ..Part::default()
        },
    ]
}
