//! 对照录入: copying a case into an outside system by hand, and registering its number there.
//!
//! The whole of a case's values is shown after one act with a reason, written down first; the number there is typed by a
//! person, and finds the case when the outside body's answer comes.

use super::find::{tag, tag_key};
use super::{CaseId, CaseLine, CaseView, Saved, Shown, Why, tagged};
use crate::commit::{Job, Said};
use crate::time::day_number;
use crate::views::{TRANSCRIBE, tally};
use crate::{ActError, Node, Who};
use model::case::event::{Event, Payload as _, Transcribed};
use model::case::{Photo, note};
use model::item::Version;
use model::outside::{Mapping, plain_number};
use model::record::{Record, Value};
use model::{Date, Refusal};
use std::sync::Arc;
use store::engine::Direction;
use store::rows::{self, Page};
use store::tags;

/// Kind of the tag made of a case's number in an outside system.
pub(super) const OUTSIDE: &str = "outside";

/// A case that waits to be copied.
#[derive(Debug, Clone)]
pub struct WaitingLine {
    /// The case.
    pub line: CaseLine,
    /// What the outside system is called.
    pub system: String,
    /// Since when.
    pub since: Option<Date>,
    /// Calendar days since then.
    pub age: i64,
}

/// How many wait, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TranscribeCounts {
    /// At this box's own desk.
    pub here: u64,
    /// At the other desk: the centre's on a station, the stations' at the centre.
    pub there: u64,
    /// The oldest at this desk, in calendar days.
    pub oldest: i64,
}

/// A photo on its way out, with its image where it is on this box.
#[derive(Debug, Clone)]
pub struct PhotoOut {
    /// Which.
    pub photo: Photo,
    /// The image.
    pub shown: Option<Shown>,
}

impl Node {
    /// How an item's cases are copied: as the township set it, else as it follows from the item.
    #[must_use]
    pub fn mapping(&self, version: &Version) -> Mapping {
        let set = self.reference().office.outside.get(&version.code).cloned();
        set.unwrap_or_else(|| Mapping::derived(version))
    }

