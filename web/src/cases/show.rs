//! The page of one case: where it stands, what happened, its papers, and what may be done now.

use app::cases::{CaseId, CaseView, TruthMark};
use app::reference::Reference;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Date;
use model::calendar::Calendar;
use model::case::event::What;
use model::case::{Anomaly, Case, Mark, Reached, Stage, Standing, facts};
use model::item::{Unit, Version};
use model::station::{CENTRE, StationNo};

use super::deed::{self, Deed};
use super::printable::{Done, PaperLine};
use super::twins::TwinLine;
use super::{photos, twins, words};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Act, Desk, Entry, Light, Said, Step, Tag, Truth};
use crate::{Site, page};

/// The keys this page answers to.
pub(crate) const KEYS: [(&[&str], &str); 3] =
    [(&["J", "K"], "下一件、上一件"), (&["Esc"], "回列表"), (&["按钮上的字母"], "办那一件")];

/// The case page as shown.
#[derive(Template)]
#[template(path = "cases/show.html")]
pub(crate) struct CasePage {
    pub(crate) desk: Desk,
    pub(crate) said: Vec<Said>,
    /// Cases that may be this one once more.
    pub(crate) twins: Vec<TwinLine>,
    /// Cases that were taken with this one as a package: text, note, address.
    pub(crate) sisters: Vec<(String, String, String)>,
    /// Where all their papers are.
    pub(crate) all_papers: String,
    /// What is to be printed now.
    pub(crate) print: Vec<PaperLine>,
    pub(crate) list: (&'static str, &'static str),
    /// 第 3 件，共 17 件, where it stands in that list.
    pub(crate) nth: String,
    /// The case before it and the one after it there; empty where there is none.
    pub(crate) beside: [String; 2],
    pub(crate) number: String,
    pub(crate) who: String,
    pub(crate) item: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) stage: &'static str,
    pub(crate) stage_code: String,
    pub(crate) stage_note: String,
    pub(crate) light: Light,
    pub(crate) due: String,
    pub(crate) clerk: String,
    pub(crate) station: String,
    /// Who stands in for the clerk; empty where no window says so.
    pub(crate) b_post: String,
    pub(crate) truth: Truth,
    pub(crate) truth_note: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) route_note: String,
    pub(crate) acts: Vec<Act>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) papers: Vec<PaperLine>,
    pub(crate) people: Vec<(String, String)>,
    /// Where a value is shown in full.
    pub(crate) reveal: String,
}

/// A case as it was read, with what is needed to tell it.
pub(crate) struct Opened {
    pub(crate) view: CaseView,
    pub(crate) hex: String,
    pub(crate) reference: std::sync::Arc<Reference>,
    pub(crate) today: Date,
    pub(crate) here: StationNo,
    pub(crate) names: Names,
    /// The centre said last that it has no room for photos.
    full: bool,
}

impl Opened {
    /// Reads a case.
    pub(crate) fn read(node: &app::Node, id: CaseId) -> Result<Self, Fault> {
        Ok(Self::of(node, node.case(id)?))
    }

    /// A case that was read already.
    pub(crate) fn of(node: &app::Node, view: CaseView) -> Self {
        Self {
            hex: view.id.hex(),
            view,
            reference: node.reference(),
            today: node.today(),
            here: node.station().0,
            names: frame::station_names(node),
            full: node.is_centre_full(),
        }
    }

    /// The case, ready to be told.
    pub(crate) fn told(&self) -> Told<'_> {
        Told {
            id: &self.hex,
            case: &self.view.case,
            anomalies: &self.view.anomalies,
            version: self.view.version.as_ref(),
            calendar: &self.reference.calendar,
            today: self.today,
            here: self.here,
            names: &self.names,
        }
    }

    /// Where the record is.
    pub(crate) fn truth(&self) -> (Truth, String) {
        let mark = self.view.truth;
        let note = if self.full && matches!(mark, TruthMark::Missing(..)) {
            "中心放照片的地方满了，请告诉镇里".to_owned()
        } else {
            frame::truth_note(mark)
        };
        (frame::truth(mark), note)
    }
}

/// The case a path names.
pub(crate) fn id(text: &str) -> Result<CaseId, Fault> {
    CaseId::parse(text).ok_or(Fault::NotFound)
}

