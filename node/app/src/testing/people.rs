use model::case::facts;
use model::item::{ApplicantKind, AutoCheck, FieldKind, Need, Version};
use model::person::IdNumber;
use std::collections::BTreeMap;

/// An invented person. The same number always gives the same one.
#[derive(Clone)]
pub struct Invented {
    /// Three characters, unlikely to stand anywhere else.
    pub name: String,
    /// Valid by GB 11643.
    pub id_number: String,
    /// Eleven digits.
    pub phone: String,
    /// A village, a group, a house number.
    pub address: String,
    /// Passes Luhn.
    pub account: String,
}

/// Any day after everybody was born.
const LATER: model::Date = model::Date::constant(2026, 1, 1);

const FAMILY: [char; 20] = [
    '禤', '亓', '郗', '璩', '逄', '佴', '笪', '厍', '郏', '缑', '亢', '暨', '郜', '逯', '隗', '阚', '蔺',
    '綦', '麴', '亥',
];
const GIVEN: [char; 20] = [
    '翀', '旻', '祎', '翾', '甯', '妤', '彧', '劼', '玥', '赟', '晟', '璟', '珺', '骉', '芃', '昶', '垚',
    '焜', '烜', '龘',
];

impl Invented {
    /// The n-th person, old enough for every age rule of the sample catalogue.
    #[must_use]
    pub fn nth(n: u64) -> Self {
        let pick =
            |from: &[char; 20], of: u64| usize::try_from(of % 20).ok().and_then(|at| from.get(at)).copied();
        let name = [pick(&FAMILY, n), pick(&GIVEN, n / 20), pick(&GIVEN, n / 400 + n)]
            .into_iter()
            .flatten()
            .collect();
        let year = 1936 + n % 8;
        let (month, day) = (n % 12 + 1, n / 7 % 28 + 1);
        let first = format!("341823{year:04}{month:02}{day:02}{:03}", n % 1000);
        let id_number = ('0'..='9')
            .chain(['X'])
            .map(|check| format!("{first}{check}"))
            .find(|id| IdNumber::parse(id, LATER).is_ok());
        let account = (0..10)
            .map(|check| format!("62284803{:010}{check}", n * 7919 + 13))
            .find(|text| model::person::luhn(text));
        Self {
            name,
            id_number: id_number.unwrap_or_default(),
            phone: format!("139{:08}", (10_000_019 + n * 104_729) % 100_000_000),
            address: format!("枫河镇杨村第{}村民小组{}号", n % 12 + 1, n + 1),
            account: account.unwrap_or_default(),
        }
    }
}

/// Everything an item asks for, answered rightly for a person: what a clerk would have typed and ticked.
#[must_use]
pub fn answers(version: &Version, scenario: &str, person: &Invented) -> BTreeMap<String, String> {
    let mut typed = BTreeMap::new();
    let mut put = |name: String, text: &str| {
        typed.insert(name, text.to_owned());
    };
    let kind = version.applicants.first().copied().unwrap_or(ApplicantKind::Person);
    put(facts::SCENARIO.to_owned(), scenario);
    put(facts::SIGNED.to_owned(), "self");
    put(facts::APPLICANT_KIND.to_owned(), kind.code());
    put(facts::NAME.to_owned(), &person.name);
    put(facts::PHONE.to_owned(), &person.phone);
    put(facts::ADDRESS.to_owned(), &person.address);
    if kind == ApplicantKind::Unit {
        put(facts::UNIT_CODE.to_owned(), "91341823MA2MQ0AL05");
        put(facts::CONTACT.to_owned(), &person.name);
    } else {
        put(facts::ID_NUMBER.to_owned(), &person.id_number);
    }
    if kind == ApplicantKind::Household {
        let other = Invented::nth(u64::from(u32::MAX >> 20) + person.name.len() as u64);
        put(facts::member(2, "name"), &other.name);
        put(facts::member(2, "id_number"), &other.id_number);
        put(facts::member(2, "relation"), "配偶");
    }
    for field in version.form_for(scenario) {
        let text = match &field.kind {
            FieldKind::Text { .. } => "情况属实",
            FieldKind::Date => "2026-11-02",
            FieldKind::Money => "1200.50",
            FieldKind::Choice { options } => options.first().map_or("", String::as_str),
            FieldKind::Account { .. } => person.account.as_str(),
            FieldKind::Members => continue,
        };
        put(facts::form(&field.id), text);
        if matches!(field.kind, FieldKind::Account { .. }) {
            put(facts::form_holder(&field.id), &person.name);
        }
    }
    for material in version.materials_for(scenario) {
        let (tick, how) = if material.need == Need::Exempt { ("exempt", "shared") } else { ("ok", "") };
        put(facts::material(&material.id), tick);
        if !how.is_empty() {
            put(facts::material_how(&material.id), how);
        }
    }
    for rule in version.rules_for(scenario).filter(|rule| !matches!(rule.auto, Some(AutoCheck::Age { .. }))) {
        put(facts::rule(&rule.id), "pass");
    }
    typed
}
