//! 到龄名单: who turns 60, 80, 90 or 100 in a month, found among the people of this box's own cases; and lists that are pasted in.
//! A number is opened on this box for as long as the search takes, and leaves it only sealed, as any cell does.

use super::{MatterId, Saved};
use crate::cases::{BORN, CaseId, tag, tag_key, tagged};
use crate::commit::{Change, Job, Said};
use crate::{ActError, Node, Who, ports};
use identity::Lane;
use model::case::facts;
use model::matter::act::{self, Open};
use model::matter::event::LinkedTo;
use model::matter::{Matter, Sort};
use model::person::{IdNumber, mask_name};
use model::record::Record;
use model::{Date, FieldErrors, Refusal};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::tags;

/// Somebody of this box's cases who comes of an age in a month, and is on no list yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The case that tells of them.
    pub case: CaseId,
    /// 张*三.
    pub name: String,
    /// Topic of the due list.
    pub topic: &'static str,
    /// The birthday.
    pub on: Date,
}

/// The ages a township pays attention to.
const AGES: [(&str, i16); 4] = [("age60", 60), ("age80", 80), ("age90", 90), ("age100", 100)];
/// Lines of one pasted list, and people of one month.
const LINES_MAX: usize = 500;
/// Kind of the tag that says who stands on which list.
const LISTED: &str = "due";

/// What makes two lines the same: person, reason, year.
fn mark(id_number: &str, topic: &str, year: i16) -> String {
    format!("{id_number}/{topic}/{year}")
}

/// Born on 29 February, one comes of age on 1 March of other years.
fn birthday_in(born: Date, year: i16) -> Date {
    Date::new(year, born.month(), born.day()).unwrap_or_else(|_| Date::new(year, 3, 1).unwrap_or(born))
}

