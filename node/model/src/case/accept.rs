//! 受理, as far as the station's written authority allows: 受理通知书 in the principal's name, or 收件凭证 and 代办委托书.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Case, Checked, Ctx, Proof,
    ctx::Acting,
    deferred,
    event::{Accepted, DeferredSigned, OnBehalf, PromiseSigned},
    facts,
    receive::{Receive, take_in},
};
use crate::{
    FieldErrors, Refusal,
    authority::{IntakePaper, Standing},
    calendar::Calendar,
    item::Version,
    record::{Candidate, Edit, OpId, Record, Value},
};

/// What acceptance rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// Number and query code, when the papers are taken in the same act.
    pub receive: Option<Receive>,
    /// From [`crate::authority::decide`].
    pub standing: Standing,
    /// The applicant promised falsely before, and nobody has registered a repair.
    pub barred: bool,
}

/// Accepts when every rule is met; otherwise refuses and lists what is missing. Takes the papers first where that has
/// not been done. Acting on behalf is the same act with the other paper.
///
/// # Errors
/// With every field and gap; nothing typed is lost.
pub fn accept(case: &Case, command: &Accept, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    let checked = case.filing.check(version, ctx.today);
    if !checked.is_ready() {
        return Err(Refusal::fields(checked.all_errors()));
    }
    may_leave_out(&checked, version, command)?;
    if case.received.is_none() {
        let Some(receive) = &command.receive else {
            return Err(Refusal::because("还没有办件编号，请重新点一次受理。"));
        };
        take_in(&mut acting, receive, version, ctx)?;
    }
    match command.standing.paper {
        IntakePaper::AcceptanceNotice => {
            acting.event(acceptance(&command.standing, version, ctx.today, ctx.calendar))?;
        }
        IntakePaper::OnBehalf => {
            acting.event(on_behalf(&command.standing, ctx))?;
            let days = Value::Int(i64::from(ctx.calendar.hand_over().days));
            acting.edit().facts.insert(facts::HAND_OVER_DAYS.to_owned(), Some(days));
        }
    }
    sign(&mut acting, checked, version, ctx)?;
    Ok(acting.done())
}

/// As [`accept`], of papers that were taken before: `good` names materials and rules that are in order by now.
///
/// # Errors
/// As [`accept`], or when something is named that the item does not ask for.
pub fn complete(
    record: &Record,
    good: &[String],
    command: &Accept,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let mut now = record.clone();
    let mut facts = BTreeMap::new();
    for name in good {
        let word = if name.starts_with("m/") { "ok" } else { "pass" };
        if !facts::is_gap(name, version) || !(name.starts_with("m/") || name.starts_with("r/")) {
            return Err(Refusal::field("good", "现在合格的", "有一项认不出来，请重新选。"));
        }
        facts.insert(name.clone(), Some(Value::Text(word.to_owned())));
        let op = OpId { lamport: u64::MAX, actor: [0; 16] };
        now.facts.insert(name.clone(), vec![Candidate { value: Value::Text(word.to_owned()), op }]);
    }
    let (case, _) = Case::read(&now, Some(version));
    let mut edit = accept(&case, command, version, ctx)?;
    edit.facts.extend(facts);
    Ok(edit)
}

/// Why this filing may not be accepted with what it leaves out.
fn may_leave_out(checked: &Checked, version: &Version, command: &Accept) -> Result<(), Refusal> {
    let mut errors = FieldErrors::default();
    let mut tell = |ids: &[String], words: &str| {
        for material in version.materials.iter().filter(|m| ids.contains(&m.id)) {
            errors.add(facts::material(&material.id), material.name.clone(), words);
        }
    };
    if command.barred {
        let words = "此人有失信记录，不能容缺或承诺，请带齐材料再办。";
        tell(&checked.deferred, words);
        tell(&checked.promised, words);
    } else if command.standing.paper == IntakePaper::OnBehalf {
        tell(&checked.deferred, "本站只能代办收件，容缺要由受理的单位同意，请补齐再收。");
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::fields(errors)) }
}

/// The signed promises, and how each material that is done without is vouched for.
fn sign(
    acting: &mut Acting<'_, '_>,
    checked: Checked,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<(), Refusal> {
    if !checked.deferred.is_empty() {
        let until = deferred::until(version, &checked.deferred, ctx.today, ctx.calendar);
        acting.event(DeferredSigned { materials: checked.deferred, until, on: ctx.today })?;
    }
    if !checked.promised.is_empty() {
        acting.event(PromiseSigned { materials: checked.promised, on: ctx.today })?;
    }
    let filing = acting.state.filing.clone();
    for material in version.materials_for(filing.scenario()) {
        let Some(proof) = filing.proof(material).filter(|proof| *proof != Proof::None) else { continue };
        let how = Value::Text(proof.code().to_owned());
        acting.edit().facts.insert(facts::material_how(&material.id), Some(how));
    }
    Ok(())
}

/// Acceptance as of a day, which is not counted itself.
pub(super) fn acceptance(standing: &Standing, version: &Version, on: Date, calendar: &Calendar) -> Accepted {
    let promised = deferred::promised(version);
    let due = promised.or(version.legal).map(|limit| calendar.due(on, limit));
    Accepted {
        way: standing.way,
        principal: standing.principal.clone(),
        authority: standing.document.clone(),
        legal: version.legal,
        promised,
        on,
        due: due.map(|d| d.date),
        provisional: due.is_some_and(|d| d.provisional),
    }
}

fn on_behalf(standing: &Standing, ctx: &Ctx<'_>) -> OnBehalf {
    let due = ctx.calendar.due(ctx.today, ctx.calendar.hand_over());
    OnBehalf {
        principal: standing.principal.clone(),
        on: ctx.today,
        hand_over_due: due.date,
        fell_back: standing.fell_back,
    }
}
