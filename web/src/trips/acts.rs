//! What the tablet's page asks of the box while it is at the station: what there is to take along, a trip, its key, and taking
//! back what was typed. A script asks; every answer that says 已保存 comes after the commit.

use std::collections::BTreeMap;

use app::cases::NewPhoto;
use app::trips::{Bring, PhotoLanded, TripId, number};
use app::{ActError, Node};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::item::ItemRef;
use model::{FieldErrors, Refusal};
use serde_json::{Value, json};

use super::pack;
use crate::Site;
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk, same};
use crate::shell::upload::Upload;

/// What a field of the record itself is called, apart from what was typed.
const OWN: &str = "trip.";

fn trip(text: &str) -> Result<TripId, Fault> {
    TripId::parse(text).ok_or(Fault::NotFound)
}

/// The answer to a script: what was done, or why not, in words for the person.
fn told(done: Result<Value, ActError>) -> Result<Response, Fault> {
    match done {
        Ok(value) => Ok(Json(value).into_response()),
        Err(ActError::Refused(Refusal { message, fields })) => {
            note_refused("trip", &fields);
            let names: Vec<&str> = fields.iter().map(|error| error.field.as_str()).collect();
            let body = Json(json!({ "message": message, "fields": names }));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /trip/ready`: who is signed in, and what can be taken along.
pub(crate) async fn ready(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let (csrf, name, place) = (clerk.csrf.clone(), clerk.who.name.clone(), site.node().name());
    let value = site
        .ask(move |node| {
            let out: Vec<String> = node.trips()?.iter().map(|trip| trip.id.hex()).collect();
            Ok(json!({ "csrf": csrf, "clerk": name, "place": place, "out": out, "items": items(node) }))
        })
        .await?;
    told(value)
}

fn items(node: &Node) -> Vec<Value> {
    let (reference, today) = (node.reference(), node.today());
    let current = reference.catalogue.items().filter_map(|item| item.on(today));
    current
        .map(|version| json!({ "code": version.code, "name": version.name, "area": version.area }))
        .collect()
}

/// `POST /trip/start`: a trip with the chosen items.
pub(crate) async fn start(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let chosen = act.fields.pairs().filter(|(name, _)| *name == "item");
    let codes: Vec<String> = chosen.map(|(_, code)| code.to_owned()).collect();
    let made = site.ask(move |node| node.prepare_trip(&act.clerk.who, &codes)).await?;
    told(made.map(|made| {
        let items: Vec<Value> = made.items.iter().map(pack::of).collect();
        json!({ "trip": made.id.hex(), "key": made.key, "words": made.words, "items": items })
    }))
}

/// `POST /trip/{trip}/key`: the key again, for who has lost the 口令 and is back.
pub(crate) async fn key(
    State(site): State<Site>,
    Part(id): Part<String>,
    act: Act,
) -> Result<Response, Fault> {
    let id = trip(&id)?;
    told(site.ask(move |node| node.trip_key(&act.clerk.who, id)).await?.map(|key| json!({ "key": key })))
}

/// A record as the page sends it; none when its own fields are not there.
fn brought(id: TripId, fields: &Fields) -> Option<Bring> {
    let own = |name: &str| fields.get(&format!("{OWN}{name}")).to_owned();
    let version = own("version").parse().ok()?;
    let pairs = fields.pairs().filter(|(name, _)| *name != "csrf" && !name.starts_with(OWN));
    let typed: BTreeMap<String, String> =
        pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Some(Bring {
        trip: id,
        record: number(&own("record"))?,
        item: ItemRef { code: own("item"), version },
        on: own("day").parse().ok(),
        typed,
    })
}

/// `POST /trip/{trip}/record`: what was typed becomes a draft, once.
pub(crate) async fn record(
    State(site): State<Site>,
    Part(id): Part<String>,
    act: Act,
) -> Result<Response, Fault> {
    let bring = brought(trip(&id)?, &act.fields).ok_or(Fault::BadForm)?;
    let done = site.ask(move |node| node.bring(&act.clerk.who, bring)).await?;
    told(done.map(|landed| json!({ "draft": landed.draft.hex(), "before": landed.before })))
}

/// `POST /trip/{trip}/photo`: a photo of a record that was brought back.
pub(crate) async fn photo(
    State(site): State<Site>,
    Part(id): Part<String>,
    clerk: Clerk,
    upload: Upload,
) -> Result<Response, Fault> {
    trip(&id)?;
    if let Some(bytes) = upload.oversize {
        return told(Err(app::cases::too_large(bytes).into()));
    }
    if !same(upload.fields.get("csrf"), &clerk.csrf) {
        note_refused("stale trip page", &FieldErrors::default());
        return Ok((StatusCode::CONFLICT, Json(json!({ "message": "请再送一次。" }))).into_response());
    }
    let own = |name: &str| number(upload.fields.get(name)).ok_or(Fault::BadForm);
    let (record, photo) = (own("record")?, own("number")?);
    let material = upload.fields.get("material").to_owned();
    let (thumbs, files): (Vec<_>, Vec<_>) = upload.files.into_iter().partition(|file| file.field == "thumb");
    let file = files.into_iter().next().ok_or(Fault::BadForm)?.bytes;
    let thumb = thumbs.into_iter().next().map(|file| file.bytes);
    let new = NewPhoto { material, file, thumb, instead: None };
    let done = site.ask(move |node| node.bring_photo(&clerk.who, record, photo, new)).await?;
    told(done.map(|landed| json!({ "kept": landed != PhotoLanded::Gone })))
}

/// `POST /trip/{trip}/end`: the tablet has nothing left.
pub(crate) async fn end(
    State(site): State<Site>,
    Part(id): Part<String>,
    act: Act,
) -> Result<Response, Fault> {
    let id = trip(&id)?;
    told(
        site.ask(move |node| node.end_trip(&act.clerk.who, id, false))
            .await?
            .map(|()| json!({ "ended": true })),
    )
}
