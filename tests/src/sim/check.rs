//! What must be true: at any moment of the truths that pages show, and of everything once all links are up again.
#![expect(clippy::indexing_slicing, reason = "places and boxes are the simulation's own numbers")]

use super::steps::marker_bytes;
use super::world::{Act, CENTRE, Errand, Failure, World};
use app::Node;
use app::admission::reason;
use app::mesh::MeshContext;
use app::testing;
use identity::LogId;
use model::record::{Record, Value};
use records::{DocId, DocKind, DocRef};
use std::collections::BTreeMap;
use store::engine::Engine as _;
use store::journal::{self, Place, State};
use store::{documents, logs, origin};
use sync::Context as _;
use sync::truth::{Confirmed, Truth, truth};

/// What a box's documents say.
type Records = BTreeMap<DocRef, Record>;

/// Rounds in which every box meets the centre. More news than this has no end.
const ROUNDS_MAX: usize = 10;

impl World {
    /// Nobody acts any more, every link works: the township comes to rest, and then everything is looked at.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.thief_tries()?;
        for mut link in std::mem::take(&mut self.links) {
            self.hang_up(&mut link)?;
        }
        self.mend_power()?;
        self.boxes.iter().for_each(|held| held.disk.calm());
        self.come_to_rest()?;
        let records: BTreeMap<usize, Records> = (0..self.boxes.len())
            .filter(|at| !self.boxes[*at].cut)
            .map(|at| Ok((at, self.read_all(at)?)))
            .collect::<Result<_, Failure>>()?;
        self.nothing_beyond_the_cut()?;
        self.arrived_once(&records)?;
        self.all_say_the_same(&records)?;
        self.photos_arrived()?;
        for at in 1..self.boxes.len() {
            self.check_truth(at)?;
            self.truth_is_reached(at)?;
        }
        Ok(())
    }

    fn come_to_rest(&mut self) -> Result<(), Failure> {
        let mut before = self.digests()?;
        for _ in 0..ROUNDS_MAX {
            for at in 1..self.boxes.len() {
                if !self.boxes[at].cut {
                    self.now_ms += 1_000;
                    self.meet(at, CENTRE)?;
                }
            }
            let now = self.digests()?;
            if now == before {
                self.trace("rest", |w| {
                    for digest in &now {
                        w.fixed(digest);
                    }
                });
                return Ok(());
            }
            before = now;
        }
        Err(Failure::new("the township does not come to rest"))
    }

    fn digests(&self) -> Result<Vec<[u8; 32]>, Failure> {
        (0..self.boxes.len()).map(|at| self.digest(at)).collect()
    }

    fn digest(&self, at: usize) -> Result<[u8; 32], Failure> {
        let node = self.node(at)?;
        let holdings = node.holdings();
        let registers = MeshContext::new(node.clone()).registers();
        Ok(canon::hash("rest", |w| {
            for head in holdings.heads() {
                w.value(&head.log).u64(head.seq).fixed(&head.link);
            }
            w.list(&registers);
        }))
    }

    /// Every document of a box, opened: one that does not load is a failure of its own.
    fn read_all(&self, at: usize) -> Result<Records, Failure> {
        let tx = self.boxes[at].disk.read()?;
        let mut records = Records::new();
        for (id, stored) in documents::page(&*tx, None, usize::MAX)? {
            let kind = DocKind::from_number(stored.kind).unwrap_or(DocKind::Case);
            let doc = DocRef { id: DocId(id), kind };
            let record = testing::record(self.node(at)?, doc)
                .map_err(|fault| Failure::new(format!("box {at}: {fault}")))?;
            records.insert(doc, record.unwrap_or_default());
        }
        Ok(records)
    }

    /// What a revoked box wrote after the cut stands in no document of anybody's, whenever it was taken.
    fn nothing_beyond_the_cut(&self) -> Result<(), Failure> {
        let gone: Vec<_> = self.boxes.iter().filter(|held| held.cut).map(|held| held.device).collect();
        for at in (0..self.boxes.len()).filter(|at| !gone.is_empty() && !self.boxes[*at].cut) {
            let holdings = self.node(at)?.holdings();
            let tx = self.boxes[at].disk.read()?;
            for head in holdings.heads().filter(|head| gone.contains(&head.log.device)) {
                let Some(held) = logs::get(&*tx, &head.log)? else { continue };
                for (stored, seq) in
                    journal::read(&*tx, held.index, 1, usize::MAX, usize::MAX)?.iter().zip(1..)
                {
                    let counts = self.list.accepts_with(&head.log, seq, &stored.link, &*holdings).is_ok()
                        && self.list.cut(&head.log.device).is_some();
                    if !counts && stored.state == State::Applied {
                        let what = format!("box {at} applied {:?} {seq} of a revoked box", head.log);
                        return Err(Failure::new(what));
                    }
                }
            }
        }
        Ok(())
    }

    /// Each act stands where it belongs, exactly once.
    fn arrived_once(&self, records: &BTreeMap<usize, Records>) -> Result<(), Failure> {
        let centre = markers(&records[&CENTRE]);
        for act in &self.acts {
            let found = centre.get(&act.marker).map_or(&[][..], Vec::as_slice);
            let expected: &[DocRef] = &[act.at];
            let misplaced = act.errand == Errand::Misplaced;
            let right = if act.required && !misplaced {
                found == expected
            } else {
                found.is_empty() || found == expected
            };
            if !right || (misplaced && !found.is_empty()) {
                let times = found.len();
                return Err(Failure::new(format!("{} stands {times} times at the centre", act.described())));
            }
            if misplaced
                && act.required
                && self.state_at_centre(&act.log, act.seq)? != Some(State::Held { reason: reason::ROLE })
            {
                return Err(Failure::new(format!("{} is not held at the centre", act.described())));
            }
            text_arrived(act, &records[&CENTRE])?;
        }
        for (at, held) in records.iter().filter(|(at, _)| **at != CENTRE) {
            let here = markers(held);
            for act in self.acts.iter().filter(|act| act.required && self.is_for(*at, act)) {
                if here.get(&act.marker).map(Vec::as_slice) != Some(&[act.at]) {
                    return Err(Failure::new(format!(
                        "{} has not arrived once at box {at}",
                        act.described()
                    )));
                }
            }
        }
        Ok(())
    }

    fn is_for(&self, at: usize, act: &Act) -> bool {
        let held = &self.boxes[at];
        !held.cut
            && match act.errand {
                Errand::Public => true,
                Errand::Decision { to } => held.place == to,
                Errand::Case => held.place == self.boxes[act.by].place,
                Errand::Misplaced => false,
            }
    }

    /// The same document says the same on every box that may read it.
    fn all_say_the_same(&self, records: &BTreeMap<usize, Records>) -> Result<(), Failure> {
        for (doc, owner) in &self.owners {
            if *owner != CENTRE && doc.kind == DocKind::Notice {
                continue;
            }
            let wanted = records[&CENTRE].get(doc);
            for (at, here) in records {
                let place = self.boxes[*at].place;
                let reads = doc.kind != DocKind::Case || place == *owner;
                let own_work = self.spoilt.contains(doc) && Some(place) == self.forger;
                if *at != CENTRE && reads && !own_work {
                    same(here.get(doc), wanted, *doc, *at)?;
                }
            }
        }
        Ok(())
    }

    /// A box that says 中心已回执 is right: the centre's disk holds it, applied. Boxes that have not heard yet that the
    /// centre was restored cannot know better.
    pub(super) fn check_truth(&self, at: usize) -> Result<(), Failure> {
        let held = &self.boxes[at];
        let Some(node) = held.node.as_ref().filter(|_| held.place != CENTRE && !held.cut) else {
            return Ok(());
        };
        let off = held.disk.is_dead() || self.boxes[CENTRE].disk.is_dead();
        if off || node.membership().incarnation() != self.list.incarnation() {
            return Ok(());
        }
        let tx = held.disk.read()?;
        for doc in self.owners.keys() {
            let own = origin::get(&*tx, &doc.id.0)?;
            if own.is_empty() || self.says(at, node, &doc.id.0, &own)? != Truth::Received {
                continue;
            }
            self.photos_are_at_the_centre(at, node, &doc.id.0)?;
            for (log, last) in own {
                if self.state_at_centre(&log, last)? != Some(State::Applied) {
                    let what = format!(
                        "box {at} calls {:?} of {log:?} received; the centre has not applied it",
                        last
                    );
                    return Err(Failure::new(what));
                }
            }
        }
        Ok(())
    }

    /// What the box's pages say; with the planted receipt, the best that any receipt ever said.
    fn says(&self, at: usize, node: &Node, doc: &[u8; 16], own: &[(LogId, u64)]) -> Result<Truth, Failure> {
        let mut said = testing::whereabouts(node, doc)?;
        for receipt in &self.boxes[at].receipts {
            let confirmed = Confirmed::new(receipt.clone(), &node.device(), &node.holdings());
            said = said.max(truth(own, &[], Some(&confirmed), &|_| 0));
        }
        Ok(said)
    }

    fn state_at_centre(&self, log: &LogId, seq: u64) -> Result<Option<State>, Failure> {
        let tx = self.boxes[CENTRE].disk.read()?;
        let Some(held) = logs::get(&*tx, log)? else { return Ok(None) };
        Ok(journal::get(&*tx, &Place { log: held.index, seq })?.map(|stored| stored.state))
    }

    /// At rest, everything that arrived is called received, and what is held back is called that.
    fn truth_is_reached(&self, at: usize) -> Result<(), Failure> {
        let held = &self.boxes[at];
        if held.cut {
            return Ok(());
        }
        let forger = Some(held.place) == self.forger;
        for act in self.acts.iter().filter(|act| self.boxes[act.by].place == held.place && act.required) {
            if forger && self.spoilt.contains(&act.at) {
                continue; // its own journal says that it wrote what nobody adopts
            }
            let truth = testing::whereabouts(self.node(at)?, &act.at.id.0)?;
            let wanted = match act.errand {
                Errand::Misplaced => Truth::NotAdopted(reason::ROLE),
                Errand::Case | Errand::Public | Errand::Decision { .. } => Truth::Received,
            };
            if truth != wanted && !self.waits_for_lost_photo(&act.at, truth) {
                return Err(Failure::new(format!(
                    "{} is {truth:?} at rest, not {wanted:?}",
                    act.described()
                )));
            }
        }
        Ok(())
    }
}

