//! From the words of a yearly notice, pasted or typed, to its days. Whatever does not fit itself (a weekday that the date
//! does not fall on, a count of days that the dates do not give) is refused: a wrong calendar moves every deadline.

mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;
use words::{Named, Token};

use super::YearNotice;
use crate::{Refusal, authority::chinese_date, limit, person::visible};

/// Days in a row that are free, or worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// 春节; empty where the text does not say.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Worked instead of free.
    pub worked: bool,
}

impl Stretch {
    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let to = self.to;
        let next = move |date: &Date| date.tomorrow().ok().filter(|next| *next <= to);
        std::iter::successors(Some(self.from), next).take(STRETCH_DAYS)
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The notice.
    pub notice: YearNotice,
    /// Its days as the text names them, in its order.
    pub stretches: Vec<Stretch>,
}

/// Names of the fields, as the page and the refusals call them.
const YEAR: (&str, &str) = ("year", "年份");
const SOURCE: (&str, &str) = ("source", "文号");
const WORDS: (&str, &str) = ("words", "放假和上班的日子");

/// Longest holiday: nine days so far.
const STRETCH_DAYS: usize = 20;
/// Days one notice frees or has worked: some 45 so far.
const NOTICE_DAYS: usize = 100;

fn wrong(message: impl Into<String> + Clone) -> Refusal {
    Refusal::field(WORDS.0, WORDS.1, message)
}

/// Reads a year's notice.
///
/// # Errors
/// With the field, what about it, and the cure.
pub fn read(year: i16, source: &str, text: &str) -> Result<Reading, Refusal> {
    if !(2000..=2199).contains(&year) {
        return Err(Refusal::field(YEAR.0, YEAR.1, "年份要在 2000 到 2199 之间，请重填。"));
    }
    let source = visible(source).trim().to_owned();
    if source.is_empty() || source.chars().count() > limit::CALENDAR_SOURCE_CHARS {
        let cure = "请写通知的文号，例如“国办发明电〔2026〕8号”，不超过 60 个字。";
        return Err(Refusal::field(SOURCE.0, SOURCE.1, cure));
    }
    if text.chars().count() > limit::CALENDAR_WORDS_CHARS {
        return Err(wrong("写得太长。只要通知里讲放假和上班的那几行。"));
    }
    let mut reader = Reader { year, name: String::new(), stretches: Vec::new(), pending: Vec::new() };
    for line in words::lines(text) {
        reader.line(&line)?;
    }
    let notice = gather(year, source, &reader.stretches)?;
    Ok(Reading { notice, stretches: reader.stretches })
}

fn gather(year: i16, source: String, stretches: &[Stretch]) -> Result<YearNotice, Refusal> {
    let days = |worked: bool| -> BTreeSet<Date> {
        stretches.iter().filter(|s| s.worked == worked).flat_map(Stretch::days).collect()
    };
    let (rest, work) = (days(false), days(true));
    if rest.is_empty() {
        return Err(wrong("没有读到放假的日子。请照着通知写，例如“元旦：1月1日至3日放假，1月4日上班”。"));
    }
    if let Some(both) = rest.intersection(&work).next() {
        return Err(wrong(format!("{}又写放假，又写上班。请核对。", chinese_date(*both))));
    }
    if rest.len() + work.len() > NOTICE_DAYS {
        return Err(wrong("日子太多了，不像一年的放假安排。请核对。"));
    }
    Ok(YearNotice { year, source, rest, work })
}

struct Reader {
    year: i16,
    /// The holiday that is being told of.
    name: String,
    stretches: Vec<Stretch>,
    /// Dates of which it is not yet said whether they are free or worked.
    pending: Vec<(Date, Date)>,
}

impl Reader {
    fn line(&mut self, line: &words::Line) -> Result<(), Refusal> {
        if let Some(name) = &line.name {
            self.name.clone_from(name);
        }
        // the date under the notice
        if line.alone().is_some_and(|year| year != self.year) {
            return Ok(());
        }
        let mut at: Option<Date> = None;
        for clause in line.clauses() {
            let count = self.clause(clause, &mut at)?;
            let kind = words::kind(clause);
            if let Some(worked) = kind {
                let name = &self.name;
                let told =
                    self.pending.drain(..).map(|(from, to)| Stretch { name: name.clone(), from, to, worked });
                self.stretches.extend(told);
            }
            self.counted(count)?;
        }
        self.pending.first().map_or(Ok(()), |(from, _)| {
            Err(wrong(format!("{}没有写是放假还是上班。请补上。", chinese_date(*from))))
        })
    }

    /// Reads the dates of a clause; gives the count of days it names.
    fn clause(&mut self, clause: &[Token], at: &mut Option<Date>) -> Result<Option<u32>, Refusal> {
        let mut rest = clause;
        let mut count = None;
        while let Some((_, after)) = rest.split_first() {
            if let [Token::Number(days), Token::Sign('天'), ..] = rest {
                count = Some(*days);
            }
            let Some((from, behind)) = words::date(rest) else {
                rest = after;
                continue;
            };
            let from = self.dated(from, *at)?;
            let range = behind.split_first().filter(|(sign, _)| sign.is_to()).map(|(_, then)| then);
            let (to, behind) = match range.and_then(words::date) {
                Some((to, behind)) => (self.dated(to, Some(from))?, behind),
                None => (from, behind),
            };
            if to < from || from.until(to).map_or(true, |span| span.get_days() >= 20) {
                let (from, to) = (chinese_date(from), chinese_date(to));
                return Err(wrong(format!("“{from}至{to}”前后不对。请核对日期。")));
            }
            self.pending.push((from, to));
            *at = Some(to);
            rest = behind;
        }
        Ok(count)
    }

    /// The date a text names, near the year of the notice, on the weekday it says.
    fn dated(&self, named: Named, before: Option<Date>) -> Result<Date, Refusal> {
        let year = named.year.or(before.map(|date| date.year())).unwrap_or(self.year);
        let month = named.month.or(before.map(Date::month));
        let date = month.and_then(|month| Date::new(year, month, named.day).ok());
        let Some(date) = date else {
            let month = month.map_or_else(String::new, |month| format!("{month}月"));
            return Err(wrong(format!("没有“{month}{}日”这一天。请核对日期。", named.day)));
        };
        let near = Date::new(self.year - 1, 12, 15)
            .and_then(|from| Ok((from, Date::new(self.year + 1, 1, 15)?)))
            .is_ok_and(|(from, to)| (from..=to).contains(&date));
        if !near {
            let wanted = self.year;
            return Err(wrong(format!("{}不在 {wanted} 年。请核对年份。", chinese_date(date))));
        }
        match named.weekday {
            Some(told) if told != date.weekday() => {
                let (told, is) = (words::weekday(told), words::weekday(date.weekday()));
                let date = chinese_date(date);
                Err(wrong(format!("{date}是周{is}，写的是周{told}。请核对年份和日期。")))
            }
            Some(_) | None => Ok(date),
        }
    }

    /// 共3天 must be what the dates before it give.
    fn counted(&self, count: Option<u32>) -> Result<(), Refusal> {
        let (Some(count), Some(last)) = (count, self.stretches.last()) else { return Ok(()) };
        let days = last.days().count();
        if usize::try_from(count).is_ok_and(|count| count == days) {
            return Ok(());
        }
        let (from, to) = (chinese_date(last.from), chinese_date(last.to));
        Err(wrong(format!("{from}到{to}是 {days} 天，写的是 {count} 天。请核对。")))
    }
}
