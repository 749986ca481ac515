//! Announces a made-up box and prints what it hears, until its standard input ends. For two network namespaces on
//! one bridge: `hear 7800 01` in one, `hear 7800 02` in the other.

use std::io;
use std::io::Write as _;

use discovery::{Announcement, LastKnown, Multicast, Neighbours, Versions};
use identity::{DeviceId, TownshipId};
use tokio::io::AsyncReadExt as _;

struct Nothing;

impl LastKnown for Nothing {
    fn load(&self) -> Vec<String> {
        Vec::new()
    }
    fn keep(&self, _addresses: &[String]) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|port| port.parse().ok()).unwrap_or(7800);
    let device = arguments.next().and_then(|hex| u8::from_str_radix(&hex, 16).ok()).unwrap_or(1);
    let versions = Versions { min: 1, max: 1 };
    let announcement = Announcement::new(&TownshipId([7; 16]), &DeviceId([device; 32]), versions);
    let multicast = Multicast { announcement, port, addresses: Vec::new() };
    let neighbours = Neighbours::start([], Box::new(Nothing), Some(multicast));
    let mut candidates = neighbours.candidates();
    let mut byte = [0; 1];
    let mut input = tokio::io::stdin();
    loop {
        tokio::select! {
            read = input.read(&mut byte) => if read? == 0 { break },
            changed = candidates.changed() => {
                if changed.is_err() {
                    break;
                }
                let now: Vec<_> = candidates.borrow_and_update().iter().cloned().collect();
                writeln!(io::stdout(), "{}", now.join(" "))?;
            }
        }
    }
    neighbours.stop().await;
    Ok(())
}
