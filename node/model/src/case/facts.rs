//! The names of all facts and cells of a case: the words of docs/formats/document.md's maps `f` and `c`. They are also
//! the names of form fields on pages.

use super::{Signed, Tick};
use crate::{
    Date,
    item::{ApplicantKind, Version},
    limit, person,
    record::CellName,
};

/// Item code, text.
pub const ITEM: &str = "item";
/// Item version, number.
pub const ITEM_VERSION: &str = "item_version";
/// Scenario id, text.
pub const SCENARIO: &str = "scenario";
/// Case number, text; also in the event `Received`, which counts.
pub const NUMBER: &str = "number";
/// `person`, `household` or `unit`.
pub const APPLICANT_KIND: &str = "applicant_kind";
/// Accepting station, number.
pub const STATION: &str = "station";
/// Station of the village where the applicant lives, number; absent where it is the accepting one.
pub const HOME: &str = "home";
/// Staff id of the first receiver (首问负责), text.
pub const CLERK: &str = "clerk";
/// Staff name of the first receiver, text.
pub const CLERK_NAME: &str = "clerk_name";
/// Priority, number: 0 usual, 1 elderly or disabled, 2 urgent.
pub const PRIORITY: &str = "priority";
/// Kind of the applicant's paper: `resident` (also 港澳台居民居住证) or `other`.
pub const ID_KIND: &str = "id_kind";
/// Somebody acts for the applicant, yes or no.
pub const HAS_AGENT: &str = "has_agent";
/// When the papers were taken, seconds since 1970 as text of the printed time, text.
pub const RECEIVED_AT: &str = "received_at";

/// Working days within which papers taken on behalf go to the township, as it was set then, number.
pub const HAND_OVER_DAYS: &str = "hand_over_days";
/// How the 申请表 was signed, text: `self`, `print` or `proxy`.
pub const SIGNED: &str = "signed";
/// The 容缺受理承诺书 is signed, yes or no.
pub const DEFERRED_SIGNED: &str = "deferred_signed";
/// The 告知承诺书 is signed, yes or no.
pub const PROMISE_SIGNED: &str = "promise_signed";

/// The package that a draft is taken in, text: its code.
pub const PACKAGE: &str = "package";
/// Its version, number.
pub const PACKAGE_VERSION: &str = "package_version";
/// Which draft leads the drafts of one package, text: its document's id in hexadecimal; absent on that one itself.
pub const LEAD: &str = "lead";

/// The plain facts with fixed names, with their kind.
pub const FIXED: &[(&str, Shape)] = &[
    (ITEM, Shape::Text),
    (ITEM_VERSION, Shape::Int),
    (SCENARIO, Shape::Text),
    (NUMBER, Shape::Text),
    (APPLICANT_KIND, Shape::Text),
    (STATION, Shape::Int),
    (HOME, Shape::Int),
    (CLERK, Shape::Text),
    (CLERK_NAME, Shape::Text),
    (PRIORITY, Shape::Int),
    (ID_KIND, Shape::Text),
    (HAS_AGENT, Shape::Bool),
    (RECEIVED_AT, Shape::Text),
    (HAND_OVER_DAYS, Shape::Int),
    (SIGNED, Shape::Text),
    (DEFERRED_SIGNED, Shape::Bool),
    (PROMISE_SIGNED, Shape::Bool),
    (PACKAGE, Shape::Text),
    (PACKAGE_VERSION, Shape::Int),
    (LEAD, Shape::Text),
];

/// Facts that only acts set, never a typed form.
pub const BY_ACTS: &[&str] = &[
    ITEM,
    ITEM_VERSION,
    NUMBER,
    STATION,
    CLERK,
    CLERK_NAME,
    RECEIVED_AT,
    HAND_OVER_DAYS,
    PACKAGE,
    PACKAGE_VERSION,
    LEAD,
];

/// Facts that a draft alone has: whatever they say of a case stands in its events.
#[must_use]
pub fn of_draft_alone(name: &str) -> bool {
    matches!(name, PACKAGE | PACKAGE_VERSION | LEAD) || name.starts_with("d/")
}

/// What a fact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A number.
    Int,
    /// Yes or no.
    Bool,
}

/// The applicant's person number.
pub const APPLICANT: u64 = 0;
/// The agent's person number.
pub const AGENT: u64 = 1;
/// Free text about the case.
pub const WORDS: u64 = 9;

