//! A named person settles an anomaly.

use super::{
    Anomaly, AnomalyKind, Case, Ctx,
    ctx::{Acting, needed},
    event::{Settled, Settlement},
};
use crate::{
    Refusal,
    record::{Edit, OpId},
};

/// Settles one of the anomalies that [`Case::read`] gave.
///
/// # Errors
/// When it is none of them, or one that only an upgrade or a sync settles.
pub fn settle(
    case: &Case,
    anomalies: &[Anomaly],
    event: OpId,
    verdict: Settlement,
    reason: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    needed("reason", "理由", reason, "请写为什么这样处置。")?;
    let Some(anomaly) = anomalies.iter().find(|a| a.op == event) else {
        return Err(Refusal::because("这处异常已经处置过了，请刷新再看。"));
    };
    if anomaly.kind != AnomalyKind::NotAllowed {
        return Err(Refusal::because(anomaly.why.clone()));
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("settle", reason);
    acting.event(Settled { event, verdict, reason })?;
    Ok(acting.done())
}
