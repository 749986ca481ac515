use super::Intake;
use crate::ActError;
use canon::Canon as _;
use identity::{Adoption, MembershipList};
use std::sync::Arc;
use store::registers;
use sync::{Outcome, Reason, Receipt, Register, kind};

impl Intake<'_, '_> {
    pub(super) fn register(&mut self, register: &Register) -> Result<Outcome, ActError> {
        let taken = match register.kind {
            kind::MEMBERSHIP => self.list(register)?,
            kind::RECEIPT => self.newer_receipt(register)?,
            _ => self.newer(register)?,
        };
        if !taken {
            tracing::warn!(kind = register.kind, owner = ?register.owner, "register refused");
            return Ok(Outcome::Refused(Reason::Register));
        }
        Ok(Outcome::Durable { seq: 0 })
    }

    fn list(&mut self, register: &Register) -> Result<bool, ActError> {
        let root = *self.membership.root();
        let Ok(list) = MembershipList::from_canon(&register.body) else { return Ok(false) };
        match self.membership.adopt(list, &root) {
            Ok(Adoption::Take { membership, broken_chain }) => {
                if broken_chain {
                    tracing::error!(number = ?membership.number(), "the list before this one was another: tell the engineer");
                }
                self.put(register)?;
                if membership.centre_term() != self.membership.centre_term() {
                    // The centre was restored or is another: what it says it holds must be said anew, to everybody.
                    self.writers.extend(membership.members().iter().map(|member| member.device));
                }
                self.note_cuts(&membership);
                self.membership = Arc::new(Clone::clone(&*membership));
                self.job.fresh.membership = Some(*membership);
                Ok(true)
            }
            Ok(Adoption::Same | Adoption::Older) => Ok(true),
            Ok(Adoption::Conflict) => {
                tracing::error!(
                    number = register.number,
                    "two membership lists with one number: the first is kept"
                );
                Ok(false)
            }
            Err(fault) => {
                tracing::warn!(%fault, "membership list refused");
                Ok(false)
            }
        }
    }

    /// A newer receipt replaces, never max-merges: a centre that came back from an older backup tells what it lost. One of
    /// a centre that is no longer the centre gives way whatever its number.
    fn newer_receipt(&mut self, register: &Register) -> Result<bool, ActError> {
        let Ok(offered) = Receipt::from_register(register) else { return Ok(false) };
        let centre = self.membership.centre().map(|centre| centre.device);
        if Some(register.owner) != centre {
            return Ok(false);
        }
        let held = self.held(register)?.filter(|held| Some(held.owner) == centre);
        let held = held.and_then(|held| Receipt::from_register(&held).ok());
        if held.is_none_or(|held| offered.order() > held.order()) {
            self.put(register)?;
        }
        Ok(true)
    }

    fn newer(&mut self, register: &Register) -> Result<bool, ActError> {
        if self.held(register)?.is_none_or(|held| register.number > held.number) {
            self.put(register)?;
        }
        Ok(true)
    }

    fn held(&self, register: &Register) -> Result<Option<Register>, ActError> {
        Ok(registers::get(self.job.tx, &register.mark().slot())?)
    }

    fn put(&mut self, register: &Register) -> Result<(), ActError> {
        Ok(registers::put(self.job.tx, register)?)
    }
}
