//! 求助, 远程辅助: a thread between village and centre. Asked on a draft, it is what makes the draft travel to the centre, and
//! nothing else does (docs/decisions/0013).

use super::receive::onto;
use super::{CaseId, Saved, once};
use crate::commit::{Change, Job, Opened, Said};
use crate::views::page::{List, page};
use crate::views::shared::HELP;
use crate::views::{self, packed, tally};
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::Refusal;
use model::case::event::{Event, What};
use model::case::facts::NUMBER;
use model::case::help::{self, Say, Suggest, Waits};
use model::record::{Edit, Record};
use store::{documents, journal, logs};

/// What the audit calls all of it; the only acts that the centre does on a village's draft.
pub(super) const ACT: &str = "求助";

/// An open thread in the list.
#[derive(Debug, Clone)]
pub struct HelpLine {
    /// The case or draft.
    pub id: CaseId,
    /// Who is to answer.
    pub waits: Waits,
    /// Case number; empty for a draft.
    pub number: String,
    /// The applicant, masked.
    pub name: String,
    /// 高龄津贴申领.
    pub item: String,
    /// Where the papers are taken.
    pub station: u16,
    /// The last line's words.
    pub words: String,
    /// When it was written.
    pub wall: i64,
}

/// Whether a document is a draft of which its village asked the centre about.
pub(crate) fn is_shared_draft(record: &Record) -> bool {
    let asked = |bytes: &[u8]| matches!(Event::decode(bytes), Ok(Event { what: What::HelpAsked(_), .. }));
    !record.facts.contains_key(NUMBER) && record.events.iter().any(|event| asked(&event.bytes))
}

