//! Photos without pictures: what the simulation attaches, looks at, and spoils on purpose.

use super::acts::nobody;
use crate::commit::{Change, Said};
use crate::views::lacking;
use crate::{ActError, Node};
use canon::{Canon as _, Writer};
use identity::{Audience, Lane};
use model::case::event::{Confidence, Event, PhotoAdded, Stamp};
use model::record::Edit;
use records::DocRef;
use store::blobs;
use store::engine::Table;
use sync::{BlobHeader, BlobName, BlobPiece, Kept, Want};

/// An event that names a photo, as a use case writes it; none when the model cannot.
#[must_use]
pub fn photo_event(photo: BlobName, thumb: Option<BlobName>, bytes: u64) -> Option<Vec<u8>> {
    let stamp = Stamp {
        wall: super::MONDAY,
        confidence: Confidence::ByHand,
        station: 0,
        by: "s1".to_owned(),
        name: "某".to_owned(),
        reissue: None,
    };
    let on = model::Date::new(2026, 11, 23).ok()?;
    let what = PhotoAdded { material: "m1".to_owned(), photo, thumb, bytes, width: 9, height: 9, on };
    Event { stamp, what: what.into() }.encode()
}

/// [`super::write`] of a change that names these blobs, stored in the same commit.
///
/// # Errors
/// As any use case: nothing was written.
pub fn write_with_blobs(
    node: &Node,
    at: DocRef,
    edit: Edit,
    audiences: Vec<Audience>,
    lane: Lane,
    ciphertexts: Vec<(u8, Vec<u8>)>,
) -> Result<(), ActError> {
    let change = Change { edit, audiences, lane };
    node.commit(move |job| {
        for (lane, ciphertext) in &ciphertexts {
            blobs::hold_in_lane(job.tx, &at.id.0, *lane, ciphertext)?;
        }
        let opened = job.open(at)?;
        job.write(opened, &change)?;
        job.audit(&nobody(), &Said::new("test"), Some(at.id.0))
    })
}

/// A blob's ciphertext on this box, for this document; none when it is not whole.
///
/// # Errors
/// When the disk says no, or what is there is not what the name says.
pub fn blob(node: &Node, doc: &[u8; 16], name: &BlobName) -> Result<Option<Vec<u8>>, ActError> {
    let tx = node.engine().read()?;
    if !blobs::is_whole(&*tx, doc, name)? {
        return Ok(None);
    }
    Ok(blobs::get(&*tx, name)?)
}

/// Everything that a document names on this box, here or not.
///
/// # Errors
/// When the disk says no.
pub fn blobs_named(node: &Node, doc: &[u8; 16]) -> Result<Vec<BlobName>, ActError> {
    crate::cases::named_blobs(&*node.engine().read()?, doc)
}

/// How many pieces of a blob are here.
///
/// # Errors
/// When the disk says no.
pub fn pieces_held(node: &Node, name: &BlobName) -> Result<u32, ActError> {
    Ok(blobs::held(&*node.engine().read()?, name)?.map_or(0, |(held, _)| held))
}

/// A planted bug: a piece is stored as it came, whatever its hash.
///
/// # Errors
/// When the disk says no.
pub fn keep_unverified(node: &Node, want: &Want, piece: BlobPiece) -> Result<Kept, ActError> {
    let want = *want;
    node.commit(move |job| {
        let header = match &piece.head {
            Some(head) => BlobHeader::from_canon(&head.header).ok(),
            None => blobs::header(&*job.tx, &want.name)?,
        };
        let count = header.as_ref().map_or(1, BlobHeader::count).max(1);
        if let Some(header) = &header {
            job.tx.put(Table::Blobs, &want.name, &header.to_canon())?;
        }
        let key = [&want.name[..], &piece.index.to_be_bytes()].concat();
        job.tx.put(Table::Blobs, &key, &piece.bytes)?;
        let next = piece.index + 1;
        let mut row = Writer::new();
        row.u8(1).fixed(&want.doc).u8(want.lane).u64(1).u64(u64::from(next));
        job.tx.put(Table::BlobDocs, &want.name, row.as_bytes())?;
        let mut reference = Writer::new();
        reference.u8(1).u64(header.map_or(0, |header| header.size));
        let key = [&want.doc[..], &want.name[..]].concat();
        job.tx.put(Table::BlobRefs, &key, reference.as_bytes())?;
        if next >= count {
            lacking::came(job.tx, &want.doc, &want.name)?;
        }
        Ok(Kept { next, whole: next >= count })
    })
}
