//! 综窗受理交接单 and 办结证件交接单: many cases on one list, signed by who gives and who takes.

use super::{Desk, Private};
use crate::item::Material;

/// One case on a list that goes from hand to hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// Case number.
    pub number: String,
    /// 高龄津贴申领.
    pub item: String,
    /// The applicant, in full: the list goes with the papers.
    pub applicant: Private,
    /// Of how many materials something is handed over, and how many copies.
    pub copies: (usize, u32),
    /// The result paper that goes along; blank where none does.
    pub result: Private,
}

impl Desk<'_> {
    /// This case on a list.
    #[must_use]
    pub fn sheet_line(&self) -> SheetLine {
        let (filing, case) = (&self.case.filing, self.case);
        let kept = self.kept_materials().len();
        let copies = |m: &Material| {
            let taken = filing.material(&m.id) == crate::case::Tick::Good;
            if taken { filing.copies(&m.id).unwrap_or(m.copies) } else { 0 }
        };
        let all = self.version.materials_for(filing.scenario()).map(copies).sum();
        let named = case.outcome.as_ref().and_then(|(outcome, ..)| outcome.paper(self.version));
        let result = case
            .ready
            .as_ref()
            .map_or_else(|| named.unwrap_or("").into(), |ready| self.words(&ready.what.paper));
        SheetLine {
            number: case.number().unwrap_or("").to_owned(),
            item: self.version.name.clone(),
            applicant: filing.cell(crate::case::facts::NAME).unwrap_or("").into(),
            copies: (kept, all),
            result,
        }
    }
}
