//! Is everything there? Errors are things the clerk corrects now; gaps go on one 一次性告知书.

use jiff::civil::Date;

use super::{Filing, Proof, Tick, form};
use crate::{
    FieldErrors,
    case::facts,
    item::{ApplicantKind, AutoCheck, AutoResult, Material, Need, Rule, Version},
    person::{
        IdNumber, address_fault, name_fault, other_paper_fault, phone_fault, relation_fault, unit_code_fault,
        unit_name_fault,
    },
};

/// What is the matter with a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// 没带.
    Missing,
    /// 不合格.
    Failing,
    /// Nobody has looked yet: look first.
    Unseen,
}

/// Something that keeps the case from being accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// `m/<id>` or `r/<id>`.
    pub key: String,
    /// What is the matter.
    pub kind: GapKind,
    /// Name of the material or text of the rule.
    pub name: String,
    /// What would pass.
    pub passes: String,
    /// Where it is to be had, or what to do.
    pub cure: String,
}

/// A rule and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleView {
    /// Rule id.
    pub id: String,
    /// What the page found by itself; `Unknown` when it can't.
    pub auto: AutoResult,
    /// The clerk's answer.
    pub answer: Option<bool>,
}

impl RuleView {
    /// How the rule stands: the page's own finding over the clerk's answer.
    #[must_use]
    pub fn stands(&self) -> Option<bool> {
        match self.auto {
            AutoResult::Pass(_) => Some(true),
            AutoResult::Fail(_) => Some(false),
            AutoResult::Unknown => self.answer,
        }
    }
}

/// How a filing stands today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Fields to correct.
    pub errors: FieldErrors,
    /// Materials and rules that are not met.
    pub gaps: Vec<Gap>,
    /// Every rule of the scenario.
    pub rules: Vec<RuleView>,
    /// Materials taken as 容缺: ids.
    pub deferred: Vec<String>,
    /// Materials whose proof a promise stands for (告知承诺): ids.
    pub promised: Vec<String>,
    /// What still has to be signed at the counter.
    pub unsigned: FieldErrors,
}

impl Checked {
    /// It can be accepted.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.errors.is_empty() && self.gaps.is_empty() && self.unsigned.is_empty()
    }

    /// Gaps that go on a notice: what is missing or fails, not what nobody has looked at.
    pub fn told(&self) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(|g| g.kind != GapKind::Unseen)
    }

    /// Gaps and errors as errors beside their fields, each once.
    #[must_use]
    pub fn all_errors(&self) -> FieldErrors {
        let (mut all, mut gaps) = (self.errors.clone(), FieldErrors::default());
        for gap in &self.gaps {
            let why = match gap.kind {
                GapKind::Missing => format!("没带。{}", gap.cure),
                GapKind::Failing => format!("不合格。{}", gap.cure),
                GapKind::Unseen => "还没核对，请核对后选一项。".to_owned(),
            };
            gaps.add(gap.key.clone(), gap.name.clone(), why);
        }
        all.extend(gaps);
        all.extend(self.unsigned.clone());
        all
    }
}

impl Filing {
    /// Checks everything against the item version.
    #[must_use]
    pub fn check(&self, version: &Version, today: Date) -> Checked {
        let mut checked = Checked::default();
        let scenario = self.scenario();
        if version.scenario(scenario).is_none() {
            checked.errors.add(facts::SCENARIO, "办理情形", "还没选办理情形，请问清楚属于哪一种。");
        }
        self.check_applicant(version, today, &mut checked.errors);
        self.check_agent(today, &mut checked.errors);
        for field in version.form_for(scenario) {
            form::check(self, field, &mut checked.errors);
        }
        for material in version.materials_for(scenario) {
            checked.gaps.extend(self.material_gap(material));
            if material.need == Need::Deferrable && self.material(&material.id) == Tick::Later {
                checked.deferred.push(material.id.clone());
            }
            if self.proof(material) == Some(Proof::Promise) {
                checked.promised.push(material.id.clone());
            }
        }
        for rule in version.rules_for(scenario) {
            let auto = rule.auto.as_ref().map_or(AutoResult::Unknown, |auto| self.auto(auto, today));
            let view = RuleView { id: rule.id.clone(), auto, answer: self.rule(&rule.id) };
            checked.gaps.extend(rule_gap(rule, &view));
            checked.rules.push(view);
        }
        self.check_signed(version, &mut checked);
        checked
    }

    fn check_applicant(&self, version: &Version, today: Date, errors: &mut FieldErrors) {
        let kind = self.applicant_kind();
        if !version.applicants.contains(&kind) {
            let words = format!("本事项不收{}的申请，请换申请人类型。", kind.label());
            errors.add(facts::APPLICANT_KIND, "申请人类型", words);
        }
        let get = |name: &str| self.cell(name).unwrap_or("");
        match kind {
            ApplicantKind::Person | ApplicantKind::Household => {
                put(errors, facts::NAME, "申请人姓名", name_fault(get(facts::NAME)));
                put(errors, facts::ID_NUMBER, "申请人证件号码", self.id_fault(facts::ID_NUMBER, today));
            }
            ApplicantKind::Unit => {
                put(errors, facts::NAME, "单位名称", unit_name_fault(get(facts::NAME)));
                put(errors, facts::UNIT_CODE, "统一社会信用代码", unit_code_fault(get(facts::UNIT_CODE)));
                put(errors, facts::CONTACT, "联系人", name_fault(get(facts::CONTACT)));
            }
        }
        if !(self.has_agent() && self.cell(facts::PHONE).is_none()) {
            put(errors, facts::PHONE, "联系电话", phone_fault(get(facts::PHONE)));
        }
        put(errors, facts::ADDRESS, "住址", address_fault(get(facts::ADDRESS)));
        if kind == ApplicantKind::Household {
            self.check_members(today, errors);
        }
    }