/// Which documents hold which act, as often as they do.
fn markers(records: &Records) -> BTreeMap<u64, Vec<DocRef>> {
    let mut found: BTreeMap<u64, Vec<DocRef>> = BTreeMap::new();
    for (doc, record) in records {
        for event in &record.events {
            let marker = event.bytes.last_chunk().copied().map_or(0, u64::from_be_bytes);
            if event.bytes == marker_bytes(marker) {
                found.entry(marker).or_default().push(*doc);
            }
        }
    }
    found
}

fn text_arrived(act: &Act, centre: &Records) -> Result<(), Failure> {
    let Some(text) = act.text.as_ref().filter(|_| act.required) else { return Ok(()) };
    let cell = centre.get(&act.at).and_then(|record| record.cells.get(&format!("0/m{}", act.marker)));
    if cell.and_then(|all| all.last()).map(|last| &last.value) == Some(&Value::Text(text.clone())) {
        return Ok(());
    }
    Err(Failure::new(format!("the cell of {} cannot be read at the centre", act.described())))
}

fn same(here: Option<&Record>, wanted: Option<&Record>, doc: DocRef, at: usize) -> Result<(), Failure> {
    if here == wanted {
        return Ok(());
    }
    let count = |record: Option<&Record>| record.map(|record| (record.events.len(), record.cells.len()));
    let (here, centre) = (count(here), count(wanted));
    Err(Failure::new(format!(
        "{doc:?} differs: box {at} has {here:?} (events, cells), the centre {centre:?}"
    )))
}

impl Act {
    fn described(&self) -> String {
        format!("act {} of box {} ({:?}, {:?} {})", self.marker, self.by, self.errand, self.log, self.seq)
    }
}
