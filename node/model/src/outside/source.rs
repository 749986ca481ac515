//! Where a field of an outside form gets its value from: a short code in the setting, words on its page.

use crate::{case::facts, item::FieldKind, item::Version};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A cell of the case: a name, a number, a field of the 申请表.
    Cell(String),
    /// 性别, told from the id number.
    Sex,
    /// 出生日期, told from the id number.
    Birthday,
    /// Household members, three fields each.
    Members,
    /// The item's name.
    Item,
    /// 办理情形.
    Scenario,
    /// 个人, 家庭, 单位.
    Kind,
    /// The case number.
    Number,
    /// 收件日期.
    Received,
    /// 受理日期.
    Accepted,
    /// The accepting station.
    Station,
    /// First receiver.
    Clerk,
    /// Names of the materials taken.
    Materials,
    /// The same for every case.
    Fixed(String),
}

/// Sources that every item has: code, the words on its page.
const COMMON: [(&str, &str); 22] = [
    ("0/name", "姓名或名称"),
    ("0/id_number", "证件号码"),
    ("sex", "性别"),
    ("birthday", "出生日期"),
    ("0/phone", "联系电话"),
    ("0/address", "住址"),
    ("0/unit_code", "统一社会信用代码"),
    ("0/contact", "联系人"),
    ("1/name", "代办人姓名"),
    ("1/id_number", "代办人证件号码"),
    ("1/phone", "代办人电话"),
    ("1/relation", "与申请人关系"),
    ("members", "家庭成员"),
    ("item", "事项名称"),
    ("scenario", "办理情形"),
    ("kind", "申请人类型"),
    ("number", "办件编号"),
    ("received", "收件日期"),
    ("accepted", "受理日期"),
    ("station", "受理站点"),
    ("clerk", "经办人"),
    ("materials", "材料清单"),
];

/// What stands before a text that is the same for every case, in a code and in words.
const FIXED: (&str, &str) = ("=", "固定：");

impl Source {
    /// As the setting keeps it.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Cell(name) => name.clone(),
            Self::Sex => "sex".to_owned(),
            Self::Birthday => "birthday".to_owned(),
            Self::Members => "members".to_owned(),
            Self::Item => "item".to_owned(),
            Self::Scenario => "scenario".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Received => "received".to_owned(),
            Self::Accepted => "accepted".to_owned(),
            Self::Station => "station".to_owned(),
            Self::Clerk => "clerk".to_owned(),
            Self::Materials => "materials".to_owned(),
            Self::Fixed(text) => format!("{}{text}", FIXED.0),
        }
    }

    /// Reads [`Source::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        if let Some(text) = code.strip_prefix(FIXED.0) {
            return Some(Self::Fixed(text.to_owned()));
        }
        Some(match code {
            "sex" => Self::Sex,
            "birthday" => Self::Birthday,
            "members" => Self::Members,
            "item" => Self::Item,
            "scenario" => Self::Scenario,
            "kind" => Self::Kind,
            "number" => Self::Number,
            "received" => Self::Received,
            "accepted" => Self::Accepted,
            "station" => Self::Station,
            "clerk" => Self::Clerk,
            "materials" => Self::Materials,
            name if facts::is_typed_cell(name) && name != facts::NOTES => Self::Cell(name.to_owned()),
            _ => return None,
        })
    }
}

/// What a page calls the sources of an item: code and words, those of its 申请表 last.
pub(super) fn of_item(version: &Version) -> Vec<(String, String)> {
    let common = COMMON.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned()));
    let form = version.form.iter().flat_map(|field| {
        let own = match field.kind {
            FieldKind::Members => None,
            FieldKind::Text { .. }
            | FieldKind::Date
            | FieldKind::Money
            | FieldKind::Choice { .. }
            | FieldKind::Account { .. } => Some((facts::form(&field.id), format!("申请表·{}", field.label))),
        };
        let holder = matches!(field.kind, FieldKind::Account { .. })
            .then(|| (facts::form_holder(&field.id), format!("申请表·{}的户名", field.label)));
        own.into_iter().chain(holder)
    });
    common.chain(form).collect()
}

/// The text of a source that is the same for every case; empty for any other source.
pub(super) fn fixed(code: &str) -> &str {
    code.strip_prefix(FIXED.0).unwrap_or("")
}

/// A source in words.
pub(super) fn words(code: &str, version: &Version) -> String {
    if let Some(text) = code.strip_prefix(FIXED.0) {
        return format!("{}{text}", FIXED.1);
    }
    let found = of_item(version).into_iter().find(|(known, _)| known == code);
    found.map_or_else(|| code.to_owned(), |(_, words)| words)
}

/// Reads what [`words`] wrote, or what a person typed in its stead: the field's own name without 申请表 will do.
pub(super) fn read(typed: &str, version: &Version) -> Option<String> {
    let typed = typed.trim();
    for fixed in [FIXED.1, "固定:"] {
        if let Some(text) = typed.strip_prefix(fixed) {
            return Some(format!("{}{}", FIXED.0, text.trim()));
        }
    }
    let all = of_item(version);
    let same = |words: &str| words == typed || words.strip_prefix("申请表·") == Some(typed);
    all.into_iter().find(|(_, words)| same(words)).map(|(code, _)| code)
}
