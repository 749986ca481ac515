use crate::holdings::epoch_of;
use crate::{Holdings, RegisterMark, Scope, limit};
use canon::{Canon, Malformed, Reader, Writer};
use identity::{Audience, DeviceId, Epoch, Head, Lane, LogId};
use std::collections::{BTreeMap, BTreeSet};

/// How far a box has come, in few bytes: only the epochs that no later opening speaks for. Ancestors of a listed tip
/// are held exactly up to the heads that openings name; where that is not so, the epoch is listed itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    /// Sorted by device and epoch.
    pub tips: Vec<Tip>,
}

/// One epoch and all that is held of it in the scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The writer.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: Epoch,
    /// Sorted by audience and lane. Empty: a later opening names this epoch, and nothing of it is held, not even its opening.
    pub heads: Vec<TipHead>,
}

/// A head inside a tip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TipHead {
    /// Who may read the log.
    pub audience: Audience,
    /// Its urgency.
    pub lane: Lane,
    /// The last entry held.
    pub seq: u64,
    /// The first 8 bytes of the link after it: tells a fork, proves nothing.
    pub link: [u8; 8],
}

/// A frontier read with the openings that this box holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The last entry held of each log, and the first bytes of its link.
    pub heads: BTreeMap<LogId, (u64, [u8; 8])>,
    /// Epochs whose opening is held there.
    pub epochs: BTreeSet<(DeviceId, Epoch)>,
    /// Writers of whom the frontier names an epoch that we do not know: what else it holds of them cannot be told yet.
    pub strange: BTreeSet<DeviceId>,
}

/// What two boxes compare first: equal digests, equal holdings.
#[must_use]
pub fn digest(frontier: &Frontier, registers: &[RegisterMark]) -> [u8; 16] {
    let hash = canon::hash("digest", |w| {
        w.value(frontier).list(registers);
    });
    let mut digest = [0; 16];
    digest.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    digest
}

impl Frontier {
    /// Reads it as a statement about `scope`.
    #[must_use]
    pub fn read_with(&self, holdings: &Holdings, scope: &Scope) -> Known {
        let mut known = Known::default();
        let listed: BTreeSet<_> = self.tips.iter().map(|tip| (tip.device, tip.epoch)).collect();
        let mut todo: Vec<(DeviceId, Epoch)> = Vec::new();
        for tip in self.tips.iter().filter(|tip| !tip.heads.is_empty()) {
            known.epochs.insert((tip.device, tip.epoch));
            todo.push((tip.device, tip.epoch));
            for head in &tip.heads {
                let log =
                    LogId { device: tip.device, epoch: tip.epoch, audience: head.audience, lane: head.lane };
                if scope.contains(&log) {
                    known.heads.insert(log, (head.seq, head.link));
                }
            }
        }
        while let Some((device, epoch)) = todo.pop() {
            let Some(opening) = holdings.opening(&device, &epoch) else {
                known.strange.insert(device);
                continue;
            };
            for head in &opening.parents {
                let parent = epoch_of(&head.log);
                if listed.contains(&parent) {
                    continue;
                }
                if scope.contains(&head.log) {
                    let named = known.heads.entry(head.log).or_default();
                    if named.0 < head.seq {
                        *named = (head.seq, short(&head.link));
                    }
                }
                if known.epochs.insert(parent) {
                    todo.push(parent);
                }
            }
        }
        known
    }
}

impl Known {
    /// Whether entry `seq` of `log` is covered.
    #[must_use]
    pub fn covers(&self, log: &LogId, seq: u64) -> bool {
        self.heads.get(log).is_some_and(|(head, _)| *head >= seq)
    }
}

pub(crate) fn short(link: &[u8; 32]) -> [u8; 8] {
    let mut short = [0; 8];
    short.iter_mut().zip(link).for_each(|(to, from)| *to = *from);
    short
}

impl From<&Head> for TipHead {
    fn from(head: &Head) -> Self {
        Self { audience: head.log.audience, lane: head.log.lane, seq: head.seq, link: short(&head.link) }
    }
}

impl Canon for TipHead {
    fn write(&self, out: &mut Writer) {
        out.value(&self.audience).value(&self.lane).u64(self.seq).fixed(&self.link);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { audience: from.value()?, lane: from.value()?, seq: from.u64()?, link: from.fixed()? })
    }
}

impl Canon for Tip {
    fn write(&self, out: &mut Writer) {
        out.value(&self.device).value(&self.epoch).list(&self.heads);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let tip = Self { device: from.value()?, epoch: from.value()?, heads: from.list(limit::TIP_HEADS)? };
        let sorted = tip.heads.is_sorted_by(|a, b| (a.audience, a.lane) < (b.audience, b.lane));
        if !sorted || tip.heads.iter().any(|head| head.seq == 0 || head.lane == Lane::LOCAL) {
            return Err(from.malformed("heads of a tip"));
        }
        Ok(tip)
    }
}

impl Canon for Frontier {
    fn write(&self, out: &mut Writer) {
        out.list(&self.tips);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let frontier = Self { tips: from.list(limit::TIPS)? };
        if !frontier.tips.is_sorted_by(|a, b| (a.device, a.epoch) < (b.device, b.epoch)) {
            return Err(from.malformed("tips not sorted"));
        }
        Ok(frontier)
    }
}
