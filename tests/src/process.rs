//! Real `bianmin` processes: built, started, listened to, killed, and gone when the test ends.

use crate::wait::{self, InVain};
use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::process::{Child, Command};

/// A process could not be built, started or listened to.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The binary is not there and could not be built.
    #[error("no bianmin binary: {0}")]
    Binary(String),
    /// The operating system said no.
    #[error("{doing}: {error}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the operating system said.
        error: io::Error,
    },
    /// It did not do in time what was waited for.
    #[error("{0}\n--- its log ---\n{1}")]
    InVain(InVain, String),
}

fn io_fault(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Fault {
    let doing = doing.into();
    move |error| Fault::Io { doing, error }
}

/// The `bianmin` of this build. `BIANMIN_BIN` names another one; otherwise cargo is asked once to bring the one beside
/// the test executable up to date, so that no test ever runs yesterday's.
///
/// # Errors
/// [`Fault::Binary`] when it can't be built.
pub fn binary() -> Result<PathBuf, Fault> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build).clone().map_err(Fault::Binary)
}

fn build() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("BIANMIN_BIN") {
        return Ok(PathBuf::from(given));
    }
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile =
        here.parent().and_then(Path::parent).ok_or("the test executable lies in no target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Blocking::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--quiet", "--package", "bianmin"]);
    // What cargo tells a test about its own package would make build scripts that look at it run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_CRATE_"].iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let output = command.output().map_err(|error| format!("cargo build: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let path = profile.join("bianmin");
    if path.is_file() { Ok(path) } else { Err(format!("cargo built no {}", path.display())) }
}

/// A loopback port that nobody listens on at this moment.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> Result<u16, Fault> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(io_fault("a free port"))
}

/// A signal to a whole process group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// What a service manager sends first.
    Terminate,
    /// The plug is pulled.
    Kill,
}

/// One started process and everything it started; all of it is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    group: u32,
    log: PathBuf,
}

impl Process {
    /// Starts `program` with `arguments` in its own process group; what it prints goes to `folder/name.log`, appended
    /// when it is started again.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(name: &str, program: &Path, arguments: &[&str], folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(io_fault("its folder"))?;
        let log = folder.join(format!("{name}.log"));
        let out = File::options().create(true).append(true).open(&log).map_err(io_fault("its log"))?;
        let err = out.try_clone().map_err(io_fault("its log"))?;
        let child = Command::new(program)
            .args(arguments)
            // Held open: a box of the demo ends when its standard input does.
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(io_fault(format!("starting {name}")))?;
        let group = child.id().ok_or_else(|| Fault::Binary(format!("{name} ended at once")))?;
        Ok(Self { name: name.to_owned(), child, group, log })
    }

    /// The process id (also the id of its group).
    #[must_use]
    pub fn id(&self) -> u32 {
        self.group
    }

    /// All it printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until its log holds `text`.
    ///
    /// # Errors
    /// [`Fault::InVain`] with the log, when it does not come or the process ends without it.
    pub async fn says(&mut self, text: &str, within: Duration) -> Result<(), Fault> {
        let (log, name) = (self.log.clone(), self.name.clone());
        let what = format!("{name} says {text:?}");
        let looked = wait::until(&what, within, || async {
            let found = fs::read_to_string(&log).is_ok_and(|log| log.contains(text));
            if found { Ok(()) } else { Err("its log without it") }
        });
        looked.await.map_err(|vain| Fault::InVain(vain, self.log()))
    }

    /// Sends a signal to the process and everything it started.
    pub fn signal(&self, signal: Signal) {
        let flag = match signal {
            Signal::Interrupt => "-INT",
            Signal::Terminate => "-TERM",
            Signal::Kill => "-KILL",
        };
        let group = format!("-{}", self.group);
        // A group that is gone already is what was wanted.
        let _ = Blocking::new("kill").args([flag, "--", &group]).stderr(Stdio::null()).status();
    }

    /// Pulls the plug and waits until the process is gone.
    ///
    /// # Errors
    /// When the operating system does not let it go.
    pub async fn kill(mut self) -> Result<(), Fault> {
        self.signal(Signal::Kill);
        self.child.wait().await.map(|_| ()).map_err(io_fault("waiting for its end"))
    }

    /// Waits for it to end by itself.
    ///
    /// # Errors
    /// [`Fault::InVain`] when it goes on.
    pub async fn ends(&mut self, within: Duration) -> Result<ExitStatus, Fault> {
        let (name, child) = (&self.name, &mut self.child);
        let ended = tokio::time::timeout(within, child.wait()).await;
        ended
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))
            .and_then(|status| status)
            .map_err(io_fault(format!("waiting for the end of {name}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::Kill);
    }
}
