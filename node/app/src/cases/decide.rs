//! What the centre (and, where it may, the station) decides.

use super::{CaseId, Saved};
use crate::commit::Said;
use crate::{ActError, Node, Who};
use model::case::approve::{self, Approve};
use model::case::feedback::{self, Feedback};
use model::case::first_review::{self, FirstReview};
use model::case::refuse::{self, Refuse};
use model::case::report_up::{self, ReportUp};
use model::case::supplement::{self, AskSupplement};

impl Node {
    /// 审批通过, where this box decides.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the state does not allow it; nothing is written.
    pub fn approve(&self, who: &Who, id: CaseId, command: Approve) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("审批通过"), move |acting| {
            approve::approve(acting.case, &command, acting.ctx)
        })
    }

    /// 初审通过并上报, where the county decides.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn first_review(&self, who: &Who, id: CaseId, command: FirstReview) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("初审通过"), move |acting| {
            first_review::first_review(acting.case, &command, acting.ctx)
        })
    }

    /// 上报 by itself.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn report_up(&self, who: &Who, id: CaseId, command: ReportUp) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("上报"), move |acting| {
            report_up::report_up(acting.case, &command, acting.ctx)
        })
    }

    /// 已反馈: what an outside body answered, registered by hand.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn feedback(&self, who: &Who, id: CaseId, command: Feedback) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("登记反馈"), move |acting| {
            feedback::feedback(acting.case, &command, acting.ctx)
        })
    }

    /// 退回补正: everything that is missing, once.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn ask_supplement(&self, who: &Who, id: CaseId, command: AskSupplement) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("退回补正"), move |acting| {
            supplement::ask(acting.case, &command, acting.item()?, acting.ctx)
        })
    }

    /// 不予受理.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn not_accept(&self, who: &Who, id: CaseId, command: Refuse) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("不予受理"), move |acting| {
            refuse::not_accept(acting.case, &command, acting.ctx)
        })
    }

    /// 不予许可（确认）, with the reason.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn refuse(&self, who: &Who, id: CaseId, command: Refuse) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("不予通过"), move |acting| {
            refuse::refuse(acting.case, &command, acting.ctx)
        })
    }

    /// 退件.
    ///
    /// # Errors
    /// As [`Node::approve`].
    pub fn give_back(&self, who: &Who, id: CaseId, command: Refuse) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("退件"), move |acting| {
            refuse::give_back(acting.case, &command, acting.ctx)
        })
    }
}
