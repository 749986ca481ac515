//! Photos come to every box that may read their case, whole or not at all, and the receipt says what is missing (D5, H6).

use crate::Node;
use crate::cases::{Arrived, CaseId, FullPhoto, NewPhoto, PhotoName, TruthMark};
use crate::mesh::MeshContext;
use crate::testing::{self, Invented, MONDAY, TestClock, TestTownship, answers, clerk, jpeg, meet, township};
use crate::testing::{township_item, write};
use identity::{Audience, DeviceId, Lane};
use model::matter::Sort;
use model::matter::act::Open;
use model::record::Edit;
use std::sync::Arc;
use store::engine::{Span, Table, collect};
use store::{MemoryEngine, blobs};
use sync::truth::Truth;
use sync::{Attachments as _, BlobPiece, BlobReason, Want, Wanted};

struct Town {
    town: TestTownship,
    centre: Node,
    station: Node,
    other: Node,
    centre_disk: Arc<MemoryEngine>,
}

fn town() -> Town {
    let town = township(2, 7);
    let centre_disk = Arc::new(MemoryEngine::new());
    let start = |place: usize, disk: &Arc<MemoryEngine>| {
        town.start(place, Arc::clone(disk) as _, TestClock::at(MONDAY), place as u64)
    };
    let [centre, station, other] =
        [start(0, &centre_disk), start(1, &Arc::default()), start(2, &Arc::default())];
    centre.load_small_sample(&[2301, 2302]).unwrap();
    for village in [&station, &other] {
        meet(village, &centre);
    }
    Town { town, centre, station, other, centre_disk }
}

/// A case of the station with so many photos, each of several pieces.
fn case_with(station: &Node, photos: usize) -> CaseId {
    let version = township_item(station);
    let draft = station.start_draft(&clerk(), &version.code).unwrap();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(1));
    station.save_draft(&clerk(), draft, typed).unwrap();
    for number in 0..photos {
        let material = version.materials.first().unwrap().id.clone();
        let new = NewPhoto { material, file: file(number), thumb: Some(small(number)), instead: None };
        station.add_photo(&clerk(), draft, new).unwrap();
    }
    station.accept(&clerk(), draft).unwrap().id
}

fn file(number: usize) -> Vec<u8> {
    jpeg(1600, 1200, &format!("photo {number} ").repeat(28_000))
}

fn small(number: usize) -> Vec<u8> {
    jpeg(120, 90, &format!("small {number} ").repeat(30))
}

fn names(node: &Node, id: CaseId) -> Vec<PhotoName> {
    node.case(id).unwrap().case.photos.iter().map(|photo| photo.what.photo).collect()
}

/// Records alone: what two boxes exchange that have no word for blobs.
fn meet_without_blobs(one: &Node, other: &Node) {
    testing::meet_speaking(one, other, 1);
}

fn wants(of: &Node, from: &DeviceId) -> Vec<Want> {
    match MeshContext::new(of.clone()).wanted(from, &|_| false, 99) {
        Wanted::Blobs(wants) => wants,
        Wanted::Full => panic!("there is room"),
    }
}

fn piece(of: &Node, to: &DeviceId, want: &Want) -> Result<BlobPiece, BlobReason> {
    MeshContext::new(of.clone()).piece(to, want)
}

fn keep(at: &Node, from: &DeviceId, want: &Want, piece: BlobPiece) -> Result<sync::Kept, BlobReason> {
    MeshContext::new(at.clone()).keep(from, want, piece)
}

fn rows(node: &Node) -> Vec<(Table, Vec<u8>, Vec<u8>)> {
    let tx = node.engine().read().unwrap();
    let tables = [Table::Blobs, Table::BlobRefs, Table::BlobDocs, Table::Rows, Table::Seeds];
    let all = tables.into_iter().flat_map(|table| {
        let pairs = collect(&*tx, table, &Span::all(), usize::MAX).unwrap();
        pairs.into_iter().map(move |(key, value)| (table, key, value))
    });
    all.collect()
}

