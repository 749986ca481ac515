use crate::{ListFault, Membership, MembershipList, RootId};

/// How one list stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Higher generation, or higher number in the same generation.
    Newer,
    /// The same list.
    Same,
    /// Lower.
    Older,
    /// Two lists with one number: keep the first, raise an alarm.
    Conflict,
}

/// What to do with a list that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adoption {
    /// Hold this one from now on.
    Take {
        /// The newer list.
        membership: Box<Membership>,
        /// It directly follows the held one by number, but names another list before it: somebody signed two. Alarm.
        broken_chain: bool,
    },
    /// It is the one held.
    Same,
    /// It is older: send ours.
    Older,
    /// Two lists with one number: keep ours, alarm.
    Conflict,
}

/// Why a properly signed higher list may not follow the held one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepFault {
    /// It would not verify at all.
    #[error(transparent)]
    List(#[from] ListFault),
    /// Two delegations in one generation.
    #[error("the delegation changed inside a generation")]
    DelegationChanged,
    /// The centre's incarnation went down.
    #[error("the centre's incarnation went down")]
    IncarnationLowered,
    /// A cut was dropped, or one of its heads lowered.
    #[error("a cut was dropped or lowered")]
    CutLowered,
    /// A ruling was dropped or changed.
    #[error("a ruling was dropped or changed")]
    RulingChanged,
}

impl Membership {
    /// Decides about a list that arrived while `self` is held. Lists only move forward.
    ///
    /// # Errors
    /// [`StepFault`] when it does not verify, or takes back what an earlier list had said for good.
    pub fn adopt(&self, list: MembershipList, root: &RootId) -> Result<Adoption, StepFault> {
        let next = Self::verify(list, root)?;
        match next.supersedes(self) {
            Order::Same => return Ok(Adoption::Same),
            Order::Older => return Ok(Adoption::Older),
            Order::Conflict => return Ok(Adoption::Conflict),
            Order::Newer => {}
        }
        self.may_be_followed_by(&next)?;
        let (held, new) = (self.number(), next.number());
        let follows = held.generation == new.generation && held.epoch.checked_add(1) == Some(new.epoch);
        let broken_chain = follows && next.list().roster.previous != *self.hash();
        Ok(Adoption::Take { membership: Box::new(next), broken_chain })
    }

    fn may_be_followed_by(&self, next: &Self) -> Result<(), StepFault> {
        let (held, new) = (&self.list().roster, &next.list().roster);
        if held.delegation.generation == new.delegation.generation && held.delegation != new.delegation {
            return Err(StepFault::DelegationChanged);
        }
        if new.incarnation < held.incarnation {
            return Err(StepFault::IncarnationLowered);
        }
        if !held.cuts.iter().all(|cut| next.cut(&cut.device).is_some_and(|later| cut.is_kept_by(later))) {
            return Err(StepFault::CutLowered);
        }
        if !held.rulings.iter().all(|ruling| next.ruling(&ruling.device, &ruling.epoch) == Some(ruling)) {
            return Err(StepFault::RulingChanged);
        }
        Ok(())
    }
}
