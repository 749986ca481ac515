//! What was asked, by whom, with which papers: the facts and cells of a case, read as they stand.

mod check;
mod form;
mod signed;

use std::collections::BTreeMap;

pub use check::{Checked, Gap, GapKind, RuleView};
pub use signed::Signed;

use super::facts;
use crate::{
    item::{ApplicantKind, Exemption, Material},
    person::{mask_id, mask_name},
    record::{Candidate, Record, Value},
};

/// Answer about a material: the fact `m/<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// 合格: `ok`.
    Good,
    /// 不合格: `bad`.
    Bad,
    /// 没带: `missing`.
    Missing,
    /// 容缺，以后补: `later`.
    Later,
    /// 免提交: `exempt`.
    Exempt,
    /// Nobody has looked yet.
    Unseen,
}

impl Tick {
    /// What a clerk may answer.
    pub const ALL: [Self; 5] = [Self::Good, Self::Bad, Self::Missing, Self::Later, Self::Exempt];

    /// As it stands in the fact.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Bad => "bad",
            Self::Missing => "missing",
            Self::Later => "later",
            Self::Exempt => "exempt",
            Self::Unseen => "",
        }
    }

    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Good => "合格",
            Self::Bad => "不合格",
            Self::Missing => "没带",
            Self::Later => "容缺后补",
            Self::Exempt => "免提交",
            Self::Unseen => "未看",
        }
    }
}

/// How a 免提交 material is vouched for: the fact `m/<id>/how`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// 不需要: nothing is checked.
    None,
    /// 共享核验: `shared`.
    Shared,
    /// 电子证照: `licence`.
    Licence,
    /// 告知承诺: `promise`.
    Promise,
    /// 待核验, while the line is down: `pending`.
    Pending,
}

impl Proof {
    /// As it stands in the fact; empty for nothing.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Shared => "shared",
            Self::Licence => "licence",
            Self::Promise => "promise",
            Self::Pending => "pending",
        }
    }

    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "不需要",
            Self::Shared => "共享核验，已核对",
            Self::Licence => "电子证照，已核对",
            Self::Promise => "告知承诺",
            Self::Pending => "待核验",
        }
    }
}

/// A household member as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Person number of its cells.
    pub person: u64,
    /// Name.
    pub name: String,
    /// Id number.
    pub id_number: String,
    /// 配偶, 长子.
    pub relation: String,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Member({})", self.person)
    }
}

/// The facts and cells of a case: of several values the one that shows. `Debug` hides text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filing {
    values: BTreeMap<String, Value>,
}

impl Filing {
    /// Reads the record's facts and cells.
    #[must_use]
    pub fn read(record: &Record) -> Self {
        let shown = |(name, all): (&String, &Vec<Candidate>)| Some((name.clone(), all.last()?.value.clone()));
        Self { values: record.facts.iter().chain(&record.cells).filter_map(shown).collect() }
    }

    /// As this, with another text under a name.
    #[must_use]
    pub fn with(&self, name: &str, text: &str) -> Self {
        let mut other = self.clone();
        other.values.insert(name.to_owned(), Value::Text(text.to_owned()));
        other
    }

