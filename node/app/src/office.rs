//! How a station is staffed and what it lives by: windows with A and B posts, who is away, norms, the township's own limits.
//! Facts beside the station's profile (docs/formats/matter.md).

use crate::commit::{Change, Job, Said};
use crate::reference::{named, parse, text_facts};
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::Refusal;
use model::office::{Away, Clerk, NORMS, Norm, Settings, Window};
use model::outside::Mapping;
use model::record::{Edit, Record, Value};
use records::DocKind;
use std::collections::BTreeMap;

/// Whose document it is.
const NUMBER: &str = "number";
const WINDOW: &str = "window/";
const AWAY: &str = "away/";
const NORM: &str = "norm/";
const SETTINGS: &str = "settings";
/// Facts `term/<item code>`: `<code> <years>`, how long an item's cases are kept, 0 for ever.
const TERM: &str = "term/";
/// Facts `outside/<item code>`: how an item's cases are copied into an outside system.
const OUTSIDE: &str = "outside/";
/// Characters of a norm's text: some four printed pages.
const NORM_CHARS: usize = 4_000;
/// Characters of a norm's title.
const TITLE_CHARS: usize = 60;
/// Windows of one station.
const WINDOWS: u16 = 20;

/// What is known of every station's staffing.
#[derive(Debug, Default)]
pub struct Office {
    /// Windows by station, by number.
    pub windows: BTreeMap<u16, Vec<Window>>,
    /// Who is or was away, by station.
    pub away: BTreeMap<u16, Vec<Away>>,
    /// Every version of every norm.
    pub norms: Vec<Norm>,
    /// The township's own limits.
    pub settings: Settings,
    /// How cases are copied into outside systems, by item code, where the township set it.
    pub outside: BTreeMap<String, Mapping>,
    /// How many years cases are kept, 0 for ever, by item code, where the township set it.
    pub terms: BTreeMap<String, u64>,
}

impl Office {
    /// Takes what one station's document says.
    pub(crate) fn take(&mut self, record: &Record) {
        let Some(station) = number(record) else { return };
        let mut windows: Vec<Window> = parse(text_facts(record, WINDOW)).collect();
        windows.sort_by_key(|window| window.number);
        self.windows.insert(station, windows);
        self.away.insert(station, parse(text_facts(record, AWAY)).collect());
        self.norms.extend(parse::<Norm>(text_facts(record, NORM)).filter(|norm| norm.station == station));
        if station == 0 {
            if let Some(settings) = parse(text_facts(record, SETTINGS)).last() {
                self.settings = settings;
            }
            let set = parse::<Mapping>(text_facts(record, OUTSIDE));
            self.terms.extend(text_facts(record, TERM).filter_map(|text| {
                let (code, years) = text.rsplit_once(' ')?;
                Some((code.to_owned(), years.parse().ok()?))
            }));
            self.outside.extend(set.map(|mapping| (mapping.item.clone(), mapping)));
        }
    }

    /// Why a clerk is not there on a day, and who takes over.
    #[must_use]
    pub fn away_on(&self, station: u16, staff: &str, day: model::Date) -> Option<(&Away, &Clerk)> {
        let away = self.away.get(&station)?.iter().find(|away| away.clerk.id == staff && away.on(day))?;
        let windows = self.windows.get(&station)?;
        let window = windows.iter().find(|window| window.a.id == staff && !window.b.id.is_empty())?;
        Some((away, &window.b))
    }

    /// Clerks whose work is this one's today: they hold the A post where this one holds the B post, and are away.
    #[must_use]
    pub fn covered_by(&self, station: u16, staff: &str, day: model::Date) -> Vec<&Away> {
        let all = self.away.get(&station).map(Vec::as_slice).unwrap_or_default();
        let mine = |away: &&Away| {
            self.away_on(station, &away.clerk.id, day).is_some_and(|(now, b)| now == *away && b.id == staff)
        };
        all.iter().filter(mine).collect()
    }

