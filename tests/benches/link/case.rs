//! How a document of the workload becomes a case: `tests/workload/README.md` says why.

use crate::Fault;
use data_encoding::HEXLOWER;
use model::Date;
use model::case::event::{
    Accepted, Approved, Confidence, Event, Finding, FirstReviewed, HandedOver, Inquired, Noted, NoticeEnded,
    NoticePosted, NoticePrinted, PromiseSigned, Received, ResultReady, Stamp, SupplementAsked,
    SupplementReceived, Transcribed, Visited, What,
};
use model::case::facts;
use model::item::Way;
use model::record::{CellName, Edit, Value};
use serde_json::Value as Json;

/// One change to one document, to be written as a use case writes it.
#[derive(Clone)]
pub(crate) struct Act {
    pub(crate) doc: [u8; 16],
    pub(crate) edit: Edit,
}

/// The workload's remark: free text, so it is a cell.
const REMARK: &str = "0/form.remark";
/// The station that all cases of the workload belong to.
pub(crate) const STATION: u16 = 2301;
/// The order in which the workload names its papers: their ids.
const MATERIALS: [&str; 10] = [
    "居民身份证复印件",
    "户口簿复印件",
    "家庭经济状况声明书",
    "银行账户信息",
    "残疾人证",
    "近期免冠照片",
    "村民委员会证明",
    "土地承包经营权证",
    "诊断证明书",
    "委托代理书",
];
/// Chinese time is eight hours ahead.
const CHINA_S: i64 = 8 * 3600;
const CLERKS: [&str; 5] = ["周志强", "罗春梅", "何建国", "唐玉珍", "许文光"];

/// A whole document of the station: one act, as 受理 makes it from a draft.
pub(crate) fn received_at_station(row: &Json) -> Result<Act, Fault> {
    received(row, STATION)
}

/// A whole document written at the centre for the station.
pub(crate) fn received_at_centre(row: &Json) -> Result<Act, Fault> {
    received(row, 0)
}

/// The station's edit: one more line in the timeline, and a new status.
pub(crate) fn went_on(row: &Json) -> Result<Act, Fault> {
    let mut writing = Writing::on(row, STATION)?;
    let line = row.pointer("/append/timeline").ok_or("no timeline line")?;
    let day = writing.line(line)?;
    writing.status(text(row, "/set/status")?, day, &Said::of(line)?)?;
    Ok(writing.act)
}

/// The centre's edit: clerk, remark and priority.
pub(crate) fn corrected(row: &Json) -> Result<Act, Fault> {
    let mut writing = Writing::on(row, 0)?;
    let (clerk, remark) = (text(row, "/set/clerk")?, text(row, "/set/remark")?);
    writing.clerk(clerk);
    writing.cell(REMARK, remark);
    writing.fact(facts::PRIORITY, priority(text(row, "/set/priority")?));
    Ok(writing.act)
}

fn received(row: &Json, station: u16) -> Result<Act, Fault> {
    let mut writing = Writing::on(row, station)?;
    let doc = row.get("doc").ok_or("no document")?;
    let first = Said::of(doc.pointer("/timeline/0").ok_or("no timeline")?)?;
    writing.plain(doc, &first)?;
    writing.sealed(doc)?;
    writing.papers(doc, &first)?;
    let mut day = first.day;
    for line in doc.pointer("/timeline").and_then(Json::as_array).ok_or("no timeline")? {
        day = writing.line(line)?;
    }
    writing.status(text(doc, "/status")?, day, &first)?;
    Ok(writing.act)
}

fn text<'a>(of: &'a Json, path: &str) -> Result<&'a str, Fault> {
    of.pointer(path).and_then(Json::as_str).ok_or_else(|| format!("no {path}").into())
}

fn priority(word: &str) -> Value {
    Value::Int(if word == "加急" { 2 } else { 0 })
}

/// Staff ids as a box gives them.
fn staff_id(name: &str) -> String {
    let place = CLERKS.iter().position(|known| *known == name).map_or(0, |place| place + 1);
    format!("s{place}")
}

/// Who said something in the timeline, and when.
struct Said {
    wall: i64,
    day: Date,
    by: String,
}

