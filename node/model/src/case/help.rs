//! 求助, 远程辅助: a thread between village and centre on a draft or a case. Its words are cells, its lines events of the
//! case itself, so it is sealed, ordered and told once like everything else of it (docs/decisions/0013).

use std::collections::BTreeMap;

use super::{
    Case, Ctx, Mark, Outcome,
    ctx::{Acting, needed, within},
    draft,
    event::{HelpAsked, HelpClosed, HelpDeclined, HelpSaid, HelpSuggested, HelpTaken, Payload as _, What},
    facts,
    photo::BlobName,
};
use crate::{
    Refusal,
    item::{FieldKind, Version},
    limit,
    record::{CellName, Edit, Record},
    station::CENTRE,
};

/// One line of a thread: its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who, where, when.
    pub mark: Mark,
    /// Asked, said, suggested, taken, declined.
    pub what: What,
}

/// Who is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    /// The centre.
    Centre = 0,
    /// The village.
    Village = 1,
}

/// The thread of a case. Empty while nobody asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    lines: Vec<Line>,
    closed: u64,
}

/// What somebody says in a thread.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Say {
    /// The words.
    pub words: String,
    /// Names of the fields they are about.
    pub fields: Vec<String>,
    /// Names of the photos they are about.
    pub photos: Vec<BlobName>,
}

impl std::fmt::Debug for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Say({} fields, {} photos)", self.fields.len(), self.photos.len())
    }
}

/// What the centre would write into a field.
#[derive(Clone, PartialEq, Eq)]
pub struct Suggest {
    /// The field's name.
    pub field: String,
    /// What to write.
    pub value: String,
    /// Why; may be empty.
    pub words: String,
}

impl std::fmt::Debug for Suggest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Suggest({})", self.field)
    }
}

impl Thread {
    /// Its lines, in order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Somebody asked, ever.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Lines that somebody must have seen before closing it.
    fn said(&self) -> u64 {
        let told = |line: &&Line| {
            matches!(line.what, What::HelpAsked(_) | What::HelpSaid(_) | What::HelpSuggested(_))
        };
        self.lines.iter().filter(told).count() as u64
    }

    /// Somebody asked, and nobody who has seen all of it closed it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.said() > self.closed
    }

    /// A suggestion by its value's cell.
    #[must_use]
    pub fn suggestion(&self, value: &str) -> Option<(&Mark, &HelpSuggested)> {
        let all = self.lines.iter().filter_map(|line| Some((&line.mark, HelpSuggested::of(&line.what)?)));
        all.into_iter().find(|(_, one)| one.value == value)
    }

    /// What became of a suggestion: taken, else declined. A taken one has changed its field, so it goes before.
    #[must_use]
    pub fn answer(&self, value: &str) -> Option<&Line> {
        let taken = |line: &&Line| matches!(&line.what, What::HelpTaken(one) if one.suggestion == value);
        let declined =
            |line: &&Line| matches!(&line.what, What::HelpDeclined(one) if one.suggestion == value);
        self.lines.iter().find(taken).or_else(|| self.lines.iter().find(declined))
    }

    /// Suggestions that nobody has answered.
    pub fn pending(&self) -> impl Iterator<Item = &HelpSuggested> {
        let all = self.lines.iter().filter_map(|line| HelpSuggested::of(&line.what));
        all.filter(|one| self.answer(&one.value).is_none())
    }

    /// Who is to answer; none where the thread is not open.
    #[must_use]
    pub fn waits(&self) -> Option<Waits> {
        if !self.is_open() {
            return None;
        }
        if self.pending().next().is_some() {
            return Some(Waits::Village);
        }
        let spoken = |line: &&Line| !matches!(line.what, What::HelpTaken(_));
        let last = self.lines.iter().rev().find(spoken)?;
        Some(if last.mark.stamp.station == CENTRE { Waits::Village } else { Waits::Centre })
    }

    pub(super) fn take(&mut self, mark: &Mark, what: &What) {
        if let What::HelpClosed(closed) = what {
            self.closed = self.closed.max(closed.seen);
        } else {
            self.lines.push(Line { mark: mark.clone(), what: what.clone() });
        }
    }
}

