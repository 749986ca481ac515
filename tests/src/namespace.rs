//! Machines of one LAN: network namespaces with their own addresses on one bridge. The bridge lives in a namespace of
//! its own, so nothing of the host is touched. Needs root and `ip`.

use std::io;
use std::process::Command;

/// Why there can be no namespaces here.
#[derive(Debug, thiserror::Error)]
pub enum NoNamespaces {
    /// `ip` is missing.
    #[error("ip: {0}")]
    Tool(#[from] io::Error),
    /// The system said no.
    #[error("ip {asked}: {said}")]
    Refused {
        /// What was asked.
        asked: String,
        /// What it said.
        said: String,
    },
}

/// The name of one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(String);

impl Namespace {
    /// What stands between `ip` and a program that is to run inside.
    #[must_use]
    pub fn inside(&self) -> [&str; 3] {
        ["netns", "exec", &self.0]
    }
}

/// One machine of the LAN.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Where its processes run.
    pub namespace: Namespace,
    /// Its IPv4 address on the LAN.
    pub address: String,
    port: String,
}

/// A LAN; its namespaces are removed when this is dropped.
#[derive(Debug)]
pub struct Lan {
    hub: String,
    /// The machines, in order of their addresses.
    pub machines: Vec<Machine>,
}

fn ip(words: &str) -> Result<(), NoNamespaces> {
    let output = Command::new("ip").args(words.split(' ')).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(NoNamespaces::Refused { asked: words.to_owned(), said })
}

impl Lan {
    /// A bridge with `machines` machines on it, 10.77.0.1 and up. `tag` keeps two LANs of one process apart.
    ///
    /// # Errors
    /// [`NoNamespaces`] when this system does not let us (not root, no `ip`, no such kernel).
    pub fn new(tag: &str, machines: u8) -> Result<Self, NoNamespaces> {
        let hub = format!("bm-{}-{tag}", std::process::id());
        let mut lan = Self { hub: hub.clone(), machines: Vec::new() };
        ip(&format!("netns add {hub}"))?;
        ip(&format!("-n {hub} link add lan type bridge"))?;
        ip(&format!("-n {hub} link set lan up"))?;
        for number in 1..=machines {
            let (name, port) = (format!("{hub}-{number}"), format!("port{number}"));
            let address = format!("10.77.0.{number}");
            ip(&format!("netns add {name}"))?;
            let namespace = Namespace(name.clone());
            lan.machines.push(Machine { namespace, address: address.clone(), port: port.clone() });
            ip(&format!("-n {hub} link add {port} type veth peer name eth0 netns {name}"))?;
            ip(&format!("-n {hub} link set {port} master lan"))?;
            ip(&format!("-n {hub} link set {port} up"))?;
            ip(&format!("-n {name} link set lo up"))?;
            ip(&format!("-n {name} addr add {address}/24 dev eth0"))?;
            ip(&format!("-n {name} link set eth0 up"))?;
        }
        Ok(lan)
    }

    /// Pulls or plugs the cable of a machine.
    ///
    /// # Errors
    /// When `ip` refuses.
    pub fn plug(&self, machine: &Machine, whole: bool) -> Result<(), NoNamespaces> {
        let state = if whole { "up" } else { "down" };
        ip(&format!("-n {} link set {} {state}", self.hub, machine.port))
    }

    /// Lets the bridge carry multicast or swallow it, as a managed switch may.
    ///
    /// # Errors
    /// When `ip` refuses.
    pub fn multicast(&self, carried: bool) -> Result<(), NoNamespaces> {
        let state = if carried { "on" } else { "off" };
        self.machines.iter().try_for_each(|machine| {
            ip(&format!("-n {} link set {} type bridge_slave mcast_flood {state}", self.hub, machine.port))
        })
    }
}

impl Drop for Lan {
    fn drop(&mut self) {
        // Removing a namespace removes what is in it; what is gone already was wanted gone.
        for machine in &self.machines {
            let _ = ip(&format!("netns del {}", machine.namespace.0));
        }
        let _ = ip(&format!("netns del {}", self.hub));
    }
}
