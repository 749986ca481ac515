use crate::{OpenFault, SealFault, Seed, limit, secret};
use canon::Writer;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Where a cell stands. It is bound to its place: moved elsewhere it does not open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CellPlace<'a> {
    /// The document.
    pub case: [u8; 16],
    /// The person in it: 0 applicant, 1 agent, 2… household, 9 free text.
    pub person: u64,
    /// The field's name: a word of the model, never a value.
    pub field: &'a str,
}

impl CellPlace<'_> {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.case).u64(self.person).str(self.field);
    }
}

impl fmt::Debug for CellPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.person, self.field)
    }
}

/// Seals `text` into a cell. `actor` and `seq` are those of the Automerge change that will hold it; with them the same
/// seed and text give the same bytes, so a receiver can rebuild a change from its plaintexts, and no nonce comes twice.
///
/// # Errors
/// [`SealFault::TooLong`] above [`limit::CELL_TEXT_BYTES`].
pub fn seal_cell(
    seed: &Seed,
    place: &CellPlace<'_>,
    actor: &[u8; 16],
    seq: u64,
    text: &str,
) -> Result<Vec<u8>, SealFault> {
    if text.len() > limit::CELL_TEXT_BYTES {
        return Err(SealFault::TooLong);
    }
    let key = cell_key(seed, &place.case, place.person);
    let nonce = nonce(&key, place, actor, seq, text)?;
    secret::lock(&key, &nonce, &associated(place), text.as_bytes())
}

/// Opens a cell at its place.
///
/// # Errors
/// [`OpenFault`]: no cell, another key or place, changed bytes, or no text inside.
pub fn open_cell(seed: &Seed, place: &CellPlace<'_>, cell: &[u8]) -> Result<Zeroizing<String>, OpenFault> {
    CellKey::of(seed, place.case, place.person).open(place.field, cell)
}

/// The key of all cells of one person in one case, derived once for opening many of them. Wiped when dropped.
pub struct CellKey {
    case: [u8; 16],
    person: u64,
    key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for CellKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CellKey(…)")
    }
}

impl CellKey {
    /// The key that grows from `seed` for this person in this case.
    #[must_use]
    pub fn of(seed: &Seed, case: [u8; 16], person: u64) -> Self {
        Self { case, person, key: cell_key(seed, &case, person) }
    }

    /// As [`open_cell`], for the cell of `field`.
    ///
    /// # Errors
    /// As [`open_cell`].
    pub fn open(&self, field: &str, cell: &[u8]) -> Result<Zeroizing<String>, OpenFault> {
        if !is_cell(cell) {
            return Err(OpenFault::Form);
        }
        let place = CellPlace { case: self.case, person: self.person, field };
        let opened = secret::unlock(&self.key, &associated(&place), cell)?;
        let text = std::str::from_utf8(&opened).map_err(|_| OpenFault::Text)?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

/// Whether bytes have the form of a cell: its version, and no shorter or longer than a cell can be.
#[must_use]
pub fn is_cell(bytes: &[u8]) -> bool {
    secret::has_form(bytes) && bytes.len() <= limit::CELL_TEXT_BYTES + limit::CELL_OVERHEAD_BYTES
}

fn cell_key(seed: &Seed, case: &[u8; 16], person: u64) -> Zeroizing<[u8; 32]> {
    let info = canon::tagged("cell-key", |w| {
        w.fixed(case).u64(person);
    });
    secret::derive(&seed.0, &info)
}

fn associated(place: &CellPlace<'_>) -> Vec<u8> {
    canon::tagged("cell", |w| place.write(w))
}

fn nonce(
    key: &[u8; 32],
    place: &CellPlace<'_>,
    actor: &[u8; 16],
    seq: u64,
    text: &str,
) -> Result<[u8; limit::NONCE_BYTES], SealFault> {
    let covered = Zeroizing::new(canon::tagged("cell-nonce", |w| {
        place.write(w);
        w.fixed(actor).u64(seq).str(text);
    }));
    let mut mac = <Hmac<Sha256>>::new_from_slice(key).map_err(|_| SealFault::Cipher)?;
    mac.update(&covered);
    let full = mac.finalize().into_bytes();
    full.get(..limit::NONCE_BYTES).and_then(|front| front.try_into().ok()).ok_or(SealFault::Cipher)
}