impl Node {
    /// Who comes of an age in the month of a day, known from this box's cases and on no list yet.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn due_candidates(&self, month: Date) -> Result<Vec<Candidate>, ActError> {
        let tx = self.engine().read()?;
        Ok(self.people_due(&*tx, month)?.into_iter().map(|(candidate, ..)| candidate).collect())
    }

    fn people_due(&self, tx: &dyn ReadTx, month: Date) -> Result<Vec<(Candidate, String, String)>, ActError> {
        let mut found: BTreeMap<String, (Candidate, String)> = BTreeMap::new();
        for (topic, age) in AGES {
            let born = format!("{:04}{:02}", month.year() - age, month.month());
            for id in tagged(tx, BORN, &born)? {
                let Some(record) = self.sealed_person(tx, id)? else { continue };
                let (name, number) = record;
                let Ok(parsed) = IdNumber::parse(&number, self.today()) else { continue };
                let listed = mark(parsed.as_str(), topic, month.year());
                if !tagged(tx, LISTED, &listed)?.is_empty() {
                    continue;
                }
                let on = birthday_in(parsed.birthday(), month.year());
                let candidate = Candidate { case: CaseId(id), name: mask_name(&name), topic, on };
                found.insert(parsed.as_str().to_owned(), (candidate, name));
            }
        }
        let mut people: Vec<_> =
            found.into_iter().map(|(number, (candidate, name))| (candidate, name, number)).collect();
        people.sort_by_key(|(candidate, ..)| candidate.on);
        people.truncate(LINES_MAX);
        Ok(people)
    }

    /// Name and number of a case's applicant, where this box can open them.
    fn sealed_person(&self, tx: &dyn ReadTx, id: [u8; 16]) -> Result<Option<(String, String)>, ActError> {
        let Some(stored) = store::documents::get(tx, &id)? else { return Ok(None) };
        if stored.kind != records::DocKind::Case.number() {
            return Ok(None);
        }
        if crate::views::is_sealed(tx, &id)? {
            return Ok(None);
        }
        let view = self.view_marked(tx, &self.reference(), CaseId(id), crate::cases::TruthMark::Saved)?;
        let cell = |name| view.case.filing.cell(name).map(str::to_owned);
        Ok(cell(facts::NAME).zip(cell(facts::ID_NUMBER)))
    }

    /// Puts everybody that [`Node::due_candidates`] found on the list; says how many.
    ///
    /// # Errors
    /// When the disk says no: then nobody is on it.
    pub fn list_due(&self, who: &Who, month: Date) -> Result<usize, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let people = job.node.clone().people_due(&*job.tx, month)?;
            for (candidate, name, id_number) in &people {
                let typed = Open {
                    topic: candidate.topic.to_owned(),
                    name: name.clone(),
                    id_number: id_number.clone(),
                    due: Some(candidate.on),
                    link: Some((LinkedTo::Case, candidate.case.0)),
                    ..Open::default()
                };
                job.list_person(&who, &typed)?;
            }
            job.audit(&who, &Said { act: "列入到龄名单", detail: people.len().to_string() }, None)?;
            Ok(people.len())
        })
    }

    /// Takes a pasted list, all or nothing: one person a line, name and id number. Ages are computed; other reasons are due
    /// on `due`. Gives how many were new and how many stood there already.
    ///
    /// # Errors
    /// [`ActError::Refused`] with every line that cannot stand, or when the disk says no.
    pub fn import_due(
        &self,
        who: &Who,
        topic: &str,
        due: Option<Date>,
        text: &str,
    ) -> Result<(usize, usize), ActError> {
        let lines = self.read_list(topic, due, text)?;
        let who = who.clone();
        self.commit(move |job| {
            let mut before = 0;
            for typed in &lines {
                let year = typed.due.map_or(0, Date::year);
                let listed = mark(&typed.id_number, &typed.topic, year);
                if tagged(&*job.tx, LISTED, &listed)?.is_empty() {
                    job.list_person(&who, typed)?;
                } else {
                    before += 1;
                }
            }
            let fresh = lines.len() - before;
            job.audit(&who, &Said { act: "导入到期名单", detail: fresh.to_string() }, None)?;
            Ok((fresh, before))
        })
    }

    fn read_list(&self, topic: &str, due: Option<Date>, text: &str) -> Result<Vec<Open>, Refusal> {
        let mut wrong = FieldErrors::default();
        let age = Sort::age_of(topic);
        if Sort::Due.topic(topic).is_empty() {
            wrong.add("topic", "为什么到期", "还没选为什么到期，请选一项。");
        } else if age.is_none() && due.is_none() {
            wrong.add("due", "到期日", "还没填到期日，请写成“2026-11-23”这样。");
        }
        let mut lines = Vec::new();
        let given = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        for (at, line) in given {
            let parts = line.rsplit_once(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';'));
            let (name, number) = parts.unwrap_or((line, ""));
            let name = name.trim_end_matches([',', '，', '、', ';', ' ', '\t']);
            let told = |why: &str| format!("第 {} 行：{why}", at + 1);
            if let Some(fault) = model::person::name_fault(name) {
                wrong.add("list", "名单", told(&fault));
            }
            match IdNumber::parse(number, self.today()) {
                Err(fault) => wrong.add("list", "名单", told(&fault.to_string())),
                Ok(number) => lines.push(Open {
                    topic: topic.to_owned(),
                    name: name.to_owned(),
                    due: age
                        .map(|age| birthday_in(number.birthday(), number.birthday().year() + age))
                        .or(due),
                    id_number: number.as_str().to_owned(),
                    ..Open::default()
                }),
            }
        }
        if lines.is_empty() && wrong.is_empty() {
            wrong.add("list", "名单", "还没贴名单，请一行一个人：姓名，空一格，证件号码。");
        }
        if lines.len() > LINES_MAX {
            wrong.add("list", "名单", format!("一次最多贴 {LINES_MAX} 行，请分几次贴。"));
        }
        if wrong.is_empty() { Ok(lines) } else { Err(Refusal::fields(wrong)) }
    }
}

impl Job<'_> {
    /// One line of the list, in this commit.
    fn list_person(&mut self, who: &Who, typed: &Open) -> Result<Saved, ActError> {
        let id = MatterId(ports::random(&*self.node.ports().random));
        let opened = self.open(id.doc())?;
        let settings = self.node.reference().office.settings.clone();
        let edit = self.ask_matter(who, &opened, |_, _, ctx| act::open(Sort::Due, typed, &settings, ctx))?;
        let audiences = self.node.audiences(self.node.station());
        self.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
        Ok(Saved { id, before: false })
    }

    /// Remembers who stands on which list, so that nobody does twice.
    pub(crate) fn index_due(&mut self, id: MatterId, record: &Record) -> Result<(), ActError> {
        let (matter, _) = Matter::read(record);
        let number = matter.cell(facts::ID_NUMBER);
        let Some(opened) = &matter.opened else { return Ok(()) };
        if opened.what.sort != Sort::Due || number.is_empty() {
            return Ok(());
        }
        let year = opened.what.due.map_or(0, Date::year);
        let random = std::sync::Arc::clone(&self.node.ports().random);
        let key = tag_key(self.tx, &*random)?;
        if let Some(tag) = tag(&key, LISTED, &mark(number, &opened.what.topic, year)) {
            tags::add(self.tx, &tag, &id.0)?;
        }
        Ok(())
    }
}
