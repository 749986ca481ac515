//! What moves a deadline or waits beside the route: 特别程序, 延期, 容缺材料补齐, 催问.

use super::{CaseId, Saved};
use crate::commit::Said;
use crate::{ActError, Node, Who};
use model::case::event::Special;
use model::case::{deferred, note, suspend};

impl Node {
    /// 进入特别程序: the clock stops.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn start_special(&self, who: &Who, id: CaseId, which: Special, days: u32) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("进入特别程序"), move |acting| {
            suspend::start_special(acting.case, which, days, acting.ctx)
        })
    }

    /// 特别程序结束: the clock goes on.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn end_special(&self, who: &Who, id: CaseId) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("特别程序结束"), move |acting| {
            suspend::end_special(acting.case, acting.ctx)
        })
    }

    /// 申请延期.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn ask_extension(&self, who: &Who, id: CaseId, days: u32, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("申请延期"), move |acting| {
            suspend::ask_extension(acting.case, days, &reason, acting.item()?, acting.ctx)
        })
    }

    /// 批准延期, by the head of the body.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn approve_extension(&self, who: &Who, id: CaseId, approver: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("批准延期"), move |acting| {
            suspend::approve_extension(acting.case, &approver, acting.ctx)
        })
    }

    /// 不批准延期, with the reason.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn decline_extension(&self, who: &Who, id: CaseId, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("不批准延期"), move |acting| {
            suspend::decline_extension(acting.case, &reason, acting.ctx)
        })
    }

    /// 容缺材料补齐.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn deferred_arrived(&self, who: &Who, id: CaseId, materials: Vec<String>) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("容缺材料补齐"), move |acting| {
            deferred::arrived(acting.case, &materials, acting.ctx)
        })
    }

    /// 催问 an outside body.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn inquire(&self, who: &Who, id: CaseId, body: String, words: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("催问"), move |acting| {
            note::inquire(acting.case, &body, &words, acting.ctx)
        })
    }
}