/// Whether a name may be marked in a thread: a field of the intake or of the item's form.
#[must_use]
pub fn is_field(name: &str, version: &Version) -> bool {
    name == facts::SCENARIO || name == facts::APPLICANT_KIND || facts::is_gap(name, version)
}

/// Says something: asks for help where no thread is open.
///
/// # Errors
/// When nothing is said, or it is about what the case has not.
pub fn say(case: &Case, command: &Say, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "要说的话", &command.words, "请写清楚问什么。")?;
    room(case)?;
    if command.fields.iter().any(|name| !is_field(name, version)) {
        return Err(Refusal::field("field", "哪一项", "有一项不在这个事项里，请重选。"));
    }
    if command.photos.iter().any(|photo| case.photo(*photo).is_none()) {
        return Err(Refusal::field("photo", "照片", "有一张照片已经去掉了，请重选。"));
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.words("help", &command.words);
    let (fields, photos) = (command.fields.clone(), command.photos.clone());
    if case.help.is_open() {
        acting.event(HelpSaid { words, fields, photos })?;
    } else {
        acting.event(HelpAsked { words, fields, photos })?;
    }
    Ok(acting.done())
}

/// Suggests what to write into a field.
///
/// # Errors
/// At a station, for a field that may not be changed any more, or a value that it does not take.
pub fn suggest(case: &Case, command: &Suggest, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if ctx.station != CENTRE || case.station == CENTRE {
        return Err(Refusal::because("填写建议由镇中心提给村站。"));
    }
    room(case)?;
    within("words", "说明", &command.words)?;
    may_change(case, &command.field, version)?;
    let cell = facts::is_typed_cell(&command.field);
    let value = draft::tidied(&command.field, command.value.trim());
    if cell {
        needed("value", "建议填写", &value, "请写建议填什么。")?;
    } else if !facts::allows(&command.field, &value) {
        return Err(Refusal::field("value", "建议填写", "这一项不能这样填，请从给出的里面选。"));
    }
    if !is_offered(&command.field, &value, version) {
        return Err(Refusal::field("choice", "建议选择", "这个事项没有这一种，请从给出的里面选。"));
    }
    if let Some(options) = options(&command.field, version)
        && !options.contains(&value)
    {
        let cure = format!("这一项只能选：{}。请照着写其中一个。", options.join("、"));
        return Err(Refusal::field("value", "建议填写", cure));
    }
    if case.filing.text(&command.field) == Some(value.as_str()) {
        return Err(Refusal::field("value", "建议填写", "和现在填的一样，不用建议。"));
    }
    let same = |one: &HelpSuggested| {
        one.field == command.field && case.filing.text(&one.value) == Some(value.as_str())
    };
    if case.help.pending().any(same) {
        return Err(Refusal::field("value", "建议填写", "这样的建议已经提过，村站还没回，不用再提。"));
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("why", &command.words);
    let key = acting.words("suggest", &value);
    acting.event(HelpSuggested { field: command.field.clone(), value: key, words })?;
    Ok(acting.done())
}

/// Whether the item has such a situation, or such applicants; every other field has its own rules.
fn is_offered(field: &str, value: &str, version: &Version) -> bool {
    match field {
        facts::SCENARIO => version.scenario(value).is_some(),
        facts::APPLICANT_KIND => version.applicants.iter().any(|kind| kind.code() == value),
        _ => true,
    }
}

/// What may be picked in a field of the item's form that is picked from; none for any other field.
fn options<'v>(name: &str, version: &'v Version) -> Option<&'v [String]> {
    let field = version.form.iter().find(|field| facts::form(&field.id) == name)?;
    match &field.kind {
        FieldKind::Choice { options } => Some(options),
        FieldKind::Text { .. }
        | FieldKind::Date
        | FieldKind::Money
        | FieldKind::Account { .. }
        | FieldKind::Members => None,
    }
}

