//! What two people wrote apart, for the person who is to rule: what stood before both, and where each value is.

use super::{CaseView, TruthMark};
use crate::{ActError, Node};
use identity::StationNo;
use model::record::{Candidate, OpId};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::{documents, journal, logs};
use sync::Form;
use sync::truth::{Confirmed, Truth, truth};

/// What is known beside the values themselves.
#[derive(Debug, Clone, Default)]
pub struct Apart {
    /// What stood for a name before it was written apart: nothing, one value, or several that nobody had settled. A name
    /// of which this can't be told is absent.
    pub before: BTreeMap<String, Vec<Candidate>>,
    /// Where each value and each act is that a person must rule on.
    pub marks: BTreeMap<OpId, TruthMark>,
}

impl Node {
    /// What is known of the values and acts of a case that stand against each other.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn apart(&self, view: &CaseView) -> Result<Apart, ActError> {
        let mut apart = Apart::default();
        let tx = self.engine().read()?;
        let Some(stored) = documents::get(&*tx, &view.id.0)? else { return Ok(apart) };
        let document = records::Document::load(view.id.doc(), &stored.saved)?;
        let book = crate::keyring::open(&*tx, self.bag(), &view.id.0)?;
        for conflict in &view.case.conflicts {
            let ops: Vec<OpId> = conflict.candidates.iter().map(|candidate| candidate.op).collect();
            if let Some(before) = records::before(&document, &book, &conflict.name, &ops) {
                apart.before.insert(conflict.name.clone(), before);
            }
        }
        let values = view.case.conflicts.iter().flat_map(|conflict| &conflict.candidates);
        let ops = values.map(|candidate| candidate.op).chain(view.anomalies.iter().map(|odd| odd.op));
        let confirmed = self.confirmed(&*tx)?;
        for op in ops {
            let Some(raw) = records::change_of(&document, op) else { continue };
            let mark = self.mark_of_change(&*tx, view, &raw, confirmed.as_ref())?;
            apart.marks.insert(op, mark);
        }
        Ok(apart)
    }

    /// Where one change of a case is. What this box did not write itself came from the centre.
    fn mark_of_change(
        &self,
        tx: &dyn ReadTx,
        view: &CaseView,
        raw: &[u8],
        confirmed: Option<&Confirmed>,
    ) -> Result<TruthMark, ActError> {
        if self.station() == StationNo::CENTRE {
            return Ok(TruthMark::Here);
        }
        for place in journal::of_doc(tx, &view.id.0)? {
            let log = logs::named(tx, place.log)?;
            if log.device != self.device() {
                continue;
            }
            let Some(stored) = journal::get(tx, &place)? else { continue };
            if !matches!(&stored.entry.form, Form::Body(body) if body == raw) {
                continue;
            }
            let where_it_is = truth(&[(log, place.seq)], &[], confirmed, &|log| self.relayed_up_to(log));
            return Ok(match where_it_is {
                Truth::Saved => TruthMark::Saved,
                Truth::InTransit => TruthMark::InTransit,
                Truth::NotAdopted(reason) => TruthMark::NotAdopted(reason),
                Truth::Missing { .. } | Truth::Received => TruthMark::Received,
            });
        }
        Ok(TruthMark::Here)
    }
}
