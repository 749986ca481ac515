//! 看完整信息: one masked value in full, to a named person with a reason. The audit row is durable before anything is
//! shown; it names the field and the reason, never the value.

use super::CaseId;
use crate::commit::Said;
use crate::{ActError, Node, Who};
use model::Refusal;
use model::case::{Case, Filing, facts};
use model::record::CellName;
use std::fmt;

/// Why somebody needs the full value. A choice and not free text: a reason typed by hand would carry names into the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The person stands at the counter.
    Identify,
    /// To call or to write to them.
    Contact,
    /// 对照录入 into an outside system or a list.
    Transcribe,
    /// An inspection, or a complaint.
    Inspect,
}

impl Why {
    /// All, in the order a page offers them.
    pub const ALL: [Self; 4] = [Self::Identify, Self::Contact, Self::Transcribe, Self::Inspect];

    /// As forms post it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Contact => "contact",
            Self::Transcribe => "transcribe",
            Self::Inspect => "inspect",
        }
    }

    /// As a person reads it, and as the audit keeps it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Identify => "当面核对身份",
            Self::Contact => "联系申请人或代办人",
            Self::Transcribe => "抄录到花名册或外部系统",
            Self::Inspect => "检查、核查或处理投诉",
        }
    }

    /// Reads [`Why::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == code)
    }
}

/// A full value on its way to one page. Hides itself from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed(String);

impl Revealed {
    /// The value, for the page and nothing else.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revealed(…)")
    }
}

/// The cells of a case that may be asked for: what people told about themselves. Not the query code, which opens the
/// resident's own page, and not words that the page shows anyway.
#[must_use]
pub fn revealable(filing: &Filing) -> Vec<String> {
    filing
        .typed()
        .into_iter()
        .filter(|(name, text)| may_be(name) && !text.is_empty())
        .map(|(name, _)| name)
        .collect()
}

fn may_be(name: &str) -> bool {
    let about_a_person = CellName::parse(name).is_some_and(|cell| cell.person != facts::WORDS);
    about_a_person && facts::is_cell(name) && name != facts::QUERY_CODE
}

impl Node {
    /// Writes down that somebody opened a paper of a case, on which values stand whole: which paper, by its code's words.
    ///
    /// # Errors
    /// When the disk says no: then it is not shown.
    pub fn open_paper(&self, who: &Who, id: CaseId, paper: &str) -> Result<(), ActError> {
        let (who, detail) = (who.clone(), paper.to_owned());
        self.commit(move |job| job.audit(&who, &Said { act: "打开文书", detail }, Some(id.0)))
    }

    /// One value in full. The audit row with who, which case, which field and why is written first.
    ///
    /// # Errors
    /// [`ActError::NotFound`] for a case that is none, [`ActError::Refused`] for a field that has no value or may not be
    /// asked for, or when the disk says no: then nothing is shown.
    pub fn reveal(&self, who: &Who, id: CaseId, name: &str, why: Why) -> Result<Revealed, ActError> {
        let (who, name) = (who.clone(), name.to_owned());
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if opened.is_new() {
                return Err(ActError::NotFound);
            }
            super::archive::unsealed(&*job.tx, id)?;
            let reference = job.node.reference();
            let record = opened.record();
            let (case, _) = Case::read(&record, reference.version(Case::item_of(&record).as_ref()));
            let value = case.filing.cell(&name).filter(|text| may_be(&name) && !text.is_empty());
            let Some(value) = value.map(str::to_owned) else {
                return Err(Refusal::field("what", "看哪一项", "这一项没有填，请另选一项。").into());
            };
            let said = Said { act: "查看完整信息", detail: format!("{name}：{}", why.label()) };
            job.audit(&who, &said, Some(id.0))?;
            Ok(Revealed(value))
        })
    }
}
