//! 演练: the box to practise on beside the real one, in a folder `drill` of its own (docs/decisions/0014). It is opened from a
//! page of the real box, on another port of the same address, and emptied with one press.

use crate::system::SystemRandom;
use crate::words::reason;
use app::Node;
use app::ports::Random as _;
use app::reference::Reference;
use seal::BagKey;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::folder::DiskFolder;
use store::free_space::DiskSpace;
use store::open::Opened;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use web::drill::{Drill, DrillFault, DrillState};
use web::{Hosts, Site};

/// Its folder in the box's.
const FOLDER: &str = "drill";
/// What is left of one that was emptied when the power went.
const GONE: &str = "drill.gone";
/// Its pages are so many ports above the box's, where that port is free; the mesh is often on the one between.
const PORTS_ABOVE: u16 = 2;
/// Answers under way when it is emptied get so long.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether a newer catalogue came.
const LOOK: Duration = Duration::from_secs(2);

/// The practice box of one real box.
pub(crate) struct Drills {
    real: Node,
    /// The real box's folder.
    dir: PathBuf,
    /// Where the real box's pages are.
    at: SocketAddr,
    runtime: Handle,
    running: Mutex<Option<Running>>,
}

struct Running {
    node: Node,
    home: String,
    stop: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
    /// What was taken over last.
    followed: Arc<Reference>,
}

impl Drills {
    /// Of the box in `dir` with pages at `at`. One that was open when the box ended is open again.
    pub(crate) async fn of(real: &Node, dir: &Path, at: SocketAddr) -> Arc<Self> {
        let drills = Arc::new(Self {
            real: real.clone(),
            dir: dir.to_owned(),
            at,
            runtime: Handle::current(),
            running: Mutex::default(),
        });
        let waking = Arc::clone(&drills);
        // an error means that the process is ending
        let _ = tokio::task::spawn_blocking(move || waking.wake()).await;
        drills
    }

    fn wake(&self) {
        if let Err(error) = self.sweep() {
            tracing::warn!(%error, "what is left of an emptied practice box stays for now");
        }
        if self.folder().exists()
            && let Err(fault) = self.start()
        {
            // the real box is as good without
            tracing::warn!(%fault, "the practice box does not open");
        }
    }

    /// Takes over newer catalogues as they come, until the program ends.
    pub(crate) async fn keep_following(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            let drills = Arc::clone(&self);
            // an error means that the process is ending
            let _ = tokio::task::spawn_blocking(move || drills.follow()).await;
        }
    }

    /// Ends its pages; what was practised stays.
    pub(crate) fn stop(&self) {
        if let Some(running) = self.running().take() {
            running.stop.send_replace(true);
        }
    }

    fn follow(&self) {
        let mut running = self.running();
        let Some(running) = running.as_mut() else { return };
        let now = self.real.reference();
        if Arc::ptr_eq(&now, &running.followed) {
            return;
        }
        match running.node.follow(&self.real) {
            Ok(()) => running.followed = now,
            Err(error) => tracing::warn!(%error, "the practice box does not follow the catalogue"),
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self) -> PathBuf {
        self.dir.join(FOLDER)
    }

    fn sweep(&self) -> std::io::Result<()> {
        let gone = self.dir.join(GONE);
        if gone.exists() { fs::remove_dir_all(gone) } else { Ok(()) }
    }

    fn open(&self) -> Result<Running, DrillFault> {
        let folder = self.folder();
        fs::create_dir_all(&folder).map_err(|error| disk(&error))?;
        let held = DiskFolder::at(folder.clone()).map_err(|error| disk(&error))?;
        let mut fresh = [0; 32];
        SystemRandom.fill(&mut fresh);
        let space = Box::new(DiskSpace::of(folder));
        let opened = store::open::open(&Arc::new(held), space, BagKey::from_bytes(fresh));
        let Opened { engine, keybag, .. } = opened.map_err(|error| broken(&error))?;
        let followed = self.real.reference();
        let node = self.real.drill(Arc::new(engine), keybag.key().clone()).map_err(|error| broken(&error))?;
        let listener = self.runtime.block_on(listen(self.at)).map_err(|error| DrillFault {
            words: format!("演练的网页开不了：{}。", reason(&error)),
            log: format!("practice pages: {error}"),
        })?;
        let at = listener.local_addr().map_err(|error| disk(&error))?;
        let real = format!("http://{}/", self.at);
        let site =
            Site::for_drill(node.clone(), Hosts::new(vec![at.to_string()], false), self.real.clone(), real);
        let (stop, mut stopped) = watch::channel(false);
        let until = async move {
            // an error means that the sender is gone: stop as well
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let serving = self.runtime.spawn(async move {
            if let Err(error) = web::serve(listener, site, until).await {
                tracing::warn!(%error, "practice pages ended");
            }
        });
        tracing::info!(%at, "practice box open");
        Ok(Running { node, home: format!("http://{at}/"), stop, serving, followed })
    }
}

impl Drill for Drills {
    fn state(&self) -> DrillState {
        match &*self.running() {
            Some(running) => DrillState::Open {
                home: running.home.clone(),
                practised: running.node.practised().unwrap_or_else(|error| {
                    tracing::warn!(%error, "practised cases were not counted");
                    0
                }),
            },
            None if self.folder().exists() => DrillState::Broken,
            None => DrillState::Empty,
        }
    }

    fn start(&self) -> Result<(), DrillFault> {
        let mut running = self.running();
        if running.is_none() {
            *running = Some(self.open()?);
        }
        Ok(())
    }

    fn empty(&self) -> Result<(), DrillFault> {
        let mut running = self.running();
        if let Some(ended) = running.take() {
            ended.stop.send_replace(true);
            let ending = async { tokio::time::timeout(STOP_PATIENCE, ended.serving).await };
            // a page that hangs on keeps its file open, and finds nothing in it any more
            let _ = self.runtime.block_on(ending);
        }
        if self.folder().exists() {
            self.sweep().map_err(|error| disk(&error))?;
            // a power cut from here on finds it gone, and the next start sweeps
            fs::rename(self.folder(), self.dir.join(GONE)).map_err(|error| disk(&error))?;
            self.sweep().map_err(|error| disk(&error))?;
        }
        tracing::info!("practice box emptied");
        Ok(())
    }
}

async fn listen(real: SocketAddr) -> std::io::Result<TcpListener> {
    let ip: IpAddr = real.ip();
    if let Some(above) = real.port().checked_add(PORTS_ABOVE)
        && let Ok(listener) = TcpListener::bind((ip, above)).await
    {
        return Ok(listener);
    }
    TcpListener::bind((ip, 0)).await
}

fn disk(error: &std::io::Error) -> DrillFault {
    DrillFault {
        words: format!("演练的目录读写不了：{}。真的办件没有受影响。", reason(error)),
        log: format!("practice folder: {error}"),
    }
}

fn broken(error: &dyn std::fmt::Display) -> DrillFault {
    DrillFault {
        words: "演练打不开了。真的办件没有受影响。清空以后可以重新开始。".to_owned(),
        log: format!("practice box: {error}"),
    }
}
