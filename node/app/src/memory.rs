//! What a box keeps in memory of its disk, read once at the start.

use crate::ActError;
use canon::Canon as _;
use identity::{Adoption, Membership, MembershipList};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::engine::Engine;
use store::{logs, openings, registers};
use sync::{Holdings, Opening, kind};

/// The holdings and the newest membership list.
pub(crate) fn load(engine: &dyn Engine, floor: &Membership) -> Result<(Holdings, Membership), ActError> {
    let tx = engine.read()?;
    let mut holdings = Holdings::new();
    for opening in parents_first(openings::list(&*tx)?) {
        holdings.hold_opening(opening);
    }
    for log in logs::list(&*tx)? {
        if log.head.seq > 0 && log.head.log.lane != identity::Lane::LOCAL {
            holdings.set_head(log.head);
        }
    }
    let mut newest = floor.clone();
    for register in registers::list(&*tx, Some(kind::MEMBERSHIP))? {
        let Ok(list) = MembershipList::from_canon(&register.body) else { continue };
        if let Ok(Adoption::Take { membership, .. }) = newest.adopt(list, floor.root()) {
            newest = *membership;
        }
    }
    Ok((holdings, newest))
}

/// An opening after those it names, so that depths come out right.
fn parents_first(openings: Vec<Opening>) -> Vec<Opening> {
    let ids: BTreeSet<_> = openings.iter().map(|opening| (opening.device, opening.epoch)).collect();
    let mut children: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut waits: Vec<usize> = Vec::with_capacity(openings.len());
    for (place, opening) in openings.iter().enumerate() {
        let parents: BTreeSet<_> = opening
            .parents
            .iter()
            .map(|head| (head.log.device, head.log.epoch))
            .filter(|id| ids.contains(id))
            .collect();
        waits.push(parents.len());
        for parent in parents {
            children.entry(parent).or_default().push(place);
        }
    }
    let mut ready: VecDeque<usize> =
        waits.iter().enumerate().filter(|(_, count)| **count == 0).map(|(place, _)| place).collect();
    let mut slots: Vec<Option<Opening>> = openings.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(slots.len());
    while let Some(place) = ready.pop_front() {
        let Some(opening) = slots.get_mut(place).and_then(Option::take) else { continue };
        for child in children.remove(&(opening.device, opening.epoch)).unwrap_or_default() {
            if let Some(count) = waits.get_mut(child) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push_back(child);
                }
            }
        }
        sorted.push(opening);
    }
    // A ring is a forger's; what is left is held in any order.
    sorted.extend(slots.into_iter().flatten());
    sorted
}
