//! 上报: the papers go to a body outside the mesh.

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::{Acting, needed, not_future},
    event::ReportedUp,
};
use crate::{Refusal, record::Edit};

/// What went out.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    let mut acting = Acting::on(case, ctx);
    acting.event(ReportedUp {
        list: command.list.trim().to_owned(),
        receiver: command.receiver.trim().to_owned(),
        on: command.on,
    })?;
    Ok(acting.done())
}
