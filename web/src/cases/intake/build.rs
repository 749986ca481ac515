//! From what was typed to the page: fields, materials, rules, steps, and what is missing.

use std::collections::BTreeMap;

use model::authority::{IntakePaper, Standing};
use model::calendar::Calendar;
use model::case::draft::Seen;
use model::case::{Checked, Filing, Photo, Tick, facts};
use model::item::{ApplicantKind, AutoResult, Exemption, FieldKind, Material, Need, Version};
use model::person::IdNumber;
use model::station::Profile;
use model::{Date, FieldErrors};

use super::signing::is_signing;
use super::{IntakePage, MaterialRow, Note, RuleRow};
use crate::cases::words;
use crate::view::{Choice, Desk, Gap, Said, Segments, Stage, Tag};

/// An intake with all its page needs.
pub(crate) struct Taking<'a> {
    /// How URLs name the draft.
    pub(crate) draft: &'a str,
    pub(crate) version: &'a Version,
    pub(crate) filing: &'a Filing,
    /// What was typed, as typed: over what is saved.
    pub(crate) typed: BTreeMap<String, String>,
    pub(crate) checked: &'a Checked,
    /// What is told beside its field and in the summary: what is missing not before the clerk has tried.
    pub(crate) told: FieldErrors,
    /// Fields that show what was typed, which is not what is kept.
    pub(crate) held: Vec<String>,
    pub(crate) standing: &'a Standing,
    pub(crate) profile: &'a Profile,
    pub(crate) calendar: &'a Calendar,
    pub(crate) today: Date,
    pub(crate) clerk: &'a str,
    /// Photos of the materials.
    pub(crate) photos: &'a [Photo],
    /// The applicant promised falsely before.
    pub(crate) barred: bool,
    /// The same person's other drafts and cases of this item.
    pub(crate) twins: &'a [app::cases::Twin],
    /// What the township's list calls each station.
    pub(crate) names: &'a crate::cases::show::Names,
    /// The township's village stations, this one left out.
    pub(crate) others: &'a [(u16, String)],
    /// What the way to the help thread is called; empty where there is nobody to ask.
    pub(crate) help: &'static str,
}