/// `0/name`: the applicant's name, or the unit's.
pub const NAME: &str = "0/name";
/// `0/id_number`.
pub const ID_NUMBER: &str = "0/id_number";
/// `0/phone`.
pub const PHONE: &str = "0/phone";
/// `0/address`.
pub const ADDRESS: &str = "0/address";
/// `0/unit_code`: 统一社会信用代码.
pub const UNIT_CODE: &str = "0/unit_code";
/// `0/contact`: who speaks for the unit.
pub const CONTACT: &str = "0/contact";
/// `0/query_code`: six digits.
pub const QUERY_CODE: &str = "0/query_code";
/// `0/signer`: who signed in the applicant's stead.
pub const SIGNER: &str = "0/signer";
/// `0/sign_reason`: why the applicant did not.
pub const SIGN_REASON: &str = "0/sign_reason";
/// `0/witness`: who saw it.
pub const WITNESS: &str = "0/witness";
/// `1/name`.
pub const AGENT_NAME: &str = "1/name";
/// `1/id_number`.
pub const AGENT_ID: &str = "1/id_number";
/// `1/phone`.
pub const AGENT_PHONE: &str = "1/phone";
/// `1/relation`: 女儿, 网格员.
pub const AGENT_RELATION: &str = "1/relation";
/// `9/notes`: what the clerk writes down while talking.
pub const NOTES: &str = "9/notes";

/// Answer about a material: the fact `m/<id>` is one of `ok`, `bad`, `missing`, `later`, `exempt`.
#[must_use]
pub fn material(id: &str) -> String {
    format!("m/{id}")
}

/// Copies taken: the fact `m/<id>/copies`, number.
#[must_use]
pub fn material_copies(id: &str) -> String {
    format!("m/{id}/copies")
}

/// How a 免提交 material was checked: the fact `m/<id>/how` is `shared`, `licence`, `promise` or `pending` (待核验).
#[must_use]
pub fn material_how(id: &str) -> String {
    format!("m/{id}/how")
}

/// Answer about a rule: the fact `r/<id>` is `pass` or `fail`.
#[must_use]
pub fn rule(id: &str) -> String {
    format!("r/{id}")
}

/// Why the papers are taken although another case of this person and item is known: the fact `d/<its document in
/// hexadecimal>` is `apart` or `again`.
#[must_use]
pub fn twin(other: &str) -> String {
    format!("d/{other}")
}

/// A form field: the cell `0/form.<id>`.
#[must_use]
pub fn form(id: &str) -> String {
    format!("0/form.{id}")
}

/// The account name (户名) of an account field: the cell `0/form.<id>.holder`.
#[must_use]
pub fn form_holder(id: &str) -> String {
    format!("0/form.{id}.holder")
}

/// A household member's cell: `name`, `id_number`, `relation`.
#[must_use]
pub fn member(person: u64, field: &str) -> String {
    format!("{person}/{field}")
}

/// The person numbers that household members may have.
pub fn member_numbers() -> impl Iterator<Item = u64> {
    (2..=limit::MEMBERS).filter(|n| *n != WORDS)
}

/// A cell for the words of one act: unique by `nonce`.
#[must_use]
pub fn words(nonce: u64, part: &str) -> CellName {
    CellName { person: WORDS, field: format!("w.{nonce:016x}.{part}") }
}

/// What a fact of this name holds; `None` when it is no name of a case.
#[must_use]
pub fn shape(name: &str) -> Option<Shape> {
    if let Some((_, shape)) = FIXED.iter().find(|(fixed, _)| *fixed == name) {
        return Some(*shape);
    }
    let mut parts = name.split('/');
    let (first, id, rest) = (parts.next()?, parts.next()?, parts.next());
    if !is_id(id) || parts.next().is_some() {
        return None;
    }
    match (first, rest) {
        ("m", None | Some("how")) | ("r" | "d", None) => Some(Shape::Text),
        ("m", Some("copies")) => Some(Shape::Int),
        _ => None,
    }
}

/// Whether a typed fact says one of the things a page offers. Facts lie in clear, so nothing that could be about a
/// person may get in: texts are codes of closed lists or ids, numbers are small.
#[must_use]
pub fn allows(name: &str, text: &str) -> bool {
    match name {
        APPLICANT_KIND => ApplicantKind::parse(text).is_some(),
        SCENARIO => is_id(text),
        ID_KIND => matches!(text, "resident" | "other"),
        HAS_AGENT | DEFERRED_SIGNED | PROMISE_SIGNED => matches!(text, "1" | "on" | "true"),
        SIGNED => Signed::ALL.iter().any(|signed| signed.code() == text),
        HOME => text.trim().len() <= 4 && text.trim().bytes().all(|b| b.is_ascii_digit()),
        PRIORITY => matches!(text.trim(), "0" | "1" | "2"),
        _ => match (name.split('/').next(), name.rsplit('/').next()) {
            (Some("m"), Some("copies")) => text.trim().len() <= 3,
            (Some("m"), Some("how")) => matches!(text, "shared" | "licence" | "promise" | "pending"),
            (Some("m"), _) => Tick::ALL.iter().any(|tick| tick.code() == text),
            (Some("r"), _) => matches!(text, "pass" | "fail"),
            (Some("d"), _) => matches!(text, "apart" | "again"),
            _ => false,
        },
    }
}