    /// The newest version of each norm that a station lives by: the township's and its own.
    #[must_use]
    pub fn norms_of(&self, station: u16) -> Vec<&Norm> {
        let mut newest: BTreeMap<&str, &Norm> = BTreeMap::new();
        for norm in self.norms.iter().filter(|norm| norm.station == 0 || norm.station == station) {
            let known = newest.entry(&norm.id).or_insert(norm);
            if norm.version > known.version {
                *known = norm;
            }
        }
        newest.into_values().collect()
    }
}

fn number(record: &Record) -> Option<u16> {
    match record.facts.get(NUMBER)?.last()?.value {
        Value::Int(number) => u16::try_from(number).ok(),
        Value::Text(_) | Value::Bool(_) | Value::Closed | Value::Erased => None,
    }
}

/// A norm as it is typed.
#[derive(Debug, Clone)]
pub struct NewNorm {
    /// The norm this is a new version of; empty for a new one.
    pub id: String,
    /// Of [`NORMS`].
    pub kind: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
}

impl Node {
    /// Sets one window of this station; `None` takes it away.
    ///
    /// # Errors
    /// [`ActError::Refused`] for a number, a name or hours that cannot stand, or when the disk says no.
    pub fn set_window(&self, who: &Who, number: u16, window: Option<&Window>) -> Result<(), ActError> {
        if !(1..=WINDOWS).contains(&number) {
            return Err(
                Refusal::field("number", "窗口号", format!("窗口号填 1 到 {WINDOWS} 的数字。")).into()
            );
        }
        if let Some(window) = window {
            if window.a.id.is_empty() {
                return Err(Refusal::field("a", "A岗", "还没选 A岗，请选一个人。").into());
            }
            if window.a.id == window.b.id {
                return Err(Refusal::field("b", "B岗", "A岗和B岗不能是同一个人，请另选一个。").into());
            }
            if window.hours.trim().is_empty() || window.hours.chars().count() > TITLE_CHARS {
                return Err(Refusal::field("hours", "服务时间", "请写服务时间，60 个字以内。").into());
            }
        }
        let text = window.map(json).transpose()?;
        self.write_office(who, "设置窗口", format!("{WINDOW}{number}"), text)
    }

    /// A person says that a clerk is away, or is back (`None`).
    ///
    /// # Errors
    /// [`ActError::Refused`] for days that cannot be, or when the disk says no.
    pub fn set_away(
        &self,
        who: &Who,
        clerk: &Clerk,
        days: Option<(model::Date, model::Date)>,
    ) -> Result<(), ActError> {
        if clerk.id.is_empty() {
            return Err(Refusal::field("clerk", "谁不在", "还没选是谁，请选一个人。").into());
        }
        if days.is_some_and(|(from, until)| until < from) {
            return Err(Refusal::field("until", "到哪一天", "回来的日子早于离开的日子，请核对。").into());
        }
        let away =
            days.map(|(from, until)| Away { clerk: clerk.clone(), from, until, told_by: who.name.clone() });
        let act = if away.is_some() { "登记不在岗" } else { "登记回岗" };
        let text = away.as_ref().map(json).transpose()?;
        self.write_office(who, act, format!("{AWAY}{}", clerk.id), text)
    }

