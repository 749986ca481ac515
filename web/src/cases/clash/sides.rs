//! One thing of a case that a person must rule on, told: the value before, and each side with who, when, where, on what
//! grounds and where it is.

use app::cases::Apart;
use model::Refusal;
use model::case::event::{Confidence, Stamp};
use model::case::pick_conflict::{CHOICE, OTHER};
use model::case::{AnomalyKind, Conflict};
use model::person::mask_apart;
use model::record::{Candidate, Value};
use std::collections::{BTreeMap, BTreeSet};

use super::{One, Side, Thing, op_text};
use crate::cases::show::Told;
use crate::cases::words;
use crate::frame;
use crate::shell::form::Fields;
use crate::view::{Field, Gap};

impl Told<'_> {
    fn things(&self) -> Vec<Thing<'_>> {
        let apart = self.case.conflicts.iter().map(Thing::Apart);
        apart.chain(self.anomalies.iter().map(Thing::Odd)).collect()
    }

    /// One of the case's things; with what was typed, that which it was typed for.
    pub(super) fn ruling(
        &self,
        nth: usize,
        again: Option<(&Fields, &Refusal)>,
        apart: &Apart,
    ) -> Option<One> {
        let things = self.things();
        let typed = again.map(|(fields, _)| fields);
        let named = typed.and_then(|typed| things.iter().position(|one| one.name() == typed.get("what")));
        let nth = named.unwrap_or(nth).min(things.len().checked_sub(1)?);
        let thing = things.get(nth)?;
        let was = |name: &str| typed.map_or("", |typed| typed.get(name)).to_owned();
        let wrong = |name: &str| again.and_then(|(_, refusal)| refusal.fields.of(name)).map(str::to_owned);
        let gaps = again.iter().flat_map(|(_, refusal)| refusal.fields.iter());
        let here = format!("/clashes/{}", self.id);
        let (title, lead, before, sides) = self.sides(thing, apart);
        let settled_elsewhere = match thing {
            Thing::Odd(anomaly) if anomaly.kind != AnomalyKind::NotAllowed => Some(anomaly.why.clone()),
            Thing::Odd(_) | Thing::Apart(_) => None,
        };
        let seen = match thing {
            Thing::Apart(conflict) => conflict.candidates.iter().map(|c| op_text(c.op)).collect(),
            Thing::Odd(_) => Vec::new(),
        };
        let other = matches!(thing, Thing::Apart(conflict) if conflict.may_be_other());
        let first = match thing {
            Thing::Apart(_) => "办件用选的这个值，要打印的请重新打印",
            Thing::Odd(_) => "办件照选的样子办下去",
        };
        Some(One {
            who: words::who(&self.case.filing),
            item: self.item(),
            number: self.case.number().unwrap_or("草稿").to_owned(),
            back: format!("/cases/{}", self.id),
            nth: if things.len() > 1 {
                format!("第 {} 处，共 {} 处", nth + 1, things.len())
            } else {
                String::new()
            },
            skip: if nth + 1 < things.len() { format!("{here}?nth={}", nth + 1) } else { String::new() },
            action: here,
            title,
            lead,
            what: thing.name(),
            seen: seen.join(" "),
            once: String::new(),
            other: other.then(|| Field::text(OTHER, "对的是", was(OTHER)).width("l").error(wrong(OTHER))),
            picked: was(CHOICE),
            reason: Field::area("reason", "理由", was("reason"))
                .hint("必填，写进办理过程，村站和镇中心都看得到")
                .error(wrong("reason")),
            gaps: gaps
                .map(|error| Gap { target: error.field.clone(), text: error.message.clone() })
                .collect(),
            waits: settled_elsewhere,
            before,
            ask: self.to_ask(),
            other_key: sides.len() + 1,
            sides,
            after: vec![first, "没用的那个不删，写进办理过程，注明没有采用", "另一边的盒子下次通上就收到"],
        })
    }

    /// Title, lead, what stood before, and the two or more sides of a thing.
    fn sides(
        &self,
        thing: &Thing<'_>,
        apart: &Apart,
    ) -> (String, String, Option<(String, String)>, Vec<Side>) {
        match thing {
            Thing::Apart(conflict) => {
                let name = words::called(&conflict.name, self.version);
                let title = format!("{name}有 {} 个值，用哪个？", conflict.candidates.len());
                let lead = "两处分头改了同一项。时间只作参考，不按先后自动取。".to_owned();
                let (before, sides) = self.values(conflict, apart);
                (title, lead, before, sides)
            }
            Thing::Odd(anomaly) => {
                let title = format!("“{}”没有生效，算不算数？", anomaly.title);
                let told = self.done_by(anomaly.stamp.as_ref());
                let side = |key, value: &str, text: &str, note: &str, facts| Side {
                    value: value.to_owned(),
                    key,
                    text: text.to_owned(),
                    note: note.to_owned(),
                    doubt: false,
                    facts,
                    truth: apart.marks.get(&anomaly.op).map(|mark| frame::truth(*mark)),
                };
                let void = side(1, "void", "不算数", "办件照现在的样子办下去。", told.clone());
                let stands = side(2, "stands", "算数", "办件照这一步改过来。", told);
                (title, anomaly.why.clone(), None, vec![void, stands])
            }
        }
    }

    fn values(&self, conflict: &Conflict, apart: &Apart) -> (Option<(String, String)>, Vec<Side>) {
        let before = apart.before.get(&conflict.name);
        let shown = shown(&conflict.name, conflict.candidates.iter());
        let said = |value: &Value| {
            let text = text(value);
            // what stood before is told apart from nothing: masked as everywhere
            shown.get(&text).cloned().unwrap_or_else(|| words::value(&conflict.name, &text))
        };
        let mut sides = Vec::new();
        for candidate in &conflict.candidates {
            let mark = self.case.writer_of(candidate.op);
            let act = mark.and_then(|mark| self.case.timeline.iter().find(|entry| entry.mark.op == mark.op));
            let mut facts = self.done_by(mark.map(|mark| &mark.stamp));
            facts.extend(act.map(|entry| ("哪一步", entry.title().to_owned())));
            let words = act.map(|entry| self.note(entry)).filter(|words| !words.is_empty());
            facts.extend(words.map(|words| ("凭什么", words)));
            let (note, doubt) = self.checked(conflict, &candidate.value);
            sides.push(Side {
                value: op_text(candidate.op),
                key: sides.len() + 1,
                text: said(&candidate.value),
                note,
                doubt,
                facts,
                truth: apart.marks.get(&candidate.op).map(|mark| frame::truth(*mark)),
            });
        }
        let before = before.map(|before| {
            let all: Vec<String> = before.iter().map(|candidate| said(&candidate.value)).collect();
            let stood = if all.is_empty() { "没填".to_owned() } else { all.join("，或者 ") };
            (stood, self.since(before))
        });
        (before, sides)
    }

    /// When that was written, and in which step: 11月3日 收件时填.
    fn since(&self, before: &[Candidate]) -> String {
        let Some(mark) = before.last().and_then(|last| self.case.writer_of(last.op)) else {
            return String::new();
        };
        let act = self.case.timeline.iter().find(|entry| entry.mark.op == mark.op);
        let day = words::day_of(mark.stamp.wall).map(words::day).unwrap_or_default();
        act.map_or(day.clone(), |entry| format!("{day} {}时填", entry.title()))
    }

    /// What the rules of the item say about a value that somebody typed, and whether it is a doubt.
    fn checked(&self, conflict: &Conflict, value: &Value) -> (String, bool) {
        let (Value::Text(typed), Some(version), true) = (value, self.version, conflict.may_be_other()) else {
            return (String::new(), false);
        };
        let checked = self.case.filing.with(&conflict.name, typed).check(version, self.today);
        match checked.errors.of(&conflict.name) {
            Some(why) => (why.to_owned(), true),
            None => ("填法核对过，没有错".to_owned(), false),
        }
    }

    /// 先问村站，暂不定: the thread of the case.
    fn to_ask(&self) -> Option<(String, &'static str)> {
        let label = if self.here == model::station::CENTRE {
            "先问村站，暂不定"
        } else {
            "先问镇中心，暂不定"
        };
        self.case.number().map(|_| (format!("/help/{}", self.id), label))
    }

    /// Who, when, where: as labels.
    fn done_by(&self, stamp: Option<&Stamp>) -> Vec<(&'static str, String)> {
        let Some(stamp) = stamp else { return vec![("谁", "看不出来".to_owned())] };
        let sure = match stamp.confidence {
            Confidence::Unknown => "（时钟没有核对）",
            Confidence::ByHand => "（日期是人核对的）",
            Confidence::Confirmed | Confidence::Synchronised => "",
        };
        vec![
            ("谁", stamp.name.clone()),
            ("在哪", self.place(stamp.station)),
            ("什么时候", format!("{}{sure}", words::moment(stamp.wall))),
        ]
    }

    /// What a person must rule on, as something to do.
    pub(crate) fn to_rule(&self) -> Option<crate::view::Act> {
        let count = self.things().len();
        (count > 0).then(|| crate::view::Act {
            code: "rule".to_owned(),
            label: format!("定不一致（{count}）"),
            href: format!("/clashes/{}", self.id),
            note: "两边记的不一样，要人来定".to_owned(),
            ..crate::view::Act::default()
        })
    }
}

/// A value as one says it, before it is masked.
fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Closed | Value::Erased => "（打不开）".to_owned(),
    }
}

/// The values of a name as screens show them, by what they are: masked, and told apart.
fn shown<'a>(name: &str, all: impl Iterator<Item = &'a Candidate>) -> BTreeMap<String, String> {
    let texts: BTreeSet<String> = all.map(|candidate| text(&candidate.value)).collect();
    let plain: Vec<&str> = texts.iter().map(String::as_str).collect();
    let shown = mask_apart(&plain, |text| words::value(name, text));
    texts.iter().cloned().zip(shown).collect()
}
