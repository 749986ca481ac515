use std::collections::BTreeMap;

use super::super::{Scene, event::*, notice, photo::*};
use super::{
    flow::{accept_it, filled},
    support::*,
};
use crate::limit;

fn command(doc: &Doc, blob: u8) -> AddPhoto {
    let material = doc.version.materials.first().unwrap().id.clone();
    AddPhoto { material, photo: [blob; 32], thumb: Some([blob + 100; 32]), bytes: 9, size: (4, 3) }
}

fn add_one(doc: &mut Doc, blob: u8) -> Result<(), crate::Refusal> {
    let one = command(doc, blob);
    doc.act(|case, ctx, version| add(case, &one, version, ctx))
}

/// Fails if a draft's photo could not be taken back, or a case's photo could.
#[test]
fn d5_a_photo_is_dropped_from_a_draft_and_only_marked_afterwards() {
    let mut doc = Doc::new("S047");
    add_one(&mut doc, 1).unwrap();
    add_one(&mut doc, 2).unwrap();
    let words = |doc: &mut Doc, reason: &str| doc.act(|case, ctx, _| mark(case, [2; 32], reason, ctx));
    assert!(words(&mut doc, "拍糊了").is_err(), "a draft's photo is dropped, not marked");
    doc.act(|case, ctx, _| drop_photo(case, [1; 32], ctx)).unwrap();
    assert_eq!(doc.case().photos.len(), 1);
    assert!(doc.act(|case, ctx, _| drop_photo(case, [1; 32], ctx)).is_err(), "gone already");

    doc.apply(&crate::record::Edit {
        events: vec![stamped(0, 1, VILLAGE, payload(Kind::Received)).bytes],
        ..Default::default()
    });
    assert!(doc.act(|case, ctx, _| drop_photo(case, [2; 32], ctx)).is_err());
    add_one(&mut doc, 3).unwrap();
    assert!(words(&mut doc, " ").is_err(), "a reason is needed");
    words(&mut doc, "拍糊了").unwrap();
    assert!(words(&mut doc, "又说一遍").is_err());
    let case = doc.case();
    assert_eq!(case.photos.len(), 2);
    let (_, marked) = case.photo([2; 32]).unwrap().wrong.clone().unwrap();
    assert_eq!(case.filing.cell(&marked.reason), Some("拍糊了"));
    assert!(case.photo([3; 32]).unwrap().wrong.is_none());
}

/// Fails if photos of what nobody asked for, or without end, could be put into a case.
#[test]
fn d5_a_photo_is_of_a_material_of_the_item_and_they_are_limited() {
    let mut doc = Doc::new("S047");
    let stranger = AddPhoto { material: "nothing".into(), ..command(&doc, 1) };
    let refused = doc.act(|case, ctx, version| add(case, &stranger, version, ctx)).unwrap_err();
    assert!(refused.fields.of("material").is_some());
    for blob in 0..limit::PHOTOS {
        add_one(&mut doc, u8::try_from(blob).unwrap()).unwrap();
    }
    let refused = add_one(&mut doc, 99).unwrap_err();
    assert!(refused.fields.of("photo").unwrap().contains("已经满了"));
}

/// Fails if a photo of a step can be added before the step was done, or not after it.
#[test]
fn d11_a_step_is_photographed_when_it_was_done() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let add_of = |doc: &mut Doc, scene: Scene, blob: u8| {
        let one = AddPhoto { material: scene.code().into(), ..command(doc, blob) };
        doc.act(|case, ctx, version| add(case, &one, version, ctx))
    };
    for scene in Scene::ALL {
        let refused = add_of(&mut doc, scene, 1).unwrap_err();
        assert!(
            refused.fields.of("material").is_some_and(|why| why.contains("先登记") || why.contains("结束"))
        );
    }
    doc.act(|case, ctx, version| notice::post(case, "村务公示栏", version, ctx)).unwrap();
    assert_eq!(doc.case().scenes().collect::<Vec<_>>(), [Scene::Posted]);
    add_of(&mut doc, Scene::Posted, 2).unwrap();
    let end = notice::EndNotice::default();
    doc.at(VILLAGE, "2026-12-01").act(|case, ctx, _| notice::end(case, &end, ctx)).unwrap();
    add_of(&mut doc, Scene::Unposted, 3).unwrap();
    let case = doc.case();
    assert_eq!(case.photos_of(Scene::Posted.code()).count(), 1);
    assert_eq!(case.photos_of(Scene::Unposted.code()).count(), 1);
    assert!(doc.version.materials.iter().all(|material| Scene::parse(&material.id).is_none()));
}

/// Fails if a photo that was taken away before 收件 left a trace in the case, or one that stays kept its draft's name.
#[test]
fn d5_only_the_photos_that_stay_go_into_the_case() {
    let mut doc = Doc::new("S047");
    add_one(&mut doc, 1).unwrap();
    add_one(&mut doc, 2).unwrap();
    doc.act(|case, ctx, _| drop_photo(case, [1; 32], ctx)).unwrap();
    let note = stamped(0, 1, VILLAGE, payload(Kind::NoticePrinted)).bytes;
    let mut events: Vec<Vec<u8>> = doc.record.events.iter().map(|event| event.bytes.clone()).collect();
    events.push(note.clone());
    let names = BTreeMap::from([([2; 32], [7; 32]), ([102; 32], [8; 32])]);
    let carried = carried(&events, &names);
    let [first, last] = carried.as_slice() else { panic!("{} events", carried.len()) };
    assert_eq!(*last, note);
    let Ok(Event { stamp, what: What::PhotoAdded(added) }) = Event::decode(first) else { panic!() };
    assert_eq!((added.photo, added.thumb), ([7; 32], Some([8; 32])));
    assert_eq!(stamp.name, "陈春梅");
}
