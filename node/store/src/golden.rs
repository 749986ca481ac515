//! A box of version 1 opens for ever: `tests/golden/box-v1` was written by the first release's code (the workload of
//! `tests/power_cuts`, seed 1, 14 commits, one rotation of an invented bag key) and is never written again.

use crate::engine::{collect, commit_number};
use crate::free_space::Unbounded;
use crate::rows::{Page, View};
use crate::*;
use seal::BagKey;
use std::path::Path;
use std::sync::Arc;

/// SHA-256 over every table's name and pairs, in order.
const CONTENT: &str = "9098e3316007fe53d6b06ad890885f9b80546d2f95362045f1341ca3f712c655";

fn content(tx: &dyn ReadTx) -> String {
    let mut all = canon::Writer::new();
    for table in Table::ALL {
        let pairs = collect(tx, table, &Span::all(), usize::MAX).unwrap();
        // A table that a later version adds is empty in an old box, and must not change what is compared.
        if !pairs.is_empty() {
            all.str(table.name()).u64(pairs.len() as u64);
            for (key, value) in pairs {
                all.bytes(&key).bytes(&value);
            }
        }
    }
    canon::sha256(all.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fails when a change of redb, of a key or of an encoding would misread what villages have on their disks.
#[test]
fn a_box_of_version_1_opens_and_says_what_it_said() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/box-v1");
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(golden).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    let folder = Arc::new(DiskFolder::at(dir.path().to_path_buf()).unwrap());
    let opened = open::open(&folder, Box::new(Unbounded), BagKey::from_bytes([9; 32])).unwrap();
    assert!(!opened.fresh);
    assert_eq!(opened.suspicion, Suspicion::None);
    assert_eq!(*opened.keybag.key().bytes(), [2; 32]);
    let tx = opened.engine.read().unwrap();
    assert_eq!(commit_number(&*tx).unwrap(), 14);
    assert_eq!(content(&*tx), CONTENT);

    let docs = documents::page(&*tx, None, usize::MAX).unwrap();
    assert!(!docs.is_empty());
    for (doc, _) in &docs {
        for place in journal::of_doc(&*tx, doc).unwrap() {
            journal::get(&*tx, &place).unwrap().unwrap();
        }
        origin::get(&*tx, doc).unwrap();
        seeds::of(&*tx, doc).unwrap();
    }
    assert_eq!(openings::list(&*tx).unwrap().len(), 2);
    assert!(logs::list(&*tx).unwrap().len() >= 2);
    let waits = waiting::all(&*tx).unwrap();
    assert_eq!(waits.len(), waiting::page(&*tx, None, 99).unwrap().len());
    for each in &waits {
        let stored = journal::get(&*tx, &each.place).unwrap().unwrap();
        assert_eq!((each.state, each.bytes), (stored.state, stored.entry.form.size() as u64));
    }
    assert!(!waits.is_empty());
    assert_eq!(audit::page(&*tx, None, 99).unwrap().len(), 13);
    assert_eq!(counters::get(&*tx, "case").unwrap(), 13);
    let page = Page { prefix: &[], after: None, direction: engine::Direction::Ascending, count: 99 };
    assert!(!rows::page(&*tx, View(2), &page).unwrap().is_empty());
}
