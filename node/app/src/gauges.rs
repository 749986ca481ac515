//! What a machine may ask about this box: numbers only, nothing about a person or a case.

use crate::ports::LinkView;
use crate::{ActError, Node};

/// How the box stands now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gauges {
    /// Commits the database holds.
    pub commits: u64,
    /// Cases on this box alone.
    pub saved: u64,
    /// Cases that another box holds and the centre has not signed for.
    pub in_transit: u64,
    /// Cases the centre signed for; at the centre, all it holds.
    pub received: u64,
    /// Journal entries written by this box.
    pub own_entries: u64,
    /// Journal entries of others kept here.
    pub other_entries: u64,
    /// Neighbours and their links.
    pub links: Vec<LinkView>,
}

impl Node {
    /// Reads them.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn gauges(&self) -> Result<Gauges, ActError> {
        let (saved, in_transit, received) = self.truth_tally()?;
        let holdings = self.holdings();
        let entries = |own: bool| {
            let heads = holdings.heads().filter(|head| (head.log.device == self.device()) == own);
            heads.map(|head| head.seq).sum()
        };
        Ok(Gauges {
            commits: self.commits().unwrap_or(0),
            saved: saved as u64,
            in_transit: in_transit as u64,
            received: received as u64,
            own_entries: entries(true),
            other_entries: entries(false),
            links: self.links().map(|links| links.views()).unwrap_or_default(),
        })
    }
}
