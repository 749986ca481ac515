//! What pages say of photos on their way, from real counts (D5, H6).

use app::Node;
use app::cases::{CaseId, NewPhoto};
use app::testing::{MONDAY, TestClock, township};
use app::testing::{clerk, jpeg, meet, meet_speaking, take, township_item};
use std::sync::Arc;
use store::MemoryEngine;

use crate::browser::{Browser, site_of};

fn boxes() -> (Node, Node) {
    let (town, clock) = (township(1, 7), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), clock, 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&station, &centre);
    (station, centre)
}

async fn desk(node: &Node) -> Browser {
    let mut browser = Browser::new(&site_of(node));
    browser.sign_in().await;
    browser
}

/// A case with five photos, each with a thumbnail.
fn five(station: &Node) -> CaseId {
    let version = township_item(station);
    let id = take(station, &version, 1).unwrap();
    for number in 0..5 {
        let material = version.materials.first().unwrap().id.clone();
        let (file, thumb) = (jpeg(900, 700, &format!("photo {number}")), jpeg(90, 70, &format!("s{number}")));
        let new = NewPhoto { material, file, thumb: Some(thumb), instead: None };
        station.add_photo(&clerk(), id, new).unwrap();
    }
    id
}

/// Fails if a page calls a case received, or a photo there, before it is; or goes on saying that it is on its way.
#[tokio::test]
async fn h6_pages_say_how_many_photos_have_come_and_show_them_when_they_are_there() {
    let (station, centre) = boxes();
    let id = five(&station);
    let (case, photos) = (format!("/cases/{}", id.hex()), format!("/photos/{}", id.hex()));
    let (mut here, mut there) = (desk(&station).await, desk(&centre).await);

    meet_speaking(&station, &centre, 1);
    for browser in [&mut here, &mut there] {
        let page = browser.get(&case).await.text;
        assert!(page.contains("材料 0/5 在途") && page.contains("记录到中心了，照片还在传"));
        assert!(page.contains("truth--transit") && !page.contains("中心已回执"));
    }
    let list = there.get(&photos).await.text;
    assert!(list.contains("一共 5 张照片，0 张已到本机"));
    assert!(list.contains("还在路上，没到本机") && !list.contains("/small\""), "no broken image");
    let name = centre.case(id).unwrap().case.photos[0].what.photo;
    let one = format!("{photos}/{}", data_encoding::HEXLOWER.encode(&name));
    assert!(there.get(&one).await.text.contains("这张照片还在路上，没到本机"));
    let own = here.get(&photos).await.text;
    assert!(own.contains("/small\"") && !own.contains("还在路上"));

    meet(&station, &centre);
    let page = here.get(&case).await.text;
    assert!(page.contains("中心已回执") && !page.contains("在途"));
    let list = there.get(&photos).await.text;
    assert_eq!(list.matches("/small\"").count(), 5);
    assert!(!list.contains("还在路上"));
    assert_eq!(there.get(&format!("{one}/small")).await.status, axum::http::StatusCode::OK);
    let page = there.get(&one).await.text;
    assert!(page.contains("看原图会记下") && !page.contains("路上"), "the recorded act");
}
