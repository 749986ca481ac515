//! Row view 28: the blobs that a document names and this box has not whole, with the entry that names each. What to ask
//! others for, and what the centre's receipts name as missing.

use super::{OF_DOC, Row, kept, write_kept};
use crate::ActError;
use canon::{Malformed, Reader, Writer};
use identity::StationNo;
use model::case::Case;
use model::matter::Matter;
use model::record::Record;
use std::collections::BTreeSet;
use store::blobs;
use store::documents::DocId as Doc;
use store::engine::{Direction, ReadTx, WriteTx};
use store::journal::{self, Place};
use store::logs::LogIndex;
use store::rows::{self, Page, View};
use sync::{BlobName, Form};

/// Owner, lane, document → what is lacking.
pub(crate) const LACKING: View = View(28);
/// Small images, for lists.
pub(crate) const THUMBS: u8 = 0;
/// The photos themselves.
pub(crate) const PHOTOS: u8 = 1;
/// Blobs of one lane that a document may name: a case has 60 photos at most; two boxes may have added apart.
const NAMED_MAX: usize = 120;

/// A blob that is lacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) name: BlobName,
    /// The entry that names it; none when it was not found.
    pub(crate) place: Option<Place>,
}

/// The lacking blobs of one document and lane.
pub(crate) struct Lacks {
    pub(crate) doc: Doc,
    pub(crate) lane: u8,
    pub(crate) all: Vec<Lack>,
    key: Vec<u8>,
}

/// What a case names, for [`only_lacking`] to look through.
pub(super) fn named(case: &Case, rows: &mut Vec<Row>) {
    let photos = case.photos.iter().map(|photo| photo.what.photo);
    let thumbs = case.photos.iter().filter_map(|photo| photo.what.thumb);
    name(thumbs.collect(), photos.collect(), rows);
}

/// What a matter names.
pub(super) fn named_by_matter(matter: &Matter, rows: &mut Vec<Row>) {
    let photos = matter.photos.iter().map(|photo| photo.what.photo);
    let thumbs = matter.photos.iter().filter_map(|photo| photo.what.thumb);
    name(thumbs.collect(), photos.collect(), rows);
}

fn name(thumbs: Vec<BlobName>, photos: Vec<BlobName>, rows: &mut Vec<Row>) {
    let all: [(u8, Vec<BlobName>); 2] = [(THUMBS, thumbs), (PHOTOS, photos)];
    for (lane, mut names) in all {
        names.truncate(NAMED_MAX);
        if !names.is_empty() {
            rows.push((LACKING, vec![lane], names.concat()));
        }
    }
}

/// Makes rows of what is named out of what of it is not here.
pub(super) fn only_lacking<R: ReadTx + ?Sized>(
    tx: &R,
    doc: &Doc,
    owner: StationNo,
    rows: Vec<Row>,
) -> Result<Vec<Row>, ActError> {
    let mut kept = Vec::with_capacity(rows.len());
    for (view, key, row) in rows {
        if view != LACKING {
            kept.push((view, key, row));
            continue;
        }
        let (names, _) = row.as_chunks::<32>();
        let mut lacks = Vec::new();
        for name in names.iter().collect::<BTreeSet<_>>() {
            if !blobs::is_whole(tx, doc, name)? {
                lacks.push(Lack { name: *name, place: None });
            }
        }
        if !lacks.is_empty() {
            find_places(tx, doc, &mut lacks)?;
            kept.push((LACKING, [&owner.0.to_be_bytes()[..], &key, doc].concat(), write(&lacks)));
        }
    }
    Ok(kept)
}

/// A raw change holds an event's bytes, and so a blob's name, as they are.
fn find_places<R: ReadTx + ?Sized>(tx: &R, doc: &Doc, lacks: &mut [Lack]) -> Result<(), ActError> {
    for place in journal::of_doc(tx, doc)? {
        let Some(stored) = journal::get(tx, &place)? else { continue };
        let Form::Body(raw) = stored.entry.form else { continue };
        for lack in lacks.iter_mut().filter(|lack| lack.place.is_none()) {
            if raw.windows(lack.name.len()).any(|bytes| bytes == lack.name) {
                lack.place = Some(place);
            }
        }
    }
    Ok(())
}

