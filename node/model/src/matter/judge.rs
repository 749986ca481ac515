//! Whether the state allows an act on a matter. Both the fold and the acts ask here; nothing else decides.

use super::{Matter, Sort, event::*, pairs::FREE};
use crate::case::{
    Done,
    Verdict::{self as May, Applies, Repeats},
    event::Stamp,
};

fn no(why: &str) -> May {
    May::Refused(why.to_owned())
}

fn same(is: bool, why: &str) -> May {
    if is { Repeats } else { no(why) }
}

impl Matter {
    /// Whether this person may do this here now.
    #[must_use]
    pub fn judge(&self, what: &What, stamp: &Stamp) -> May {
        let kind = what.kind();
        if let What::Opened(new) = what {
            let known = self.opened.as_ref().map(|opened| opened.what == *new);
            return known.map_or(Applies, |known| same(known, "这件已经登记过了。"));
        }
        if kind == Kind::Unknown {
            return no("这条记录来自更新的版本，请升级后再看。");
        }
        if self.opened.is_none() {
            return no("还没登记，请先登记。");
        }
        if let What::Linked(link) = what {
            return if self.links.contains(link) { Repeats } else { Applies };
        }
        if FREE.contains(&kind) {
            return Applies;
        }
        let sort = self.sort();
        if !sort.kinds().contains(&kind) {
            return May::Refused(format!("“{}”没有“{}”这一步。", sort.label(), kind.title()));
        }
        if let Some(closed) = &self.closed {
            if let What::Closed(again) = what {
                let is = again.ending == closed.what.ending;
                return same(is, "已经办结，结果不一样，请人来定。");
            }
            return if kind == Kind::Reopened {
                Applies
            } else {
                no("已经办结，要再办请先“重新办理”。")
            };
        }
        self.step(what, stamp)
    }

    fn step(&self, what: &What, stamp: &Stamp) -> May {
        match what {
            What::Handled(_) => self.may_handle(),
            What::Answered(_) => self.may_answer(),
            What::Revisited(again) => self.may_revisit(again),
            What::Explained(_) => self.may_explain(stamp),
            What::Concluded(found) => self.may_conclude(found, stamp),
            What::Escalated(to) => {
                if self.escalated.iter().any(|told| told.what.to == to.to) {
                    Repeats
                } else {
                    Applies
                }
            }
            What::Closed(closing) => self.may_close(closing),
            What::Signed(sign) => self.may_sign(sign, stamp),
            What::Sorted(_)
            | What::Assigned(_)
            | What::Reopened(_)
            | What::Published(_)
            | What::Unpublished(_)
            | What::Filed(_)
            | What::Reported(_)
            | What::Opened(_)
            | What::Noted(_)
            | What::Pictured(_)
            | What::Linked(_)
            | What::Settled(_)
            | What::Unknown { .. } => self.plain_step(what.kind()),
        }
    }

    /// Steps of which only the kind counts.
    fn plain_step(&self, kind: Kind) -> May {
        let moved = matches!(kind, Kind::Sorted | Kind::Assigned) && self.handled.is_some();
        let done = (kind == Kind::Filed && self.filed.is_some())
            || (kind == Kind::Reported && self.reported.is_some());
        if moved {
            no("已经处理结束，不用再分类、转办。")
        } else if kind == Kind::Reopened && !self.unhappy() {
            same(self.reopened.is_some(), "还没办结，不用重新办理。")
        } else if kind == Kind::Published && self.answered.is_none() {
            no("还没答复，答复以后才能放到办事指南。")
        } else if kind == Kind::Unpublished && self.published.is_none() {
            same(self.was_published, "没有放到办事指南，不用撤。")
        } else if done {
            Repeats
        } else {
            Applies
        }
    }

    fn may_sign(&self, sign: &Signed, stamp: &Stamp) -> May {
        let mine = |done: &Done<Signed>| {
            let by = &done.mark.stamp;
            (by.station, &by.by, &done.what.norm, done.what.version)
                == (stamp.station, &stamp.by, &sign.norm, sign.version)
        };
        if self.signed.iter().any(mine) { Repeats } else { Applies }
    }

