//! What a tablet brings back becomes a draft, exactly once: its own number for the record is kept in the very commit that
//! makes the draft, so a tablet that never heard the answer asks again and hears the same one.

use super::{TripId, registry};
use crate::cases::{CaseId, tag, tag_key};
use crate::commit::{Change, Job, Said};
use crate::{ActError, Node, Who, ports, views};
use data_encoding::HEXLOWER;
use identity::{Audience, Lane};
use model::case::trip::{self, Brought};
use model::item::{ItemRef, Version};
use model::{Date, Refusal};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::engine::ReadTx;
use store::meta;

/// A record as the tablet sends it. `Debug` hides what was typed.
#[derive(Clone)]
pub struct Bring {
    /// The trip it was taken down on.
    pub trip: TripId,
    /// The tablet's own number for it.
    pub record: [u8; 16],
    /// The item, as it was taken along.
    pub item: ItemRef,
    /// The day it was taken down, by the tablet's clock.
    pub on: Option<Date>,
    /// What was typed, by fact and cell name.
    pub typed: BTreeMap<String, String>,
}

impl std::fmt::Debug for Bring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bring({}, {} fields)", self.item.code, self.typed.len())
    }
}

/// What was brought is durable on this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landed {
    /// The draft it became.
    pub draft: CaseId,
    /// It had become one before: the tablet did not hear it.
    pub before: bool,
}

fn place(record: &[u8; 16]) -> String {
    format!("trip record/{}", HEXLOWER.encode(record))
}

/// The draft of a record, with the keyed digest of what it was made from.
pub(super) fn landed<R: ReadTx + ?Sized>(
    tx: &R,
    record: &[u8; 16],
) -> Result<Option<(CaseId, [u8; 16])>, ActError> {
    let Some(kept) = meta::get(tx, &place(record))? else { return Ok(None) };
    let (draft, digest) = kept.split_first_chunk::<16>().ok_or(ActError::Damaged("a trip's record"))?;
    let digest = digest.try_into().map_err(|_| ActError::Damaged("a trip's record"))?;
    Ok(Some((CaseId(*draft), digest)))
}

impl Node {
    /// Makes the draft of a record that a tablet brings back; of one that came before, tells which draft it became. The trip
    /// need not be known any more: a box that was restored takes what its tablets still hold.
    ///
    /// # Errors
    /// [`ActError::Refused`] when a field does not fit, the item is unknown here, or the same number came before with other
    /// words in it: then nothing is written and the tablet keeps it.
    pub fn bring(&self, who: &Who, bring: Bring) -> Result<Landed, ActError> {
        let fresh = CaseId(ports::random(&*self.ports().random));
        let who = who.clone();
        self.commit(move |job| {
            let digest = job.digest_of(&bring)?;
            if let Some((draft, kept)) = landed(&*job.tx, &bring.record)? {
                if kept == digest {
                    return Ok(Landed { draft, before: true });
                }
                let why = "这一件以前带回来过，内容跟现在的不一样。请打开站里那份草稿，对着平板改好，再从平板上删掉这一件。";
                return Err(Refusal::field("record", "这一件", why).into());
            }
            let version = job.version_for(&bring.item)?;
            let opened = job.open(fresh.doc())?;
            let (trip, record, on) = (bring.trip.0, bring.record, bring.on);
            let brought = Brought { trip, record, on, typed: bring.typed };
            let edit =
                job.ask(&who, &opened, |acting| trip::bring(acting.case, &brought, &version, acting.ctx))?;
            job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })?;
            meta::put(job.tx, &place(&record), &[fresh.0, digest].concat())?;
            registry::count_one(job, bring.trip)?;
            job.audit(&who, &Said::new("上门带回"), Some(fresh.0))?;
            Ok(Landed { draft: fresh, before: false })
        })
    }
}

impl Job<'_> {
    /// Of what a record holds, under this box's own key: it tells the same words from other ones, and nothing else.
    fn digest_of(&mut self, bring: &Bring) -> Result<[u8; 16], ActError> {
        let random = Arc::clone(&self.node.ports().random);
        let key = tag_key(self.tx, &*random)?;
        let mut text = format!("{}\u{0}{}", bring.trip.hex(), bring.item.code);
        for (name, value) in &bring.typed {
            text.push_str(&format!("\u{0}{name}\u{0}{value}"));
        }
        tag(&key, "trip record", &text).ok_or(ActError::Damaged("the tag key"))
    }

    /// The version of an item that is in force today; where the item was retired since, the one that was taken along.
    fn version_for(&self, item: &ItemRef) -> Result<Version, ActError> {
        let (reference, today) = (self.node.reference(), self.node.today());
        let current = reference.catalogue.current(&item.code, today);
        let version = current.or_else(|| reference.version(Some(item))).cloned();
        let gone =
            || Refusal::field("item", "事项", "盒子里没有这个事项了，请找镇中心问一声。先别删平板上的。");
        Ok(version.ok_or_else(gone)?)
    }

    /// Where what belongs to a record goes now: its draft, or the case that became of it; none when it was thrown away.
    pub(super) fn home_of(&mut self, draft: CaseId) -> Result<Option<CaseId>, ActError> {
        if views::is_draft(self.tx, &draft.0)? {
            return Ok(Some(draft));
        }
        self.node.became(draft)
    }
}
