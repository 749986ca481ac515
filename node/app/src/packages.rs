//! Packages (套餐): authored at the centre, and taken at a counter as several drafts of one visit.

mod authoring;
mod beside;
mod intake;
#[cfg(test)]
mod tests;

pub use authoring::PackageDraft;
pub(crate) use authoring::code_of_draft;
pub use beside::{asked_for, photo_name_of};
pub use intake::Together;
