//! Blobs: asked for by who lacks them, sent one piece at a time after everything else, answered when durable.
//!
//! One piece is on its way at most, and it is taken only when no entry is ready: so an entry that becomes ready waits
//! for one piece at most, and a torn link costs no more than that.

use super::{CloseReason, Note, Session, Turn};
use crate::{BlobFrame, BlobName, BlobPiece, BlobReason, Frame, Kept, Want, Wanted, limit};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Default)]
pub(super) struct Blobs {
    /// Both speak a version that has them.
    pub(super) spoken: bool,
    /// Something may have become wanted, or there may be room again.
    pub(super) recheck: bool,
    /// What this box has asked for, each with the piece that comes next.
    asked: BTreeMap<BlobName, Want>,
    /// What the peer cannot give, or gave wrongly: not asked for again on this link for a while.
    given_up: BTreeSet<BlobName>,
    given_up_ms: u64,
    /// The peer was told that there is no room.
    said_full: bool,
    /// What the peer wants, the lowest lanes first.
    queue: VecDeque<Want>,
    /// The piece that is on its way: its blob and bytes.
    flying: Option<(BlobName, usize)>,
    /// Pieces that came and were not taken, but for want of room.
    offences: usize,
}

impl Blobs {
    /// Bytes of the piece on its way.
    pub(super) fn in_flight(&self) -> usize {
        self.flying.map_or(0, |(_, bytes)| bytes)
    }

    /// Blobs that this box or the peer waits for.
    pub(super) fn left(&self) -> usize {
        self.asked.len() + self.queue.len()
    }

    /// What was given up is tried again.
    pub(super) fn forgive(&mut self) {
        self.given_up.clear();
        self.recheck = true;
    }

    /// A tick: what was given up long ago is tried again.
    pub(super) fn tick(&mut self, now_ms: u64) {
        let due = self.given_up_ms.saturating_add(limit::REFUSED_RETRY_MS);
        if !self.given_up.is_empty() && now_ms >= due {
            self.forgive();
        }
    }

    fn give_up(&mut self, now_ms: u64, name: &BlobName) {
        self.asked.remove(name);
        if self.given_up.is_empty() {
            self.given_up_ms = now_ms;
        }
        self.given_up.insert(*name);
        self.recheck = true;
    }

    fn enqueue(&mut self, want: Want) -> Result<(), BlobReason> {
        self.queue.retain(|queued| queued.name != want.name);
        if self.queue.len() >= limit::BLOBS_ASKED {
            return Err(BlobReason::TooMany);
        }
        let place = self.queue.iter().position(|queued| queued.lane > want.lane).unwrap_or(self.queue.len());
        self.queue.insert(place, want);
        Ok(())
    }
}

impl Session {
    /// Asks for what is lacking and sends the next piece, when nothing more urgent is to be sent.
    pub(super) fn exchange_blobs(&mut self, turn: &mut Turn<'_>) {
        if !self.blobs.spoken || !self.peer.has_told {
            return;
        }
        if std::mem::take(&mut self.blobs.recheck) {
            self.ask_for_blobs(turn);
        }
        let urgent = self.outbox.has_ready() || self.outbox.openings_due;
        while !urgent && self.blobs.flying.is_none() {
            let Some(want) = self.blobs.queue.front().copied() else { return };
            self.send_piece(turn, &want);
        }
    }

    fn ask_for_blobs(&mut self, turn: &mut Turn<'_>) {
        let Some(port) = turn.context.attachments() else { return };
        let room = limit::BLOBS_ASKED.saturating_sub(self.blobs.asked.len());
        if room == 0 || self.blobs.given_up.len() >= limit::BLOBS_GIVEN_UP {
            return;
        }
        let known =
            |name: &BlobName| self.blobs.asked.contains_key(name) || self.blobs.given_up.contains(name);
        match port.wanted(&self.config.peer, &known, room) {
            Wanted::Full => {
                if !std::mem::replace(&mut self.blobs.said_full, true) {
                    turn.send_blob(BlobFrame::Wanted { full: true, wants: Vec::new() });
                }
            }
            Wanted::Blobs(mut wants) => {
                wants.truncate(room);
                let was_full = std::mem::take(&mut self.blobs.said_full);
                if wants.is_empty() && !was_full {
                    return;
                }
                self.blobs.asked.extend(wants.iter().map(|want| (want.name, *want)));
                turn.send_blob(BlobFrame::Wanted { full: false, wants });
            }
        }
    }

