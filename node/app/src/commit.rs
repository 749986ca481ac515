//! The one way to write: document, journal entry, index rows and audit row in one commit, and only after it is durable
//! does anybody hear of it.

use crate::cases::CaseId;
use crate::matters::MatterId;
use crate::{ActError, Node, Who, keyring, views};
use canon::Canon as _;
use identity::{Audience, Head, Lane, LogId};
use model::case::event::{Event, Kind};
use model::case::facts::{ID_NUMBER, UNIT_CODE};
use model::record::{Candidate, CellName, Edit, Record, Value};
use records::{DocKind, DocRef, Document, SeedBook};
use seal::Seed;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::audit::{self, AuditRecord};
use store::documents::{self, StoredDocument};
use store::engine::{EngineError, WriteTx};
use store::seeds::SeedPlace;
use store::{journal, openings};
use sync::{EntryHeader, Opening};

/// The numbers by which an applicant's cases are found.
pub(crate) const NUMBERS: [&str; 2] = [ID_NUMBER, UNIT_CODE];

/// What a commit made that the rest of the box must hear of once it is durable.
#[derive(Debug, Default)]
pub(crate) struct Fresh {
    pub(crate) openings: Vec<Opening>,
    pub(crate) heads: Vec<Head>,
    /// Items, authorities, profiles or calendars changed: what is kept of them in memory is old.
    pub(crate) reference: bool,
    /// A newer membership list was taken up.
    pub(crate) membership: Option<identity::Membership>,
}

/// A write transaction in the hands of a use case.
pub(crate) struct Job<'t> {
    pub(crate) tx: &'t mut dyn WriteTx,
    pub(crate) node: Node,
    pub(crate) fresh: Fresh,
}

/// One document's part of an act.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) edit: Edit,
    /// Who may read it.
    pub(crate) audiences: Vec<Audience>,
    pub(crate) lane: Lane,
}

/// A change that stands in its document and not yet in the journal.
#[must_use]
pub(crate) struct Amended {
    header: EntryHeader,
    body: Vec<u8>,
    audiences: Vec<Audience>,
    lane: Lane,
}

/// An act gave a case its number in an outside system.
fn is_transcription(event: &[u8]) -> bool {
    Event::decode(event).is_ok_and(|event| event.what.kind() == Kind::Transcribed)
}

/// A document loaded for an act, with its persons' seeds.
pub(crate) struct Opened {
    at: DocRef,
    document: Document,
    book: SeedBook,
    flags: u8,
}

impl Opened {
    /// Nothing has been written into it yet.
    pub(crate) fn is_new(&self) -> bool {
        self.document.is_new()
    }

    /// A draft about which help was asked; told without opening a cell.
    pub(crate) fn is_shared_draft(&self) -> bool {
        crate::cases::is_shared_draft(&records::read_sealed(&self.document))
    }

    /// In which lane this box's next change of it goes: a draft stays here until help is asked.
    pub(crate) fn lane(&self, draft: bool) -> Lane {
        if draft && !self.is_shared_draft() { Lane::LOCAL } else { Lane::CASES }
    }

    /// What it says.
    pub(crate) fn record(&self) -> Record {
        records::read(&self.document, &self.book)
    }
}

/// Words for the audit row: never personal.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) act: &'static str,
    pub(crate) detail: String,
}

impl Said {
    pub(crate) fn new(act: &'static str) -> Self {
        Self { act, detail: String::new() }
    }
}

