//! One case's file as one zip (docs/formats/archive.md): a catalogue to be printed, the photos, and a manifest with the hash of every
//! file. Masked, without photos, unless a reason was written down.

use app::cases::{CaseId, PhotoOut, Why};
use askama::Template;
use axum::response::Response;
use model::Refusal;
use model::person::mask_name;

use super::act::Undone;
use super::volume::{self, Entry, Photo};
use crate::Site;
use crate::cases::show::{Opened, Told};
use crate::cases::words;
use crate::frame;
use crate::pack::{self, PackedFile};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::Clerk;

/// The catalogue as a page of its own.
#[derive(Template)]
#[template(path = "archive/volume.html")]
struct Catalogue {
    number: String,
    place: String,
    whole: bool,
    cover: Vec<(String, String)>,
    people: Vec<(String, String)>,
    papers: Vec<(String, String)>,
    photos: Vec<Photo>,
    entries: Vec<Entry>,
    by: String,
}

/// Version of the manifest.
const VERSION: u32 = 1;

/// The manifest.
#[derive(serde::Serialize)]
struct Manifest<'a> {
    format: &'static str,
    version: u32,
    number: &'a str,
    masked: bool,
    files: Vec<Listed<'a>>,
    /// Photos of the case, whether they are in the zip or not: the SHA-256 of their sealed bytes, which is their name on every box.
    photos: Vec<&'a str>,
}

#[derive(serde::Serialize)]
struct Listed<'a> {
    name: &'a str,
    bytes: usize,
    sha256: String,
}

/// The zip.
pub(super) async fn file(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    fields: &Fields,
) -> Result<Response, Undone> {
    let whole = fields.get("whole") == "1";
    let why = Why::parse(fields.get("why")).filter(|_| whole);
    if whole && why.is_none() {
        let words = "完整的要选为什么，请选一项。";
        return Err(Undone::Refused(Refusal::field("why", "完整的要选为什么", words)));
    }
    let who = clerk.who.clone();
    let (opened, out) = site
        .ask(move |node| {
            let (view, out) = node.export_case(&who, id, why)?;
            Ok::<_, app::ActError>((Opened::of(node, view), out))
        })
        .await??;
    let told = opened.told();
    let place = frame::station_name(site.node(), site.node().station().0);
    let bytes = packed(&told, &place, &clerk.who.name, out, whole)?;
    let number = told.case.number().unwrap_or_default();
    let name = format!("档案 {number}{}.zip", if whole { "" } else { "（遮住）" });
    Ok(pack::download(bytes, "application/zip", "archive.zip", &name))
}

fn packed(told: &Told<'_>, place: &str, by: &str, out: Vec<PhotoOut>, whole: bool) -> Result<Vec<u8>, Fault> {
    let mut photos = volume::photos(told);
    let number = told.case.number().unwrap_or_default();
    let mut files = Vec::new();
    for (nth, (one, photo)) in (1..).zip(out.into_iter().zip(&mut photos)) {
        let Some(shown) = one.shown else {
            photo.mark.push_str("（照片还在路上，没有导出）");
            continue;
        };
        let safe: String =
            photo.name.chars().map(|c| if r#"/\:*?"<>|"#.contains(c) { '_' } else { c }).collect();
        files.push(PackedFile {
            name: format!("照片/{nth:02} {safe}.{}", shown.media.ending()),
            bytes: shown.bytes,
        });
    }
    let blobs: Vec<String> = photos.iter().map(|photo| photo.blob.clone()).collect();
    let catalogue = Catalogue {
        number: number.to_owned(),
        place: place.to_owned(),
        whole,
        cover: if whole { whole_cover(told) } else { volume::cover(told) },
        people: people(told, whole),
        papers: volume::papers(told),
        photos,
        entries: volume::entries(told, whole),
        by: if whole { by.to_owned() } else { mask_name(by) },
    };
    let html = catalogue.render().map_err(|_fault| Fault::Defect("a template did not render"))?;
    files.insert(0, PackedFile { name: "卷内目录.html".to_owned(), bytes: html.into_bytes() });
    let listed = files.iter().map(|file| Listed {
        name: &file.name,
        bytes: file.bytes.len(),
        sha256: data_encoding::HEXLOWER.encode(&canon::sha256(&file.bytes)),
    });
    let manifest = Manifest {
        format: "bianmin archive",
        version: VERSION,
        number,
        masked: !whole,
        files: listed.collect(),
        photos: blobs.iter().map(String::as_str).collect(),
    };
    let manifest =
        serde_json::to_vec_pretty(&manifest).map_err(|_fault| Fault::Defect("a manifest was not written"))?;
    files.push(PackedFile { name: "manifest.json".to_owned(), bytes: manifest });
    pack::zip(&files)
}

fn whole_cover(told: &Told<'_>) -> Vec<(String, String)> {
    let name = told.case.filing.cell(model::case::facts::NAME).unwrap_or("").to_owned();
    let cover = volume::cover(told).into_iter();
    cover
        .map(|(label, value)| if label == "申请人" { (label, name.clone()) } else { (label, value) })
        .collect()
}

/// What people told about themselves.
fn people(told: &Told<'_>, whole: bool) -> Vec<(String, String)> {
    if !whole {
        return words::people(&told.case.filing);
    }
    let names = app::cases::revealable(&told.case.filing);
    let value = |name: &String| told.case.filing.cell(name).unwrap_or("").to_owned();
    names.iter().map(|name| (crate::cases::reveal::label(name, told.version), value(name))).collect()
}