impl Said {
    fn of(line: &Json) -> Result<Self, Fault> {
        let (day, clock) = text(line, "/at")?.split_once('T').ok_or("no time")?;
        let (hour, minute) = clock.split_once(':').ok_or("no time of day")?;
        let day: Date = day.parse()?;
        let midnight = day.duration_since(Date::constant(1970, 1, 1)).as_secs() - CHINA_S;
        let wall = midnight + hour.parse::<i64>()? * 3600 + minute.parse::<i64>()? * 60;
        Ok(Self { wall, day, by: text(line, "/by")?.to_owned() })
    }
}

struct Writing {
    act: Act,
    station: u16,
    nonce: u64,
}

impl Writing {
    fn on(row: &Json, station: u16) -> Result<Self, Fault> {
        let id = text(row, "/id")?.strip_prefix("case-").ok_or("no id of a case")?;
        let doc: [u8; 16] = HEXLOWER.decode(id.as_bytes())?.try_into().map_err(|_| "id is not 16 bytes")?;
        // Names of word cells are random in a box; here they follow from what is written.
        let hash = canon::sha256(row.to_string().as_bytes());
        let nonce = hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        Ok(Self { act: Act { doc, edit: Edit::default() }, station, nonce })
    }

    fn fact(&mut self, name: &str, value: Value) {
        self.act.edit.facts.insert(name.to_owned(), Some(value));
    }

    fn cell(&mut self, name: &str, value: &str) {
        if let Some(name) = CellName::parse(name).filter(|_| !value.is_empty()) {
            self.act.edit.cells.insert(name, Some(value.to_owned()));
        }
    }

    fn clerk(&mut self, name: &str) {
        self.fact(facts::CLERK, Value::Text(staff_id(name)));
        self.fact(facts::CLERK_NAME, Value::Text(name.to_owned()));
    }

    fn event(&mut self, said: &Said, what: impl Into<What>) -> Result<(), Fault> {
        let stamp = Stamp {
            wall: said.wall,
            confidence: Confidence::ByHand,
            station: self.station,
            by: staff_id(&said.by),
            name: said.by.clone(),
            reissue: None,
        };
        let event = Event { stamp, what: what.into() };
        self.act.edit.events.push(event.encode().ok_or("an event over its limits")?);
        Ok(())
    }

    /// One act has one nonce: its words differ by their part.
    fn words(&mut self, note: &str) -> String {
        let part = self.act.edit.events.len();
        let cell = facts::words(self.nonce, &format!("note{part}"));
        let key = cell.key();
        self.act.edit.cells.insert(cell, Some(note.to_owned()));
        key
    }

    /// A short text of the act in its own cell.
    fn typed(&mut self, part: &str, text: &str) -> String {
        let cell = facts::words(self.nonce, &format!("{part}{}", self.act.edit.events.len()));
        let key = cell.key();
        self.act.edit.cells.insert(cell, Some(text.to_owned()));
        key
    }

    /// What names nobody.
    fn plain(&mut self, doc: &Json, first: &Said) -> Result<(), Fault> {
        for (name, path) in [(facts::ITEM, "/item_code"), (facts::NUMBER, "/case_no")] {
            self.fact(name, Value::Text(text(doc, path)?.to_owned()));
        }
        self.clerk(text(doc, "/clerk")?);
        self.fact(facts::ITEM_VERSION, Value::Int(1));
        self.fact(facts::SCENARIO, Value::Text(text(doc, "/channel")?.to_owned()));
        self.fact(facts::APPLICANT_KIND, Value::Text("person".to_owned()));
        self.fact(facts::ID_KIND, Value::Text("resident".to_owned()));
        self.fact(facts::STATION, Value::Int(i64::from(STATION)));
        self.fact(facts::RECEIVED_AT, Value::Text(format!("{} 08:00", first.day)));
        self.fact(facts::HAS_AGENT, Value::Bool(!text(doc, "/agent")?.is_empty()));
        self.fact(facts::PRIORITY, priority(text(doc, "/priority")?));
        Ok(())
    }

