//! The neutral workload: generated, its sums checked, read as acts on cases.

use crate::Fault;
use crate::case::{self, Act};
use canon::sha256;
use data_encoding::HEXLOWER;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Everything that the scenarios write.
pub(crate) struct Workload {
    /// 2,000 cases of station A, known to both boxes.
    pub(crate) base: Vec<Act>,
    /// 100 cases received at station A alone.
    pub(crate) a_new: Vec<Act>,
    /// 300 acts of station A on 200 of its cases.
    pub(crate) a_edits: Vec<Act>,
    /// 60 acts of the centre on 60 of the same cases.
    pub(crate) b_edits: Vec<Act>,
    /// 20 cases that the centre received for the station.
    pub(crate) b_new: Vec<Act>,
}

/// Where generator, proxy and sums stand.
pub(crate) fn tools() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("workload")
}

impl Workload {
    /// Runs the generator and reads what it wrote, after checking it against the sums.
    pub(crate) fn make(into: &Path) -> Result<Self, Fault> {
        let script = tools().join("gen_workload.py");
        let mut generator = Command::new("python3");
        generator.arg(script).arg("--out").arg(into).stdout(Stdio::null());
        let ended = generator.status().map_err(|error| format!("python3 is needed: {error}"))?;
        if !ended.success() {
            return Err("the workload was not generated".into());
        }
        let read = |name: &str| lines(into, name);
        Ok(Self {
            base: read("base")?.iter().map(case::received_at_station).collect::<Result<_, _>>()?,
            a_new: read("a_new")?.iter().map(case::received_at_station).collect::<Result<_, _>>()?,
            a_edits: read("a_edits")?.iter().map(case::went_on).collect::<Result<_, _>>()?,
            b_edits: read("b_edits")?.iter().map(case::corrected).collect::<Result<_, _>>()?,
            b_new: read("b_new")?.iter().map(case::received_at_centre).collect::<Result<_, _>>()?,
        })
    }

    /// Every document that is written.
    pub(crate) fn documents(&self) -> BTreeSet<[u8; 16]> {
        let all = [&self.base, &self.a_new, &self.a_edits, &self.b_edits, &self.b_new];
        all.into_iter().flatten().map(|act| act.doc).collect()
    }
}

/// One file of the workload. Fails when it is not the one whose sum the manifest holds.
fn lines(folder: &Path, name: &str) -> Result<Vec<Value>, Fault> {
    let manifest: Value = serde_json::from_slice(&std::fs::read(tools().join("manifest.json"))?)?;
    let text = std::fs::read_to_string(folder.join(format!("{name}.jsonl")))?;
    let wanted = manifest.pointer(&format!("/files/{name}/sha256")).and_then(Value::as_str);
    if wanted != Some(&HEXLOWER.encode(&sha256(text.as_bytes()))) {
        return Err(format!("{name}.jsonl is not the workload that the manifest speaks of").into());
    }
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}
