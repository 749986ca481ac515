//! `/catalogue/import`: a workbook is read, what it would change is shown, and it comes in whole or not at all.

pub(crate) mod jobs;
mod show;
mod upload;

pub(super) use show::workbook;
pub(crate) use show::{errors, get, land, state};
pub(crate) use upload::{ask, take};
