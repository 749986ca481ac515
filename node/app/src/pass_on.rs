//! The centre hands a case that one village took in for another to every station that takes part (requirements B4): every
//! change of it goes into the log for that station, vouched where another box wrote it. The seeds travel in the seal of the
//! segment, as with every change (docs/formats/wire.md).

use crate::commit::Job;
use crate::views::shared;
use crate::{ActError, Node, views};
use identity::{Audience, Lane, LogId, StationNo};
use model::case::Case;
use model::record::Record;
use records::{DocKind, DocRef, Document};
use std::collections::{BTreeMap, BTreeSet};
use store::journal::{self, State};
use store::{documents, logs};
use sync::{EntryHeader, Form};

/// An applied change of a document, and where it was first written.
struct Change {
    raw: Vec<u8>,
    origin: (LogId, u64),
    /// Whose box wrote it; the centre's number for its own.
    author: StationNo,
    /// Stations for which the centre has written it down already.
    given: BTreeSet<StationNo>,
}

impl Node {
    /// The stations that take part in a case, by number.
    pub(crate) fn villages(&self, record: &Record) -> BTreeSet<StationNo> {
        let reference = self.reference();
        let (case, _) = Case::read(record, reference.version(Case::item_of(record).as_ref()));
        case.villages().into_iter().filter_map(|number| StationNo::new(u64::from(number))).collect()
    }
}

impl Job<'_> {
    /// At the centre: whatever a station that takes part in a case has not been given yet.
    pub(crate) fn pass_on(&mut self, at: DocRef) -> Result<(), ActError> {
        if at.kind != DocKind::Case || !self.node.is_centre() || !shared::is_routed(&*self.tx, &at.id.0)? {
            return Ok(());
        }
        let Some(stored) = documents::get(&*self.tx, &at.id.0)? else { return Ok(()) };
        let record = records::read_sealed(&Document::load(at, &stored.saved)?);
        let mut parties = self.node.villages(&record);
        parties.insert(views::owner(&*self.tx, &at.id.0)?);
        parties.remove(&StationNo::CENTRE);
        let changes = self.changes_of(at)?;
        for party in parties {
            for change in &changes {
                if change.author != party && !change.given.contains(&party) {
                    self.give(at, party, change)?;
                }
            }
        }
        Ok(())
    }

    fn give(&mut self, at: DocRef, to: StationNo, change: &Change) -> Result<(), ActError> {
        self.open_epoch()?;
        let (device, epoch) = (self.node.device(), self.node.epoch());
        let log = LogId { device, epoch, audience: Audience::Member(to), lane: Lane::CASES };
        let header = EntryHeader { doc: at.id.0, kind: at.kind.number(), origin: Some(change.origin) };
        let head = journal::append(self.tx, &log, header, change.raw.clone())?;
        self.fresh.heads.push(head);
        Ok(())
    }

    /// Every applied change of a document once, in an order in which each follows those it builds on as far as its own
    /// writer goes.
    fn changes_of(&self, at: DocRef) -> Result<Vec<Change>, ActError> {
        let (own, membership) = (self.node.device(), self.node.membership());
        let mut changes: BTreeMap<[u8; 32], Change> = BTreeMap::new();
        let mut order = Vec::new();
        for place in journal::of_doc(&*self.tx, &at.id.0)? {
            let Some(stored) = journal::get(&*self.tx, &place)? else { continue };
            let log = logs::named(&*self.tx, place.log)?;
            let (State::Applied, Form::Body(raw)) = (stored.state, &stored.entry.form) else { continue };
            let hash = stored.entry.form.hash();
            let origin = stored.entry.header.origin.unwrap_or((log, place.seq));
            let author =
                membership.writer(&origin.0.device).map_or(StationNo::CENTRE, |writer| writer.station);
            let change = changes.entry(hash).or_insert_with(|| {
                order.push(hash);
                Change { raw: raw.clone(), origin, author, given: BTreeSet::new() }
            });
            if let (true, Audience::Member(station)) = (log.device == own, log.audience) {
                change.given.insert(station);
            }
        }
        Ok(order.iter().filter_map(|hash| changes.remove(hash)).collect())
    }
}
