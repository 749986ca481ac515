//! 一次性告知书 and 补正材料通知书: everything that is missing, once. Two copies.

use jiff::civil::Date;

use super::{Desk, Head, Party, Private};
use crate::{
    Refusal,
    authority::chinese_date,
    case::event::{NoticePrinted, SupplementAsked},
    case::facts,
};

/// One thing that is missing or fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapLine {
    /// Name of the material, text of the rule, or label of the field.
    pub name: String,
    /// What passes.
    pub passes: String,
    /// Where it is to be had, or what to do.
    pub cure: String,
}

/// 一次性告知书 or 补正材料通知书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapNotice {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// Everything.
    pub lines: Vec<GapLine>,
    /// Words of the clerk.
    pub words: Private,
    /// By when; empty when no day is set.
    pub until: String,
    /// Where to bring it.
    pub place: String,
}

impl Desk<'_> {
    /// 一次性告知书: the last one that was printed.
    ///
    /// # Errors
    /// When none was.
    pub fn one_time_notice(&self) -> Result<GapNotice, Refusal> {
        let last = self.case.last::<NoticePrinted>();
        let Some((entry, printed)) = last else {
            return Err(Refusal::because("还没出过一次性告知书。"));
        };
        let clerk = &entry.mark.stamp.name;
        Ok(GapNotice {
            head: self.head("一次性告知书", &self.profile.name, printed.on, clerk),
            party: Party::of(&self.case.filing),
            lines: printed.gaps.iter().map(|key| self.gap(key)).collect(),
            words: printed.words.as_deref().map(|key| self.words(key)).unwrap_or_default(),
            until: String::new(),
            place: self.place(),
        })
    }

    /// 补正材料通知书: the last supplement that was asked for.
    ///
    /// # Errors
    /// When none was.
    pub fn supplement_notice(&self) -> Result<GapNotice, Refusal> {
        let last = self.case.last::<SupplementAsked>();
        let Some((entry, asked)) = last else {
            return Err(Refusal::because("没有要求过补正。"));
        };
        let issuer = &self.version.principal;
        Ok(GapNotice {
            head: self.head("补正材料通知书", issuer, asked.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            lines: asked.gaps.iter().map(|key| self.gap(key)).collect(),
            words: asked.words.as_deref().map(|key| self.words(key)).unwrap_or_default(),
            until: asked.until.map(chinese_date).unwrap_or_default(),
            place: self.place(),
        })
    }

    /// What would go on a 一次性告知书 now, before it is printed.
    #[must_use]
    pub fn gaps_now(&self, today: Date) -> Vec<GapLine> {
        let checked = self.case.filing.check(self.version, today);
        checked.told().map(|gap| self.gap(&gap.key)).collect()
    }

    /// Where, and when somebody is there.
    fn place(&self) -> String {
        let parts = [self.profile.address.as_str(), self.profile.hours.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let name = &self.profile.name;
        if parts.is_empty() { name.clone() } else { format!("{name}（{}）", parts.join("；")) }
    }

    fn gap(&self, key: &str) -> GapLine {
        let material = key.strip_prefix("m/").and_then(|id| self.version.material(id));
        let rule = key.strip_prefix("r/").and_then(|id| self.version.rule(id));
        let field = key.strip_prefix("0/form.").and_then(|id| self.version.form.iter().find(|f| f.id == id));
        match (material, rule, field) {
            (Some(m), ..) => {
                GapLine { name: m.name.clone(), passes: m.passes.clone(), cure: m.source_note.clone() }
            }
            (_, Some(r), _) => {
                GapLine { name: r.text.clone(), passes: r.passes.clone(), cure: r.fails.clone() }
            }
            (.., Some(f)) => {
                GapLine { name: f.label.clone(), passes: "如实填写".to_owned(), cure: f.hint.clone() }
            }
            (None, None, None) => GapLine {
                name: facts::label(key).to_owned(),
                passes: "与证件一致".to_owned(),
                cure: "请带证件原件来核对。".to_owned(),
            },
        }
    }
}
