//! The fields about people, and the item's own form.

use model::case::{Filing, facts};
use model::item::{ApplicantKind, Field as FormField, FieldKind};
use model::person::account_fault;

use super::build::Taking;
use crate::view::{Choice, Field};

/// The number of the household member that an added row is for; none when there are as many as a household may have.
pub(crate) fn next_member(filing: &Filing) -> Option<u64> {
    let filled: Vec<u64> = filing.members().iter().map(|member| member.person).collect();
    facts::member_numbers().find(|person| !filled.contains(person))
}

impl Taking<'_> {
    pub(super) fn typed(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    fn line(&self, name: &str, label: &str, width: &'static str) -> Field {
        Field::text(name, label, self.typed(name)).width(width).error(self.error(name))
    }

    /// Who asks: a person, the head of a household, or a unit.
    pub(super) fn applicant(&self) -> Vec<Field> {
        let digits = |field: Field| Field { inputmode: "numeric", ..field };
        let kind = self.filing.applicant_kind();
        let mut fields = Vec::new();
        if kind == ApplicantKind::Unit {
            fields.push(self.line(facts::NAME, "单位名称", "l"));
            fields.push(self.line(facts::UNIT_CODE, "统一社会信用代码", "l").max(24));
            fields.push(self.line(facts::CONTACT, "联系人", "m"));
        } else {
            let papers = vec![Choice::new("resident", "居民身份证"), Choice::new("other", "其他证件")];
            let chosen = self.typed(facts::ID_KIND);
            fields.push(self.line(facts::NAME, "申请人姓名", "s"));
            fields.push(Field::select(facts::ID_KIND, "证件类型", chosen, papers).width("s"));
            fields.push(self.line(facts::ID_NUMBER, "证件号码", "l").max(24));
        }
        fields.push(digits(self.line(facts::PHONE, "联系电话", "m").hint("有结果时告诉谁").max(20)));
        fields.push(self.line(facts::ADDRESS, "住址", "w").max(120));
        if !self.others.is_empty() {
            let here = std::iter::once(Choice::new("", "本村"));
            let others =
                self.others.iter().map(|(number, name)| Choice::new(number.to_string(), name.as_str()));
            let (chosen, options) = (self.typed(facts::HOME), here.chain(others).collect());
            let home = Field::select(facts::HOME, "属地村", chosen, options).width("l");
            fields.push(home.hint("住在别的村，受理后自动转过去").error(self.error(facts::HOME)));
        }
        fields
    }

    /// Who acts for them.
    pub(super) fn agent(&self) -> Vec<Field> {
        if !self.filing.has_agent() {
            return Vec::new();
        }
        vec![
            self.line(facts::AGENT_NAME, "代办人姓名", "s"),
            self.line(facts::AGENT_RELATION, "与申请人关系", "s").hint("女儿、网格员"),
            self.line(facts::AGENT_ID, "代办人证件号码", "l").max(24),
            Field { inputmode: "numeric", ..self.line(facts::AGENT_PHONE, "代办人电话", "l").max(20) },
        ]
    }

    /// The household's members, with one empty row.
    pub(super) fn members(&self, more: bool) -> Vec<Vec<Field>> {
        let filled: Vec<u64> = self.filing.members().iter().map(|member| member.person).collect();
        let spare = (filled.is_empty() || more).then(|| next_member(self.filing)).flatten();
        let mut persons: Vec<u64> = filled;
        persons.extend(spare);
        persons.sort_unstable();
        let row = |person: u64| {
            vec![
                self.line(&facts::member(person, "name"), "家庭成员姓名", "full"),
                self.line(&facts::member(person, "id_number"), "家庭成员证件号码", "full").max(24),
                self.line(&facts::member(person, "relation"), "与申请人关系", "full"),
            ]
        };
        persons.into_iter().map(row).collect()
    }

    /// The item's own form.
    pub(super) fn form(&self) -> Vec<Field> {
        let asked = self.version.form_for(self.filing.scenario());
        let of = |field: &FormField| {
            let optional = !field.required;
            self.form_field(field).into_iter().map(move |shown| Field { optional, ..shown })
        };
        asked.flat_map(of).collect()
    }

    fn form_field(&self, field: &FormField) -> Vec<Field> {
        let name = facts::form(&field.id);
        let optional = if field.required { "" } else { "可不填" };
        // an item's hint may be a whole sentence; its stop must not stand before a comma
        let parts = [field.hint.trim_end_matches(['。', '，', '；', '.']), optional];
        let hint = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，");
        let line = self.line(&name, &field.label, "m").hint(hint.clone());
        match &field.kind {
            FieldKind::Text { max } if *max > 60 => {
                let area = Field::area(name.as_str(), field.label.as_str(), self.typed(&name));
                vec![area.hint(hint).max(usize::from(*max)).error(self.error(&name))]
            }
            FieldKind::Text { max } => vec![line.max(usize::from(*max))],
            FieldKind::Date => vec![Field { placeholder: "2026-11-23".to_owned(), ..line.max(10) }],
            FieldKind::Money => vec![Field { inputmode: "decimal", ..line.max(14) }],
            FieldKind::Choice { options } => {
                let empty = Choice::new("", "请选");
                let options = options.iter().map(|option| Choice::new(option.as_str(), option.as_str()));
                let options = std::iter::once(empty).chain(options).collect();
                let select = Field::select(name.as_str(), field.label.as_str(), self.typed(&name), options);
                vec![select.hint(hint).error(self.error(&name))]
            }
            FieldKind::Account { own } => {
                let holder = facts::form_holder(&field.id);
                let whose = if *own { "必须是申请人本人" } else { "" };
                let told = account_note(&self.typed(&name)).unwrap_or(hint);
                let number = Field { inputmode: "numeric", ..line.hint(told).width("l").max(30) };
                vec![number, self.line(&holder, "户名", "m").hint(whose)]
            }
            FieldKind::Members => Vec::new(),
        }
    }
}

/// 尾号 3081，校验通过: what a number that can stand is told by, to be read back; none while it can't.
fn account_note(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let tail = digits.get(digits.len().checked_sub(4)?..)?;
    let checked =
        if digits.len() >= 16 { "校验通过" } else { "存折没有校验位，请逐位再看一遍" };
    account_fault(typed).is_none().then(|| format!("尾号 {tail}，{checked}"))
}

#[cfg(test)]
mod tests {
    use super::account_note;

    /// Fails if a number that can't stand is called good, or a good one is not told by its tail.
    #[test]
    fn an_account_is_told_by_its_tail_once_it_can_stand() {
        assert_eq!(account_note("6222 0000 0000 0000 004").as_deref(), Some("尾号 0004，校验通过"));
        assert!(account_note("123456789012").unwrap().starts_with("尾号 9012，存折"));
        for wrong in ["", "12", "1234", "6222000000000000005", "62220000abcd00000004"] {
            assert_eq!(account_note(wrong), None, "{wrong}");
        }
    }
}
