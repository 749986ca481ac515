//! 收件: the papers are taken, the case gets its number. Without acceptance this is for papers that come in the evening
//! or that somebody else will look at; [`super::accept`] does both at once.

use super::{
    Case, Ctx,
    ctx::Acting,
    event::Received,
    facts::{self, NUMBER, QUERY_CODE},
    route::route_home,
};
use crate::{
    Refusal,
    item::Version,
    number::CaseNumber,
    record::{CellName, Edit, Value},
};

/// What the counter gives a new case.
#[derive(Clone, PartialEq, Eq)]
pub struct Receive {
    /// Minted by this box; spent even when the act is refused.
    pub number: CaseNumber,
    /// Six digits, see [`crate::number::query_code`].
    pub query_code: String,
    /// When the papers were taken, as printed: 2026-11-23 10:27.
    pub at: String,
}

impl std::fmt::Debug for Receive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Receive({})", self.number)
    }
}

/// Takes the papers: item, scenario and applicant must be right, papers may still be missing.
///
/// # Errors
/// With the fields to correct; nothing typed is lost.
pub fn receive(case: &Case, command: &Receive, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let checked = case.filing.check(version, ctx.today);
    let mut acting = Acting::on(case, ctx);
    if !checked.errors.is_empty() && case.received.is_none() {
        return Err(Refusal::fields(checked.errors));
    }
    take_in(&mut acting, command, version, ctx)?;
    Ok(acting.done())
}

/// Adds the event and what goes with it.
pub(super) fn take_in(
    acting: &mut Acting<'_, '_>,
    command: &Receive,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<(), Refusal> {
    let number = command.number.to_string();
    let filing = acting.state.filing.clone();
    let scenario = filing.scenario().to_owned();
    let taken = version.materials_for(&scenario).filter(|m| filing.material(&m.id) == super::Tick::Good);
    acting.event(Received {
        number: number.clone(),
        item: version.code.clone(),
        version: u64::from(version.version),
        materials: taken.map(|m| m.id.clone()).collect(),
        scenario,
        on: ctx.today,
    })?;
    let edit = acting.edit();
    edit.facts.insert(NUMBER.to_owned(), Some(Value::Text(number)));
    edit.facts.insert(facts::RECEIVED_AT.to_owned(), Some(Value::Text(command.at.clone())));
    if let Some(cell) = CellName::parse(QUERY_CODE) {
        edit.cells.insert(cell, Some(command.query_code.clone()));
    }
    route_home(acting, ctx)
}