    /// 转录: the case's number in the outside system, or why there is none.
    ///
    /// # Errors
    /// [`ActError::Refused`] without a number and without a reason.
    pub fn transcribed(
        &self,
        who: &Who,
        id: CaseId,
        system: String,
        number: String,
        reason: String,
    ) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("转录"), move |acting| {
            note::transcribed(acting.case, &system, &number, &reason, acting.ctx)
        })
    }

    /// The whole of a case's values, to somebody whose reason is written down first: one row for the page.
    ///
    /// # Errors
    /// [`ActError::NotFound`] for a case that is none, [`ActError::Refused`] before its papers are taken, or when the disk
    /// says no: then nothing is shown.
    pub fn reveal_for_copy(&self, who: &Who, id: CaseId, why: Why) -> Result<CaseView, ActError> {
        let view = self.case(id)?;
        if view.case.received.is_none() {
            return Err(Refusal::because("还没收件，收了件再录到外部系统。").into());
        }
        let who = who.clone();
        let said = Said { act: "对照录入查看全部信息", detail: why.label().to_owned() };
        self.commit(move |job| job.audit(&who, &said, Some(id.0)))?;
        Ok(view)
    }

    /// A case's photos to be taken out as files, to somebody whose reason is written down first. Those marked as wrong stay.
    ///
    /// # Errors
    /// As [`Node::reveal_for_copy`].
    pub fn photos_for_copy(&self, who: &Who, id: CaseId, why: Why) -> Result<Vec<PhotoOut>, ActError> {
        let view = self.case(id)?;
        let photos: Vec<Photo> = view.case.photos.iter().filter(|p| p.wrong.is_none()).cloned().collect();
        let who = who.clone();
        let detail = format!("{} 张：{}", photos.len(), why.label());
        self.commit(move |job| job.audit(&who, &Said { act: "下载材料照片", detail }, Some(id.0)))?;
        self.images(id, photos)
    }

    /// The images of photos whose reason was written down.
    pub(crate) fn images(&self, id: CaseId, photos: Vec<Photo>) -> Result<Vec<PhotoOut>, ActError> {
        let image = |photo: Photo| {
            let shown = self.photo(id, photo.what.photo, super::FullPhoto::Reasoned)?;
            Ok(PhotoOut { photo, shown })
        };
        photos.into_iter().map(image).collect()
    }

    /// A page of the cases that wait to be copied, the oldest first: at this box's desk, or at the other one.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn to_transcribe(
        &self,
        here: bool,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<WaitingLine>, Option<String>), ActError> {
        let prefix = [u8::from(here == self.is_centre())];
        let decode = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes());
        let after = after.map(decode).transpose().map_err(|_| ActError::BadCursor)?;
        if after.as_ref().is_some_and(|key| key.len() != 21 || !key.starts_with(&prefix)) {
            return Err(ActError::BadCursor);
        }
        let tx = self.engine().read()?;
        let page = Page {
            prefix: &prefix,
            after: after.as_deref(),
            direction: Direction::Ascending,
            count: count + 1,
        };
        let mut found = rows::page(&*tx, TRANSCRIBE, &page)?;
        let more = found.len() > count;
        found.truncate(count);
        let next = found.last().filter(|_| more).map(|(key, _)| data_encoding::HEXLOWER.encode(key));
        let (reference, mut lines) = (self.reference(), Vec::new());
        for id in found.iter().filter_map(|(key, _)| key.last_chunk::<16>().copied()).map(CaseId) {
            lines.push(self.waiting_line(&self.view_case(&*tx, &reference, id)?));
        }
        Ok((lines, next))
    }

    fn waiting_line(&self, view: &CaseView) -> WaitingLine {
        let since = view.case.to_transcribe().map(|waiting| waiting.since);
        let system = view.version.as_ref().map(|version| self.mapping(version).system).unwrap_or_default();
        let age = since.map_or(0, |since| day_number(self.today()) - day_number(since));
        WaitingLine { line: self.line(view), system, since, age }
    }

    /// How many cases wait to be copied.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn transcribe_counts(&self) -> Result<TranscribeCounts, ActError> {
        let tx = self.engine().read()?;
        let mut counts = TranscribeCounts::default();
        for (front, count) in tally::of(&*tx, TRANSCRIBE, &[])? {
            let here = (front.first() == Some(&1)) == self.is_centre();
            if !here {
                counts.there += count;
                continue;
            }
            counts.here += count;
            let day = front.last_chunk::<4>().map_or(0, |day| i64::from(u32::from_be_bytes(*day)));
            counts.oldest = counts.oldest.max(day_number(self.today()) - day);
        }
        Ok(counts)
    }

    /// The cases of a number in an outside system, typed in any of the ways people type it.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn by_outside_number(&self, typed: &str) -> Result<Vec<CaseLine>, ActError> {
        let number = plain_number(typed);
        if number.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.engine().read()?;
        let ids = tagged(&*tx, OUTSIDE, &number)?;
        self.lines(&*tx, ids.into_iter().map(CaseId))
    }
}

/// The numbers that a case has in outside systems.
fn numbers(record: &Record) -> Vec<String> {
    let told = record.events.iter().filter_map(|stamped| {
        let event = Event::decode(&stamped.bytes).ok()?;
        let number = Transcribed::of(&event.what)?.number.as_ref()?;
        let Value::Text(number) = &record.cells.get(number)?.last()?.value else { return None };
        Some(plain_number(number))
    });
    told.filter(|number| !number.is_empty()).collect()
}

impl Job<'_> {
    /// Makes a case findable by its numbers in outside systems.
    pub(crate) fn index_outside(&mut self, id: CaseId, record: &Record) -> Result<(), ActError> {
        let numbers = numbers(record);
        if numbers.is_empty() {
            return Ok(());
        }
        let random = Arc::clone(&self.node.ports().random);
        let key = tag_key(self.tx, &*random)?;
        for number in numbers {
            if let Some(tag) = tag(&key, OUTSIDE, &number) {
                tags::add(self.tx, &tag, &id.0)?;
            }
        }
        Ok(())
    }
}
