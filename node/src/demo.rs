//! `bianmin demo`: a township on one machine. Three separate processes with their own keys, databases and links;
//! this process only provisions, starts, watches and ends them.

mod boxes;
mod child;

use crate::cli::DemoOptions;
use crate::words::{reason, say};
use boxes::{BOXES, Spec};
use child::Child;
use std::fs::{self, File, TryLockError};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// A box that keeps dying is not started again for ever: so often in a row, each time before it stood [`STEADY`].
const RESTARTS_MAX: u32 = 20;
/// A box that stood this long was a good one.
const STEADY: Duration = Duration::from_secs(10);
/// Before a box that did not come up is tried again.
const PAUSE: Duration = Duration::from_millis(300);
/// Marks a folder as one that `--fresh` may empty.
const MARKER: &str = "demo.lock";
/// What a demo makes in its folder.
const MADE: [&str; 3] = ["township", "kits", "boxes"];

/// Runs until Ctrl-C.
///
/// # Errors
/// In Chinese, for the person at the shell.
pub(crate) async fn demo(options: DemoOptions) -> Result<(), String> {
    let data = prepare(&options.data)?;
    let _lock = lock(&data)?;
    if options.fresh {
        clear(&data)?;
    }
    if options.port != 0 {
        check_ports(options.port)?;
    }
    boxes::provision(&data)?;
    let mut interrupt =
        signal(SignalKind::interrupt()).map_err(|e| format!("不能接收 Ctrl-C：{}", reason(&e)))?;
    let mut terminate =
        signal(SignalKind::terminate()).map_err(|e| format!("不能接收结束信号：{}", reason(&e)))?;
    let started = tokio::select! {
        started = start_all(&data, options.port) => started?,
        _ = interrupt.recv() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
    };
    announce(&data, &started)?;
    let mut children = started;
    let ended = tokio::select! {
        ended = watch(&data, &mut children) => ended,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    child::stop(children).await;
    say(&format!("演示已结束，数据留在 {}。", data.display()));
    ended
}

fn prepare(data: &Path) -> Result<std::path::PathBuf, String> {
    fs::create_dir_all(data).map_err(|e| format!("建不了目录 {}：{}。", data.display(), reason(&e)))?;
    let data = data.canonicalize().map_err(|e| format!("读不了目录 {}：{}。", data.display(), reason(&e)))?;
    // keys of a real township are never a demo's to use, nor to clear away
    let taken = MADE.iter().find(|name| data.join(name).exists());
    if let Some(name) = taken.filter(|_| !data.join(MARKER).exists()) {
        return Err(format!(
            "{} 里的 {name} 不是演示留下的，不能动。请用 --data 换个空目录。",
            data.display()
        ));
    }
    Ok(data)
}

fn lock(data: &Path) -> Result<File, String> {
    let path = data.join(MARKER);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| format!("写不了 {}：{}。", path.display(), reason(&e)))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(format!("{} 里的演示正在运行。先关掉它，或用 --data 换个目录。", data.display()))
        }
        Err(TryLockError::Error(e)) => Err(format!("锁不住 {}：{}。", path.display(), reason(&e))),
    }
}

fn clear(data: &Path) -> Result<(), String> {
    for name in MADE {
        let path = data.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|e| format!("清不掉 {}：{}。", path.display(), reason(&e)))?;
        }
    }
    Ok(())
}

fn check_ports(first: u16) -> Result<(), String> {
    for spec in &BOXES {
        for port in [first, mesh_port(first)] {
            TcpListener::bind((spec.address, port)).map_err(|e| {
                let why = reason(&e);
                format!("{}:{port} 用不了（{why}）：可能另一个演示正在运行。先关掉它，或用 --port 0 自动找空闲端口。", spec.address)
            })?;
        }
    }
    Ok(())
}

fn mesh_port(http: u16) -> u16 {
    if http == 0 { 0 } else { http.saturating_add(1) }
}

async fn start_all(data: &Path, port: u16) -> Result<Vec<Child>, String> {
    let mut started: Vec<Child> = Vec::new();
    for spec in &BOXES {
        let peers = started.first().map(|centre| vec![centre.ready.mesh.clone()]).unwrap_or_default();
        let http = format!("{}:{port}", spec.address);
        let mesh = format!("{}:{}", spec.address, mesh_port(port));
        say(&format!("正在启动{}……", spec.name));
        started.push(Child::start(data, spec, http, mesh, peers).await?);
    }
    Ok(started)
}

/// Starts a box again when it dies, on the addresses it had.
async fn watch(data: &Path, children: &mut [Child]) -> Result<(), String> {
    loop {
        let dead = child::first_to_end(children).await;
        let Some(slot) = children.get_mut(dead) else { continue };
        *slot = again(data, slot).await?;
        announce(data, children)?;
    }
}

/// A box may die while it starts, too: it is tried again like one that died later.
async fn again(data: &Path, old: &Child) -> Result<Child, String> {
    let mut restarts = if old.born.elapsed() < STEADY { old.restarts } else { 0 };
    loop {
        restarts += 1;
        if restarts > RESTARTS_MAX {
            return Err("有便民盒反复退出，演示停下。看 boxes/ 下各盒的 logs。".into());
        }
        say(&format!("{}退出了，正在重新启动……", old.spec.name));
        let (http, mesh) = (old.ready.http.clone(), old.ready.mesh.clone());
        match Child::start(data, old.spec, http, mesh, old.peers.clone()).await {
            Ok(mut child) => {
                child.restarts = restarts;
                return Ok(child);
            }
            Err(why) => say(&why),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn announce(data: &Path, children: &[Child]) -> Result<(), String> {
    boxes::write_list(data, children)?;
    say("");
    say(&format!("三台便民盒已经在运行（数据在 {}）：", data.display()));
    for child in children {
        let Spec { name, .. } = child.spec;
        say(&format!(
            "  {name}\n      网址 {}\n      一次性登录码 {}\n      断开/恢复网络 {}",
            child.ready.url, child.ready.sign_in, child.ready.control_url
        ));
    }
    say("先打开村站网址，填登录码；Ctrl-C 全部结束。");
    Ok(())
}
