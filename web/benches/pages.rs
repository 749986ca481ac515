//! What the server needs for a page when a box holds 50,000 cases, and what memory that box takes: whole requests through
//! the real router with a signed-in session, no network. `cargo bench -p web --bench pages -- --cases 50000 --rounds 200`;
//! figures as JSON in `target/measure/pages.json`. A station and its centre are made through the use cases and real
//! merges (only the waiting for the disk is left out while they are made), and kept in `target/measure/pages-N` for the
//! next run. Each box is measured in a process of its own.
#![expect(clippy::expect_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::disallowed_methods, reason = "this is where time is measured")]
#![expect(clippy::print_stdout, reason = "its figures")]

use app::Node;
use app::cases::{CaseId, Filter};
use app::testing::{MONDAY, TestClock, clerk, meet, take, township, township_item};
use app::views::Hands;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use model::case::facts;
use model::case::supplement::AskSupplement;
use model::item::Version;
use redb::StorageBackend;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use std::{env, io, process};
use store::{Check, DiskFolder, Folder as _, RedbEngine};
use tower::ServiceExt as _;
use web::{Hosts, Site};

const HOST: &str = "127.0.0.2:8101";
const CODE: &str = "TESTCODE1234";
const DAY_MS: u64 = 86_400_000;
/// The cases are taken over so many days, so that some are overdue, some are due and most have time.
const DAYS: u64 = 30;
/// Unfinished intakes: two pages of them.
const DRAFTS: u64 = 80;
/// Cases sent back for a supplement, so that the filtered list of those is a list.
const SUPPLEMENTS: usize = 120;
/// Says that a prepared folder is whole and what it holds; counted up when [`prepare`] or what boxes store changes.
const MARKER: &str = "2";
/// Places of the township.
const CENTRE: usize = 0;
const STATION: usize = 1;

/// How much to do.
struct Plan {
    cases: u64,
    rounds: usize,
    /// Measure this box and print its figures: how the bench calls itself.
    place: Option<usize>,
}

fn plan() -> Result<Plan, lexopt::Error> {
    use lexopt::prelude::*;
    let mut plan = Plan { cases: 50_000, rounds: 200, place: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("cases") => plan.cases = parser.value()?.parse()?,
            Long("rounds") => plan.rounds = parser.value()?.parse()?,
            Long("place") => plan.place = Some(parser.value()?.parse()?),
            // What cargo itself adds.
            Long("bench") => {}
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected()),
        }
    }
    Ok(plan)
}

fn main() {
    let plan = plan().expect("--cases N --rounds N");
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let folder = target.join(format!("measure/pages-{}", plan.cases));
    if let Some(place) = plan.place {
        println!("{}", serde_json::to_string(&measured(&folder, place, &plan)).expect("figures are JSON"));
        return;
    }
    let marker = format!("{MARKER} {} cases", plan.cases);
    if fs::read_to_string(folder.join("ready")).ok().as_ref() != Some(&marker) {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder under target");
        let began = Instant::now();
        prepare(&folder, plan.cases);
        fs::write(folder.join("ready"), marker).expect("a mark that all is there");
        println!("made in {} s", began.elapsed().as_secs());
    }
    let figures: Vec<_> = [STATION, CENTRE].into_iter().flat_map(|place| apart(place, &plan)).collect();
    let json = serde_json::to_string_pretty(&figures).expect("figures are JSON");
    fs::write(target.join("measure/pages.json"), &json).expect("the figures are written");
    println!("{json}");
}

/// Measures one box in a process that holds nothing else.
fn apart(place: usize, plan: &Plan) -> Vec<serde_json::Value> {
    let mut own = process::Command::new(env::current_exe().expect("this program"));
    own.args(["--cases", &plan.cases.to_string(), "--rounds", &plan.rounds.to_string()]);
    let output = own.args(["--place", &place.to_string()]).stderr(process::Stdio::inherit()).output();
    let output = output.expect("this program runs");
    assert!(output.status.success(), "box {place} was not measured");
    serde_json::from_slice(&output.stdout).expect("figures are JSON")
}

fn measured(folder: &Path, place: usize, plan: &Plan) -> Vec<serde_json::Value> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut figures = Vec::new();
    runtime.block_on(async {
        if place == CENTRE {
            centre_pages(folder, plan, &mut figures).await;
        } else {
            station_pages(folder, plan, &mut figures).await;
        }
    });
    figures
}

/// What the process takes of the machine's memory now.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Processor time of this process in user mode and in the kernel, from /proc: a clock that others on the machine do
/// not disturb. Ticks are hundredths of a second on every Linux.
fn cpu_ms() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}

/// A file that is not waited for: what is made here is thrown away when anything fails.
#[derive(Debug)]
struct Unwaited<B>(B);

impl<B: StorageBackend> StorageBackend for Unwaited<B> {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.sync_data()?;
        self.0.close()
    }
}

