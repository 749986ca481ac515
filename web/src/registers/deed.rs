//! What may be done to a matter from its page. Which are offered the model's judgement decides, so a button that is shown is an
//! act that is allowed.

use app::matters::MatterView;
use app::{Node, Who};
use model::case::event::{Confidence, Stamp};
use model::case::{AnomalyKind, Verdict as May};
use model::matter::Sort;
use model::matter::event::*;

/// An act of a person on a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Sort,
    Assign,
    Handle,
    Answer,
    Revisit,
    Explain,
    Conclude,
    Publish,
    File,
    Report,
    Close,
    Escalate,
    Reopen,
    Unpublish,
    Settle,
    Account,
    Note,
}

impl Deed {
    /// All, in the order a page offers them.
    const ALL: [Self; 17] = [
        Self::Sort,
        Self::Assign,
        Self::Handle,
        Self::Answer,
        Self::Revisit,
        Self::Explain,
        Self::Conclude,
        Self::Publish,
        Self::File,
        Self::Report,
        Self::Close,
        Self::Escalate,
        Self::Reopen,
        Self::Unpublish,
        Self::Settle,
        Self::Account,
        Self::Note,
    ];

    fn look(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Sort => ("sort", "分类", "c", "是哪一类，有没有被推到别处"),
            Self::Assign => ("assign", "转办", "t", "交给哪个岗位、哪个人、哪里"),
            Self::Handle => ("handle", "处理结束", "h", "怎么处理的，接着计反馈的时限"),
            Self::Answer => ("answer", "反馈", "f", "怎么告诉群众的，告诉了什么"),
            Self::Revisit => ("revisit", "回访", "r", "满意不满意，群众怎么说"),
            Self::Explain => ("explain", "说明原因", "e", "由当事人自己写"),
            Self::Conclude => ("conclude", "认定", "v", "由别的负责人认定"),
            Self::Publish => ("publish", "放到办事指南", "p", "人人看得到，不写谁问的"),
            Self::File => ("file", "登记归档", "g", "放在哪里"),
            Self::Report => ("report", "登记上报", "b", "报给哪里、谁收的"),
            Self::Close => ("close", "办结", "d", "写明结果"),
            Self::Escalate => ("escalate", "上报督办", "u", "请镇中心或分管领导过问"),
            Self::Reopen => ("reopen", "重新办理", "o", "没办好的再办一次"),
            Self::Unpublish => ("unpublish", "从指南撤下", "", "不再给大家看"),
            Self::Settle => ("settle", "定下怎么算", "s", "两边各办了一次，由人来定"),
            Self::Account => ("account", "登记责任追究", "", "先记为待核实"),
            Self::Note => ("note", "加说明", "m", "只能加，不能改前面的"),
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    pub(crate) fn code(self) -> &'static str {
        self.look().0
    }

    pub(crate) fn label(self) -> &'static str {
        self.look().1
    }

    /// The words of this sort of matter.
    pub(crate) fn label_of(self, sort: Sort) -> &'static str {
        match (self, sort) {
            (Self::Answer, Sort::Consult) => "答复",
            (Self::Answer, Sort::Transfer) => "告知群众",
            (Self::Assign, Sort::Transfer) => "转出",
            (Self::Handle, Sort::Transfer) => "外地办完",
            (Self::Handle, Sort::Round) => "整改完成",
            (Self::Close, Sort::Round) => "复查办结",
            (Self::Close, Sort::Due) => "登记结果",
            (Self::Answer, Sort::Rating) => "回复",
            (Self::Conclude, Sort::Rating) => "核实",
            (Self::Handle, Sort::Rating) => "整改完成",
            _ => self.label(),
        }
    }

    pub(crate) fn key(self) -> &'static str {
        self.look().2
    }

    pub(crate) fn note(self) -> &'static str {
        self.look().3
    }

    /// The event it would make, with nothing filled in: enough to ask whether the state allows it.
    fn probe(self, view: &MatterView, today: model::Date) -> Option<What> {
        let (on, none) = (today, String::new);
        let due = view.matter.sort() == Sort::Due;
        Some(match self {
            Self::Sort => Sorted { topic: none(), elsewhere: false, on }.into(),
            Self::Assign => Assigned { to: Target::Post, whom: None, tracking: None, until: None, on }.into(),
            Self::Handle => Handled { words: none(), answer_due: None, on }.into(),
            Self::Answer => Answered { how: Channel::Counter, words: none(), elsewhere: false, on }.into(),
            Self::Revisit => Revisited { satisfied: Satisfied::Yes, words: None, on }.into(),
            Self::Explain => Explained { words: none(), on }.into(),
            Self::Conclude => Concluded { verdict: Verdict::Upheld, words: none(), on }.into(),
            Self::Publish => Published { question: none(), answer: none(), on }.into(),
            Self::File => Filed { words: None, on }.into(),
            Self::Report => Reported { words: none(), on }.into(),
            Self::Close => {
                let ending = if due { Ending::Told } else { Ending::Done };
                Closed { ending, words: None, on }.into()
            }
            Self::Escalate => {
                let told = view.matter.escalated.iter().any(|done| done.what.to == Target::Centre);
                let to = if told { Target::Leader } else { Target::Centre };
                Escalated { to, words: none(), on }.into()
            }
            Self::Reopen => Reopened { words: none(), due: None, on }.into(),
            Self::Unpublish => Unpublished { on }.into(),
            Self::Note => Noted { words: none() }.into(),
            Self::Settle | Self::Account => return None,
        })
    }
}

/// What may be done here now, the next step first.
pub(crate) fn offered(node: &Node, who: &Who, view: &MatterView) -> Vec<Deed> {
    let stamp = Stamp {
        wall: 0,
        confidence: Confidence::Unknown,
        station: node.station().0,
        by: who.staff.clone(),
        name: String::new(),
        reissue: None,
    };
    let matter = &view.matter;
    let late = matter.due.is_some_and(|due| due < node.today());
    let allowed = |deed: Deed| {
        let probe = deed.probe(view, node.today());
        probe.is_some_and(|what| matter.judge(&what, &stamp) == May::Applies)
    };
    let may = |deed: &Deed| {
        if *deed == Deed::Settle {
            view.anomalies.iter().any(|anomaly| anomaly.kind == AnomalyKind::NotAllowed)
        } else if *deed == Deed::Account {
            matter.grounds(node.today()).is_ok()
        } else {
            // what is late goes up; what is about no item stands on no guide
            let idle =
                (*deed == Deed::Escalate && !late) || (*deed == Deed::Publish && matter.item().is_empty());
            !idle && allowed(*deed)
        }
    };
    let mut found: Vec<Deed> = Deed::ALL.into_iter().filter(may).collect();
    let done = |deed: &Deed| {
        (*deed == Deed::Sort && matter.sorted.is_some())
            || (*deed == Deed::Assign && matter.assigned.is_some())
            || (*deed == Deed::Answer && matter.answered.is_some())
            || (*deed == Deed::Explain && matter.explained.is_some())
    };
    // stable: what was done once stands behind what was not
    found.sort_by_key(done);
    found
}
