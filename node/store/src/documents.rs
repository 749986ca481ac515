//! Saved documents, by id. Their inside belongs to `records`; here they are bytes with a kind.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::{key, limit};
use canon::{Canon, Malformed, Reader, Writer};

/// A document's id: 16 random bytes.
pub type DocId = [u8; 16];

const VERSION: u8 = 1;

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// Case, item, station profile … (docs/formats/document.md).
    pub kind: u8,
    /// Bits for the application, 0 at first.
    pub flags: u8,
    /// The saved Automerge document.
    pub saved: Vec<u8>,
}

impl Canon for StoredDocument {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).u8(self.kind).u8(self.flags).bytes(&self.saved);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("version of a stored document"));
        }
        let (kind, flags) = (from.u8()?, from.u8()?);
        Ok(Self { kind, flags, saved: from.bytes(limit::VALUE_BYTES_MAX)?.to_vec() })
    }
}

/// The document with this id.
///
/// # Errors
/// When the database fails or the value is not a document.
pub fn get<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Option<StoredDocument>, StoreError> {
    let Some(bytes) = tx.get(Table::Docs, doc)? else { return Ok(None) };
    StoredDocument::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Docs))
}

/// Stores a document, new or changed.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(
    tx: &mut W,
    doc: &DocId,
    document: &StoredDocument,
) -> Result<(), StoreError> {
    Ok(tx.put(Table::Docs, doc, &document.to_canon())?)
}

/// Drops a document: an erasure, or a rebuild from its entries.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Docs, doc)?)
}

/// Up to `count` documents behind `after` in the order of their ids: for walks over all of them, such as a rebuild
/// of the index.
///
/// # Errors
/// When the database fails or a value is not a document.
pub fn page<R: ReadTx + ?Sized>(
    tx: &R,
    after: Option<&DocId>,
    count: usize,
) -> Result<Vec<(DocId, StoredDocument)>, StoreError> {
    let mut span = Span::all();
    if let Some(after) = after {
        span = span.after(after);
    }
    let mut documents = Vec::new();
    for (id, bytes) in collect(tx, Table::Docs, &span, count)? {
        let id = key::head(&id).ok_or(StoreError::rule(Table::Docs, "a key is 16 bytes"))?;
        let document = StoredDocument::from_canon(&bytes).map_err(StoreError::malformed(Table::Docs))?;
        documents.push((id, document));
    }
    Ok(documents)
}
