//! The typed layers on the memory engine, the folder on the real file system.

use crate::audit::AuditRecord;
use crate::documents::StoredDocument;
use crate::engine::{Direction, ReadTx, Table, WriteTx, commit_number};
use crate::free_space::Unbounded;
use crate::rows::{Page, View};
use crate::seeds::SeedPlace;
use crate::*;
use identity::DeviceKey;
use seal::BagKey;
use std::sync::Arc;
use sync::{Register, kind};

fn with_tx(work: impl FnOnce(&mut dyn WriteTx)) {
    let engine = MemoryEngine::new();
    let mut tx = engine.write().unwrap();
    work(&mut *tx);
}

/// Fails if a cursor or prefix crossed into the neighbouring view, or a page repeated or lost a row at its edge.
#[test]
fn pages_of_a_view_hold_each_row_once_and_stay_inside_the_view() {
    with_tx(|tx| {
        for number in 0..25u8 {
            rows::put(tx, View(7), &[1, number], &[number]).unwrap();
        }
        rows::put(tx, View(6), &[1, 99], b"other view").unwrap();
        rows::put(tx, View(8), &[1, 99], b"other view").unwrap();
        rows::put(tx, View(7), &[2, 0], b"other prefix").unwrap();
        for direction in [Direction::Ascending, Direction::Descending] {
            let (mut seen, mut after) = (Vec::new(), None::<Vec<u8>>);
            loop {
                let page = Page { prefix: &[1], after: after.as_deref(), direction, count: 10 };
                let found = rows::page(tx, View(7), &page).unwrap();
                let Some((last, _)) = found.last() else { break };
                after = Some(last.clone());
                seen.extend(found.into_iter().map(|(_, row)| row[0]));
            }
            let mut wanted: Vec<u8> = (0..25).collect();
            if direction == Direction::Descending {
                wanted.reverse();
            }
            assert_eq!(seen, wanted);
        }
        assert_eq!(rows::count(tx, View(7), &[1]).unwrap(), 25);
        rows::clear(tx).unwrap();
        assert!(rows::all(tx).unwrap().is_empty());
    });
}

/// Fails if a number were given twice or a counter lowered: a case number would be minted again.
#[test]
fn counters_only_rise() {
    with_tx(|tx| {
        assert_eq!(counters::next(tx, "case").unwrap(), 1);
        counters::raise(tx, "case", 10).unwrap();
        counters::raise(tx, "case", 4).unwrap();
        assert_eq!(counters::next(tx, "case").unwrap(), 11);
        assert_eq!(counters::get(tx, "other").unwrap(), 0);
    });
}

