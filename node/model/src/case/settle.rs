//! A named person settles an anomaly.

use super::{Anomaly, Case, Ctx, event::Settlement};
use crate::{
    Refusal,
    history::{self, needed},
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
    history::settle(case, anomalies, (event, verdict), reason, ctx)
}
