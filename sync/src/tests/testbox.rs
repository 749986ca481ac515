//! A box in memory: journal, admission by `chain`, a toy seal, receipts. Wire form = the body with a byte in front, so that
//! a forgotten cut or splice shows.

use super::testblobs::TestBlobs;
use crate::limit;
use crate::*;
use canon::{Reader, Writer};
use identity::*;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const WIRE_MARK: u8 = 0xC7;

pub(super) fn seed(name: &str) -> [u8; 32] {
    canon::hash("test-seed", |w| {
        w.str(name);
    })
}

/// A township: its root, who is in it, and the newest list.
pub(super) struct Town {
    pub(super) root: RootKey,
    pub(super) signer: DeviceKey,
    pub(super) members: Vec<(String, u16)>,
    pub(super) cuts: Vec<Cut>,
    pub(super) epoch: u64,
    pub(super) incarnation: u64,
}

impl Town {
    pub(super) fn new(stations: u16) -> Self {
        let mut members = vec![("centre".to_owned(), 0)];
        members.extend((1..=stations).map(|n| (format!("station{n}"), n)));
        Self {
            root: RootKey::from_seed(seed("root")),
            signer: DeviceKey::from_seed(seed("signer")),
            members,
            cuts: Vec::new(),
            epoch: 1,
            incarnation: 1,
        }
    }

    pub(super) fn list(&self) -> MembershipList {
        let centre = DeviceKey::from_seed(seed(&self.members[0].0)).id();
        let members = self.members.iter().map(|(name, number)| Member {
            device: DeviceKey::from_seed(seed(name)).id(),
            role: if *number == 0 { Role::Centre } else { Role::Station },
            station: StationNo(*number),
            name: name.clone(),
            division: "341802001001".to_owned(),
            sealing: MemberSealing { version: 1, key: seed(name) },
            addresses: Vec::new(),
        });
        Roster {
            delegation: self.root.delegate(1, self.signer.id(), Some(centre)),
            epoch: self.epoch,
            previous: [0; 32],
            incarnation: self.incarnation,
            members: members.collect(),
            cuts: self.cuts.clone(),
            rulings: Vec::new(),
        }
        .sign(&self.signer)
    }

    pub(super) fn membership(&self) -> Arc<Membership> {
        Arc::new(Membership::verify(self.list(), &self.root.id()).unwrap())
    }

    pub(super) fn register(&self) -> Register {
        let list = self.list();
        Register::of_list(&list)
    }

    pub(super) fn make(&self, name: &str) -> TestBox {
        let mut made = TestBox {
            key: DeviceKey::from_seed(seed(name)),
            root: self.root.id(),
            membership: self.membership(),
            holdings: Arc::default(),
            journal: BTreeMap::new(),
            proofs: BTreeMap::new(),
            registers: BTreeMap::new(),
            memory: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            epoch: None,
            starts: 0,
            salt: 0,
            receipts: 0,
            refuse: BTreeMap::new(),
            arrived: Vec::new(),
            admissions: 0,
            blobs: TestBlobs::default(),
        };
        made.hold_register(self.register());
        made
    }
}

#[derive(Clone)]
pub(super) struct TestBox {
    pub(super) key: DeviceKey,
    root: RootId,
    pub(super) membership: Arc<Membership>,
    pub(super) holdings: Arc<Holdings>,
    pub(super) journal: BTreeMap<LogId, Vec<(Entry, Link)>>,
    pub(super) proofs: BTreeMap<(LogId, u64), Vec<u8>>,
    pub(super) registers: BTreeMap<Slot, Register>,
    pub(super) memory: BTreeMap<DeviceId, Vec<u8>>,
    pub(super) acknowledged: BTreeMap<LogId, u64>,
    pub(super) epoch: Option<Epoch>,
    pub(super) starts: u64,
    /// Stands for the randomness of epochs: a restored box has another one.
    pub(super) salt: u64,
    receipts: u64,
    pub(super) refuse: BTreeMap<LogId, Reason>,
    /// Every entry in the order of its admission.
    pub(super) arrived: Vec<(LogId, u64)>,
    pub(super) admissions: usize,
    pub(super) blobs: TestBlobs,
}

