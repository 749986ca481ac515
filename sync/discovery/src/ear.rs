//! The multicast side: announce this box, hear others. Only here is mdns-sd named.

use std::future::Future;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use mdns_sd::{
    DaemonEvent, DaemonStatus, IfKind, Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent,
    ServiceInfo,
};
use tokio::time::timeout;

use crate::announcement::Announcement;
use crate::limit;

/// The service type (RFC 6763).
pub(crate) const SERVICE: &str = "_bianmin._tcp.local.";

/// Something that came in.
#[derive(Debug)]
pub(crate) enum Sound {
    /// An announcer and where it is.
    Heard { name: String, announcement: Announcement, addresses: Vec<SocketAddr> },
    /// An announcer that is gone.
    Gone { name: String },
    /// The daemon met an error; it may go on.
    Trouble(String),
}

/// Multicast could not be started.
#[derive(Debug, thiserror::Error)]
#[error("multicast: {0}")]
pub(crate) struct EarFault(#[from] mdns_sd::Error);

/// One run of the multicast daemon. A fake one stands in for it where there is no multicast.
pub(crate) trait Ear: Send {
    /// The next sound; `None` when the daemon is dead.
    fn next(&mut self) -> impl Future<Output = Option<Sound>> + Send;
    /// Whether the daemon still answers.
    fn is_alive(&self) -> impl Future<Output = bool> + Send;
    /// Says goodbye and ends the daemon.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// mdns-sd's thread and what it tells.
pub(crate) struct Mdns {
    daemon: ServiceDaemon,
    events: Receiver<ServiceEvent>,
    monitor: Receiver<DaemonEvent>,
}

impl Mdns {
    /// Announces `ours` on `port` and listens. Without `addresses` all of this host's are announced, and followed
    /// when cards come and go.
    pub(crate) fn open(ours: &Announcement, port: u16, addresses: &[IpAddr]) -> Result<Self, EarFault> {
        let daemon = ServiceDaemon::new()?;
        // from here on a failure drops the handle, so the daemon must be told to end
        Self::furnish(&daemon, ours, port, addresses).inspect_err(|_| end(&daemon))
    }

    fn furnish(
        daemon: &ServiceDaemon,
        ours: &Announcement,
        port: u16,
        addresses: &[IpAddr],
    ) -> Result<Self, EarFault> {
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        let monitor = daemon.monitor()?;
        let name = ours.name();
        let host = format!("{name}.local.");
        let mut service = ServiceInfo::new(SERVICE, &name, &host, addresses, port, ours.txt().as_slice())?;
        if addresses.is_empty() {
            service = service.enable_addr_auto();
        }
        daemon.register(service)?;
        let events = daemon.browse(SERVICE)?;
        Ok(Self { daemon: daemon.clone(), events, monitor })
    }
}

/// A daemon that can't take the command is dead already.
fn end(daemon: &ServiceDaemon) {
    if let Err(fault) = daemon.shutdown() {
        tracing::debug!(%fault, "multicast daemon was gone");
    }
}

fn sound(event: ServiceEvent) -> Option<Sound> {
    match event {
        ServiceEvent::ServiceResolved(service) => {
            let announcement = Announcement::read(|key| service.get_property_val_str(key));
            let Some(announcement) = announcement else {
                return Some(Sound::Trouble("announcement with an unreadable record".into()));
            };
            let addresses = addresses(&service);
            Some(Sound::Heard { name: service.fullname, announcement, addresses })
        }
        ServiceEvent::ServiceRemoved(_, name) => Some(Sound::Gone { name }),
        ServiceEvent::SearchStarted(_)
        | ServiceEvent::ServiceFound(..)
        | ServiceEvent::SearchStopped(_)
        | _ => None,
    }
}

fn trouble(event: DaemonEvent) -> Option<Sound> {
    if let DaemonEvent::Error(fault) = event { Some(Sound::Trouble(fault.to_string())) } else { None }
}

/// Sorted, so that a bound cuts the same ones every time.
fn addresses(service: &ResolvedService) -> Vec<SocketAddr> {
    let at = |ip: &ScopedIp| match ip {
        ScopedIp::V6(v6) if v6.addr().is_unicast_link_local() => {
            SocketAddr::V6(SocketAddrV6::new(*v6.addr(), service.port, 0, v6.scope_id().index))
        }
        ScopedIp::V4(_) | ScopedIp::V6(_) | _ => SocketAddr::new(ip.to_ip_addr(), service.port),
    };
    let mut all: Vec<_> = service.addresses.iter().map(at).collect();
    all.sort_unstable();
    all
}

impl Ear for Mdns {
    async fn next(&mut self) -> Option<Sound> {
        loop {
            let sound = tokio::select! {
                event = self.events.recv_async() => sound(event.ok()?),
                event = self.monitor.recv_async() => trouble(event.ok()?),
            };
            if sound.is_some() {
                return sound;
            }
        }
    }

    async fn is_alive(&self) -> bool {
        let Ok(answer) = self.daemon.status() else { return false };
        matches!(timeout(limit::CHECK_PATIENCE, answer.recv_async()).await, Ok(Ok(DaemonStatus::Running)))
    }

    async fn close(self) {
        if let Ok(done) = self.daemon.shutdown()
            && timeout(limit::FAREWELL, done.recv_async()).await.is_err()
        {
            tracing::debug!("multicast daemon did not end in time");
        }
    }
}

impl Drop for Mdns {
    fn drop(&mut self) {
        end(&self.daemon);
    }
}