#[test]
fn audit_is_read_newest_first_and_numbers_go_on() {
    with_tx(|tx| {
        for wall in 0..5 {
            let record = AuditRecord {
                wall,
                staff: "s1".into(),
                act: "receive".into(),
                doc: Some([9; 16]),
                detail: String::new(),
            };
            assert_eq!(audit::append(tx, &record).unwrap(), u64::try_from(wall).unwrap() + 1);
        }
        let newest = audit::page(tx, None, 2).unwrap();
        assert_eq!(newest.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [5, 4]);
        let older = audit::page(tx, Some(4), 9).unwrap();
        assert_eq!(older.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(older[0].1.doc, Some([9; 16]));
        let long = AuditRecord {
            wall: 0,
            staff: "x".repeat(2000),
            act: String::new(),
            doc: None,
            detail: String::new(),
        };
        assert!(matches!(audit::append(tx, &long), Err(StoreError::Rule { .. })));
    });
}

/// Fails if an erasure left a key of the erased document, or took one of its neighbour's.
#[test]
fn erasing_a_document_takes_its_seeds_and_tags_and_no_others() {
    with_tx(|tx| {
        for doc in [[1; 16], [2; 16]] {
            for person in [0, 1, 300] {
                seeds::put(tx, &SeedPlace { doc, person }, b"wrapped").unwrap();
            }
            tags::add(tx, &[7; 16], &doc).unwrap();
            documents::put(tx, &doc, &StoredDocument { kind: 1, flags: 0, saved: vec![1] }).unwrap();
        }
        assert_eq!(tags::find(tx, &[7; 16]).unwrap(), [[1; 16], [2; 16]]);
        seeds::remove_of(tx, &[1; 16]).unwrap();
        tags::remove_of(tx, &[1; 16]).unwrap();
        documents::remove(tx, &[1; 16]).unwrap();
        assert_eq!(tags::find(tx, &[7; 16]).unwrap(), [[2; 16]]);
        let left = seeds::page(tx, None, 99).unwrap();
        assert_eq!(
            left.iter().map(|(place, _)| (place.doc, place.person)).collect::<Vec<_>>(),
            [([2; 16], 0), ([2; 16], 1), ([2; 16], 300)]
        );
        assert_eq!(seeds::page(tx, Some(&left[0].0), 1).unwrap()[0].0, left[1].0);
        assert_eq!(documents::page(tx, None, 9).unwrap().len(), 1);
        assert_eq!(documents::page(tx, Some(&[2; 16]), 9).unwrap().len(), 0);
    });
}

/// Fails if two owners shared a slot that each has its own, or a receipt of a new centre did not replace the old one.
#[test]
fn registers_replace_each_other_by_slot() {
    with_tx(|tx| {
        let (one, two) = (DeviceKey::from_seed([1; 32]), DeviceKey::from_seed([2; 32]));
        let sign = |key, kind, subject, number| Register::sign(key, kind, subject, number, vec![9]);
        for register in [
            sign(&one, kind::RECEIPT, 7, 1),
            sign(&two, kind::RECEIPT, 7, 2),
            sign(&one, kind::RECEIPT, 300, 1),
            sign(&one, kind::SEALING_KEY, 0, 1),
            sign(&two, kind::SEALING_KEY, 0, 1),
        ] {
            registers::put(tx, &register).unwrap();
            assert_eq!(registers::get(tx, &register.mark().slot()).unwrap(), Some(register));
        }
        let receipts = registers::list(tx, Some(kind::RECEIPT)).unwrap();
        assert_eq!(receipts.iter().map(|r| (r.subject, r.number)).collect::<Vec<_>>(), [(7, 2), (300, 1)]);
        assert_eq!(registers::list(tx, None).unwrap().len(), 4);
    });
}

#[test]
fn what_is_remembered_of_a_peer_comes_back() {
    with_tx(|tx| {
        let peer = DeviceKey::from_seed([1; 32]).id();
        assert_eq!(peers::get(tx, &peer).unwrap(), None);
        peers::put(tx, &peer, b"memory").unwrap();
        assert_eq!(peers::get(tx, &peer).unwrap(), Some(b"memory".to_vec()));
    });
}

#[test]
fn the_engines_own_facts_cannot_be_overwritten() {
    with_tx(|tx| {
        assert!(matches!(meta::put(tx, "commit", b"x"), Err(StoreError::Rule { .. })));
        meta::put(tx, "device", b"d").unwrap();
        assert_eq!(meta::get(tx, "device").unwrap(), Some(b"d".to_vec()));
    });
}

/// Fails if a value that means nothing were handed on instead of being said.
#[test]
fn a_value_of_an_unknown_version_is_said_and_kept() {
    with_tx(|tx| {
        tx.put(Table::Docs, &[1; 16], &[2, 1, 0, 0]).unwrap();
        assert!(matches!(
            documents::get(tx, &[1; 16]),
            Err(StoreError::Malformed { table: Table::Docs, .. })
        ));
        assert!(tx.get(Table::Docs, &[1; 16]).unwrap().is_some());
    });
}

struct Box_ {
    folder: Arc<DiskFolder>,
    _dir: tempfile::TempDir,
}

fn empty_box() -> Box_ {
    let dir = tempfile::tempdir().unwrap();
    Box_ { folder: Arc::new(DiskFolder::at(dir.path().join("box")).unwrap()), _dir: dir }
}

impl Box_ {
    fn open(&self) -> Result<Opened, OpenError> {
        open::open(&self.folder, Box::new(Unbounded), BagKey::from_bytes([5; 32]))
    }

    fn work(&self, commits: u64) -> u64 {
        let mut opened = self.open().unwrap();
        for number in 0..commits {
            let mut tx = opened.engine.write().unwrap();
            rows::put(&mut *tx, View(1), &number.to_be_bytes(), b"row").unwrap();
            tx.commit().unwrap();
        }
        let last = commit_number(&*opened.engine.read().unwrap()).unwrap();
        opened.stamp.note(last).unwrap();
        opened.engine.close().unwrap();
        last
    }
}

#[test]
fn a_folder_is_made_once_and_opened_again() {
    let village = empty_box();
    assert!(village.open().unwrap().fresh);
    village.work(3);
    let opened = village.open().unwrap();
    assert!(!opened.fresh);
    assert_eq!(opened.suspicion, Suspicion::None);
    assert_eq!(opened.check, Check::WhileOpening);
    assert_eq!(*opened.keybag.key().bytes(), [5; 32]);
    assert!(
        matches!(village.open(), Err(OpenError::Engine(EngineError::InUse))),
        "two processes, one database"
    );
    assert!(opened.engine.verify().unwrap() > 3);
}

/// Trap 5: a database that opens but is older or empty. Fails if any of these started in silence.
#[test]
fn a_database_that_is_gone_empty_or_older_is_said() {
    let village = empty_box();
    village.work(2);
    let database = village.folder.path().join(open::DATABASE);
    let old = std::fs::read(&database).unwrap();
    let stamp = village.work(5);

    std::fs::write(&database, &old).unwrap();
    assert_eq!(village.open().unwrap().suspicion, Suspicion::OlderThanStamp { database: 2, stamp });

    let other = empty_box();
    other.open().unwrap();
    std::fs::copy(other.folder.path().join(open::DATABASE), &database).unwrap();
    assert_eq!(village.open().unwrap().suspicion, Suspicion::Empty { stamp });

    std::fs::write(&database, b"").unwrap();
    assert!(matches!(village.open(), Err(OpenError::Engine(EngineError::DamagedFile(_)))));

    std::fs::remove_file(&database).unwrap();
    assert!(matches!(village.open(), Err(OpenError::DatabaseGone)));
    assert!(!database.exists(), "a fresh one was made in silence");

    std::fs::write(&database, &old).unwrap();
    std::fs::remove_file(village.folder.path().join("keybag.a")).unwrap();
    assert!(village.open().is_ok(), "one copy is enough");
    for file in ["keybag.a", "keybag.b"] {
        std::fs::remove_file(village.folder.path().join(file)).unwrap();
    }
    assert!(matches!(village.open(), Err(OpenError::KeyBagGone)));
}

/// Fails if a rotation cut short lost a key that seeds may be wrapped under, or kept the old one in the end.
#[test]
fn a_rotation_keeps_both_keys_until_it_is_finished() {
    let village = empty_box();
    let mut keybag = village.open().unwrap().keybag;
    assert!(keybag.retiring().is_none());
    keybag.begin_rotation(BagKey::from_bytes([6; 32])).unwrap();
    assert!(keybag.begin_rotation(BagKey::from_bytes([7; 32])).is_err());

    let mut again = KeyBag::open(village.folder.clone()).unwrap().unwrap();
    assert_eq!(*again.key().bytes(), [6; 32]);
    assert_eq!(*again.retiring().unwrap().bytes(), [5; 32]);
    again.finish_rotation().unwrap();
    assert!(again.retiring().is_none());
    for file in ["keybag.a", "keybag.b"] {
        let bytes = std::fs::read(village.folder.path().join(file)).unwrap();
        assert!(!bytes.windows(32).any(|window| window == [5; 32]), "{file} still holds the old key");
    }
}

/// Fails if the backup were of a live file, missed a table, or opened as another commit than it was taken at.
#[test]
fn a_backup_is_one_snapshot_whole_or_not_at_all() {
    let village = empty_box();
    village.work(4);
    let opened = village.open().unwrap();
    let mut tx = opened.engine.write().unwrap();
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
        tx.put(table, b"probe", table.name().as_bytes()).unwrap();
    }
    blobs::put(&mut *tx, &vec![7; 5 * 1024 * 1024]).unwrap();
    let number = tx.commit().unwrap();

    let elsewhere = empty_box();
    assert_eq!(backup::write(&opened.engine, &*elsewhere.folder, Box::new(Unbounded)).unwrap(), number);
    assert!(!elsewhere.folder.exists("backup.redb.new").unwrap());
    let backend = elsewhere.folder.backend(backup::BACKUP, false).unwrap();
    let copy = RedbEngine::open(backend, Check::WhileOpening, Box::new(Unbounded)).unwrap();
    let (copied, original) = (copy.read().unwrap(), opened.engine.read().unwrap());
    assert_eq!(commit_number(&*copied).unwrap(), number);
    for table in Table::ALL {
        let all = |tx: &dyn ReadTx| engine::collect(tx, table, &Span::all(), usize::MAX).unwrap();
        assert_eq!(all(&*copied), all(&*original), "{table}");
    }
}