impl TestBox {
    pub(super) fn id(&self) -> DeviceId {
        self.key.id()
    }

    pub(super) fn party(&self) -> Party {
        self.membership.member(&self.id()).unwrap().into()
    }

    pub(super) fn log(&self, audience: Audience, lane: Lane) -> LogId {
        LogId { device: self.id(), epoch: self.epoch.unwrap(), audience, lane }
    }

    /// A process start: the next write opens a new epoch.
    pub(super) fn restart(&mut self) {
        self.epoch = None;
    }

    pub(super) fn open_epoch(&mut self) -> Epoch {
        if let Some(epoch) = self.epoch {
            return epoch;
        }
        self.starts += 1;
        let hash = canon::hash("test-epoch", |w| {
            w.value(&self.id()).u64(self.starts).u64(self.salt);
        });
        let epoch = Epoch(hash[..8].try_into().unwrap());
        let parents = self.holdings.next_parents(&self.id());
        let opening = Opening::sign(&self.key, epoch, parents);
        assert!(Arc::make_mut(&mut self.holdings).hold_opening(opening));
        self.epoch = Some(epoch);
        epoch
    }

    pub(super) fn write(&mut self, audience: Audience, lane: Lane, body: &[u8]) -> (LogId, u64) {
        self.open_epoch();
        let log = self.log(audience, lane);
        let header = EntryHeader { doc: [7; 16], kind: 1, origin: None };
        self.append(log, Entry { header, form: Form::Body(body.to_vec()) });
        (log, self.head(&log))
    }

    pub(super) fn write_hub(&mut self, body: &[u8]) -> (LogId, u64) {
        self.write(Audience::Hub, Lane::CASES, body)
    }

    fn append(&mut self, log: LogId, entry: Entry) {
        let (seq, prev) = (self.head(&log) + 1, self.link_at(&log, self.head(&log)).unwrap());
        let link = link(&prev, seq, &entry.header, &entry.form.hash());
        self.journal.entry(log).or_default().push((entry, link));
        Arc::make_mut(&mut self.holdings).set_head(Head { log, seq, link });
    }

    pub(super) fn head(&self, log: &LogId) -> u64 {
        self.journal.get(log).map_or(0, |entries| entries.len() as u64)
    }

    pub(super) fn link_at(&self, log: &LogId, seq: u64) -> Option<Link> {
        if seq == 0 {
            let opening = self.holdings.opening(&log.device, &log.epoch)?;
            return Some(first_link(log, &opening.hash()));
        }
        self.journal.get(log)?.get(usize::try_from(seq).unwrap() - 1).map(|(_, link)| *link)
    }

    pub(super) fn hold_register(&mut self, register: Register) {
        let slot = register.mark().slot();
        if self.registers.get(&slot).is_none_or(|held| held.mark().is_replaced_by(&register.mark())) {
            self.registers.insert(slot, register);
        }
    }

    /// What the pair holds in common terms, for comparing two boxes.
    pub(super) fn view(&self, other: &Self) -> View {
        self.holdings.view(&Scope::pair(self.party(), other.party()), &self.membership)
    }

    fn admit_segment(&mut self, segment: &Segment, entries: Vec<Entry>) -> Outcome {
        let header = &segment.header;
        if let Some(reason) = self.refuse.get(&header.log) {
            return Outcome::Refused(*reason);
        }
        let held = self.head(&header.log);
        let Some(link) = self.link_at(&header.log, held) else { return Outcome::Gap { want: 0 } };
        let spliced: Vec<Entry> = entries.into_iter().map(splice).collect();
        let link_at = |seq| self.link_at(&header.log, seq);
        let held_log = chain::HeldLog { seq: held, link, link_at: &link_at };
        let verified = chain::verify_segment(header, &spliced, &held_log, &self.membership, &*self.holdings);
        match verified {
            Ok(verified) => {
                for entry in spliced.into_iter().skip(verified.skip) {
                    self.append(header.log, entry);
                    self.arrived.push((header.log, self.head(&header.log)));
                }
                assert_eq!(self.link_at(&header.log, header.last_seq()), verified.links.last().copied());
                self.proofs.insert((header.log, header.last_seq()), header.to_proof());
                Outcome::Durable { seq: self.head(&header.log) }
            }
            Err(chain::Stop::Duplicate) => Outcome::Durable { seq: held },
            Err(chain::Stop::Gap { want }) => Outcome::Gap { want },
            Err(chain::Stop::Fault(reason)) => Outcome::Refused(reason),
        }
    }

