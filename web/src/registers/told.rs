//! How a matter is told to a person.

use app::matters::{Line, MatterView};
use model::Date;
use model::calendar::{Calendar, Light as Clock};
use model::case::Standing;
use model::item::{Limit, Unit};
use model::matter::event::{Sorted, What};
use model::matter::{Matter, Sort};

use crate::cases::show::Names;
use crate::cases::words;
use crate::frame;
use crate::view::{Entry, Light};

use super::sheet::{Cell, link, text};

/// The light of a due date.
pub(crate) fn light(due: Option<Date>, over: bool, today: Date, calendar: &Calendar) -> Light {
    let of = |class, text: String| Light { class, text };
    let Some(due) = due.filter(|_| !over) else {
        return of("ok", if over { "已办完" } else { "不计时" }.to_owned());
    };
    let left = calendar.left(today, due, Unit::Working);
    match calendar.light(today, due, Limit { days: 5, unit: Unit::Working }) {
        Clock::Overdue => of("over", format!("超 {} 天", left.abs().max(1))),
        Clock::Red => of("today", "今日到期".to_owned()),
        Clock::Yellow => of("soon", format!("剩 {left} 天")),
        Clock::Normal | Clock::Stopped | Clock::None => of("ok", format!("剩 {left} 天")),
    }
}

/// A line of a register.
pub(crate) fn row(line: &Line, today: Date, calendar: &Calendar, names: &Names) -> Vec<Cell> {
    let place = names.get(&line.station).cloned().unwrap_or_else(|| format!("{} 站", line.station));
    let about = [line.topic, line.item.as_str(), line.about.as_str()];
    let about: Vec<&str> = about.into_iter().filter(|words| !words.is_empty()).collect();
    let stage = if line.at_centre && !line.over {
        format!("{}（在镇中心）", line.stage)
    } else {
        line.stage.to_owned()
    };
    vec![
        Cell::Light(light(line.due, line.over, today, calendar)),
        text(&line.name),
        link(about.join(" · "), format!("/registers/matters/{}", line.id.hex())),
        text(stage),
        text(place),
        text(line.on.map(words::day).unwrap_or_default()),
        Cell::Truth(frame::truth(line.truth)),
    ]
}

/// The heads of such lines.
pub(crate) const HEAD: [&str; 7] = ["期限", "姓名", "什么事", "到哪一步", "登记的站", "登记日", "记录在哪"];

/// What happened, the newest first.
pub(crate) fn entries(view: &MatterView, names: &Names) -> Vec<Entry> {
    let one = |entry: &model::matter::Entry| {
        let stamp = &entry.mark.stamp;
        let place = names.get(&stamp.station).cloned().unwrap_or_default();
        let standing = match entry.standing {
            Standing::Counts => "",
            Standing::Repeats => "（重复，不影响）",
            Standing::Anomaly => "（要人来定）",
            Standing::Void => "（定为不算数）",
            Standing::Forced => "（定为算数）",
        };
        Entry {
            what: format!("{}{standing}", entry.what.kind().title()),
            when: words::moment(stamp.wall),
            who: format!("{}　{place}", stamp.name),
            note: note(&view.matter, &entry.what),
        }
    };
    view.matter.timeline.iter().rev().map(one).collect()
}

fn joined(parts: &[&str]) -> String {
    let some: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    some.join("　")
}

/// One more line about an event.
fn note(matter: &Matter, what: &What) -> String {
    let cell = |key: &String| matter.words(Some(key));
    let maybe = |key: &Option<String>| matter.words(key.as_ref());
    match what {
        What::Opened(e) => joined(&[matter.sort().topic(&e.topic), maybe(&e.words)]),
        What::Noted(e) => cell(&e.words).to_owned(),
        What::Sorted(e) => sorted(matter.sort(), e),
        What::Assigned(e) => {
            let tracking = maybe(&e.tracking);
            let tracking = if tracking.is_empty() { String::new() } else { format!("流水号 {tracking}") };
            let until = e.until.map(|day| format!("{}前答复", words::day(day))).unwrap_or_default();
            joined(&[e.to.label(), maybe(&e.whom), &tracking, &until])
        }
        What::Handled(e) => cell(&e.words).to_owned(),
        What::Answered(e) => {
            let sent = if e.elsewhere { "请群众到别处办" } else { "" };
            joined(&[e.how.label(), cell(&e.words), sent])
        }
        What::Revisited(e) => joined(&[e.satisfied.label(), maybe(&e.words)]),
        What::Explained(e) => cell(&e.words).to_owned(),
        What::Concluded(e) => joined(&[e.verdict.label(), cell(&e.words)]),
        What::Escalated(e) => joined(&[e.to.label(), cell(&e.words)]),
        What::Closed(e) => joined(&[e.ending.label(), maybe(&e.words)]),
        What::Reopened(e) => cell(&e.words).to_owned(),
        What::Published(e) => format!("{}　{}", cell(&e.question), cell(&e.answer)),
        What::Settled(e) => joined(&[e.verdict.label(), cell(&e.reason)]),
        What::Filed(e) => maybe(&e.words).to_owned(),
        What::Reported(e) => cell(&e.words).to_owned(),
        What::Linked(e) => e.to.label().to_owned(),
        What::Unpublished(_) | What::Signed(_) | What::Pictured(_) | What::Unknown { .. } => String::new(),
    }
}

fn sorted(sort: Sort, e: &Sorted) -> String {
    joined(&[sort.topic(&e.topic), if e.elsewhere { "群众被推到过别处" } else { "" }])
}