/// A station that took every case, and the centre that has them by merges and sent some of them back.
fn prepare(folder: &Path, cases: u64) {
    let clock = TestClock::at(MONDAY);
    let centre = boot(folder, CENTRE, &clock, true);
    let station = boot(folder, STATION, &clock, true);
    centre.load_small_sample(&[2301]).expect("the sample loads");
    meet(&station, &centre);
    let version = township_item(&station);
    for day in 0..DAYS {
        for n in cases * day / DAYS..cases * (day + 1) / DAYS {
            take(&station, &version, n).expect("a case is taken");
        }
        meet(&station, &centre);
        clock.advance(DAY_MS);
    }
    send_back(&centre, &version);
    meet(&station, &centre);
    for n in 0..DRAFTS {
        let draft = station.start_draft(&clerk(), &version.code).expect("a draft");
        let typed = [(facts::NAME.to_owned(), format!("甲{n}"))];
        station.save_draft(&clerk(), draft, typed.into()).expect("a draft is kept");
    }
    // A last one on the way, as at any moment of a working day.
    take(&station, &version, cases).expect("a case is taken");
}

fn send_back(centre: &Node, version: &Version) {
    let listing = centre.cases(Filter::Turn(Hands::Centre), None, SUPPLEMENTS).expect("a list");
    let gap = version.materials.first().map(|material| facts::material(&material.id)).unwrap_or_default();
    for line in listing.lines {
        let gaps = vec![gap.clone()];
        let ask = AskSupplement { gaps, words: "换本人的卡".to_owned(), until: None };
        centre.ask_supplement(&clerk(), line.id, ask).expect("it is sent back");
    }
}

fn boot(folder: &Path, place: usize, clock: &Arc<TestClock>, fresh: bool) -> Node {
    let disk = DiskFolder::at(folder.to_path_buf()).expect("a folder");
    let backend = disk.backend(&format!("box-{place}.redb"), fresh).expect("a file");
    let space = Box::new(store::free_space::DiskSpace::of(folder.to_path_buf()));
    let engine = if fresh {
        RedbEngine::create(Unwaited(backend), space).expect("a database")
    } else {
        RedbEngine::open(backend, Check::Later, space).expect("the database opens")
    };
    // Another epoch at every start: the same bytes from two starts would be a fork.
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let random = u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or(0);
    township(1, 3).start(place, Arc::new(engine), Arc::clone(clock), random ^ place as u64)
}

/// As on the day after the last case was taken.
fn after(folder: &Path, place: usize) -> Node {
    let clock = TestClock::at(MONDAY);
    clock.advance(DAYS * DAY_MS);
    let node = boot(folder, place, &clock, false);
    node.give_code("s1", "陈春梅", "综合窗口", CODE).expect("a code is given");
    node
}

async fn station_pages(folder: &Path, plan: &Plan, figures: &mut Vec<serde_json::Value>) {
    let node = after(folder, STATION);
    let browser = Browser::signed_in(&node).await;
    let one = middle(&node, Hands::Centre);
    let view = node.case(one).expect("the case is there");
    let number = view.case.number().unwrap_or_default().to_owned();
    let code = view.case.filing.cell(facts::QUERY_CODE).unwrap_or_default().to_owned();
    let end: String = view.case.filing.cell(facts::ID_NUMBER).unwrap_or_default().chars().skip(14).collect();
    let draft = node.drafts(1).expect("drafts").first().map(|line| line.id.hex()).unwrap_or_default();
    let item = township_item(&node);
    let csrf = &browser.csrf;
    let find = |typed: &str| Some(format!("csrf={csrf}&q={}", encoded(typed)));
    let asks = [
        ("workbench", "/".to_owned(), None),
        ("workbench, deep", format!("/?list=all&after={}", cursor(&node, Filter::Open)), None),
        ("workbench, filtered", "/?list=centre".to_owned(), None),
        ("drafts", "/drafts".to_owned(), None),
        ("case", format!("/cases/{}", one.hex()), None),
        ("intake", format!("/intake/{draft}"), None),
        ("search by name", "/find".to_owned(), find(&item.name)),
        ("search by pinyin", "/find".to_owned(), find("jt")),
        ("search by number", "/find".to_owned(), find(&number)),
        ("search by last four", "/find".to_owned(), find(&end)),
        ("resident's progress", "/progress".to_owned(), Some(format!("number={number}&code={code}"))),
    ];
    for (page, path, body) in asks {
        figures.push(browser.measure(("station", page), &path, body.as_deref(), plan).await);
    }
    lists(&browser, "station", plan, figures).await;
}