    fn check_members(&self, today: Date, errors: &mut FieldErrors) {
        let members = self.members();
        let mut seen: Vec<&str> = self.cell(facts::ID_NUMBER).into_iter().collect();
        for member in &members {
            let name = |field| facts::member(member.person, field);
            put(errors, &name("name"), "家庭成员姓名", name_fault(&member.name));
            let fault = IdNumber::parse(&member.id_number, today).err().map(|f| f.to_string());
            let twice = seen.contains(&member.id_number.as_str());
            let fault = fault.or_else(|| twice.then(|| "这个人已经填过了，请删去重复的一行。".to_owned()));
            put(errors, &name("id_number"), "家庭成员证件号码", fault);
            put(errors, &name("relation"), "与申请人关系", relation_fault(&member.relation));
            seen.push(&member.id_number);
        }
    }

    fn check_agent(&self, today: Date, errors: &mut FieldErrors) {
        if !self.has_agent() {
            return;
        }
        let get = |name: &str| self.cell(name).unwrap_or("");
        put(errors, facts::AGENT_NAME, "代办人姓名", name_fault(get(facts::AGENT_NAME)));
        let fault = IdNumber::parse(get(facts::AGENT_ID), today).err().map(|f| f.to_string());
        let same = self.cell(facts::AGENT_ID).is_some_and(|id| self.cell(facts::ID_NUMBER) == Some(id));
        let fault =
            fault.or_else(|| same.then(|| "代办人和申请人是同一个人，请改填代办人，或不选代办。".to_owned()));
        put(errors, facts::AGENT_ID, "代办人证件号码", fault);
        put(errors, facts::AGENT_PHONE, "代办人电话", phone_fault(get(facts::AGENT_PHONE)));
        put(errors, facts::AGENT_RELATION, "与申请人关系", relation_fault(get(facts::AGENT_RELATION)));
    }

    fn id_fault(&self, name: &str, today: Date) -> Option<String> {
        let number = self.cell(name).unwrap_or("");
        if self.fact(facts::ID_KIND) == Some("other") {
            return other_paper_fault(number);
        }
        IdNumber::parse(number, today).err().map(|fault| fault.to_string())
    }

    fn material_gap(&self, material: &Material) -> Option<Gap> {
        let tick = self.material(&material.id);
        let kind = match (tick, material.need) {
            (Tick::Good, _) | (Tick::Exempt, Need::Exempt | Need::Optional) => return None,
            (Tick::Exempt, _) if material.exemption.is_some() => return None,
            (Tick::Later, Need::Deferrable) => return None,
            (Tick::Missing | Tick::Unseen | Tick::Later, Need::Optional) => return None,
            (Tick::Bad, _) => GapKind::Failing,
            (Tick::Unseen, _) => GapKind::Unseen,
            (Tick::Missing | Tick::Later | Tick::Exempt, _) => GapKind::Missing,
        };
        let cure = if kind == GapKind::Failing { &material.fails } else { &material.source_note };
        Some(Gap {
            key: facts::material(&material.id),
            kind,
            name: material.name.clone(),
            passes: material.passes.clone(),
            cure: cure.clone(),
        })
    }

    /// What the page finds by itself.
    #[must_use]
    pub fn auto(&self, auto: &AutoCheck, today: Date) -> AutoResult {
        match auto {
            AutoCheck::Age { from, to } => {
                let id = self.cell(facts::ID_NUMBER).map(|text| IdNumber::parse(text, today));
                match id {
                    Some(Ok(id)) => AutoCheck::age(*from, *to, &id, today),
                    Some(Err(_)) | None => AutoResult::Unknown,
                }
            }
            AutoCheck::OwnAccount { field } => {
                match (self.cell(&facts::form_holder(field)), self.cell(facts::NAME)) {
                    (Some(holder), Some(name)) if holder == name => AutoResult::Pass("户名是本人".to_owned()),
                    (Some(_), Some(_)) => AutoResult::Fail("户名不是本人".to_owned()),
                    _ => AutoResult::Unknown,
                }
            }
            AutoCheck::HouseholdSize { at_least } => {
                let people = self.members().len() + 1;
                let words = format!("家庭 {people} 人");
                if people >= usize::from(*at_least) {
                    AutoResult::Pass(words)
                } else {
                    AutoResult::Fail(words)
                }
            }
        }
    }
}

fn rule_gap(rule: &Rule, view: &RuleView) -> Option<Gap> {
    let kind = match view.stands() {
        Some(true) => return None,
        Some(false) => GapKind::Failing,
        None => GapKind::Unseen,
    };
    Some(Gap {
        key: facts::rule(&rule.id),
        kind,
        name: rule.text.clone(),
        passes: rule.passes.clone(),
        cure: rule.fails.clone(),
    })
}

fn put(errors: &mut FieldErrors, field: &str, label: &str, fault: Option<String>) {
    if let Some(fault) = fault {
        errors.add(field, label, fault);
    }
}
