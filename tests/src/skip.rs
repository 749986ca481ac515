//! A test that can't run on this machine says so where it is read: `tests/run` shows these lines in its summary.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Notes that `test` did not run, and why. The caller returns.
pub fn because(test: &str, reason: &dyn std::fmt::Display) {
    let line = format!("skipped: {test}: {reason}\n");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-output");
    let noted = fs::create_dir_all(&folder)
        .and_then(|()| File::options().create(true).append(true).open(folder.join("skipped.txt")))
        .and_then(|mut file| file.write_all(line.as_bytes()));
    if noted.is_err() {
        eprint!("{line}");
    }
}
