//! Index rows: derived from documents in the same commit, rebuildable, never personal.

use crate::ActError;
use crate::commit::Job;
use canon::{Reader, Writer};
use identity::StationNo;
use model::record::Record;
use records::DocRef;
use store::engine::ReadTx;
use store::rows::{self, View};

/// Document → whose it is. What else a view needs stands in the row of its own.
const OWNER: View = View(0);

/// Whose document it is; the centre's when it is not known.
pub(crate) fn owner<R: ReadTx + ?Sized>(tx: &R, doc: &[u8; 16]) -> Result<StationNo, ActError> {
    let row = rows::get(tx, OWNER, doc)?;
    let number = row.and_then(|row| Reader::new(&row).u64().ok()).and_then(StationNo::new);
    Ok(number.unwrap_or(StationNo::CENTRE))
}

/// Brings the rows of a document up to what it now says.
pub(crate) fn update(
    job: &mut Job<'_>,
    at: DocRef,
    owner: StationNo,
    _record: &Record,
) -> Result<(), ActError> {
    if rows::get(job.tx, OWNER, &at.id.0)?.is_none() {
        let mut row = Writer::new();
        row.u64(u64::from(owner.0));
        rows::put(job.tx, OWNER, &at.id.0, row.as_bytes())?;
    }
    Ok(())
}