    fn admit_register(&mut self, register: Register) -> Outcome {
        if register.kind == kind::MEMBERSHIP {
            let list: MembershipList = canon::Canon::from_canon(&register.body).unwrap();
            match self.membership.adopt(list, &self.root) {
                Ok(Adoption::Take { membership, .. }) => self.membership = Arc::from(membership),
                Ok(Adoption::Same | Adoption::Older) => {}
                _ => return Outcome::Refused(Reason::Register),
            }
        }
        self.hold_register(register);
        Outcome::Durable { seq: 0 }
    }

    /// As the centre: states what is held of a station.
    pub(super) fn issue_receipt(&mut self, station: &DeviceId) {
        let number = self.membership.member(station).unwrap().station;
        let durable = self.holdings.view(&Scope::WrittenBy(*station), &self.membership).frontier;
        self.receipts += 1;
        let receipt = Receipt {
            generation: 1,
            incarnation: self.membership.incarnation(),
            number: self.receipts,
            durable,
            backed_up: Frontier::default(),
            held: Vec::new(),
            missing: Vec::new(),
        };
        self.hold_register(receipt.sign(&self.key, number));
    }

    pub(super) fn confirmed(&self) -> Option<truth::Confirmed> {
        let station = u64::from(self.party().station.0);
        let register = self.registers.get(&Slot { kind: kind::RECEIPT, owner: None, subject: station })?;
        Some(truth::Confirmed::new(Receipt::from_register(register).unwrap(), &self.id(), &self.holdings))
    }
}

fn splice(mut entry: Entry) -> Entry {
    if let Form::Body(bytes) = &mut entry.form {
        assert_eq!(bytes.remove(0), WIRE_MARK, "a body that was not cut");
    }
    entry
}

fn cut(mut entry: Entry) -> Entry {
    if let Form::Body(bytes) = &mut entry.form {
        bytes.insert(0, WIRE_MARK);
    }
    entry
}

/// Not secure at all: only the right box with the right associated data gets the plaintext back.
pub(super) fn toy_seal(recipient: &DeviceId, aad: &[u8; 32], text: &[u8]) -> Vec<u8> {
    let key = canon::hash("test-seal", |w| {
        w.value(recipient).fixed(aad);
    });
    let mut out: Vec<u8> = text.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b).collect();
    out.extend_from_slice(&canon::sha256(&[&key[..], text].concat())[..16]);
    out
}

