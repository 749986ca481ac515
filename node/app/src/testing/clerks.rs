#![expect(clippy::expect_used, reason = "test support: what the sample catalogue cannot do is a broken test")]

use super::{Invented, answers};
use crate::cases::CaseId;
use crate::{ActError, Node, Who};
use model::case::facts;
use model::item::{Item, Level, Version, Way};

/// An invented clerk.
#[must_use]
pub fn clerk() -> Who {
    Who { staff: "s1".into(), name: "陈春梅".into(), post: "综合窗口".into(), session: String::new() }
}

/// An item of the catalogue in force that the township itself decides, and that a station may accept.
///
/// # Panics
/// When the catalogue has none: load the sample first.
#[must_use]
pub fn township_item(node: &Node) -> Version {
    let (reference, today) = (node.reference(), node.today());
    let decided_here = |version: &Version| {
        let step = version.deciding_step();
        step.is_some_and(|step| step.level == Level::Township && !step.outside)
            && version.way != Way::OnBehalf
    };
    let mut current = reference.catalogue.items().filter_map(|item: &Item| item.on(today).cloned());
    current.find(decided_here).expect("an item the township decides")
}

/// A case as a clerk takes it: draft, everything typed rightly for the n-th person, accepted; a case of theirs that is known is
/// looked at first, and this is another one.
///
/// # Errors
/// As the use cases.
pub fn take(node: &Node, version: &Version, person: u64) -> Result<CaseId, ActError> {
    let who = clerk();
    let draft = node.start_draft(&who, &version.code)?;
    let scenario = version.scenarios.first().map_or("", |scenario| scenario.id.as_str());
    node.save_draft(&who, draft, answers(version, scenario, &Invented::nth(person)))?;
    let known = node.twins_of_draft(draft)?;
    let again = known.iter().filter(|twin| !twin.draft);
    let said = again.map(|twin| (facts::twin(&twin.line.id.hex()), "again".to_owned()));
    node.save_draft(&who, draft, said.collect())?;
    Ok(node.accept(&who, draft)?.id)
}
