//! `POST /calendar`: a year's notice is read, looked at day by day, and only then published.

use app::ActError;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::calendar::{Calendar, Reading, Stretch, read};
use model::{Date, Refusal};

use super::show::{self, Back};
use crate::cases::{perform, words};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Tag};
use crate::{Site, page};

/// What was read, to be looked at.
#[derive(Template)]
#[template(path = "clocks/preview.html")]
struct PreviewPage {
    desk: Desk,
    once: String,
    year: i16,
    source: String,
    words: String,
    days: usize,
    free: usize,
    /// A year has more free days than that: something may have been left out.
    thin: bool,
    stretches: Vec<Line>,
    changes: Vec<(String, &'static str, &'static str)>,
}

/// One stretch of days.
struct Line {
    name: String,
    days: String,
    count: usize,
    tag: Tag,
}

/// Free days that every yearly notice has and more: 13 days by law, with the weekends they are joined to.
const THIN: usize = 20;

/// Reads, shows or publishes.
pub(super) async fn act(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    show::centre_only(site.node())?;
    let reading = read_fields(&fields);
    match (reading, fields.get("do")) {
        (Err(refusal), _) => show::refused(&site, &clerk, back(&fields, Some(refusal))).await,
        (Ok(_), "edit") => show::refused(&site, &clerk, back(&fields, None)).await,
        (Ok(reading), "publish") => publish(&site, &clerk, &fields, reading).await,
        (Ok(reading), _) => {
            let calendar = site.node().reference().calendar.clone();
            page::show(&preview(&site, &clerk, &fields, &reading, &calendar))
        }
    }
}

fn read_fields(fields: &Fields) -> Result<Reading, Refusal> {
    let year = fields.get("year").parse().unwrap_or(0);
    read(year, fields.get("source"), fields.get("words"))
}

fn back(fields: &Fields, refusal: Option<Refusal>) -> Back {
    let text = |name: &str| fields.get(name).to_owned();
    Back { refusal, year: text("year"), source: text("source"), words: text("words"), days: None }
}

async fn publish(site: &Site, clerk: &Clerk, fields: &Fields, reading: Reading) -> Result<Response, Fault> {
    let who = clerk.who.clone();
    let form = perform::once(clerk, "calendar", "publish", fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.publish_notice(&who, reading.notice)
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to("/calendar?done=notice").into_response()),
        Err(ActError::Refused(refusal)) => show::refused(site, clerk, back(fields, Some(refusal))).await,
        Err(error) => Err(error.into()),
    }
}

fn preview(
    site: &Site,
    clerk: &Clerk,
    fields: &Fields,
    reading: &Reading,
    calendar: &Calendar,
) -> PreviewPage {
    let notice = &reading.notice;
    let then = calendar.clone().with(notice.clone());
    PreviewPage {
        desk: frame::desk(site, clerk, Place::Calendar),
        once: site.fresh_form(),
        year: notice.year,
        source: notice.source.clone(),
        words: fields.get("words").to_owned(),
        days: then.working_days(notice.year).count(),
        free: notice.rest.len(),
        thin: notice.rest.len() < THIN,
        stretches: reading.stretches.iter().map(line).collect(),
        changes: changes(calendar, &then, notice.year),
    }
}

fn weekday_of(date: Date) -> String {
    words::day_and_weekday(date).replace(" 星期", "（周") + "）"
}

fn line(stretch: &Stretch) -> Line {
    let (from, to) = (weekday_of(stretch.from), weekday_of(stretch.to));
    Line {
        name: stretch.name.clone(),
        days: if stretch.from == stretch.to { from } else { format!("{from} 至 {to}") },
        count: stretch.days().count(),
        tag: if stretch.worked { Tag::new("amber", "上班") } else { Tag::new("green", "放假") },
    }
}

/// Days that count otherwise than they do now.
fn changes(now: &Calendar, then: &Calendar, year: i16) -> Vec<(String, &'static str, &'static str)> {
    let word = |working: bool| if working { "上班" } else { "放假" };
    let first = Date::new(year - 1, 12, 1).ok();
    let days =
        std::iter::successors(first, |date| date.tomorrow().ok()).take_while(|date| date.year() <= year);
    let moved = days.filter_map(|date| {
        let (before, after) = (now.day(date).working, then.day(date).working);
        (before != after).then(|| (weekday_of(date), word(before), word(after)))
    });
    moved.collect()
}
