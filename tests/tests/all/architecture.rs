//! The workspace is what ARCHITECTURE.md says it is. Each check is a function over plain values, so that a planted
//! fault can be put in front of it.

mod engines;
mod files;
mod links;
mod table;

use std::path::PathBuf;

/// The workspace root: the parent of this package.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn text(relative: &str) -> String {
    let path = root().join(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
