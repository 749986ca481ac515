//! Photos from a village to the centre over a bad line, with real processes and real TLS (D5).

use app::testing::jpeg;
use bianmin_tests::canary::people;
use bianmin_tests::demo::sign_in;
use bianmin_tests::intake::{self, Resident, truth};
use bianmin_tests::person::Person;
use bianmin_tests::process::free_port;
use bianmin_tests::proxy::{Proxy, Shape};
use bianmin_tests::township::{RunningBox, Township};
use bianmin_tests::wait::{PATIENCE, until};
use seal::BagKey;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::engine::{Engine as _, Span, Table, collect};
use store::folder::DiskFolder;
use store::free_space::Unbounded;

const LAND: &str = "S097";
const PHOTOS: u64 = 3;
/// Of each photo.
const PIECES: u64 = 5;
/// A piece takes over a second, so that there is a middle of a photo.
const BYTES_PER_SECOND: u32 = 48_000;

fn resident(seed: u64) -> Resident {
    let one = people(seed, 1).remove(0);
    let (name, id_number, phone, words) = (one.name, one.id_number, one.phone, one.remark);
    Resident { name, id_number, phone, address: one.address, account: one.account, words }
}

/// A figure of a box, by its line in `/metrics`.
async fn figure(someone: &Person, of: &RunningBox, line: &str) -> u64 {
    let page = someone.get(&of.page("/metrics")).await.unwrap();
    let found = page.body.lines().find_map(|text| text.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or_default()
}

const KEPT: &str = "bianmin_blob_pieces{way=\"kept\"}";
const SENT: &str = "bianmin_blob_pieces{way=\"sent\"}";
const LACKING: &str = "bianmin_blobs_lacking";

async fn reaches(someone: &Person, of: &RunningBox, line: &str, wanted: u64) {
    let what = format!("{} comes to {wanted} {line}", of.at.name);
    let looked = until(&what, PATIENCE * 3, || async {
        let now = figure(someone, of, line).await;
        if now >= wanted { Ok(()) } else { Err(now) }
    });
    looked.await.unwrap();
}

async fn comes_to(clerk: &Person, at: &RunningBox, case: &str, wanted: &str) {
    let url = at.page(&format!("/cases/{case}"));
    let looked = until(wanted, PATIENCE * 3, || async {
        let page = clerk.get(&url).await.map_err(|error| error.to_string())?;
        if page.body.contains(wanted) { Ok(()) } else { Err(truth(&page).to_owned()) }
    });
    looked.await.unwrap();
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn photo(number: u64) -> Vec<u8> {
    let words: String = (0..30_000).map(|at| format!("{number}-{at:07} ")).collect();
    jpeg(1600, 1200, &words[..280_000])
}

/// The ciphertexts on a box's disk, by name and piece.
fn pieces_on(folder: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let folder = Arc::new(DiskFolder::at(folder.to_owned()).unwrap());
    let engine = store::open::open(&folder, Box::new(Unbounded), BagKey::from_bytes([0; 32])).unwrap().engine;
    let tx = engine.read().unwrap();
    collect(&*tx, Table::Blobs, &Span::all(), usize::MAX).unwrap()
}

/// The three boxes; the first station reaches the centre over the bad line alone.
struct Boxes {
    township: Township,
    line: Proxy,
    mesh: SocketAddr,
    centre: RunningBox,
    station: RunningBox,
    other: RunningBox,
}

const CENTRE: &str = "枫河镇便民服务中心";

async fn boxes(folder: &Path) -> Boxes {
    let township = Township::found(folder).unwrap();
    // made once more, the centre's kit names the stations: the sample catalogue gives them written authority
    for (number, name) in [(0, CENTRE), (2308, "杨村便民服务站"), (2311, "石桥便民服务站"), (0, CENTRE)]
    {
        township.provision(number, name).unwrap();
    }
    let mesh = here(free_port().unwrap());
    let shape = Shape { bytes_per_second: Some(BYTES_PER_SECOND), ..Shape::default() };
    let line = Proxy::start(mesh, shape).await.unwrap();
    let (bad, good) = (line.address().to_string(), mesh.to_string());
    let centre = township.start_here(0, CENTRE, mesh, &[]).await.unwrap();
    let at = || here(free_port().unwrap());
    let station = township.start_here(2308, "杨村便民服务站", at(), &["--peer", &bad]).await.unwrap();
    let other = township.start_here(2311, "石桥便民服务站", at(), &["--peer", &good]).await.unwrap();
    Boxes { township, line, mesh, centre, station, other }
}

/// A case with all the photos, taken in at the station.
async fn case_with_photos(clerk: &Person, station: &RunningBox, folder: &Path) -> String {
    let case = intake::take(clerk, &station.at.url, LAND, "s1", &resident(1)).await.unwrap().id;
    for number in 0..PHOTOS {
        let file = folder.join(format!("{number}.jpg"));
        std::fs::write(&file, photo(number)).unwrap();
        let page = clerk.get(&station.page(&format!("/photos/{case}"))).await.unwrap();
        let form = page.form(&format!("/photos/{case}")).unwrap();
        let added = clerk.send_file(&form, "photo", &file).await.unwrap();
        assert_eq!(added.status, 200, "{}", added.text());
    }
    case
}

/// Looks at every photo at the centre, by the act that writes down who does and why.
async fn looked_at_the_centre(centre: &RunningBox, case: &str, folder: &Path) {
    let official = centre.person("official");
    sign_in(&official, &centre.at).await.unwrap();
    let list = official.get(&centre.page(&format!("/photos/{case}"))).await.unwrap();
    let photos = list.links("第");
    assert_eq!(photos.len() as u64, PHOTOS, "{}", list.text());
    for (url, number) in photos.iter().zip(0..) {
        let page = official.get(url).await.unwrap();
        assert!(page.body.contains("看原图会记下"), "{}", page.text());
        let form = page.form(url.rsplit('/').next().unwrap()).unwrap();
        let shown = official.send(&form, &[("do", "look"), ("why", "inspect")]).await.unwrap();
        let sources = shown.body.split("<img src=\"").filter_map(|rest| rest.split('"').next());
        let source = sources.into_iter().find(|url| url.contains("grant=")).unwrap().to_owned();
        let file = folder.join("seen.jpg");
        official.save(&centre.page(&source.replace("&#38;", "&")), &file).await.unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), photo(number), "as it was taken");
    }
}

