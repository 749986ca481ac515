//! The papers and materials of a case in a list, and which paper comes next after an act.

use model::case::event::What;
use model::case::{Outcome, Standing, facts};
use model::papers::Paper;

use super::deed::Deed;
use super::photos;
use super::show::Told;
use crate::view::Said;

/// A paper or material in the list.
pub(crate) struct PaperLine {
    pub(crate) icon: &'static str,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) note: String,
}

/// What the last act was, so that the page can say it is done and which paper comes next.
#[derive(serde::Deserialize, Clone, Default)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// The words of a banner; nothing for a code that is none of ours.
    pub(super) fn said(&self, told: &Told<'_>) -> Option<Said> {
        let text = match self.done.as_str() {
            "taken" => "已存下，办件编号已生成。请打印文书，交给申请人。".to_owned(),
            "together" => {
                let count = told.case.package.as_ref().map_or(0, |package| package.what.sisters.len()) + 1;
                format!("{count} 件一起办好了，每件都有自己的编号。请打印全部文书，交给申请人。")
            }
            "papers" => {
                let count = told.case.package.as_ref().map_or(0, |package| package.what.sisters.len()) + 1;
                format!(
                    "{count} 件都收下了，每件都有自己的编号。齐的已经受理，没齐的 5 个工作日内要受理，或者把缺的一次告知。"
                )
            }
            "received" => "已收件，编号已生成，还没受理。5 个工作日内要受理，或者把缺的一次告知。".to_owned(),
            "before" => "刚才已经办好了，没有重复生成编号。".to_owned(),
            "again" => "刚才已经办好了，没有重复办。".to_owned(),
            "return" => "“退件”已存下。请打印退件通知书，和材料一起交给申请人。".to_owned(),
            code => format!("“{}”已存下。", told.label(Deed::parse(code)?)),
        };
        Some(Said { kind: "green", text })
    }

    /// The papers that are handed to the applicant after it.
    fn papers(&self) -> &'static [Paper] {
        match self.done.as_str() {
            "taken" => &[Paper::Acceptance, Paper::Receipt, Paper::Mandate, Paper::Deferral, Paper::Promise],
            "accept" | "deem" => &[Paper::Acceptance],
            "tell" => &[Paper::OneTimeNotice],
            "approve-extension" => &[Paper::Extension],
            "start-special" => &[Paper::Special],
            "post-notice" => &[Paper::Posted],
            "revoke" => &[Paper::Revoked],
            "ask-supplement" => &[Paper::Supplement],
            "not-accept" => &[Paper::NotAccepted],
            "refuse" => &[Paper::Refused],
            "return" => &[Paper::Returned],
            "ready" | "deliver" => &[Paper::Delivery],
            _ => &[],
        }
    }
}

impl Told<'_> {
    /// The papers that can be printed, then the materials, then the steps that are photographed.
    pub(crate) fn papers(&self) -> Vec<PaperLine> {
        let mut lines: Vec<PaperLine> =
            self.printable().into_iter().map(|paper| self.paper_line(paper)).collect();
        let scenario = self.case.filing.scenario();
        for material in self.version.iter().flat_map(|version| version.materials_for(scenario)) {
            let key = facts::material(&material.id);
            let apart = self.case.conflicts.iter().any(|conflict| {
                conflict.name == key
                    || conflict.name.strip_prefix(&key).is_some_and(|end| end.starts_with('/'))
            });
            let asked = if apart { Some("有两个值，等人定") } else { self.asked_for(&key) };
            lines.push(photos::line(self.case, self.id, material, asked));
        }
        lines.extend(self.case.scenes().map(|scene| photos::scene_line(self.case, self.id, scene)));
        lines
    }

    fn paper_line(&self, paper: Paper) -> PaperLine {
        let name = match (paper, self.version) {
            (Paper::Refused, Some(version)) => version.nature().refusal_title(),
            _ => paper.label(),
        };
        let href = format!("/cases/{}/papers/{}", self.id, paper.code());
        PaperLine { icon: "doc", name: name.to_owned(), href, note: "打印".to_owned() }
    }

    /// What to print after the last act.
    pub(crate) fn to_print(&self, done: &Done) -> Vec<PaperLine> {
        let handed = |paper: &Paper| crate::together::HANDED.contains(paper);
        let some = done.done == "papers" && self.printable().iter().any(handed);
        if done.done == "together" || some {
            let href = format!("/cases/{}/papers", self.id);
            return vec![PaperLine {
                icon: "doc", name: "全部文书".to_owned(), href, note: String::new()
            }];
        }
        let there = self.printable();
        let wanted = done.papers().iter().filter(|paper| there.contains(paper));
        let line = |paper: &Paper| {
            let line = self.paper_line(*paper);
            PaperLine { href: format!("{}?now=1", line.href), ..line }
        };
        wanted.map(line).collect()
    }

    /// Whether a material or rule was asked for again, and whether it came: its first mark says nothing then.
    pub(crate) fn asked_for(&self, key: &str) -> Option<&'static str> {
        let asked = self.case.supplement.as_ref()?;
        let here = asked.what.gaps.iter().any(|gap| gap == key);
        here.then_some(if self.case.supplemented.is_some() { "已补" } else { "等补正" })
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
}
