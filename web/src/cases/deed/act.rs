//! From the typed fields of a deed's page to the use case. Checks nothing the model checks; only turns words into
//! numbers and dates, and says which could not be read.

use std::collections::BTreeMap;

use app::cases::{CaseId, Saved};
use app::{ActError, Node, Who};
use model::case::event::{Answer, Asker, Finding, Manner, Source, Special};
use model::case::{
    approve::Approve, deliver::Deliver, feedback::Feedback, first_review::FirstReview, notice::EndNotice,
    refuse::Refuse, report_up::ReportUp, supplement::AskSupplement, verify::Verify, visit::Visit,
};
use model::{Date, Refusal};

use super::Deed;
use crate::shell::form::Fields;

/// Reads the fields and does it.
pub(crate) fn act(
    node: &Node,
    who: &Who,
    id: CaseId,
    deed: Deed,
    fields: &Fields,
) -> Result<Saved, ActError> {
    let text = |name: &str| fields.get(name).to_owned();
    match deed {
        Deed::Accept => node.accept_received(who, id, ticked(fields, "good")),
        Deed::Deem => node.deem(who, id),
        Deed::Tell => node.one_time_notice(who, id, text("words")),
        Deed::DeclineExtension => node.decline_extension(who, id, text("reason")),
        Deed::Visit => node.visit(who, id, read_visit(fields)?),
        Deed::PostNotice => node.post_notice(who, id, text("place")),
        Deed::EndNotice => {
            let objections = number(fields, "objections", "异议条数")?;
            let ended = EndNotice { objections, upheld: fields.get("upheld") == "1", words: text("words") };
            node.end_notice(who, id, ended)
        }
        Deed::Route => {
            let to = text("to")
                .parse()
                .map_err(|_| Refusal::field("to", "属地村", "还没选是哪个村，请选一个。"))?;
            node.route(who, id, to, text("words"))
        }
        Deed::HandOver => node.hand_over(who, id, text("receiver")),
        Deed::FirstReview => {
            let (list, receiver) = (text("list"), text("receiver"));
            node.first_review(who, id, FirstReview { opinion: text("opinion"), list, receiver })
        }
        Deed::ReportUp => {
            let on = date(fields, "on", "上报日期")?;
            node.report_up(who, id, ReportUp { list: text("list"), receiver: text("receiver"), on })
        }
        Deed::FeedBack => node.feedback(who, id, read_feedback(fields)?),
        Deed::Approve => node.approve(who, id, Approve { paper: text("paper"), opinion: text("opinion") }),
        Deed::AskSupplement => node.ask_supplement(who, id, read_supplement(fields)?),
        Deed::TakeSupplement => node.supplement_received(who, id, BTreeMap::new()),
        Deed::Bring => node.deferred_arrived(who, id, ticked(fields, "materials")),
        Deed::Ready => node.result_ready(who, id, text("paper")),
        Deed::Deliver => {
            let manner = coded(Manner::ALL, Manner::code, fields, "manner", "送达方式")?;
            let signed = fields.has("signed");
            node.deliver(who, id, Deliver { receiver: text("receiver"), manner, signed })
        }
        Deed::Pay => node.paid(who, id, text("list")),
        Deed::NotAccept => node.not_accept(who, id, reasons(fields)),
        Deed::Refuse => node.refuse(who, id, reasons(fields)),
        Deed::Return => node.give_back(who, id, reasons(fields)),
        Deed::Withdraw => {
            let asker = coded(Asker::ALL, Asker::code, fields, "asker", "谁提出撤回")?;
            node.withdraw(who, id, asker, text("reason"))
        }
        Deed::StartSpecial => {
            let which = coded(Special::ALL, Special::code, fields, "which", "特别程序")?;
            node.start_special(who, id, which, number(fields, "days", "预计天数")?)
        }
        Deed::EndSpecial => node.end_special(who, id),
        Deed::AskExtension => {
            node.ask_extension(who, id, number(fields, "days", "延期天数")?, text("reason"))
        }
        Deed::ApproveExtension => node.approve_extension(who, id, text("approver")),
        Deed::Inquire => node.inquire(who, id, text("body"), text("words")),
        Deed::Note => node.note(who, id, text("words")),
        Deed::Verify => node.verify_exempt(who, id, read_verify(fields)?),
        Deed::CheckPromise => {
            let kept = match fields.get("kept") {
                "1" => true,
                "2" => false,
                _ => return Err(Refusal::field("kept", "核查结果", "还没选属实还是不实，请选一项。").into()),
            };
            node.check_promise(who, id, kept, text("words"))
        }
        Deed::LiftBar => node.lift_bar(who, id, text("reason")),
        Deed::Revoke => node.revoke(who, id, text("reason"), text("basis")),
    }
}