    /// Publishes a norm, or a new version of one; at the centre for every station. Gives its id and version.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields, or when the disk says no.
    pub fn publish_norm(&self, who: &Who, typed: &NewNorm) -> Result<(String, u32), ActError> {
        let mut wrong = model::FieldErrors::default();
        if NORMS.iter().all(|(code, _)| *code != typed.kind) {
            wrong.add("kind", "哪一种", "还没选是哪一种规范，请选一项。");
        }
        for (field, label, text, most) in
            [("title", "标题", &typed.title, TITLE_CHARS), ("text", "内容", &typed.text, NORM_CHARS)]
        {
            let count = text.trim().chars().count();
            if count == 0 {
                wrong.add(field, label, format!("还没填{label}。"));
            } else if count > most {
                wrong.add(field, label, format!("{label}最多写 {most} 个字，现在是 {count} 个，请写短些。"));
            }
        }
        if !wrong.is_empty() {
            return Err(Refusal::fields(wrong).into());
        }
        let (station, reference) = (self.station().0, self.reference());
        let earlier = reference.office.norms.iter().filter(|norm| norm.id == typed.id);
        let last = earlier.filter(|norm| norm.station == station).map(|norm| norm.version).max();
        let (id, version) = match last {
            Some(last) => (typed.id.clone(), last + 1),
            None if typed.id.is_empty() => {
                let fresh: [u8; 4] = crate::ports::random(&*self.ports().random);
                (format!("{station}-{}", data_encoding::HEXLOWER.encode(&fresh)), 1)
            }
            None => return Err(Refusal::because("这份规范不是本站发布的，改不了。").into()),
        };
        let norm = Norm {
            id: id.clone(),
            version,
            kind: typed.kind.clone(),
            title: typed.title.trim().to_owned(),
            text: model::person::visible(&typed.text).trim().to_owned(),
            on: self.today(),
            station,
        };
        self.write_office(who, "发布规范", format!("{NORM}{id}/{version}"), Some(json(&norm)?))?;
        Ok((id, version))
    }

    /// Sets the township's own limits.
    ///
    /// # Errors
    /// [`ActError::Refused`] on a station or for limits that cannot be, or when the disk says no.
    pub fn set_settings(&self, who: &Who, settings: &Settings) -> Result<(), ActError> {
        if !self.is_centre() {
            return Err(Refusal::because("时限由镇中心设定，村站不能改。").into());
        }
        let all = [
            ("stuck_days", settings.stuck_days, 30),
            ("answer_days", settings.answer_days, 30),
            ("reply_days", settings.reply_days, 15),
            ("fix_days", settings.fix_days, 15),
        ];
        for (field, days, most) in all {
            if !(1..=most).contains(&days) {
                return Err(Refusal::field(field, "时限", format!("时限填 1 到 {most} 的数字。")).into());
            }
        }
        self.write_office(who, "设定时限", SETTINGS.to_owned(), Some(json(settings)?))
    }

    /// Sets how an item's cases are copied into an outside system; `None` goes back to what follows from the item.
    ///
    /// # Errors
    /// [`ActError::Refused`] on a station, or when the disk says no.
    pub fn set_outside(&self, who: &Who, item: &str, mapping: Option<&Mapping>) -> Result<(), ActError> {
        if !self.is_centre() {
            return Err(Refusal::because("外部系统的栏目由镇中心设定，村站不能改。").into());
        }
        let text = mapping.map(json).transpose()?;
        self.write_office(who, "设定外部系统的栏目", format!("{OUTSIDE}{item}"), text)
    }

    /// Sets how long an item's cases are kept.
    ///
    /// # Errors
    /// [`ActError::Refused`] on a station or for a term that is none, or when the disk says no.
    pub fn set_term(&self, who: &Who, item: &str, years: u64) -> Result<(), ActError> {
        if !self.is_centre() {
            return Err(Refusal::because("保管期限由镇中心设定，村站不能改。").into());
        }
        if !model::case::archive::TERMS.contains(&years) {
            return Err(Refusal::field("years", "保管期限", "还没选保管期限，请选一项。").into());
        }
        self.write_office(who, "设定保管期限", format!("{TERM}{item}"), Some(format!("{item} {years}")))
    }

    fn write_office(
        &self,
        who: &Who,
        act: &'static str,
        name: String,
        text: Option<String>,
    ) -> Result<(), ActError> {
        let (who, station) = (who.clone(), self.station());
        self.commit(move |job: &mut Job<'_>| {
            let opened = job.open(named(DocKind::Station, &station.0.to_string()))?;
            let mut edit = Edit::default();
            edit.facts.insert(NUMBER.to_owned(), Some(Value::Int(i64::from(station.0))));
            edit.facts.insert(name, text.map(Value::Text));
            job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::OTHER })?;
            job.audit(&who, &Said::new(act), None)
        })
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, ActError> {
    serde_json::to_string(value).map_err(|_| ActError::Damaged("office"))
}
