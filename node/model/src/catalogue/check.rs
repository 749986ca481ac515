//! 发布检查: whether an item version may be published. A refusal keeps it from being published; a warning is told to whoever
//! publishes. Every finding names the field, says why, and what to do.

mod abolished;
mod guide;
mod parts;
mod route;
#[cfg(test)]
mod tests;

use crate::{
    item::{Limit, Pace, Version, Way},
    limit,
};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// 不能发布.
    Refuse,
    /// 提醒.
    Warn,
}

/// Something about a version that is wrong or looks so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// The field as an editor sees it: 材料“居民户口簿”.
    pub field: String,
    /// Why, and what to do: whole sentences in Chinese.
    pub words: String,
}

/// Everything that is found, refusals and warnings, in the order of the guide.
#[must_use]
pub fn check(version: &Version) -> Vec<Finding> {
    let mut found = Findings::default();
    identity(version, &mut found);
    guide::check(version, &mut found);
    limits(version, &mut found);
    parts::check(version, &mut found);
    route::check(version, &mut found);
    found.0
}

/// Gathers what is found.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn refuse(&mut self, field: impl Into<String>, words: impl Into<String>) {
        let (field, words) = (field.into(), words.into());
        self.0.push(Finding { severity: Severity::Refuse, field, words });
    }

    fn warn(&mut self, field: impl Into<String>, words: impl Into<String>) {
        let (field, words) = (field.into(), words.into());
        self.0.push(Finding { severity: Severity::Warn, field, words });
    }

    /// Refuses an empty text.
    fn filled(&mut self, field: impl Into<String>, text: &str, what: &str) {
        if text.trim().is_empty() {
            self.refuse(field, format!("没有填。请写上{what}。"));
        }
    }
}

fn identity(version: &Version, found: &mut Findings) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !(1..=limit::ITEM_CODE).contains(&version.code.len()) || !version.code.bytes().all(plain) {
        let words = format!("只能用字母、数字和横线，1 到 {} 位。请改。", limit::ITEM_CODE);
        found.refuse("事项编号", words);
    }
    if version.version == 0 {
        found.refuse("版本号", "从 1 数起。请改成 1 或更大。");
    }
    if version.retired.is_some_and(|end| end <= version.effective) {
        found.refuse("取消日期", "不能早于生效日期，也不能同一天。请改晚，或不填。");
    }
    found.filled("事项名称", &version.name, "居民叫得出的名称");
    found.filled("领域", &version.area, "属于哪个领域");
    found.filled("事项类型", &version.kind, "行政许可、行政给付、公共服务等");
    found.filled("决定或办理主体", &version.decided_by, "谁来决定");
    found.filled("受理通知书落款", &version.principal, "用谁的名义受理");
    if version.applicants.is_empty() {
        found.refuse("服务对象", "一个也没有选。请选个人、家庭或单位。");
    }
}

/// A limit that can be meant.
fn sane(limit: Limit) -> bool {
    (1..=limit::LIMIT_DAYS).contains(&limit.days)
}

fn limits(version: &Version, found: &mut Findings) {
    let too = format!("要在 1 到 {} 天之间。请核对天数。", limit::LIMIT_DAYS);
    for (field, limit) in [("法定时限", version.legal), ("承诺时限", version.promised)] {
        if limit.is_some_and(|limit| !sane(limit)) {
            found.refuse(field, too.clone());
        }
    }
    if version.notice_days.is_some_and(|days| days == 0 || days > limit::LIMIT_DAYS) {
        found.refuse("公示天数", too);
    }
    if let (Some(legal), Some(promised)) = (version.legal, version.promised)
        && legal.unit == promised.unit
        && promised.days > legal.days
    {
        let words = format!("承诺 {}，比法定的 {} 还长。请把承诺时限改短。", promised.words(), legal.words());
        found.refuse("承诺时限", words);
    }
    if version.pace == Pace::Instant && version.running_limit().is_some_and(|limit| limit.days > 1) {
        found.warn("办件类型", "写的是即办，时限却不止一天。请改成承诺件，或把时限改成 1 天。");
    }
    // of what is carried to another body the promise is that body's own, and begins there
    let Some(whole) = version.running_limit().filter(|_| version.way != Way::OnBehalf) else { return };
    for step in &version.route {
        let longer = |limit: Limit| limit.unit == whole.unit && limit.days > whole.days;
        if step.limit.is_some_and(longer) {
            let words = format!("这一步的时限比整件的 {} 还长。请改短，或不设。", whole.words());
            found.warn(format!("环节“{}”", step.name), words);
        }
    }
}
