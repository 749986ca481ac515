//! The border between the model and whoever stores documents (docs/formats/document.md): a [`Record`] is what a
//! document says, merged and opened; an [`Edit`] is what a use case wants to add. Neither knows Automerge or keys.

use std::{collections::BTreeMap, fmt};

/// The operation that put a value or an event into the document: the total order of everything that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// 1 + the largest Lamport number it depends on. Not a clock.
    pub lamport: u64,
    /// The writer epoch's actor.
    pub actor: [u8; 16],
}

/// A fact's or cell's value. `Debug` hides text: it may be a person's.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Plain or opened text.
    Text(String),
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A cell whose key this box does not hold.
    Closed,
    /// A cell whose key was destroyed.
    Erased,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Int(number) => write!(f, "Int({number})"),
            Self::Bool(yes) => write!(f, "Bool({yes})"),
            Self::Closed => f.write_str("Closed"),
            Self::Erased => f.write_str("Erased"),
        }
    }
}

/// One of the values that stand for a name; more than one means that people changed it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it says.
    pub value: Value,
    /// Who put it there.
    pub op: OpId,
}

/// An event as it stands in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampedEvent {
    /// Its identity and place in the order.
    pub id: OpId,
    /// Canonical bytes, read by [`crate::case::event`].
    pub bytes: Vec<u8>,
}

/// A merged document: what the model folds. Candidates are sorted, the one Automerge shows last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Plain facts by name.
    pub facts: BTreeMap<String, Vec<Candidate>>,
    /// Personal values by cell name, `<person>/<field>`.
    pub cells: BTreeMap<String, Vec<Candidate>>,
    /// Events in any order; the fold sorts them.
    pub events: Vec<StampedEvent>,
}

/// What one act adds to one document. Applied whole or not at all. `Debug` hides the values of cells.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// Facts to set; `None` takes the name away.
    pub facts: BTreeMap<String, Option<Value>>,
    /// Personal values to seal and set; `None` takes the name away.
    pub cells: BTreeMap<CellName, Option<String>>,
    /// Events to append, canonical bytes.
    pub events: Vec<Vec<u8>>,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells: Vec<String> = self.cells.keys().map(CellName::key).collect();
        f.debug_struct("Edit")
            .field("facts", &self.facts)
            .field("cells", &cells)
            .field("events", &self.events.len())
            .finish()
    }
}

impl Edit {
    /// Adds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.cells.is_empty() && self.events.is_empty()
    }
}

/// Where a personal value stands: written `<person>/<field>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellName {
    /// 0 applicant, 1 agent, 2… household members, 9 free text about the case.
    pub person: u64,
    /// The field, ASCII.
    pub field: String,
}

impl CellName {
    /// The name as it stands in the document.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.person, self.field)
    }

    /// Reads a name from the document.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let (person, field) = key.split_once('/')?;
        // One way to write each name: no sign, no leading zero.
        let canonical = person == "0" || person.starts_with(|first: char| matches!(first, '1'..='9'));
        let person = person.parse().ok().filter(|_| canonical)?;
        Some(Self { person, field: field.to_owned() })
    }
}
