//! 捎带 (H5): `GET /courier` tells what a stick or a laptop would carry, `POST /courier/pick-up` writes the file,
//! `POST /courier/drop-off` reads one that was carried here.

use app::courier::{Brought, PickUp};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use crate::cases::words;
use crate::frame::{self, Place};
use crate::pack::download;
use crate::shell::fault::Fault;
use crate::shell::session::{Act, Clerk, same};
use crate::shell::upload::Upload;
use crate::view::{Desk, Gap, Said};
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "courier.html")]
struct CourierPage {
    desk: Desk,
    centre: bool,
    /// What waits for the other side's receipt, where that is known.
    waits: Option<String>,
    said: Option<Said>,
    /// What became of the parcels of a file: whom it is from, what to know, and how it looks.
    lines: Vec<Line>,
    gaps: Vec<Gap>,
    megabytes: usize,
}

struct Line {
    class: &'static str,
    from: String,
    text: String,
}

pub(crate) fn routes() -> Router<Site> {
    let large = DefaultBodyLimit::max(limit::PARCELS_BYTES_MAX);
    Router::new()
        .route("/courier", get(show))
        .route("/courier/pick-up", post(pick_up))
        // a sign-in leads back to it whose session ended before the file was posted
        .route("/courier/drop-off", get(again).post(drop_off).layer(large))
}

async fn show(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk).await?)
}

async fn again() -> Redirect {
    Redirect::to("/courier")
}

async fn built(site: &Site, clerk: &Clerk) -> Result<CourierPage, Fault> {
    let centre = site.node().is_centre();
    let counts = if centre { None } else { Some(site.ask(|node| node.truth_counts()).await??.0) };
    let waits = counts.map(|counts| {
        let number = counts.saved + counts.in_transit;
        if counts.uncounted > 0 { format!("至少 {number}") } else { number.to_string() }
    });
    Ok(CourierPage {
        desk: frame::desk(site, clerk, Place::Courier),
        centre,
        waits,
        said: None,
        lines: Vec::new(),
        gaps: Vec::new(),
        megabytes: limit::PARCELS_BYTES_MAX / (1024 * 1024),
    })
}

async fn pick_up(State(site): State<Site>, Act { clerk, .. }: Act) -> Result<Response, Fault> {
    let who = clerk.who.clone();
    let PickUp { bytes, parcels } = site.ask(move |node| node.pick_up(&who)).await??;
    if bytes.is_empty() {
        let text = "没有要带的：对方该有的都有了。".to_owned();
        return page::show(&CourierPage {
            said: Some(Said { kind: "green", text }),
            ..built(&site, &clerk).await?
        });
    }
    let node = site.node();
    let entries: u64 = parcels.iter().map(|parcel| parcel.entries).sum();
    let left: u64 = parcels.iter().map(|parcel| parcel.left).sum();
    tracing::info!(
        parcels = parcels.len(),
        entries,
        left,
        bytes = bytes.len(),
        "a courier's file was written"
    );
    let wall = node.ports().clock.wall();
    let day = words::day_of(wall).map(|day| day.to_string()).unwrap_or_default();
    let stamp = format!("{day}-{}.bmc", words::clock_time(wall).replace(':', ""));
    let (plain, name) =
        (format!("bianmin-{:04}-{stamp}", node.station().0), format!("{}捎带-{stamp}", node.name()));
    Ok(download(bytes, "application/octet-stream", &plain, &name))
}

async fn drop_off(State(site): State<Site>, clerk: Clerk, upload: Upload) -> Result<Response, Fault> {
    if upload.oversize.is_some() {
        return Err(Fault::FileTooLarge);
    }
    if !same(upload.fields.get("csrf"), &clerk.csrf) {
        let words = "这一页是上次登录时打开的，没有收。请刷新这一页，再选一次文件。";
        return Err(Fault::NotAllowed(words.to_owned()));
    }
    let files: Vec<Vec<u8>> = upload.files.into_iter().map(|file| file.bytes).collect();
    let nothing = |text: &str| vec![Gap { target: "file".to_owned(), text: text.to_owned() }];
    let who = clerk.who.clone();
    let given = !files.is_empty();
    // without a file nothing was brought, and nothing is written down about it
    let brought =
        if given { site.ask(move |node| node.drop_off(&who, &files.concat())).await?? } else { Vec::new() };
    let mut shown = built(&site, &clerk).await?;
    if brought.is_empty() {
        shown.gaps = nothing(if given {
            "这不是便民盒写的捎带文件。请选 .bmc 结尾的那个。"
        } else {
            "还没选文件，请选捎来的 .bmc 文件。"
        });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&shown)?).into_response());
    }
    let fresh: u64 = brought.iter().map(Brought::fresh).sum();
    tracing::info!(parcels = brought.len(), fresh, "a courier's file was read");
    let whole = brought.iter().all(|one| matches!(one, Brought::Taken { taken, .. } if taken.gaps + taken.refused == 0 && taken.ended.is_none()));
    shown.said = Some(Said {
        kind: if whole { "green" } else { "amber" },
        text: if fresh > 0 {
            format!("收下了 {fresh} 条新记录，已经存在盘上。")
        } else {
            "没有新记录，捎来的这里都有了。".to_owned()
        },
    });
    shown.lines = brought.iter().map(|one| line(&site, one)).collect();
    page::show(&shown)
}

fn line(site: &Site, brought: &Brought) -> Line {
    let name = |station: u16| frame::station_name(site.node(), station);
    match brought {
        Brought::Taken { from, made, taken } => {
            let mut text = format!("{}写的，新记录 {} 条", words::moment(*made), taken.fresh);
            if taken.gaps > 0 {
                text.push_str("；中间缺了前面的，请把这里写的文件捎过去一趟，再捎回来");
            }
            if taken.refused > 0 || taken.ended.is_some() {
                text.push_str("；有的没有收，请找工程师");
            }
            let fine = taken.gaps + taken.refused == 0 && taken.ended.is_none();
            Line { class: if fine { "green" } else { "amber" }, from: name(*from), text }
        }
        Brought::ForAnother(to) => Line {
            class: "",
            from: to.map_or_else(|| "别的乡镇".to_owned(), |to| format!("给{}的", name(to))),
            text: "不是给这里的，打不开也不用打开，请捎到那里去".to_owned(),
        },
        Brought::Stranger => Line {
            class: "red",
            from: "不认识的盒子".to_owned(),
            text: "不在本镇的名单里，没有收".to_owned(),
        },
        Brought::Broken => Line {
            class: "amber",
            from: "没拷全的".to_owned(),
            text: "少了一截或者改动过，没有收；请再拷一次".to_owned(),
        },
        Brought::Newer => Line {
            class: "amber",
            from: "新版本写的".to_owned(),
            text: "这台盒子还读不了，请先升级".to_owned(),
        },
    }
}
