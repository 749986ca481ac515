//! 上报: the papers go to a body outside the mesh.

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::{Acting, needed, not_before_received, not_future},
    event::ReportedUp,
};
use crate::{Refusal, record::Edit};

/// What went out.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportUp {
    /// 花名册 or batch.
    pub list: String,
    /// Which body, and who there took it.
    pub receiver: String,
    /// When.
    pub on: Date,
}

/// Registers that the papers went out.
///
/// # Errors
/// When an earlier step is open, it was done already, or a field is wrong.
pub fn report_up(case: &Case, command: &ReportUp, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("list", "花名册或批次", &command.list, "没有花名册就写交接单号。")?;
    needed("receiver", "接收人", &command.receiver, "请写明交给哪个单位的谁。")?;
    not_future("on", "上报日期", command.on, ctx.today)?;
    not_before_received("on", "上报日期", command.on, case)?;
    let mut acting = Acting::on(case, ctx);
    let list = acting.words("list", &command.list);
    let receiver = acting.words("receiver", &command.receiver);
    acting.event(ReportedUp { list, receiver, on: command.on })?;
    Ok(acting.done())
}

impl std::fmt::Debug for ReportUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportUp").field("on", &self.on).finish_non_exhaustive()
    }
}
