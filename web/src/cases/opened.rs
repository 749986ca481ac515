//! T10: a paper shows whole what a page masks, so who opened it stands in the audit.

use std::sync::Arc;

use app::testing::{Invented, MONDAY, TestClock, clerk, meet, take, township};
use axum::http::StatusCode;
use model::papers::Paper;
use store::MemoryEngine;
use store::engine::Engine as _;

use super::main_job::{signed_in, township_item};

/// Fails when somebody reads a whole number off a case's paper and no row says so, or the row says the number.
#[tokio::test]
async fn d2_a_paper_of_a_case_is_opened_by_name() {
    let (town, clock) = (township(1, 3), TestClock::at(MONDAY));
    let disk = Arc::new(MemoryEngine::new());
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::clone(&disk) as _, clock, 2);
    centre.load_small_sample(&[2301]).unwrap();
    meet(&station, &centre);
    let id = take(&station, &township_item(&station), 7).unwrap();
    let mut village = signed_in(&station).await;
    let rows = || store::audit::page(&*disk.read().unwrap(), None, 999).unwrap();
    let opened = || rows().into_iter().filter(|(_, row)| row.act == "打开文书").collect::<Vec<_>>();
    let mut expected = 0;
    for paper in [Paper::Acceptance, Paper::Form] {
        let page = village.get(&format!("/cases/{}/papers/{}", id.hex(), paper.code())).await;
        expected += usize::from(page.status == StatusCode::OK);
    }
    assert!(expected > 0, "the case has a paper");
    assert_eq!(opened().len(), expected);
    let number = Invented::nth(7).id_number;
    for (_, row) in opened() {
        assert_eq!((row.staff.as_str(), row.doc), (clerk().staff.as_str(), Some(id.0)));
        assert!(!row.detail.is_empty() && !row.detail.contains(&number));
    }
    let none = village.get(&format!("/cases/{}/papers/{}", id.hex(), Paper::Revoked.code())).await;
    assert_ne!(none.status, StatusCode::OK);
    assert_eq!(opened().len(), expected, "what was not shown is not written as seen");
}