/// Fails if a photo taken at a village is not, byte by byte, at the centre; opens for nobody there; or comes to a village
/// that has nothing to do with it.
#[test]
fn d5_a_photo_arrives_at_the_centre_and_nowhere_else() {
    let Town { centre, station, other, .. } = town();
    let id = case_with(&station, 2);
    meet(&station, &centre);
    meet(&other, &centre);
    for (number, name) in names(&centre, id).into_iter().enumerate() {
        assert!(centre.has_photo(name).unwrap() && !other.has_photo(name).unwrap());
        assert_eq!(centre.photo(id, name, FullPhoto::Reasoned).unwrap().unwrap().bytes, file(number));
        assert_eq!(centre.photo_thumb(id, name).unwrap().unwrap().bytes, small(number));
        let here = |node: &Node| blobs::get(&*node.engine().read().unwrap(), &name).unwrap();
        assert_eq!(here(&centre), here(&station));
    }
    let counts = centre.blob_counts();
    assert_eq!((counts.whole, counts.refused.len()), (4, 0));
    assert_eq!(counts.kept, station.blob_counts().sent, "each piece once");
    meet(&station, &centre);
    assert_eq!(centre.blob_counts(), counts, "nothing travels twice");
}

/// Fails if 中心已回执 is said before all photos are at the centre, or the page and the home page count otherwise than
/// what the centre signed.
#[test]
fn h6_a_case_is_received_when_its_photos_are() {
    let Town { centre, station, .. } = town();
    let id = case_with(&station, 3);
    meet_without_blobs(&station, &centre);
    let truth = station.case(id).unwrap().truth;
    assert_eq!((truth, truth.label().as_str()), (TruthMark::Missing(0, 3), "材料 0/3 在途"));
    assert_eq!(centre.case(id).unwrap().truth, TruthMark::Missing(0, 3));
    let (counts, oldest) = station.truth_counts().unwrap();
    assert_eq!((counts.in_transit, counts.received), (1, 0));
    assert_eq!(oldest.unwrap().id, id);
    let named = names(&centre, id);
    assert!(named.iter().all(|name| centre.case(id).unwrap().on_the_way.arrived(name) == Arrived::Nothing));

    // one photo and all thumbnails come
    for want in wants(&centre, &station.device()).into_iter().take(4) {
        let mut want = want;
        loop {
            let sent = piece(&station, &centre.device(), &want).unwrap();
            let kept = keep(&centre, &station.device(), &want, sent).unwrap();
            want.first = kept.next;
            if kept.whole {
                break;
            }
        }
    }
    meet_without_blobs(&station, &centre);
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Missing(1, 3));
    assert_eq!(centre.case(id).unwrap().truth, TruthMark::Missing(1, 3));
    meet(&station, &centre);
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Received);
    assert_eq!(centre.case(id).unwrap().truth, TruthMark::Here);
    assert!(centre.case(id).unwrap().on_the_way.is_empty());
    let (counts, oldest) = station.truth_counts().unwrap();
    assert_eq!((counts.in_transit, counts.received, oldest), (0, 1, None));
}

/// Fails if a restart in the middle of a photo loses pieces that were said to be kept, or rows made anew forget them.
#[test]
fn d5_a_restart_in_the_middle_goes_on_at_the_next_piece() {
    let Town { town, centre, station, centre_disk, .. } = town();
    let id = case_with(&station, 1);
    meet_without_blobs(&station, &centre);
    let photo = wants(&centre, &station.device()).into_iter().find(|want| want.lane == 1).unwrap();
    let mut want = photo;
    for next in 1..3 {
        let sent = piece(&station, &centre.device(), &want).unwrap();
        assert_eq!(keep(&centre, &station.device(), &want, sent).unwrap().next, next);
        want.first = next;
    }
    let all = u32::try_from((file(0).len() + 29).div_ceil(64 * 1024)).unwrap();
    assert_eq!(centre.case(id).unwrap().on_the_way.arrived(&photo.name), Arrived::Pieces(2, all));
    assert!(!centre.has_photo(photo.name).unwrap());
    assert_eq!(centre.photo(id, photo.name, FullPhoto::Reasoned).unwrap(), None);
    let before = rows(&centre);
    centre.rebuild_rows().unwrap();
    assert_eq!(rows(&centre), before);

    let again = town.start(0, centre_disk, TestClock::at(MONDAY), 99);
    assert_eq!(wants(&again, &station.device()).into_iter().find(|want| want.lane == 1), Some(want));
    meet(&station, &again);
    assert_eq!(again.photo(id, photo.name, FullPhoto::Reasoned).unwrap().unwrap().bytes, file(0));
    assert_eq!(again.blob_counts().kept, u64::from(all) - 2 + 1, "the rest of the photo, and the thumbnail");
}

