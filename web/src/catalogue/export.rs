//! `GET /catalogue/export`: the items of the list, or a blank form, as a workbook.

use axum::extract::State;
use axum::response::Response;
use model::item::Version;

use super::import::workbook;
use super::list::{Wanted, lines};
use super::only_centre;
use crate::Site;
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;

/// The newest version of each item; of one that was never published its draft.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(wanted): Query<Wanted>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let bytes = site
        .ask(move |node| {
            let reference = node.reference();
            let mut versions: Vec<Version> = Vec::new();
            for line in if wanted.is_blank() { Vec::new() } else { lines(node, &wanted)? } {
                match reference.catalogue.item(&line.code).and_then(|item| item.versions.last()) {
                    Some(version) => versions.push(version.clone()),
                    None => versions.push(node.item_draft(&line.code)?.version),
                }
            }
            Ok::<_, app::ActError>(sheets::export(&versions.iter().collect::<Vec<_>>(), node.today()))
        })
        .await??;
    let bytes = bytes.map_err(|_fault| Fault::Defect("a workbook was not written"))?;
    Ok(workbook(
        bytes,
        "attachment; filename=\"items.xlsx\"; filename*=UTF-8''%E6%94%BF%E5%8A%A1%E6%9C%8D%E5%8A%A1%E4%BA%8B%E9%A1%B9.xlsx",
    ))
}
