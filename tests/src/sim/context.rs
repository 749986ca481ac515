//! A box as its sessions see it, with the planted bugs in front of it and a look at the disk behind it.

use super::disk::Disk;
use super::plant::Plant;
use app::Node;
use app::mesh::MeshContext;
use app::testing;
use canon::Reader;
use identity::{Audience, DeviceId, DeviceKey, Lane, LogId, Membership};
use model::record::Edit;
use records::{DocId, DocKind, DocRef};
use std::sync::Arc;
use store::engine::Engine as _;
use store::logs;
use sync::{
    Arrival, Attachments, Budget, Context, Entry, Form, Holdings, Outcome, Pressed, Reason, Receipt,
    Register, RegisterMark, Sealed, Stretch, kind,
};

/// What a session's turn showed of its box.
#[derive(Default)]
pub(super) struct Seen {
    /// Promises broken.
    pub(super) broken: Vec<String>,
    /// Something was stored: other links have news.
    pub(super) stored: bool,
    /// A receipt came in.
    pub(super) receipt: Option<Receipt>,
    /// A batch to be offered a second time later.
    pub(super) batch: Option<(DeviceId, Vec<Arrival>)>,
}

/// One link's view of a box under test.
pub(super) struct SimContext<'b> {
    pub(super) inner: MeshContext,
    pub(super) node: &'b Node,
    disk: &'b Disk,
    pub(super) plant: Option<Plant>,
    /// For the planted clock: the newest wall time seen in an entry.
    newest_wall: &'b mut i64,
    keep_batch: bool,
    pub(super) seen: Seen,
}

/// Older than this against the newest time seen counts as stale to the planted clock.
const STALE_SECONDS: i64 = 40 * 86_400;

impl<'b> SimContext<'b> {
    pub(super) fn new(
        node: &'b Node,
        disk: &'b Disk,
        plant: Option<Plant>,
        newest_wall: &'b mut i64,
        keep_batch: bool,
    ) -> Self {
        let inner = MeshContext::new(node.clone());
        Self { inner, node, disk, plant, newest_wall, keep_batch, seen: Seen::default() }
    }

    /// What a planted bug answers without asking admission.
    fn forced(&mut self, arrival: &Arrival) -> Option<Outcome> {
        match (self.plant?, arrival) {
            (Plant::ClockDecides, Arrival::Segment { segment, entries }) => {
                self.is_stale(entries).then_some(Outcome::Durable { seq: self.held(&segment.header.log) })
            }
            (Plant::OwnEntriesRefused, Arrival::Segment { segment, .. }) => {
                let own = self.node.is_centre() && segment.header.log.device == self.node.device();
                own.then_some(Outcome::Refused(Reason::Signer))
            }
            _ => None,
        }
    }

    fn is_stale(&mut self, entries: &[Entry]) -> bool {
        let walls: Vec<i64> = entries.iter().filter_map(wall_of).collect();
        let stale = walls.iter().any(|wall| *wall < self.newest_wall.saturating_sub(STALE_SECONDS));
        *self.newest_wall = walls.into_iter().fold(*self.newest_wall, i64::max);
        stale
    }

    fn held(&self, log: &LogId) -> u64 {
        let Ok(tx) = self.disk.read() else { return 0 };
        logs::get(&*tx, log).ok().flatten().map_or(0, |held| held.head.seq)
    }

    /// The planted duplicate: what a document says last is written down once more, as another document.
    fn apply_again(&mut self, log: &LogId, entries: &[Entry]) {
        let Some(entry) = entries.last().filter(|_| log.audience == Audience::Hub) else { return };
        let at = DocRef { id: DocId(entry.header.doc), kind: DocKind::Case };
        let Ok(Some(record)) = testing::record(self.node, at) else { return };
        let Some(last) = record.events.last() else { return };
        let again = canon::hash("again", |w| {
            w.fixed(&at.id.0).fixed(&last.bytes);
        });
        let id = again.first_chunk().copied().unwrap_or_default();
        let edit = Edit { events: vec![last.bytes.clone()], ..Edit::default() };
        let at = DocRef { id: DocId(id), kind: DocKind::Case };
        let _ = testing::write(self.node, at, edit, vec![Audience::Hub], Lane::CASES);
    }

    /// What is acknowledged must be on the disk now.
    fn look(&mut self, log: &LogId, outcome: &Outcome) {
        let Outcome::Durable { seq } = outcome else { return };
        let held = self.held(log);
        if held < *seq {
            self.seen.broken.push(format!("{log:?} was acknowledged up to {seq}, the disk holds {held}"));
        }
    }

    fn spoil(&mut self, arrival: &Arrival, held_before: u64, outcome: Outcome) -> Outcome {
        let Arrival::Segment { segment, entries } = arrival else { return outcome };
        let (log, last) = (segment.header.log, segment.header.last_seq());
        match (self.plant, outcome) {
            (Some(Plant::GapIgnored), Outcome::Gap { want: 1.. }) => Outcome::Durable { seq: last },
            (Some(Plant::DuplicateApplied), Outcome::Durable { .. })
                if held_before >= last && self.node.is_centre() =>
            {
                self.apply_again(&log, entries);
                outcome
            }
            _ => outcome,
        }
    }
}

