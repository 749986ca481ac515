//! 演练: a box beside this one, to practise on (docs/decisions/0014). It has a database and keys of its own, mints numbers
//! that no real case can have, and is given no links; catalogue, authorities, profiles and calendar are copies of this
//! box's, so that practice is by the rules in force.

#[cfg(test)]
mod tests;

use crate::commit::Job;
use crate::{ActError, Boot, Node, views};
use identity::{DeviceKey, Lane, Membership, RootKey, Roster, StationNo};
use model::station::CENTRE;
use records::trial::Policy;
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use seal::{BagKey, SealingKey};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::documents::{self, StoredDocument};
use store::engine::Engine;

/// What a case is judged by, and nothing of a person.
const COPIED: [DocKind; 5] =
    [DocKind::Item, DocKind::Authority, DocKind::Station, DocKind::Calendar, DocKind::Package];

/// Drafts that are counted: nobody practises on more.
const DRAFTS_COUNTED: usize = 1_000;

/// Keys of the practice box. They follow from its key bag alone, so that emptying its folder ends them.
struct Keys {
    root: RootKey,
    signer: DeviceKey,
    device: DeviceKey,
    sealing: SealingKey,
}

impl Keys {
    fn of(bag: &BagKey) -> Result<Self, ActError> {
        let derive = |what: &str| {
            canon::hash("drill key", |w| {
                w.str(what).fixed(&*bag.bytes());
            })
        };
        let sealing = SealingKey::from_secret(1, derive("sealing"));
        Ok(Self {
            root: RootKey::from_seed(derive("root")),
            signer: DeviceKey::from_seed(derive("signer")),
            device: DeviceKey::from_seed(derive("device")),
            sealing: sealing.map_err(|_fault| ActError::Damaged("drill keys"))?,
        })
    }
}

impl Node {
    /// Starts a box to practise on, over an engine and a key bag of its own. To its pages the township looks as it does to
    /// this box's; its list is signed by a root that nobody else knows, so no box would take anything from it.
    ///
    /// # Errors
    /// When its database cannot be read or written.
    pub fn drill(&self, engine: Arc<dyn Engine>, bag: BagKey) -> Result<Self, ActError> {
        let keys = Keys::of(&bag)?;
        let boot = Boot {
            engine,
            membership: practice_list(&self.membership(), self, &keys)?,
            key: keys.device,
            sealing: keys.sealing,
            bag,
            ports: self.ports().clone(),
            policy: Policy::Guarded,
            drill: true,
        };
        let drill = Self::start(boot)?;
        drill.follow(self)?;
        Ok(drill)
    }

    /// Takes over what is in force on the box beside which one practises.
    ///
    /// # Errors
    /// When one of the two disks says no.
    pub fn follow(&self, real: &Self) -> Result<(), ActError> {
        if real.day_confirmed().load(Ordering::Relaxed) {
            self.day_confirmed().store(true, Ordering::Relaxed);
        }
        let mut copies: Vec<(DocRef, StoredDocument)> = Vec::new();
        let (from, here) = (real.engine().read()?, self.engine().read()?);
        for kind in COPIED {
            for id in views::of_kind(&*from, kind)? {
                let Some(stored) = documents::get(&*from, &id)? else { continue };
                if documents::get(&*here, &id)?.as_ref() != Some(&stored) {
                    copies.push((DocRef { id: DocId(id), kind }, stored));
                }
            }
        }
        drop((from, here));
        if copies.is_empty() {
            return Ok(());
        }
        self.commit(move |job| copies.iter().try_for_each(|(at, stored)| copy(job, *at, stored)))
    }

    /// How many cases were practised on, and the drafts begun.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn practised(&self) -> Result<usize, ActError> {
        let tx = self.engine().read()?;
        let cases = views::tally::sum(&*tx, views::BY_DAY, &[])?;
        let (drafts, _) = views::drafts(&*tx, None, DRAFTS_COUNTED)?;
        Ok(usize::try_from(cases).unwrap_or(usize::MAX).saturating_add(drafts.len()))
    }
}

fn copy(job: &mut Job<'_>, at: DocRef, stored: &StoredDocument) -> Result<(), ActError> {
    documents::put(job.tx, &at.id.0, stored)?;
    let record = records::read(&Document::load(at, &stored.saved)?, &SeedBook::new());
    views::update(job, at, StationNo(CENTRE), &record, Lane::CASES)
}

/// The township's list with the practice box in this box's place.
fn practice_list(real: &Membership, of: &Node, keys: &Keys) -> Result<Membership, ActError> {
    let mut members = real.members().to_vec();
    for member in members.iter_mut().filter(|member| member.device == of.device()) {
        member.device = keys.device.id();
        member.sealing.version = 1;
        member.sealing.key = keys.sealing.public().key;
        member.addresses.clear();
    }
    let centre =
        members.iter().find(|member| member.station == StationNo::CENTRE).map(|centre| centre.device);
    let number = real.number();
    let roster = Roster {
        delegation: keys.root.delegate(number.generation, keys.signer.id(), centre),
        epoch: number.epoch,
        previous: [0; 32],
        incarnation: real.incarnation(),
        members,
        cuts: Vec::new(),
        rulings: Vec::new(),
    };
    Membership::verify(roster.sign(&keys.signer), &keys.root.id())
        .map_err(|_fault| ActError::Damaged("drill list"))
}
