//! What is done to a matter.

use super::{MatterId, Saved};
use crate::{ActError, Node, Who};
use model::case::event::Settlement;
use model::matter::act::{self, Answer, Assign, Publish};
use model::matter::event::{Ending, Satisfied, Target, Verdict};
use model::record::OpId;

/// One act on a matter, as a page asks for it.
#[derive(Debug, Clone)]
pub enum Deed {
    /// 说明.
    Note(String),
    /// 分类: topic, and whether the resident was sent elsewhere.
    Sort(String, bool),
    /// 转办.
    Assign(Assign),
    /// 处理结束.
    Handle(String),
    /// 反馈, 答复.
    Answer(Answer),
    /// 回访.
    Revisit(Satisfied, String),
    /// 说明原因.
    Explain(String),
    /// 认定.
    Conclude(Verdict, String),
    /// 上报督办.
    Escalate(Target, String),
    /// 办结, with the case it became.
    Close(Ending, Option<[u8; 16]>, String),
    /// 重新办理.
    Reopen(String),
    /// 放到办事指南.
    Publish(Publish),
    /// 从办事指南撤下.
    Unpublish,
    /// 归档.
    File(String),
    /// 上报.
    Report(String),
    /// A person rules on an act that could not stand.
    Settle(OpId, Settlement, String),
}

impl Deed {
    fn said(&self) -> &'static str {
        match self {
            Self::Note(_) => "登记事项：说明",
            Self::Sort(..) => "登记事项：分类",
            Self::Assign(_) => "登记事项：转办",
            Self::Handle(_) => "登记事项：处理结束",
            Self::Answer(_) => "登记事项：反馈",
            Self::Revisit(..) => "登记事项：回访",
            Self::Explain(_) => "登记事项：说明原因",
            Self::Conclude(..) => "登记事项：认定",
            Self::Escalate(..) => "登记事项：上报督办",
            Self::Close(..) => "登记事项：办结",
            Self::Reopen(_) => "登记事项：重新办理",
            Self::Publish(_) => "登记事项：放到办事指南",
            Self::Unpublish => "登记事项：从办事指南撤下",
            Self::File(_) => "登记事项：归档",
            Self::Report(_) => "登记事项：上报",
            Self::Settle(..) => "登记事项：处置异常",
        }
    }
}

impl Node {
    /// Does one act on a matter.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the state does not allow it or a field is wrong, [`ActError::NotFound`], or when the
    /// disk says no.
    pub fn do_matter(&self, who: &Who, id: MatterId, deed: Deed) -> Result<Saved, ActError> {
        let settings = self.reference().office.settings.clone();
        let said = deed.said();
        self.act_on(who, id, said, move |matter, anomalies, ctx| match &deed {
            Deed::Note(words) => act::note(matter, words, ctx),
            Deed::Sort(topic, elsewhere) => act::sort_out(matter, topic, *elsewhere, ctx),
            Deed::Assign(assign) => act::assign(matter, assign, &settings, ctx),
            Deed::Handle(words) => act::handle(matter, words, &settings, ctx),
            Deed::Answer(answer) => act::answer(matter, answer, ctx),
            Deed::Revisit(satisfied, words) => act::revisit(matter, *satisfied, words, ctx),
            Deed::Explain(words) => act::explain(matter, words, ctx),
            Deed::Conclude(verdict, words) => act::conclude(matter, *verdict, words, ctx),
            Deed::Escalate(to, words) => act::escalate(matter, *to, words, ctx),
            Deed::Close(ending, case, words) => act::close(matter, *ending, *case, words, ctx),
            Deed::Reopen(words) => act::reopen(matter, words, &settings, ctx),
            Deed::Publish(typed) => act::publish(matter, typed, ctx),
            Deed::Unpublish => act::unpublish(matter, ctx),
            Deed::File(words) => act::file(matter, words, ctx),
            Deed::Report(words) => act::report(matter, words, ctx),
            Deed::Settle(event, verdict, reason) => {
                act::settle(matter, anomalies, *event, *verdict, reason, ctx)
            }
        })
    }
}