/// Whether a gap may stand in a notice: a material, a rule or a field of the form that the item version has, or what
/// every item asks about a person.
#[must_use]
pub fn is_gap(name: &str, version: &Version) -> bool {
    let Some((first, id)) = name.split_once('/') else { return false };
    match (first, id.strip_prefix("form.")) {
        ("m", _) => version.material(id).is_some(),
        ("r", _) => version.rule(id).is_some(),
        ("9", _) => false,
        (_, Some(field)) => {
            let field = field.strip_suffix(".holder").unwrap_or(field);
            is_cell(name) && version.form.iter().any(|f| f.id == field)
        }
        (_, None) => is_typed_cell(name),
    }
}

/// What was typed, as it is kept: [`person::tidy_name`] for names, [`person::tidy_code`] for numbers, elsewhere without
/// what cannot be seen.
#[must_use]
pub fn tidy(name: &str, text: &str) -> String {
    match name.split_once('/').map(|(_, field)| field) {
        Some("name" | "contact" | "relation" | "signer" | "witness") => person::tidy_name(text),
        Some("id_number" | "unit_code" | "phone") => person::tidy_code(text),
        Some(field) if field.ends_with(".holder") => person::tidy_name(text),
        _ => person::visible(text),
    }
}

/// A cell's text as screens show it until somebody asks for the whole with a reason.
#[must_use]
pub fn mask(name: &str, text: &str) -> String {
    match name.split_once('/').map(|(_, field)| field) {
        Some("name" | "contact" | "signer" | "witness") => person::mask_name(text),
        Some("id_number") => person::mask_id(text),
        Some("phone") => person::mask_phone(text),
        Some(field) if field.ends_with(".holder") => person::mask_name(text),
        Some(field) if field.starts_with("form.") && text.parse::<Date>().is_ok() => {
            format!("{}-**-**", text.get(..4).unwrap_or_default())
        }
        Some(field) if field.starts_with("form.") && is_number(text) => person::mask_account(text),
        _ => text.to_owned(),
    }
}

/// Long enough to be an account's, a card's or a person's.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 8 && digits + 2 >= text.trim().chars().count()
}

/// Fields that only the applicant has.
const OF_APPLICANT: &[&str] = &["unit_code", "contact", "query_code", "signer", "sign_reason", "witness"];

/// Whether a cell of this name belongs to a case.
#[must_use]
pub fn is_cell(name: &str) -> bool {
    let Some(cell) = CellName::parse(name) else { return false };
    let form = cell.field.strip_prefix("form.").is_some_and(|rest| rest.split('.').all(is_id));
    let common = matches!(cell.field.as_str(), "name" | "id_number" | "phone" | "address" | "relation");
    match cell.person {
        APPLICANT => common || form || OF_APPLICANT.contains(&cell.field.as_str()),
        WORDS => cell.field == "notes" || cell.field.starts_with("w."),
        person => person <= limit::MEMBERS && (common || form),
    }
}

/// Whether a person may type this cell: the query code and the words of acts are not typed into forms.
#[must_use]
pub fn is_typed_cell(name: &str) -> bool {
    is_cell(name) && name != QUERY_CODE && !name.starts_with("9/w.")
}

pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 40
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What a clerk calls a fact or cell.
#[must_use]
pub fn label(name: &str) -> &'static str {
    match name {
        ITEM => "事项",
        ITEM_VERSION => "事项版本",
        SCENARIO => "办理情形",
        NUMBER => "办件编号",
        APPLICANT_KIND => "申请人类型",
        STATION => "受理站点",
        HOME => "属地村",
        CLERK | CLERK_NAME => "经办人",
        PRIORITY => "优先",
        ID_KIND => "证件类型",
        HAS_AGENT => "代办",
        RECEIVED_AT => "收件时间",
        HAND_OVER_DAYS => "转交时限",
        NAME => "姓名或名称",
        ID_NUMBER => "证件号码",
        PHONE => "联系电话",
        ADDRESS => "住址",
        UNIT_CODE => "统一社会信用代码",
        CONTACT => "联系人",
        QUERY_CODE => "查询码",
        SIGNED => "申请表签名",
        DEFERRED_SIGNED => "容缺受理承诺书",
        PROMISE_SIGNED => "告知承诺书",
        SIGNER => "代签人",
        SIGN_REASON => "代签原因",
        WITNESS => "见证人",
        AGENT_NAME => "代办人姓名",
        AGENT_ID => "代办人证件号码",
        AGENT_PHONE => "代办人电话",
        AGENT_RELATION => "与申请人关系",
        NOTES => "谈话记录",
        other if other.starts_with("m/") => "材料",
        other if other.starts_with("r/") => "审查细则",
        other if other.starts_with("d/") => "同类办件",
        PACKAGE | PACKAGE_VERSION | LEAD => "套餐",
        other if other.contains("/form.") => "申请表",
        other if other.ends_with("/name") => "家庭成员姓名",
        other if other.ends_with("/id_number") => "家庭成员证件号码",
        other if other.ends_with("/relation") => "家庭成员关系",
        _ => "其他内容",
    }
}
