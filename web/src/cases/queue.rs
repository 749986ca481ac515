//! The centre's queue: the list at the left by what is due first, the case at the right.

use askama::Template;
use model::item::AutoResult;

use super::deed::Deed;
use super::show::{PaperLine, Told};
use super::words;
use crate::view::{Act, Desk, Entry, Light, Said, Step, Tag, Truth};
use crate::workbench::Tab;

/// What the queue offers beside the case; the rest is on the case's own page.
const QUEUE: [Deed; 13] = [
    Deed::Visit,
    Deed::FirstReview,
    Deed::ReportUp,
    Deed::FeedBack,
    Deed::Approve,
    Deed::ApproveExtension,
    Deed::Ready,
    Deed::TakeSupplement,
    Deed::AskSupplement,
    Deed::NotAccept,
    Deed::Refuse,
    Deed::Return,
    Deed::EndSpecial,
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
    pub(crate) href: String,
    pub(crate) on: bool,
}

/// The case at the right.
pub(crate) struct One {
    pub(crate) said: Vec<Said>,
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

/// Sorts cards under the headings of the list; the cards come by due date.
pub(crate) fn groups(cards: Vec<Card>) -> Vec<Group> {
    let heads = [
        ("over", "超期", "red"),
        ("today", "今日到期", "red"),
        ("soon", "快到期", "amber"),
        ("ok", "以后", "muted"),
        ("pause", "停止计时", "muted"),
    ];
    let mut groups: Vec<Group> =
        heads.iter().map(|(_, name, class)| Group { name, class, cards: Vec::new() }).collect();
    for card in cards {
        let place = heads.iter().position(|(class, ..)| *class == card.light.class).unwrap_or(3);
        if let Some(group) = groups.get_mut(place) {
            group.cards.push(card);
        }
    }
    groups.retain(|group| !group.cards.is_empty());
    groups
}

impl Told<'_> {
    /// The case as the queue shows it.
    pub(crate) fn one(&self, said: Option<Said>, truth: (Truth, String)) -> One {
        let rules = self.rules();
        let good = rules.iter().filter(|rule| rule.good).count();
        let rules_tag = if good == rules.len() {
            Tag::new("green", format!("{good} 条全合格"))
        } else {
            Tag::new("amber", format!("合格 {good}，共 {} 条", rules.len()))
        };
        One {
            said: said.into_iter().chain(self.warnings()).collect(),
            number: self.case.number().unwrap_or_default().to_owned(),
            href: format!("/cases/{}", self.id),
            who: words::who(&self.case.filing),
            item: self.item(),
            tags: self.tags(),
            light: words::light(self.case, self.calendar, self.today),
            due: words::due(self.case, self.calendar),
            truth: truth.0,
            truth_note: truth.1,
            rules_tag,
            rules,
            papers: self.papers(),
            people: words::people(&self.case.filing),
            steps: self.steps(),
            entries: self.entries(),
            acts: self.acts_of(&QUEUE),
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
            Rule { good: view.and_then(|view| view.stands()) == Some(true), text: rule.text.clone(), note }
        });
        rules.collect()
    }
}
