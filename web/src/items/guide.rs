//! `GET /items/{code}`: the 办事指南, with every field of the national 实施清单 that the item has.

use app::matters::Asked;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::item::{Material, Scenario, Version};
use model::station::Profile;

use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Clerk;
use crate::view::{Desk, Said, Tag};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "items/guide.html")]
pub(super) struct GuidePage {
    pub(super) desk: Desk,
    pub(super) item: Version,
    pub(super) tags: Vec<Tag>,
    pub(super) standing: Said,
    /// What a resident asks first.
    pub(super) facts: Vec<Fact>,
    /// Who may have it, one condition a line.
    pub(super) conditions: Vec<String>,
    pub(super) materials: Vec<Bring>,
    /// What the catalogue keeps of it: codes, bodies, dates.
    pub(super) record: Vec<Fact>,
    /// Questions asked about it.
    pub(super) asked: Asked,
}

type Fact = (&'static str, String);

/// A material, as one is told to bring it.
pub(super) struct Bring {
    pub(super) name: String,
    /// What to mind, and for which situations only.
    pub(super) note: String,
    pub(super) form: String,
    pub(super) need: &'static str,
    pub(super) passes: String,
    pub(super) source: String,
}

/// One item's guide.
pub(crate) async fn guide(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, today) = (node.reference(), node.today());
    let item = reference.catalogue.current(&code, today).ok_or(Fault::NotFound)?.clone();
    let standing = reference.standing(&item, node.station().0, today);
    let profile = node.profile(node.station().0);
    let asked = site.ask(move |node| node.questions(&code)).await??;
    let mut tags = vec![Tag::new("blue", standing.way.label()), Tag::new("", item.pace.label())];
    if item.sample {
        tags.push(Tag::new("out", "示例"));
    }
    let kind = if standing.fell_back { "amber" } else { "" };
    page::show(&GuidePage {
        desk: frame::desk(&site, &clerk, Place::Items),
        standing: Said { kind, text: standing.why },
        facts: known(facts(&item, &profile)),
        conditions: conditions(&item),
        materials: item.materials.iter().map(|material| bring(&item, material)).collect(),
        record: known(record(&item)),
        item,
        tags,
        asked,
    })
}

/// Only what is known.
fn known(facts: Vec<Fact>) -> Vec<Fact> {
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("、")
}

/// What a resident asks: for whom, how long, what it costs, where and when, what comes out, whom to ask.
pub(super) fn facts(item: &Version, here: &Profile) -> Vec<Fact> {
    let guide = &item.guide;
    let visits = if guide.visits == 0 { "不用跑".to_owned() } else { format!("{} 次", guide.visits) };
    let notice = item.notice_days.map_or_else(String::new, |days| format!("公示 {days} 天"));
    // what stands in the item is the township's; who stands at this door wants to know when it is open
    let hours = if here.hours.is_empty() || guide.hours.contains(&here.hours) {
        guide.hours.clone()
    } else if guide.hours.is_empty() {
        here.hours.clone()
    } else {
        format!("{}；{}{}", guide.hours, here.name, here.hours)
    };
    let consult = if here.phone.is_empty() {
        guide.consult.clone()
    } else {
        format!("{}（{} {}）", guide.consult, here.name, here.phone)
    };
    vec![
        ("服务对象", listed(item.applicants.iter().map(|kind| kind.label()))),
        ("法定时限", item.legal_words()),
        ("承诺时限", item.promised_words()),
        ("时限说明", guide.limit_note.clone()),
        ("公示", notice),
        ("特别程序", guide.special.clone()),
        ("收费", joined(&item.fee.words, &item.fee.basis)),
        ("办理形式", listed(guide.channels.iter().map(String::as_str))),
        ("到现场次数", visits),
        ("办理地点", guide.place.clone()),
        ("办理时间", hours),
        ("通办范围", guide.scope.clone()),
        ("网上办", guide.online.clone()),
        ("结果", listed(item.results.iter().map(|result| result.name.as_str()))),
        ("怎么领", item.results.iter().map(|result| result.collect.as_str()).collect()),
        ("咨询", consult),
        ("监督投诉", guide.complain.clone()),
        ("设定依据", guide.basis.clone()),
    ]
}

fn joined(words: &str, basis: &str) -> String {
    if basis.is_empty() { words.to_owned() } else { format!("{words}（{basis}）") }
}

/// The rest of the 实施清单.
pub(super) fn record(item: &Version) -> Vec<Fact> {
    let guide = &item.guide;
    let day = model::authority::chinese_date;
    let mut until = day(item.effective) + "起";
    if let Some(end) = item.retired {
        until = format!("{until}，{}停用", day(end));
    }
    vec![
        ("事项类型", item.kind.clone()),
        ("办件类型", item.pace.label().to_owned()),
        ("谁来决定", item.decided_by.clone()),
        ("行使层级", guide.level.clone()),
        ("实施主体", guide.body.clone()),
        ("主体性质", guide.body_nature.clone()),
        ("主体编码", guide.body_code.clone()),
        ("委托部门", guide.entrusting.clone()),
        ("主题分类", guide.theme.clone()),
        ("结果类型", listed(item.results.iter().map(|result| result.kind.as_str()))),
        ("基本编码", guide.basic_code.clone()),
        ("实施编码", guide.implementation_code.clone()),
        ("业务办理项编码", guide.business_code.clone()),
        ("区划代码", guide.division.clone()),
        ("版本", format!("第 {} 版，{until}", item.version)),
    ]
}

/// The conditions; one that holds in some situations only names them.
pub(super) fn conditions(item: &Version) -> Vec<String> {
    let told = item.guide.conditions.iter().map(|text| {
        let asks = |scenario: &&Scenario| item.rules_for(&scenario.id).any(|rule| rule.text == *text);
        let names = listed(item.scenarios.iter().filter(asks).map(|one| one.name.as_str()));
        let all = item.scenarios.iter().all(|scenario| asks(&scenario));
        if names.is_empty() || all { text.clone() } else { format!("{text}（{names}）") }
    });
    told.collect()
}

fn bring(item: &Version, material: &Material) -> Bring {
    let of = |id: &String| item.scenario(id).map(|scenario| scenario.name.as_str());
    let only = listed(material.scenarios.iter().filter_map(of));
    let only = if only.is_empty() { String::new() } else { format!("只有{only}要带。") };
    let form = match material.copies {
        0 => material.form.clone(),
        copies => format!("{} {copies} 份", material.form),
    };
    let source = match material.source_note.as_str() {
        "" => material.source.clone(),
        note => format!("{}：{note}", material.source),
    };
    Bring {
        name: material.name.clone(),
        note: format!("{only}{}", material.note),
        form,
        need: material.need.label(),
        passes: material.passes.clone(),
        source,
    }
}
