//! Acts without rules: what the simulation writes and reads, past the use cases but through the same commit.

use crate::commit::{Change, Said};
use crate::{ActError, Node, Who, keyring};
use identity::{Audience, Epoch, Lane};
use model::record::{Edit, Record};
use records::{DocRef, Document};
use store::{documents, origin};
use sync::truth::{Truth, truth};

/// One change to one document, as a use case would commit it: durable when this returns.
///
/// # Errors
/// As any use case: nothing was written.
pub fn write(
    node: &Node,
    at: DocRef,
    edit: Edit,
    audiences: Vec<Audience>,
    lane: Lane,
) -> Result<Record, ActError> {
    let who = nobody();
    let change = Change { edit, audiences, lane };
    node.commit(move |job| {
        let opened = job.open(at)?;
        job.write(opened, &change)?;
        job.audit(&who, &Said::new("test"), Some(at.id.0))?;
        Ok(job.open(at)?.record())
    })
}

/// Who acts where it does not matter who.
pub(super) fn nobody() -> Who {
    Who {
        staff: "s1".to_owned(), name: "某".to_owned(), post: "综合窗口".to_owned(), session: String::new()
    }
}

/// What a document says on this box; none when it is not there.
///
/// # Errors
/// When the disk or the document cannot be read.
pub fn record(node: &Node, at: DocRef) -> Result<Option<Record>, ActError> {
    let tx = node.engine().read()?;
    let Some(stored) = documents::get(&*tx, &at.id.0)? else { return Ok(None) };
    let document = Document::load(at, &stored.saved)?;
    let book = keyring::open(&*tx, node.bag(), &at.id.0)?;
    Ok(Some(records::read(&document, &book)))
}

/// Where this box's own entries of a document are, as its pages say it.
///
/// # Errors
/// When the disk cannot be read.
pub fn whereabouts(node: &Node, doc: &[u8; 16]) -> Result<Truth, ActError> {
    let tx = node.engine().read()?;
    let confirmed = node.confirmed(&*tx)?;
    let own = origin::get(&*tx, doc)?;
    let blobs = crate::cases::named_blobs(&*tx, doc)?;
    Ok(truth(&own, &blobs, confirmed.as_ref(), &|log| node.relayed_up_to(log)))
}

/// The writer epoch of this start.
#[must_use]
pub fn epoch(node: &Node) -> Epoch {
    node.epoch()
}
