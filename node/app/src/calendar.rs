//! The calendar as the centre publishes it: a year's notice of free and worked days, and within how many working days
//! papers go from the village to the township. Nothing that was published is changed: the last of a year counts.

use crate::cases::{done_before, remember};
use crate::commit::{Change, Job, Said};
use crate::reference::{HAND_OVER, HandOver, NOTICE, named};
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::Refusal;
use model::calendar::{Published, YearNotice};
use model::limit::HAND_OVER_DAYS_MAX;
use model::record::{Edit, Value};
use records::{DocKind, DocRef};

/// The document that holds the township's own limits.
const CLOCKS: &str = "clocks";

impl Node {
    /// Publishes a year's notice; one of the same year is replaced, and stays in the history.
    ///
    /// # Errors
    /// On a station, or when the disk says no.
    pub fn publish_notice(&self, who: &Who, notice: YearNotice) -> Result<(), ActError> {
        let at = named(DocKind::Calendar, &notice.year.to_string());
        let published = Published { notice, by: who.name.clone(), wall: self.ports().clock.wall() };
        let text = serde_json::to_string(&published).map_err(|_| ActError::Damaged("calendar"))?;
        self.append(who, "发布节假日安排", at, NOTICE, text)
    }

    /// Sets within how many working days papers taken on somebody's behalf go to the township. What was taken before
    /// keeps the limit that stands on its paper.
    ///
    /// # Errors
    /// On a station, outside 1 to 10, or when the disk says no.
    pub fn set_hand_over(&self, who: &Who, days: u16) -> Result<(), ActError> {
        if !(1..=HAND_OVER_DAYS_MAX).contains(&days) {
            let cure = format!("转交时限要在 1 到 {HAND_OVER_DAYS_MAX} 个工作日之间，请重填。");
            return Err(Refusal::field("days", "转交时限", cure).into());
        }
        let set = HandOver { days, by: who.name.clone(), wall: self.ports().clock.wall() };
        let text = serde_json::to_string(&set).map_err(|_| ActError::Damaged("calendar"))?;
        self.append(who, "设定转交时限", named(DocKind::Calendar, CLOCKS), HAND_OVER, text)
    }

    fn append(
        &self,
        who: &Who,
        act: &'static str,
        at: DocRef,
        prefix: &'static str,
        text: String,
    ) -> Result<(), ActError> {
        if !self.is_centre() {
            return Err(Refusal::because("日历和时限由镇中心发布，村站不能改。").into());
        }
        let who = who.clone();
        self.commit(move |job: &mut Job<'_>| {
            if done_before(job)? {
                return Ok(());
            }
            let opened = job.open(at)?;
            let before = opened.record().facts.keys().filter(|name| name.starts_with(prefix)).count();
            let mut edit = Edit::default();
            edit.facts.insert(format!("{prefix}{}", before + 1), Some(Value::Text(text)));
            job.write(opened, &Change { edit, audiences: vec![Audience::All], lane: Lane::CATALOGUE })?;
            job.audit(&who, &Said::new(act), None)?;
            remember(job)
        })
    }
}
