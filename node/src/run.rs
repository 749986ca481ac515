//! `bianmin run`: one box. Joins from its kit at the first start, opens its disk, serves its pages, links with others.

use crate::cli::RunOptions;
use crate::drill::Drills;
use crate::links;
use crate::system::{SystemClock, SystemRandom};
use crate::words::{self, reason, say};
use app::ports::Random as _;
use app::{Boot, Node, Ports};
use provisioning::join::{self, JoinedBox};
use records::trial::Policy;
use seal::BagKey;
use serde::Serialize;
use std::net::SocketAddr;
use std::sync::Arc;
use store::folder::DiskFolder;
use store::free_space::DiskSpace;
use store::keybag::KeyBag;
use store::open::{Opened, Suspicion};
use store::stamp::Stamp;
use store::{Check, RedbEngine};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use web::{Hosts, Site};

/// Where pages listen when nothing is said: plain HTTP is for loopback alone.
const DEFAULT_HTTP: &str = "127.0.0.1:8600";
/// The first clerk's account.
pub(crate) const FIRST_CLERK: &str = "s1";
/// How often the stamp follows the database.
const STAMP_EVERY: std::time::Duration = std::time::Duration::from_secs(30);
/// Between two steps of counting due days anew: pages come first.
const DUES_STEP: std::time::Duration = std::time::Duration::from_millis(20);
/// How often it is looked whether a calendar came.
const DUES_LOOK: std::time::Duration = std::time::Duration::from_secs(1);
/// After a disk that said no.
const DUES_RETRY: std::time::Duration = std::time::Duration::from_secs(60);
/// Digits of a sign-in code, drawn without bias from bytes below 250.
const CODE_DIGITS: usize = 12;

/// What the demo reads from a box's standard output.
#[derive(Serialize)]
struct Ready {
    http: String,
    mesh: String,
    url: String,
    sign_in: String,
    control_url: String,
}

/// Runs until it is told to end.
///
/// # Errors
/// In Chinese, for the person at the shell; the same goes to the log.
pub(crate) async fn run(options: RunOptions) -> Result<(), String> {
    let joined = join_or_load(&options)?;
    let (node, mut stamp) = open(&options, &joined)?;
    node.give_first_code(&joined)?;
    let sign_in = if options.demo { prepare_demo(&node, &options, &joined)? } else { String::new() };
    let http: SocketAddr = address(options.http.as_deref().unwrap_or(DEFAULT_HTTP), "网页")?;
    if !http.ip().is_loopback() {
        return Err(format!("{http} 不是本机地址。网页明文只在本机开放；局域网要用 HTTPS，这一版还没有。"));
    }
    let pages =
        TcpListener::bind(http).await.map_err(|e| format!("{http} 不能用来开网页：{}。", reason(&e)))?;
    let http = pages.local_addr().map_err(|e| e.to_string())?;
    let clock = Arc::new(SystemClock::start());
    let settings = links::Settings {
        listen: address(options.mesh.as_deref().unwrap_or(&joined.kit.listen), "联网")?,
        given: given(&options, &node),
        multicast: !options.no_mdns,
        dir: options.dir.clone(),
    };
    let running = links::start(&node, &joined.secrets.key, clock, settings).await?;
    let mesh = running.mesh.listening().first().map(ToString::to_string).unwrap_or_default();
    let hosts = Hosts::new(vec![http.to_string()], false);
    let site =
        if options.demo { Site::for_demo(node.clone(), hosts) } else { Site::new(node.clone(), hosts) };
    let drills = Drills::of(&node, &options.dir, http).await;
    site.attach_drills(Arc::clone(&drills) as Arc<dyn web::drill::Drill>);
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(web::serve(pages, site, until(stopped)));
    tracing::info!(%http, mesh, device = %node.device().fingerprint(), "serving");
    if options.demo {
        announce(&Ready {
            http: http.to_string(),
            mesh,
            url: format!("http://{http}/"),
            sign_in,
            control_url: format!("http://{http}/demo/link"),
        });
    } else {
        say(&format!("{}已经在运行。网页 http://{http}/，联网 {mesh}。Ctrl-C 结束。", joined.kit.name));
    }
    tokio::select! {
        () = ended(options.demo) => {}
        () = keep_stamp(&node, &mut stamp) => {}
        () = keep_dues(&node) => {}
        () = Arc::clone(&drills).keep_following() => {}
    }
    stop.send_replace(true);
    drills.stop();
    running.stop().await;
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), serving).await;
    note_stamp(&node, &mut stamp);
    tracing::info!("stopped");
    Ok(())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone: stop as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn address(text: &str, what: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{what}的地址要写成 127.0.0.1:8600 这样，现在是“{text}”。"))
}

