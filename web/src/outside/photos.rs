//! `POST /transcribe/{case}/photos`: the photos of a case as files named to the outside system's rules, in one zip, after the reason
//! was written down.

use app::cases::{PhotoOut, Why};
use axum::extract::State;
use axum::response::Response;
use model::Refusal;
use model::outside::{Copied, Mapping, number_end, photo_file};
use std::collections::BTreeMap;

use crate::Site;
use crate::cases::show::{Opened, id};
use crate::pack::{self, PackedFile};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Act;

/// The names of a case's photos there, in order, no two the same: materials may be called alike.
pub(super) fn names(mapping: &Mapping, of: &Copied<'_>, end: &str) -> Vec<String> {
    let good = of.case.photos.iter().filter(|photo| photo.wrong.is_none());
    let (mut counts, mut taken) = (BTreeMap::<&str, usize>::new(), BTreeMap::<String, usize>::new());
    good.map(|photo| {
        let count = counts.entry(&photo.what.material).or_default();
        *count += 1;
        let name = photo_file(&mapping.photos, of, end, &photo.what.material, *count);
        let alike = taken.entry(name.clone()).or_default();
        *alike += 1;
        if *alike == 1 { name } else { format!("{name}（{alike}）") }
    })
    .collect()
}

/// The zip.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    let (who, why) = (clerk.who.clone(), Why::parse(fields.get("why")));
    let (opened, photos, mapping) = site
        .ask(move |node| {
            let none = || Refusal::because("还没选为什么要下载，请回去选一项。");
            let opened = Opened::read(node, id)?;
            let version = opened.view.version.as_ref().ok_or(Fault::NotFound)?;
            let mapping = node.mapping(version);
            let photos =
                node.photos_for_copy(&who, id, why.ok_or_else(none).map_err(app::ActError::from)?)?;
            Ok::<_, Fault>((opened, photos, mapping))
        })
        .await??;
    let told = opened.told();
    let version = told.version.ok_or(Fault::NotFound)?;
    let of = Copied { case: told.case, version, station: "" };
    let names = names(&mapping, &of, &number_end(&of));
    let missing = photos.iter().filter(|photo| photo.shown.is_none()).count();
    let file = |(out, name): (PhotoOut, String)| {
        let shown = out.shown?;
        Some(PackedFile { name: format!("{name}.{}", shown.media.ending()), bytes: shown.bytes })
    };
    let mut files: Vec<PackedFile> = photos.into_iter().zip(names).filter_map(file).collect();
    if missing > 0 {
        let words = format!("有 {missing} 张照片还在村站的盒子里，没有传到这里。等传到了再下载一次。\r\n");
        files.push(PackedFile { name: "没有下载到的.txt".to_owned(), bytes: words.into_bytes() });
    }
    if files.is_empty() {
        let (words, back) = ("这件没有照片可以下载。".to_owned(), format!("/transcribe/{case}"));
        return Err(Fault::NotOpen { words, back });
    }
    let number = told.case.number().unwrap_or_default();
    let name = format!("材料照片 {number}.zip");
    Ok(pack::download(pack::zip(&files)?, "application/zip", "photos.zip", &name))
}
