use std::{fmt, ops::Deref};

use crate::{
    case::{Filing, facts},
    item::ApplicantKind,
    person::{IdNumber, mask_phone},
};

/// A person's value: it prints, `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private(String);

impl Private {
    /// Nothing there.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(…)")
    }
}

impl Deref for Private {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

/// Who applies and who acts for them, as a paper shows them: names in full, people's numbers masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// 个人, 家庭 or 单位.
    pub kind: ApplicantKind,
    /// Name of the person, the household's applicant or the unit.
    pub name: Private,
    /// 男 or 女; empty for a unit or another paper.
    pub sex: &'static str,
    /// Id number, first 6 and last 4; a unit's code in full, it is public.
    pub id_number: Private,
    /// Phone, first 3 and last 4.
    pub phone: Private,
    /// 联系人 of a unit.
    pub contact: Private,
    /// People of a household, the applicant included; 1 for others.
    pub people: usize,
    /// Agent's name; blank without one.
    pub agent: Private,
    /// 女儿.
    pub agent_relation: Private,
    /// Agent's phone, masked.
    pub agent_phone: Private,
}

impl Party {
    /// Reads the parties of a filing.
    #[must_use]
    pub fn of(filing: &Filing) -> Self {
        let kind = filing.applicant_kind();
        let get = |name: &str| filing.cell(name).unwrap_or("");
        // only the sex is wanted here; the far day lets any valid birthday pass
        let sex =
            IdNumber::parse(get(facts::ID_NUMBER), jiff::civil::Date::MAX).map_or("", |id| id.sex().label());
        let agent = |name: &str| if filing.has_agent() { get(name) } else { "" };
        Self {
            kind,
            name: get(facts::NAME).into(),
            sex: if kind == ApplicantKind::Unit { "" } else { sex },
            id_number: filing.shown_number().into(),
            phone: mask_phone(get(facts::PHONE)).into(),
            contact: if kind == ApplicantKind::Unit {
                get(facts::CONTACT).into()
            } else {
                Private::default()
            },
            people: if kind == ApplicantKind::Household { filing.members().len() + 1 } else { 1 },
            agent: agent(facts::AGENT_NAME).into(),
            agent_relation: agent(facts::AGENT_RELATION).into(),
            agent_phone: mask_phone(agent(facts::AGENT_PHONE)).into(),
        }
    }
}