/// Fails if a blob of any size came back otherwise, if its pieces could not be told from others, or if destroying it
/// left something.
#[test]
fn a_blob_stands_in_pieces_that_its_name_vouches_for() {
    let village = empty_box();
    village.work(4);
    let opened = village.open().unwrap();
    for size in [0, 1, limit::BLOB_PIECE_BYTES, limit::BLOB_PIECE_BYTES + 1, 200_000] {
        let ciphertext: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let mut tx = opened.engine.write().unwrap();
        let hash = blobs::put(&mut *tx, &ciphertext).unwrap();
        assert_eq!(blobs::get(&*tx, &hash).unwrap().unwrap(), ciphertext);
        let header = blobs::header(&*tx, &hash).unwrap().unwrap();
        assert_eq!((header.hash(), header.size), (hash, size as u64));
        for (index, piece) in ciphertext.chunks(limit::BLOB_PIECE_BYTES).enumerate() {
            assert!(header.holds(index, piece));
            assert!(!header.holds(index + 1, piece) && !header.holds(index, &piece[1..]));
            let mut changed = piece.to_vec();
            changed[0] ^= 1;
            assert!(!header.holds(index, &changed));
        }
        blobs::remove(&mut *tx, &hash).unwrap();
        assert_eq!(engine::collect(&*tx, Table::Blobs, &Span::prefix(&hash), 9).unwrap(), []);
    }
}

