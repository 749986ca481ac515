//! 受理通知书, 收件凭证, 代办委托书.

use super::{Desk, Head, Party};
use crate::{
    Date, Refusal,
    authority::chinese_date,
    case::{Carried, Proof, Tick, facts},
    item::Way,
};

/// One material as a paper lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialLine {
    /// 居民户口簿.
    pub name: String,
    /// 原件核验，不留存 or 复印件 1 份 or 免提交（共享核验） or 容缺，后补.
    pub how: String,
}

/// 受理通知书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptanceNotice {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// 委托受理.
    pub way: &'static str,
    /// 受理机关, with the authority's document.
    pub body: String,
    /// 收到材料.
    pub materials: Vec<MaterialLine>,
    /// When the papers were taken, as printed.
    pub received_at: String,
    /// 受理时间, 2026年11月23日.
    pub accepted_on: String,
    /// 法定时限.
    pub legal: String,
    /// 承诺时限.
    pub promised: String,
    /// 应办结日; empty where nothing is set.
    pub due: String,
    /// The date is provisional: no calendar for that year yet.
    pub provisional: bool,
    /// 收费.
    pub fee: String,
    /// 公示 words; empty when there is none.
    pub notice: String,
    /// How and where the result is collected.
    pub collect: String,
    /// Deferred materials and until when.
    pub deferred: Vec<(String, String)>,
}

/// 收件凭证: the station only takes papers on the resident's behalf. No promise, no clock of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeReceipt {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// Who decides.
    pub principal: String,
    /// Why only on behalf, if the item would allow more.
    pub fell_back: bool,
    /// 收到材料.
    pub materials: Vec<MaterialLine>,
    /// When the papers were taken, as printed.
    pub received_at: String,
    /// 转交时限 or 送交时限.
    pub carry_name: &'static str,
    /// Until when the papers go where: 2026年11月26日前送交泾县供电公司.
    pub carry: String,
    /// Whose limit comes after it.
    pub afterwards: String,
    /// 收费.
    pub fee: String,
    /// How and where the result is collected.
    pub collect: String,
}

/// 代办委托书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Head and foot.
    pub head: Head,
    /// Who gives the mandate.
    pub party: Party,
    /// What may be done for them.
    pub acts: Vec<&'static str>,
    /// Who decides.
    pub principal: String,
}

/// The kind of material that is filled in, not brought.
const FORM_KIND: &str = "申请表格文书";