/// `GET /cases/{case}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    let (opened, twins, sisters, beside) = site
        .ask(move |node| {
            // the centre's clerk works from the queue, which leafs by itself
            let beside = if node.is_centre() { None } else { node.beside(id)? };
            let opened = Opened::read(node, id)?;
            let twins = twins::lines(node, &opened)?;
            let sisters = node.sisters(&opened.view)?;
            Ok::<_, Fault>((opened, twins, sisters, beside))
        })
        .await??;
    if opened.view.case.received.is_none() && opened.view.case.help.is_begun() {
        // a village's draft is at the centre for its questions alone
        return Ok(Redirect::to(&format!("/help/{case}")).into_response());
    }
    let desk = frame::desk(&site, &clerk, Place::Cases);
    let mut shown = opened.told().page(desk, &done, opened.truth());
    shown.tags.extend(words::older_version(&opened.view, &opened.reference.catalogue, opened.today));
    shown.b_post = crate::registers::b_post(&opened);
    shown.said.extend(crate::registers::stand_in(&opened));
    if let Some(beside) = beside {
        shown.nth = nth(&beside);
        let href =
            |case: Option<CaseId>| case.map(|case| format!("/cases/{}", case.hex())).unwrap_or_default();
        shown.beside = [href(beside.before), href(beside.after)];
    }
    shown.twins = twins;
    shown.sisters = sisters.iter().map(sister).collect();
    page::show(&shown)
}

/// 第 3 件，共 17 件.
fn nth(beside: &app::cases::Beside) -> String {
    let total = beside.total;
    beside.position.map_or_else(|| format!("共 {total} 件"), |nth| format!("第 {nth} 件，共 {total} 件"))
}

/// A case that was taken with this one.
fn sister(line: &app::cases::CaseLine) -> (String, String, String) {
    let note = format!("{} · {}", line.stage.label(), words::tail(&line.number));
    (line.item.clone(), note, format!("/cases/{}", line.id.hex()))
}

/// A case with all a page needs to tell it.
pub(crate) struct Told<'a> {
    /// How URLs name it.
    pub(crate) id: &'a str,
    pub(crate) case: &'a Case,
    pub(crate) anomalies: &'a [Anomaly],
    pub(crate) version: Option<&'a Version>,
    pub(crate) calendar: &'a Calendar,
    pub(crate) today: Date,
    pub(crate) here: StationNo,
    /// What the township's list calls each station.
    pub(crate) names: &'a Names,
}

pub(crate) type Names = std::collections::BTreeMap<StationNo, String>;

