//! Photos of a draft's or a case's materials and steps: the page that lists them by material and takes new ones.

pub(crate) mod add;
pub(crate) mod look;
pub(crate) mod phone;
#[cfg(test)]
mod tests;

use app::cases::{Arrived, CaseId, CaseView};
use app::packages::{asked_for, photo_name_of};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::event::What;
use model::case::{Case, Entry, Photo, Scene};
use model::item::{Material, Version};

use super::printable::PaperLine;
use super::show::{Opened, id};
use super::words;
use crate::frame::{self, Place};
use crate::papers::qr::{self, Qr};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Clerk;
use crate::view::{Desk, Gap, Said};
use crate::{Site, page};

/// The keys a draft's page answers to.
pub(crate) const KEYS: [(&[&str], &str); 2] = [(&["Esc"], "回收件"), (&["F4"], "手机拍照")];
/// A village's draft's, at the centre.
pub(crate) const KEYS_OF_ASKED: [(&[&str], &str); 1] = [(&["Esc"], "回求助")];
/// And a case's.
pub(crate) const KEYS_OF_CASE: [(&[&str], &str); 1] = [(&["Esc"], "回办件")];

/// The page.
#[derive(Template)]
#[template(path = "cases/photos.html")]
pub(crate) struct PhotosPage {
    pub(crate) desk: Desk,
    pub(crate) case: String,
    pub(crate) draft: bool,
    /// A village's draft, at the centre for its question alone: it is looked at and not touched.
    pub(crate) asked: bool,
    pub(crate) who: String,
    pub(crate) item: String,
    /// The way back, and what it is called.
    pub(crate) back: (String, String),
    pub(crate) said: Vec<Said>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) groups: Vec<Group>,
    pub(crate) phone: Option<Phone>,
    pub(crate) once: String,
}

/// A code for a phone, that is out now.
pub(crate) struct Phone {
    pub(crate) qr: Qr,
    pub(crate) link: String,
    pub(crate) left: String,
}

/// The photos of one material.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) shots: Vec<Shot>,
    /// New ones may be added.
    pub(crate) open: bool,
    /// How URLs begin.
    pub(crate) case: String,
}

/// One photo in the list.
pub(crate) struct Shot {
    pub(crate) name: String,
    /// 居民户口簿 第 1 张.
    pub(crate) label: String,
    pub(crate) small: bool,
    pub(crate) note: String,
    pub(crate) wrong: bool,
    /// How far it has come, when it is not all here.
    pub(crate) way: String,
}

/// The photos of one material alone, for the script that adds them.
#[derive(Template)]
#[template(path = "cases/photos-list.html")]
pub(crate) struct ShotsPart<'a> {
    pub(crate) group: &'a Group,
}

pub(crate) fn hex(name: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(name)
}

/// A material in a case's list: how many photos, and how it was answered.
/// `asked`: it was asked for again, and whether it came.
pub(crate) fn line(case: &Case, hex: &str, material: &Material, asked: Option<&str>) -> PaperLine {
    let answer = asked.unwrap_or_else(|| case.filing.material(&material.id).label());
    let count = case.photos_of(&material.id).count();
    let (icon, note) =
        if count == 0 { ("card", answer.to_owned()) } else { ("camera", format!("{count} 张 · {answer}")) };
    PaperLine { icon, name: material.name.clone(), href: format!("/photos/{hex}#m-{}", material.id), note }
}

/// A step in a case's list: how many photos of it.
pub(crate) fn scene_line(case: &Case, hex: &str, scene: Scene) -> PaperLine {
    let count = case.photos_of(scene.code()).count();
    let note = if count == 0 { "还没拍".to_owned() } else { format!("{count} 张") };
    let href = format!("/photos/{hex}#m-{}", scene.code());
    PaperLine { icon: "camera", name: format!("{}的照片", scene.label()), href, note }
}

/// Whether an entry tells of a photo that came with the papers: it is part of 收件.
pub(crate) fn with_papers(case: &Case, entry: &Entry) -> bool {
    let received = case.received.as_ref().map(|received| received.mark.op);
    let before = received.is_none_or(|received| entry.mark.op < received);
    before && matches!(entry.what, What::PhotoAdded(_))
}

/// The photos of a case by material: those its situation asks for first, then others that have some; last by the steps
/// that were done and are to be seen.
pub(crate) fn groups(view: &CaseView) -> Vec<Group> {
    let Some(version) = view.version.as_ref() else { return Vec::new() };
    let asked: Vec<&str> =
        version.materials_for(view.case.filing.scenario()).map(|material| material.id.as_str()).collect();
    let has_some = |id: &str| view.case.photos_of(id).next().is_some();
    let all = version.materials.iter().map(|material| material.id.as_str());
    let others = all.filter(|id| !asked.contains(id) && has_some(id));
    let mut ids: Vec<&str> = asked.iter().copied().chain(others).collect();
    for scene in view.case.scenes() {
        ids.push(scene.code());
    }
    ids.into_iter().map(|id| group(view, version, id)).collect()
}

/// What a page of photos is about, and its groups. A draft of a package shows what every item of it asks for, once.
pub(crate) fn listed(node: &app::Node, view: &CaseView) -> Result<(String, Vec<Group>), app::ActError> {
    let item = || view.version.as_ref().map(|version| version.name.clone()).unwrap_or_default();
    let Some(lead) = node.lead_of(view.id)? else { return Ok((item(), groups(view))) };
    let Ok(drafts) = node.together(lead)? else { return Ok((item(), groups(view))) };
    let mut all = Vec::new();
    for (place, draft) in drafts.drafts.iter().enumerate() {
        for group in groups(draft) {
            let Some(of) = asked_for(&drafts, place, &group.id) else { continue };
            let note = format!("{}　用于：{}", group.note, of.join("、"));
            all.push(Group { id: photo_name_of(place, &group.id), note, ..group });
        }
    }
    Ok((drafts.package.name, all))
}

