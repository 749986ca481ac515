//! Who did what when: appended in the commit that did it, never changed. Holds no personal data of residents.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;
use canon::{Canon, Malformed, Reader, Writer};

/// Bytes of a text in an audit record: a word for the act, a number or a count as detail.
const TEXT_BYTES_MAX: usize = 1024;

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Seconds since 1970, by the box's clock: a label, nothing is decided by it.
    pub wall: i64,
    /// Staff id, or the name of a part of the box.
    pub staff: String,
    /// What was done, a fixed word.
    pub act: String,
    /// To which document.
    pub doc: Option<DocId>,
    /// More, without personal data.
    pub detail: String,
}

struct DocRef(DocId);

impl Canon for DocRef {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.fixed()?))
    }
}

impl Canon for AuditRecord {
    fn write(&self, out: &mut Writer) {
        out.i64(self.wall).str(&self.staff).str(&self.act);
        out.option(self.doc.map(DocRef).as_ref()).str(&self.detail);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            wall: from.i64()?,
            staff: from.str(TEXT_BYTES_MAX)?.to_owned(),
            act: from.str(TEXT_BYTES_MAX)?.to_owned(),
            doc: from.option::<DocRef>()?.map(|doc| doc.0),
            detail: from.str(TEXT_BYTES_MAX)?.to_owned(),
        })
    }
}

/// Appends a record and returns its number, from 1.
///
/// # Errors
/// When the database fails, or a text is over 1 KiB.
pub fn append<W: WriteTx + ?Sized>(tx: &mut W, record: &AuditRecord) -> Result<u64, StoreError> {
    if [&record.staff, &record.act, &record.detail].iter().any(|text| text.len() > TEXT_BYTES_MAX) {
        return Err(StoreError::rule(Table::Audit, "a text is at most 1 KiB"));
    }
    let last = collect(tx, Table::Audit, &Span::all().descending(), 1)?;
    let number = last.first().and_then(|(key, _)| key::tail_number(key)).unwrap_or(0).saturating_add(1);
    tx.put(Table::Audit, &number.to_be_bytes(), &record.to_canon())?;
    Ok(number)
}

/// Up to `count` records, newest first, older than number `before`.
///
/// # Errors
/// When the database fails or a value is no audit record.
pub fn page<R: ReadTx + ?Sized>(
    tx: &R,
    before: Option<u64>,
    count: usize,
) -> Result<Vec<(u64, AuditRecord)>, StoreError> {
    let mut span = Span::all().descending();
    if let Some(before) = before {
        span = span.after(&before.to_be_bytes());
    }
    let mut records = Vec::new();
    for (key, value) in collect(tx, Table::Audit, &span, count)? {
        let number = key::tail_number(&key).ok_or(StoreError::rule(Table::Audit, "a key is a number"))?;
        records.push((number, AuditRecord::from_canon(&value).map_err(StoreError::malformed(Table::Audit))?));
    }
    Ok(records)
}
