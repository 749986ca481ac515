//! The figures as JSON, one file each.

use crate::Fault;
use crate::line::{Cost, Line};
use serde_json::{Map, Value, json};
use std::path::Path;

/// What the bench came to.
pub(crate) struct Figures {
    pub(crate) line: Line,
    /// By scenario: Z, M, F.
    pub(crate) measured: [(&'static str, Cost); 3],
    /// Values that stand beside another although different fields were edited.
    pub(crate) conflicts: usize,
}

impl Figures {
    /// Writes `idle.json` (Z) and `merge.json` (M, with all scenarios beside it) and `fresh.json` (F).
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Fault> {
        let mut scenarios = Map::new();
        for (name, cost) in &self.measured {
            println!("{name}: {}", Value::Object(self.one(cost)));
            scenarios.insert((*name).to_owned(), self.one(cost).into());
        }
        let of = |name: &str| scenarios.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        let mut merge = of("M");
        merge.insert("conflicts".to_owned(), self.conflicts.into());
        merge.insert("scenarios".to_owned(), scenarios.clone().into());
        std::fs::create_dir_all(folder)?;
        for (file, figures) in [("idle.json", of("Z")), ("merge.json", merge), ("fresh.json", of("F"))] {
            let file = folder.join(file);
            std::fs::write(&file, format!("{:#}\n", Value::Object(figures)))?;
            println!("{}", file.display());
        }
        Ok(())
    }

    fn one(&self, cost: &Cost) -> Map<String, Value> {
        let round = |number: f64| (number * 1000.0).round() / 1000.0;
        let figures = json!({
            "bytes": cost.up + cost.down,
            "round_trips": cost.round_trips,
            "seconds": round(cost.seconds),
            "bytes_up": cost.up,
            "bytes_down": cost.down,
            "connections": cost.connections,
            "line_busy": round(cost.busy),
            "rtt_ms": self.line.rtt_ms,
            "kbps": self.line.kbps,
        });
        figures.as_object().cloned().unwrap_or_default()
    }
}
