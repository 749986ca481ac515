//! From the drafts of a package to its page: each draft gives the page it would have alone, and of what several ask
//! the first one's stands.

use std::collections::BTreeMap;

use app::packages::{Together, photo_name_of};
use app::{ActError, Node};
use model::authority::{IntakePaper, Standing};
use model::case::draft::{Seen, tidied};
use model::case::together::{Together as Layout, bare};
use model::case::{Checked, facts};
use model::item::Version;
use model::{FieldError, FieldErrors};

use super::{ItemLine, TogetherPage};
use crate::cases::intake::{IntakePage, MaterialRow, PromiseRow, RuleRow, Taking, clashed, moved};
use crate::cases::receive::Drawn;
use crate::cases::words;
use crate::frame;
use crate::shell::fault::Fault;
use crate::view::{Desk, Field, Gap, Segments, Stage};

/// What is known of one of the drafts.
struct One<'a> {
    version: &'a Version,
    checked: Checked,
    standing: Standing,
    page: IntakePage,
}

/// Puts the page together; the fields as they are kept come with it.
pub(super) fn draw(
    node: &Node,
    drafts: &Together,
    clerk: &str,
    drawn: Drawn,
    desk: Desk,
) -> Result<(BTreeMap<String, String>, TogetherPage), Fault> {
    let layout = drafts.parts()?;
    let kept = layout.typed();
    let told = told(&layout, node, &drawn, &kept);
    // what was typed and is not kept stands over what is, unless the page was left as it was drawn
    let stays = |name: &str, text: &str| {
        let (text, stands) = (tidied(name, text), kept.get(name).map_or("", String::as_str));
        text != stands && !drawn.seen.as_ref().is_some_and(|seen| seen.left(name, &text))
    };
    let held = drawn.typed.iter().filter(|(name, text)| stays(name, text));
    let held: Vec<String> = held.map(|(name, _)| name.clone()).collect();
    let mut typed = kept.clone();
    typed.extend(
        drawn.typed.iter().filter(|(name, _)| held.contains(name)).map(|(n, t)| (n.clone(), t.clone())),
    );
    let each = layout.split(&typed);
    let mut ones = Vec::new();
    for (place, own) in each.into_iter().enumerate() {
        ones.push(one(node, drafts, &layout, place, (own, &told, clerk, drawn.more))?);
    }
    let two_windows = !drawn.clashes.is_empty() || !drawn.moved.is_empty();
    let mut page = whole(node, drafts, &layout, ones, desk);
    page.said = drawn.said;
    page.held = held.join(" ");
    page.drawn = Seen::of(kept.iter().map(|(name, text)| (name.as_str(), text.as_str()))).to_string();
    page.gaps_title = if two_windows {
        format!("这份草稿在另一个窗口里改过，请看这 {} 处", told.len())
    } else {
        format!("还差 {} 处，补好就能一起办", told.len())
    };
    let gap = |error: &FieldError| Gap {
        target: error.field.clone(),
        text: format!("{}：{}", error.label, error.message),
    };
    page.gaps = told.iter().map(gap).collect();
    Ok((kept, page))
}

/// What is told of fields of one item's page: their names, what was typed, what is kept.
type Tell = dyn Fn(&[String], &BTreeMap<String, String>, &BTreeMap<String, String>, &Version) -> FieldErrors;

