//! The centre's queue: the list at the left by what is due first, the case at the right.

use app::cases::{CaseLine, Filter};
use app::views::Hands;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::case::facts;
use model::item::AutoResult;

use super::deed::Deed;
use super::owed::Reminder;
use super::printable::{Done, PaperLine};
use super::rulings::Rulings;
use super::show::{Opened, Told, id};
use super::twins::TwinLine;
use super::{crossed, twins, words};
use crate::frame::{self, Place};
use crate::help::Threads;
use crate::registers::{Waiting, waiting};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Act, Desk, Entry, Light, Said, Step, Tag, Truth};
use crate::workbench::Tab;
use crate::{Site, limit, page};

/// What the queue offers beside the case; the rest is on the case's own page.
const QUEUE: [Deed; 19] = [
    Deed::Accept,
    Deed::Deem,
    Deed::Visit,
    Deed::EndNotice,
    Deed::FirstReview,
    Deed::ReportUp,
    Deed::FeedBack,
    Deed::Approve,
    Deed::ApproveExtension,
    Deed::DeclineExtension,
    Deed::Ready,
    Deed::TakeSupplement,
    Deed::Tell,
    Deed::AskSupplement,
    Deed::NotAccept,
    Deed::Refuse,
    Deed::Return,
    Deed::EndSpecial,
    Deed::StartSpecial,
];

/// The queue as shown.
#[derive(Template)]
#[template(path = "cases/queue.html")]
pub(crate) struct QueuePage {
    pub(crate) desk: Desk,
    pub(crate) count: usize,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) groups: Vec<Group>,
    pub(crate) more: Option<String>,
    pub(crate) rulings: Rulings,
    /// What of the registers waits for somebody.
    pub(crate) waiting: Waiting,
    /// Open help threads.
    pub(crate) threads: Threads,
    /// Due days that a calendar moved.
    pub(crate) moved: Option<String>,
    pub(crate) owed: Reminder,
    pub(crate) one: Option<One>,
}

/// Cases due about the same time.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) cards: Vec<Card>,
}

/// A case in the list.
pub(crate) struct Card {
    pub(crate) who: String,
    pub(crate) item: String,
    pub(crate) note: String,
    pub(crate) light: Light,
    /// Days left, negative when overdue; none where no clock runs.
    pub(crate) left: Option<i32>,
    pub(crate) href: String,
    pub(crate) on: bool,
}

/// The case at the right.
pub(crate) struct One {
    pub(crate) said: Vec<Said>,
    /// Cases that may be this one once more.
    pub(crate) twins: Vec<TwinLine>,
    pub(crate) print: Vec<PaperLine>,
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) who: String,
    pub(crate) item: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) light: Light,
    pub(crate) due: String,
    pub(crate) truth: Truth,
    pub(crate) truth_note: String,
    pub(crate) rules_tag: Tag,
    pub(crate) rules: Vec<Rule>,
    pub(crate) papers: Vec<PaperLine>,
    pub(crate) people: Vec<(String, String)>,
    pub(crate) steps: Vec<Step>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) acts: Vec<Act>,
}

/// A rule and how the village answered it.
pub(crate) struct Rule {
    pub(crate) good: bool,
    pub(crate) text: String,
    pub(crate) note: String,
}

/// Which list, and where in it.
#[derive(serde::Deserialize, Clone)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
    #[serde(flatten)]
    done: Done,
}

const LISTS: [(&str, &str, Hands); 3] = [
    ("", "等我办", Hands::Centre),
    ("outside", "等反馈", Hands::Outside),
    ("applicant", "等补正", Hands::Applicant),
];

/// `GET /queue`.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    shown(&site, &clerk, place, None).await
}

/// `GET /queue/{case}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    shown(&site, &clerk, place, Some(case)).await
}

