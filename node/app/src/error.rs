//! What a use case can answer besides success.

use store::engine::EngineError;

/// Why an act was not done. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The rules say no: reasons in Chinese, by field where there is one.
    #[error("refused by rule")]
    Refused(model::Refusal),
    /// There is no such document on this box.
    #[error("no such document")]
    NotFound,
    /// A page's cursor that this box never gave.
    #[error("a cursor that is not ours")]
    BadCursor,
    /// The disk said no. Nothing was promised.
    #[error(transparent)]
    Store(#[from] EngineError),
    /// What is on disk is not what was written: tell the engineer.
    #[error(transparent)]
    Kept(#[from] store::StoreError),
    /// What is on disk cannot be read.
    #[error("{0} on disk cannot be read")]
    Damaged(&'static str),
    /// A document on disk cannot be loaded.
    #[error(transparent)]
    Load(#[from] records::LoadFault),
    /// The act is too large, or the document is full.
    #[error(transparent)]
    Edit(#[from] records::EditFault),
}

impl ActError {
    /// Whether the disk has too little room. Nothing is wrong with what is on it.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        let (Self::Store(fault) | Self::Kept(store::StoreError::Engine(fault))) = self else { return false };
        matches!(fault, EngineError::DiskFull { .. })
    }

    /// Whether the document has taken all the changes that it may have ([`records::EditFault::Full`]). No disk is at fault.
    #[must_use]
    pub fn is_document_full(&self) -> bool {
        matches!(self, Self::Edit(records::EditFault::Full))
    }
}

impl From<model::Refusal> for ActError {
    fn from(refusal: model::Refusal) -> Self {
        Self::Refused(refusal)
    }
}