    fn may_handle(&self) -> May {
        if self.handled.is_some() {
            return Repeats;
        }
        let (sort, fine) = (self.sort(), self.topic() == Sort::FINE);
        if sort == Sort::Rating {
            self.may_put_right()
        } else if sort == Sort::Stuck && self.sorted.is_none() {
            no("还没分类，请先分类。")
        } else if sort == Sort::Stuck && self.assigned.is_none() {
            no("还没转办，请先写明交给谁处理。")
        } else if sort == Sort::Transfer && self.assigned.is_none() {
            no("还没转出，请先写明转到哪里。")
        } else if sort == Sort::Round && fine {
            no("这次巡查没有问题，不用整改。")
        } else {
            Applies
        }
    }

    fn may_answer(&self) -> May {
        if self.sort() == Sort::Consult {
            Applies
        } else if self.handled.is_none() && self.sort() != Sort::Rating {
            no("还没处理结束，处理结束以后再反馈。")
        } else if self.answered.is_some() {
            Repeats
        } else {
            Applies
        }
    }

    fn may_revisit(&self, again: &Revisited) -> May {
        if let Some(before) = &self.revisited {
            let is = before.what.satisfied == again.satisfied;
            return same(is, "已经回访过，这次说的不一样，请人来定。");
        }
        if self.sort() == Sort::Stuck && self.answered.is_none() {
            return no("还没反馈，反馈以后再回访。");
        }
        if self.sort() == Sort::Rating && (self.answered.is_none() || !self.is_put_right()) {
            return no("还没回复和整改，都做了以后再回访。");
        }
        Applies
    }

    /// Whether this person is the one who answers for it.
    #[must_use]
    pub fn is_answerable(&self, stamp: &Stamp) -> bool {
        self.opened.as_ref().is_some_and(|opened| {
            opened.what.staff == stamp.by && opened.what.staff_station == u64::from(stamp.station)
        })
    }

    fn may_explain(&self, stamp: &Stamp) -> May {
        if self.concluded.is_some() {
            return no("已经认定，不能再改说明。");
        }
        let anybody = self.opened.as_ref().is_some_and(|opened| opened.what.staff.is_empty());
        if anybody || self.is_answerable(stamp) {
            Applies
        } else {
            no("要由当事人自己登录来说明原因。")
        }
    }

    fn may_conclude(&self, found: &Concluded, stamp: &Stamp) -> May {
        if self.is_answerable(stamp) {
            return no("不能自己认定自己的事，请镇中心或站长来认定。");
        }
        if self.sort() == Sort::Rating {
            return self.may_look_into(found, stamp);
        }
        match &self.concluded {
            Some(before) => same(before.what.verdict == found.verdict, "已经认定，结论不一样，请人来定。"),
            None if self.explained.is_none() => no("当事人还没说明原因，说明以后再认定。"),
            None => Applies,
        }
    }

    fn may_close(&self, closing: &Closed) -> May {
        let ends_due = !matches!(closing.ending, Ending::Done);
        if (self.sort() == Sort::Due) != ends_due {
            return no("这类登记不能这样办结，请换一种结果。");
        }
        let sort = self.sort();
        let missing = [
            (sort == Sort::Stuck && self.answered.is_none(), "还没反馈，反馈和回访以后才能办结。"),
            (sort == Sort::Stuck && self.revisited.is_none(), "还没回访，回访以后才能办结。"),
            (sort == Sort::Stuck && self.unhappy(), "群众不满意，请先“重新办理”，再反馈、回访。"),
            (sort == Sort::Account && self.explained.is_none(), "当事人还没说明原因，不能办结。"),
            (sort == Sort::Account && self.concluded.is_none(), "还没认定，认定以后才能办结。"),
            (sort == Sort::Round && self.topic() == Sort::FINE, "这次巡查没有问题，登记时就办结了。"),
            (sort == Sort::Round && self.handled.is_none(), "还没整改，整改以后才能办结。"),
            (sort == Sort::Transfer && self.answered.is_none(), "还没把结果告诉群众，告知以后才能办结。"),
            (sort == Sort::Rating && self.answered.is_none(), "还没回复，回复和整改都有了才能办结。"),
            (sort == Sort::Rating && !self.is_put_right(), "还没整改，回复和整改都有了才能办结。"),
            (sort == Sort::Rating && self.unhappy(), "群众还是不满意，请先“重新办理”。"),
            (
                closing.ending == Ending::Case && self.link(LinkedTo::Case).is_none(),
                "还没写是哪一件办件，请填办件编号。",
            ),
        ];
        missing.into_iter().find(|(is, _)| *is).map_or(Applies, |(_, why)| no(why))
    }
}