async fn shown(site: &Site, clerk: &Clerk, place: Where, chosen: Option<String>) -> Result<Response, Fault> {
    if !site.node().is_centre() {
        return Err(Fault::NotFound);
    }
    let wanted = LISTS.iter().find(|(code, ..)| *code == place.list).ok_or(Fault::NotFound)?;
    let (code, hands) = (wanted.0, wanted.2);
    let chosen = chosen.as_deref().map(id).transpose()?;
    let after = (!place.after.is_empty()).then(|| place.after.clone());
    let staff = clerk.who.staff.clone();
    let (listing, counts, (rulings, waiting, owed, moved, threads), (opened, twins)) = site
        .ask(move |node| {
            let listing = node.cases(Filter::Turn(hands), after.as_deref(), limit::ROWS_PER_PAGE)?;
            let id = chosen.or_else(|| listing.lines.first().map(|line| line.id));
            let opened = id.map(|id| Opened::read(node, id)).transpose()?;
            let moved = crate::clocks::told(node)?;
            let threads = Threads::read(node)?;
            let asides =
                (Rulings::read(node)?, waiting(node, &staff)?, Reminder::read(node)?, moved, threads);
            let twins = opened.as_ref().map(|opened| twins::lines(node, opened)).transpose()?;
            Ok::<_, Fault>((listing, node.counts()?, asides, (opened, twins.unwrap_or_default())))
        })
        .await??;
    let on = opened.as_ref().map(|opened| opened.view.id);
    let query = if code.is_empty() { String::new() } else { format!("?list={code}") };
    let names = frame::station_names(site.node());
    let card = |line: &CaseLine| Card {
        who: line.name.clone(),
        item: line.item.clone(),
        note: [crossed::places(line, &names), words::where_line(line), words::tail(&line.number)].join(" · "),
        light: words::line_light(line),
        left: line.left,
        href: format!("/queue/{}{query}", line.id.hex()),
        on: Some(line.id) == on,
    };
    let number = |hands: Hands| match hands {
        Hands::Outside => counts.outside,
        Hands::Applicant => counts.applicant,
        Hands::Centre | Hands::Station | Hands::Nobody | Hands::Elsewhere => counts.centre,
    };
    let tab = |(list, name, hands): &(&str, &str, Hands)| Tab {
        text: format!("{name} {}", number(*hands)),
        href: if list.is_empty() { "/queue".to_owned() } else { format!("/queue?list={list}") },
        now: *list == code,
    };
    let more = listing.next.as_ref().map(|next| format!("/queue?list={code}&after={next}"));
    let queue = QueuePage {
        desk: frame::desk(site, clerk, Place::Queue),
        count: usize::try_from(number(hands)).unwrap_or(usize::MAX),
        tabs: LISTS.iter().map(tab).collect(),
        groups: groups(listing.lines.iter().map(card).collect()),
        more,
        rulings,
        waiting,
        threads,
        moved,
        owed,
        one: opened.as_ref().map(|opened| One { twins, ..opened.told().one(&place.done, opened.truth()) }),
    };
    page::show(&queue)
}

/// Puts cards under the headings of the list by the days they have left. The cards come by due date and stay so.
pub(crate) fn groups(cards: Vec<Card>) -> Vec<Group> {
    let heads =
        [("超期", "red"), ("今日到期", "red"), ("两日内", "amber"), ("以后", "muted"), ("停止计时", "muted")];
    let mut groups: Vec<Group> =
        heads.iter().map(|(name, class)| Group { name, class, cards: Vec::new() }).collect();
    for card in cards {
        let place = match (card.light.class, card.left) {
            ("pause", _) => 4,
            (_, Some(left)) if left < 0 => 0,
            (_, Some(0)) => 1,
            (_, Some(1 | 2)) => 2,
            (_, Some(_) | None) => 3,
        };
        if let Some(group) = groups.get_mut(place) {
            group.cards.push(card);
        }
    }
    groups.retain(|group| !group.cards.is_empty());
    groups
}

impl Told<'_> {
    /// The case as the queue shows it.
    pub(crate) fn one(&self, done: &Done, truth: (Truth, String)) -> One {
        let rules = self.rules();
        let good = rules.iter().filter(|rule| rule.good).count();
        let rules_tag = if good == rules.len() {
            Tag::new("green", format!("{good} 条全合格"))
        } else {
            Tag::new("amber", format!("合格 {good}，共 {} 条", rules.len()))
        };
        One {
            said: self.said(done),
            twins: Vec::new(),
            print: self.to_print(done),
            number: self.case.number().unwrap_or_default().to_owned(),
            href: format!("/cases/{}", self.id),
            who: words::who(&self.case.filing),
            item: self.item(),
            tags: self.tags(),
            light: words::light(self.case, self.version, self.calendar, self.today),
            due: words::due(self.case, self.version, self.calendar),
            truth: truth.0,
            truth_note: truth.1,
            rules_tag,
            rules,
            papers: self.papers(),
            people: words::people(&self.case.filing),
            steps: self.steps(),
            entries: self.entries(),
            acts: self.to_rule().into_iter().chain(self.acts_of(&QUEUE)).collect(),
        }
    }

    /// Every rule, as the village answered it and as this box finds it now.
    fn rules(&self) -> Vec<Rule> {
        let Some(version) = self.version else { return Vec::new() };
        let filing = &self.case.filing;
        let checked = filing.check(version, self.today);
        let rules = version.rules_for(filing.scenario()).map(|rule| {
            let view = checked.rules.iter().find(|view| view.id == rule.id);
            let note = match view.map(|view| &view.auto) {
                Some(AutoResult::Pass(words) | AutoResult::Fail(words)) => words.clone(),
                Some(AutoResult::Unknown) | None => "村站核对".to_owned(),
            };
            let good = view.and_then(|view| view.stands()) == Some(true);
            match self.asked_for(&facts::rule(&rule.id)) {
                Some(asked) => Rule {
                    good: good && self.case.supplemented.is_some(),
                    text: rule.text.clone(),
                    note: asked.to_owned(),
                },
                None => Rule { good, text: rule.text.clone(), note },
            }
        });
        rules.collect()
    }
}