impl Taking<'_> {
    /// What is wrong with a field, once it is to be told.
    pub(super) fn error(&self, name: &str) -> Option<String> {
        self.told.of(name).map(str::to_owned)
    }

    /// Puts the page together. `more` asks for one more row of household members; `two_windows` says that what is told
    /// was changed in another window.
    pub(crate) fn page(
        &self,
        desk: Desk,
        said: Option<Said>,
        saved: String,
        more: bool,
        two_windows: bool,
    ) -> IntakePage {
        let gap = |error: &model::FieldError| Gap {
            target: error.field.clone(),
            text: format!("{}：{}", error.label, error.message),
        };
        let gaps: Vec<Gap> = self.told.iter().map(gap).collect();
        let gaps_title = if two_windows {
            format!("这份草稿在另一个窗口里改过，请看这 {} 处", gaps.len())
        } else {
            format!("还差 {} 处，补好就能{}", gaps.len(), self.accept_word())
        };
        IntakePage {
            desk,
            said,
            draft: self.draft.to_owned(),
            code: self.version.code.clone(),
            item: self.version.name.clone(),
            version: self.version.version,
            sample: self.version.sample,
            tags: self.tags(),
            standing: self.standing_note(),
            today: words::day_and_weekday(self.today),
            stages: self.stages(),
            say: self.say(),
            drawn: Seen::of(self.filing.typed().iter().map(|(name, text)| (name.as_str(), text.as_str())))
                .to_string(),
            held: self.held.join(" "),
            gaps_title,
            gaps,
            scenario: self.scenario(),
            kind: self.kind(),
            who_notes: self.who_notes(),
            applicant: self.applicant(),
            twins: self.twins(),
            has_agent: self.filing.has_agent(),
            agent: self.agent(),
            household: self.filing.applicant_kind() == ApplicantKind::Household,
            members: self.members(more),
            form: self.form(),
            barred: self.barred,
            signing: self.signing(),
            promises: self.promises(),
            materials_note: self.materials_note(),
            materials: self.materials(),
            rules: self.rules(),
            paper_word: self.paper_word().to_owned(),
            accept_word: self.accept_word(),
            may_receive: self.standing.paper == IntakePaper::AcceptanceNotice,
            preview: self.preview(),
            saved,
            help: self.help,
        }
    }

    pub(super) fn accept_word(&self) -> &'static str {
        match self.standing.paper {
            IntakePaper::AcceptanceNotice => "受理",
            IntakePaper::OnBehalf => "代办收件",
        }
    }

    pub(super) fn paper_word(&self) -> &'static str {
        match self.standing.paper {
            IntakePaper::AcceptanceNotice => "受理通知书",
            IntakePaper::OnBehalf => "收件凭证",
        }
    }

    fn tags(&self) -> Vec<Tag> {
        let version = self.version;
        let mut tags = vec![Tag::new("blue", self.standing.way.label())];
        tags.extend(version.deciding_step().map(|step| Tag::new("", format!("{}决定", step.body))));
        tags.extend(version.notice_days.map(|days| Tag::new("", format!("公示 {days} 日"))));
        let promised = version.promised_words();
        tags.push(Tag::new(
            "",
            if version.promised.is_some() { format!("承诺 {promised}") } else { promised },
        ));
        if version.sample {
            tags.push(Tag::new("out", "示例"));
        }
        tags
    }

    fn standing_note(&self) -> Option<Said> {
        let kind = if self.standing.fell_back { "amber" } else { "" };
        Some(Said { kind, text: self.standing.why.clone() })
    }

    fn scenario(&self) -> Segments {
        let options =
            self.version.scenarios.iter().map(|one| Choice::new(one.id.as_str(), one.name.as_str()));
        let chosen = self.typed(facts::SCENARIO);
        Segments::new(facts::SCENARIO, "办理情形", chosen, options.collect())
            .error(self.error(facts::SCENARIO))
    }

    fn kind(&self) -> Option<Segments> {
        if self.version.applicants.len() < 2 {
            return None;
        }
        let options = self.version.applicants.iter().map(|kind| Choice::new(kind.code(), kind.label()));
        let chosen = self.filing.applicant_kind().code();
        let row = Segments::new(facts::APPLICANT_KIND, "申请人类型", chosen, options.collect());
        Some(row.error(self.error(facts::APPLICANT_KIND)))
    }

    /// What the id number says: checked, and how old the person is.
    fn who_notes(&self) -> Vec<Note> {
        let number = self.filing.cell(facts::ID_NUMBER).unwrap_or("");
        if number.is_empty() || self.filing.fact(facts::ID_KIND) == Some("other") {
            return Vec::new();
        }
        match IdNumber::parse(number, self.today) {
            Ok(id) => {
                let age = format!("证件号码校验位正确，满 {} 周岁", id.age(self.today));
                vec![Note { good: true, text: age }]
            }
            Err(_) => Vec::new(),
        }
    }

    fn materials(&self) -> Vec<MaterialRow> {
        let asked = self.version.materials_for(self.filing.scenario());
        asked.map(|material| self.material(material)).collect()
    }

    fn material(&self, material: &Material) -> MaterialRow {
        let name = facts::material(&material.id);
        let vowed = material.exemption == Some(Exemption::Promise);
        let fits = |tick: &Tick| match tick {
            Tick::Later => material.need == Need::Deferrable && self.may_defer(),
            Tick::Exempt if vowed => !self.barred,
            Tick::Exempt => material.need == Need::Exempt || material.exemption.is_some(),
            Tick::Good | Tick::Bad | Tick::Missing => true,
            Tick::Unseen => false,
        };
        let word = |tick: Tick| if vowed && tick == Tick::Exempt { "告知承诺" } else { tick.label() };
        let options = Tick::ALL.into_iter().filter(fits).map(|tick| Choice::new(tick.code(), word(tick)));
        let answer =
            Segments::new(name.as_str(), material.name.as_str(), self.typed(&name), options.collect());
        let note = [material.need.label(), material.form.as_str()].join("，");
        let (how, tick) = (self.how(material), self.filing.material(&material.id));
        // one that was looked at needs no vouching: it would stand there as noise under every paper
        let asked = matches!(tick, Tick::Exempt | Tick::Unseen);
        MaterialRow {
            name: material.name.clone(),
            note,
            passes: material.passes.clone(),
            id: material.id.clone(),
            photo: material.id.clone(),
            of: String::new(),
            photos: self.photos.iter().filter(|photo| photo.what.material == material.id).count(),
            answer: answer.error(self.error(&name)),
            exempt: tick == Tick::Exempt,
            exempts: how.is_some(),
            how: how.filter(|_| asked),
        }
    }

    fn materials_note(&self) -> String {
        let answers: Vec<Tick> = self
            .version
            .materials_for(self.filing.scenario())
            .map(|material| self.filing.material(&material.id))
            .collect();
        let good = answers.iter().filter(|tick| matches!(tick, Tick::Good | Tick::Exempt)).count();
        let unseen = answers.iter().filter(|tick| **tick == Tick::Unseen).count();
        format!("合格 {good}，未看 {unseen}，共 {}", answers.len())
    }

    fn rules(&self) -> Vec<RuleRow> {
        let answer = |rule: &model::item::Rule| {
            let name = facts::rule(&rule.id);
            let view = self.checked.rules.iter().find(|view| view.id == rule.id);
            let auto = view.and_then(|view| match &view.auto {
                AutoResult::Pass(text) => Some(Note { good: true, text: text.clone() }),
                AutoResult::Fail(text) => Some(Note { good: false, text: text.clone() }),
                AutoResult::Unknown => None,
            });
            let options = vec![Choice::new("pass", "合格"), Choice::new("fail", "不合格")];
            let row = Segments::new(name.as_str(), rule.text.as_str(), self.typed(&name), options)
                .error(self.error(&name));
            RuleRow {
                text: rule.text.clone(),
                passes: rule.passes.clone(),
                auto,
                answer: row,
                of: String::new(),
            }
        };
        self.version.rules_for(self.filing.scenario()).map(answer).collect()
    }

    pub(super) fn stages(&self) -> Vec<Stage> {
        let missing = |part: &dyn Fn(&str) -> bool| {
            self.checked.all_errors().iter().filter(|error| part(&error.field)).count()
        };
        let scenario = self.version.scenario(self.filing.scenario());
        let who = self.filing.shown_name();
        let is_form = |field: &str| field.contains("/form.") || is_signing(field);
        let is_paper = |field: &str| {
            let promise = matches!(field, facts::DEFERRED_SIGNED | facts::PROMISE_SIGNED);
            promise || field.starts_with("m/") || field.starts_with("r/")
        };
        let parts = [
            (
                "什么情形",
                "#who",
                scenario.map_or(String::new(), |one| one.name.clone()),
                missing(&|f| f == "scenario"),
            ),
            ("谁来办", "#who", who, missing(&|f| !is_form(f) && !is_paper(f) && f != "scenario")),
            ("填申请表", "#form", String::new(), missing(&is_form)),
            ("看材料", "#papers", String::new(), missing(&is_paper)),
        ];
        let item = Stage {
            name: "办什么事".to_owned(),
            note: self.version.name.clone(),
            done: true,
            ..Stage::default()
        };
        let mut stages = vec![item];
        let mut found_now = false;
        for (name, href, answer, left) in parts {
            let now = left > 0 && !found_now;
            found_now |= now;
            let note = if left > 0 { format!("还差 {left} 处") } else { answer };
            stages.push(Stage { name: name.to_owned(), note, href: href.to_owned(), done: left == 0, now });
        }
        let last = format!("念一遍，{}", self.accept_word());
        stages.push(Stage { name: last, now: !found_now, ..Stage::default() });
        stages
    }

    fn say(&self) -> String {
        let unseen = self.checked.gaps.first();
        match (self.checked.errors.iter().next(), unseen) {
            (Some(error), _) => {
                format!("“您好，请问{}{}？我填一下。”", error.label, self.asked_how(&error.field))
            }
            (None, Some(gap)) => format!("“请把{}给我看一下。要求是：{}”", gap.name, gap.passes),
            (None, None) => "“我念一遍，您听听对不对。对的话请在申请表上签名。”".to_owned(),
        }
    }

    /// How one asks for a field: a kind is chosen, people are named, a number is told.
    fn asked_how(&self, name: &str) -> &'static str {
        let field = self.version.form.iter().find(|field| facts::form(&field.id) == name);
        match (field.map(|field| &field.kind), name.rsplit('/').next().unwrap_or_default()) {
            (Some(FieldKind::Choice { .. }), _) => "是哪一种",
            (Some(FieldKind::Members), _) => "有哪些",
            (Some(FieldKind::Date), _) => "是哪一天",
            (Some(FieldKind::Money | FieldKind::Account { .. }), _) => "是多少",
            (None, facts::SCENARIO | facts::APPLICANT_KIND | facts::ID_KIND) => "是哪一种",
            (None, "id_number" | "phone" | "unit_code") => "是多少",
            (None, "address") => "在哪里",
            (None, "relation") => "是什么",
            (Some(FieldKind::Text { .. }) | None, _) => "怎么写",
        }
    }
}
