//! What a deed asks for: the fields of its page, filled with what is known or what was typed.

use model::Date;
use model::case::event::{Answer, Asker, Finding, Manner};
use model::case::{Case, GapKind, facts};
use model::item::{Act, Version};
use model::station::CENTRE;

use super::Deed;
use crate::cases::show::Names;
use crate::cases::words;
use crate::shell::form::Fields;
use crate::view::{Choice, Field, Segments};

/// The parts of a deed's page.
#[derive(Default)]
pub(crate) struct DeedForm {
    /// One sentence before the fields.
    pub(crate) lead: String,
    /// What can't be taken back.
    pub(crate) warn: &'static str,
    /// What the boxes are.
    pub(crate) ticks_label: &'static str,
    /// Boxes to tick.
    pub(crate) ticks: Vec<Tick>,
    /// One of a few, in a row.
    pub(crate) choices: Vec<Segments>,
    /// Fields.
    pub(crate) fields: Vec<Field>,
}

/// A box to tick.
pub(crate) struct Tick {
    /// Element id.
    pub(crate) id: String,
    /// Field name.
    pub(crate) name: &'static str,
    /// What is posted.
    pub(crate) value: String,
    /// What it is.
    pub(crate) text: String,
    /// What would pass.
    pub(crate) note: String,
    /// Ticked.
    pub(crate) on: bool,
}

/// What the page of a deed knows.
pub(crate) struct Asked<'a> {
    pub(crate) case: &'a Case,
    pub(crate) version: Option<&'a Version>,
    pub(crate) today: Date,
    /// The township's stations by number, the centre among them.
    pub(crate) names: &'a Names,
    /// The clerk's name, for fields about who does it.
    pub(crate) clerk: &'a str,
    /// What was typed before, when the page comes back.
    pub(crate) typed: Option<&'a Fields>,
}

impl Asked<'_> {
    /// Why more time was asked for.
    pub(super) fn extension_reason(&self) -> String {
        let reason =
            self.case.extension_asked.as_ref().and_then(|asked| self.case.filing.cell(&asked.what.reason));
        reason.map_or_else(String::new, |reason| format!("理由：{reason}"))
    }

    fn was(&self, name: &str, otherwise: &str) -> String {
        self.typed.map_or(otherwise, |fields| fields.get(name)).to_owned()
    }

    pub(super) fn line(&self, name: &str, label: &str, otherwise: &str) -> Field {
        Field { width: "full", ..Field::text(name, label, self.was(name, otherwise)) }
    }

    pub(super) fn area(&self, name: &str, label: &str, otherwise: &str) -> Field {
        Field { max: 300, rows: 3, ..Field::area(name, label, self.was(name, otherwise)) }
    }

    fn date(&self, name: &str, label: &str) -> Field {
        let today = self.today.to_string();
        self.line(name, label, &today).hint("年-月-日，例如 2026-11-23").max(10)
    }

    pub(super) fn choice(
        &self,
        name: &str,
        label: &str,
        choices: &[(&str, &str)],
        otherwise: &str,
    ) -> Segments {
        let options = choices.iter().map(|(value, text)| Choice::new(*value, *text)).collect();
        Segments::new(name, label, self.was(name, otherwise), options)
    }
}

/// The fields of a deed.
pub(crate) fn form(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    match deed {
        Deed::Accept | Deed::Deem | Deed::Tell => beginning(deed, asked),
        Deed::Visit | Deed::PostNotice | Deed::EndNotice | Deed::HandOver => village(deed, asked),
        Deed::FirstReview | Deed::ReportUp | Deed::FeedBack | Deed::Approve => decision(deed, asked),
        Deed::AskSupplement | Deed::TakeSupplement | Deed::Bring => papers(deed, asked),
        Deed::Ready | Deed::Deliver | Deed::Pay => handing(deed, asked),
        Deed::NotAccept | Deed::Refuse | Deed::Return | Deed::Withdraw => ending(deed, asked),
        Deed::Verify | Deed::CheckPromise | Deed::LiftBar | Deed::Revoke => super::credit::form(deed, asked),
        Deed::Route => routing(asked),
        Deed::EndSpecial
        | Deed::StartSpecial
        | Deed::ApproveExtension
        | Deed::DeclineExtension
        | Deed::AskExtension
        | Deed::Inquire
        | Deed::Note => super::aside::form(deed, asked),
    }
}

