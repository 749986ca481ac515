//! `/packages` at the centre: 套餐, one theme that opens several items. Draft → published → retired, as items are.

pub(crate) mod ends;

use app::ActError;
use app::packages::PackageDraft;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Date;
use model::Refusal;
use model::catalogue::package::{Package, Packages, THEMES};

use super::{gaps, only_centre};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Said, Tag};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "catalogue/packages.html")]
struct ListPage {
    desk: Desk,
    gaps: Vec<Gap>,
    lines: Vec<Line>,
    name: Field,
}

/// A package in the list.
struct Line {
    code: String,
    name: String,
    note: String,
    tags: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "catalogue/package.html")]
struct PackagePage {
    desk: Desk,
    said: Option<Said>,
    code: String,
    name: String,
    tags: Vec<Tag>,
    draft: Option<Draft>,
    /// What the newest published version says.
    facts: Vec<(&'static str, String)>,
    published: bool,
    can_retire: bool,
}

/// The draft's form.
struct Draft {
    /// What the page was drawn with.
    drawn: String,
    fields: Vec<Field>,
    areas: Vec<Area>,
    chosen: usize,
    left: Vec<Gap>,
}

/// The items of one field.
struct Area {
    name: String,
    ticks: Vec<Tick>,
    /// Some of them are in it.
    open: bool,
}

/// An item that may be in it.
struct Tick {
    code: String,
    name: String,
    note: String,
    on: bool,
    first: bool,
}

/// What was just done.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

fn states(packages: &Packages, code: &str, draft: Option<&PackageDraft>, today: Date) -> Vec<Tag> {
    let mut tags = Vec::new();
    let (current, newest) = (packages.current(code, today), packages.newest(code));
    if let Some(current) = current {
        tags.push(Tag::new("green", format!("已发布 第 {} 版", current.version)));
        if let Some(end) = current.retired {
            tags.push(Tag::new("amber", format!("{end} 停用")));
        }
    }
    if let Some(newest) = newest {
        if newest.effective > today && newest.retired.is_none_or(|end| end > newest.effective) {
            tags.push(Tag::new("blue", format!("待生效 第 {} 版 {}", newest.version, newest.effective)));
        } else if current.is_none() {
            tags.push(Tag::new("", "已停用"));
        }
        if newest.sample {
            tags.push(Tag::new("out", "示例"));
        }
    }
    if let Some(draft) = draft {
        tags.push(Tag::new("amber", if draft.base == 0 { "草稿 新套餐" } else { "草稿" }));
    }
    tags
}

fn listed(
    site: &Site,
    clerk: &Clerk,
    drafts: &[PackageDraft],
    typed: &str,
    wrong: Option<&Refusal>,
) -> ListPage {
    let (reference, today) = (site.node().reference(), site.node().today());
    let draft = |code: &str| drafts.iter().find(|draft| draft.package.code == code);
    let line = |code: &str, shown: &Package| Line {
        code: code.to_owned(),
        name: shown.name.clone(),
        note: format!("{} · {} 件", shown.theme, shown.items.len()),
        tags: states(&reference.packages, code, draft(code), today),
    };
    let mut lines: Vec<Line> = Vec::new();
    for (code, versions) in reference.packages.iter() {
        let shown = reference.packages.current(code, today).or_else(|| versions.last());
        lines.extend(shown.map(|shown| line(code, shown)));
    }
    let new = drafts.iter().filter(|draft| reference.packages.newest(&draft.package.code).is_none());
    lines.extend(new.map(|draft| line(&draft.package.code, &draft.package)));
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    let error = wrong.and_then(|refusal| refusal.fields.of("name")).map(str::to_owned);
    ListPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        gaps: wrong.map(gaps).unwrap_or_default(),
        lines,
        name: Field::text("name", "新套餐叫什么", typed).hint("例如“新生儿出生一件事”").max(30).error(error),
    }
}

/// `GET /packages`.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    only_centre(&site)?;
    let drafts = site.ask(app::Node::package_drafts).await??;
    page::show(&listed(&site, &clerk, &drafts, "", None))
}