/// Fails if a village whose disk was lost does not get its photos back from the centre.
#[test]
fn d5_a_replaced_box_gets_its_photos_back() {
    let Town { town, centre, station, .. } = town();
    let id = case_with(&station, 1);
    meet(&station, &centre);
    let fresh = town.start(1, Arc::new(MemoryEngine::new()), TestClock::at(MONDAY), 50);
    meet(&fresh, &centre);
    let [name] = names(&fresh, id)[..] else { panic!() };
    assert_eq!(fresh.photo(id, name, FullPhoto::Reasoned).unwrap().unwrap().bytes, file(0));
    assert_eq!(fresh.case(id).unwrap().truth, TruthMark::Received);
}

/// Fails if anybody but the readers of a case gets a photo of it, or a draft's photo leaves the box.
#[test]
fn d5_only_who_may_read_the_case_gets_its_photos() {
    let Town { centre, station, other, .. } = town();
    let id = case_with(&station, 1);
    meet_without_blobs(&station, &centre);
    let want = wants(&centre, &station.device())[0];
    assert_eq!(wants(&centre, &other.device()), []);
    assert_eq!(wants(&other, &station.device()), []);
    assert_eq!(piece(&station, &other.device(), &want).unwrap_err(), BlobReason::Scope);
    assert_eq!(piece(&station, &DeviceId([1; 32]), &want).unwrap_err(), BlobReason::Scope);
    meet(&station, &centre);
    assert_eq!(piece(&centre, &other.device(), &want).unwrap_err(), BlobReason::Scope);
    assert!(piece(&centre, &station.device(), &want).is_ok());
    // another village's own document does not open the way to it
    let own = case_with(&other, 1);
    meet(&other, &centre);
    let lie = Want { doc: own.0, ..want };
    assert_eq!(piece(&centre, &other.device(), &lie).unwrap_err(), BlobReason::Absent);
    let nobody = Want { doc: [9; 16], ..want };
    assert_eq!(piece(&centre, &other.device(), &nobody).unwrap_err(), BlobReason::Scope);

    let version = township_item(&station);
    let draft = station.start_draft(&clerk(), &version.code).unwrap();
    let material = version.materials.first().unwrap().id.clone();
    station
        .add_photo(&clerk(), draft, NewPhoto { material, file: file(5), thumb: None, instead: None })
        .unwrap();
    let [name] = names(&station, draft)[..] else { panic!() };
    let want = Want { doc: draft.0, name, lane: 1, first: 0 };
    assert_eq!(piece(&station, &centre.device(), &want).unwrap_err(), BlobReason::Scope);
    assert!(id != draft);
}

/// Fails if a forged piece, one for a document that does not name it, or keys meant for another box leave anything.
#[test]
fn d5_what_is_not_the_next_piece_of_a_named_photo_leaves_nothing() {
    let Town { centre, station, .. } = town();
    case_with(&station, 1);
    meet_without_blobs(&station, &centre);
    let want = wants(&centre, &station.device()).into_iter().find(|want| want.lane == 1).unwrap();
    let good = piece(&station, &centre.device(), &want).unwrap();
    let before = rows(&centre);
    let mut flipped = good.clone();
    flipped.bytes[100] ^= 1;
    let strange = Want { doc: [4; 16], ..want };
    let unnamed = Want { lane: 0, ..want };
    for (want, bad, reason) in [
        (want, flipped, BlobReason::Piece),
        (strange, good.clone(), BlobReason::Scope),
        (unnamed, good.clone(), BlobReason::Scope),
        (want, BlobPiece { index: 1, head: None, ..good.clone() }, BlobReason::Order),
    ] {
        assert_eq!(keep(&centre, &station.device(), &want, bad).unwrap_err(), reason);
        assert_eq!(rows(&centre), before);
    }
    let parcel = &good.head.as_ref().unwrap().parcel;
    assert!(!centre.unparcel(parcel, &want.doc, &want.name).is_empty());
    assert!(station.unparcel(parcel, &want.doc, &want.name).is_empty(), "not sealed to it");
    assert!(centre.unparcel(parcel, &[4; 16], &want.name).is_empty(), "not for this document");
    keep(&centre, &station.device(), &want, good).unwrap();
}