fn beginning(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    let gaps =
        asked.version.map(|version| asked.case.filing.check(version, asked.today).gaps).unwrap_or_default();
    if deed == Deed::Deem {
        form.lead = "收件以后 5 个工作日内没有一次性告知，依《行政许可法》第三十二条，从收件那天起就是受理。\
                     缺的材料，登记以后用“要求补正”一次说全。"
            .to_owned();
        form.warn = "登记以后不能改，办理时限从收件那天起算。";
    } else if deed == Deed::Tell {
        let told: Vec<&str> =
            gaps.iter().filter(|gap| gap.kind != GapKind::Unseen).map(|gap| gap.name.as_str()).collect();
        form.lead = format!("要告知的：{}。登记以后打印告知书，一次说全。", told.join("、"));
        form.fields = vec![asked.area("words", "另外要说的", "").hint("可以空着")];
    } else if gaps.is_empty() {
        form.lead = "材料和条件都合格，可以受理。".to_owned();
    } else {
        form.lead = "收件的时候还差下面这些。现在合格的打勾，都合格才能受理。".to_owned();
        form.ticks_label = "现在合格的";
        form.ticks = gaps
            .into_iter()
            .map(|gap| Tick {
                on: asked.typed.is_some_and(|f| f.pairs().any(|pair| pair == ("good", gap.key.as_str()))),
                id: gap.key.clone(),
                name: "good",
                value: gap.key,
                text: gap.name,
                note: gap.passes,
            })
            .collect();
    }
    form
}

fn village(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    if deed == Deed::Visit {
        let choices: Vec<_> =
            Finding::ALL.iter().map(|finding| (code(finding.code()), finding.label())).collect();
        form.choices = vec![asked.choice("finding", "核查结果", &choices, "1")];
        form.fields = vec![
            asked.line("visitor1", "核查人一", asked.clerk),
            asked.line("visitor2", "核查人二", ""),
            asked.area("words", "核查情况", ""),
            asked.date("on", "核查日期"),
        ];
    } else if deed == Deed::PostNotice {
        let days = asked.version.and_then(|version| version.notice_days).unwrap_or(0);
        form.lead = format!("从明天起公示 {days} 个自然日。贴出去的那张要遮住证件号码和电话。");
        form.fields = vec![asked.line("place", "公示地点", "村务公示栏")];
    } else if deed == Deed::EndNotice {
        let choices = [("", "没有异议成立"), ("1", "有异议成立")];
        form.fields = vec![
            asked.line("objections", "收到几条异议", "0").max(4),
            asked.area("words", "异议核查情况", ""),
        ];
        form.choices = vec![asked.choice("upheld", "异议成立吗", &choices, "")];
    } else {
        form.lead = "纸质材料当面点清，交给镇中心窗口。".to_owned();
        form.fields = vec![asked.line("receiver", "镇里接收人", "")];
    }
    form
}

fn routing(asked: &Asked<'_>) -> DeedForm {
    let home = asked.case.home();
    let others = asked.names.iter().filter(|(number, _)| **number != CENTRE && **number != home);
    let options = others.map(|(number, name)| Choice::new(number.to_string(), name.as_str()));
    let options = std::iter::once(Choice::new("", "请选")).chain(options).collect();
    DeedForm {
        lead: "记录经镇中心转给那个村站，入户核查、公示由他们办。本站接着看得到进度，结果可以在本站领。"
            .to_owned(),
        fields: vec![
            Field { width: "full", ..Field::select("to", "属地村", asked.was("to", ""), options) },
            asked.area("words", "说明", "").hint("可以空着"),
        ],
        ..DeedForm::default()
    }
}

fn decision(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    let decider = asked.case.step(Act::Decide).map_or(String::new(), |step| step.step.body.clone());
    if deed == Deed::FirstReview {
        form.lead = format!("决定权在{decider}，镇里只作初审。");
        form.fields = vec![
            asked.area("opinion", "初审意见", "经审查，材料齐全，符合规定，同意上报。"),
            asked.line("list", "花名册或批次", "").hint("先不上报就空着"),
            asked.line("receiver", "接收人", "").hint("哪个单位，谁收的"),
        ];
    } else if deed == Deed::ReportUp {
        form.fields = vec![
            asked.line("list", "花名册或批次", ""),
            asked.line("receiver", "接收人", "").hint("哪个单位，谁收的"),
            asked.date("on", "上报日期"),
        ];
    } else if deed == Deed::FeedBack {
        form.lead = format!("{decider}答复以后才登记。");
        let choices: Vec<_> =
            Answer::ALL.iter().map(|answer| (code(answer.code()), answer.label())).collect();
        form.choices = vec![asked.choice("answer", "反馈结果", &choices, "1")];
        form.fields = vec![
            asked.line("paper", "反馈文号或来源", ""),
            asked.date("on", "反馈日期"),
            asked.area("words", "理由", "").hint("不同意或退回时要写"),
        ];
    } else {
        form.warn = "决定作出以后不能改。";
        form.fields = vec![
            asked.area("opinion", "审批意见", "经审查，符合规定，同意。"),
            asked.line("paper", "结果文书文号", "").hint("没有就空着"),
        ];
    }
    form
}

