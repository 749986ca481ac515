//! Photos: where they are, who may look, and that nothing of one that was taken away stays.

use super::{Pair, clerk, pair, refused, township_item};
use crate::cases::{CaseId, FullPhoto, NewPhoto, PhotoName, Why};
use crate::limit::{BOX_PHOTO_BYTES, PHOTO_BYTES};
use crate::testing::{Invented, answers, jpeg, meet, meet_speaking};
use crate::{ActError, Node};
use model::case::photo::BlobName;
use std::sync::Arc;
use store::engine::{Engine, EngineError, ReadTx, Span, Table, Transaction, collect};
use store::{audit, blobs, meta};

fn new(node: &Node, draft: CaseId, words: &str) -> NewPhoto {
    let version = node.case(draft).unwrap().version.unwrap();
    let material = version.materials.first().unwrap().id.clone();
    let thumb = Some(jpeg(120, 90, &words.replace('g', "t")));
    NewPhoto { material, file: jpeg(1600, 1200, words), thumb, instead: None }
}

fn names(node: &Node, id: CaseId) -> Vec<PhotoName> {
    node.case(id).unwrap().case.photos.iter().map(|photo| photo.what.photo).collect()
}

fn drafted(node: &Node) -> CaseId {
    let version = node.reference().catalogue.current(&township_item(node), node.today()).unwrap().clone();
    let draft = node.start_draft(&clerk(), &version.code).unwrap();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(1));
    node.save_draft(&clerk(), draft, typed).unwrap();
    draft
}

fn blob_rows(node: &Node) -> usize {
    let tx = node.engine().read().unwrap();
    let rows = |table| collect(&*tx, table, &Span::all(), usize::MAX).unwrap().len();
    rows(Table::Blobs) + rows(Table::BlobRefs)
}

/// Fails if a photo did not become the case's, could be looked at without a reason, or kept anything under the draft's keys.
#[test]
fn d5_a_photo_goes_from_the_draft_into_the_case() {
    let Pair { station, centre, disk, town, clock } = pair();
    let draft = drafted(&station);
    for words in ["first gone", "second kept"] {
        station.add_photo(&clerk(), draft, new(&station, draft, words)).unwrap();
    }
    let [first, second] = names(&station, draft)[..] else { panic!() };
    let full = station.photo(draft, second, FullPhoto::OfDraft).unwrap().unwrap();
    assert_eq!(full.bytes, jpeg(1600, 1200, "second kept"));
    station.drop_photo(&clerk(), draft, first).unwrap();
    let tx = station.engine().read().unwrap();
    assert_eq!(blobs::get(&*tx, &first).unwrap(), None, "destroyed");
    drop(tx);

    let id = station.accept(&clerk(), draft).unwrap().id;
    let [kept] = names(&station, id)[..] else { panic!() };
    assert_ne!(kept, second, "sealed anew");
    let tx = station.engine().read().unwrap();
    assert_eq!(blobs::of(&*tx, &draft.0).unwrap(), []);
    assert_eq!(blobs::get(&*tx, &second).unwrap(), None);
    let held: u64 = blobs::of(&*tx, &id.0).unwrap().iter().map(|(_, bytes)| bytes).sum();
    assert_eq!(blobs::total(&*tx).unwrap(), held);
    drop(tx);
    let thumb = station.photo_thumb(id, kept).unwrap().unwrap();
    assert_eq!(thumb.bytes, jpeg(120, 90, "second kept"));
    assert!(matches!(station.photo(id, kept, FullPhoto::OfDraft), Err(ActError::NotFound)));
    station.reveal_photo(&clerk(), id, kept, Why::Inspect).unwrap();
    let full = station.photo(id, kept, FullPhoto::Reasoned).unwrap().unwrap();
    assert_eq!(full.bytes, jpeg(1600, 1200, "second kept"));
    let tx = station.engine().read().unwrap();
    let last = audit::page(&*tx, None, 999).unwrap();
    assert!(last.iter().any(|(_, row)| row.act == "查看原图" && row.detail.contains("检查")));
    drop(tx);

    // where the photo is not, the record says what there is and the page says that it is not here
    meet_speaking(&station, &centre, 1);
    assert_eq!(names(&centre, id), [kept]);
    assert!(!centre.has_photo(kept).unwrap());
    assert_eq!(centre.photo(id, kept, FullPhoto::Reasoned).unwrap(), None);
    meet(&station, &centre);
    assert!(centre.photo(id, kept, FullPhoto::Reasoned).unwrap().is_some());
    // after a restart it opens as before
    let again = town.start(1, Arc::clone(&disk) as _, clock, 9);
    assert!(again.photo(id, kept, FullPhoto::Reasoned).unwrap().is_some());
}