/// Fails if one peer can fill the centre's disk, or what is over its share is stored all the same.
#[test]
fn a_peer_over_its_share_is_told_that_there_is_no_room() {
    let Town { centre, station, .. } = town();
    let id = case_with(&station, 1);
    meet_without_blobs(&station, &centre);
    let share = u64::from(station.station().0) + 1;
    let fill = |bytes: u64| {
        let name = format!("blobs of {share}");
        centre.commit(move |job| Ok(store::meta::put(job.tx, &name, &bytes.to_be_bytes())?)).unwrap();
    };
    fill(crate::limit::PEER_PHOTO_BYTES - 10);
    let want = wants(&centre, &station.device())[0];
    let sent = piece(&station, &centre.device(), &want).unwrap();
    assert_eq!(keep(&centre, &station.device(), &want, sent).unwrap_err(), BlobReason::Full);
    fill(crate::limit::PEER_PHOTO_BYTES);
    meet(&station, &centre);
    assert!(station.is_centre_full());
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Missing(0, 1));
    fill(0);
    meet(&station, &centre);
    assert_eq!((station.is_centre_full(), station.case(id).unwrap().truth), (false, TruthMark::Received));
}

/// Fails if a document of another kind, or a record without photos, waits for any.
#[test]
fn what_names_no_photo_lacks_none() {
    let Town { centre, station, .. } = town();
    let at = records::DocRef { id: records::DocId([3; 16]), kind: records::DocKind::Case };
    let edit = Edit { events: vec![vec![9; 40]], ..Edit::default() };
    write(&station, at, edit, vec![Audience::Hub], Lane::CASES).unwrap();
    meet(&station, &centre);
    assert_eq!(testing::whereabouts(&station, &at.id.0).unwrap(), Truth::Received);
    assert_eq!(wants(&centre, &station.device()), []);
}

/// A7, D5: fails if a photo of a round is not at the centre after the records, is shown to another village, is called received
/// before it is whole there, or stands in clear on a disk; or if a matter that is no round takes one.
#[test]
fn a7_a_rounds_photo_comes_to_the_centre_and_nowhere_else() {
    let Town { centre, station, other, .. } = town();
    let seen = |topic: &str, words: &str| Open {
        topic: topic.into(),
        words: words.into(),
        due: Some(model::Date::MAX),
        ..Open::default()
    };
    let id = station.open_matter(&clerk(), Sort::Round, seen("place", "灯坏了")).unwrap().id;
    let new = |number| NewPhoto {
        material: String::new(),
        file: file(number),
        thumb: Some(small(number)),
        instead: None,
    };
    station.add_matter_photo(&clerk(), id, &new(1)).unwrap();
    let view = station.matter(id).unwrap();
    let name = view.matter.photos[0].what.photo;
    assert_eq!((view.matter.photos.len(), view.truth), (1, TruthMark::Saved));
    assert_eq!(station.matter_photo(id, name, false).unwrap().unwrap().bytes, file(1));
    assert_eq!(station.matter_photo(id, name, true).unwrap().unwrap().bytes, small(1));

    meet(&station, &centre);
    meet(&other, &centre);
    let there = centre.matter(id).unwrap();
    assert_eq!(there.matter, station.matter(id).unwrap().matter);
    assert_eq!(centre.matter_photo(id, name, false).unwrap().unwrap().bytes, file(1));
    assert_eq!(station.matter(id).unwrap().truth, TruthMark::Received);
    assert!(other.matter_photo(id, name, false).is_err());
    let rows = collect(&*centre.engine().read().unwrap(), Table::Blobs, &Span::all(), usize::MAX).unwrap();
    let plain = b"photo 1 photo 1 photo 1";
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|(_, value)| !value.windows(plain.len()).any(|window| window == plain)));

    let other = station.open_matter(&clerk(), Sort::Consult, seen("how", "问一下")).unwrap().id;
    assert!(station.add_matter_photo(&clerk(), other, &new(2)).is_err(), "a question has no photos");
    for number in 2..=12 {
        station.add_matter_photo(&clerk(), id, &new(number)).unwrap();
    }
    assert!(station.add_matter_photo(&clerk(), id, &new(13)).is_err(), "twelve are enough");
}
