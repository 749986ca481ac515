//! What a machine may ask about this box: numbers only, nothing about a person or a case.

use crate::cases::TruthCounts;
use crate::ports::LinkView;
use crate::views::lacking;
use crate::{ActError, BlobCounts, Node};

/// How the box stands now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gauges {
    /// Commits the database holds.
    pub commits: u64,
    /// How many cases are where.
    pub cases: TruthCounts,
    /// Journal entries written by this box.
    pub own_entries: u64,
    /// Journal entries of others kept here.
    pub other_entries: u64,
    /// Photos between boxes since this start.
    pub blobs: BlobCounts,
    /// Photos and thumbnails that documents here name and this box has not whole.
    pub blobs_lacking: u64,
    /// Neighbours and their links.
    pub links: Vec<LinkView>,
}

impl Node {
    /// Reads them.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn gauges(&self) -> Result<Gauges, ActError> {
        let holdings = self.holdings();
        let entries = |own: bool| {
            let heads = holdings.heads().filter(|head| (head.log.device == self.device()) == own);
            heads.map(|head| head.seq).sum()
        };
        let mut blobs_lacking = 0;
        lacking::each(&*self.engine().read()?, None, &mut |lacks| {
            blobs_lacking += lacks.all.len() as u64;
            true
        })?;
        Ok(Gauges {
            commits: self.commits().unwrap_or(0),
            cases: self.truth_tally()?,
            own_entries: entries(true),
            other_entries: entries(false),
            blobs: self.blob_counts(),
            blobs_lacking,
            links: self.links().map(|links| links.views()).unwrap_or_default(),
        })
    }
}
