//! Which boxes the demo has, their provisioning (the same code as `bianmin provision`), and the list for scripts.

use super::child::Child;
use crate::cli::StationOptions;
use crate::provision;
use crate::words::{reason, say};
use provisioning::join::is_joined;
use serde::Serialize;
use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// One box of the demo. Township, villages and people are invented.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) number: u16,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) division: &'static str,
    pub(crate) folder: &'static str,
    /// Its own loopback address: cookies do not tell ports apart.
    pub(crate) address: Ipv4Addr,
    pub(crate) clerk: &'static str,
}

const TOWNSHIP: &str = "枫河镇";
const DIVISION: &str = "341823990000";

/// The centre first: stations need its address.
pub(crate) static BOXES: [Spec; 3] = [
    Spec {
        number: 0,
        name: "枫河镇便民服务中心",
        role: "centre",
        division: DIVISION,
        folder: "centre",
        address: Ipv4Addr::new(127, 0, 0, 10),
        clerk: "方敏",
    },
    Spec {
        number: 2308,
        name: "杨村便民服务站",
        role: "station",
        division: "341823990201",
        folder: "station-2308",
        address: Ipv4Addr::new(127, 0, 0, 11),
        clerk: "陈春梅",
    },
    Spec {
        number: 2311,
        name: "石桥便民服务站",
        role: "station",
        division: "341823990202",
        folder: "station-2311",
        address: Ipv4Addr::new(127, 0, 0, 12),
        clerk: "许建国",
    },
];

/// Makes what is not there yet: the township's authority, a kit for each box.
pub(crate) fn provision(data: &Path) -> Result<(), String> {
    let township = data.join("township");
    if !township.join("township.json").exists() {
        say(&format!("正在建立{TOWNSHIP}的信任根……"));
        provision::create_township(&township, TOWNSHIP, DIVISION)?;
    }
    let mut waiting = Vec::new();
    for spec in &BOXES {
        if is_joined(&data.join("boxes").join(spec.folder)).map_err(|e| e.to_string())? {
            continue;
        }
        let kit = data.join("kits").join(spec.folder);
        provision::make_kit(&StationOptions {
            township: township.clone(),
            kit: kit.clone(),
            number: spec.number,
            name: spec.name.to_owned(),
            division: spec.division.to_owned(),
            clerk: spec.clerk.to_owned(),
            addresses: Vec::new(),
            listen: format!("{}:0", spec.address),
            replace: false,
        })?;
        waiting.push(kit);
    }
    provision::refresh_kits(&township, &waiting)
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    role: &'a str,
    url: &'a str,
    sign_in: &'a str,
    control_url: &'a str,
}

/// Writes `boxes.json`, whole or not at all.
pub(crate) fn write_list(data: &Path, children: &[Child]) -> Result<(), String> {
    let list: Vec<_> = children
        .iter()
        .map(|child| Listed {
            name: child.spec.name,
            role: child.spec.role,
            url: &child.ready.url,
            sign_in: &child.ready.sign_in,
            control_url: &child.ready.control_url,
        })
        .collect();
    let text = serde_json::to_string_pretty(&list).map_err(|e| format!("写不了 boxes.json：{e}"))?;
    let (new, path) = (data.join("boxes.json.new"), data.join("boxes.json"));
    write_private(&new, &text)
        .and_then(|()| fs::rename(&new, &path))
        .map_err(|e| format!("写不了 boxes.json：{}。", reason(&e)))
}

/// Only the owner may read it: it holds sign-in codes.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::options().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}
