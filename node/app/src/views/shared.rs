//! Rows of what more than one box works on: cases that one village took in for another, and help threads.

use super::{Hands, Row, kept};
use crate::ActError;
use model::case::Case;
use model::station::CENTRE;
use store::documents::DocId as Doc;
use store::engine::ReadTx;
use store::rows::View;

/// Which way, over or not, due day, document: cases of one village that another took in.
pub(crate) const ROUTED: View = View(13);
/// Who is to answer, when the last line was written, document: help threads that are open.
pub(crate) const HELP: View = View(21);

/// Which way a case went that one village took in for another, as rows sort it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crossed {
    /// It came to this station from another.
    In = 0,
    /// This station took it in; another goes on with it.
    Out = 1,
    /// Between two villages, as the centre sees it.
    Between = 2,
}

/// Whether one village took the case in for another, or passed it on.
pub(crate) fn is_routed<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    Ok(kept(tx, doc)?.is_some_and(|kept| kept.keys.iter().any(|(view, _)| *view == ROUTED)))
}

pub(super) fn routed(case: &Case, hands: Hands, due: [u8; 4], here: u16, doc: &Doc) -> Option<Row> {
    case.routed.first()?;
    let way = match here {
        CENTRE => Crossed::Between,
        here if here == case.station => Crossed::Out,
        _ => Crossed::In,
    };
    let over = u8::from(hands == Hands::Nobody);
    Some((ROUTED, [&[way as u8, over][..], &due, doc].concat(), Vec::new()))
}

pub(super) fn help(case: &Case, doc: &Doc) -> Option<Row> {
    let waits = case.help.waits()?;
    let last = case.help.lines().last().map_or(0, |line| line.mark.stamp.wall);
    let last = u32::try_from(last).unwrap_or(0).to_be_bytes();
    Some((HELP, [&[waits as u8][..], &last, doc].concat(), Vec::new()))
}
