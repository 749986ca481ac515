//! `/transcribe/forms`: how each item's cases are copied. Follows from the item's 申请表 until the centre sets it.

use app::ActError;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::item::Version;
use model::outside::{ItemSetting, Mapping, Source};

use crate::frame::{self, Place};
use crate::registers::sheet::{self, Cell, Form, Frame, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Part as Named;
use crate::shell::session::{Act, Clerk};
use crate::view::{Field, Tag};
use crate::{Site, page};

/// Characters of a mapping as it is typed: 80 lines of 80.
const FIELDS_CHARS: usize = 6_400;

/// Every item, with its system.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let (reference, today) = (site.node().reference(), site.node().today());
    let row = |version: &Version| {
        let mapping = site.node().mapping(version);
        let set = reference.office.outside.contains_key(&version.code);
        vec![
            link(&version.name, format!("/transcribe/forms/{}", version.code)),
            text(mapping.system),
            text(format!("{} 栏", mapping.fields.len())),
            Cell::Tag(if set { Tag::new("blue", "镇里设的") } else { Tag::new("", "照申请表") }),
        ]
    };
    let rows = reference.catalogue.items().filter_map(|item| item.on(today)).map(row).collect();
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Transcribe),
        title: "各事项的栏目".to_owned(),
        lead: "录到外部系统时，按这里的先后一栏一栏地抄。没有设过的，照申请表排。".to_owned(),
        up: ("回未转录的办件", "/transcribe"),
        parts: vec![Part {
            title: "事项".to_owned(),
            empty: "还没有事项。",
            head: vec!["事项", "录到哪个系统", "几栏", "谁定的"],
            rows,
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

fn version(site: &Site, code: &str) -> Result<Version, Fault> {
    let (reference, today) = (site.node().reference(), site.node().today());
    reference.catalogue.current(code, today).cloned().ok_or(Fault::NotFound)
}

/// One item's: at the centre a form, on a station to be read.
pub(crate) async fn ask(
    State(site): State<Site>,
    Named(code): Named<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let version = version(&site, &code)?;
    if site.node().is_centre() {
        return shown(&site, &clerk, &version, None, None);
    }
    let mapping = site.node().mapping(&version);
    let told = ItemSetting::of(&mapping, &version);
    let row = |line: &str| line.split(" = ").map(text).collect();
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Transcribe),
        title: format!("{}的栏目", version.name),
        lead: format!("录到{}。照片取名：{}。由镇中心设定。", mapping.system, mapping.photos),
        up: ("回各事项的栏目", "/transcribe/forms"),
        parts: vec![Part {
            title: "栏目".to_owned(),
            head: vec!["那边的栏目", "这里的来源"],
            rows: told.fields.lines().map(row).collect(),
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    version: &Version,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let set = ItemSetting::of(&site.node().mapping(version), version);
    let was = |name: &str, now: &str| typed.map_or(now, |fields| fields.get(name)).to_owned();
    let fields = Field {
        max: FIELDS_CHARS,
        rows: 18,
        ..Field::area("fields", "栏目，一行一个", was("fields", &set.fields)).hint("那边的栏目 = 这里的来源")
    };
    let form = Form {
        lead: vec![
            "按外部系统录入页的先后写，一行一个：左边是那边的栏目，右边是这里的来源。".to_owned(),
            format!("来源有：{}。每件都一样的写“固定：”加文字。", Source::offered(version).join("、")),
        ],
        fields: vec![
            Field::text("system", "录到哪个系统", was("system", &set.system)).width("full").max(40),
            fields,
            Field::text("photos", "照片怎么取名", was("photos", &set.photos))
                .hint("可以用：证件号后4位、材料名、序号、办件编号、事项名称")
                .width("full")
                .max(40),
        ],
        other: "恢复成照申请表",
        ..Form::default()
    };
    let frame = Frame {
        title: format!("{}的栏目", version.name),
        button: "存下".to_owned(),
        action: format!("/transcribe/forms/{}", version.code),
        back: ("回各事项的栏目".to_owned(), "/transcribe/forms".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

/// Sets one item's, or takes the setting back.
pub(crate) async fn set(
    State(site): State<Site>,
    Named(code): Named<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let version = version(&site, &code)?;
    let text = |name: &str| fields.get(name).to_owned();
    let mapping: Result<Option<Mapping>, Refusal> = if fields.get("do") == "other" {
        Ok(None)
    } else {
        let typed = ItemSetting { system: text("system"), fields: text("fields"), photos: text("photos") };
        typed.read(&version).map(Some)
    };
    let who = clerk.who.clone();
    let done = match mapping {
        Ok(mapping) => site.ask(move |node| node.set_outside(&who, &code, mapping.as_ref())).await?,
        Err(refusal) => Err(ActError::Refused(refusal)),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/transcribe/forms").into_response()),
        Err(ActError::Refused(refusal)) if site.node().is_centre() => {
            shown(&site, &clerk, &version, Some(&fields), Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}