fn group(view: &CaseView, version: &Version, id: &str) -> Group {
    let (name, passes) = match (version.material(id), Scene::parse(id)) {
        (Some(material), _) => (material.name.clone(), material.passes.clone()),
        (None, Some(scene)) => (scene.label().to_owned(), scene.hint().to_owned()),
        (None, None) => <(String, String)>::default(),
    };
    let shots = view.case.photos_of(id).enumerate().map(|(place, photo)| {
        let by = format!("{}　{}", words::moment(photo.mark.stamp.wall), photo.mark.stamp.name);
        let wrong = photo.wrong.as_ref();
        let reason = wrong.and_then(|(_, marked)| view.case.filing.cell(&marked.reason));
        Shot {
            name: hex(&photo.what.photo),
            label: format!("{name} 第 {} 张", place + 1),
            small: view.on_the_way.has_small(photo),
            way: way(view.on_the_way.arrived(&photo.what.photo)),
            note: wrong.map_or(by, |_| format!("有误：{}", reason.unwrap_or_default())),
            wrong: wrong.is_some(),
        }
    });
    Group { id: id.to_owned(), shots: shots.collect(), note: passes, name, open: true, case: view.id.hex() }
}

/// How far a photo has come, in words; nothing when it is here.
fn way(arrived: Arrived) -> String {
    match arrived {
        Arrived::Whole => String::new(),
        Arrived::Pieces(held, all) => {
            format!("还在路上，已到 {}%", u64::from(held) * 100 / u64::from(all.max(1)))
        }
        Arrived::Nothing => "还在路上，没到本机".to_owned(),
    }
}

/// What the page says while photos are on their way.
fn on_the_way(view: &CaseView) -> Option<Said> {
    let whole = |photo: &&Photo| view.on_the_way.arrived(&photo.what.photo) == Arrived::Whole;
    let (all, here) = (view.case.photos.len(), view.case.photos.iter().filter(whole).count());
    let text = format!("一共 {all} 张照片，{here} 张已到本机，其余还在路上。网通着会自己传完，不用守着。");
    (here < all).then_some(Said { kind: "", text })
}

/// A draft or a case; a draft that became a case gives the case's id.
pub(crate) fn read(node: &app::Node, id: CaseId) -> Result<Result<CaseView, CaseId>, Fault> {
    // the photos of a package are one page
    let id = node.lead_of(id)?.unwrap_or(id);
    match node.draft(id) {
        // no draft and none that became one: what is asked for is a case's own page of photos
        Err(app::ActError::NotFound) => Ok(Ok(node.case(id)?)),
        answer => Ok(answer?),
    }
}

/// Whether it is a village's draft, which came to the centre with a question.
fn is_asked(view: &CaseView, own_draft: bool) -> bool {
    view.case.received.is_none() && !own_draft
}

/// What else the page says.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) said: Vec<Said>,
    pub(crate) gaps: Vec<Gap>,
}

/// Puts the page together.
pub(crate) async fn built(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    told: Told,
) -> Result<Result<PhotosPage, CaseId>, Fault> {
    let read = site
        .ask(move |node| {
            let view = match read(node, id)? {
                Ok(view) => view,
                Err(case) => return Ok(Err(case)),
            };
            let (code, own) = (node.phone_code(view.id), node.is_draft(view.id)?);
            let listed = listed(node, &view)?;
            Ok::<_, Fault>(Ok((Opened::of(node, view), code, own, listed)))
        })
        .await??;
    let (opened, code, draft, (item, mut groups)) = match read {
        Ok(read) => read,
        Err(case) => return Ok(Err(case)),
    };
    let asked = is_asked(&opened.view, draft);
    let place = if draft { Place::Items } else { Place::Cases };
    let phone = code.map(|code| {
        let link = format!("{}/p/{}", site.hosts().progress(), code.token);
        Phone { qr: qr::draw(&link), link, left: left(code.left_ms) }
    });
    let (told_of, hex) = (opened.told(), &opened.hex);
    let back = match (draft, asked) {
        (true, _) => (format!("/intake/{hex}"), "回收件".to_owned()),
        (_, true) => (format!("/help/{hex}"), "回求助".to_owned()),
        _ => (format!("/cases/{hex}"), format!("回办件 {}", told_of.case.number().unwrap_or_default())),
    };
    if asked {
        groups.iter_mut().for_each(|group| group.open = false);
    }
    Ok(Ok(PhotosPage {
        desk: frame::desk(site, clerk, place),
        case: opened.hex.clone(),
        draft,
        asked,
        who: words::who(&told_of.case.filing),
        item,
        back,
        said: told.said.into_iter().chain(on_the_way(&opened.view)).collect(),
        gaps: told.gaps,
        groups,
        phone,
        once: site.fresh_form(),
    }))
}

fn left(ms: u64) -> String {
    format!("还能用 {} 分钟", ms.div_ceil(60_000))
}

/// `GET /photos/{case}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    match built(&site, &clerk, id(&case)?, Told::default()).await? {
        Ok(photos) => page::show(&photos),
        Err(case) => Ok(Redirect::to(&format!("/photos/{}", case.hex())).into_response()),
    }
}