impl Desk<'_> {
    /// 受理通知书.
    ///
    /// # Errors
    /// Before acceptance.
    pub fn acceptance_notice(&self) -> Result<AcceptanceNotice, Refusal> {
        let Some(done) = &self.case.accepted else {
            return Err(Refusal::because("还没受理，没有受理通知书。"));
        };
        let accepted = &done.what;
        let body = match (accepted.way, &accepted.authority) {
            (Way::Entrusted | Way::Authorised, Some(document)) => {
                let word = if accepted.way == Way::Entrusted { "委托" } else { "授权" };
                format!("{}，{word}{}受理（{document}）", accepted.principal, self.profile.name)
            }
            _ => accepted.principal.clone(),
        };
        let promised = accepted
            .promised
            .map_or_else(|| self.version.promised_words(), |limit| format!("{}（次日起算）", limit.words()));
        let material = |id: &String| self.version.material(id).map_or(id.clone(), |m| m.name.clone());
        let deferred = self
            .case
            .deferred
            .iter()
            .flat_map(|d| d.materials.iter().map(move |m| (material(m), chinese_date(d.until))));
        Ok(AcceptanceNotice {
            head: self.head("受理通知书", &accepted.principal, accepted.on, &done.mark.stamp.name),
            party: Party::of(&self.case.filing),
            way: accepted.way.label(),
            body,
            materials: self.materials(),
            received_at: self.received_at(),
            accepted_on: moment(accepted.on, done.mark.stamp.wall),
            legal: accepted.legal.map_or_else(|| "无法定时限".to_owned(), |l| l.words()),
            promised,
            due: accepted.due.map(chinese_date).unwrap_or_default(),
            provisional: accepted.provisional,
            fee: self.version.fee.words.clone(),
            notice: self
                .version
                .notice_days
                .map(|days| format!("张贴次日起公示 {days} 天，公示期间不停止计时"))
                .unwrap_or_default(),
            collect: self.collect(),
            deferred: deferred.collect(),
        })
    }

    /// 收件凭证.
    ///
    /// # Errors
    /// When the papers were not taken on behalf.
    pub fn intake_receipt(&self) -> Result<IntakeReceipt, Refusal> {
        let Some(done) = &self.case.on_behalf else {
            return Err(Refusal::because("本件不是代办收件，没有收件凭证。"));
        };
        let to = Carried::along(&self.version.route, done.what.fell_back);
        Ok(IntakeReceipt {
            head: self.head("收件凭证", &self.profile.name, done.what.on, &done.mark.stamp.name),
            party: Party::of(&self.case.filing),
            principal: done.what.principal.clone(),
            fell_back: done.what.fell_back,
            materials: self.materials(),
            received_at: self.received_at(),
            carry_name: to.limit_name(),
            carry: format!("{}前{}", chinese_date(done.what.hand_over_due), to.printed(self.profile)),
            afterwards: to.afterwards(),
            fee: self.version.fee.words.clone(),
            collect: self.collect(),
        })
    }

    /// 代办委托书.
    ///
    /// # Errors
    /// When the papers were not taken on behalf.
    pub fn mandate(&self) -> Result<Mandate, Refusal> {
        let Some(done) = &self.case.on_behalf else {
            return Err(Refusal::because("本件不是代办收件，不用代办委托书。"));
        };
        Ok(Mandate {
            head: self.head("代办委托书", &self.profile.name, done.what.on, &done.mark.stamp.name),
            party: Party::of(&self.case.filing),
            acts: vec!["代为提交申请材料", "代为接收补正通知", "代为查询办理进度", "代为领取办理结果"],
            principal: done.what.principal.clone(),
        })
    }

    fn received_at(&self) -> String {
        let at = self.case.filing.fact(facts::RECEIVED_AT).map(written_out);
        at.or_else(|| self.case.received.as_ref().map(|r| chinese_date(r.what.on))).unwrap_or_default()
    }

    pub(super) fn collect(&self) -> String {
        let words: Vec<&str> = self.version.results.iter().map(|r| r.collect.as_str()).collect();
        words.join("")
    }

    /// Materials of which something was kept.
    pub(super) fn kept_materials(&self) -> Vec<MaterialLine> {
        let mut lines = self.materials();
        let filing = &self.case.filing;
        let kept = |m: &&crate::item::Material| {
            filing.material(&m.id) == Tick::Good && filing.copies(&m.id).unwrap_or(m.copies) > 0
        };
        let names: Vec<&str> =
            self.version.materials_for(filing.scenario()).filter(kept).map(|m| m.name.as_str()).collect();
        lines.retain(|line| names.contains(&line.name.as_str()));
        lines
    }

    /// Materials that were taken, looked at, waived or deferred.
    fn materials(&self) -> Vec<MaterialLine> {
        let filing = &self.case.filing;
        let line = |m: &crate::item::Material| {
            let how = match filing.material(&m.id) {
                Tick::Good => match filing.copies(&m.id).unwrap_or(m.copies) {
                    0 => "原件核验，不留存".to_owned(),
                    copies => format!("{} {copies} 份", m.form),
                },
                Tick::Exempt => {
                    let proof = filing.proof(m).unwrap_or(Proof::Pending);
                    format!("免提交（{}）", proof.label())
                }
                Tick::Later => "容缺，后补".to_owned(),
                Tick::Bad | Tick::Missing | Tick::Unseen => return None,
            };
            Some(MaterialLine { name: m.name.clone(), how })
        };
        self.form_line()
            .into_iter()
            .chain(self.version.materials_for(filing.scenario()).filter_map(line))
            .collect()
    }

    /// The item's own 申请表, where it is not one of the materials already.
    fn form_line(&self) -> Option<MaterialLine> {
        let filing = &self.case.filing;
        let listed = self.version.materials_for(filing.scenario()).any(|m| m.kind == FORM_KIND);
        self.version.form_for(filing.scenario()).next().filter(|_| !listed)?;
        let how = filing.signed().map_or("1 份".to_owned(), |signed| format!("1 份，{}", signed.label()));
        Some(MaterialLine { name: "申请表".to_owned(), how })
    }
}

/// 2026-11-23 10:27 as papers write it; other words stay as they are.
fn written_out(at: &str) -> String {
    let day = at.split_once(' ').and_then(|(day, time)| Some((day.parse::<Date>().ok()?, time)));
    day.map_or_else(|| at.to_owned(), |(day, time)| format!("{} {time}", chinese_date(day)))
}

/// A day with the time of a wall clock in China, where that clock shows the same day.
fn moment(on: Date, wall: i64) -> String {
    let local = jiff::Timestamp::from_second(wall).map(|at| jiff::tz::Offset::constant(8).to_datetime(at));
    match local {
        Ok(at) if at.date() == on => format!("{} {:02}:{:02}", chinese_date(on), at.hour(), at.minute()),
        _ => chinese_date(on),
    }
}
