//! `POST /today`: a clerk says that the date the box shows is today's, once after a start.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;

use crate::Site;
use crate::shell::fault::Fault;
use crate::shell::session::Act;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/today", post(confirm))
}

async fn confirm(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let home = if site.node().is_centre() { "/queue" } else { "/" };
    let staff = clerk.who.staff.clone();
    // What is no date is not today either: the use case says so.
    let day = fields.get("day").parse().unwrap_or(model::Date::MIN);
    site.ask(move |node| node.confirm_today(&clerk.who, day)).await??;
    tracing::info!(staff, "today's date confirmed");
    Ok(Redirect::to(home).into_response())
}

#[cfg(test)]
mod tests {
    use app::ports::Confidence;
    use axum::http::StatusCode;

    use crate::cases::main_job::{send, signed_in, town};

    const ASKED: &str = "2026年11月23日 星期一";

    /// Fails when a box of uncertain clock does not ask, takes another day for today, asks twice, or believes an open page
    /// from the day before.
    #[tokio::test]
    async fn the_date_is_confirmed_once_after_a_start() {
        let town = town();
        let mut browser = signed_in(&town.station).await;
        let page = browser.get("/").await;
        assert!(page.text.contains(ASKED) && page.text.contains("action=\"/today\""));
        for wrong in ["2026-11-22", "", "今天"] {
            let refused = send(&mut browser, &page, "/today", &[("day", wrong)]).await;
            assert_ne!(refused.status, StatusCode::SEE_OTHER, "{wrong}");
            assert_eq!(town.station.confidence(), Confidence::SetByHand);
        }
        assert_eq!(send(&mut browser, &page, "/today", &[("day", "2026-11-23")]).await.to(), "/");
        assert_eq!(town.station.confidence(), Confidence::Confirmed);
        let page = browser.get("/").await;
        assert!(!page.text.contains("action=\"/today\"") && page.text.contains("今日日期已核对"));
    }
}
