//! What the engineer, the thief and the forger do: backups put back, cards copied, boxes revoked, changes forged.
#![expect(clippy::indexing_slicing, reason = "places and boxes are the simulation's own numbers")]

use super::chunk::Chunk;
use super::context::SimContext;
use super::plant::Plant;
use super::steps::{marker_bytes, parcel};
use super::world::{Act, CENTRE, Errand, Failure, World};
use app::testing;
use canon::Canon as _;
use identity::{
    Audience, Cut, DeviceId, DeviceKey, Epoch, Head, Lane, LogId, Membership, Role, Roster, Ruling, actor,
};
use model::record::Edit;
use rand::RngExt as _;
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::engine::Engine as _;
use store::{documents, journal, logs, openings};
use sync::{Arrival, Context as _, EntryHeader, Opening, Register, kind};

/// Backups kept of one disk.
const BACKUPS_MAX: usize = 3;

/// What a forger tries.
#[derive(Debug, Clone, Copy)]
enum Forgery {
    OthersActor,
    LowStart,
    SeqGap,
    NearTwoTo32,
    Orphan,
    OthersCase,
    Garbage,
    UnknownKind,
}

const FORGERIES: [(Forgery, &str); 8] = [
    (Forgery::OthersActor, "forged: another's actor"),
    (Forgery::LowStart, "forged: low start_op"),
    (Forgery::SeqGap, "forged: gap in seq"),
    (Forgery::NearTwoTo32, "forged: counter near 2^32"),
    (Forgery::Orphan, "forged: dependencies that nobody has"),
    (Forgery::OthersCase, "forged: into another station's case"),
    (Forgery::Garbage, "forged: no change at all"),
    (Forgery::UnknownKind, "forged: a kind nobody knows"),
];

impl World {
    /// Hands a batch to a box as a file would come.
    pub(super) fn hand_in(&mut self, at: usize, peer: DeviceId, batch: Vec<Arrival>) -> Result<(), Failure> {
        let held = &mut self.boxes[at];
        let Some(node) = &held.node else { return Ok(()) };
        let mut context = SimContext::new(node, &held.disk, self.plant, &mut held.newest_wall, false);
        let outcomes = context.admit(&peer, batch);
        let seen = context.seen;
        self.trace("handed in", |w| {
            w.u64(at as u64).str(&format!("{outcomes:?}"));
        });
        self.saw(at, seen)
    }

    pub(super) fn back_up(&mut self) -> Result<(), Failure> {
        let at = if self.rng.random_ratio(1, 3) { CENTRE } else { self.lively[0] };
        let held = &mut self.boxes[at];
        if held.backups.len() < BACKUPS_MAX {
            held.backups.push(held.disk.snapshot());
        }
        Ok(())
    }

    /// An older disk is put back in: the keys are the same, the process is a new one.
    pub(super) fn restore(&mut self) -> Result<(), Failure> {
        let at = if self.plan.centre_restores && self.rng.random_bool(0.6) {
            CENTRE
        } else if self.plan.restores {
            self.lively[0]
        } else {
            return Ok(());
        };
        let backups = self.boxes[at].backups.len();
        if backups == 0 {
            return Ok(());
        }
        let snapshot = self.boxes[at].backups[self.rng.random_range(0..backups)].clone();
        self.switch_off(at)?;
        self.boxes[at].disk.restore(snapshot);
        self.boxes[at].receipts.clear();
        self.switch_on(at)?;
        self.trace("restored", |w| {
            w.u64(at as u64);
        });
        self.give_up_lost();
        if at != CENTRE {
            self.tally.count("station restored from a backup");
            return Ok(());
        }
        self.tally.count("centre restored from a backup");
        let mut roster = Roster::after(self.list.list());
        roster.incarnation += 1;
        self.publish(roster)
    }

    /// The engineer signs a list and brings it to the centre.
    fn publish(&mut self, roster: Roster) -> Result<(), Failure> {
        let signer = DeviceKey::from_seed(self.town.signer);
        let list = roster.sign(&signer);
        let number = list.number();
        let register = Register::sign(
            &signer,
            kind::MEMBERSHIP,
            0,
            (number.generation << 32) | number.epoch,
            list.to_canon(),
        );
        self.list = Membership::verify(list, &self.town.root)
            .map_err(|fault| Failure::new(format!("the engineer's list: {fault}")))?;
        self.hand_in(CENTRE, signer.id(), vec![Arrival::Register(register.clone())])?;
        if self.boxes[CENTRE].disk.is_dead() {
            // the engineer waits for the power, and brings it once more
            self.mend_power()?;
            self.hand_in(CENTRE, signer.id(), vec![Arrival::Register(register)])?;
        }
        Ok(())
    }

