//! What a case page warns of: acts that had no effect, values that stand apart, clocks that ran out, requests that wait. And
//! which acts make no sense, where that takes the calendar or the item to know.

use super::deed::Deed;
use super::show::Told;
use super::words;
use crate::view::Said;
use model::station::{CENTRE, StationNo};

impl Told<'_> {
    /// What a person must look at: acts that had no effect, values that stand against each other.
    pub(crate) fn warnings(&self) -> Vec<Said> {
        let odd =
            self.anomalies.iter().map(|anomaly| format!("“{}”没有生效：{}", anomaly.title, anomaly.why));
        let apart =
            self.case.conflicts.iter().map(|conflict| {
                format!("“{}”有两个值，要人来定。", words::called(&conflict.name, self.version))
            });
        let told = odd.chain(apart).chain(self.late()).chain(self.owed());
        told.map(|text| Said { kind: "amber", text }).collect()
    }

    /// Why a deed cannot be done here now; none when it can.
    pub(crate) fn why_not(&self, deed: Deed) -> Option<String> {
        if let Some(why) = deed.why_not(self.case, self.here, self.today) {
            return Some(why);
        }
        let village = |number: &StationNo| *number != CENTRE && *number != self.case.home();
        if deed == Deed::Route && !self.names.keys().any(village) {
            return Some("镇里的名单上没有别的村站，不用转。".to_owned());
        }
        let deemed = || self.case.is_deemed(self.version, self.calendar, self.today);
        if deed == Deed::Deem && deemed().is_none() {
            return Some("还在告知期限内，或者不是行政许可，不算视为受理。".to_owned());
        }
        let checked = self.version.map(|version| self.case.filing.check(version, self.today))?;
        if deed == Deed::Tell && checked.told().next().is_none() && checked.errors.is_empty() {
            return Some("没有缺的，可以直接受理。".to_owned());
        }
        let no_limit = self.case.clock().is_some_and(|clock| clock.limit.is_none());
        (deed == Deed::AskExtension && no_limit).then(|| "本件没有办理时限，不用延期。".to_owned())
    }

    /// What follows an acceptance with less than all papers.
    fn owed(&self) -> Vec<String> {
        let pending = self.case.unverified().into_iter().map(|id| words::named(id, self.version));
        let pending: Vec<String> = pending.collect();
        let pending = (!pending.is_empty())
            .then(|| format!("免提交的{}还没核验，线路通了请核对并登记。", pending.join("、")));
        let late = self.case.deferral_due().filter(|until| *until < self.today);
        let late = late.map(|until| {
            format!("容缺材料没有在{}前补齐，请催补；不补的，由人登记退件。", words::full_day(until))
        });
        let broken = self.case.bars().then(|| "核查发现承诺不实。修复以前，此人不能容缺或承诺。".to_owned());
        pending.into_iter().chain(late).chain(broken).collect()
    }

    /// Clocks that ran out before acceptance, and a request for more time that waits for its answer.
    fn late(&self) -> Vec<String> {
        let mut told = Vec::new();
        let waiting = self.case.waiting(self.calendar).filter(|waiting| self.today > waiting.last.date);
        if let Some(deemed) = self.case.is_deemed(self.version, self.calendar, self.today) {
            let (on, last) = (words::day(deemed.received), words::day(deemed.last.date));
            told.push(format!(
                "{on}收件，到{last}还没一次性告知。依《行政许可法》第三十二条，从{on}起视为受理，请点“登记视为受理”，\
                 时限从{on}起算。"
            ));
        } else if let Some(waiting) = waiting {
            let on = words::day(waiting.received);
            told.push(format!("{on}收件，已经超过 5 个工作日，还没受理，也没一次性告知。请今天就办。"));
        }
        let carried = self.case.handed_over.is_some() || self.case.reported.is_some();
        let behalf = self.case.on_behalf.is_some() && self.case.accepted.is_none() && !carried;
        let due = self.case.due(self.calendar).filter(|due| behalf && self.today > due.date);
        if let Some(due) = due {
            let to = self.case.carried_to().map_or_else(|| "转交镇中心".to_owned(), |to| to.words());
            told.push(format!(
                "代办件要在{}前{to}，已经超期。请今天就送，送到以后登记。",
                words::day(due.date)
            ));
        }
        let asked = self.case.extension_asked.as_ref().filter(|_| self.case.extension.is_none());
        if let Some(asked) = asked.filter(|_| self.case.outcome.is_none()) {
            told.push(format!("申请延长 {} 日，等镇中心登记批不批准。没批准以前时限不变。", asked.what.days));
        }
        told
    }
}