/// Fails if a photo taken with the line down does not come to the centre byte by byte once it is up; if a line cut in the
/// middle of one, or a centre killed there, makes a piece travel again that was held; if a record written meanwhile waits for
/// the photos; if 中心已回执 is said before all are there; or if another village gets any of it.
#[tokio::test]
async fn d5_photos_cross_a_bad_line_once_and_records_overtake_them() {
    let folder = tempfile::tempdir().unwrap();
    let Boxes { township, line, mesh, centre, station, other } = boxes(folder.path()).await;
    let clerk = station.person("clerk");
    sign_in(&clerk, &station.at).await.unwrap();
    intake::arrived(&clerk, &station.at.url, LAND).await.unwrap();

    line.cut();
    let case = case_with_photos(&clerk, &station, folder.path()).await;
    line.restore();
    comes_to(&clerk, &station, &case, &format!("材料 0/{PHOTOS} 在途")).await;
    reaches(&clerk, &centre, KEPT, 2).await;
    line.cut();
    line.restore();
    reaches(&clerk, &centre, KEPT, PIECES + 2).await;
    let (sent, kept) = (figure(&clerk, &station, SENT).await, figure(&clerk, &centre, KEPT).await);
    assert!(sent <= kept + 2, "a cut cost more than the piece under way: {sent} sent, {kept} kept");

    centre.process.kill().await.unwrap();
    let centre = township.start_here(0, CENTRE, mesh, &[]).await.unwrap();
    reaches(&clerk, &centre, KEPT, 1).await;
    let urgent = intake::take(&clerk, &station.at.url, LAND, "s1", &resident(2)).await.unwrap().id;
    comes_to(&clerk, &station, &urgent, "中心已回执").await;
    assert!(figure(&clerk, &centre, LACKING).await > 0, "the record waited for the photos");

    comes_to(&clerk, &station, &case, "中心已回执").await;
    let (sent, all) = (figure(&clerk, &station, SENT).await, PHOTOS * PIECES);
    assert!((all..=all + 2).contains(&sent), "{sent} pieces sent for {all}, with two breaks");
    assert_eq!(figure(&clerk, &other, KEPT).await, 0);
    looked_at_the_centre(&centre, &case, folder.path()).await;

    for one in [station.process, centre.process, other.process] {
        one.kill().await.unwrap();
    }
    let [at_station, at_centre, at_other] =
        [2308, 0, 2311].map(|number| pieces_on(&township.folder_of(number)));
    assert_eq!(at_centre.len() as u64, PHOTOS * (PIECES + 1), "headers and pieces");
    assert_eq!(at_station, at_centre);
    assert!(at_other.is_empty());
}
