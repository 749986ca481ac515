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