fn given(options: &RunOptions, node: &Node) -> Vec<String> {
    let membership = node.membership();
    let listed = membership.members().iter().filter(|member| member.device != node.device());
    let mut given = options.peers.clone();
    given.extend(listed.flat_map(|member| member.addresses.iter().cloned()));
    given
}

fn join_or_load(options: &RunOptions) -> Result<JoinedBox, String> {
    let dir = &options.dir;
    std::fs::create_dir_all(dir).map_err(|e| format!("建不了目录 {}：{}。", dir.display(), reason(&e)))?;
    if join::is_joined(dir).map_err(|e| e.to_string())? {
        if let Some(kit) = options.kit.as_ref().filter(|kit| kit.exists()) {
            match join::first_boot(kit, dir) {
                Ok(joined) => return Ok(joined),
                // the box itself is as good as before
                Err(error) => tracing::warn!(%error, "the kit brings nothing"),
            }
        }
        return join::load(dir).map_err(|e| e.to_string());
    }
    let kit = options
        .kit
        .as_ref()
        .ok_or_else(|| format!("{} 还没有开通。第一次运行要用 --kit 指定开通包。", dir.display()))?;
    let joined = join::first_boot(kit, dir).map_err(|e| e.to_string())?;
    tracing::info!(
        root = joined.root.fingerprint(),
        "joined: compare this fingerprint with the recovery sheet"
    );
    Ok(joined)
}

fn open(options: &RunOptions, joined: &JoinedBox) -> Result<(Node, Stamp), String> {
    let folder = DiskFolder::at(options.dir.clone())
        .map_err(|e| format!("打不开 {}：{}。", options.dir.display(), reason(&e)))?;
    let mut key = [0; 32];
    SystemRandom.fill(&mut key);
    let space = DiskSpace::of(options.dir.clone());
    let opened =
        store::open::open(&Arc::new(folder), Box::new(space), BagKey::from_bytes(key)).map_err(|error| {
            tracing::error!(%error, "the box's disk cannot be opened");
            words::does_not_open(&error).to_owned()
        })?;
    let Opened { engine, mut keybag, stamp, suspicion, check, .. } = opened;
    finish_rotation(&engine, &mut keybag)?;
    let engine = Arc::new(engine);
    if check == Check::Later {
        check_behind(&engine);
    }
    if suspicion != Suspicion::None {
        tracing::error!(
            ?suspicion,
            "the database is older than it was: a restore, or damage; the engineer should know"
        );
    }
    let boot = Boot {
        engine,
        key: joined.secrets.key.clone(),
        sealing: joined.secrets.sealing.clone(),
        bag: keybag.key().clone(),
        membership: joined.membership.clone(),
        ports: Ports { clock: Arc::new(SystemClock::start()), random: Arc::new(SystemRandom) },
        policy: Policy::Guarded,
        drill: false,
    };
    let node = Node::start(boot).map_err(|error| words::does_not_begin(&error))?;
    Ok((node, stamp))
}

/// A rotation of the bag key that a power cut stopped is brought to its end before anything is read with one key alone.
fn finish_rotation(engine: &RedbEngine, keybag: &mut KeyBag) -> Result<(), String> {
    let Some(retiring) = keybag.retiring().cloned() else { return Ok(()) };
    let told = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "the rotation of the bag key that was cut short cannot be finished");
        format!("密钥没有换完，也接不上（{error}）。不要删任何文件，请找工程师。")
    };
    let count = app::rewrap_seeds(engine, &retiring, keybag.key(), &SystemRandom).map_err(|e| told(&e))?;
    keybag.finish_rotation().map_err(|e| told(&e))?;
    tracing::info!(count, "a rotation of the bag key that was cut short is finished");
    Ok(())
}

/// A large database is checked while it is already in use.
fn check_behind(engine: &Arc<RedbEngine>) {
    let engine = Arc::clone(engine);
    tokio::task::spawn_blocking(move || match engine.verify() {
        Ok(_) => tracing::info!("the whole database was checked: sound"),
        Err(error) => tracing::error!(%error, "the database is damaged: do not go on, call the engineer"),
    });
}

trait FirstCode {
    fn give_first_code(&self, joined: &JoinedBox) -> Result<(), String>;
}

impl FirstCode for Node {
    /// The kit's one-time code counts until somebody has an account here.
    fn give_first_code(&self, joined: &JoinedBox) -> Result<(), String> {
        if !self.accounts().map_err(|e| words::does_not_begin(&e))?.is_empty() {
            return Ok(());
        }
        let Some(first) = joined.kit.staff.first() else { return Ok(()) };
        self.give_code_hash(FIRST_CLERK, &first.name, &first.post, joined.kit.sign_in.clone())
            .map_err(|e| words::does_not_begin(&e))
    }
}

