//! A draft goes: thrown away, or become a case. Its keys are destroyed first, then everything that was sealed with them. Where
//! help was asked, the centre holds it too: an order of kind 10 (docs/formats/document.md) makes it do the same there.

use super::draft::became_name;
use super::{CaseId, is_shared_draft};
use crate::commit::{Change, Job};
use crate::reference::named;
use crate::{ActError, views};
use data_encoding::HEXLOWER;
use identity::{Audience, Lane, StationNo};
use model::case::event::{Event, What};
use model::record::{CellName, Edit, Record, Value};
use model::station::CENTRE;
use records::DocKind;
use std::collections::BTreeSet;
use store::engine::ReadTx;
use store::{blobs, documents, journal, logs, meta, seeds, tags};

/// Facts of an order: the draft, and the case that it became.
const DRAFT: &str = "draft";
const BECAME: &str = "became";

/// The word of a draft's box that the draft is gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    draft: CaseId,
    became: Option<CaseId>,
    /// Whose word it is.
    station: StationNo,
}

impl Order {
    /// Reads an order of a station; none where it names no draft.
    pub(crate) fn read(record: &Record, station: StationNo) -> Option<Self> {
        let id = |name: &str| match &record.facts.get(name)?.last()?.value {
            Value::Text(text) => CaseId::parse(text),
            Value::Int(_) | Value::Bool(_) | Value::Closed | Value::Erased => None,
        };
        Some(Self { draft: id(DRAFT)?, became: id(BECAME), station })
    }
}

fn forgotten_name(draft: &[u8; 16]) -> String {
    format!("forgotten/{}", HEXLOWER.encode(draft))
}

/// Whether a draft is gone for good: nothing of it is taken in any more.
pub(crate) fn is_forgotten<R: ReadTx + ?Sized>(tx: &R, doc: &[u8; 16]) -> Result<bool, ActError> {
    Ok(meta::get(tx, &forgotten_name(doc))?.is_some())
}

impl Job<'_> {
    /// Destroys a draft of this box, and orders the same where it has been sent.
    pub(crate) fn forget_draft(&mut self, id: CaseId, became: Option<CaseId>) -> Result<(), ActError> {
        let shared = self.open(id.doc())?.is_shared_draft();
        if !shared {
            return self.forget_local(id);
        }
        self.destroy(id, &|_| true)?;
        meta::put(self.tx, &forgotten_name(&id.0), &[1])?;
        let mut edit = Edit::default();
        edit.facts.insert(DRAFT.to_owned(), Some(Value::Text(id.hex())));
        if let Some(case) = became {
            edit.facts.insert(BECAME.to_owned(), Some(Value::Text(case.hex())));
        }
        let order = self.open(named(DocKind::Erasure, &id.hex()))?;
        self.write(order, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::CASES })
    }

    /// Destroys a draft that never left this box.
    pub(crate) fn forget_local(&mut self, id: CaseId) -> Result<(), ActError> {
        self.destroy(id, &|lane| lane == Lane::LOCAL)
    }

    /// Keys and photos, document and rows; of its entries only the hashes stay. A draft has no search tags: it is indexed
    /// only once it is a case.
    fn destroy(&mut self, id: CaseId, which: &dyn Fn(Lane) -> bool) -> Result<(), ActError> {
        seeds::remove_of(self.tx, &id.0)?;
        blobs::release_of(self.tx, &id.0)?;
        for place in journal::of_doc(self.tx, &id.0)? {
            if which(logs::named(self.tx, place.log)?.lane) {
                journal::erase(self.tx, &place)?;
            }
        }
        tags::remove_of(self.tx, &id.0)?;
        documents::remove(self.tx, &id.0)?;
        views::remove(self.tx, &id.0)
    }

    /// Does what an order says: lines of the centre's that crossed it go into the case first. Only a draft's own station may
    /// order, and only of what is a draft.
    pub(crate) fn obey(&mut self, order: &Order) -> Result<(), ActError> {
        let draft = self.open(order.draft.doc())?;
        if !draft.is_new() {
            let record = draft.record();
            let own = views::owner(self.tx, &order.draft.0)? == order.station;
            let is_draft = views::is_draft(self.tx, &order.draft.0)? || is_shared_draft(&record);
            if !own || !is_draft {
                tracing::warn!(doc = ?order.draft.doc(), "an order to forget what is no draft of its station");
                return Ok(());
            }
            if let (true, Some(case)) = (self.node.is_centre(), order.became) {
                self.bring_along(&record, case, order.station)?;
            }
            self.destroy(order.draft, &|_| true)?;
        }
        if let Some(case) = order.became {
            meta::put(self.tx, &became_name(order.draft), &case.0)?;
        }
        Ok(meta::put(self.tx, &forgotten_name(&order.draft.0), &[1])?)
    }

    /// What the centre wrote into a draft's thread and the case has not got.
    fn bring_along(&mut self, draft: &Record, case: CaseId, station: StationNo) -> Result<(), ActError> {
        let opened = self.open(case.doc())?;
        if opened.is_new() || views::owner(self.tx, &case.0)? != station {
            return Ok(());
        }
        let has: BTreeSet<String> = opened.record().cells.keys().cloned().collect();
        let mut events: Vec<_> = draft.events.iter().collect();
        events.sort_by_key(|event| event.id);
        let mut edit = Edit::default();
        for (bytes, cells) in events.into_iter().filter_map(|event| crossed(&event.bytes, &has)) {
            edit.events.push(bytes);
            for key in cells {
                let text = draft.cells.get(&key).and_then(|all| all.last()).map(|last| &last.value);
                if let (Some(cell), Some(Value::Text(text))) = (CellName::parse(&key), text) {
                    edit.cells.insert(cell, Some(text.clone()));
                }
            }
        }
        if edit.is_empty() {
            return Ok(());
        }
        let audiences = self.node.audiences(station);
        self.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
        self.pass_on(case.doc())
    }
}

/// A line of the centre's whose words are not in the case: its bytes there, and its cells. Photos have other names there.
fn crossed(bytes: &[u8], has: &BTreeSet<String>) -> Option<(Vec<u8>, Vec<String>)> {
    let Event { stamp, what } = Event::decode(bytes).ok().filter(|event| event.stamp.station == CENTRE)?;
    let (what, cells) = if let What::HelpAsked(mut line) = what {
        line.photos.clear();
        let cells = vec![line.words.clone()];
        (What::from(line), cells)
    } else if let What::HelpSaid(mut line) = what {
        line.photos.clear();
        let cells = vec![line.words.clone()];
        (What::from(line), cells)
    } else if let What::HelpSuggested(line) = what {
        let cells = std::iter::once(line.value.clone()).chain(line.words.clone()).collect();
        (What::from(line), cells)
    } else {
        return None;
    };
    if cells.iter().any(|key| has.contains(key)) {
        return None;
    }
    Some((Event { stamp, what }.encode()?, cells))
}