/// Photos that an earlier version stored: whose they are, and which are small ones.
pub(super) fn adopt<W: WriteTx + ?Sized>(tx: &mut W, doc: &Doc, record: &Record) -> Result<(), ActError> {
    let (case, _) = Case::read(record, None);
    for photo in &case.photos {
        blobs::adopt(tx, doc, &photo.what.photo, PHOTOS)?;
        if let Some(thumb) = &photo.what.thumb {
            blobs::adopt(tx, doc, thumb, THUMBS)?;
        }
    }
    Ok(())
}

fn write(lacks: &[Lack]) -> Vec<u8> {
    let mut out = Writer::new();
    out.u64(lacks.len() as u64);
    for lack in lacks {
        out.fixed(&lack.name).bool(lack.place.is_some());
        if let Some(place) = lack.place {
            out.u64(u64::from(place.log.0)).u64(place.seq);
        }
    }
    out.into_bytes()
}

fn read(row: &[u8]) -> Result<Vec<Lack>, Malformed> {
    let mut from = Reader::new(row);
    let mut lacks = Vec::new();
    for _ in 0..from.count(NAMED_MAX)? {
        let name = from.fixed()?;
        let place = if from.bool()? {
            let log = u32::try_from(from.u64()?).map_err(|_| from.malformed("log"))?;
            Some(Place { log: LogIndex(log), seq: from.u64()? })
        } else {
            None
        };
        lacks.push(Lack { name, place });
    }
    from.end()?;
    Ok(lacks)
}

fn read_row(key: Vec<u8>, row: &[u8]) -> Result<Lacks, ActError> {
    let damaged = || ActError::Damaged("rows");
    let doc = super::tail(&key).ok_or_else(damaged)?;
    let lane = *key.get(2).ok_or_else(damaged)?;
    Ok(Lacks { doc, lane, all: read(row).map_err(|_| damaged())?, key })
}

/// What is lacking of a station's documents, or of everybody's: thumbnails of a station first. `more` says whether to go on.
pub(crate) fn each<R: ReadTx + ?Sized>(
    tx: &R,
    of: Option<StationNo>,
    more: &mut dyn FnMut(Lacks) -> bool,
) -> Result<(), ActError> {
    const PAGE: usize = 32;
    let prefix = of.map(|owner| owner.0.to_be_bytes().to_vec()).unwrap_or_default();
    let mut after = None;
    loop {
        let page =
            Page { prefix: &prefix, after: after.as_deref(), direction: Direction::Ascending, count: PAGE };
        let found = rows::page(tx, LACKING, &page)?;
        let full = found.len() == PAGE;
        for (key, row) in found {
            after = Some(key.clone());
            if !more(read_row(key, &row)?) {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
    }
}

/// What is lacking of one document.
pub(crate) fn of<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Vec<Lacks>, ActError> {
    let keys = kept(tx, doc)?.map(|kept| kept.keys).unwrap_or_default();
    let mut found = Vec::new();
    for (_, key) in keys.into_iter().filter(|(view, _)| *view == LACKING) {
        if let Some(row) = rows::get(tx, LACKING, &key)? {
            found.push(read_row(key, &row)?);
        }
    }
    Ok(found)
}

/// A blob is whole now.
pub(crate) fn came<W: WriteTx + ?Sized>(tx: &mut W, doc: &Doc, name: &BlobName) -> Result<(), ActError> {
    for mut lacks in of(tx, doc)? {
        let before = lacks.all.len();
        lacks.all.retain(|lack| lack.name != *name);
        if lacks.all.len() == before {
            continue;
        }
        if !lacks.all.is_empty() {
            rows::put(tx, LACKING, &lacks.key, &write(&lacks.all))?;
            continue;
        }
        rows::remove(tx, LACKING, &lacks.key)?;
        if let Some(mut own) = kept(tx, doc)? {
            own.keys.retain(|(view, key)| *view != LACKING || *key != lacks.key);
            rows::put(
                tx,
                OF_DOC,
                doc,
                &write_kept(own.owner, own.keys.iter().map(|(view, key)| (view, key))),
            )?;
        }
    }
    Ok(())
}
