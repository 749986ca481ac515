//! Packages (套餐): authored at the centre, and taken at a counter as several drafts of one visit.

mod authoring;
mod intake;
#[cfg(test)]
mod tests;

pub use authoring::PackageDraft;
pub(crate) use authoring::code_of_draft;
pub use intake::Together;