fn papers(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    let named = |id: &str| {
        let found = asked.version.and_then(|version| version.material(id));
        found.map_or_else(|| id.to_owned(), |material| material.name.clone())
    };
    let on = |name: &str, value: &str| {
        asked.typed.is_some_and(|fields| fields.pairs().any(|pair| pair == (name, value)))
    };
    if deed == Deed::Bring {
        form.ticks_label = "哪几样补齐了";
        for (id, until) in asked.case.outstanding() {
            form.ticks.push(Tick {
                id: format!("materials-{id}"),
                name: "materials",
                value: id.to_owned(),
                text: named(id),
                note: format!("限 {until}"),
                on: on("materials", id),
            });
        }
    } else if deed == Deed::AskSupplement {
        form.warn = "依法只能要求一次，请把所有要补的都选上。停止计时，直到收到补正。";
        form.ticks_label = "要补的内容";
        let scenario = asked.case.filing.scenario();
        let (materials, rules) = match asked.version {
            Some(version) => (
                version.materials_for(scenario).collect::<Vec<_>>(),
                version.rules_for(scenario).collect::<Vec<_>>(),
            ),
            None => (Vec::new(), Vec::new()),
        };
        let materials = materials.iter().map(|m| (facts::material(&m.id), &m.name, &m.passes));
        let rules = rules.iter().map(|r| (facts::rule(&r.id), &r.text, &r.passes));
        for (key, text, note) in materials.chain(rules) {
            let ticked = on("gaps", &key);
            let id = format!("gaps-{key}");
            form.ticks.push(Tick {
                id,
                name: "gaps",
                value: key,
                text: text.clone(),
                note: note.clone(),
                on: ticked,
            });
        }
        form.fields = vec![
            asked.area("words", "补正说明", "").hint("缺什么、什么样才合格，照着念给群众听"),
            asked.line("until", "补正期限", "").hint("年-月-日，不限就空着").max(10),
        ];
    } else {
        let gaps = asked.case.supplement.as_ref().map(|asked| asked.what.gaps.clone()).unwrap_or_default();
        let names: Vec<String> = gaps.iter().map(|gap| words::named(gap, asked.version)).collect();
        form.lead = format!("要补的：{}。都补齐了再登记，从明天起接着计时。", names.join("、"));
    }
    form
}

fn handing(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    if deed == Deed::Ready {
        // who was refused is handed the decision that says why, not the paper they asked for
        let outcome = asked.case.outcome.as_ref().map(|(outcome, ..)| *outcome);
        let paper = outcome.zip(asked.version).and_then(|(outcome, version)| outcome.paper(version));
        form.fields = vec![asked.line("paper", "结果名称", paper.unwrap_or("决定书"))];
    } else if deed == Deed::Deliver {
        form.lead = "请领取人核对结果，在送达回证上签名。".to_owned();
        let choices: Vec<_> =
            Manner::ALL.iter().map(|manner| (code(manner.code()), manner.label())).collect();
        form.choices = vec![asked.choice("manner", "送达方式", &choices, "1")];
        let name = asked.case.filing.cell(facts::NAME).unwrap_or("");
        form.fields = vec![asked.line("receiver", "领取人", name)];
        let on = asked.typed.is_some_and(|fields| fields.has("signed"));
        form.ticks = vec![Tick {
            id: "signed".to_owned(),
            name: "signed",
            value: "1".to_owned(),
            text: "领取人已经在送达回证上签名".to_owned(),
            note: String::new(),
            on,
        }];
        form.ticks_label = "签收";
    } else {
        form.fields = vec![asked.line("list", "发放批次", "")];
    }
    form
}

fn ending(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm { warn: "办了以后不能改，这件就结束了。", ..DeedForm::default() };
    let reason = asked.area("reason", "理由", &overdue(deed, asked)).hint("写给群众看，要说明白");
    if deed == Deed::Withdraw {
        let choices: Vec<_> = Asker::ALL.iter().map(|asker| (code(asker.code()), asker.label())).collect();
        form.choices = vec![asked.choice("asker", "谁提出撤回", &choices, "1")];
        form.fields = vec![asked.area("reason", "理由", "").hint("本人不说就空着")];
    } else if deed == Deed::Refuse {
        form.fields = vec![reason, asked.line("basis", "依据", "").hint("哪个文件哪一条")];
    } else if deed == Deed::NotAccept {
        form.fields = vec![reason, asked.line("competent", "该找哪个单位", "").hint("不归本机关管时要写")];
    } else {
        form.fields = vec![reason];
    }
    form
}

/// The reason of a return that follows a deferral nobody made good.
fn overdue(deed: Deed, asked: &Asked<'_>) -> String {
    let late = asked.case.deferral_due().filter(|until| deed == Deed::Return && *until < asked.today);
    let Some(until) = late else { return String::new() };
    let name = |id| words::named(id, asked.version);
    let names: Vec<String> = asked.case.outstanding().map(|(id, _)| name(id)).collect();
    format!("容缺后补的{}没有在{}前补齐，按承诺退办。", names.join("、"), words::full_day(until))
}

/// A one-byte code as a form posts it.
pub(super) fn code(code: u8) -> &'static str {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    DIGITS.get(usize::from(code)).copied().unwrap_or("")
}