/// What is told beside its field and in the summary, by the page's names.
fn told(layout: &Layout<'_>, node: &Node, drawn: &Drawn, kept: &BTreeMap<String, String>) -> FieldErrors {
    let mut told = FieldErrors::default();
    let mut windows = |names: &[String], tell: &Tell| {
        for page in names {
            let Some((place, name)) = layout.targets(page).into_iter().next() else { continue };
            let Some(part) = layout.parts().get(place) else { continue };
            let own = |all: &BTreeMap<String, String>| {
                all.get(page).map(|text| (name.clone(), text.clone())).into_iter().collect()
            };
            let errors = tell(std::slice::from_ref(&name), &own(&drawn.typed), &own(kept), part.version);
            told.extend(layout.renamed(place, &errors));
        }
    };
    windows(&drawn.clashes, &clashed);
    windows(&drawn.moved, &moved);
    told.extend(drawn.wrong.clone());
    if drawn.tell {
        let today = node.today();
        for (place, part) in layout.parts().iter().enumerate() {
            let all = part.filing.check(part.version, today).all_errors();
            let mut fresh = FieldErrors::default();
            for error in layout.renamed(place, &all).iter().filter(|error| told.of(&error.field).is_none()) {
                fresh.add(error.field.clone(), error.label.clone(), error.message.clone());
            }
            told.extend(fresh);
        }
    }
    told
}

fn one<'a>(
    node: &Node,
    drafts: &Together,
    layout: &Layout<'a>,
    place: usize,
    (typed, told, clerk, more): (BTreeMap<String, String>, &FieldErrors, &str, bool),
) -> Result<One<'a>, ActError> {
    let (Some(part), Some(view)) = (layout.parts().get(place), drafts.drafts.get(place)) else {
        return Err(ActError::NotFound);
    };
    let (reference, today, station) = (node.reference(), node.today(), node.station().0);
    let (profile, names) = (node.profile(station), frame::station_names(node));
    let checked = part.filing.check(part.version, today);
    let standing = reference.standing(part.version, station, today);
    let twins = node.twins_of_draft(view.id)?;
    let mut own = FieldErrors::default();
    for error in told.iter() {
        for (_, name) in layout.targets(&error.field).into_iter().filter(|(at, _)| *at == place) {
            own.add(name, error.label.clone(), error.message.clone());
        }
    }
    let hex = view.id.hex();
    let taking = Taking {
        draft: &hex,
        version: part.version,
        filing: part.filing,
        typed,
        checked: &checked,
        told: own,
        held: Vec::new(),
        standing: &standing,
        profile: &profile,
        calendar: &reference.calendar,
        today,
        clerk,
        photos: &view.case.photos,
        barred: node.is_barred(part.filing)?,
        twins: &twins,
        names: &names,
        others: &[],
        help: "",
    };
    let page = taking.page(Desk::default(), None, String::new(), more, false);
    Ok(One { version: part.version, standing, page, checked })
}

fn renamed(layout: &Layout<'_>, place: usize, mut segments: Segments) -> Segments {
    segments.id = layout.page_name(place, &segments.id);
    segments
}

fn whole(
    node: &Node,
    drafts: &Together,
    layout: &Layout<'_>,
    mut ones: Vec<One<'_>>,
    desk: Desk,
) -> TogetherPage {
    let hexes: Vec<String> = drafts.drafts.iter().map(|view| view.id.hex()).collect();
    let names: Vec<String> = ones.iter().map(|one| one.version.name.clone()).collect();
    let promises = promises(layout, &hexes, &mut ones);
    let may_receive = ones.iter().any(|one| one.page.may_receive);
    let items = ones.iter().map(item).collect();
    let stages = stages(drafts, layout, &ones);
    let say = say(&ones);
    let materials = materials(layout, &names, &mut ones);
    let rules = rules(layout, &names, &mut ones);
    let forms = forms(layout, &mut ones);
    let mut scenes = Vec::new();
    let mut twins = Vec::new();
    for (place, one) in ones.iter_mut().enumerate() {
        scenes
            .push((one.version.name.clone(), renamed(layout, place, std::mem::take(&mut one.page.scenario))));
        for mut row in std::mem::take(&mut one.page.twins) {
            row.answer = row.answer.map(|answer| renamed(layout, place, answer));
            row.of = format!("{}：", one.version.name);
            twins.push(row);
        }
    }
    let barred = ones.iter().any(|one| one.page.barred);
    let signing = ones.iter_mut().find_map(|one| one.page.signing.take());
    let first = ones.into_iter().next().map(|one| one.page);
    let kind = kind(layout, first.as_ref());
    let good = materials.iter().filter(|row| matches!(row.answer.value.as_str(), "ok" | "exempt")).count();
    let mut page = TogetherPage {
        desk,
        said: None,
        draft: drafts.lead.hex(),
        name: drafts.package.name.clone(),
        words: drafts.package.words.clone(),
        sample: drafts.package.sample,
        today: words::day_and_weekday(node.today()),
        stages,
        say,
        drawn: String::new(),
        held: String::new(),
        gaps_title: String::new(),
        gaps: Vec::new(),
        scenes,
        kind,
        who_notes: Vec::new(),
        applicant: Vec::new(),
        twins,
        has_agent: false,
        agent: Vec::new(),
        household: false,
        members: Vec::new(),
        forms,
        barred,
        signing,
        promises,
        materials_note: format!("共 {} 样，合格 {good} 样；几件都要的只看一次", materials.len()),
        materials,
        rules,
        items,
        may_receive,
        saved: format!("{} 已存", words::clock_time(node.ports().clock.wall())),
    };
    if let Some(first) = first {
        page.who_notes = first.who_notes;
        page.applicant = first.applicant;
        page.has_agent = first.has_agent;
        page.agent = first.agent;
        page.household = first.household;
        page.members = first.members;
    }
    page
}

