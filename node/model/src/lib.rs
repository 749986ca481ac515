//! What a station does: items, cases, clocks, papers, people.
//!
//! Pure: no I/O, no clock, no randomness, no keys. Time, ids and random numbers are arguments; a document comes in
//! as a [`record::Record`] and a use case answers with a [`record::Edit`] or a [`Refusal`] in plain Chinese.
//!
//! Where to start: [`item`] (what may be asked for), [`catalogue`] (finding it, and the sample set), [`authority`]
//! (whether this station may accept it), [`history`] (the fold over events), [`case`] (one file per act), [`papers`] (what is
//! printed), [`matter`] (what is registered and is no case), [`office`] (windows, norms), [`outside`] (copying a case into an outside system), [`calendar`] (days that count), [`person`] (id numbers, masking), [`number`] (case numbers).

pub mod authority;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod history;
pub mod item;
pub mod limit;
pub mod matter;
pub mod number;
pub mod office;
pub mod outside;
pub mod papers;
pub mod person;
pub mod record;
mod refusal;
pub mod station;

pub use jiff::civil::Date;
pub use refusal::{FieldError, FieldErrors, Refusal};
