use crate::{OpenFault, SealFault, Seed, limit, secret};
use zeroize::Zeroizing;

/// What a blob shows. It is bound to it: a thumbnail never opens as the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobKind {
    /// The photo itself.
    Photo,
    /// Its thumbnail.
    Thumb,
}

impl BlobKind {
    fn code(self) -> u8 {
        match self {
            Self::Photo => 1,
            Self::Thumb => 2,
        }
    }
}

/// Where a blob belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobPlace {
    /// The document.
    pub case: [u8; 16],
    /// The person whose seed it is sealed under.
    pub person: u64,
    /// What it shows.
    pub kind: BlobKind,
}

/// Seals a blob. `nonce` is random and never used twice with one seed.
///
/// # Errors
/// [`SealFault::TooLong`] above [`limit::BLOB_BYTES`].
pub fn seal_blob(
    seed: &Seed,
    place: &BlobPlace,
    nonce: [u8; limit::NONCE_BYTES],
    plain: &[u8],
) -> Result<Vec<u8>, SealFault> {
    if plain.len() > limit::BLOB_BYTES {
        return Err(SealFault::TooLong);
    }
    secret::lock(&key(seed, place), &nonce, &associated(place), plain)
}

/// Opens a blob at its place.
///
/// # Errors
/// [`OpenFault`]: no blob, another seed or place, or changed bytes.
pub fn open_blob(seed: &Seed, place: &BlobPlace, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenFault> {
    secret::unlock(&key(seed, place), &associated(place), sealed)
}

fn key(seed: &Seed, place: &BlobPlace) -> Zeroizing<[u8; 32]> {
    let info = canon::tagged("blob-key", |w| {
        w.fixed(&place.case).u64(place.person);
    });
    secret::derive(&seed.0, &info)
}

fn associated(place: &BlobPlace) -> Vec<u8> {
    canon::tagged("blob", |w| {
        w.fixed(&place.case).u64(place.person).u8(place.kind.code());
    })
}