    fn send_piece(&mut self, turn: &mut Turn<'_>, want: &Want) {
        let peer = self.config.peer;
        let Some(port) = turn.context.attachments() else {
            self.blobs.queue.clear();
            return;
        };
        match port.piece(&peer, want) {
            Ok(piece) => {
                self.blobs.flying = Some((want.name, piece.bytes.len()));
                turn.send_blob(BlobFrame::Piece(piece));
            }
            Err(reason) => {
                if reason == BlobReason::Scope {
                    port.refused(&peer, &want.name, reason);
                }
                self.blobs.queue.pop_front();
                turn.note(Note::BlobRefused(want.name, reason));
                turn.send_blob(BlobFrame::Cannot(want.name, reason));
            }
        }
    }

    pub(super) fn on_blob(&mut self, turn: &mut Turn<'_>, frame: BlobFrame) -> Result<(), CloseReason> {
        if !self.blobs.spoken {
            return Err(CloseReason::Protocol("a frame of a later version".to_owned()));
        }
        match frame {
            BlobFrame::Wanted { full, wants } => self.on_wanted(turn, full, wants),
            BlobFrame::Piece(piece) => {
                self.on_piece(turn, piece);
                if self.blobs.offences > limit::BLOB_OFFENCES {
                    return Err(CloseReason::Protocol("too many pieces that are none".to_owned()));
                }
            }
            BlobFrame::Kept(name, kept) => self.on_kept(&name, kept),
            BlobFrame::Refused(name, reason) => self.on_refused(turn, &name, reason),
            BlobFrame::Cannot(name, reason) => {
                if self.blobs.asked.contains_key(&name) {
                    self.blobs.give_up(turn.now_ms, &name);
                    turn.note(Note::PeerRefusedBlob(name, reason));
                }
            }
        }
        Ok(())
    }

    fn on_wanted(&mut self, turn: &mut Turn<'_>, full: bool, wants: Vec<Want>) {
        let peer = self.config.peer;
        if full {
            self.blobs.queue.clear();
        }
        if let Some(port) = turn.context.attachments() {
            port.told_full(&peer, full);
        }
        for want in wants {
            if let Err(reason) = self.blobs.enqueue(want) {
                turn.refuse_blob(&peer, &want.name, reason);
                turn.send_blob(BlobFrame::Cannot(want.name, reason));
            }
        }
    }

    fn on_piece(&mut self, turn: &mut Turn<'_>, piece: BlobPiece) {
        let (peer, name) = (self.config.peer, piece.name);
        let kept = match self.blobs.asked.get(&name) {
            None => Err(BlobReason::Unasked),
            Some(want) if want.first != piece.index => Err(BlobReason::Order),
            Some(want) => match turn.context.attachments() {
                Some(port) => port.keep(&peer, want, piece),
                None => Err(BlobReason::Unasked),
            },
        };
        match kept {
            Ok(kept) => {
                if kept.whole {
                    self.blobs.asked.remove(&name);
                    self.blobs.recheck = true;
                    // a centre has a new receipt to tell
                    self.dirty = true;
                    self.peer.recheck = true;
                } else if let Some(want) = self.blobs.asked.get_mut(&name) {
                    want.first = kept.next;
                }
                turn.send_blob(BlobFrame::Kept(name, kept));
            }
            Err(reason) => {
                turn.refuse_blob(&peer, &name, reason);
                turn.send_blob(BlobFrame::Refused(name, reason));
                if reason == BlobReason::Full {
                    // the peer drops all that it was asked for, and is asked again when there is room
                    self.blobs.asked.clear();
                    self.blobs.said_full = true;
                    return;
                }
                self.blobs.offences += 1;
                if self.blobs.asked.contains_key(&name) {
                    self.blobs.give_up(turn.now_ms, &name);
                }
            }
        }
    }

    fn on_kept(&mut self, name: &BlobName, kept: Kept) {
        if self.blobs.flying.take_if(|(flying, _)| flying == name).is_none() {
            return;
        }
        if kept.whole {
            self.blobs.queue.retain(|want| want.name != *name);
        } else if let Some(want) = self.blobs.queue.iter_mut().find(|want| want.name == *name) {
            want.first = kept.next;
        }
    }

    fn on_refused(&mut self, turn: &mut Turn<'_>, name: &BlobName, reason: BlobReason) {
        if self.blobs.flying.take_if(|(flying, _)| flying == name).is_none() {
            return;
        }
        turn.note(Note::PeerRefusedBlob(*name, reason));
        if reason == BlobReason::Full {
            self.blobs.queue.clear();
            if let Some(port) = turn.context.attachments() {
                port.told_full(&self.config.peer, true);
            }
        } else {
            self.blobs.queue.retain(|want| want.name != *name);
        }
    }
}

impl Turn<'_> {
    fn send_blob(&mut self, frame: BlobFrame) {
        self.send(&Frame::Blob(frame));
    }

    fn refuse_blob(&mut self, peer: &identity::DeviceId, name: &BlobName, reason: BlobReason) {
        if let Some(port) = self.context.attachments() {
            port.refused(peer, name, reason);
        }
        self.note(Note::BlobRefused(*name, reason));
    }
}