impl Told<'_> {
    /// A station's name, its number where the list does not know it.
    pub(crate) fn place(&self, station: StationNo) -> String {
        self.names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"))
    }

    /// Who did something, and where.
    fn by(&self, mark: &Mark) -> String {
        format!("{}　{}", mark.stamp.name, self.place(mark.stamp.station))
    }

    /// 高龄津贴申领.
    pub(crate) fn item(&self) -> String {
        let code = self.case.item.as_ref().map_or("", |item| item.code.as_str());
        self.version.map_or_else(|| format!("事项 {code}（资料还没到本机）"), |version| version.name.clone())
    }

    /// Scenario, way, priority.
    pub(crate) fn tags(&self) -> Vec<Tag> {
        let scenario = self.version.and_then(|version| version.scenario(self.case.filing.scenario()));
        let mut tags: Vec<Tag> =
            scenario.map(|scenario| Tag::new("", scenario.name.as_str())).into_iter().collect();
        let way = self.case.accepted.as_ref().map(|accepted| accepted.what.way).or(self.case.way);
        tags.extend(way.map(|way| Tag::new("blue", way.label())));
        tags
    }

    /// The route, step by step.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let told = self.case.progress().map(|(state, reached)| {
            let mut lines = Vec::new();
            match (&state.done, state.on) {
                (Some(mark), Some(on)) => {
                    lines.extend([mark.stamp.name.clone(), words::day(on)]);
                }
                (Some(mark), None) => lines.push(mark.stamp.name.clone()),
                (None, _) if !state.step.body.is_empty() && !state.step.outside => {
                    lines.push(state.step.body.clone());
                }
                (None, _) if state.step.outside && reached == Reached::Now => lines.extend(self.silent()),
                (None, _) => {}
            }
            Step {
                name: state.step.name.clone(),
                lines,
                done: reached == Reached::Done,
                now: reached == Reached::Now,
                outside: state.step.outside,
            }
        });
        told.collect()
    }

    /// How long a body without a box has had the case and said nothing.
    fn silent(&self) -> Option<String> {
        let reported = self.case.reported.as_ref()?;
        let days = self.calendar.left(reported.what.on, self.today, Unit::Working);
        Some(if days == 0 {
            "今天报的，等反馈".to_owned()
        } else {
            format!("已报 {days} 个工作日，未反馈")
        })
    }

    /// What stands under the route.
    pub(crate) fn route_note(&self) -> String {
        match self.case.current() {
            Some(step) if step.step.act == model::item::Act::Notice => {
                let posted = self.case.notice.as_ref().filter(|_| self.case.notice_ended.is_none());
                posted.map_or_else(String::new, |posted| {
                    format!("公示到{}为止，期满以后登记有没有异议。", words::day(posted.what.until))
                })
            }
            Some(step) if step.step.outside => {
                format!("{}没有便民盒。反馈由人登记以后才算办完，到期也不会自动结束。", step.step.body)
            }
            _ => String::new(),
        }
    }

    /// What happened, newest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let shown = self.case.timeline.iter().rev();
        let shown = shown.filter(|entry| !photos::with_papers(self.case, entry) && !in_thread(&entry.what));
        let told = shown.map(|entry| {
            let odd = match entry.standing {
                Standing::Counts | Standing::Repeats => "",
                Standing::Anomaly => "（没有生效，等人处置）",
                Standing::Void => "（已定：不算数）",
                Standing::Forced => "（已定：算数）",
            };
            let title = if matches!(entry.what, What::Refused(_)) {
                words::stage(Stage::Refused, self.version)
            } else {
                entry.title()
            };
            Entry {
                what: format!("{title}{odd}"),
                when: words::moment(entry.mark.stamp.wall),
                who: self.by(&entry.mark),
                note: self.note(entry),
            }
        });
        told.collect()
    }

    pub(crate) fn note(&self, entry: &model::case::Entry) -> String {
        let words = words::note(&entry.what, &self.case.filing, self.version);
        if let What::Routed(routed) = &entry.what {
            let to = self.place(StationNo::try_from(routed.to).unwrap_or_default());
            return if words.is_empty() { to } else { format!("{to}；{words}") };
        }
        if let What::HelpTaken(taken) = &entry.what
            && let Some((mark, _)) = self.case.help.suggestion(&taken.suggestion)
        {
            return format!("{words}，由{}建议", self.by(mark));
        }
        words
    }

    /// Where the papers were taken, and whose case it is where that is another village.
    fn station(&self) -> String {
        let taken = format!("{}收件", self.place(self.case.station));
        if self.case.is_elsewhere() {
            format!("{taken}，{}属地办理", self.place(self.case.home()))
        } else {
            taken
        }
    }

    /// Whose turn it is; by name where two villages take part.
    fn turn(&self) -> String {
        if let model::case::Turn::Station(station) = self.case.turn()
            && !self.case.routed.is_empty()
            && station != self.here
        {
            return format!("等{}", self.place(station));
        }
        words::turn(self.case)
    }

    /// What may be done here now.
    pub(crate) fn acts(&self) -> Vec<Act> {
        let beside = self.to_copy().into_iter().chain(self.to_archive()).chain(self.to_help());
        self.to_rule().into_iter().chain(self.acts_of(&Deed::ALL)).chain(beside).collect()
    }

    /// 一件一档, from the moment that the case has ended.
    fn to_archive(&self) -> Option<Act> {
        self.case.outcome.as_ref()?;
        let note = if self.case.archived.is_some() {
            "已经归档，只能往里加"
        } else {
            "目录、照片、存放位置"
        };
        Some(Act {
            code: "archive".to_owned(),
            label: "一件一档".to_owned(),
            href: format!("/archive/{}", self.id),
            key: "m".to_owned(),
            key_cap: "M".to_owned(),
            note: note.to_owned(),
            ..Act::default()
        })
    }

    /// 对照录入, from the moment that the papers are taken.
    fn to_copy(&self) -> Option<Act> {
        self.case.received.as_ref()?;
        let waits = self.case.to_transcribe().is_some();
        let note = if waits {
            "照外部系统的栏目抄过去，记下编号"
        } else {
            "看录到了哪里，或者再录一处"
        };
        Some(Act {
            code: "transcribe".to_owned(),
            label: "对照录入".to_owned(),
            href: format!("/transcribe/{}", self.id),
            key: "l".to_owned(),
            key_cap: "L".to_owned(),
            note: note.to_owned(),
            ..Act::default()
        })
    }

    /// As [`Told::acts`], but only these.
    pub(crate) fn acts_of(&self, wanted: &[Deed]) -> Vec<Act> {
        let open = deed::offered(self.case, self.here, self.today);
        let open = open.into_iter().filter(|deed| wanted.contains(deed) && self.why_not(*deed).is_none());
        open.enumerate().map(|(place, deed)| self.one_act(deed, place == 0)).collect()
    }

    /// The way to the help thread: between a village and the centre, so not for what the centre took in itself.
    fn to_help(&self) -> Option<Act> {
        let between = self.case.station != CENTRE || self.case.help.is_begun();
        between.then(|| Act {
            code: "help".to_owned(),
            label: crate::help::word(self.case.help.waits(), self.here == CENTRE).to_owned(),
            href: format!("/help/{}", self.id),
            note: "有话问对方，可以标出是哪一项".to_owned(),
            ..Act::default()
        })
    }

    fn one_act(&self, deed: Deed, first: bool) -> Act {
        let look = deed.look();
        Act {
            code: look.code.to_owned(),
            label: self.label(deed).to_owned(),
            href: format!("/cases/{}/acts/{}", self.id, look.code),
            key: look.key.to_owned(),
            key_cap: look.key.to_ascii_uppercase(),
            note: look.note.to_owned(),
            primary: first && deed.moves_on() && (deed != Deed::HandOver || self.may_hand_over()),
            danger: look.danger,
        }
    }

    /// Papers are carried to the township when it is the township's turn, or when the station only acts for somebody.
    fn may_hand_over(&self) -> bool {
        self.case.turn() == model::case::Turn::Centre || self.case.on_behalf.is_some()
    }

    /// A first review is told as what it leads to, a refusal as what it refuses.
    pub(crate) fn label(&self, deed: Deed) -> &'static str {
        let reports = self.case.step(model::item::Act::ReportUp);
        if deed == Deed::FirstReview && reports.is_none() {
            "初审通过"
        } else if deed == Deed::Refuse {
            words::stage(Stage::Refused, self.version)
        } else if deed == Deed::ReportUp
            && reports.is_some_and(|at| at.step.level == model::item::Level::Village)
        {
            // the village takes it there itself: nothing goes up through the township
            "登记送交"
        } else {
            deed.look().label
        }
    }

    /// What was done, then what must be looked at.
    pub(crate) fn said(&self, done: &Done) -> Vec<Said> {
        done.said(self).into_iter().chain(self.warnings()).collect()
    }

    /// Puts the page together.
    pub(crate) fn page(&self, desk: Desk, done: &Done, truth: (Truth, String)) -> CasePage {
        let case = self.case;
        let stage = case.stage();
        CasePage {
            desk,
            said: self.said(done),
            twins: Vec::new(),
            sisters: Vec::new(),
            all_papers: format!("/cases/{}/papers", self.id),
            print: self.to_print(done),
            list: words::home(self.here),
            nth: String::new(),
            beside: [String::new(), String::new()],
            number: case.number().unwrap_or("草稿").to_owned(),
            who: words::who(&case.filing),
            item: self.item(),
            tags: self.tags(),
            stage: words::stage(stage, self.version),
            stage_code: format!("{stage:?}"),
            stage_note: self.stage_note(stage),
            light: words::light(case, self.version, self.calendar, self.today),
            due: words::due(case, self.version, self.calendar),
            clerk: case.filing.fact(facts::CLERK_NAME).unwrap_or("").to_owned(),
            station: self.station(),
            b_post: String::new(),
            truth: truth.0,
            truth_note: truth.1,
            steps: self.steps(),
            route_note: self.route_note(),
            acts: self.acts(),
            entries: self.entries(),
            papers: self.papers(),
            people: words::people(&case.filing),
            reveal: format!("/cases/{}/reveal", self.id),
        }
    }

    fn stage_note(&self, stage: Stage) -> String {
        match &self.case.outcome {
            Some((outcome, ..)) => words::outcome(*outcome).to_owned(),
            None if stage == Stage::Outside => format!("{}，外部环节", self.turn()),
            None => self.turn(),
        }
    }
}

/// Lines of the help thread have a page of their own; a field that was changed by one stays in the case's own story.
fn in_thread(what: &What) -> bool {
    matches!(
        what,
        What::HelpAsked(_)
            | What::HelpSaid(_)
            | What::HelpSuggested(_)
            | What::HelpDeclined(_)
            | What::HelpClosed(_)
    )
}