impl Context for TestBox {
    fn key(&self) -> &DeviceKey {
        &self.key
    }
    fn membership(&self) -> Arc<Membership> {
        Arc::clone(&self.membership)
    }
    fn holdings(&self) -> Arc<Holdings> {
        Arc::clone(&self.holdings)
    }
    fn registers(&self) -> Vec<RegisterMark> {
        self.registers.values().map(Register::mark).collect()
    }
    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        self.registers.get(&mark.slot()).cloned()
    }
    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        let centre = self.membership.centre().is_some_and(|c| c.device == self.id());
        let mut proof = None;
        let mut end = self.head(log);
        if log.device != self.id() && !centre {
            let (last, bytes) = self.proofs.range((*log, first)..=(*log, end)).next()?;
            end = last.1;
            proof = Some(bytes.clone());
            let size = |seq: u64| self.journal[log][usize::try_from(seq).unwrap() - 1].0.form.size();
            if budget.bytes < limit::STRETCH_BYTES && (first..=end).map(size).sum::<usize>() > budget.bytes {
                return None;
            }
        }
        let mut entries = Vec::new();
        let mut size = 0;
        for seq in first..=end {
            let entry = self.journal.get(log)?.get(usize::try_from(seq).unwrap() - 1)?.0.clone();
            size += entry.form.size();
            let over = entries.len() >= budget.entries || size > budget.bytes;
            if over && !entries.is_empty() && proof.is_none() {
                break;
            }
            entries.push(cut(entry));
        }
        let last = self.link_at(log, first + entries.len() as u64 - 1)?;
        Some(Stretch { prev: self.link_at(log, first - 1)?, entries, last, proof })
    }
    /// The entries without their count, and not to be read under another log: always a little shorter.
    fn press(&self, log: &LogId, entries: &[Entry]) -> Option<Pressed> {
        let mut out = Writer::new();
        for entry in entries {
            out.value(entry);
        }
        let bytes: Vec<u8> = out.into_bytes().into_iter().map(|byte| byte ^ log.device.0[0]).collect();
        Some(Pressed { inflated: bytes.len(), bytes })
    }
    fn expand(&self, log: &LogId, pressed: &[u8], count: usize, inflated: usize) -> Option<Vec<Entry>> {
        let plain: Vec<u8> = pressed.iter().map(|byte| byte ^ log.device.0[0]).collect();
        let mut from = Reader::new(&plain);
        let entries: Vec<Entry> = (0..count).map(|_| from.value().ok()).collect::<Option<_>>()?;
        (from.end().is_ok() && inflated == plain.len()).then_some(entries)
    }
    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        self.admissions += 1;
        let outcomes = arrivals
            .into_iter()
            .map(|arrival| match arrival {
                Arrival::Opening(opening) => {
                    let held = self.holdings.opening(&opening.device, &opening.epoch).cloned();
                    match chain::verify_opening(&opening, held.as_deref(), &self.membership) {
                        Ok(_) => {
                            Arc::make_mut(&mut self.holdings).hold_opening(opening);
                            Outcome::Durable { seq: 0 }
                        }
                        Err(reason) => Outcome::Refused(reason),
                    }
                }
                Arrival::Segment { segment, entries } => self.admit_segment(&segment, entries),
                Arrival::Register(register) => self.admit_register(register),
            })
            .collect();
        let arrived = self.arrived.iter().any(|(log, _)| log.device == *peer);
        if self.membership.centre().is_some_and(|c| c.device == self.id()) && arrived {
            let durable = self.holdings.view(&Scope::WrittenBy(*peer), &self.membership).frontier;
            let number = u64::from(self.membership.member(peer).unwrap().station.0);
            let slot = Slot { kind: kind::RECEIPT, owner: None, subject: number };
            let said = self.registers.get(&slot).map(|r| Receipt::from_register(r).unwrap().durable);
            if said != Some(durable) {
                self.issue_receipt(peer);
            }
        }
        outcomes
    }
    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64> {
        self.membership.member(recipient).map(|member| member.sealing.version)
    }
    fn seal(&mut self, recipient: &DeviceId, _: u64, aad: &[u8; 32], plain: &[u8]) -> Option<Sealed> {
        Some(Sealed { encapsulated: [9; 32], ciphertext: toy_seal(recipient, aad, plain) })
    }
    fn open(&mut self, _: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>> {
        let plain_len = sealed.ciphertext.len().checked_sub(16)?;
        let plain = &toy_seal(&self.id(), aad, &sealed.ciphertext[..plain_len])[..plain_len];
        (toy_seal(&self.id(), aad, plain) == sealed.ciphertext).then(|| plain.to_vec())
    }
    fn recall(&self, peer: &DeviceId) -> Option<Vec<u8>> {
        self.memory.get(peer).cloned()
    }
    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>) {
        self.memory.insert(*peer, memory);
    }
    fn acknowledged(&mut self, _: &DeviceId, log: &LogId, seq: u64) {
        let held = self.acknowledged.entry(*log).or_default();
        *held = (*held).max(seq);
    }
    fn attachments(&mut self) -> Option<&mut dyn Attachments> {
        Some(self)
    }
}