/// Who may apply for all of the items; nothing to ask where that is one kind.
fn kind(layout: &Layout<'_>, first: Option<&IntakePage>) -> Option<Segments> {
    let kinds = layout.applicants();
    let mut kind = first?.kind.clone().filter(|_| kinds.len() > 1)?;
    kind.options.retain(|option| kinds.iter().any(|kind| kind.code() == option.value));
    Some(kind)
}

fn item(one: &One<'_>) -> ItemLine {
    let left = one.checked.all_errors().len();
    ItemLine {
        name: one.version.name.clone(),
        code: one.version.code.clone(),
        paper: one.page.paper_word.clone(),
        standing: one.standing.why.clone(),
        fell_back: one.standing.fell_back,
        limit: if one.standing.paper == IntakePaper::OnBehalf {
            "受理以后由对方单位计时".to_owned()
        } else {
            format!("承诺 {}", one.version.promised_words())
        },
        left: if left == 0 { "可以办".to_owned() } else { format!("还差 {left} 处") },
        done: left == 0,
    }
}

/// The items that a thing is asked for once.
fn of(layout: &Layout<'_>, names: &[String], place: usize, name: &str) -> String {
    let asked = (place..names.len()).filter(|at| layout.asked_at(*at, name) == place);
    asked.filter_map(|at| names.get(at)).map(String::as_str).collect::<Vec<_>>().join("、")
}

fn materials(layout: &Layout<'_>, names: &[String], ones: &mut [One<'_>]) -> Vec<MaterialRow> {
    let mut rows: Vec<MaterialRow> = Vec::new();
    for (place, one) in ones.iter_mut().enumerate() {
        for mut row in std::mem::take(&mut one.page.materials) {
            let (name, how) = (facts::material(&row.id), facts::material_how(&row.id));
            let at = layout.asked_at(place, &name);
            row.answer.id = layout.page_name(place, &name);
            if let Some(segments) = row.how.as_mut() {
                segments.id = layout.page_name(place, &how);
            }
            if at == place {
                row.of = of(layout, names, place, &name);
                row.photo = photo_name_of(place, &row.id);
                rows.push(row);
            } else if let Some(held) = rows.iter_mut().find(|held| held.answer.id == row.answer.id) {
                // an answer that one of the items does not take is not offered for both
                held.answer.options.retain(|option| row.answer.options.contains(option));
                held.photos += row.photos;
            }
        }
    }
    rows
}

