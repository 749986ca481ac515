//! 容缺: the papers that were promised come.

use super::{Case, Ctx, ctx::Acting, event::DeferredArrived, facts};
use crate::{
    Refusal,
    record::{Edit, Value},
};

/// Takes deferred materials.
///
/// # Errors
/// When none is named or none is open.
pub fn arrived(case: &Case, materials: &[String], ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if materials.is_empty() {
        return Err(Refusal::field("materials", "补齐的材料", "还没选补齐了哪几样。"));
    }
    let mut acting = Acting::on(case, ctx);
    acting.event(DeferredArrived { materials: materials.to_vec(), on: ctx.today })?;
    for id in materials {
        let ok = Value::Text("ok".to_owned());
        acting.edit().facts.insert(facts::material(id), Some(ok));
    }
    Ok(acting.done())
}