/// Takes a suggestion: the field holds it from now on, and the record says who suggested and who took it.
///
/// # Errors
/// When it is answered already, the field may not be changed any more, or at the centre.
pub fn take(
    record: &Record,
    case: &Case,
    suggestion: &str,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let suggested = unanswered(case, suggestion, ctx)?;
    let field = suggested.field.clone();
    may_change(case, &field, version)?;
    let value = case.filing.text(suggestion).unwrap_or_default().to_owned();
    if value.is_empty() {
        return Err(Refusal::because("建议的内容还没到本机，等同步后再采纳。"));
    }
    let mut acting = Acting::on(case, ctx);
    let before = acting.maybe("before", case.filing.text(&field).unwrap_or_default());
    acting.event(HelpTaken { suggestion: suggestion.to_owned(), field: field.clone(), before })?;
    let mut edit = acting.done();
    if let (true, Some(cell)) = (facts::is_typed_cell(&field), CellName::parse(&field)) {
        edit.cells.insert(cell, Some(facts::tidy(&field, &value)));
    } else {
        let (typed, wrong) = draft::save(record, case, &BTreeMap::from([(field, value)]))?;
        if !wrong.is_empty() {
            return Err(Refusal::fields(wrong));
        }
        edit.facts.extend(typed.facts);
    }
    Ok(edit)
}

/// Does not take a suggestion.
///
/// # Errors
/// When it is answered already, or at the centre.
pub fn decline(case: &Case, suggestion: &str, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("words", "说明", words)?;
    unanswered(case, suggestion, ctx)?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("no", words);
    acting.event(HelpDeclined { suggestion: suggestion.to_owned(), words })?;
    Ok(acting.done())
}

/// Closes the thread.
///
/// # Errors
/// When it is not open.
pub fn close(case: &Case, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if !case.help.is_open() {
        return Err(Refusal::because("这里没有没结束的求助。"));
    }
    let mut acting = Acting::on(case, ctx);
    acting.event(HelpClosed { seen: case.help.said() })?;
    Ok(acting.done())
}

/// Why a field may not be changed by a suggestion: a draft's all may, a case's only what is written in words and only
/// while it runs.
fn may_change(case: &Case, field: &str, version: &Version) -> Result<(), Refusal> {
    if case.archived.is_some() {
        return Err(Refusal::because("本件已经归档，只能往里加，不能改。"));
    }
    if !is_field(field, version) {
        return Err(Refusal::field("field", "哪一项", "这个事项没有这一项，请重选。"));
    }
    if case.received.is_none() {
        return Ok(());
    }
    if !facts::is_typed_cell(field) {
        return Err(Refusal::field("field", "哪一项", "已经收件，材料和细则不能这样改，请用补正或加说明。"));
    }
    let ended = case.outcome.as_ref().is_some_and(|(outcome, ..)| *outcome != Outcome::Approved);
    if ended || case.delivered.is_some() {
        return Err(Refusal::because("这件已经办完，不能再改填的内容。"));
    }
    Ok(())
}

fn unanswered<'c>(case: &'c Case, suggestion: &str, ctx: &Ctx<'_>) -> Result<&'c HelpSuggested, Refusal> {
    if ctx.station == CENTRE {
        return Err(Refusal::because("填写建议由村站采纳，镇中心不能替村站改。"));
    }
    let Some((_, suggested)) = case.help.suggestion(suggestion) else {
        return Err(Refusal::because("没有这条建议，请刷新再看。"));
    };
    if case.help.answer(suggestion).is_some() {
        return Err(Refusal::because("这条建议已经答过，不用再答。"));
    }
    Ok(suggested)
}

fn room(case: &Case) -> Result<(), Refusal> {
    if case.help.lines.len() < limit::HELP_LINES {
        return Ok(());
    }
    Err(Refusal::because("这件的求助已经太长，请打电话商量，再加一条说明。"))
}
