//! What is signed at the counter: the form, the promises; and how a material that is done without is vouched for.

use model::authority::IntakePaper;
use model::case::{Proof, Signed, facts};
use model::item::{Exemption, Material, Need};

use super::build::Taking;
use super::{PromiseRow, Signing};
use crate::view::{Choice, Field, Segments};

/// Whether a field is about how the form was signed.
pub(super) fn is_signing(field: &str) -> bool {
    matches!(field, facts::SIGNED | facts::SIGNER | facts::SIGN_REASON | facts::WITNESS)
}

impl Taking<'_> {
    /// 容缺 is for whom nothing stands against, and where this box may accept.
    pub(super) fn may_defer(&self) -> bool {
        !self.barred && self.standing.paper == IntakePaper::AcceptanceNotice
    }

    pub(super) fn signing(&self) -> Option<Signing> {
        self.version.form_for(self.filing.scenario()).next()?;
        let options = Signed::ALL.into_iter().map(|one| Choice::new(one.code(), one.label())).collect();
        let how = Segments::new(facts::SIGNED, "申请表怎么签的", self.typed(facts::SIGNED), options)
            .error(self.error(facts::SIGNED));
        let line = |name: &str, label: &str, width: &'static str| {
            Field::text(name, label, self.typed(name)).width(width).error(self.error(name))
        };
        let proxy = if self.typed(facts::SIGNED) == Signed::Proxy.code() {
            vec![
                line(facts::SIGNER, "代签人", "s"),
                line(facts::WITNESS, "见证人", "s").hint("在场的另一个人"),
                line(facts::SIGN_REASON, "代签原因", "l").hint("手抖、不识字"),
            ]
        } else {
            Vec::new()
        };
        Some(Signing { how, proxy })
    }

    /// The promises that this scenario may call for; none for whom promises falsely.
    pub(super) fn promises(&self) -> Vec<PromiseRow> {
        let asked = || self.version.materials_for(self.filing.scenario());
        let names = |ids: &[String]| {
            let named = ids.iter().filter_map(|id| self.version.material(id));
            named.map(|m| m.name.as_str()).collect::<Vec<_>>().join("、")
        };
        let row = |name: &str, title: &str, print: &str, ids: &[String], what: &str| PromiseRow {
            name: name.to_owned(),
            title: title.to_owned(),
            note: if ids.is_empty() { what.to_owned() } else { names(ids) },
            print: print.to_owned(),
            on: self.filing.flag(name),
            error: self.error(name),
        };
        let mut rows = Vec::new();
        if self.may_defer() && asked().any(|m| m.need == Need::Deferrable) {
            let (ids, what) = (&self.checked.deferred, "有材料选了“容缺后补”时要签");
            rows.push(row(facts::DEFERRED_SIGNED, "容缺受理承诺书", "deferral", ids, what));
        }
        if !self.barred && asked().any(|m| m.exemption == Some(Exemption::Promise)) {
            let (ids, what) = (&self.checked.promised, "愿意承诺的签；不愿意的交证明，照样办");
            rows.push(row(facts::PROMISE_SIGNED, "告知承诺书", "promise", ids, what));
        }
        rows
    }

    /// How a material one can do without is vouched for; a promise and what nobody needs ask nothing.
    pub(super) fn how(&self, material: &Material) -> Option<Segments> {
        let proof = match (material.exemption, material.need) {
            (Some(Exemption::Licence), _) => Proof::Licence,
            (Some(Exemption::Shared), _) | (None, Need::Exempt) => Proof::Shared,
            (Some(Exemption::NotNeeded | Exemption::Promise), _) | (None, _) => return None,
        };
        let name = facts::material_how(&material.id);
        let options = [proof, Proof::Pending].map(|one| Choice::new(one.code(), one.label())).to_vec();
        let typed = self.typed(&name);
        let chosen = if typed.is_empty() { Proof::Pending.code().to_owned() } else { typed };
        Some(Segments::new(name, format!("{}怎么核验", material.name), chosen, options))
    }
}