impl Node {
    /// Runs a job in the next commit, and tells the box's memory and links once it is durable.
    pub(crate) fn commit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Job<'_>) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        self.commit_or(job)
    }

    /// [`Node::commit`] for a job with errors of its own.
    pub(crate) fn commit_or<T, E>(
        &self,
        job: impl FnOnce(&mut Job<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
    {
        let node = self.clone();
        let (value, fresh) = self.submit(move |tx| {
            let mut holding = Job { tx, node, fresh: Fresh::default() };
            let value = job(&mut holding)?;
            Ok::<_, E>((value, holding.fresh))
        })?;
        self.absorb(fresh);
        Ok(value)
    }

    /// [`Node::commit`] of `prepare` and then `finish`. What is long in an act goes into `prepare`, which may run on the
    /// caller's thread before its turn, and once more in it; what follows the act before (journal, audit) into `finish`.
    pub(crate) fn commit_prepared<P: Send + 'static, T: Send + 'static>(
        &self,
        prepare: impl Fn(&mut Job<'_>) -> Result<P, ActError> + Send + 'static,
        finish: impl FnOnce(&mut Job<'_>, P) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        let (first, second) = (self.clone(), self.clone());
        let (value, fresh) = self.submit_prepared(
            move |tx| {
                let mut holding = Job { tx, node: first.clone(), fresh: Fresh::default() };
                let prepared = prepare(&mut holding)?;
                Ok::<_, ActError>((prepared, holding.fresh))
            },
            move |tx, (prepared, fresh)| {
                let mut holding = Job { tx, node: second, fresh };
                let value = finish(&mut holding, prepared)?;
                Ok((value, holding.fresh))
            },
        )?;
        self.absorb(fresh);
        Ok(value)
    }
}

impl Job<'_> {
    /// Loads a document; one that does not exist is new.
    pub(crate) fn open(&mut self, at: DocRef) -> Result<Opened, ActError> {
        let stored = documents::get(self.tx, &at.id.0)?;
        let document = match &stored {
            Some(stored) => self.node.loaded().take(at, &stored.saved)?,
            None => Document::create(at),
        };
        let book = keyring::open(self.tx, self.node.bag(), &at.id.0)?;
        Ok(Opened { at, document, book, flags: stored.map_or(0, |stored| stored.flags) })
    }

    /// Adds one change to a document and journals it.
    pub(crate) fn write(&mut self, opened: Opened, change: &Change) -> Result<(), ActError> {
        match self.amend(opened, change)? {
            Some(amended) => self.journal(amended),
            None => Ok(()),
        }
    }

    /// Adds one change to a document, with its rows; none when it says nothing new. Its entry must go into the journal in
    /// the same commit.
    pub(crate) fn amend(&mut self, opened: Opened, change: &Change) -> Result<Option<Amended>, ActError> {
        let Opened { at, mut document, mut book, flags } = opened;
        self.make_seeds(at, &change.edit, &mut book)?;
        let wall = self.node.ports().clock.wall();
        let made = records::edit(&mut document, &change.edit, self.node.actor(), wall, &book)?;
        let Some(made) = made else { return Ok(None) };
        let stored = StoredDocument { kind: at.kind.number(), flags, saved: document.save() };
        documents::put(self.tx, &at.id.0, &stored)?;
        // No row that a list shows depends on what is in a cell.
        let sealed = records::read_sealed(&document);
        views::update(self, at, self.node.station(), &sealed, change.lane)?;
        if at.kind == DocKind::Case {
            views::twins::follow(self, &document, &book, &sealed, &change.edit)?;
        }
        let draft = change.lane == Lane::LOCAL
            || (at.kind == DocKind::Case && crate::cases::is_shared_draft(&sealed));
        for name in NUMBERS.into_iter().filter_map(CellName::parse) {
            let told = !draft && change.edit.cells.contains_key(&name);
            if at.kind == DocKind::Case && told {
                self.index_person(CaseId(at.id.0), &records::read_cell(&document, &book, &name))?;
            }
        }
        if at.kind == DocKind::Case && change.edit.events.iter().any(|bytes| is_transcription(bytes)) {
            self.index_outside(CaseId(at.id.0), &records::read(&document, &book))?;
        }
        if at.kind == DocKind::Matter {
            self.index_due(MatterId(at.id.0), &records::read(&document, &book))?;
        }
        self.node.loaded().keep(document, stored.saved);
        let header = EntryHeader { doc: at.id.0, kind: at.kind.number(), origin: None };
        let audiences = change.audiences.clone();
        Ok(Some(Amended { header, body: made.bytes, audiences, lane: change.lane }))
    }

    /// Makes a case findable by the last digits of its applicant's papers, of which `numbers` says what stands there.
    pub(crate) fn index_person(&mut self, id: CaseId, numbers: &[Candidate]) -> Result<(), ActError> {
        if let Some(Value::Text(number)) = numbers.last().map(|last| &last.value) {
            let random = Arc::clone(&self.node.ports().random);
            crate::cases::index_person(self.tx, &*random, id, number)?;
        }
        Ok(())
    }

    /// A fresh seed for each person that the act writes about for the first time.
    fn make_seeds(&mut self, at: DocRef, edit: &Edit, book: &mut SeedBook) -> Result<(), ActError> {
        let written = edit.cells.iter().filter(|(_, text)| text.is_some());
        let persons: BTreeSet<u64> = written.map(|(name, _)| name.person).collect();
        for person in persons {
            if !book.has(person) {
                let seed = Seed(crate::ports::random(&*self.node.ports().random));
                keyring::keep(self.tx, &self.node, SeedPlace { doc: at.id.0, person }, &seed, book)?;
            }
        }
        Ok(())
    }

    /// The seeds of a person in a document, the one that seals first; made when there is none yet.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when they were destroyed.
    pub(crate) fn seeds(&mut self, opened: &mut Opened, person: u64) -> Result<Vec<Seed>, ActError> {
        if !opened.book.has(person) {
            let seed = Seed(crate::ports::random(&*self.node.ports().random));
            let place = SeedPlace { doc: opened.at.id.0, person };
            keyring::keep(self.tx, &self.node, place, &seed, &mut opened.book)?;
        }
        let seeds = opened.book.all(person);
        if seeds.is_empty() { Err(ActError::NotFound) } else { Ok(seeds) }
    }

    /// The entries of a change that was made in this commit.
    pub(crate) fn journal(&mut self, amended: Amended) -> Result<(), ActError> {
        let Amended { header, body, audiences, lane } = amended;
        self.open_epoch()?;
        for audience in audiences {
            let log = LogId { device: self.node.device(), epoch: self.node.epoch(), audience, lane };
            let head = journal::append(self.tx, &log, header, body.clone())?;
            if lane != Lane::LOCAL {
                self.fresh.heads.push(head);
            }
        }
        Ok(())
    }

    /// Every process start writes under an epoch of its own, opened at the first write, so that a restored backup or a
    /// cloned card cannot fork (docs/formats/journal.md).
    pub(crate) fn open_epoch(&mut self) -> Result<(), ActError> {
        let (device, epoch) = (self.node.device(), self.node.epoch());
        if openings::get(self.tx, &device, &epoch)?.is_some() {
            return Ok(());
        }
        let parents = self.node.holdings().next_parents(&device);
        let opening = Opening::sign(self.node.key(), epoch, parents);
        openings::put(self.tx, &opening)?;
        tracing::info!(?epoch, bytes = opening.to_canon().len(), "writer epoch opened");
        self.fresh.openings.push(opening);
        Ok(())
    }

    /// The audit row of this act.
    pub(crate) fn audit(&mut self, who: &Who, said: &Said, doc: Option<[u8; 16]>) -> Result<(), ActError> {
        let wall = self.node.ports().clock.wall();
        let record = AuditRecord {
            wall,
            staff: who.staff.clone(),
            act: said.act.to_owned(),
            doc,
            detail: said.detail.clone(),
        };
        audit::append(self.tx, &record)?;
        Ok(())
    }
}
