//! One box of the demo as a child process. It ends when its standard input ends, so that not even `kill -9` of the
//! demo leaves it behind.

use super::boxes::Spec;
use crate::words::reason;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::future::poll_fn;
use std::path::Path;
use std::process::Stdio;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{self, ChildStdin};
use tokio::time::{Instant, timeout};

/// How long a box may take to put itself away before it is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// What a box says in one line on standard output once it serves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// Where staff pages listen, `address:port`.
    pub(crate) http: String,
    /// Where the mesh listens, `address:port`.
    pub(crate) mesh: String,
    /// The page to open.
    pub(crate) url: String,
    /// The one-time sign-in code of this start.
    pub(crate) sign_in: String,
    /// The page that cuts and restores the link.
    pub(crate) control_url: String,
}

/// A running box.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) spec: &'static Spec,
    pub(crate) ready: Ready,
    pub(crate) peers: Vec<String>,
    /// When it came up.
    pub(crate) born: Instant,
    /// How often in a row it was started again.
    pub(crate) restarts: u32,
    process: process::Child,
    stdin: Option<ChildStdin>,
}

impl Child {
    /// Starts the box and waits until it serves.
    pub(crate) async fn start(
        data: &Path,
        spec: &'static Spec,
        http: String,
        mesh: String,
        peers: Vec<String>,
    ) -> Result<Self, String> {
        let dir = data.join("boxes").join(spec.folder);
        let mut process = command(data, spec, &dir, &http, &mesh, &peers)?
            .spawn()
            .map_err(|e| format!("{}启动不了：{}。", spec.name, reason(&e)))?;
        let stdin = process.stdin.take();
        let out = process.stdout.take().ok_or("没有接到便民盒的输出")?;
        let mut lines = BufReader::new(out).lines();
        let said = lines.next_line().await.map_err(|e| format!("{}：{}。", spec.name, reason(&e)))?;
        let Some(line) = said else {
            return Err(format!("{}没有起来：{}", spec.name, last_word(&dir)));
        };
        let ready = serde_json::from_str(&line).map_err(|_| format!("{}没有起来：{line}", spec.name))?;
        Ok(Self { spec, ready, peers, born: Instant::now(), restarts: 0, process, stdin })
    }
}

/// What the box said last: the reason, in Chinese, is the last line it writes.
fn last_word(dir: &Path) -> String {
    let log = log_path(dir);
    let text = fs::read_to_string(&log).unwrap_or_default();
    let last = text.lines().last().unwrap_or_default();
    format!("{last}（日志在 {}）", log.display())
}

fn log_path(dir: &Path) -> std::path::PathBuf {
    dir.join("logs").join("bianmin.log")
}

fn command(
    data: &Path,
    spec: &Spec,
    dir: &Path,
    http: &str,
    mesh: &str,
    peers: &[String],
) -> Result<process::Command, String> {
    let log = log_path(dir);
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(|e| format!("建不了 {}：{}。", folder.display(), reason(&e)))?;
    }
    let log = File::options()
        .create(true)
        .append(true)
        .open(&log)
        .map_err(|e| format!("写不了日志：{}。", reason(&e)))?;
    let program = std::env::current_exe().map_err(|e| format!("找不到自己的程序文件：{}。", reason(&e)))?;
    let mut command = process::Command::new(program);
    command.arg("run").arg("--dir").arg(dir).arg("--kit").arg(data.join("kits").join(spec.folder));
    command.args(["--http", http, "--mesh", mesh, "--no-mdns", "--demo"]);
    if spec.number == 0 {
        command.arg("--sample");
    }
    for peer in peers {
        command.args(["--peer", peer]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
    Ok(command)
}

/// Ends the boxes, politely first, and waits until none is left.
pub(crate) async fn stop(mut children: Vec<Child>) {
    for child in &mut children {
        // The end of its input is the word to end.
        child.stdin = None;
    }
    for child in &mut children {
        if timeout(STOP_PATIENCE, child.process.wait()).await.is_err() {
            // An error means that it is gone already.
            let _ = child.process.kill().await;
        }
    }
}

/// Waits for the first child that ends; gives its place.
pub(crate) async fn first_to_end(children: &mut [Child]) -> usize {
    let mut waits: Vec<_> = children.iter_mut().map(|child| Box::pin(child.process.wait())).collect();
    poll_fn(|cx| {
        for (place, wait) in waits.iter_mut().enumerate() {
            if wait.as_mut().poll(cx).is_ready() {
                return Poll::Ready(place);
            }
        }
        Poll::Pending
    })
    .await
}
