use crate::{DeviceId, Epoch, Head, Link, LogId, Role, StationNo, limit};
use canon::{Canon, Malformed, Reader, Writer};
use std::collections::BTreeSet;

/// A device that is revoked, and every head of it that still counts. It keeps the role and number that the device
/// had, so that its accepted entries keep their rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The revoked device.
    pub device: DeviceId,
    /// What it was.
    pub role: Role,
    /// The number it had.
    pub station: StationNo,
    /// The accepted heads, sorted by log. An epoch named in the opening of a listed epoch is accepted up to
    /// the parents' heads (see [`Openings`]); every other epoch is refused.
    pub heads: Vec<Head>,
}

/// The centre's word on a fork inside one epoch: the side with these heads stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The device that forked.
    pub device: DeviceId,
    /// The epoch in which it forked.
    pub epoch: Epoch,
    /// The heads that stand, sorted by log.
    pub keep: Vec<Head>,
}

/// Why an entry does not count. A chain fault: it stops that log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CutFault {
    /// The writer is neither a member nor a cut member.
    #[error("the writer is not on the membership list")]
    Unlisted,
    /// The writer is cut and this log is not among those that count.
    #[error("the writer is cut and this log is not accepted")]
    UnlistedLog,
    /// The writer is cut and this entry lies beyond the accepted head.
    #[error("the writer is cut and the entry lies beyond the accepted head")]
    Beyond,
    /// At the accepted head stands another link: the other side of a fork.
    #[error("the link differs from the accepted one")]
    OtherSide,
}

/// The openings that this box holds, as far as their parents go.
///
/// Consequence of violation: give only openings from which the listed heads' own chains were verified, else a
/// thief's second opening could widen a cut.
pub trait Openings {
    /// The parents of a device's epoch; `None` when its opening is not held.
    fn parents(&self, device: &DeviceId, epoch: &Epoch) -> Option<Vec<Head>>;
}

/// No opening is held: only listed heads count.
impl Openings for () {
    fn parents(&self, _: &DeviceId, _: &Epoch) -> Option<Vec<Head>> {
        None
    }
}

impl Cut {
    pub(crate) fn accepts(
        &self,
        log: &LogId,
        seq: u64,
        link: &Link,
        openings: &dyn Openings,
    ) -> Result<(), CutFault> {
        if let Some(head) = find(&self.heads, log) {
            return within(head, seq, link);
        }
        // A listed epoch says all about itself; only its ancestors are looked up.
        let mut seen: BTreeSet<Epoch> = self.heads.iter().map(|head| head.log.epoch).collect();
        if seen.contains(&log.epoch) {
            return Err(CutFault::UnlistedLog);
        }
        let mut todo: Vec<Epoch> = seen.iter().copied().collect();
        while let Some(epoch) = todo.pop() {
            let Some(mut parents) = openings.parents(&self.device, &epoch) else { continue };
            parents.retain(|head| head.log.device == self.device);
            if let Some(head) = find(&parents, log) {
                return within(head, seq, link);
            }
            todo.extend(parents.iter().map(|head| head.log.epoch).filter(|epoch| seen.insert(*epoch)));
        }
        Err(CutFault::UnlistedLog)
    }

    /// Whether `later` accepts everything that this cut accepts, for the same device.
    pub(crate) fn is_kept_by(&self, later: &Self) -> bool {
        self.device == later.device
            && self.role == later.role
            && self.station == later.station
            && self.heads.iter().all(|head| match find(&later.heads, &head.log) {
                Some(raised) if raised.seq == head.seq => raised.link == head.link,
                Some(raised) => raised.seq > head.seq,
                None => false,
            })
    }
}

impl Ruling {
    pub(crate) fn accepts(&self, log: &LogId, seq: u64, link: &Link) -> Result<(), CutFault> {
        match find(&self.keep, log) {
            Some(head) if head.seq == seq && head.link != *link => Err(CutFault::OtherSide),
            _ => Ok(()),
        }
    }
}

fn find<'a>(heads: &'a [Head], log: &LogId) -> Option<&'a Head> {
    heads.iter().find(|head| head.log == *log)
}

fn within(head: &Head, seq: u64, link: &Link) -> Result<(), CutFault> {
    match seq.cmp(&head.seq) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal if head.link == *link => Ok(()),
        std::cmp::Ordering::Equal => Err(CutFault::OtherSide),
        std::cmp::Ordering::Greater => Err(CutFault::Beyond),
    }
}

impl Canon for Cut {
    fn write(&self, out: &mut Writer) {
        out.value(&self.device).value(&self.role).value(&self.station).list(&self.heads);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            device: from.value()?,
            role: from.value()?,
            station: from.value()?,
            heads: from.list(limit::HEADS)?,
        })
    }
}

impl Canon for Ruling {
    fn write(&self, out: &mut Writer) {
        out.value(&self.device).value(&self.epoch).list(&self.keep);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { device: from.value()?, epoch: from.value()?, keep: from.list(limit::HEADS)? })
    }
}
