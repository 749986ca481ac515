//! 差评: answered within a working day, looked into by somebody who is not meant, put right or excluded with a second person's
//! word. What it needs besides the rules of every matter.

use jiff::civil::Date;

use super::{Matter, Sort, event::*};
use crate::{
    Refusal,
    case::{
        Verdict::{self as May, Applies, Repeats},
        event::Stamp,
    },
};

fn no(why: &str) -> May {
    May::Refused(why.to_owned())
}

impl Matter {
    /// What it was about is put right, or there is nothing to put right.
    pub(super) fn is_put_right(&self) -> bool {
        self.handled.is_some() || self.is_excluded()
    }

    pub(super) fn may_put_right(&self) -> May {
        if self.assigned.is_none() {
            no("还没转办，请先写明交给谁整改。")
        } else if self.concluded.is_none() {
            no("还没核实，请先由别的人核实属实不属实。")
        } else if self.is_excluded() {
            no("已经核实不属实，不用整改。")
        } else {
            Applies
        }
    }

    /// Whether this person may say that it is true, or that it is not: the latter takes a second person.
    pub(super) fn may_look_into(&self, found: &Concluded, stamp: &Stamp) -> May {
        if let Some(before) = &self.concluded {
            return if before.what.verdict == found.verdict {
                Repeats
            } else {
                no("已经核实过，结论不一样，请人来定。")
            };
        }
        if self.assigned.is_none() {
            return no("还没转办，请先写明交给谁整改。");
        }
        let by = self.opened.as_ref().map(|opened| &opened.mark.stamp);
        let same = by.is_some_and(|by| by.station == stamp.station && by.by == stamp.by);
        if found.verdict == Verdict::Unfounded && same {
            no("排除恶意差评要第二个人来定，登记的人不能自己排除。")
        } else {
            Applies
        }
    }

    /// What of this matter somebody has to answer for (责任追究), in words; a complaint that was handled, a 差评 that was assigned
    /// and is true, or one that nobody answered in time.
    ///
    /// # Errors
    /// When there is nothing of the kind.
    pub fn grounds(&self, today: Date) -> Result<String, Refusal> {
        let about = self.topic_label();
        match self.sort() {
            Sort::Stuck if self.handled.is_some() => Ok(format!("群众反映“{about}”")),
            Sort::Stuck => Err(Refusal::because("还没处理结束，查清楚以后再登记责任追究。")),
            Sort::Rating => self.grounds_of_rating(today),
            Sort::Consult
            | Sort::Account
            | Sort::Round
            | Sort::Transfer
            | Sort::Due
            | Sort::Norm
            | Sort::Behalf => Err(Refusal::because("这类登记不追究责任。")),
        }
    }

    fn grounds_of_rating(&self, today: Date) -> Result<String, Refusal> {
        let about = self.topic_label();
        let found = self.concluded.as_ref().map(|found| found.what.verdict);
        if self.assigned.is_some() && found == Some(Verdict::Upheld) {
            return Ok(format!("差评“{about}”核实属实"));
        }
        match self.reply_by.filter(|_| self.answered.is_none()) {
            Some(by) if by < today && !self.is_excluded() => {
                Ok(format!("差评“{about}”应在 {by} 前回复，到 {today} 还没回复"))
            }
            _ => Err(Refusal::because("差评核实属实，或者过了期限还没回复，才登记责任追究。")),
        }
    }
}