    /// A fact's or opened cell's text; `None` when absent, empty, closed or erased.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// A fact's text.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    /// A cell's text, if this box can open it.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    /// A number.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A yes.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Value::Bool(true)))
    }

    /// The raw value, to tell a closed from an erased cell.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Everything as it was typed, by fact and cell name: what a form is filled with again.
    #[must_use]
    pub fn typed(&self) -> BTreeMap<String, String> {
        let write = |value: &Value| match value {
            Value::Text(text) => Some(text.clone()),
            Value::Int(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(if *yes { "1" } else { "" }.to_owned()),
            Value::Closed | Value::Erased => None,
        };
        self.values.iter().filter_map(|(name, value)| Some((name.clone(), write(value)?))).collect()
    }

    /// 个人, 家庭 or 单位; a person until chosen.
    #[must_use]
    pub fn applicant_kind(&self) -> ApplicantKind {
        self.fact(facts::APPLICANT_KIND).and_then(ApplicantKind::parse).unwrap_or(ApplicantKind::Person)
    }

    /// The applicant's name as pages show it: a person's masked, a unit's in full, since it is public. Empty until typed.
    #[must_use]
    pub fn shown_name(&self) -> String {
        let name = self.cell(facts::NAME).unwrap_or("");
        match self.applicant_kind() {
            ApplicantKind::Unit => name.to_owned(),
            ApplicantKind::Person | ApplicantKind::Household => mask_name(name),
        }
    }

    /// The applicant's number as pages and papers show it: a person's masked, a unit's public code in full.
    #[must_use]
    pub fn shown_number(&self) -> String {
        match self.applicant_kind() {
            ApplicantKind::Unit => self.cell(facts::UNIT_CODE).unwrap_or("").to_owned(),
            ApplicantKind::Person | ApplicantKind::Household => {
                mask_id(self.cell(facts::ID_NUMBER).unwrap_or(""))
            }
        }
    }

    /// Scenario id, empty until chosen.
    #[must_use]
    pub fn scenario(&self) -> &str {
        self.fact(facts::SCENARIO).unwrap_or("")
    }

    /// Somebody acts for the applicant.
    #[must_use]
    pub fn has_agent(&self) -> bool {
        self.flag(facts::HAS_AGENT)
    }

    /// Answer about a material.
    #[must_use]
    pub fn material(&self, id: &str) -> Tick {
        let answer = self.fact(&facts::material(id)).unwrap_or("");
        Tick::ALL.into_iter().find(|t| t.code() == answer).unwrap_or(Tick::Unseen)
    }

    /// Copies taken of a material.
    #[must_use]
    pub fn copies(&self, id: &str) -> Option<u32> {
        self.int(&facts::material_copies(id)).and_then(|n| u32::try_from(n).ok())
    }

    /// How a 免提交 material was or is to be checked.
    #[must_use]
    pub fn proof(&self, material: &Material) -> Option<Proof> {
        if self.material(&material.id) != Tick::Exempt {
            return None;
        }
        let said = self.fact(&facts::material_how(&material.id));
        match material.exemption {
            Some(Exemption::NotNeeded) => Some(Proof::None),
            Some(Exemption::Promise) => Some(Proof::Promise),
            Some(Exemption::Shared | Exemption::Licence) | None => match said {
                Some("shared") => Some(Proof::Shared),
                Some("licence") => Some(Proof::Licence),
                _ => Some(Proof::Pending),
            },
        }
    }

    /// Materials done without whose check is still to come (待核验): ids.
    #[must_use]
    pub fn pending(&self) -> Vec<&str> {
        let wanted = Value::Text(Proof::Pending.code().to_owned());
        let said = self.values.iter().filter(|(_, value)| **value == wanted);
        let ids = said.filter_map(|(name, _)| name.strip_prefix("m/")?.strip_suffix("/how"));
        ids.filter(|id| self.material(id) == Tick::Exempt).collect()
    }

    /// Answer about a rule: passes, fails, or nobody has looked.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<bool> {
        match self.fact(&facts::rule(id)) {
            Some("pass") => Some(true),
            Some("fail") => Some(false),
            _ => None,
        }
    }

    /// A form field as typed.
    #[must_use]
    pub fn form(&self, id: &str) -> Option<&str> {
        self.cell(&facts::form(id))
    }

    /// Household members with anything typed, the applicant not among them.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        let cell = |person, field| self.cell(&facts::member(person, field)).unwrap_or("").to_owned();
        facts::member_numbers()
            .map(|person| Member {
                person,
                name: cell(person, "name"),
                id_number: cell(person, "id_number"),
                relation: cell(person, "relation"),
            })
            .filter(|m| !(m.name.is_empty() && m.id_number.is_empty() && m.relation.is_empty()))
            .collect()
    }
}
