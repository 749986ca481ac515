//! What an act changes, once it is allowed or settled to stand.

use super::{Matter, Sort, event::*};
use crate::case::{Done, Mark};

fn done<T: Clone>(mark: &Mark, what: &T) -> Done<T> {
    Done { mark: mark.clone(), what: what.clone() }
}

impl Matter {
    /// Applies an event's effect without asking whether it is allowed.
    pub(super) fn effect(&mut self, mark: &Mark, what: &What) {
        match what {
            What::Opened(e) => {
                self.due = e.due;
                self.reply_by = e.due;
                self.opened = Some(done(mark, e));
            }
            What::Sorted(e) => self.sorted = Some(done(mark, e)),
            What::Assigned(e) => {
                if self.sort() == Sort::Transfer {
                    self.due = e.until;
                }
                self.at_centre = e.to == Target::Centre || e.to == Target::Leader;
                self.assigned = Some(done(mark, e));
            }
            What::Handled(e) => {
                self.due = e.answer_due;
                self.reopened = None;
                self.handled = Some(done(mark, e));
            }
            What::Answered(e) => {
                self.due = None;
                self.answered = Some(done(mark, e));
            }
            What::Revisited(e) => self.revisited = Some(done(mark, e)),
            What::Explained(e) => self.explained = Some(done(mark, e)),
            What::Concluded(e) => self.concluded = Some(done(mark, e)),
            What::Escalated(e) => {
                self.at_centre = true;
                self.escalated.push(done(mark, e));
            }
            What::Closed(e) => {
                self.reopened = None;
                self.closed = Some(done(mark, e));
            }
            What::Reopened(e) => self.begin_again(mark, e),
            What::Linked(e) => self.links.push(e.clone()),
            What::Published(e) => {
                self.was_published = true;
                self.published = Some(done(mark, e));
            }
            What::Unpublished(_) => self.published = None,
            What::Signed(e) => self.signed.push(done(mark, e)),
            What::Filed(e) => self.filed = Some(done(mark, e)),
            What::Reported(e) => self.reported = Some(done(mark, e)),
            What::Pictured(e) => self.photos.push(done(mark, e)),
            What::Noted(_) | What::Settled(_) | What::Unknown { .. } => {}
        }
        if self.sort() == Sort::Rating {
            self.due = self.rating_due();
        }
    }

    /// A 差评 has two clocks: until when it is answered, and until when what it is about is put right.
    fn rating_due(&self) -> Option<jiff::civil::Date> {
        let reply = self.reply_by.filter(|_| self.answered.is_none());
        let fix = self.assigned.as_ref().filter(|_| self.handled.is_none() && !self.is_excluded());
        [reply, fix.and_then(|assigned| assigned.what.until)].into_iter().flatten().min()
    }

    /// What was found out before stays (分类); who handles it and what came of it are to be written anew.
    fn begin_again(&mut self, mark: &Mark, e: &Reopened) {
        self.assigned = None;
        self.handled = None;
        self.answered = None;
        self.revisited = None;
        self.closed = None;
        self.at_centre = false;
        self.escalated.clear();
        self.due = e.due;
        self.reply_by = e.due;
        self.reopened = Some(done(mark, e));
    }
}
