//! The box as a sync session sees it: [`sync::Context`] over the store.

mod press;

use crate::{Node, keyring, ports};
use identity::{DeviceId, DeviceKey, LogId, Membership};
use records::{DocId, wire};
use seal::SealingPublic;
use std::sync::Arc;
use store::engine::ReadTx;
use store::{journal, logs, peers, proofs, registers};
use sync::{
    Arrival, Attachments, Budget, Context, Entry, Form, Holdings, Outcome, Pressed, Register, RegisterMark,
    Sealed, Stretch, kind,
};

/// One link's view of the box. Make one for each session.
#[derive(Debug, Clone)]
pub struct MeshContext {
    pub(crate) node: Node,
}

impl MeshContext {
    /// For one session of this box.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node }
    }

    fn try_stretch(&self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        let tx = self.node.engine().read().ok()?;
        let held = logs::get(&*tx, log).ok()??;
        let prev = journal::link_at(&*tx, &held, first.checked_sub(1)?).ok()??;
        let own = log.device == self.node.device();
        let mut count = budget.entries;
        let mut proof = None;
        if !own && !self.node.is_centre() {
            let (last, bytes) =
                proofs::next(&*tx, &journal::Place { log: held.index, seq: first }).ok()??;
            count = usize::try_from(last + 1 - first).ok()?;
            proof = Some(bytes);
        }
        let stored = journal::read(&*tx, held.index, first, count, budget.bytes).ok()?;
        if proof.is_some() && stored.len() != count {
            return None;
        }
        let last = stored.last()?.link;
        let entries =
            stored.into_iter().map(|each| self.wire_form(&*tx, each.entry)).collect::<Option<Vec<_>>>()?;
        Some(Stretch { prev, entries, last, proof })
    }

    fn wire_form(&self, tx: &dyn ReadTx, entry: Entry) -> Option<Entry> {
        let Entry { header, form } = entry;
        let form = match form {
            Form::Erased(hash) => Form::Erased(hash),
            Form::Body(raw) => {
                let book = keyring::open(tx, self.node.bag(), &header.doc).ok()?;
                Form::Body(wire::cut(DocId(header.doc), &raw, &book))
            }
        };
        Some(Entry { header, form })
    }
}

impl Context for MeshContext {
    fn key(&self) -> &DeviceKey {
        self.node.key()
    }

    fn membership(&self) -> Arc<Membership> {
        self.node.membership()
    }

    fn holdings(&self) -> Arc<Holdings> {
        self.node.holdings()
    }

    fn registers(&self) -> Vec<RegisterMark> {
        let Ok(tx) = self.node.engine().read() else { return Vec::new() };
        let held = registers::list(&*tx, None).unwrap_or_default();
        let kept = held.iter().filter(|register| register.kind != kind::MEMBERSHIP);
        let mut marks: Vec<_> = kept.map(Register::mark).collect();
        marks.push(Register::of_list(self.node.membership().list()).mark());
        marks.sort_unstable();
        marks
    }

    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        if mark.kind == kind::MEMBERSHIP {
            return Some(Register::of_list(self.node.membership().list()))
                .filter(|held| held.mark() == *mark);
        }
        let tx = self.node.engine().read().ok()?;
        registers::get(&*tx, &mark.slot()).ok()?.filter(|held| held.mark() == *mark)
    }

    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        self.try_stretch(log, first, budget)
    }

    fn press(&self, log: &LogId, entries: &[Entry]) -> Option<Pressed> {
        press::press(log, entries)
    }

    fn expand(&self, log: &LogId, pressed: &[u8], count: usize, inflated: usize) -> Option<Vec<Entry>> {
        press::expand(log, pressed, count, inflated)
    }

    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        self.node.admit(peer, arrivals)
    }

    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64> {
        self.node.membership().member(recipient).map(|member| member.sealing.version)
    }

    fn seal(
        &mut self,
        recipient: &DeviceId,
        version: u64,
        aad: &[u8; 32],
        plaintext: &[u8],
    ) -> Option<Sealed> {
        let membership = self.node.membership();
        let sealing = membership.member(recipient)?.sealing;
        let public = SealingPublic { version: sealing.version, key: sealing.key };
        if public.version != version {
            return None;
        }
        let random = ports::random(&*self.node.ports().random);
        let (encapsulated, ciphertext) = seal::seal_to(&public, aad, plaintext, random).ok()?;
        Some(Sealed { encapsulated, ciphertext })
    }

    fn open(&mut self, version: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>> {
        let key = self.node.sealing();
        if key.version() != version {
            return None;
        }
        let opened = seal::open_from(key, &sealed.encapsulated, aad, &sealed.ciphertext).ok()?;
        Some(opened.to_vec())
    }

    fn recall(&self, peer: &DeviceId) -> Option<Vec<u8>> {
        let tx = self.node.engine().read().ok()?;
        peers::get(&*tx, peer).ok()?
    }

    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>) {
        self.node.remember(*peer, memory);
    }

    fn acknowledged(&mut self, peer: &DeviceId, log: &LogId, seq: u64) {
        self.node.relayed(peer, log, seq);
    }

    fn attachments(&mut self) -> Option<&mut dyn Attachments> {
        Some(self)
    }
}