fn rules(layout: &Layout<'_>, names: &[String], ones: &mut [One<'_>]) -> Vec<RuleRow> {
    let mut rows: Vec<RuleRow> = Vec::new();
    for (place, one) in ones.iter_mut().enumerate() {
        for mut row in std::mem::take(&mut one.page.rules) {
            let name = row.answer.id.clone();
            row.answer.id = layout.page_name(place, &name);
            if layout.asked_at(place, &name) == place {
                row.of = of(layout, names, place, &name);
                rows.push(row);
            }
        }
    }
    rows
}

fn forms(layout: &Layout<'_>, ones: &mut [One<'_>]) -> Vec<(String, Vec<Field>)> {
    let mut forms = Vec::new();
    for (place, one) in ones.iter_mut().enumerate() {
        let mut fields = Vec::new();
        for mut field in std::mem::take(&mut one.page.form) {
            if layout.asked_at(place, &field.id) != place {
                continue;
            }
            let count = layout.asked_for(place, &field.id);
            field.id = layout.page_name(place, &field.id);
            if count > 1 {
                let also = format!("{count} 件都用");
                field.hint = if field.hint.is_empty() { also } else { format!("{}，{also}", field.hint) };
            }
            fields.push(field);
        }
        if !fields.is_empty() {
            forms.push((one.version.name.clone(), fields));
        }
    }
    forms
}

fn promises(layout: &Layout<'_>, hexes: &[String], ones: &mut [One<'_>]) -> Vec<PromiseRow> {
    let mut rows = Vec::new();
    for (place, one) in ones.iter_mut().enumerate() {
        for row in std::mem::take(&mut one.page.promises) {
            rows.push(PromiseRow {
                name: layout.page_name(place, &row.name),
                title: format!("{}：{}", one.version.name, row.title),
                print: format!("{}:{}", row.print, hexes.get(place).map_or("", String::as_str)),
                ..row
            });
        }
    }
    rows
}

fn stages(drafts: &Together, layout: &Layout<'_>, ones: &[One<'_>]) -> Vec<Stage> {
    let mut all = FieldErrors::default();
    for (place, one) in ones.iter().enumerate() {
        all.extend(layout.renamed(place, &one.checked.all_errors()));
    }
    let signing =
        |name: &str| matches!(name, facts::SIGNED | facts::SIGNER | facts::SIGN_REASON | facts::WITNESS);
    let form = |name: &str| name.contains("/form.") || signing(name);
    let paper = |name: &str| {
        matches!(name, facts::DEFERRED_SIGNED | facts::PROMISE_SIGNED)
            || name.starts_with("m/")
            || name.starts_with("r/")
    };
    let count = |fits: &dyn Fn(&str) -> bool| all.iter().filter(|error| fits(bare(&error.field))).count();
    let parts = [
        ("什么情形", "#who", count(&|name| name == facts::SCENARIO)),
        ("谁来办", "#who", count(&|name| !form(name) && !paper(name) && name != facts::SCENARIO)),
        ("填申请表", "#form", count(&form)),
        ("看材料", "#papers", count(&paper)),
    ];
    let mut stages = vec![Stage {
        name: "办什么事".to_owned(),
        note: format!("{}，{} 件", drafts.package.name, ones.len()),
        done: true,
        ..Stage::default()
    }];
    let mut found = false;
    for (name, href, left) in parts {
        let now = left > 0 && !found;
        found |= now;
        let note = if left > 0 { format!("还差 {left} 处") } else { String::new() };
        stages.push(Stage { name: name.to_owned(), note, href: href.to_owned(), done: left == 0, now });
    }
    stages.push(Stage { name: "念一遍，一起办".to_owned(), now: !found, ..Stage::default() });
    stages
}

/// What one can say now: what the first item that is not complete would say alone.
fn say(ones: &[One<'_>]) -> String {
    let open = ones.iter().find(|one| !one.checked.is_ready()).or_else(|| ones.first());
    open.map(|one| one.page.say.clone()).unwrap_or_default()
}
