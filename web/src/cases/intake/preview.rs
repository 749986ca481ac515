//! The paper that will print, as far as it is known, with names masked: the screen faces the counter.

use model::authority::IntakePaper;
use model::case::{Carried, Tick, facts};
use model::item::ApplicantKind;
use model::person::{mask_name, mask_phone};

use super::build::Taking;
use super::{Preview, PreviewLine, PreviewRow};
use crate::cases::words;

impl Taking<'_> {
    pub(super) fn preview(&self) -> Preview {
        let on_behalf = self.standing.paper == IntakePaper::OnBehalf;
        let mut rows = vec![
            ("事项", vec![self.subject()]),
            ("申请人", self.applicant_lines()),
            (if on_behalf { "由谁办理" } else { "受理机关" }, vec![plain(self.body())]),
            ("收到材料", self.material_lines()),
            ("办理期限", self.limit_lines()),
            ("收费", vec![plain(self.version.fee.words.clone())]),
        ];
        if let Some(days) = self.version.notice_days.filter(|_| !on_behalf) {
            rows.push(("公示", vec![plain(format!("张贴次日起 {days} 天"))]));
        }
        rows.push(("查进度", vec![plain("到窗口问，或扫纸上的二维码".to_owned())]));
        rows.push(("领取", vec![plain(self.collect())]));
        Preview {
            title: self.paper_word().chars().map(String::from).collect::<Vec<_>>().join(" "),
            rows: rows.into_iter().map(|(name, lines)| PreviewRow { name, lines }).collect(),
            clerk: self.clerk.to_owned(),
            phone: self.profile.phone.clone(),
            seal: if on_behalf { "收件专用章" } else { "受理专用章" }.to_owned(),
        }
    }

    fn subject(&self) -> PreviewLine {
        match self.version.scenario(self.filing.scenario()) {
            Some(scenario) => plain(format!("{}（{}）", self.version.name, scenario.name)),
            None => PreviewLine { strong: false, text: self.version.name.clone(), mark: "待选情形" },
        }
    }

    fn applicant_lines(&self) -> Vec<PreviewLine> {
        let get = |name: &str| self.filing.cell(name).unwrap_or("");
        let unit = self.filing.applicant_kind() == ApplicantKind::Unit;
        let number = if unit { facts::UNIT_CODE } else { facts::ID_NUMBER };
        let wrong = |name: &str| self.checked.errors.of(name).is_some();
        let mark = |name: &str| match (get(name).is_empty(), wrong(name)) {
            (true, true) => "待补",
            (false, true) => "待核",
            (_, false) => "",
        };
        let who = format!("{}　{}", self.filing.shown_name(), self.filing.shown_number());
        let who_mark = if mark(facts::NAME).is_empty() { mark(number) } else { mark(facts::NAME) };
        let phone = format!("电话 {}", mask_phone(get(facts::PHONE)));
        let mut lines = vec![PreviewLine { strong: false, text: who, mark: who_mark }];
        if unit {
            let contact = format!("联系人 {}", mask_name(get(facts::CONTACT)));
            lines.push(PreviewLine { strong: false, text: contact, mark: mark(facts::CONTACT) });
        }
        lines.push(PreviewLine { strong: false, text: phone, mark: mark(facts::PHONE) });
        if self.filing.has_agent() {
            let name = mask_name(get(facts::AGENT_NAME));
            let agent = format!("代办 {name}（{}）", get(facts::AGENT_RELATION));
            lines.push(PreviewLine { strong: false, text: agent, mark: mark(facts::AGENT_NAME) });
        }
        lines
    }

    fn body(&self) -> String {
        match self.standing.paper {
            IntakePaper::AcceptanceNotice => {
                format!("{}（{}，{}）", self.standing.principal, self.standing.way.label(), self.profile.name)
            }
            IntakePaper::OnBehalf => {
                format!("由{}办理，{}帮办代办", self.standing.principal, self.profile.name)
            }
        }
    }

    fn material_lines(&self) -> Vec<PreviewLine> {
        let asked = self.version.materials_for(self.filing.scenario());
        let line = |(place, material): (usize, &model::item::Material)| {
            let mark = match self.filing.material(&material.id) {
                Tick::Good | Tick::Exempt => "",
                Tick::Later => "容缺后补",
                Tick::Unseen => "待核",
                Tick::Bad => "不合格",
                Tick::Missing => "没带",
            };
            PreviewLine {
                strong: false,
                text: format!("{}. {}（{}）", place + 1, material.name, material.form),
                mark,
            }
        };
        asked.enumerate().map(line).collect()
    }

    fn limit_lines(&self) -> Vec<PreviewLine> {
        if self.standing.paper == IntakePaper::OnBehalf {
            let due = self.calendar.due(self.today, self.calendar.hand_over());
            let may_move = if due.provisional { "（暂定）" } else { "" };
            let to = Carried::along(&self.version.route, self.standing.fell_back);
            return vec![
                plain(format!("{}前{}{may_move}", words::day(due.date), to.words())),
                plain(format!("办理时限：{}", to.afterwards())),
            ];
        }
        let (legal, promised) = (self.version.legal_words(), self.version.promised_words());
        let mut lines = vec![plain(format!("法定：{legal}；承诺：{promised}"))];
        if let Some(limit) = self.version.running_limit().filter(|_| !words::is_instant(Some(self.version))) {
            let due = self.calendar.due(self.today, limit);
            let may_move = if due.provisional { "（暂定）" } else { "" };
            let text = format!("{}前办结{may_move}", words::full_day(due.date));
            lines.push(PreviewLine { strong: true, ..plain(text) });
        }
        lines
    }

    fn collect(&self) -> String {
        let result = self.version.results.first();
        result.map_or_else(|| "办好以后告诉您，不用来领".to_owned(), |result| result.collect.clone())
    }
}

fn plain(text: String) -> PreviewLine {
    PreviewLine { strong: false, text, mark: "" }
}
