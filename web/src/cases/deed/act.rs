//! From the typed fields of a deed's page to the model's act. Checks nothing the model checks; only turns words into
//! numbers and dates, and says which could not be read.

use model::case::event::{Answer, Asker, Finding, Manner, Special};
use model::case::{Case, Ctx};
use model::case::{
    approve::{Approve, approve},
    deferred,
    deliver::{Deliver, deliver, paid, ready},
    feedback::{Feedback, feedback},
    first_review::{FirstReview, first_review},
    hand_over::hand_over,
    note::{inquire, note},
    notice::{self, EndNotice},
    refuse::{Refuse, give_back, not_accept, refuse},
    report_up::{ReportUp, report_up},
    supplement::{self, AskSupplement},
    suspend,
    visit::{Visit, visit},
    withdraw::withdraw,
};
use model::item::Version;
use model::record::Edit;
use model::{Date, Refusal};

use super::Deed;
use crate::shell::form::Fields;

/// Reads the fields and asks the model for the edit.
pub(crate) fn act(
    deed: Deed,
    fields: &Fields,
    case: &Case,
    version: Option<&Version>,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let text = |name: &str| fields.get(name).to_owned();
    match deed {
        Deed::Visit => {
            let visitors = [text("visitor1"), text("visitor2")];
            let finding = coded(Finding::ALL, Finding::code, fields, "finding", "核查结果")?;
            let on = date(fields, "on", "核查日期")?;
            visit(case, &Visit { visitors, finding, words: text("words"), on }, ctx)
        }
        Deed::PostNotice => notice::post(case, fields.get("place"), known(version)?, ctx),
        Deed::EndNotice => {
            let objections = number(fields, "objections", "异议条数")?;
            let ended = EndNotice { objections, upheld: fields.get("upheld") == "1", words: text("words") };
            notice::end(case, &ended, ctx)
        }
        Deed::HandOver => hand_over(case, fields.get("receiver"), ctx),
        Deed::FirstReview => {
            let (list, receiver) = (text("list"), text("receiver"));
            first_review(case, &FirstReview { opinion: text("opinion"), list, receiver }, ctx)
        }
        Deed::ReportUp => {
            let on = date(fields, "on", "上报日期")?;
            report_up(case, &ReportUp { list: text("list"), receiver: text("receiver"), on }, ctx)
        }
        Deed::FeedBack => {
            let answer = coded(Answer::ALL, Answer::code, fields, "answer", "反馈结果")?;
            let on = date(fields, "on", "反馈日期")?;
            feedback(case, &Feedback { answer, paper: text("paper"), on, words: text("words") }, ctx)
        }
        Deed::Approve => approve(case, &Approve { paper: text("paper"), opinion: text("opinion") }, ctx),
        Deed::AskSupplement => {
            let until =
                if text("until").is_empty() { None } else { Some(date(fields, "until", "补正期限")?) };
            let asked = AskSupplement { gaps: ticked(fields, "gaps"), words: text("words"), until };
            supplement::ask(case, &asked, ctx)
        }
        Deed::TakeSupplement => supplement::received(case, &std::collections::BTreeMap::new(), ctx),
        Deed::Bring => deferred::arrived(case, &ticked(fields, "materials"), ctx),
        Deed::Ready => ready(case, fields.get("paper"), ctx),
        Deed::Deliver => {
            let manner = coded(Manner::ALL, Manner::code, fields, "manner", "送达方式")?;
            deliver(case, &Deliver { receiver: text("receiver"), manner, signed: fields.has("signed") }, ctx)
        }
        Deed::Pay => paid(case, fields.get("list"), ctx),
        Deed::NotAccept => not_accept(case, &reasons(fields), ctx),
        Deed::Refuse => refuse(case, &reasons(fields), ctx),
        Deed::Return => give_back(case, &reasons(fields), ctx),
        Deed::Withdraw => {
            let asker = coded(Asker::ALL, Asker::code, fields, "asker", "谁提出撤回")?;
            withdraw(case, asker, fields.get("reason"), ctx)
        }
        Deed::StartSpecial => {
            let which = coded(Special::ALL, Special::code, fields, "which", "特别程序")?;
            suspend::start_special(case, which, number(fields, "days", "预计天数")?, ctx)
        }
        Deed::EndSpecial => suspend::end_special(case, ctx),
        Deed::AskExtension => {
            suspend::ask_extension(case, number(fields, "days", "延期天数")?, fields.get("reason"), ctx)
        }
        Deed::ApproveExtension => suspend::approve_extension(case, fields.get("approver"), ctx),
        Deed::Inquire => inquire(case, fields.get("body"), fields.get("words"), ctx),
        Deed::Note => note(case, fields.get("words"), ctx),
    }
}

fn reasons(fields: &Fields) -> Refuse {
    Refuse {
        reason: fields.get("reason").to_owned(),
        basis: fields.get("basis").to_owned(),
        competent: fields.get("competent").to_owned(),
    }
}

fn known(version: Option<&Version>) -> Result<&Version, Refusal> {
    version.ok_or_else(|| Refusal::because("这个事项的版本还没到本机，等同步后再办。"))
}

fn ticked(fields: &Fields, name: &str) -> Vec<String> {
    fields.pairs().filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect()
}

/// A date as a person types it: 2026-11-23, 2026.11.23, 2026/11/23 or 20261123.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let digits: String = text.chars().map(|c| if c.is_ascii_digit() { c } else { '-' }).collect();
    let parts: Vec<&str> = digits.split('-').filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn date(fields: &Fields, name: &str, label: &str) -> Result<Date, Refusal> {
    let cure = format!("{label}读不出来，请写成“2026-11-23”这样。");
    parse_date(fields.get(name)).ok_or_else(|| Refusal::field(name, label, cure))
}

fn number(fields: &Fields, name: &str, label: &str) -> Result<u32, Refusal> {
    let cure = format!("{label}要填数字，例如“3”。");
    fields.get(name).parse().map_err(|_fault| Refusal::field(name, label, cure))
}

fn coded<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> u8,
    fields: &Fields,
    name: &str,
    label: &str,
) -> Result<T, Refusal> {
    let typed: Option<u8> = fields.get(name).parse().ok();
    let found = all.iter().copied().find(|one| Some(code(*one)) == typed);
    found.ok_or_else(|| Refusal::field(name, label, format!("还没选{label}，请选一项。")))
}

#[cfg(test)]
mod tests {
    use super::parse_date;

    /// Fails when a date a clerk would write is not read, or one that does not exist is.
    #[test]
    fn dates_are_read_the_way_people_write_them() {
        for text in ["2026-11-23", "2026.11.23", "2026/11/23", "20261123", "2026年11月23日"] {
            assert_eq!(
                parse_date(text).map(|date| date.to_string()).as_deref(),
                Some("2026-11-23"),
                "{text}"
            );
        }
        for text in ["", "2026-02-30", "明天", "11-23"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
