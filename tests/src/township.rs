//! A township made by the same commands an engineer types, and its boxes as processes.

use crate::demo::{DemoBox, DemoFault};
use crate::namespace::{Machine, Namespace};
use crate::person::Person;
use crate::process::{self, Process};
use crate::wait;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the mesh listens on every machine.
const MESH_PORT: u16 = 8601;
const DIVISION: &str = "341823990000";

/// The engineer's laptop: one folder for the township, its kits and, here, the boxes too.
#[derive(Debug)]
pub struct Township {
    folder: PathBuf,
    program: PathBuf,
}

/// What a box prints once it serves.
#[derive(Debug, Deserialize)]
struct Ready {
    url: String,
    sign_in: String,
    control_url: String,
}

/// A running box.
#[derive(Debug)]
pub struct RunningBox {
    /// Its process.
    pub process: Process,
    /// Its pages and its sign-in code of this start.
    pub at: DemoBox,
    namespace: Option<Namespace>,
    jars: PathBuf,
}

fn unexpected(what: impl Into<String>) -> DemoFault {
    DemoFault::Unexpected(what.into())
}

impl Township {
    /// `bianmin provision township` in `folder`.
    ///
    /// # Errors
    /// When the command refuses.
    pub fn found(folder: &Path) -> Result<Self, DemoFault> {
        let township = Self { folder: folder.to_owned(), program: process::binary()? };
        let dir = township.path("township");
        township.command(&[
            "provision",
            "township",
            "--dir",
            &dir,
            "--name",
            "枫河镇",
            "--division",
            DIVISION,
        ])?;
        Ok(township)
    }

    /// `bianmin provision station` for station `number`; 0 is the centre.
    ///
    /// # Errors
    /// When the command refuses.
    pub fn provision(&self, number: u16, name: &str) -> Result<(), DemoFault> {
        let (township, kit) = (self.path("township"), self.path(&format!("kit-{number}")));
        let (number, division) = (number.to_string(), format!("{}{:03}", &DIVISION[..9], number % 1000));
        let which = ["--township", &township, "--kit", &kit, "--number", &number];
        let what = ["--name", name, "--division", &division, "--clerk", "陈春梅"];
        self.command(&[&["provision", "station"][..], &which, &what].concat())
    }

    /// Starts a box on a machine of the LAN, as the demo starts its own: with the sample catalogue at the centre and a
    /// sign-in code of this start. `extra` are further words of `bianmin run`.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(
        &self,
        number: u16,
        name: &str,
        machine: &Machine,
        extra: &[&str],
    ) -> Result<RunningBox, DemoFault> {
        let (dir, kit) = (self.path(&format!("box-{number}")), self.path(&format!("kit-{number}")));
        let (program, mesh) =
            (self.program.display().to_string(), format!("{}:{MESH_PORT}", machine.address));
        let mut words = machine.namespace.inside().to_vec();
        words.extend([program.as_str(), "run", "--dir", &dir, "--kit", &kit, "--mesh", &mesh, "--demo"]);
        if number == 0 {
            words.push("--sample");
        }
        words.extend(extra);
        self.launch(number, name, Path::new("ip"), &words, Some(machine.namespace.clone())).await
    }

    /// Starts a box on this machine's own loopback, its mesh at `mesh`, without multicast.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_here(
        &self,
        number: u16,
        name: &str,
        mesh: SocketAddr,
        extra: &[&str],
    ) -> Result<RunningBox, DemoFault> {
        let (dir, kit) = (self.path(&format!("box-{number}")), self.path(&format!("kit-{number}")));
        let mesh = mesh.to_string();
        let mut words = vec!["run", "--dir", &dir, "--kit", &kit, "--mesh", &mesh, "--demo"];
        words.extend(["--http", "127.0.0.1:0", "--no-mdns"]);
        if number == 0 {
            words.push("--sample");
        }
        words.extend(extra);
        self.launch(number, name, &self.program, &words, None).await
    }

    /// The folder of a box.
    #[must_use]
    pub fn folder_of(&self, number: u16) -> PathBuf {
        self.folder.join(format!("box-{number}"))
    }

    async fn launch(
        &self,
        number: u16,
        name: &str,
        program: &Path,
        words: &[&str],
        namespace: Option<Namespace>,
    ) -> Result<RunningBox, DemoFault> {
        let logs = self.folder.join("logs");
        let mut process = Process::start(&format!("box-{number}"), program, words, &logs)?;
        let before = process.log().matches("\"sign_in\"").count();
        let what = format!("{name} serves");
        let ready = wait::until(&what, wait::PATIENCE, || {
            let log = process.log();
            async move {
                let lines = log.lines().filter(|line| line.starts_with('{') && line.contains("\"sign_in\""));
                let newest = lines.skip(before).last().ok_or("no line that it is ready")?;
                serde_json::from_str::<Ready>(newest).map_err(|_| "a broken line")
            }
        });
        let ready = ready.await.map_err(|vain| DemoFault::Late(vain, process.log()))?;
        process.says("serving", wait::PATIENCE).await?;
        let at = DemoBox {
            name: name.to_owned(),
            role: if number == 0 { "centre" } else { "station" }.to_owned(),
            url: ready.url,
            sign_in: ready.sign_in,
            control_url: ready.control_url,
        };
        Ok(RunningBox { process, at, namespace, jars: logs })
    }

    /// How another box names this machine as a static neighbour.
    #[must_use]
    pub fn peer(machine: &Machine) -> String {
        format!("{}:{MESH_PORT}", machine.address)
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn command(&self, words: &[&str]) -> Result<(), DemoFault> {
        let output = Command::new(&self.program)
            .args(words)
            .output()
            .map_err(|error| unexpected(format!("bianmin: {error}")))?;
        if output.status.success() {
            return Ok(());
        }
        Err(unexpected(format!("{words:?}: {}", String::from_utf8_lossy(&output.stderr))))
    }
}

impl RunningBox {
    /// Somebody sitting at this very machine, with a cookie jar of their own.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let jar = self.jars.join(format!("{name}-{}.cookies", self.at.role));
        Person::new(jar, self.namespace.clone())
    }

    /// A page of this box.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.at.url.trim_end_matches('/'))
    }
}
