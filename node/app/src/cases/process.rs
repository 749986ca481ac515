//! What happens on the way: supplements that come in, 公示, 入户核查, 转交, notes, settlements.

use super::{CaseId, Saved};
use crate::commit::Said;
use crate::{ActError, Node, Who};
use model::case::event::{Asker, Settlement};
use model::case::notice::{self, EndNotice};
use model::case::pick_conflict::{self, Pick};
use model::case::visit::{self, Visit};
use model::case::{Case, hand_over, note, settle, supplement, withdraw};
use model::record::OpId;
use std::collections::BTreeMap;

impl Node {
    /// The supplement came in: what was typed and ticked anew.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the state does not allow it or something is still missing.
    pub fn supplement_received(
        &self,
        who: &Who,
        id: CaseId,
        typed: BTreeMap<String, String>,
    ) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("补正收到"), move |acting| {
            supplement::received(acting.case, &typed, acting.ctx)
        })
    }

    /// 转交 to the township.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn hand_over(&self, who: &Who, id: CaseId, receiver: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("转交"), move |acting| {
            hand_over::hand_over(acting.case, &receiver, acting.ctx)
        })
    }

    /// 公示 posted.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn post_notice(&self, who: &Who, id: CaseId, place: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("张贴公示"), move |acting| {
            notice::post(acting.case, &place, acting.item()?, acting.ctx)
        })
    }

    /// 公示 over, with what was objected.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn end_notice(&self, who: &Who, id: CaseId, command: EndNotice) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("公示期满"), move |acting| {
            notice::end(acting.case, &command, acting.ctx)
        })
    }

    /// 入户核查 by two persons.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn visit(&self, who: &Who, id: CaseId, command: Visit) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("入户核查"), move |acting| {
            visit::visit(acting.case, &command, acting.ctx)
        })
    }

    /// 撤回 at the applicant's own wish.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn withdraw(&self, who: &Who, id: CaseId, asker: Asker, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("撤回"), move |acting| {
            withdraw::withdraw(acting.case, asker, &reason, acting.ctx)
        })
    }

    /// A note: it is added, never changed.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn note(&self, who: &Who, id: CaseId, words: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("加说明"), move |acting| note::note(acting.case, &words, acting.ctx))
    }

    /// A person picks one of the values that were set apart, or writes another.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn pick_conflict(&self, who: &Who, id: CaseId, pick: Pick) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("定下不一致"), move |acting| {
            pick_conflict::pick_conflict(acting.case, &pick, acting.version, acting.ctx)
        })
    }

    /// A person says whether an act that the state did not allow counts.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn settle(
        &self,
        who: &Who,
        id: CaseId,
        event: OpId,
        verdict: Settlement,
        reason: String,
    ) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("处置异常"), move |acting| {
            let (_, anomalies) = Case::read(acting.record, acting.version);
            settle::settle(acting.case, &anomalies, event, verdict, &reason, acting.ctx)
        })
    }
}
