//! One meeting of two boxes over the workload's proxy, counted by the proxy.

use crate::Fault;
use crate::boxes::LinkedBox;
use crate::workload::tools;
use bianmin_tests::process::free_port;
use bianmin_tests::wait::until;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::{Child, Command};
use transport::Mesh;

/// Longer than any scenario on a 128 kbit/s line.
const GIVE_UP: Duration = Duration::from_secs(180);
/// With nothing on the line for this long after both are done, the meeting is over.
const QUIET: Duration = Duration::from_secs(3);

/// A line as the proxy makes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) rtt_ms: u32,
    pub(crate) kbps: u32,
}

/// What a meeting cost: TLS and handshake included, TCP and IP headers not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) up: u64,
    pub(crate) down: u64,
    pub(crate) connections: u64,
    /// Changes from up to down, and one for each new connection.
    pub(crate) round_trips: u64,
    /// From the dial to the last byte delivered.
    pub(crate) seconds: f64,
    /// How much of the transfer the fuller direction was busy.
    pub(crate) busy: f64,
}

impl Line {
    /// Links `dialler` to `listener` until both are done and the line is quiet.
    pub(crate) async fn between(self, dialler: &LinkedBox, listener: &LinkedBox) -> Result<Cost, Fault> {
        let listening = listener.link(BTreeSet::new()).await?;
        let port = listening.listening().first().ok_or("not listening")?.port();
        let proxy = Proxy::start(self, port).await?;
        let dialling = dialler.link(BTreeSet::from([format!("127.0.0.1:{}", proxy.port)])).await?;
        let done = || async {
            let equal = dialler.holds_as(listener) && settled(&dialling) && settled(&listening);
            if equal { Ok(()) } else { Err("not both done") }
        };
        until("both hold the same", GIVE_UP, done).await?;
        let cost = proxy.quiet(self).await?;
        // Goodbyes are not part of a meeting: a link stays up.
        dialling.stop().await;
        listening.stop().await;
        Ok(cost)
    }
}

fn settled(mesh: &Mesh) -> bool {
    let peers = mesh.status().peers;
    peers.iter().any(|peer| peer.link.as_ref().is_some_and(|link| link.progress.settled))
}

/// The proxy's process; it ends with this.
struct Proxy {
    port: u16,
    figures: PathBuf,
    _folder: tempfile::TempDir,
    _child: Child,
}

impl Proxy {
    async fn start(line: Line, target: u16) -> Result<Self, Fault> {
        let folder = tempfile::tempdir()?;
        let figures = folder.path().join("line.json");
        let port = free_port()?;
        let mut command = Command::new("python3");
        command.arg(tools().join("link_proxy.py")).arg("--out").arg(&figures).kill_on_drop(true);
        for (name, number) in [
            ("--listen", u32::from(port)),
            ("--target", u32::from(target)),
            ("--rtt-ms", line.rtt_ms),
            ("--kbps", line.kbps),
        ] {
            command.arg(name).arg(number.to_string());
        }
        let child = command.spawn()?;
        // It writes its file once it listens; a connection to look would be counted.
        until("the proxy listens", GIVE_UP, || async { read(&figures).map(|_| ()) }).await?;
        Ok(Self { port, figures, _folder: folder, _child: child })
    }

    /// The figures, once nothing has moved for a while.
    async fn quiet(&self, line: Line) -> Result<Cost, Fault> {
        let mut before = Value::Null;
        loop {
            tokio::time::sleep(QUIET).await;
            let now = read(&self.figures)?;
            let counted = |of: &Value| (of.get("up").cloned(), of.get("down").cloned());
            if counted(&now) == counted(&before) {
                return cost(&now, line);
            }
            before = now;
        }
    }
}

fn read(figures: &Path) -> Result<Value, Fault> {
    Ok(serde_json::from_slice(&std::fs::read(figures)?)?)
}

fn cost(figures: &Value, line: Line) -> Result<Cost, Fault> {
    let count = |name: &str| figures.get(name).and_then(Value::as_u64).ok_or_else(|| format!("no {name}"));
    let time = |name: &str| figures.get(name).and_then(Value::as_f64).ok_or_else(|| format!("no {name}"));
    let (up, down, connections) = (count("up")?, count("down")?, count("conns")?);
    let seconds = time("t_last")? - time("t_first")?;
    let fuller = u32::try_from(up.max(down))?;
    let serial = f64::from(fuller) * 8.0 / (f64::from(line.kbps) * 1000.0);
    Ok(Cost {
        up,
        down,
        connections,
        round_trips: count("round_trips")? + connections,
        seconds,
        busy: serial / seconds,
    })
}
