//! What may happen at any moment: people act, links come and go, disks die.
#![expect(clippy::indexing_slicing, reason = "places and boxes are the simulation's own numbers")]

use super::disk::Fate;
use super::link::State;
use super::photos::SimPhoto;
use super::world::{Act, CENTRE, Errand, Failure, STATIONS, World};
use app::mesh::MeshContext;
use app::testing;
use identity::{Audience, DeviceId, Lane, LogId};
use model::record::{CellName, Edit, Value};
use rand::RngExt as _;
use records::{DocId, DocKind, DocRef};
use store::documents;
use store::engine::Engine as _;
use sync::{Arrival, Budget, Context as _, SegmentDraft};

impl World {
    /// One thing happens.
    pub(super) fn step(&mut self) -> Result<(), Failure> {
        self.now_ms += self.rng.random_range(1..200);
        self.happen()?;
        self.mend_power()
    }

    fn happen(&mut self) -> Result<(), Failure> {
        match self.rng.random_range(0..100u32) {
            0..=23 => self.station_acts(),
            24..=33 => self.centre_acts(),
            34..=49 => self.open_link(),
            50..=79 => self.move_bytes(),
            80..=82 => self.break_link(),
            83..=86 => self.power_cut(),
            87..=89 => self.offer_again(),
            90 => self.courier(),
            91 | 92 => self.partition(),
            93 => self.time_passes(),
            94 | 95 => self.back_up(),
            96 | 97 => self.restore(),
            98 => self.clone_or_cut(),
            _ => self.forge(),
        }
    }

    fn lively_box(&mut self) -> usize {
        let machines: Vec<usize> =
            (1..self.boxes.len()).filter(|at| self.lively.contains(&self.boxes[*at].place)).collect();
        machines[self.rng.random_range(0..machines.len())]
    }

    fn station_acts(&mut self) -> Result<(), Failure> {
        let by = self.lively_box();
        let place = self.boxes[by].place;
        let dice = self.rng.random_range(0..10u32);
        let (kind, errand) = match dice {
            0 => (DocKind::Station, Errand::Public),
            1 if self.plan.misplaces => (DocKind::Notice, Errand::Misplaced),
            _ => (DocKind::Case, Errand::Case),
        };
        let own: Vec<DocRef> = self.documents(by, |at, owner| owner == place && at.kind == kind)?;
        let at = self.some_document(own, kind, 2);
        self.owners.entry(at).or_insert(place);
        let (audience, lane) = match errand {
            Errand::Public => (Audience::All, Lane::OTHER),
            Errand::Misplaced => (Audience::Hub, Lane::OTHER),
            Errand::Case | Errand::Decision { .. } => (Audience::Hub, Lane::CASES),
        };
        self.act(by, at, errand, audience, lane)
    }

    fn centre_acts(&mut self) -> Result<(), Failure> {
        if self.rng.random_ratio(1, 4) {
            let own = self.documents(CENTRE, |at, owner| owner == CENTRE && at.kind == DocKind::Notice)?;
            let at = self.some_document(own, DocKind::Notice, 2);
            self.owners.entry(at).or_insert(CENTRE);
            return self.act(CENTRE, at, Errand::Public, Audience::All, Lane::NOTICES);
        }
        let cases = self.documents(CENTRE, |at, owner| owner != CENTRE && at.kind == DocKind::Case)?;
        if cases.is_empty() {
            return Ok(());
        }
        let at = cases[self.rng.random_range(0..cases.len())];
        let to = self.owners[&at];
        if self.boxes[to].cut {
            return Ok(());
        }
        self.act(CENTRE, at, Errand::Decision { to }, Audience::Member(testing::number(to)), Lane::CASES)
    }

    /// Documents that are on a box, by whose they are.
    fn documents(&self, at: usize, wanted: impl Fn(DocRef, usize) -> bool) -> Result<Vec<DocRef>, Failure> {
        let tx = self.boxes[at].disk.read()?;
        let mut found = Vec::new();
        for (doc, owner) in &self.owners {
            if wanted(*doc, *owner) && documents::get(&*tx, &doc.id.0)?.is_some() {
                found.push(*doc);
            }
        }
        Ok(found)
    }

    /// One of these, or a new one once in so often.
    fn some_document(&mut self, of: Vec<DocRef>, kind: DocKind, new_in: u32) -> DocRef {
        if !of.is_empty() && !self.rng.random_ratio(1, new_in) {
            return of[self.rng.random_range(0..of.len())];
        }
        DocRef { id: DocId(self.rng.random()), kind }
    }