/// Fails if a missing piece passed for a whole blob, or a changed one for the right one.
#[test]
fn a_blob_with_a_piece_gone_is_not_there_and_with_a_wrong_one_is_damage() {
    let engine = MemoryEngine::new();
    let mut tx = engine.write().unwrap();
    let hash = blobs::put(&mut *tx, &[7; 200_000]).unwrap();
    let second = [&hash[..], &1u32.to_be_bytes()].concat();
    tx.put(Table::Blobs, &second, &[8; limit::BLOB_PIECE_BYTES]).unwrap();
    assert!(blobs::get(&*tx, &hash).is_err());
    tx.delete(Table::Blobs, &second).unwrap();
    assert_eq!(blobs::get(&*tx, &hash).unwrap(), None);
}

/// Fails if the sum that quotas rest on drifts from what is there.
#[test]
fn what_documents_hold_is_counted_and_goes_with_them() {
    let engine = MemoryEngine::new();
    let mut tx = engine.write().unwrap();
    let (one, other) = ([1; 16], [2; 16]);
    let first = blobs::hold(&mut *tx, &one, &[1; 1000]).unwrap();
    assert_eq!(blobs::hold(&mut *tx, &one, &[1; 1000]).unwrap(), first, "held once");
    blobs::hold(&mut *tx, &one, &[2; 70_000]).unwrap();
    let kept = blobs::hold(&mut *tx, &other, &[3; 30]).unwrap();
    assert_eq!(blobs::total(&*tx).unwrap(), 71_030);
    blobs::release(&mut *tx, &other, &first).unwrap();
    assert_eq!(blobs::of(&*tx, &one).unwrap().len(), 2, "another document's is left alone");
    blobs::release(&mut *tx, &one, &first).unwrap();
    assert_eq!((blobs::total(&*tx).unwrap(), blobs::get(&*tx, &first).unwrap()), (70_030, None));
    blobs::release_of(&mut *tx, &one).unwrap();
    assert_eq!(blobs::of(&*tx, &one).unwrap(), []);
    assert_eq!(blobs::of(&*tx, &other).unwrap(), [(kept, 30)]);
    assert_eq!(blobs::total(&*tx).unwrap(), 30);
}