/// Fails if a draft thrown away left a photo, or a turned one stood beside the one it was made of.
#[test]
fn d5_a_discarded_draft_destroys_its_photos_and_a_turned_one_replaces() {
    let Pair { station, .. } = pair();
    let before = blob_rows(&station);
    let draft = drafted(&station);
    station.add_photo(&clerk(), draft, new(&station, draft, "lying on its side")).unwrap();
    let [lying] = names(&station, draft)[..] else { panic!() };
    let rows = blob_rows(&station);
    let turned = NewPhoto { instead: Some(lying), ..new(&station, draft, "standing") };
    station.add_photo(&clerk(), draft, turned.clone()).unwrap();
    assert_eq!((names(&station, draft).len(), blob_rows(&station)), (1, rows));
    assert!(
        refused(station.add_photo(&clerk(), draft, turned).unwrap_err()).message.contains("没有这张照片")
    );
    station.discard_draft(&clerk(), draft).unwrap();
    assert_eq!(blob_rows(&station), before);
    assert_eq!(blobs::total(&*station.engine().read().unwrap()).unwrap(), 0);
}

/// Fails if what is no photo, or too much of one, were sealed and kept.
#[test]
fn d5_a_file_that_is_no_photo_or_too_large_is_refused_in_clear_words() {
    let Pair { station, .. } = pair();
    let draft = drafted(&station);
    let rows = blob_rows(&station);
    let tell = |file: Vec<u8>| {
        let photo = NewPhoto { file, ..new(&station, draft, "x") };
        let refusal = refused(station.add_photo(&clerk(), draft, photo).unwrap_err());
        refusal.fields.of("photo").unwrap().to_owned()
    };
    assert!(tell(b"%PDF-1.7".to_vec()).contains("不是照片"));
    assert!(tell(jpeg(1600, 1200, "cut")[..28].to_vec()).contains("没有传完整"));
    assert!(tell(jpeg(9000, 20, "wide")).contains("尺寸太大"));
    let large = jpeg(1600, 1200, &"a".repeat(10 * 1024 * 1024));
    assert!(tell(large).contains("照片太大（10 MB"));
    assert!(tell(jpeg(9, 9, &"a".repeat(PHOTO_BYTES))).contains("手机拍小一点"));
    assert_eq!((names(&station, draft).len(), blob_rows(&station)), (0, rows));
    // a thumbnail that is none, or that one could read a number in, is left out; the photo is taken
    for thumb in [b"<script>".to_vec(), jpeg(1600, 1200, "large")] {
        let photo = NewPhoto { thumb: Some(thumb), ..new(&station, draft, "good") };
        station.add_photo(&clerk(), draft, photo).unwrap();
    }
    assert!(station.case(draft).unwrap().case.photos.iter().all(|photo| photo.what.thumb.is_none()));
}

/// Fails if a case's photo could be taken away, or a double press made two.
#[test]
fn d5_a_case_only_grows_and_a_form_sent_twice_adds_one() {
    let Pair { station, .. } = pair();
    let id = super::take(&station, &township_item(&station), 3);
    let photo = new(&station, id, "later");
    let once = station.once([5; 16], [6; 16]);
    assert!(!once.add_photo(&clerk(), id, photo.clone()).unwrap().before);
    assert!(once.add_photo(&clerk(), id, photo).unwrap().before);
    let [name] = names(&station, id)[..] else { panic!() };
    assert!(refused(station.drop_photo(&clerk(), id, name).unwrap_err()).message.contains("只能加"));
    station.mark_photo(&clerk(), id, name, "拍成别人的了".to_owned()).unwrap();
    let view = station.case(id).unwrap();
    assert!(view.case.photos[0].wrong.is_some() && view.anomalies.is_empty());
    assert!(station.photo_thumb(id, name).unwrap().is_some(), "it stays");
}

