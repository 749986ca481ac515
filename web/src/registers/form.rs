//! `GET` and `POST /registers/{sort}/new`: 登记; and what all forms of the registers are made of.

use app::{ActError, Node};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::matter::act::{Answerable, Open};
use model::matter::{Sort, Topic};
use model::{Date, Refusal};

use super::list::{listed, new_label};
use super::once;
use super::sheet::{self, Form, Frame};
use crate::Site;
use crate::cases::deed::{Tick, parse_date};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Field, Segments};

fn typed_or(typed: Option<&Fields>, name: &str, value: &str) -> String {
    typed.map_or(value, |fields| fields.get(name)).to_owned()
}

/// One line.
pub(super) fn line(typed: Option<&Fields>, name: &str, label: &str, value: &str) -> Field {
    Field { width: "full", ..Field::text(name, label, typed_or(typed, name, value)) }
}

/// Several lines.
pub(super) fn area(typed: Option<&Fields>, name: &str, label: &str, value: &str) -> Field {
    Field {
        max: model::limit::WORDS_CHARS,
        rows: 3,
        ..Field::area(name, label, typed_or(typed, name, value))
    }
}

/// One of a closed list, all in sight.
pub(super) fn coded(
    typed: Option<&Fields>,
    name: &str,
    label: &str,
    all: &[(&str, &str)],
    value: &str,
) -> Segments {
    let options = all.iter().map(|(code, label)| Choice::new(*code, *label)).collect();
    Segments::new(name, label, typed_or(typed, name, value), options)
}

/// A closed set of the model as choices.
pub(super) fn coded_choice<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> u8,
    label: impl Fn(T) -> &'static str,
) -> Vec<(&'static str, &'static str)> {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let digit = |one: T| DIGITS.get(usize::from(code(one))).copied().unwrap_or("");
    all.iter().map(|one| (digit(*one), label(*one))).collect()
}

/// A box to tick.
pub(super) fn tick(typed: Option<&Fields>, name: &'static str, text: &str) -> Tick {
    Tick {
        id: name.to_owned(),
        name,
        value: "1".to_owned(),
        text: text.to_owned(),
        note: String::new(),
        on: typed.is_some_and(|fields| fields.has(name)),
    }
}

/// A date that may be left out.
pub(super) fn optional_date(fields: &Fields, name: &str, label: &str) -> Result<Option<Date>, Refusal> {
    let typed = fields.get(name);
    if typed.is_empty() {
        return Ok(None);
    }
    let cure = || Refusal::field(name, label, format!("{label}读不出来，请写成“2026-11-23”这样。"));
    parse_date(typed).map(Some).ok_or_else(cure)
}

/// The item a guide page sends along.
#[derive(serde::Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    item: String,
}

/// Asks.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part(slug): Part<String>,
    Query(from): Query<From>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let sort = sort_of(&slug)?;
    let given = (!from.item.is_empty()).then(|| Fields::new(vec![("item".to_owned(), from.item)]));
    shown(&site, &clerk, sort, given.as_ref(), None)
}

/// A 责任追究 begins at the record it is about, never on an empty form.
fn sort_of(slug: &str) -> Result<Sort, Fault> {
    listed(slug).and_then(|sort| if sort == Sort::Account { Err(Fault::NotFound) } else { Ok(sort) })
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    sort: Sort,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let path = format!("/registers/{}", sort.slug());
    let frame = Frame {
        title: new_label(sort).to_owned(),
        button: "登记".to_owned(),
        action: format!("{path}/new"),
        back: (format!("回{}", sort.label()), path),
    };
    sheet::ask(site, clerk, frame, form(site.node(), sort, typed), refusal)
}

fn items(node: &Node, typed: Option<&Fields>) -> Field {
    let (reference, today) = (node.reference(), node.today());
    let current = reference.catalogue.items().filter_map(|item| item.on(today));
    let mut options = vec![Choice::new("", "没有关联事项")];
    options.extend(current.map(|item| Choice::new(item.code.as_str(), item.name.as_str())));
    Field::select("item", "关联事项", typed_or(typed, "item", ""), options).width("full")
}