    /// An act as a use case does it. Saved only when it says so.
    pub(super) fn act(
        &mut self,
        by: usize,
        at: DocRef,
        errand: Errand,
        audience: Audience,
        lane: Lane,
    ) -> Result<(), Failure> {
        let marker = self.acts.len() as u64 + 1;
        let mut edit = Edit { events: vec![marker_bytes(marker)], ..Edit::default() };
        let number = i64::try_from(marker).unwrap_or_default();
        edit.facts.insert(format!("fact{}", marker % 3), Some(Value::Int(number)));
        let text = (errand == Errand::Case && self.rng.random_bool(0.5)).then(|| format!("某人{marker}"));
        if let Some(text) = &text {
            let name = CellName { person: 0, field: format!("m{marker}") };
            edit.cells.insert(name, Some(text.clone()));
        }
        if self.rng.random_ratio(1, 25) {
            self.set_fate(by);
        }
        let photo = self.photograph(by, at, errand, marker, &mut edit);
        let node = self.node(by)?.clone();
        let ciphertexts = photo.iter().flat_map(SimPhoto::ciphertexts).collect();
        let written = testing::write_with_blobs(&node, at, edit, vec![audience], lane, ciphertexts);
        self.trace("act", |w| {
            w.u64(by as u64).fixed(&at.id.0).bool(written.is_ok());
        });
        match written {
            Ok(()) => {
                self.photos.extend(photo);
                let log = LogId { device: node.device(), epoch: testing::epoch(&node), audience, lane };
                let seq = node.holdings().head(&log).map_or(0, |head| head.seq);
                let required = !self.boxes[by].cut;
                self.acts.push(Act { marker, by, at, errand, log, seq, text, required });
                self.tally.acknowledged += 1;
                self.has_news(by);
                Ok(())
            }
            Err(error) => {
                // The number stays used: the power may have failed after the commit.
                let log = LogId { device: node.device(), epoch: testing::epoch(&node), audience, lane };
                self.acts.push(Act {
                    marker,
                    by,
                    at,
                    errand,
                    log,
                    seq: u64::MAX,
                    text: None,
                    required: false,
                });
                if self.boxes[by].disk.is_dead() { Ok(()) } else { Err(error.into()) }
            }
        }
    }

    fn set_fate(&mut self, at: usize) {
        let (fate, name) = if self.rng.random_bool(0.5) {
            (Fate::Lost, "power lost before a commit")
        } else {
            (Fate::KeptUnsaid, "power lost after a commit")
        };
        self.boxes[at].disk.set_fate(fate);
        self.tally.count(name);
    }

    fn open_link(&mut self) -> Result<(), Failure> {
        let a = if self.rng.random_ratio(1, 8) {
            self.rng.random_range(1..self.boxes.len())
        } else {
            self.lively_box()
        };
        let b = if self.rng.random_ratio(3, 4) { CENTRE } else { self.lively_box() };
        let reach =
            self.boxes[a].group == self.boxes[b].group && self.boxes[a].device != self.boxes[b].device;
        if !reach || self.links.len() >= 8 {
            return Ok(());
        }
        let (a, b) = if self.rng.random_bool(0.5) { (a, b) } else { (b, a) };
        let mut link = self.connect(a, b)?;
        if self.rng.random_bool(0.5) {
            link.fuse = self.rng.random_range(1..8_000);
        }
        link.flips = self.rng.random_ratio(1, 10);
        self.links.push(link);
        Ok(())
    }

    /// A burst on a random link; often the pieces are small.
    fn move_bytes(&mut self) -> Result<(), Failure> {
        if self.links.is_empty() {
            return self.open_link();
        }
        let which = self.rng.random_range(0..self.links.len());
        let mut link = self.links.swap_remove(which);
        if self.rng.random_ratio(1, 40) {
            let at = link.ends[usize::from(self.rng.random_bool(0.5))].at;
            self.set_fate(at);
        }
        let piece = if self.rng.random_bool(0.3) { self.rng.random_range(1..300) } else { usize::MAX };
        for _ in 0..self.rng.random_range(1..16) {
            self.now_ms += self.rng.random_range(1..30);
            match self.pump(&mut link, piece)? {
                State::Busy => {}
                State::Idle => break,
                State::Gone => {
                    self.tally.count("connection cut");
                    return Ok(());
                }
            }
        }
        self.links.push(link);
        Ok(())
    }

