//! The sections an item is edited in.

use app::authoring::ItemDraft;
use model::item::table::{Look, Part, Table};

/// One section of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section {
    /// In addresses.
    pub(crate) key: &'static str,
    /// On screen.
    pub(crate) name: &'static str,
    pub(crate) table: Table,
    part: Part,
}

/// All of them, in the order of the work.
pub(crate) const SECTIONS: [Section; 9] = [
    Section { key: "basics", name: "基本信息", table: Table::Item, part: Part::Basics },
    Section { key: "guide", name: "办事指南", table: Table::Item, part: Part::Guide },
    Section { key: "scenarios", name: "情形", table: Table::Scenarios, part: Part::Row },
    Section { key: "materials", name: "材料", table: Table::Materials, part: Part::Row },
    Section { key: "rules", name: "审查细则", table: Table::Rules, part: Part::Row },
    Section { key: "steps", name: "环节", table: Table::Steps, part: Part::Row },
    Section { key: "form", name: "申请表", table: Table::Form, part: Part::Row },
    Section { key: "fee", name: "收费", table: Table::Item, part: Part::Fee },
    Section { key: "results", name: "结果", table: Table::Results, part: Part::Row },
];

impl Section {
    pub(crate) fn parse(key: &str) -> Option<Self> {
        SECTIONS.into_iter().find(|section| section.key == key)
    }

    /// The section where a difference is edited.
    pub(crate) fn of(table: Table, part: Part) -> Option<Self> {
        SECTIONS
            .into_iter()
            .find(|section| section.table == table && (table != Table::Item || section.part == part))
    }

    /// It is a list of rows, not one form.
    pub(crate) fn is_list(self) -> bool {
        self.table != Table::Item
    }

    /// Its columns, each with its place in a row.
    pub(crate) fn looks(self) -> Vec<(usize, Look)> {
        let all = self.table.looks().into_iter().enumerate();
        all.filter(|(_, look)| look.part == self.part).collect()
    }

    /// How much stands there.
    pub(crate) fn note(self, draft: &ItemDraft) -> String {
        if self.is_list() {
            return match self.table.len(&draft.version) {
                0 => "还没有".to_owned(),
                count => format!("{count} 条"),
            };
        }
        let row = self.table.rows(&draft.version).into_iter().next().unwrap_or_default();
        let looks = self.looks();
        let filled =
            looks.iter().filter(|(place, _)| row.get(*place).is_some_and(|word| !word.is_empty())).count();
        format!("填了 {filled} 栏，共 {} 栏", looks.len())
    }
}

/// The section after one, to go on to.
pub(crate) fn next(key: &str) -> Option<Section> {
    let mut rest = SECTIONS.into_iter().skip_while(|section| section.key != key);
    rest.next();
    rest.next()
}
