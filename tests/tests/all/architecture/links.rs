//! A document that points somewhere points at something that is there.

use super::{assert_none, root};
use std::path::{Path, PathBuf};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                pages(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The relative targets of a page's Markdown links.
fn targets(page: &str) -> Vec<&str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .map(|target| target.split('#').next().unwrap_or(target))
        .collect()
}

fn faults(page: &Path, text: &str) -> Vec<String> {
    let folder = page.parent().unwrap();
    targets(text)
        .into_iter()
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{}: points at {target}, which is not there", page.display()))
        .collect()
}

/// Fails when a page points at a file that was moved or never written.
#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut found = Vec::new();
    pages(&root(), &mut found);
    let all: Vec<String> =
        found.iter().flat_map(|page| faults(page, &std::fs::read_to_string(page).unwrap())).collect();
    assert_none(&all);
}

/// Planted fault: a link to a page nobody wrote.
#[test]
fn a_dead_link_is_seen() {
    let page = root().join("README.md");
    assert_eq!(faults(&page, "see [here](docs/nowhere.md) and [there](ARCHITECTURE.md#crates)").len(), 1);
}

/// Pictures of a folder that no page shows.
fn unseen(pictures: &[String], pages: &[String]) -> Vec<String> {
    let shown: Vec<&str> = pages.iter().flat_map(|page| targets(page)).collect();
    let hidden = pictures.iter().filter(|picture| !shown.contains(&picture.as_str()));
    hidden.map(|picture| format!("no manual shows {picture}")).collect()
}

/// Fails when a picture stands among the manuals' that none of them shows: of a page that nobody explains any more.
#[test]
fn every_picture_stands_in_a_manual() {
    let folder = root().join("docs/manuals");
    let mut found = Vec::new();
    pages(&folder, &mut found);
    let texts: Vec<String> = found.iter().map(|page| std::fs::read_to_string(page).unwrap()).collect();
    let files = std::fs::read_dir(folder.join("pictures")).unwrap();
    let name = |file: std::fs::DirEntry| format!("pictures/{}", file.file_name().to_string_lossy());
    let pictures: Vec<String> = files.map(|file| name(file.unwrap())).collect();
    assert!(!pictures.is_empty());
    assert_none(&unseen(&pictures, &texts));
}

/// Planted fault: a picture that is left over.
#[test]
fn a_left_over_picture_is_seen() {
    let pages = ["![one](pictures/one.png)".to_owned()];
    assert_eq!(unseen(&["pictures/one.png".to_owned(), "pictures/two.png".to_owned()], &pages).len(), 1);
}
