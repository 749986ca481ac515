//! What is printed of a case, and what a person must look at.

use model::case::event::What;
use model::case::{Outcome, Standing};
use model::papers::Paper;

use super::super::words;
use super::{PaperLine, Told};
use crate::view::Said;

impl Told<'_> {
    /// The papers that can be printed, then the materials.
    pub(crate) fn papers(&self) -> Vec<PaperLine> {
        let mut lines: Vec<PaperLine> = Vec::new();
        for paper in self.printable() {
            let name = paper.label().to_owned();
            let href = format!("/cases/{}/papers/{}", self.id, paper.code());
            lines.push(PaperLine { icon: "doc", name, href, note: "打印".to_owned() });
        }
        let scenario = self.case.filing.scenario();
        for material in self.version.iter().flat_map(|version| version.materials_for(scenario)) {
            let note = self.case.filing.material(&material.id).label().to_owned();
            let name = material.name.clone();
            lines.push(PaperLine { icon: "card", name, href: String::new(), note });
        }
        lines
    }

    /// Which papers this case has.
    pub(crate) fn printable(&self) -> Vec<Paper> {
        let case = self.case;
        let told = case.timeline.iter().any(|entry| matches!(entry.what, What::NoticePrinted(_)));
        let asked = case.supplement.is_some() || case.supplemented.is_some();
        let refused = |wanted| case.outcome.as_ref().is_some_and(|(outcome, ..)| *outcome == wanted);
        let outcome = case.outcome.as_ref().map(|(outcome, ..)| *outcome);
        let counts = |standing| matches!(standing, Standing::Counts | Standing::Forced);
        let has =
            |wanted: fn(&What) -> bool| case.timeline.iter().any(|e| counts(e.standing) && wanted(&e.what));
        let given =
            outcome.zip(self.version).is_some_and(|(outcome, version)| outcome.paper(version).is_some());
        let all = [
            (Paper::Acceptance, case.accepted.is_some()),
            (Paper::Receipt, case.on_behalf.is_some()),
            (Paper::Mandate, case.on_behalf.is_some()),
            (Paper::Form, case.received.is_some()),
            (Paper::OneTimeNotice, told),
            (Paper::Supplement, asked),
            (Paper::NotAccepted, refused(Outcome::NotAccepted)),
            (Paper::Returned, refused(Outcome::Returned)),
            (Paper::Refused, refused(Outcome::Refused)),
            (Paper::Delivery, given),
            (Paper::Deferral, has(|what| matches!(what, What::DeferredSigned(_)))),
            (Paper::Promise, has(|what| matches!(what, What::PromiseSigned(_)))),
            (Paper::Extension, case.extension.is_some()),
            (Paper::Special, has(|what| matches!(what, What::SpecialStarted(_)))),
            (Paper::Posted, case.notice.is_some()),
            (Paper::Revoked, case.revoked.is_some()),
            (Paper::Progress, case.received.is_some()),
        ];
        all.into_iter().filter(|(_, has)| *has).map(|(paper, _)| paper).collect()
    }

    /// What a person must look at: acts that had no effect, values that stand against each other.
    pub(crate) fn warnings(&self) -> Vec<Said> {
        let odd =
            self.anomalies.iter().map(|anomaly| format!("“{}”没有生效：{}", anomaly.title, anomaly.why));
        let apart =
            self.case.conflicts.iter().map(|conflict| format!("“{}”有两个值，要人来定。", conflict.label));
        let pending = self.case.unverified().into_iter().map(|id| words::named(id, self.version));
        let pending: Vec<String> = pending.collect();
        let pending = (!pending.is_empty())
            .then(|| format!("免提交的{}还没核验，线路通了请核对并登记。", pending.join("、")));
        let late = self.case.deferral_due().filter(|until| *until < self.today);
        let late = late.map(|until| {
            format!("容缺材料没有在{}前补齐，请催补；不补的，由人登记退件。", words::full_day(until))
        });
        let broken = self.case.bars().then(|| "核查发现承诺不实。修复以前，此人不能容缺或承诺。".to_owned());
        odd.chain(apart)
            .chain(pending)
            .chain(late)
            .chain(broken)
            .map(|text| Said { kind: "amber", text })
            .collect()
    }
}
