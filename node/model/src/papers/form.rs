//! 申请表 as the official blank: boxes in the item's order, filled from the draft, or empty to be written on.

use super::{Desk, Head, Party, Private};
use crate::{
    Date,
    case::{Signed, facts},
    item::{ApplicantKind, Field, FieldKind},
};

/// One box of the blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLine {
    /// As printed.
    pub label: String,
    /// As filled.
    pub value: Private,
    /// What may be picked; empty where something is written.
    pub options: Vec<String>,
    /// What stands in the empty box: 年 月 日, 元.
    pub blank: &'static str,
}

/// How it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// 本人签名, 捺印 or 代签.
    pub how: Signed,
    /// Who signed for the applicant; blank unless 代签.
    pub signer: Private,
    /// Why.
    pub reason: Private,
    /// Who saw it.
    pub witness: Private,
}

/// 申请表, with the numbers in full: it goes into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationForm {
    /// Head and foot.
    pub head: Head,
    /// Who; the boxes below hold the numbers in full.
    pub party: Party,
    /// 办理情形, all that the item has, and which is chosen.
    pub scenarios: Vec<(String, bool)>,
    /// The applicant's and the agent's boxes.
    pub people: Vec<FormLine>,
    /// The item's own, in its order.
    pub lines: Vec<FormLine>,
    /// The form asks for the household.
    pub household: bool,
    /// 姓名, 证件号码, 关系 of each household member.
    pub members: Vec<[Private; 3]>,
    /// How it was signed, once that is written down.
    pub signing: Option<Signing>,
}

const DATE: &str = "　　　　年　　月　　日";
const MONEY: &str = "　　　　　　元";

impl Desk<'_> {
    /// 申请表, from nothing at all on: an empty case gives the empty blank.
    #[must_use]
    pub fn application_form(&self, today: Date) -> ApplicationForm {
        let filing = &self.case.filing;
        let clerk = filing.fact(facts::CLERK_NAME).unwrap_or("");
        let on = self.case.received.as_ref().map_or(today, |r| r.what.on);
        let scenario = filing.scenario();
        let asked: Vec<&Field> = if self.version.scenario(scenario).is_some() {
            self.version.form_for(scenario).collect()
        } else {
            self.version.form.iter().collect()
        };
        let chosen = |s: &crate::item::Scenario| (s.name.clone(), s.id == scenario);
        let members =
            filing.members().into_iter().map(|m| [m.name.into(), m.id_number.into(), m.relation.into()]);
        let own = asked.iter().filter(|f| f.kind != FieldKind::Members);
        let household =
            self.kind() == ApplicantKind::Household || asked.iter().any(|f| f.kind == FieldKind::Members);
        ApplicationForm {
            head: self.head("申请表", &self.version.principal, on, clerk),
            party: Party::of(filing),
            scenarios: self.version.scenarios.iter().map(chosen).collect(),
            people: self.people(),
            lines: own.flat_map(|field| self.boxes(field)).collect(),
            household,
            members: members.collect(),
            signing: self.signing(),
        }
    }

    fn kind(&self) -> ApplicantKind {
        let typed = self.case.filing.fact(facts::APPLICANT_KIND).and_then(ApplicantKind::parse);
        typed.or(self.version.applicants.first().copied()).unwrap_or(ApplicantKind::Person)
    }

    fn people(&self) -> Vec<FormLine> {
        let filing = &self.case.filing;
        let mut names = match self.kind() {
            ApplicantKind::Unit => vec![
                (facts::NAME, "单位名称"),
                (facts::UNIT_CODE, "统一社会信用代码"),
                (facts::CONTACT, "联系人"),
            ],
            ApplicantKind::Person | ApplicantKind::Household => {
                vec![(facts::NAME, "姓名"), (facts::ID_NUMBER, "证件号码")]
            }
        };
        names.extend([(facts::PHONE, "联系电话"), (facts::ADDRESS, "住址")]);
        // an empty blank has room for an agent; a filled one without an agent does not ask again
        if filing.has_agent() || filing.cell(facts::NAME).is_none() {
            names.extend([
                (facts::AGENT_NAME, "代办人姓名"),
                (facts::AGENT_ID, "代办人证件号码"),
                (facts::AGENT_PHONE, "代办人电话"),
                (facts::AGENT_RELATION, "与申请人关系"),
            ]);
        }
        let line = |(name, label): (&str, &str)| FormLine {
            label: label.to_owned(),
            value: filing.cell(name).unwrap_or("").into(),
            options: Vec::new(),
            blank: "",
        };
        names.into_iter().map(line).collect()
    }

    fn boxes(&self, field: &Field) -> Vec<FormLine> {
        let filing = &self.case.filing;
        let value = Private::from(filing.form(&field.id).unwrap_or(""));
        let (options, blank) = match &field.kind {
            FieldKind::Choice { options } => (options.clone(), ""),
            FieldKind::Date => (Vec::new(), DATE),
            FieldKind::Money => (Vec::new(), MONEY),
            FieldKind::Text { .. } | FieldKind::Account { .. } | FieldKind::Members => (Vec::new(), ""),
        };
        let mut lines = vec![FormLine { label: field.label.clone(), value, options, blank }];
        if matches!(field.kind, FieldKind::Account { .. }) {
            let holder = filing.cell(&facts::form_holder(&field.id)).unwrap_or("").into();
            lines
                .push(FormLine { label: "户名".to_owned(), value: holder, options: Vec::new(), blank: "" });
        }
        lines
    }

    fn signing(&self) -> Option<Signing> {
        let how = self.case.filing.signed()?;
        let by = |name: &str| if how == Signed::Proxy { self.words(name) } else { Private::default() };
        Some(Signing {
            how,
            signer: by(facts::SIGNER),
            reason: by(facts::SIGN_REASON),
            witness: by(facts::WITNESS),
        })
    }
}