    pub(super) fn clone_or_cut(&mut self) -> Result<(), Failure> {
        if self.plan.cuts && self.rng.random_bool(0.7) {
            self.plan.cuts = false;
            return self.revoke();
        }
        if !self.plan.clones || self.boxes.len() > super::world::STATIONS + 2 {
            return Ok(());
        }
        let place = self.lively[self.rng.random_range(0..self.lively.len())];
        if self.boxes[place].cut {
            return Ok(());
        }
        self.tally.count("card cloned");
        let disk = self.boxes[place].disk.snapshot();
        self.add_box(place, disk).map(drop)
    }

    /// A box was stolen: the list cuts it at what the centre holds of it.
    fn revoke(&mut self) -> Result<(), Failure> {
        let place = self.lively[self.lively.len() - 1];
        let device = self.boxes[place].device;
        let heads = self.heads_of(device)?;
        let mut roster = Roster::after(self.list.list());
        if self.plant == Some(Plant::CutByEpoch) {
            // The planted engineer's tool names the epochs it knows, and leaves the box on the list.
            let mut epochs: BTreeMap<Epoch, Vec<Head>> = BTreeMap::new();
            heads.iter().for_each(|head| epochs.entry(head.log.epoch).or_default().push(*head));
            roster.rulings.extend(epochs.into_iter().map(|(epoch, keep)| Ruling { device, epoch, keep }));
        } else {
            roster.members.retain(|member| member.device != device);
            roster.cuts.push(Cut { device, role: Role::Station, station: testing::number(place), heads });
        }
        self.tally.count("box revoked");
        for held in self.boxes.iter_mut().filter(|held| held.device == device) {
            held.cut = true;
        }
        self.publish(roster)?;
        let mut acts = std::mem::take(&mut self.acts);
        for act in &mut acts {
            let of_it = self.boxes[act.by].place == place;
            act.required &= act.errand != (Errand::Decision { to: place }) && (!of_it || self.stands(act)?);
        }
        self.acts = acts;
        // what only the stolen box held
        self.give_up_lost();
        Ok(())
    }

    /// What the engineer lets count of a stolen box: what the centre holds or, when the theft is noticed late, less.
    fn heads_of(&mut self, device: DeviceId) -> Result<Vec<Head>, Failure> {
        let holdings = self.node(CENTRE)?.holdings();
        let mut heads: Vec<Head> =
            holdings.heads().filter(|head| head.log.device == device).copied().collect();
        if self.rng.random_bool(0.5) {
            return Ok(heads);
        }
        self.tally.count("cut below what was taken");
        let disk = Arc::clone(&self.boxes[CENTRE].disk);
        let tx = disk.read()?;
        for head in &mut heads {
            head.seq = self.rng.random_range(0..=head.seq);
            let Some(held) = logs::get(&*tx, &head.log)? else { continue };
            head.link = journal::link_at(&*tx, &held, head.seq)?.unwrap_or(head.link);
        }
        heads.retain(|head| head.seq > 0);
        Ok(heads)
    }

    /// The centre holds an act of a revoked box, and the cut lets it count.
    fn stands(&self, act: &Act) -> Result<bool, Failure> {
        let tx = self.boxes[CENTRE].disk.read()?;
        let Some(held) = logs::get(&*tx, &act.log)? else { return Ok(false) };
        let Some(link) = journal::link_at(&*tx, &held, act.seq)? else { return Ok(false) };
        let holdings = self.node(CENTRE)?.holdings();
        let counts = self.list.accepts_with(&act.log, act.seq, &link, &*holdings).is_ok();
        Ok(counts && self.holds(CENTRE, act))
    }

    /// The thief starts the stolen box once more, writes, and has it carried to the centre and to a village.
    pub(super) fn thief_tries(&mut self) -> Result<(), Failure> {
        let Some(at) = (0..self.boxes.len()).find(|at| self.boxes[*at].cut) else { return Ok(()) };
        self.restart(at)?;
        let doc = DocRef { id: DocId(self.rng.random()), kind: DocKind::Station };
        self.owners.insert(doc, self.boxes[at].place);
        self.act(at, doc, Errand::Public, Audience::All, Lane::OTHER)?;
        let doc = DocRef { id: DocId(self.rng.random()), kind: DocKind::Case };
        self.owners.insert(doc, self.boxes[at].place);
        self.act(at, doc, Errand::Case, Audience::Hub, Lane::CASES)?;
        let node = self.node(at)?.clone();
        let epoch = testing::epoch(&node);
        let logs: Vec<LogId> =
            node.holdings().heads().map(|head| head.log).filter(|log| log.epoch == epoch).collect();
        for log in logs {
            let village = self.lively[0];
            for to in [CENTRE, village] {
                if self.boxes[to].cut || (to != CENTRE && log.audience != Audience::All) {
                    continue;
                }
                self.tally.count("thief's new epoch offered");
                let device = self.boxes[to].device;
                if let Some(batch) = parcel(&node, &log, 1, device) {
                    self.hand_in(to, device, batch)?;
                }
            }
        }
        Ok(())
    }

