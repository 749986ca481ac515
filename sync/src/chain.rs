//! The pure half of admission: whether a segment, an opening or a register may be what it says. `app` calls these with what
//! it holds; a session has called [`authentic`] already, a courier file has not.

use crate::{Entry, Opening, Reason, Segment, SegmentHeader, entry};
use identity::{DeviceId, Link, Membership, Openings};

/// How far a log is held.
#[derive(Clone, Copy)]
pub struct HeldLog<'a> {
    /// The number of the last entry held; 0 when none is.
    pub seq: u64,
    /// The link after it; for 0 [`entry::first_link`].
    pub link: Link,
    /// The links of entries held, 0 included: to compare where a segment overlaps.
    pub link_at: &'a dyn Fn(u64) -> Option<Link>,
}

/// What a segment brings that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many of its entries are held already; the rest are new.
    pub skip: usize,
    /// The links after each new entry, in order.
    pub links: Vec<Link>,
}

/// Why nothing of a segment is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// A chain fault.
    #[error(transparent)]
    Fault(#[from] Reason),
    /// Entries before it are missing; no offence.
    #[error("entries from {want} on are missing")]
    Gap {
        /// The first one wanted.
        want: u64,
    },
    /// All of it is held already.
    #[error("already held")]
    Duplicate,
}

/// Whether whoever built the segment signed it and may hand on its log, and whether the payload is the one it signed.
///
/// # Errors
/// A [`Reason`] to refuse it.
pub fn authentic(segment: &Segment, membership: &Membership) -> Result<(), Reason> {
    let header = &segment.header;
    if membership.writer(&header.log.device).is_none() {
        return Err(Reason::Unlisted);
    }
    if !segment.is_whole() || !header.is_signed() {
        return Err(Reason::Signature);
    }
    if header.is_authorised(membership) { Ok(()) } else { Err(Reason::Signer) }
}

/// Where a segment stands to what is held, by its header alone: cheap, before anything is opened or spliced.
///
/// # Errors
/// [`Stop`]; `Fault` only for a link that differs from one held.
pub fn place(header: &SegmentHeader, held: &HeldLog<'_>) -> Result<usize, Stop> {
    if header.first > held.seq.saturating_add(1) {
        return Err(Stop::Gap { want: held.seq + 1 });
    }
    if (held.link_at)(header.first - 1).is_some_and(|link| link != header.prev) {
        return Err(Reason::Fork.into());
    }
    if header.last_seq() <= held.seq {
        let same = (held.link_at)(header.last_seq()).is_none_or(|link| link == header.last);
        return Err(if same { Stop::Duplicate } else { Reason::Fork.into() });
    }
    usize::try_from(held.seq + 1 - header.first).map_err(|_| Reason::Link.into())
}

/// Checks links, fork, cut and ruling of a segment. `entries` are in journal form (spliced), all of the segment's; those
/// already held are hashed too, since the links of the rest follow from them.
///
/// # Errors
/// [`Stop`].
pub fn verify_segment(
    header: &SegmentHeader,
    entries: &[Entry],
    held: &HeldLog<'_>,
    membership: &Membership,
    openings: &dyn Openings,
) -> Result<Verified, Stop> {
    let skip = place(header, held)?;
    if entries.len() as u64 != header.count {
        return Err(Reason::Payload.into());
    }
    let mut link = if skip == 0 { held.link } else { header.prev };
    if link != header.prev {
        return Err(Reason::Fork.into());
    }
    let mut links = Vec::with_capacity(entries.len() - skip);
    for (seq, each) in (header.first..).zip(entries) {
        link = entry::link(&link, seq, &each.header, &each.form.hash());
        if seq == held.seq && link != held.link {
            return Err(Reason::Fork.into());
        }
        if seq > held.seq {
            membership.accepts_with(&header.log, seq, &link, openings).map_err(Reason::from)?;
            links.push(link);
        }
    }
    if link != header.last {
        return Err(Reason::Link.into());
    }
    Ok(Verified { skip, links })
}

/// Whether an opening may be held. `Ok(false)`: it is held already.
///
/// # Errors
/// [`Reason::Unlisted`], or [`Reason::Opening`] for a bad one or a second one of its epoch (a fork).
pub fn verify_opening(
    opening: &Opening,
    held: Option<&Opening>,
    membership: &Membership,
) -> Result<bool, Reason> {
    if membership.writer(&opening.device).is_none() {
        return Err(Reason::Unlisted);
    }
    match held {
        Some(held) if held == opening => Ok(false),
        Some(_) => Err(Reason::Opening),
        None => opening.verify().map(|()| true).map_err(|_| Reason::Opening),
    }
}

/// The centre may write vouched entries; nobody else may name an origin.
#[must_use]
pub fn may_vouch(writer: &DeviceId, membership: &Membership) -> bool {
    membership.writer(writer).is_some_and(|writer| writer.role == identity::Role::Centre)
}