/// The demo's own: a fresh code at each start, the sample catalogue, an invented profile.
fn prepare_demo(node: &Node, options: &RunOptions, joined: &JoinedBox) -> Result<String, String> {
    let code = digits();
    if let Some(first) = joined.kit.staff.first() {
        node.give_code(FIRST_CLERK, &first.name, &first.post, &code)
            .map_err(|e| words::does_not_begin(&e))?;
    }
    if options.sample {
        let membership = node.membership();
        let stations =
            membership.members().iter().map(|member| member.station.0).filter(|number| *number != 0);
        node.load_sample(&stations.collect::<Vec<_>>()).map_err(|e| words::does_not_begin(&e))?;
    }
    node.sample_profile().map_err(|e| words::does_not_begin(&e))?;
    Ok(code)
}

fn digits() -> String {
    let mut code = String::new();
    while code.len() < CODE_DIGITS {
        let mut byte = [0];
        SystemRandom.fill(&mut byte);
        if byte[0] < 250 {
            code.push(char::from(b'0' + byte[0] % 10));
        }
    }
    code
}

fn announce(ready: &Ready) {
    if let Ok(line) = serde_json::to_string(ready) {
        say(&line);
    }
}

/// Ctrl-C, a polite kill, or (in the demo) the end of standard input.
async fn ended(with_input: bool) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    let input = async {
        if !with_input {
            return std::future::pending().await;
        }
        let mut byte = [0; 64];
        while tokio::io::stdin().read(&mut byte).await.is_ok_and(|count| count > 0) {}
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = input => {}
    }
}

/// Writes the stamp now and then: lazily, after commits, so that it costs nothing and never runs ahead.
async fn keep_stamp(node: &Node, stamp: &mut Stamp) {
    let mut ticks = tokio::time::interval(STAMP_EVERY);
    loop {
        ticks.tick().await;
        if node.commits() != stamp.commit() {
            note_stamp(node, stamp);
        }
    }
}

/// Counts due days anew behind the pages when a calendar came, a few cases at a time.
async fn keep_dues(node: &Node) {
    loop {
        let worker = node.clone();
        let rest = match tokio::task::spawn_blocking(move || worker.renew_dues()).await {
            Ok(Ok(true)) => DUES_STEP,
            Ok(Ok(false)) => DUES_LOOK,
            Ok(Err(error)) => {
                tracing::warn!(%error, "due days were not counted anew");
                DUES_RETRY
            }
            // the process is ending
            Err(_gone) => DUES_RETRY,
        };
        tokio::time::sleep(rest).await;
    }
}

/// The calendar that a box holds, while it is not running.
///
/// # Errors
/// When its folder cannot be opened.
pub(crate) fn calendar_of(options: &RunOptions) -> Result<model::calendar::Calendar, String> {
    let dir = options.dir.display();
    if !join::is_joined(&options.dir).map_err(|e| e.to_string())? {
        return Err(format!("{dir} 不是一台开通了的便民盒。"));
    }
    let joined = join::load(&options.dir).map_err(|e| e.to_string())?;
    let (node, _stamp) = open(options, &joined)?;
    Ok(node.reference().calendar.clone())
}

/// Gives somebody a code at a box that is not running, and prints it once.
///
/// # Errors
/// When its folder cannot be opened, it runs, or there is no such person.
pub(crate) fn staff_code(options: &RunOptions, id: &str) -> Result<(), String> {
    let dir = options.dir.display();
    if !join::is_joined(&options.dir).map_err(|e| e.to_string())? {
        return Err(format!("{dir} 不是一台开通了的便民盒。"));
    }
    let joined = join::load(&options.dir).map_err(|e| e.to_string())?;
    let (node, mut stamp) = open(options, &joined)?;
    let made = match node.rescue(id) {
        Ok(made) => made,
        Err(app::ActError::NotFound) => return Err(format!("这台盒子上没有工号 {id}。")),
        Err(error) => return Err(words::does_not_begin(&error)),
    };
    note_stamp(&node, &mut stamp);
    let code = made.code.unwrap_or_default();
    words::say(&format!(
        "{}（{}）的一次性登录码 {code}（只显示这一次，当面告诉本人）。原来的密码作废了；登录以后马上设一个新的。",
        made.name, made.id
    ));
    Ok(())
}

/// Tells the stamp how far the database has come; one that lags is normal.
fn note_stamp(node: &Node, stamp: &mut Stamp) {
    let Some(commit) = node.commits() else { return };
    if let Err(error) = stamp.note(commit) {
        tracing::warn!(%error, "stamp not written");
    }
}