/// Every list that a clerk may open, as it is with so many cases.
async fn lists(browser: &Browser, place: &'static str, plan: &Plan, figures: &mut Vec<serde_json::Value>) {
    let same =
        ["/items", "/due", "/owed", "/hand-over", "/clashes", "/twins", "/crossed", "/help", "/transcribe"];
    let more =
        ["/archive", "/registers", "/registers/entry", "/registers/clerks", "/registers/due", "/calendar"];
    let own = if place == "centre" {
        ["/catalogue", "/authorities", "/packages"]
    } else {
        ["/trips", "/drafts", "/progress"]
    };
    for path in same.into_iter().chain(more).chain(own) {
        figures.push(browser.measure((place, path), path, None, plan).await);
    }
}

async fn centre_pages(folder: &Path, plan: &Plan, figures: &mut Vec<serde_json::Value>) {
    let node = after(folder, CENTRE);
    let browser = Browser::signed_in(&node).await;
    let one = middle(&node, Hands::Centre);
    let deep = cursor(&node, Filter::Turn(Hands::Centre));
    let asks = [
        ("queue", "/queue".to_owned()),
        ("queue, deep", format!("/queue?after={deep}")),
        ("queue, filtered", "/queue?list=applicant".to_owned()),
        ("queue with a case", format!("/queue/{}", one.hex())),
        ("all cases", "/?list=all".to_owned()),
        ("case", format!("/cases/{}", one.hex())),
    ];
    for (page, path) in asks {
        figures.push(browser.measure(("centre", page), &path, None, plan).await);
    }
    lists(&browser, "centre", plan, figures).await;
}

/// As a form sends it.
fn encoded(typed: &str) -> String {
    typed.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A cursor in the midst of a list: half of the days behind the first row, and of that day half of the documents.
fn cursor(node: &Node, filter: Filter) -> String {
    let first = node.cases(filter, None, 1).expect("a list").next.expect("a list of more than one");
    let (front, _) = first.split_at(first.len() - 32);
    let (hands, due) = front.split_at(front.len() - 8);
    let due = u64::from_str_radix(due, 16).expect("a cursor is hexadecimal") + DAYS / 2;
    format!("{hands}{due:08x}{}", "80".repeat(16))
}

/// A case in the midst of a list.
fn middle(node: &Node, hands: Hands) -> CaseId {
    let filter = Filter::Turn(hands);
    let listing = node.cases(filter, Some(&cursor(node, filter)), 1).expect("a list");
    listing.lines.first().expect("a case").id
}

/// A browser without a screen: one host, one session.
struct Browser {
    pages: Router,
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn signed_in(node: &Node) -> Self {
        let pages = web::router(Site::new(node.clone(), Hosts::new(vec![HOST.to_owned()], false)));
        let mut browser = Self { pages, cookie: String::new(), csrf: String::new() };
        browser.csrf = browser.token("/sign-in").await;
        let body = format!("csrf={}&by=code&code={CODE}", browser.csrf);
        let request = browser.request("/sign-in", Some(&body));
        let response = browser.pages.clone().oneshot(request).await.expect("an answer");
        let set = response.headers().get(header::SET_COOKIE).expect("a session").to_str().expect("text");
        browser.cookie = set.split(';').next().unwrap_or_default().to_owned();
        browser.csrf = browser.token("/items").await;
        browser
    }

    async fn token(&self, path: &str) -> String {
        let (_, page) = self.answer(path, None).await;
        let page = String::from_utf8(page).expect("a page is text");
        let rest = page.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form token");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    fn request(&self, path: &str, body: Option<&str>) -> Request<Body> {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(body.unwrap_or_default().to_owned())).expect("a request")
    }

    async fn answer(&self, path: &str, body: Option<&str>) -> (u16, Vec<u8>) {
        let request = self.request(path, body);
        let response = self.pages.clone().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        (status, to_bytes(response.into_body(), usize::MAX).await.expect("a whole page").to_vec())
    }

    async fn measure(
        &self,
        page: (&str, &str),
        path: &str,
        body: Option<&str>,
        plan: &Plan,
    ) -> serde_json::Value {
        let (mut times, mut bytes) = (Vec::new(), 0);
        let cpu = cpu_ms();
        for _ in 0..plan.rounds.max(1) {
            let began = Instant::now();
            let (status, answer) = self.answer(path, body).await;
            times.push(began.elapsed().as_micros());
            // A search that finds one case leads there: 303 is its answer.
            assert!(matches!(status, 200 | 303), "{page:?}: {status}");
            bytes = answer.len();
        }
        let cpu = cpu_ms().saturating_sub(cpu) as f64 / times.len() as f64;
        times.sort_unstable();
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len() - 1);
            times.get(place).map_or(0.0, |micros| *micros as f64 / 1000.0)
        };
        serde_json::json!({
            "box": page.0, "page": page.1, "cases": plan.cases, "p50_ms": at(50), "p99_ms": at(99),
            "cpu_ms": cpu, "bytes": bytes, "resident_mb": resident_mb(),
        })
    }
}