    /// What is about somebody.
    fn sealed(&mut self, doc: &Json) -> Result<(), Fault> {
        let cells = [
            (facts::NAME, "/applicant"),
            (facts::ID_NUMBER, "/id_masked"),
            (facts::PHONE, "/phone_masked"),
            (facts::ADDRESS, "/address"),
            (facts::AGENT_NAME, "/agent"),
            (facts::NOTES, "/contact_note"),
            (REMARK, "/remark"),
            ("0/form.sex", "/sex"),
            ("0/form.village", "/village"),
            ("0/form.group", "/group"),
        ];
        for (name, path) in cells {
            self.cell(name, text(doc, path)?);
        }
        if !text(doc, "/agent")?.is_empty() {
            self.cell(facts::AGENT_RELATION, text(doc, "/agent_relation")?);
        }
        for (name, path) in [("0/form.born", "/birth_year"), ("0/form.household", "/household_size")] {
            let number = doc.pointer(path).and_then(Json::as_u64).ok_or("no number")?;
            self.cell(name, &number.to_string());
        }
        let code = format!("{:06}", self.nonce % 1_000_000);
        self.cell(facts::QUERY_CODE, &code);
        Ok(())
    }

    /// What was handed in, 收件 and 受理.
    fn papers(&mut self, doc: &Json, first: &Said) -> Result<(), Fault> {
        let mut taken = Vec::new();
        for paper in doc.pointer("/materials").and_then(Json::as_array).ok_or("no materials")? {
            let name = text(paper, "/name")?;
            let place = MATERIALS.iter().position(|known| *known == name).ok_or("a paper without an id")?;
            let id = format!("m{}", place + 1);
            let good = paper.pointer("/ok").and_then(Json::as_bool) == Some(true);
            let copies = paper.pointer("/copies").and_then(Json::as_i64).ok_or("no copies")?;
            self.fact(&facts::material(&id), Value::Text(if good { "ok" } else { "bad" }.to_owned()));
            self.fact(&facts::material_copies(&id), Value::Int(copies));
            taken.push(id);
        }
        let received = Received {
            number: text(doc, "/case_no")?.to_owned(),
            item: text(doc, "/item_code")?.to_owned(),
            version: 1,
            scenario: text(doc, "/channel")?.to_owned(),
            materials: taken,
            on: first.day,
        };
        self.event(first, received)?;
        let accepted = Accepted {
            way: Way::Entrusted,
            principal: "枫河镇人民政府".to_owned(),
            authority: Some("示例授权〔2026〕1号".to_owned()),
            legal: None,
            promised: None,
            on: first.day,
            due: Some(text(doc, "/due")?.parse()?),
            provisional: false,
        };
        self.event(first, accepted)
    }

    /// One line of the timeline: an event with its note in a sealed cell.
    fn line(&mut self, line: &Json) -> Result<Date, Fault> {
        let said = Said::of(line)?;
        let on = said.day;
        let words = self.words(text(line, "/note")?);
        let what: What = match text(line, "/step")? {
            "提交申请" => Noted { words }.into(),
            "材料初审" => FirstReviewed { opinion: Some(words), on }.into(),
            "入户核查" => {
                let visitors = vec![self.typed("visitor1", &said.by)];
                Visited { visitors, finding: Finding::True, words: Some(words), on }.into()
            }
            "镇级受理" => Inquired { body: self.typed("body", "镇便民服务中心"), words }.into(),
            "公示" => NoticeEnded { objections: 0, upheld: false, words: Some(words), on }.into(),
            "办结" => Approved { paper: None, opinion: Some(words), on }.into(),
            "退回补正" => {
                SupplementAsked { gaps: Vec::new(), on, until: None, words: Some(words) }.into()
            }
            "上报县级" => {
                Transcribed { system: self.typed("system", "县级"), number: None, reason: Some(words) }.into()
            }
            other => return Err(format!("unknown step {other}").into()),
        };
        self.event(&said, what)?;
        Ok(on)
    }

    /// The status: the event that leads to it.
    fn status(&mut self, status: &str, on: Date, said: &Said) -> Result<(), Fault> {
        let what: What = match status {
            "已提交" => PromiseSigned { materials: Vec::new(), on }.into(),
            "初审中" => SupplementReceived { gaps: Vec::new(), on }.into(),
            "待补正" => NoticePrinted { gaps: Vec::new(), on, words: None }.into(),
            "镇级受理" => HandedOver { receiver: self.typed("receiver", "镇便民服务中心"), on }.into(),
            "公示中" => {
                NoticePosted { from: on, until: on, place: self.typed("place", "村务公开栏") }.into()
            }
            "已办结" => ResultReady { paper: self.typed("paper", "备案通知书"), on }.into(),
            other => return Err(format!("unknown status {other}").into()),
        };
        self.event(said, what)
    }
}