fn topics(typed: Option<&Fields>, label: &str, all: &[Topic]) -> Segments {
    coded(typed, "topic", label, all, "")
}

/// What a registration asks for.
fn form(node: &Node, sort: Sort, typed: Option<&Fields>) -> Form {
    let mut form = Form::default();
    let name = |hint: &str| line(typed, "name", "姓名", "").hint(hint);
    let phone = |hint: &str| line(typed, "phone", "电话", "").hint(hint);
    let case = || line(typed, "case", "办件编号", "").hint("和哪一件有关，没有就空着");
    let due = |label: &str, hint: &str| line(typed, "due", label, "").hint(hint).max(10);
    let words = |label: &str| area(typed, "words", label, "");
    match sort {
        Sort::Consult => {
            let guided = items(node, typed).hint("问得多的可以放到这个事项的办事指南上");
            form.choices = vec![topics(typed, "问哪方面", sort.topics())];
            form.fields = vec![words("问了什么"), guided, name("不愿留名就空着"), phone("要回电话就填")];
        }
        Sort::Stuck => {
            let days = node.reference().office.settings.stuck_days;
            form.lead = vec![format!("{days} 个工作日内处理（本镇自定），处理结束后按时反馈，还要回访。")];
            form.fields =
                vec![words("反映什么事"), items(node, typed), name(""), phone("反馈和回访要用"), case()];
        }
        Sort::Round => {
            form.choices = vec![topics(typed, "看到哪方面", sort.topics())];
            form.fields = vec![words("看到什么"), due("整改期限", "年-月-日；没有问题就空着")];
        }
        Sort::Rating => {
            let settings = node.reference().office.settings.clone();
            form.lead = vec![format!(
                "{} 个工作日内回复；简单的马上改，别的转办以后 {} 个工作日内整改好（本镇自定）。",
                settings.reply_days, settings.fix_days
            )];
            form.warn = "不要写是谁评的。办件编号只用来找是哪个人办的，不会写进这件登记。";
            form.choices = vec![topics(typed, "哪方面不满意", sort.topics())];
            form.fields = vec![
                words("哪里不满意"),
                items(node, typed),
                line(typed, "case", "办件编号", "").hint("说得出是哪一件就填，没有就空着"),
                phone("本人愿意让我们回访才填"),
            ];
        }
        Sort::Transfer => {
            form.choices = vec![topics(typed, "哪一种", sort.topics())];
            form.fields = vec![words("办什么"), items(node, typed), name(""), phone("没有就空着"), case()];
        }
        Sort::Due => {
            form.choices = vec![topics(typed, "为什么到期", sort.topics())];
            form.fields = vec![
                name(""),
                line(typed, "id_number", "证件号码", "").max(18),
                phone("没有就空着"),
                due("到期日", "年-月-日"),
                words("说明"),
            ];
        }
        Sort::Account | Sort::Norm | Sort::Behalf => {}
    }
    form
}

/// Writes it down.
pub(crate) async fn open(
    State(site): State<Site>,
    Part(slug): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let sort = sort_of(&slug)?;
    let (sent, typed) = (clerk.clone(), fields.clone());
    let done = site
        .ask(move |node| {
            let text = |name: &str| typed.get(name).to_owned();
            let open = Open {
                topic: text("topic"),
                item: text("item"),
                words: text("words"),
                name: text("name"),
                phone: text("phone"),
                id_number: text("id_number"),
                due: optional_date(&typed, "due", "期限")?,
                answerable: Answerable::default(),
                link: node.case_to_link(typed.get("case"))?,
            };
            once(node, &sent, sort.slug(), &typed).open_matter(&sent.who, sort, open)
        })
        .await?;
    match done {
        Ok(saved) => {
            let code = if saved.before { "again" } else { "open" };
            let to = format!("/registers/matters/{}?done={code}", saved.id.hex());
            Ok(Redirect::to(&to).into_response())
        }
        Err(ActError::Refused(refusal)) => shown(&site, &clerk, sort, Some(&fields), Some(&refusal)),
        Err(error) => Err(error.into()),
    }
}