fn wall_of(entry: &Entry) -> Option<i64> {
    let Form::Body(bytes) = &entry.form else { return None };
    // The actor matters only to cells; the header of the change is all that is wanted.
    let rest = wire_rest(bytes)?;
    super::chunk::Chunk::parse(&rest).map(|chunk| chunk.time)
}

/// The raw change of a wire form, without its cells.
fn wire_rest(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader::new(bytes);
    from.u64().ok()?;
    for _ in 0..from.count(4096).ok()? {
        from.u64().ok()?;
        from.fixed::<16>().ok()?;
    }
    for _ in 0..from.count(4096).ok()? {
        from.u64().ok()?;
        from.u64().ok()?;
        from.str(4096).ok()?;
        from.str(65_536).ok()?;
    }
    Some(from.bytes(65_536).ok()?.to_vec())
}

impl Context for SimContext<'_> {
    fn key(&self) -> &DeviceKey {
        self.inner.key()
    }

    fn membership(&self) -> Arc<Membership> {
        self.inner.membership()
    }

    fn holdings(&self) -> Arc<Holdings> {
        self.inner.holdings()
    }

    fn registers(&self) -> Vec<RegisterMark> {
        self.inner.registers()
    }

    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        let register = self.inner.register(mark)?;
        let unsaid = matches!(self.plant, Some(Plant::HeldUnsaid | Plant::MissingUnsaid));
        if unsaid && mark.kind == kind::RECEIPT && self.node.is_centre() {
            let mut receipt = Receipt::from_register(&register).ok()?;
            match self.plant {
                Some(Plant::MissingUnsaid) => receipt.missing.clear(),
                _ => receipt.held.clear(),
            }
            let station = identity::StationNo::new(mark.subject)?;
            return Some(receipt.sign(self.inner.key(), station));
        }
        Some(register)
    }

    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        self.inner.stretch(log, first, budget)
    }

    fn press(&self, log: &LogId, entries: &[Entry]) -> Option<Pressed> {
        self.inner.press(log, entries)
    }

    fn expand(&self, log: &LogId, pressed: &[u8], count: usize, inflated: usize) -> Option<Vec<Entry>> {
        self.inner.expand(log, pressed, count, inflated)
    }

    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        let has_segment = arrivals.iter().any(|arrival| matches!(arrival, Arrival::Segment { .. }));
        if self.keep_batch && has_segment {
            self.seen.batch = Some((*peer, arrivals.clone()));
        }
        let forced: Vec<_> = arrivals.iter().map(|arrival| self.forced(arrival)).collect();
        let before: Vec<u64> =
            arrivals.iter().map(|each| log_of(each).map_or(0, |log| self.held(log))).collect();
        let passed = arrivals.iter().zip(&forced).filter(|(_, forced)| forced.is_none());
        let mut judged =
            self.inner.admit(peer, passed.map(|(arrival, _)| arrival.clone()).collect()).into_iter();
        let mut outcomes = Vec::with_capacity(arrivals.len());
        for ((arrival, forced), before) in arrivals.iter().zip(forced).zip(before) {
            let outcome = forced.or_else(|| judged.next()).unwrap_or(Outcome::Refused(Reason::Full));
            let outcome = self.spoil(arrival, before, outcome);
            if let Some(log) = log_of(arrival) {
                self.look(log, &outcome);
            }
            if let Arrival::Register(register) = arrival
                && register.kind == kind::RECEIPT
            {
                self.seen.receipt = Receipt::from_register(register).ok();
            }
            self.seen.stored |= matches!(outcome, Outcome::Durable { .. });
            outcomes.push(outcome);
        }
        outcomes
    }

    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64> {
        self.inner.sealing_key(recipient)
    }

    fn seal(&mut self, to: &DeviceId, version: u64, aad: &[u8; 32], plaintext: &[u8]) -> Option<Sealed> {
        self.inner.seal(to, version, aad, plaintext)
    }

    fn open(&mut self, version: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>> {
        self.inner.open(version, aad, sealed)
    }

    fn recall(&self, peer: &DeviceId) -> Option<Vec<u8>> {
        self.inner.recall(peer)
    }

    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>) {
        self.inner.remember(peer, memory);
    }

    fn acknowledged(&mut self, peer: &DeviceId, log: &LogId, seq: u64) {
        self.inner.acknowledged(peer, log, seq);
    }

    fn attachments(&mut self) -> Option<&mut dyn Attachments> {
        Some(self)
    }
}

fn log_of(arrival: &Arrival) -> Option<&LogId> {
    if let Arrival::Segment { segment, .. } = arrival { Some(&segment.header.log) } else { None }
}