/// `POST /packages`: a new one.
pub(crate) async fn begin(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, name) = (clerk.who.clone(), fields.get("name").to_owned());
    let typed = name.clone();
    match site.ask(move |node| node.new_package(&who, &name)).await? {
        Ok(code) => Ok(Redirect::to(&format!("/packages/{code}")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("new package", &refusal.fields);
            let drafts = site.ask(app::Node::package_drafts).await??;
            let shown = listed(&site, &clerk, &drafts, &typed, Some(&refusal));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&shown)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn form(site: &Site, draft: &PackageDraft) -> Draft {
    let (reference, today) = (site.node().reference(), site.node().today());
    let package = &draft.package;
    let faults = package.check(&reference.catalogue, today);
    let mut themes = vec![Choice::new("", "请选")];
    themes.extend(THEMES.map(|theme| Choice::new(theme, theme)));
    let mut areas: Vec<Area> = Vec::new();
    for version in reference.catalogue.items().filter_map(|item| item.on(today)) {
        let kinds: Vec<&str> = version.applicants.iter().map(|kind| kind.label()).collect();
        let tick = Tick {
            code: version.code.clone(),
            name: version.name.clone(),
            note: format!("{}，{}", version.way.label(), kinds.join("、")),
            on: package.items.contains(&version.code),
            first: areas.is_empty(),
        };
        match areas.iter_mut().find(|area| area.name == version.area) {
            Some(area) => {
                area.open |= tick.on;
                area.ticks.push(Tick { first: false, ..tick });
            }
            None => {
                areas.push(Area {
                    name: version.area.clone(),
                    open: tick.on || tick.first,
                    ticks: vec![tick],
                });
            }
        }
    }
    Draft {
        drawn: draft.drawn(),
        fields: vec![
            Field::text("name", "套餐名称", package.name.clone()).max(30).width("l"),
            Field::select("theme", "主题", package.theme.clone(), themes),
            Field::text("aliases", "别的叫法", package.aliases.join("、"))
                .hint("用顿号隔开，查找时认得")
                .max(120)
                .width("full"),
            Field::area("words", "给谁办的", package.words.clone()).hint("窗口照着念").max(300),
        ],
        areas,
        chosen: package.items.len(),
        left: faults
            .iter()
            .map(|fault| Gap { target: fault.field.clone(), text: fault.message.clone() })
            .collect(),
    }
}

/// `GET /packages/{code}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(code): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let asked = code.clone();
    let draft = site.ask(move |node| node.package_draft(&asked)).await??;
    let said = match done.done.as_str() {
        "saved" => Some("草稿存下了，发布以前各站看不到。"),
        "published" => Some("已发布，各站同步以后就能用。"),
        "dropped" => Some("草稿删掉了。"),
        "retired" => Some("停用日期已登记。已经收的件照常办。"),
        _ => None,
    };
    let said = said.map(|text| Said { kind: "green", text: text.to_owned() });
    page::show(&shown(&site, &clerk, code, draft.as_ref(), said)?)
}

/// The page of a package with its draft, where there is one.
fn shown(
    site: &Site,
    clerk: &Clerk,
    code: String,
    draft: Option<&PackageDraft>,
    said: Option<Said>,
) -> Result<PackagePage, Fault> {
    let (reference, today) = (site.node().reference(), site.node().today());
    let newest = reference.packages.newest(&code);
    let shown = draft.map(|draft| &draft.package).or(newest).ok_or(Fault::NotFound)?;
    let facts = newest.map(|newest| told(&reference.catalogue, newest)).unwrap_or_default();
    Ok(PackagePage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        said,
        name: shown.name.clone(),
        tags: states(&reference.packages, &code, draft, today),
        draft: draft.map(|draft| form(site, draft)),
        facts,
        published: newest.is_some(),
        can_retire: newest.is_some_and(|newest| newest.retired.is_none_or(|end| end > today)),
        code,
    })
}

