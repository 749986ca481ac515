//! 公示单 for the board, masked by rule; 进度单 to take home.

use super::{Desk, Head, Party};
use crate::{
    Date, Refusal,
    authority::chinese_date,
    case::Reached,
    item::ApplicantKind,
    person::{mask_id_public, mask_name},
};

/// 公示单: anybody may read it, so a person's name is masked and of their number only both ends stand; no phone, no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicNotice {
    /// Head and foot; without the query code.
    pub head: Head,
    /// 吴*英, a unit in full.
    pub name: String,
    /// 申请人 or 申请单位.
    pub who: &'static str,
    /// First and last character.
    pub id_number: String,
    /// People of the household.
    pub people: usize,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Where it hangs.
    pub place: String,
    /// Who decides.
    pub decided_by: String,
    /// Where to object.
    pub object: String,
}

/// One step on a 进度单.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressLine {
    /// 镇初审.
    pub step: String,
    /// 已办，11月23日 or 正在办，枫河镇便民服务中心 or 还没到.
    pub state: String,
}

/// 进度单.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressSheet {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// 办理中.
    pub stage: &'static str,
    /// Until when; empty when no limit runs.
    pub due: String,
    /// The date is provisional.
    pub provisional: bool,
    /// The route.
    pub lines: Vec<ProgressLine>,
    /// How and where the result is collected.
    pub collect: String,
    /// What the resident still has to bring: name and until when.
    pub owed: Vec<(String, String)>,
}

impl Desk<'_> {
    /// 公示单.
    ///
    /// # Errors
    /// Before the notice is posted.
    pub fn public_notice(&self) -> Result<PublicNotice, Refusal> {
        let Some(posted) = &self.case.notice else {
            return Err(Refusal::because("还没开始公示，登记开始公示以后再打印。"));
        };
        let (party, station) = (Party::of(&self.case.filing), &self.profile);
        let unit = party.kind == ApplicantKind::Unit;
        let number = self.case.filing.cell(crate::case::facts::ID_NUMBER).unwrap_or("");
        let clerk = &posted.mark.stamp.name;
        let mut head = self.head("公示单", &station.name, posted.what.from, clerk);
        head.query_code = super::Private::default();
        Ok(PublicNotice {
            head,
            name: if unit { party.name.to_string() } else { mask_name(&party.name) },
            who: if unit { "申请单位" } else { "申请人" },
            id_number: if unit { party.id_number.to_string() } else { mask_id_public(number) },
            people: party.people,
            from: chinese_date(posted.what.from),
            until: chinese_date(posted.what.until),
            place: self.words(&posted.what.place).to_string(),
            decided_by: self.version.decided_by.clone(),
            object: format!("{}（电话 {}）", station.name, station.phone),
        })
    }

    /// 进度单, from the moment there is a number.
    ///
    /// # Errors
    /// Before the papers are taken.
    pub fn progress_sheet(&self, today: Date, clerk: &str) -> Result<ProgressSheet, Refusal> {
        if self.case.received.is_none() {
            return Err(Refusal::because("还没收件，没有进度。"));
        }
        let line = |(state, reached): (&crate::case::StepState, Reached)| {
            let body = &state.step.body;
            let words = match (reached, state.on) {
                (Reached::Done, Some(on)) => format!("已办，{}", chinese_date(on)),
                (Reached::Done, None) => "已办".to_owned(),
                (Reached::Now, _) if body.is_empty() => "正在办".to_owned(),
                (Reached::Now, _) => format!("正在办，{body}"),
                (Reached::Later, _) => "还没到".to_owned(),
                (Reached::Never, _) => "不再办".to_owned(),
            };
            ProgressLine { step: state.step.name.clone(), state: words }
        };
        let due = self.case.due(self.calendar);
        let name = |id: &str| self.version.material(id).map_or_else(|| id.to_owned(), |m| m.name.clone());
        Ok(ProgressSheet {
            head: self.head("进度单", &self.profile.name, today, clerk),
            party: Party::of(&self.case.filing),
            stage: self.case.stage().label(),
            due: due.map(|d| chinese_date(d.date)).unwrap_or_default(),
            provisional: due.is_some_and(|d| d.provisional),
            lines: self.case.progress().map(line).collect(),
            collect: self.collect(),
            owed: self.case.outstanding().map(|(id, until)| (name(id), chinese_date(until))).collect(),
        })
    }
}
