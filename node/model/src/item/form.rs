use serde::{Deserialize, Serialize};

/// What a form field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum FieldKind {
    /// Text of at most so many characters.
    Text {
        /// Characters.
        max: u16,
    },
    /// A date, written 2026-11-23.
    Date,
    /// An amount in yuan with at most two decimals.
    Money,
    /// One of the options.
    Choice {
        /// What may be picked.
        options: Vec<String>,
    },
    /// A bank card or account number, checked by Luhn when it is 16 to 19 digits. The account name stands in the
    /// cell `form.<id>.holder`.
    Account {
        /// Whether the account must be the applicant's own.
        own: bool,
    },
    /// The table of household members.
    Members,
}

/// 申请表 field. Its value is the cell `0/form.<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// ASCII, within the item.
    pub id: String,
    /// As printed on the form.
    pub label: String,
    /// What it holds.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// Must be filled before acceptance.
    #[serde(default)]
    pub required: bool,
    /// What to ask the resident.
    #[serde(default)]
    pub hint: String,
    /// Scenarios that ask for it; empty means all.
    #[serde(default)]
    pub scenarios: Vec<String>,
}
