//! What an act changes, once it is allowed or settled to stand.

use jiff::civil::Date;

use super::{Case, Deferred, Done, Mark, Outcome, event::*};
use crate::{calendar::Stop, item::Act};

fn done<T: Clone>(mark: &Mark, what: &T) -> Option<Done<T>> {
    Some(Done { mark: mark.clone(), what: what.clone() })
}

impl Case {
    /// Applies an event's effect without asking whether it is allowed.
    pub(super) fn effect(&mut self, mark: &Mark, what: &What) {
        match what {
            What::Received(e) => {
                self.received = done(mark, e);
                self.station = mark.stamp.station;
                self.step_done(Act::Receive, mark, e.on);
            }
            What::Accepted(e) => {
                self.accepted = done(mark, e);
                self.step_done(Act::Accept, mark, e.on);
            }
            What::OnBehalf(e) => self.on_behalf = done(mark, e),
            What::SupplementAsked(_)
            | What::SupplementReceived(_)
            | What::SpecialStarted(_)
            | What::SpecialEnded(_) => self.clock_effect(mark, what),
            What::ExtensionAsked(_) | What::ExtensionApproved(_) | What::ExtensionDeclined(_) => {
                self.extension_effect(mark, what);
            }
            What::Deemed(e) => self.deemed = done(mark, e),
            What::HandedOver(e) => self.handed_over = done(mark, e),
            What::PromiseSigned(e) => self.promised.extend(e.materials.iter().cloned()),
            What::DeferredSigned(e) => {
                self.deferred.push(Deferred { materials: e.materials.clone(), until: e.until });
            }
            What::DeferredArrived(e) => self.arrived(&e.materials),
            What::PromiseChecked(e) => self.promise_checked = done(mark, e),
            What::BarLifted(e) => self.bar_lifted = done(mark, e),
            What::Revoked(e) => self.revoked = done(mark, e),
            What::Transcribed(e) => self.transcribed.extend(done(mark, e)),
            What::FirstReviewed(_)
            | What::ReportedUp(_)
            | What::NoticePosted(_)
            | What::NoticeEnded(_)
            | What::Visited(_)
            | What::FedBack(_)
            | What::Approved(_)
            | What::Paid(_) => self.step_effect(mark, what),
            What::PhotoAdded(_) | What::PhotoDropped(_) | What::PhotoMarked(_) => {
                self.photo_effect(mark, what)
            }
            What::NotAccepted(_)
            | What::Refused(_)
            | What::Returned(_)
            | What::Withdrawn(_)
            | What::ResultReady(_)
            | What::Delivered(_) => self.end_effect(mark, what),
            What::Archived(_)
            | What::ShelfMoved(_)
            | What::RetentionProlonged(_)
            | What::Sealed(_)
            | What::Unsealed(_) => self.archive_effect(mark, what),
            What::SealOpened(_)
            | What::NoticePrinted(_)
            | What::ExemptVerified(_)
            | What::ConflictPicked(_)
            | What::Settled(_)
            | What::Noted(_)
            | What::RatingLinked(_)
            | What::Inquired(_)
            | What::Unknown { .. } => {}
        }
    }

    fn clock_effect(&mut self, mark: &Mark, what: &What) {
        if let What::SupplementAsked(e) = what {
            self.supplement = done(mark, e);
            self.stop(e.on);
        } else if let What::SupplementReceived(e) = what {
            self.supplement = None;
            self.supplemented = done(mark, e);
            self.go_on(e.on);
        } else if let What::SpecialStarted(e) = what {
            self.special = done(mark, e);
            self.stop(e.on);
        } else if let What::SpecialEnded(e) = what {
            self.special = None;
            self.special_ended = true;
            self.go_on(e.on);
        }
    }

    fn extension_effect(&mut self, mark: &Mark, what: &What) {
        if let What::ExtensionAsked(e) = what {
            self.extension_asked = done(mark, e);
        } else if let What::ExtensionApproved(e) = what {
            self.extension = done(mark, e);
        } else if let What::ExtensionDeclined(e) = what {
            self.extension_asked = None;
            self.extension_declined = done(mark, e);
        }
    }

    fn step_effect(&mut self, mark: &Mark, what: &What) {
        if let What::FirstReviewed(e) = what {
            self.first_review = done(mark, e);
            self.step_done(Act::FirstReview, mark, e.on);
        } else if let What::ReportedUp(e) = what {
            self.reported = done(mark, e);
            self.step_done(Act::ReportUp, mark, e.on);
        } else if let What::NoticePosted(e) = what {
            self.notice = done(mark, e);
        } else if let What::NoticeEnded(e) = what {
            self.notice_ended = done(mark, e);
            self.step_done(Act::Notice, mark, e.on);
        } else if let What::Visited(e) = what {
            self.visit = done(mark, e);
            if e.finding != Finding::Nobody {
                self.step_done(Act::Visit, mark, e.on);
            }
        } else if let What::FedBack(e) = what {
            self.feedback = done(mark, e);
            self.step_done(Act::Decide, mark, e.on);
            let outcome = match e.answer {
                Answer::Agreed => Outcome::Approved,
                Answer::Declined => Outcome::Refused,
                Answer::SentBack => Outcome::Returned,
            };
            self.end(outcome, mark, e.on);
        } else if let What::Approved(e) = what {
            self.approved = done(mark, e);
            self.step_done(Act::Decide, mark, e.on);
            self.end(Outcome::Approved, mark, e.on);
        } else if let What::Paid(e) = what {
            self.paid = done(mark, e);
            self.step_done(Act::Pay, mark, e.on);
        }
    }

    fn end_effect(&mut self, mark: &Mark, what: &What) {
        if let What::NotAccepted(e) = what {
            self.end(Outcome::NotAccepted, mark, e.on);
        } else if let What::Refused(e) = what {
            self.step_done(Act::Decide, mark, e.on);
            self.end(Outcome::Refused, mark, e.on);
        } else if let What::Returned(e) = what {
            self.end(Outcome::Returned, mark, e.on);
        } else if let What::Withdrawn(e) = what {
            self.end(Outcome::Withdrawn, mark, e.on);
        } else if let What::ResultReady(e) = what {
            self.ready = done(mark, e);
        } else if let What::Delivered(e) = what {
            self.delivered = done(mark, e);
        }
    }

    /// An end that stands also ends what stopped the clock.
    fn end(&mut self, outcome: Outcome, mark: &Mark, on: Date) {
        self.outcome = Some((outcome, mark.clone(), on));
        self.supplement = None;
        self.special = None;
        self.go_on(on);
    }

    fn step_done(&mut self, act: Act, mark: &Mark, on: Date) {
        if let Some(state) = self.steps.iter_mut().find(|s| s.step.act == act && s.done.is_none()) {
            state.done = Some(mark.clone());
            state.on = Some(on);
        }
    }

    fn stop(&mut self, on: Date) {
        if !self.stops.iter().any(|s| s.to.is_none()) {
            self.stops.push(Stop { from: on, to: None });
        }
    }

    fn go_on(&mut self, on: Date) {
        if self.supplement.is_some() || self.special.is_some() {
            return;
        }
        for stop in self.stops.iter_mut().filter(|s| s.to.is_none()) {
            stop.to = Some(on);
        }
    }

    fn arrived(&mut self, materials: &[String]) {
        for deferred in &mut self.deferred {
            deferred.materials.retain(|m| !materials.contains(m));
        }
        self.deferred.retain(|d| !d.materials.is_empty());
    }
}
