use crate::{Frontier, Opening, Scope, Tip, TipHead};
use identity::{Audience, DeviceId, Epoch, Head, Lane, LogId, Membership, Openings};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a box holds durably: openings, and the head of every log. Kept in memory by the box, beside its disk, and
/// changed with every commit; cloning costs pointers for the openings.
///
/// Consequence of violation: a head is put in only after its commit, else the box tells others that it holds what a power cut takes away.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    openings: BTreeMap<(DeviceId, Epoch), HeldOpening>,
    heads: BTreeMap<LogId, Head>,
    /// The logs for all and for one member, so that a pair need not walk everybody's logs.
    by_audience: BTreeMap<Audience, BTreeSet<LogId>>,
}

#[derive(Debug, Clone)]
struct HeldOpening {
    opening: Arc<Opening>,
    /// 1 + the deepest parent held: older epochs are sent first.
    depth: u64,
}

/// What [`Holdings`] come to in a scope, after cuts: what this box says it has and may hand on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The heads.
    pub heads: BTreeMap<LogId, Head>,
    /// The epochs of those heads and their ancestors, as far as their openings are held.
    pub epochs: BTreeSet<(DeviceId, Epoch)>,
    /// The same in few bytes.
    pub frontier: Frontier,
}

type EpochId = (DeviceId, Epoch);
/// Heads of one epoch; `None` where openings name two different links at the same place.
type Named = BTreeMap<(Audience, Lane), Option<Head>>;

impl Holdings {
    /// Nothing held.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an opening that has been verified. The first one of an epoch stays: false when another was there.
    pub fn hold_opening(&mut self, opening: Opening) -> bool {
        let id = (opening.device, opening.epoch);
        if let Some(held) = self.openings.get(&id) {
            return *held.opening == opening;
        }
        let parents = opening.parents.iter().filter_map(|head| self.openings.get(&epoch_of(&head.log)));
        let depth = parents.map(|held| held.depth).max().map_or(0, |depth| depth + 1);
        self.openings.insert(id, HeldOpening { opening: Arc::new(opening), depth });
        true
    }

    /// Sets the head of a log after a durable commit. A head may also go back, where a ruling took a fork's losing side.
    pub fn set_head(&mut self, head: Head) {
        if head.log.audience != Audience::Hub {
            self.by_audience.entry(head.log.audience).or_default().insert(head.log);
        }
        self.heads.insert(head.log, head);
    }

    /// Takes a log out: in a copy that is to say less than is held.
    pub fn forget(&mut self, log: &LogId) {
        self.heads.remove(log);
    }

    /// The opening of an epoch.
    #[must_use]
    pub fn opening(&self, device: &DeviceId, epoch: &Epoch) -> Option<&Arc<Opening>> {
        self.openings.get(&(*device, *epoch)).map(|held| &held.opening)
    }

    /// How many epochs of its writer lie before this one, as far as known.
    #[must_use]
    pub fn depth(&self, device: &DeviceId, epoch: &Epoch) -> u64 {
        self.openings.get(&(*device, *epoch)).map_or(0, |held| held.depth)
    }

    /// The head of a log; none when no entry is held.
    #[must_use]
    pub fn head(&self, log: &LogId) -> Option<&Head> {
        self.heads.get(log)
    }

