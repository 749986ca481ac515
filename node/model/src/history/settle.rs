//! A named person rules on an act that the state did not allow.

use super::{Acting, Anomaly, AnomalyKind, Happening as _, Settlement, Subject};
use crate::{
    Refusal,
    case::Ctx,
    record::{Edit, OpId},
};

/// Settles one of the anomalies that the fold gave; `reason` is the words already checked.
pub(crate) fn settle<S: Subject>(
    state: &S,
    anomalies: &[Anomaly],
    (event, verdict): (OpId, Settlement),
    reason: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let Some(anomaly) = anomalies.iter().find(|anomaly| anomaly.op == event) else {
        return Err(Refusal::because("这处异常已经处置过了，请刷新再看。"));
    };
    if anomaly.kind != AnomalyKind::NotAllowed {
        return Err(Refusal::because(anomaly.why.clone()));
    }
    let mut acting = Acting::on(state, ctx);
    let reason = acting.words("settle", reason);
    acting.event(S::What::settling(event, verdict, reason))?;
    Ok(acting.done())
}