impl Node {
    /// Says something in the thread of a draft or case; begins it where there is none. A draft goes to the centre by it.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields, or when the disk says no.
    pub fn help_say(&self, who: &Who, id: CaseId, say: Say) -> Result<Saved, ActError> {
        let local = {
            let tx = self.engine().read()?;
            views::is_draft(&*tx, &id.0)?
        };
        if !local {
            return self.act(who, id, Said::new(ACT), move |acting| {
                help::say(acting.case, &say, acting.item()?, acting.ctx)
            });
        }
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            let wall = job.node.ports().clock.wall();
            if opened.is_new() || !views::is_draft(job.tx, &id.0)? {
                return Err(ActError::NotFound);
            }
            if once::done_before(job)? {
                return Ok(Saved { id, wall, before: true });
            }
            if job.node.is_centre() {
                return Err(Refusal::because("这是镇中心自己的草稿，不用求助。").into());
            }
            // one draft sent alone would be torn out of its package, and the others lost with nobody to lead to them
            if packed::lead(&*job.tx, &id.0)?.is_some() || !packed::sisters(&*job.tx, &id.0)?.is_empty() {
                let words = "套餐没收件以前不能求助，请打电话问镇中心；收件以后，在办件页上问。";
                return Err(Refusal::because(words).into());
            }
            let edit =
                job.ask(&who, &opened, |acting| help::say(acting.case, &say, acting.item()?, acting.ctx))?;
            if opened.is_shared_draft() {
                job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::CASES })?;
            } else {
                job.share(id, &opened, edit)?;
            }
            job.audit(&who, &Said::new(ACT), Some(id.0))?;
            once::remember(job)?;
            Ok(Saved { id, wall, before: false })
        })
    }

    /// Suggests what to write into a field.
    ///
    /// # Errors
    /// As [`Node::help_say`].
    pub fn help_suggest(&self, who: &Who, id: CaseId, command: Suggest) -> Result<Saved, ActError> {
        self.act(who, id, Said::new(ACT), move |acting| {
            help::suggest(acting.case, &command, acting.item()?, acting.ctx)
        })
    }

    /// Takes a suggestion, named by its value's cell.
    ///
    /// # Errors
    /// As [`Node::help_say`].
    pub fn help_take(&self, who: &Who, id: CaseId, suggestion: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new(ACT), move |acting| {
            help::take(acting.record, acting.case, &suggestion, acting.item()?, acting.ctx)
        })
    }

    /// Does not take a suggestion.
    ///
    /// # Errors
    /// As [`Node::help_say`].
    pub fn help_decline(
        &self,
        who: &Who,
        id: CaseId,
        suggestion: String,
        words: String,
    ) -> Result<Saved, ActError> {
        self.act(who, id, Said::new(ACT), move |acting| {
            help::decline(acting.case, &suggestion, &words, acting.ctx)
        })
    }

    /// Closes the thread.
    ///
    /// # Errors
    /// As [`Node::help_say`].
    pub fn help_close(&self, who: &Who, id: CaseId) -> Result<Saved, ActError> {
        self.act(who, id, Said::new(ACT), move |acting| help::close(acting.case, acting.ctx))
    }

    /// The case that a draft became, where its thread went on.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn help_went_to(&self, draft: CaseId) -> Result<Option<CaseId>, ActError> {
        self.became(draft)
    }

    /// Whether it is a draft, here or at its village.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn is_draft(&self, id: CaseId) -> Result<bool, ActError> {
        views::is_draft(&*self.engine().read()?, &id.0)
    }

    /// How many open threads wait for the centre, and how many for a village.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn help_counts(&self) -> Result<(u64, u64), ActError> {
        let tx = self.engine().read()?;
        let of = |waits: Waits| tally::sum(&*tx, HELP, &[waits as u8]);
        Ok((of(Waits::Centre)?, of(Waits::Village)?))
    }

    /// A page of the open threads that wait for one side, the one that waits longest first, and where the next page begins.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn helps(
        &self,
        waits: Waits,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<HelpLine>, Option<String>), ActError> {
        let tx = self.engine().read()?;
        let reference = self.reference();
        let list = List { view: HELP, prefix: &[waits as u8], rest: 20 };
        let (ids, next) = page(&*tx, &list, after, count)?;
        let line = |id| {
            let view = self.view_case(&*tx, &reference, CaseId(id))?;
            let last = view.case.help.lines().last();
            let said = view.case.help.lines().iter().rev().find_map(|line| words_of(&line.what));
            Ok(HelpLine {
                id: view.id,
                waits,
                number: view.case.number().unwrap_or_default().to_owned(),
                name: super::list::masked_name(&view.case),
                item: view.version.as_ref().map(|version| version.name.clone()).unwrap_or_default(),
                station: view.case.station,
                words: said.and_then(|key| view.case.filing.cell(key)).unwrap_or_default().to_owned(),
                wall: last.map_or(0, |line| line.mark.stamp.wall),
            })
        };
        let lines = ids.into_iter().map(line).collect::<Result<_, ActError>>()?;
        Ok((lines, next))
    }
}

fn words_of(what: &What) -> Option<&str> {
    if let What::HelpAsked(line) = what {
        Some(&line.words)
    } else if let What::HelpSaid(line) = what {
        Some(&line.words)
    } else if let What::HelpSuggested(line) = what {
        line.words.as_deref()
    } else {
        None
    }
}

impl Job<'_> {
    /// Begins a draft anew as one change that may travel. What was typed and taken back before is in the old changes, and
    /// those are destroyed: the centre sees what stands, not how it came about. Seeds, and so photos, stay.
    fn share(&mut self, id: CaseId, opened: &Opened, ask: Edit) -> Result<(), ActError> {
        let whole = onto(&opened.record(), ask);
        for place in journal::of_doc(self.tx, &id.0)? {
            if logs::named(self.tx, place.log)?.lane == Lane::LOCAL {
                journal::erase(self.tx, &place)?;
            }
        }
        documents::remove(self.tx, &id.0)?;
        let fresh = self.open(id.doc())?;
        self.write(fresh, &Change { edit: whole, audiences: vec![Audience::Hub], lane: Lane::CASES })
    }
}
