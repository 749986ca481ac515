//! Every paper word for word: whoever changes one sees in the snapshot what a resident will read.

#[path = "../../examples/gallery/sheets.rs"]
mod sheets;

/// The first copy, without the picture of the code: what a code says has tests of its own.
fn first_copy(page: &str) -> String {
    let start = page.find("<article").unwrap();
    let end = page.find("</article>").unwrap();
    let sheet = &page[start..end];
    let plain = match (sheet.find("<svg"), sheet.find("</svg>")) {
        (Some(from), Some(to)) => format!("{}{}", &sheet[..from], &sheet[to + 6..]),
        _ => sheet.to_owned(),
    };
    let lines = plain.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Fails when a field, a number or a sentence of any paper changes unseen.
#[test]
fn every_paper_reads_as_it_was_agreed() {
    let pages = sheets::all();
    let short: Vec<_> = pages.iter().filter(|(path, _)| path.starts_with("/sheets/short/")).collect();
    assert_eq!(short.len(), model::papers::Paper::ALL.len());
    for (path, page) in short {
        let code: u8 = path.rsplit('/').next().unwrap().parse().unwrap();
        let paper = model::papers::Paper::from_code(code).unwrap();
        insta::assert_snapshot!(format!("{code:02}-{paper:?}"), first_copy(page));
    }
    for list in ["papers", "results"] {
        insta::assert_snapshot!(format!("list-{list}"), first_copy(&pages[&format!("/sheets/lists/{list}")]));
    }
}
