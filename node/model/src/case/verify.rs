//! 免提交: what was taken as 待核验 while the line was down is looked up, and what was found is registered.

use super::{
    Case, Ctx, Proof, Tick,
    ctx::{Acting, needed, within},
    event::{ExemptVerified, Source},
    facts,
};
use crate::{
    Refusal,
    record::{Edit, Value},
};

/// What was looked up.
#[derive(Clone, PartialEq, Eq)]
pub struct Verify {
    /// Material ids.
    pub materials: Vec<String>,
    /// Where.
    pub source: Source,
    /// What stands there agrees.
    pub holds: bool,
    /// What was found; needed where it does not.
    pub words: String,
}

/// Registers it. What does not hold counts as 不合格 from then on, and is asked for by a supplement.
///
/// # Errors
/// When nothing is named, something is named that does not wait, or the state does not allow it.
pub fn verify(case: &Case, command: &Verify, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let waiting = case.unverified();
    if command.materials.is_empty() {
        return Err(Refusal::field("materials", "核验的材料", "还没选核验了哪几样。"));
    }
    if command.materials.iter().any(|id| !waiting.contains(&id.as_str())) {
        return Err(Refusal::field("materials", "核验的材料", "选的材料里有一样不用核验，请重新选。"));
    }
    if command.holds {
        within("words", "核验情况", &command.words)?;
    } else {
        needed("words", "核验情况", &command.words, "对不上的要写清哪里对不上。")?;
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("verify", &command.words);
    let (materials, source, holds) = (command.materials.clone(), command.source, command.holds);
    acting.event(ExemptVerified { materials, source, holds, words, on: ctx.today })?;
    let proof = match source {
        Source::Shared => Proof::Shared,
        Source::Licence => Proof::Licence,
    };
    for id in &command.materials {
        let (name, code) = if holds {
            (facts::material_how(id), proof.code())
        } else {
            (facts::material(id), Tick::Bad.code())
        };
        acting.edit().facts.insert(name, Some(Value::Text(code.to_owned())));
    }
    Ok(acting.done())
}

impl std::fmt::Debug for Verify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verify").field("materials", &self.materials).finish_non_exhaustive()
    }
}