fn told(catalogue: &model::catalogue::Catalogue, package: &Package) -> Vec<(&'static str, String)> {
    let name = |code: &String| {
        let newest = catalogue.item(code).and_then(|item| item.versions.last());
        newest.map_or_else(|| code.clone(), |version| version.name.clone())
    };
    let items: Vec<String> = package.items.iter().map(name).collect();
    vec![
        ("版本", format!("第 {} 版，{}生效", package.version, words::full_day(package.effective))),
        ("主题", package.theme.clone()),
        ("事项", items.join("、")),
        ("别的叫法", package.aliases.join("、")),
        ("给谁办的", package.words.clone()),
    ]
}

/// What the form says, over what the draft said: items keep their order, new ones come last.
fn typed(draft: PackageDraft, fields: &Fields) -> Package {
    let ticked: Vec<&str> =
        fields.pairs().filter(|(name, _)| *name == "items").map(|(_, value)| value).collect();
    let mut package = draft.package;
    package.items.retain(|code| ticked.contains(&code.as_str()));
    for code in ticked {
        if !package.items.iter().any(|held| held == code) {
            package.items.push(code.to_owned());
        }
    }
    package.name = fields.get("name").to_owned();
    package.theme = fields.get("theme").to_owned();
    package.words = fields.get("words").to_owned();
    let aliases = fields.get("aliases").split(['、', '，', ',', ' ']).map(str::trim);
    package.aliases = aliases.filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
    package.sample = false;
    package
}

/// `POST /packages/{code}`: begins a draft, saves it, throws it away, or goes on to publishing it.
pub(crate) async fn act(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, asked, button) = (clerk.who.clone(), code.clone(), fields.get("do").to_owned());
    let pressed = button.clone();
    let clash = site
        .ask(move |node| {
            match pressed.as_str() {
                "begin" => node.begin_package(&who, &asked)?,
                "drop" => node.drop_package(&who, &asked)?,
                _ => {
                    let held = node.package_draft(&asked)?.ok_or(ActError::NotFound)?;
                    let mine = typed(held.clone(), &fields);
                    if !node.save_package(&who, mine.clone(), fields.get("drawn"))? {
                        return Ok(Some((held, mine)));
                    }
                }
            }
            Ok::<_, ActError>(None)
        })
        .await??;
    if let Some((held, mine)) = clash {
        return clashed(&site, &clerk, code, &held, mine);
    }
    let known = site.node().reference().packages.newest(&code).is_some();
    let to = match button.as_str() {
        "begin" => format!("/packages/{code}"),
        "drop" if known => format!("/packages/{code}?done=dropped"),
        "drop" => "/packages".to_owned(),
        "publish" => format!("/packages/{code}/publish"),
        _ => format!("/packages/{code}?done=saved"),
    };
    Ok(Redirect::to(&to).into_response())
}

/// Somebody else saved the draft since this page was drawn: what was typed stands in the form again, beside what they wrote.
fn clashed(
    site: &Site,
    clerk: &Clerk,
    code: String,
    held: &PackageDraft,
    mine: Package,
) -> Result<Response, Fault> {
    note_refused("package changed elsewhere", &model::FieldErrors::default());
    let text = format!(
        "另一个窗口刚改过这份草稿，您这次还没有存。那边存的是：{}。下面是您填的，要用就再按一次存草稿。",
        theirs(&site.node().reference().catalogue, &held.package, &mine).join("；")
    );
    let over = PackageDraft { package: mine, base: held.base };
    let mut page = shown(site, clerk, code, Some(&over), Some(Said { kind: "amber", text }))?;
    if let Some(draft) = &mut page.draft {
        draft.drawn = held.drawn();
    }
    Ok((StatusCode::CONFLICT, page::show(&page)?).into_response())
}

/// What the other one's draft says where it differs.
fn theirs(catalogue: &model::catalogue::Catalogue, held: &Package, mine: &Package) -> Vec<String> {
    let (theirs, mine) = (told(catalogue, held), told(catalogue, mine));
    let differ = theirs.into_iter().zip(mine).filter(|(theirs, mine)| theirs.1 != mine.1);
    let words = |(theirs, _): ((&str, String), _)| {
        let what = if theirs.1.is_empty() { "空着" } else { &theirs.1 };
        format!("{}“{what}”", theirs.0)
    };
    differ.map(words).collect()
}