fn read_visit(fields: &Fields) -> Result<Visit, Refusal> {
    let visitors = [fields.get("visitor1").to_owned(), fields.get("visitor2").to_owned()];
    let finding = coded(Finding::ALL, Finding::code, fields, "finding", "核查结果")?;
    let on = date(fields, "on", "核查日期")?;
    Ok(Visit { visitors, finding, words: fields.get("words").to_owned(), on })
}

fn read_feedback(fields: &Fields) -> Result<Feedback, Refusal> {
    let answer = coded(Answer::ALL, Answer::code, fields, "answer", "反馈结果")?;
    let on = date(fields, "on", "反馈日期")?;
    let (paper, words) = (fields.get("paper").to_owned(), fields.get("words").to_owned());
    Ok(Feedback { answer, paper, on, words })
}

fn read_verify(fields: &Fields) -> Result<Verify, Refusal> {
    let source = coded(Source::ALL, Source::code, fields, "source", "在哪里核对")?;
    let holds = match fields.get("holds") {
        "1" => true,
        "2" => false,
        _ => return Err(Refusal::field("holds", "核验结果", "还没选一致还是对不上，请选一项。")),
    };
    Ok(Verify {
        materials: ticked(fields, "materials"),
        source,
        holds,
        words: fields.get("words").to_owned(),
    })
}

fn read_supplement(fields: &Fields) -> Result<AskSupplement, Refusal> {
    let until = fields.get("until");
    let until = if until.is_empty() { None } else { Some(date(fields, "until", "补正期限")?) };
    Ok(AskSupplement { gaps: ticked(fields, "gaps"), words: fields.get("words").to_owned(), until })
}

fn reasons(fields: &Fields) -> Refuse {
    Refuse {
        reason: fields.get("reason").to_owned(),
        basis: fields.get("basis").to_owned(),
        competent: fields.get("competent").to_owned(),
    }
}

fn ticked(fields: &Fields, name: &str) -> Vec<String> {
    fields.pairs().filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect()
}

/// A date as a person types it: 2026-11-23, 2026.11.23, 2026/11/23 or 20261123.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let digits: String =
        text.chars().map(half_width).map(|c| if c.is_ascii_digit() { c } else { '-' }).collect();
    let parts: Vec<&str> = digits.split('-').filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A digit as a Chinese keyboard gives it, in its usual width.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    }
}

fn date(fields: &Fields, name: &str, label: &str) -> Result<Date, Refusal> {
    let cure = format!("{label}读不出来，请写成“2026-11-23”这样。");
    parse_date(fields.get(name)).ok_or_else(|| Refusal::field(name, label, cure))
}

fn number(fields: &Fields, name: &str, label: &str) -> Result<u32, Refusal> {
    let cure = format!("{label}要填数字，例如“3”。");
    let digits: String = fields.get(name).chars().map(half_width).collect();
    digits.parse().map_err(|_fault| Refusal::field(name, label, cure))
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
    use super::{number, parse_date};
    use crate::shell::form::Fields;

    /// Fails when a number is refused because the keyboard stood on full-width signs.
    #[test]
    fn numbers_are_read_in_both_widths() {
        for text in ["12", "１２", "1２"] {
            let fields = Fields::new(vec![("days".to_owned(), text.to_owned())]);
            assert_eq!(number(&fields, "days", "天数").ok(), Some(12), "{text}");
        }
        for text in ["", "-1", "十", "1.5", "99999999999"] {
            let fields = Fields::new(vec![("days".to_owned(), text.to_owned())]);
            assert!(number(&fields, "days", "天数").is_err(), "{text}");
        }
    }

    /// Fails when a date a clerk would write is not read, or one that does not exist is.
    #[test]
    fn dates_are_read_the_way_people_write_them() {
        for text in
            ["2026-11-23", "2026.11.23", "2026/11/23", "20261123", "2026年11月23日", "２０２６-１１-２３"]
        {
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
