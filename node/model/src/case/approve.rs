//! 审批通过 by a body inside the mesh: the centre, or the station itself for 授权办理.

use super::{
    Case, Ctx,
    ctx::{Acting, within},
    event::Approved,
};
use crate::{Refusal, record::Edit};

/// A decision in favour.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Approve {
    /// Number of the result paper, may be empty.
    pub paper: String,
    /// 意见, may be empty.
    pub opinion: String,
}

/// Approves.
///
/// # Errors
/// When the state, the route or the station's level does not allow it; the message says who decides.
pub fn approve(case: &Case, command: &Approve, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("paper", "文号", &command.paper)?;
    within("opinion", "意见", &command.opinion)?;
    let mut acting = Acting::on(case, ctx);
    let opinion = acting.maybe("opinion", &command.opinion);
    let paper = acting.maybe("paper", &command.paper);
    acting.event(Approved { paper, opinion, on: ctx.today })?;
    Ok(acting.done())
}

impl std::fmt::Debug for Approve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Approve").finish_non_exhaustive()
    }
}