    /// All heads held, sorted by log.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.heads.values()
    }

    /// What the next opening of this device names as its parents: all heads, but the local lane's, that no own opening
    /// names at their present place.
    #[must_use]
    pub fn next_parents(&self, device: &DeviceId) -> Vec<Head> {
        self.view_with(&Scope::WrittenBy(*device), &BTreeMap::new())
            .frontier
            .tips
            .iter()
            .flat_map(|tip| self.heads_of(&tip.device, &tip.epoch))
            .filter(|head| head.log.lane != Lane::LOCAL)
            .copied()
            .collect()
    }

    /// What is held in a scope, less what lies beyond a cut. Costs a walk over the writers' epochs: once per session.
    #[must_use]
    pub fn view(&self, scope: &Scope, membership: &Membership) -> View {
        self.view_with(scope, &self.ceilings(membership))
    }

    /// The heads alone of [`Holdings::view`]: cheaper, no walk over ancestors.
    #[must_use]
    pub fn heads_in(&self, scope: &Scope, membership: &Membership) -> BTreeMap<LogId, Head> {
        self.clamped(scope, &self.ceilings(membership))
    }

    fn heads_of(&self, device: &DeviceId, epoch: &Epoch) -> impl Iterator<Item = &Head> {
        let first = LogId { device: *device, epoch: *epoch, audience: Audience::All, lane: Lane(0) };
        let id = (*device, *epoch);
        self.heads.range(first..).map(|(_, head)| head).take_while(move |head| epoch_of(&head.log) == id)
    }

    fn heads_by(&self, device: &DeviceId) -> impl Iterator<Item = &Head> {
        let first = LogId { device: *device, epoch: Epoch([0; 8]), audience: Audience::All, lane: Lane(0) };
        let device = *device;
        self.heads.range(first..).map(|(_, head)| head).take_while(move |head| head.log.device == device)
    }

    fn heads_for(&self, audience: Audience) -> impl Iterator<Item = &Head> {
        self.by_audience.get(&audience).into_iter().flatten().filter_map(|log| self.heads.get(log))
    }

    /// How far the logs of cut writers count.
    fn ceilings(&self, membership: &Membership) -> BTreeMap<DeviceId, BTreeMap<LogId, Head>> {
        let mut all = BTreeMap::new();
        for cut in &membership.list().roster.cuts {
            let mut ceiling: BTreeMap<LogId, Head> = BTreeMap::new();
            let mut seen: BTreeSet<Epoch> = cut.heads.iter().map(|head| head.log.epoch).collect();
            let mut todo: Vec<Epoch> = seen.iter().copied().collect();
            ceiling.extend(cut.heads.iter().map(|head| (head.log, *head)));
            while let Some(epoch) = todo.pop() {
                for parent in self.parents(&cut.device, &epoch).unwrap_or_default() {
                    if cut.heads.iter().all(|head| head.log.epoch != parent.log.epoch) {
                        ceiling.entry(parent.log).or_insert(parent);
                    }
                    if seen.insert(parent.log.epoch) {
                        todo.push(parent.log.epoch);
                    }
                }
            }
            all.insert(cut.device, ceiling);
        }
        all
    }

    fn clamped(
        &self,
        scope: &Scope,
        ceilings: &BTreeMap<DeviceId, BTreeMap<LogId, Head>>,
    ) -> BTreeMap<LogId, Head> {
        let mut heads = BTreeMap::new();
        let mut take = |head: &Head| {
            if !scope.contains(&head.log) {
                return;
            }
            let counts = match ceilings.get(&head.log.device) {
                None => Some(*head),
                Some(ceiling) => {
                    ceiling.get(&head.log).map(|top| if top.seq < head.seq { *top } else { *head })
                }
            };
            if let Some(head) = counts {
                heads.insert(head.log, head);
            }
        };
        match scope {
            Scope::WrittenBy(device) => self.heads_by(device).for_each(&mut take),
            Scope::Neighbours(..) => self.heads_for(Audience::All).for_each(&mut take),
            Scope::Hub(station) => {
                self.heads_by(&station.device).for_each(&mut take);
                self.heads_for(Audience::All).for_each(&mut take);
                self.heads_for(Audience::Member(station.station)).for_each(&mut take);
            }
        }
        heads
    }

    fn view_with(&self, scope: &Scope, ceilings: &BTreeMap<DeviceId, BTreeMap<LogId, Head>>) -> View {
        let heads = self.clamped(scope, ceilings);
        let mut held: BTreeMap<EpochId, BTreeMap<(Audience, Lane), Head>> = BTreeMap::new();
        for head in heads.values() {
            held.entry(epoch_of(&head.log)).or_default().insert((head.log.audience, head.log.lane), *head);
        }
        let none = BTreeMap::new();
        // Nothing held where something is named: the frontier lists such an epoch without heads, and a reader cannot
        // tell whether its opening is held. So it is treated as if it were not.
        let (_, all_named) = self.ancestry(scope, held.keys().copied(), &BTreeSet::new());
        let hollow: BTreeSet<EpochId> = all_named
            .iter()
            .filter(|(id, named)| !named.is_empty() && !held.contains_key(*id))
            .map(|(id, _)| *id)
            .collect();
        let (relevant, named) = self.ancestry(scope, held.keys().copied(), &hollow);
        let known = |id: &EpochId| self.openings.contains_key(id) && !hollow.contains(id);
        let covered = |id: &EpochId| {
            let names = |named: &Named| {
                let held = held.get(id).unwrap_or(&none);
                named.len() == held.len()
                    && named.iter().all(|(at, head)| head.is_some() && held.get(at) == head.as_ref())
            };
            known(id) && named.get(id).is_some_and(names)
        };
        let mut listed: BTreeSet<EpochId> = relevant.iter().filter(|id| !covered(id)).copied().collect();
        // Openings that name each other in a ring (only a forger writes such) must not hide each other.
        let (reached, _) = self.ancestry(scope, listed.iter().copied(), &hollow);
        listed.extend(relevant.difference(&reached).copied());
        let tips = listed.iter().map(|id| tip(id, held.get(id).unwrap_or(&none))).collect();
        let epochs = relevant.into_iter().filter(|id| known(id)).collect();
        View { heads, epochs, frontier: Frontier { tips } }
    }

    /// These epochs and all their ancestors, as far as not hollow, and what the openings among them name inside the scope.
    fn ancestry(
        &self,
        scope: &Scope,
        from: impl Iterator<Item = EpochId>,
        hollow: &BTreeSet<EpochId>,
    ) -> (BTreeSet<EpochId>, BTreeMap<EpochId, Named>) {
        let mut seen: BTreeSet<EpochId> = from.collect();
        let mut todo: Vec<EpochId> = seen.iter().copied().collect();
        let mut named: BTreeMap<EpochId, Named> = BTreeMap::new();
        while let Some(id) = todo.pop() {
            let Some(held) = self.openings.get(&id).filter(|_| !hollow.contains(&id)) else { continue };
            for head in &held.opening.parents {
                let parent = epoch_of(&head.log);
                let places = named.entry(parent).or_default();
                if scope.contains(&head.log) {
                    places
                        .entry((head.log.audience, head.log.lane))
                        .and_modify(|known| *known = known.and_then(|known| higher(known, *head)))
                        .or_insert(Some(*head));
                }
                if seen.insert(parent) {
                    todo.push(parent);
                }
            }
        }
        (seen, named)
    }
}

/// Parents are told only of epochs of which entries are held, so that the opening is the one their links commit to.
impl Openings for Holdings {
    fn parents(&self, device: &DeviceId, epoch: &Epoch) -> Option<Vec<Head>> {
        self.heads_of(device, epoch).next()?;
        self.opening(device, epoch).map(|opening| opening.parents.clone())
    }
}

pub(crate) fn epoch_of(log: &LogId) -> EpochId {
    (log.device, log.epoch)
}

fn higher(a: Head, b: Head) -> Option<Head> {
    match a.seq.cmp(&b.seq) {
        std::cmp::Ordering::Less => Some(b),
        std::cmp::Ordering::Greater => Some(a),
        std::cmp::Ordering::Equal => (a == b).then_some(a),
    }
}

fn tip(id: &EpochId, heads: &BTreeMap<(Audience, Lane), Head>) -> Tip {
    let heads = heads.values().map(TipHead::from).collect();
    Tip { device: id.0, epoch: id.1, heads }
}