    /// Boxes whose power failed start again.
    pub(super) fn mend_power(&mut self) -> Result<(), Failure> {
        for at in 0..self.boxes.len() {
            if self.boxes[at].disk.is_dead() {
                self.restart(at)?;
            }
        }
        Ok(())
    }

    fn break_link(&mut self) -> Result<(), Failure> {
        if self.links.is_empty() {
            return Ok(());
        }
        let which = self.rng.random_range(0..self.links.len());
        let mut link = self.links.swap_remove(which);
        self.tally.count("connection cut");
        self.hang_up(&mut link)
    }

    fn power_cut(&mut self) -> Result<(), Failure> {
        let at = if self.rng.random_ratio(1, 4) { CENTRE } else { self.lively_box() };
        self.tally.count("crash and restart");
        self.restart(at)
    }

    /// What came once comes again, to whoever got it then, in any order.
    fn offer_again(&mut self) -> Result<(), Failure> {
        if self.batches.is_empty() {
            return Ok(());
        }
        let which = self.rng.random_range(0..self.batches.len());
        let (at, peer, batch) = self.batches.swap_remove(which);
        self.tally.count("segment offered again");
        self.hand_in(at, peer, batch)
    }

    /// A file carried by hand: some stretch of some log, from anywhere in it.
    fn courier(&mut self) -> Result<(), Failure> {
        let from = self.lively_box();
        let to = if self.rng.random_bool(0.7) { CENTRE } else { self.lively_box() };
        let device = self.boxes[from].device;
        let node = self.node(from)?.clone();
        let heads: Vec<_> = node.holdings().heads().copied().collect();
        let fits = |log: &LogId| log.audience == Audience::All || (log.device == device && to == CENTRE);
        let heads: Vec<_> = heads.into_iter().filter(|head| fits(&head.log)).collect();
        if heads.is_empty() || from == to {
            return Ok(());
        }
        let head = heads[self.rng.random_range(0..heads.len())];
        let first = self.rng.random_range(1..=head.seq);
        let Some(batch) = parcel(&node, &head.log, first, self.boxes[to].device) else { return Ok(()) };
        self.tally.count("segment by courier");
        self.hand_in(to, device, batch)
    }

    fn partition(&mut self) -> Result<(), Failure> {
        let heal = self.rng.random_bool(0.5);
        for at in 0..self.boxes.len() {
            self.boxes[at].group = if heal { 0 } else { self.rng.random_range(0..2) };
        }
        if heal {
            return Ok(());
        }
        self.tally.count("partition");
        let links = std::mem::take(&mut self.links);
        for mut link in links {
            let [a, b] = [link.ends[0].at, link.ends[1].at];
            if self.boxes[a].group == self.boxes[b].group {
                self.links.push(link);
            } else {
                self.hang_up(&mut link)?;
            }
        }
        Ok(())
    }

    /// Hours or weeks in which nobody does anything; somebody may set a clock.
    fn time_passes(&mut self) -> Result<(), Failure> {
        let ms = self.rng.random_range(60_000..20 * 86_400_000);
        self.now_ms += ms;
        for held in &self.boxes {
            held.clock.advance(ms);
        }
        if self.rng.random_bool(0.5) {
            let at = self.rng.random_range(0..=STATIONS);
            self.boxes[at].clock.set_wall(self.rng.random_range(0..4_102_444_800));
            self.tally.count("clock set anywhere from 1970 to 2099");
        }
        Ok(())
    }
}

/// An event's bytes: a number that no two acts share, behind a version that no model knows.
pub(super) fn marker_bytes(marker: u64) -> Vec<u8> {
    let mut bytes = b"\xf0sim".to_vec();
    bytes.extend_from_slice(&marker.to_be_bytes());
    bytes
}

/// A stretch of a log with its opening, as a file would carry it.
pub(super) fn parcel(node: &app::Node, log: &LogId, first: u64, to: DeviceId) -> Option<Vec<Arrival>> {
    let mut context = MeshContext::new(node.clone());
    let opening = node.holdings().opening(&log.device, &log.epoch)?.as_ref().clone();
    let stretch = context.stretch(log, first, Budget { entries: 16, bytes: 65_536 })?;
    let entries = stretch.entries.clone();
    let key = context.key().clone();
    let draft = SegmentDraft { key: &key, log: *log, first, stretch, pressed: None, level: 3 };
    let version = context.sealing_key(&to);
    let segment =
        draft.build((to, version), |version, aad, plain| context.seal(&to, version, aad, plain)).ok()?;
    Some(vec![Arrival::Opening(opening), Arrival::Segment { segment: Box::new(segment), entries }])
}