    /// A member station writes bad changes into its own journal, past its own software, and its sessions send them.
    pub(super) fn forge(&mut self) -> Result<(), Failure> {
        let Some(at) = self.forger.filter(|at| !self.boxes[*at].cut) else { return Ok(()) };
        let (forgery, name) = FORGERIES[self.rng.random_range(0..FORGERIES.len())];
        let Some((doc, raw)) = self.forged(at, forgery)? else { return Ok(()) };
        let device = self.boxes[at].device;
        let epoch = Epoch(self.forged_epoch);
        let public = self.owners.get(&doc).is_some_and(|_| doc.kind == DocKind::Station);
        let (audience, lane) =
            if public { (Audience::All, Lane::OTHER) } else { (Audience::Hub, Lane::CASES) };
        let log = LogId { device, epoch, audience, lane };
        let number = if let Forgery::UnknownKind = forgery { 77 } else { doc.kind.number() };
        let header = EntryHeader { doc: doc.id.0, kind: number, origin: None };
        self.switch_off(at)?;
        let disk = Arc::clone(&self.boxes[at].disk);
        let key = DeviceKey::from_seed(self.town.boxes[self.boxes[at].place].key);
        let mut tx = disk.write()?;
        openings::put(&mut *tx, &Opening::sign(&key, epoch, Vec::new()))?;
        journal::append(&mut *tx, &log, header, raw)?;
        tx.commit()?;
        self.tally.count(name);
        self.trace("forged", |w| {
            w.u64(at as u64).str(name);
        });
        self.switch_on(at)
    }

    /// A change that no honest box writes.
    fn forged(&mut self, at: usize, forgery: Forgery) -> Result<Option<(DocRef, Vec<u8>)>, Failure> {
        self.forged_epoch = self.rng.random();
        let place = self.boxes[at].place;
        let others = matches!(forgery, Forgery::OthersCase | Forgery::OthersActor);
        let wanted: Vec<(DocRef, usize)> = self
            .owners
            .iter()
            .filter(|(doc, owner)| {
                doc.kind != DocKind::Notice && (**owner != place) == others && **owner != CENTRE
            })
            .map(|(doc, owner)| (*doc, *owner))
            .collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let (doc, owner) = wanted[self.rng.random_range(0..wanted.len())];
        let tx = self.boxes[owner].disk.read()?;
        let Some(stored) = documents::get(&*tx, &doc.id.0)? else { return Ok(None) };
        drop(tx);
        let Ok(mut document) = Document::load(doc, &stored.saved) else { return Ok(None) };
        let own = actor(&self.boxes[at].device, &Epoch(self.forged_epoch));
        let edit = Edit { events: vec![marker_bytes(u64::MAX)], ..Edit::default() };
        let made = records::edit(&mut document, &edit, own, 0, &SeedBook::new())
            .map_err(|fault| Failure::new(format!("the forger's tool: {fault}")))?;
        let Some(mut chunk) = made.and_then(|made| Chunk::parse(&made.bytes)) else { return Ok(None) };
        match forgery {
            Forgery::OthersActor => {
                let victim = self.node(owner)?;
                chunk.actor = actor(&victim.device(), &testing::epoch(victim)).to_vec();
            }
            Forgery::LowStart => chunk.start_op = 1,
            Forgery::SeqGap => chunk.seq += 7,
            Forgery::NearTwoTo32 => chunk.start_op = u64::from(u32::MAX) - 2,
            Forgery::Orphan => chunk.deps = vec![self.rng.random()],
            Forgery::OthersCase | Forgery::UnknownKind => {}
            Forgery::Garbage => {}
        }
        self.spoilt.push(doc);
        let raw = if let Forgery::Garbage = forgery {
            self.rng.random::<[u8; 32]>().to_vec()
        } else {
            chunk.to_raw()
        };
        Ok(Some((doc, raw)))
    }
}
