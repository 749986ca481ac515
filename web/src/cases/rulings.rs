//! What waits for a person's ruling, as the home pages list it.

use app::ActError;
use app::cases::{CaseLine, Filter};

/// The first few of what waits for a ruling, for the home pages.
#[derive(Default)]
pub(crate) struct Rulings {
    pub(crate) count: u64,
    pub(crate) lines: Vec<(String, String)>,
    /// Groups of cases that may be one request written down twice.
    pub(crate) twins: u64,
}

impl Rulings {
    /// Reads them.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn read(node: &app::Node) -> Result<Self, ActError> {
        let lines = node.cases(Filter::Troubles, None, HOME)?.lines;
        let line = |line: &CaseLine| {
            (format!("{}　{}", line.name, line.item), format!("/clashes/{}", line.id.hex()))
        };
        Ok(Self {
            count: node.troubles()?,
            lines: lines.iter().map(line).collect(),
            twins: node.twin_count()?,
        })
    }
}

/// Lines of it on a home page.
const HOME: usize = 3;
