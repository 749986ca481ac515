//! `GET` and `POST /registers/matters/{matter}/acts/{act}`: one form per act.

use app::matters::{Deed as Act, MatterId, MatterView};
use app::{ActError, Node};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::AnomalyKind;
use model::case::event::Settlement;
use model::matter::Sort;
use model::matter::act::{Answer, Assign, Publish};
use model::matter::event::*;

use super::deed::{Deed, offered};
use super::form::{area, coded, coded_choice, line, optional_date, tick};
use super::sheet::{self, Form, Frame};
use super::{id, once};
use crate::Site;
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act as Sent, Clerk};

/// Asks for what the act needs.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part((matter, act)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&matter)?, Deed::parse(&act).ok_or(Fault::NotFound)?);
    shown(&site, &clerk, id, deed, None, None).await
}

/// Does it.
pub(crate) async fn perform(
    State(site): State<Site>,
    Part((matter, act)): Part<(String, String)>,
    Sent { clerk, fields }: Sent,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&matter)?, Deed::parse(&act).ok_or(Fault::NotFound)?);
    let (sent, typed) = (clerk.clone(), fields.clone());
    let done = site
        .ask(move |node| {
            let node = once(node, &sent, &format!("{matter}/{act}"), &typed);
            if deed == Deed::Account {
                return node.open_account_of(&sent.who, id);
            }
            let act = read(&node, id, deed, &typed)?;
            node.do_matter(&sent.who, id, act)
        })
        .await?;
    match done {
        Ok(saved) => {
            let code = if saved.before { "again" } else { deed.code() };
            let to = format!("/registers/matters/{}?done={code}", saved.id.hex());
            Ok(Redirect::to(&to).into_response())
        }
        Err(ActError::Refused(refusal)) => {
            shown(&site, &clerk, id, deed, Some(&fields), Some(&refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(
    site: &Site,
    clerk: &Clerk,
    id: MatterId,
    deed: Deed,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let view = site.ask(move |node| node.matter(id)).await??;
    let back = format!("/registers/matters/{}", id.hex());
    let label = deed.label_of(view.matter.sort());
    if typed.is_none() && !offered(site.node(), &clerk.who, &view).contains(&deed) && deed != Deed::Escalate {
        let words = format!("“{label}”现在不能办，请回去看看到了哪一步。");
        return Err(Fault::NotOpen { words, back });
    }
    let frame = Frame {
        title: format!("{label}：登记号 {}", id.short()),
        button: label.to_owned(),
        action: format!("{back}/acts/{}", deed.code()),
        back: ("回这件登记".to_owned(), back),
    };
    sheet::ask(site, clerk, frame, form(deed, &view, typed), refusal)
}

/// What an act asks for.
fn form(deed: Deed, view: &MatterView, typed: Option<&Fields>) -> Form {
    let matter = &view.matter;
    let sort = matter.sort();
    let about = matter.about().to_owned();
    let mut form =
        Form { lead: vec![about].into_iter().filter(|a| !a.is_empty()).collect(), ..Form::default() };
    let words = |label: &str, hint: &str| area(typed, "words", label, "").hint(hint);
    match deed {
        Deed::Sort => {
            form.choices = vec![coded(typed, "topic", "哪一类", sort.topics(), matter.topic())];
            form.ticks = vec![tick(typed, "elsewhere", "群众被推到过别处")];
        }
        Deed::Assign => assign_form(&mut form, sort, typed),
        Deed::Handle => {
            form.fields = vec![words("处理结果", "怎么处理的，结果是什么")];
        }
        Deed::Answer => {
            let how = coded_choice(Channel::ALL, Channel::code, Channel::label);
            form.choices = vec![coded(typed, "how", "怎么告诉的", &how, "1")];
            let label = if sort == Sort::Consult { "怎么答的" } else { "怎么说的" };
            form.fields = vec![words(label, "照说的写")];
            form.ticks = vec![tick(typed, "elsewhere", "请群众到别处去办")];
        }
        Deed::Revisit => {
            let said = coded_choice(Satisfied::ALL, Satisfied::code, Satisfied::label);
            form.choices = vec![coded(typed, "satisfied", "满意不满意", &said, "")];
            form.fields = vec![words("群众怎么说", "不满意要写")];
        }
        Deed::Conclude if sort == Sort::Rating => {
            form.warn = "核实以后不能改，您的名字会写在记录里。不属实的要由登记的人以外的第二个人来定。";
            let found = coded_choice(Verdict::ALL, Verdict::code, Verdict::label);
            form.choices = vec![coded(typed, "verdict", "属实不属实", &found, "")];
            form.fields = vec![words("核实情况", "怎么核实的，依据什么")];
        }
        Deed::Conclude => {
            form.warn = "认定以后不能改，您的名字会写在记录里。";
            let found = coded_choice(Verdict::ALL, Verdict::code, Verdict::label);
            form.choices = vec![coded(typed, "verdict", "结论", &found, "")];
            form.fields = vec![words("认定意见", "依据什么，怎么处理")];
        }
        Deed::Publish => publish_form(&mut form, view, typed),
        Deed::Close => close_form(&mut form, sort, typed),
        Deed::Escalate => {
            let to = [("4", "镇中心"), ("6", "分管领导")];
            form.choices = vec![coded(typed, "to", "报给谁", &to, "4")];
            form.fields = vec![words("为什么上报", "卡在哪里")];
        }
        Deed::Settle => {
            let first = view.anomalies.iter().find(|anomaly| anomaly.kind == AnomalyKind::NotAllowed);
            form.lead.extend(first.map(|anomaly| format!("“{}”：{}", anomaly.title, anomaly.why)));
            let ways = coded_choice(Settlement::ALL, Settlement::code, Settlement::label);
            form.choices = vec![coded(typed, "verdict", "怎么算", &ways, "")];
            form.fields = vec![words("理由", "为什么这样定")];
        }
        Deed::Explain => form.fields = vec![words("说明", "当时是怎么回事")],
        Deed::Reopen => form.fields = vec![words("为什么重办", "哪里没办好")],
        Deed::File => form.fields = vec![words("放在哪里", "柜号、盒号，没有就空着")],
        Deed::Report => form.fields = vec![words("报给谁", "哪里，谁收的")],
        Deed::Note => form.fields = vec![words("说明", "")],
        Deed::Unpublish => form.lead.push("撤下以后办事指南上看不到这一条。".to_owned()),
        Deed::Account => form.lead.push("先记为待核实，要当事人说明、别的负责人认定。".to_owned()),
    }
    form
}

fn assign_form(form: &mut Form, sort: Sort, typed: Option<&Fields>) {
    let until = line(typed, "until", "什么时候要答复", "").hint("年-月-日，不限就空着").max(10);
    if sort == Sort::Transfer {
        form.fields = vec![
            line(typed, "whom", "转到哪里", "").hint("哪个地区、哪个窗口"),
            line(typed, "tracking", "流水号", "").hint("对方系统里的编号，没有就空着"),
            until,
        ];
    } else {
        let to = [("1", "本站岗位"), ("2", "指定的人"), ("4", "镇中心")];
        form.choices = vec![coded(typed, "to", "交给哪里", &to, "1")];
        let until = if sort == Sort::Rating {
            line(typed, "until", "最晚哪天整改好", "").hint("年-月-日，空着就按镇里定的天数").max(10)
        } else {
            until
        };
        form.fields = vec![line(typed, "whom", "交给谁", "").hint("岗位或者人名"), until];
    }
}

fn publish_form(form: &mut Form, view: &MatterView, typed: Option<&Fields>) {
    let matter = &view.matter;
    let answer = matter.answered.as_ref().map(|done| matter.words(Some(&done.what.words)));
    form.warn = "人人看得到：不要写谁问的，不要写姓名、手机号、证件号。";
    form.fields = vec![
        area(typed, "question", "问题", matter.about()),
        area(typed, "answer", "答复", answer.unwrap_or_default()),
    ];
}

fn close_form(form: &mut Form, sort: Sort, typed: Option<&Fields>) {
    let words = area(typed, "words", "说明", "").hint("没有就空着");
    if sort == Sort::Due {
        let endings = coded_choice(Ending::ALL, Ending::code, Ending::label)
            .into_iter()
            .filter(|(code, _)| *code != "1");
        let endings: Vec<_> = endings.collect();
        form.choices = vec![coded(typed, "ending", "结果", &endings, "")];
        form.fields = vec![line(typed, "case", "办件编号", "").hint("选“已办件”时要写"), words];
    } else {
        form.fields = vec![words];
    }
}

/// From the typed fields to the act. Checks nothing the model checks.
fn read(node: &Node, id: MatterId, deed: Deed, fields: &Fields) -> Result<Act, ActError> {
    let text = |name: &str| fields.get(name).to_owned();
    let words = text("words");
    Ok(match deed {
        Deed::Sort => Act::Sort(text("topic"), fields.has("elsewhere")),
        Deed::Assign => {
            let transfer = node.matter(id)?.matter.sort() == Sort::Transfer;
            let to = if transfer {
                Target::Outside
            } else {
                chosen(Target::ALL, Target::code, fields, "to", "交给哪里")?
            };
            let until = optional_date(fields, "until", "什么时候要答复")?;
            Act::Assign(Assign { to, whom: text("whom"), tracking: text("tracking"), until })
        }
        Deed::Handle => Act::Handle(words),
        Deed::Answer => {
            let how = chosen(Channel::ALL, Channel::code, fields, "how", "怎么告诉的")?;
            Act::Answer(Answer { how, words, elsewhere: fields.has("elsewhere") })
        }
        Deed::Revisit => {
            Act::Revisit(chosen(Satisfied::ALL, Satisfied::code, fields, "satisfied", "满意不满意")?, words)
        }
        Deed::Explain => Act::Explain(words),
        Deed::Conclude => {
            Act::Conclude(chosen(Verdict::ALL, Verdict::code, fields, "verdict", "结论")?, words)
        }
        Deed::Publish => Act::Publish(Publish { question: text("question"), answer: text("answer") }),
        Deed::File => Act::File(words),
        Deed::Report => Act::Report(words),
        Deed::Close => read_close(node, id, fields)?,
        Deed::Escalate => Act::Escalate(chosen(Target::ALL, Target::code, fields, "to", "报给谁")?, words),
        Deed::Reopen => Act::Reopen(words),
        Deed::Unpublish => Act::Unpublish,
        Deed::Settle => {
            let view = node.matter(id)?;
            let first = view.anomalies.iter().find(|anomaly| anomaly.kind == AnomalyKind::NotAllowed);
            let settled = || Refusal::because("已经没有要定的了，请刷新再看。");
            let event = first.ok_or_else(settled)?.op;
            Act::Settle(event, chosen(Settlement::ALL, Settlement::code, fields, "verdict", "怎么算")?, words)
        }
        Deed::Account | Deed::Note => Act::Note(words),
    })
}

fn read_close(node: &Node, id: MatterId, fields: &Fields) -> Result<Act, ActError> {
    let words = fields.get("words").to_owned();
    if node.matter(id)?.matter.sort() != Sort::Due {
        return Ok(Act::Close(Ending::Done, None, words));
    }
    let ending = chosen(Ending::ALL, Ending::code, fields, "ending", "结果")?;
    let case = if ending == Ending::Case { node.case_to_link(fields.get("case"))? } else { None };
    Ok(Act::Close(ending, case.map(|(_, id)| id), words))
}

fn chosen<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> u8,
    fields: &Fields,
    name: &str,
    label: &str,
) -> Result<T, Refusal> {
    let typed: Option<u8> = fields.get(name).parse().ok();
    let found = all.iter().copied().find(|one| Some(code(*one)) == typed);
    found.ok_or_else(|| Refusal::field(name, label, format!("还没选{label}，请选一项。")))
}
