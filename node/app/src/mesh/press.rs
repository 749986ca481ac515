//! A log's entries as one pressed payload and back (docs/formats/wire.md, codec 3): what `sync` and `records` each know of an
//! entry.

use crate::admission::segment::entitled;
use canon::Canon as _;
use identity::LogId;
use records::wire::{self, Content, Origin, Piece};
use sync::{Entry, EntryHeader, Form, Pressed, limit};

pub(super) fn press(log: &LogId, entries: &[Entry]) -> Option<Pressed> {
    let pieces: Vec<Piece> = entries.iter().map(piece).collect();
    let pressed = wire::press(&pieces, limit::PRESSED_INFLATED_BYTES, &|origin| {
        Some(entitled(log, &header(0, origin)?))
    })?;
    Some(Pressed { bytes: pressed.bytes, inflated: pressed.inflated })
}

pub(super) fn expand(log: &LogId, pressed: &[u8], count: usize, inflated: usize) -> Option<Vec<Entry>> {
    let actor = |origin: Option<&Origin>| Some(entitled(log, &header(0, origin)?));
    wire::expand(pressed, count, inflated, &actor)?.into_iter().map(entry).collect()
}

fn piece(entry: &Entry) -> Piece {
    let EntryHeader { doc, kind, origin } = entry.header;
    let content = match &entry.form {
        Form::Body(bytes) => Content::Wire(bytes.clone()),
        Form::Erased(hash) => Content::Erased(*hash),
    };
    Piece { doc, kind, origin: origin.map(|(log, seq)| Origin { log: log.to_canon(), seq }), content }
}

fn entry(piece: Piece) -> Option<Entry> {
    let header = EntryHeader { doc: piece.doc, ..header(piece.kind, piece.origin.as_ref())? };
    let form = match piece.content {
        Content::Wire(bytes) if bytes.len() <= limit::BODY_BYTES => Form::Body(bytes),
        Content::Wire(_) => return None,
        Content::Erased(hash) => Form::Erased(hash),
    };
    Some(Entry { header, form })
}

/// None when the origin's log is none.
fn header(kind: u8, origin: Option<&Origin>) -> Option<EntryHeader> {
    let origin = match origin {
        Some(origin) => Some((LogId::from_canon(&origin.log).ok()?, origin.seq)),
        None => None,
    };
    Some(EntryHeader { doc: [0; 16], kind, origin })
}