/// Fails if photos filled the box, or went on when the disk is nearly full, while records can still be written.
#[test]
fn d5_photos_are_refused_before_the_disk_is_full() {
    let Pair { station, .. } = pair();
    let draft = drafted(&station);
    let photo = new(&station, draft, "one too many");
    let full = |tx: &mut dyn store::WriteTx, bytes: u64| meta::put(tx, "blobs", &bytes.to_be_bytes());
    station.submit(move |tx| full(tx, BOX_PHOTO_BYTES).map_err(ActError::from)).unwrap();
    let told = refused(station.add_photo(&clerk(), draft, photo.clone()).unwrap_err());
    assert!(told.message.contains("快满了") && told.message.contains("办件照常"), "{told:?}");
    assert_eq!(names(&station, draft), [] as [BlobName; 0]);
    station.submit(move |tx| full(tx, 0).map_err(ActError::from)).unwrap();
    station.add_photo(&clerk(), draft, photo).unwrap();
}

/// An engine on a disk with little room.
struct Nearly(store::MemoryEngine);

impl Engine for Nearly {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        self.0.read()
    }
    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        self.0.write()
    }
    fn room(&self) -> Result<u64, EngineError> {
        Ok(100 * 1024 * 1024)
    }
}

/// Fails if a photo took the room that records need.
#[test]
fn d5_a_disk_with_little_room_still_takes_records_but_no_photo() {
    let Pair { town, clock, centre, .. } = pair();
    let station = town.start(1, Arc::new(Nearly(store::MemoryEngine::new())), clock, 5);
    meet(&station, &centre);
    let draft = drafted(&station);
    let told = refused(station.add_photo(&clerk(), draft, new(&station, draft, "x")).unwrap_err());
    assert!(told.message.contains("快满了"));
    station.accept(&clerk(), draft).unwrap();
}

/// Fails if a phone's code opened another draft, after it was taken back, replaced, run out or the draft received; or if it
/// could do more than add.
#[test]
fn devices_a_phone_adds_photos_to_one_draft_for_as_long_as_it_is_let() {
    let Pair { station, clock, .. } = pair();
    let (draft, other) = (drafted(&station), drafted(&station));
    let opens = |token: &str| station.by_phone(token, "192.168.8.20").map(|view| view.id).ok();
    station.open_phone(&clerk(), draft).unwrap();
    let first = station.phone_code(draft).unwrap().token;
    assert_eq!((first.len(), opens(&first), station.phone_code(other).is_none()), (32, Some(draft), true));
    station.open_phone(&clerk(), draft).unwrap();
    let second = station.phone_code(draft).unwrap().token;
    assert_eq!((opens(&first), opens(&second)), (None, Some(draft)), "the newer one counts");

    station.add_photo(&clerk(), draft, new(&station, draft, "by hand")).unwrap();
    let [by_hand] = names(&station, draft)[..] else { panic!() };
    let sly = NewPhoto { instead: Some(by_hand), ..new(&station, draft, "by phone") };
    station.add_by_phone(&second, "p", sly).unwrap();
    assert_eq!(names(&station, draft).len(), 2, "added, not put in the place of another");

    station.close_phone(draft);
    assert_eq!(opens(&second), None, "taken back");
    station.open_phone(&clerk(), draft).unwrap();
    let third = station.phone_code(draft).unwrap().token;
    clock.advance(30 * 60 * 1000 - 1);
    assert_eq!(opens(&third), Some(draft));
    clock.advance(1);
    assert_eq!(opens(&third), None, "half an hour is over");
    station.open_phone(&clerk(), draft).unwrap();
    let fourth = station.phone_code(draft).unwrap().token;
    station.accept(&clerk(), draft).unwrap();
    let late = station.add_by_phone(&fourth, "p", new(&station, other, "late"));
    assert!(late.is_err() && station.open_phone(&clerk(), draft).is_err(), "received");
}

/// Fails if codes could be guessed at full speed, or guessing from one place kept the clerk's phone out.
#[test]
fn devices_guessing_a_phones_code_is_slowed() {
    let Pair { station, .. } = pair();
    let draft = drafted(&station);
    station.open_phone(&clerk(), draft).unwrap();
    let token = station.phone_code(draft).unwrap().token;
    for _ in 0..crate::limit::QUERY_FREE_TRIES {
        assert!(matches!(
            station.by_phone(&"0".repeat(32), "guesser"),
            Err(super::super::PhoneRefusal::Wrong)
        ));
    }
    assert!(matches!(station.by_phone(&token, "guesser"), Err(super::super::PhoneRefusal::Wait(_))));
    assert!(station.by_phone(&token, "the clerk's").is_ok());
}
