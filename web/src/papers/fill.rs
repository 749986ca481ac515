//! From what the model says a paper holds to how it lies on the sheet.

mod clock;
mod form;
mod posted;
mod promise;
mod sheet;

use model::item::ApplicantKind;
use model::papers::{
    AcceptanceNotice, DecisionPaper, DeliveryProof, Desk, GapNotice, Head, IntakeReceipt, Mandate,
    MaterialLine, Paper as Kind, Party, ReturnNotice,
};
use model::{Date, Refusal};

use super::{Ask, Paper, Row, qr, spaced};
pub use sheet::{Sheet, sheet};

/// Where a resident asks for progress, as papers print it.
pub struct Progress {
    /// `http://127.0.0.2:8101`.
    pub home: String,
    /// Who prints, for papers that no act of somebody made.
    pub clerk: String,
}

/// The paper of a kind; refused in Chinese when the case has not come so far.
///
/// # Errors
/// As the paper's own function of [`Desk`].
pub fn fill(desk: &Desk<'_>, kind: Kind, today: Date, progress: &Progress) -> Result<Paper, Refusal> {
    let (head, mut paper) = laid_out(desk, kind, today, &progress.clerk)?;
    // what hangs on the board must not lead anybody to the case
    if !head.number.is_empty() && kind != Kind::Posted {
        paper.ask = Some(ask(&head, progress));
    }
    Ok(paper)
}

fn laid_out(desk: &Desk<'_>, kind: Kind, today: Date, clerk: &str) -> Result<(Head, Paper), Refusal> {
    /// The paper of what the model says, and its head.
    macro_rules! of {
        ($said:expr, $lay:expr) => {{
            let said = $said;
            (said.head.clone(), $lay(&said))
        }};
    }
    Ok(match kind {
        Kind::Acceptance => of!(desk.acceptance_notice()?, acceptance),
        Kind::Receipt => of!(desk.intake_receipt()?, receipt),
        Kind::Mandate => of!(desk.mandate()?, mandate),
        Kind::Form => of!(desk.application_form(today), form::form),
        Kind::OneTimeNotice => of!(desk.one_time_notice()?, |notice| gaps(notice, "要补的内容")),
        Kind::Supplement => of!(desk.supplement_notice()?, |notice| gaps(notice, "补正内容")),
        Kind::NotAccepted => of!(desk.not_accepted_notice()?, decision),
        Kind::Refused => of!(desk.refusal_decision()?, decision),
        Kind::Revoked => of!(desk.revocation()?, decision),
        Kind::Returned => of!(desk.return_notice()?, returned),
        Kind::Delivery => of!(desk.delivery_proof(today)?, delivery),
        Kind::Extension => of!(desk.extension_notice()?, clock::extension),
        Kind::Special => of!(desk.special_notice()?, clock::special),
        Kind::Deferral => of!(desk.deferral_promise(today)?, promise::deferral),
        Kind::Promise => of!(desk.proof_promise(today)?, promise::proof),
        Kind::Posted => of!(desk.public_notice()?, posted::notice),
        Kind::Progress => of!(desk.progress_sheet(today, clerk)?, posted::progress),
    })
}

fn begin(head: &Head, to: &str, lead: String) -> Paper {
    let sample = if head.sample { "（示例）" } else { "" };
    let number = if head.number.is_empty() { "受理时生成" } else { head.number.as_str() };
    Paper {
        size: "a5",
        title: spaced(head.title),
        title_plain: head.title.to_owned(),
        organ: head.issuer.clone(),
        copies: vec!["申请人联"],
        number: format!("{number}{sample}"),
        to: to.to_owned(),
        lead,
        seal: "专用章".to_owned(),
        foot: vec![
            (format!("经办人：{}", head.clerk), "申请人或代办人签收：".to_owned()),
            (head.date.clone(), "签收日期：　　　年　　月　　日".to_owned()),
        ],
        place: place(head),
        keep: "请妥善保管，领取结果时出示",
        ..Paper::default()
    }
}

/// The station, where it stands, its phone; what is not known is left out.
fn place(head: &Head) -> String {
    let phone = if head.phone.is_empty() { String::new() } else { format!("电话 {}", head.phone) };
    let parts = [head.station.as_str(), &head.address, &phone];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　")
}

fn who(party: &Party) -> Vec<Row> {
    if party.kind == ApplicantKind::Unit { unit(party) } else { person(party) }
}

/// A unit and who speaks for it.
fn unit(party: &Party) -> Vec<Row> {
    let code = party.id_number.to_string();
    let mut rows = vec![
        Row::two("申请单位", party.name.to_string(), "统一社会信用代码", code),
        Row::two("联系人", party.contact.to_string(), "联系电话", party.phone.to_string()),
    ];
    if !party.agent.is_blank() {
        rows.push(Row::two("代办人", agent(party), "代办人电话", party.agent_phone.to_string()));
    }
    rows
}

fn agent(party: &Party) -> String {
    if party.agent.is_blank() {
        "无".to_owned()
    } else {
        format!("{}（{}）", party.agent, party.agent_relation)
    }
}

fn person(party: &Party) -> Vec<Row> {
    let people = if party.people > 1 { format!("（全家 {} 人）", party.people) } else { String::new() };
    let name = format!("{}　{}{people}", party.name, party.sex);
    let mut rows = vec![Row::two("申请人", name, "证件号码", party.id_number.to_string())];
    let phone = if party.phone.is_blank() { &party.agent_phone } else { &party.phone };
    rows.push(Row::two("代办人", agent(party), "联系电话", phone.to_string()));
    rows
}

fn listed(name: &str, materials: &[MaterialLine]) -> Row {
    let lines = materials.iter().map(|line| (line.name.clone(), line.how.clone())).collect();
    Row::list(name, lines)
}

/// Number, code, three ways. The code in the picture is only the address and the number: whoever finds the paper's
/// picture learns nothing about a person.
fn ask(head: &Head, progress: &Progress) -> Ask {
    let url = format!("{}/cx/{}", progress.home, head.number);
    let mut lines = vec![
        "窗口、触摸屏：报编号和查询码".to_owned(),
        "手机：连站内无线网，扫左边的二维码，或打开".to_owned(),
        format!("{}/cx", progress.home),
    ];
    if !head.phone.is_empty() {
        lines.push(format!("电话：{}（{}）", head.phone, head.hours));
    }
    Ask { qr: qr::draw(&url), lines, code: spaced(&head.query_code) }
}

fn acceptance(notice: &AcceptanceNotice) -> Paper {
    let head = &notice.head;
    let lead = format!("你申请的“{}”，符合受理条件，现予受理。", head.item);
    let mut paper = begin(head, &notice.party.name, lead);
    paper.rows = who(&notice.party);
    paper.rows.push(Row::two("办理情形", head.scenario.as_str(), "办理方式", notice.way));
    paper.rows.push(Row::wide("受理机关", notice.body.as_str()));
    paper.rows.push(listed("收到材料", &notice.materials));
    paper.rows.push(Row::two(
        "收到时间",
        notice.received_at.as_str(),
        "受理时间",
        notice.accepted_on.as_str(),
    ));
    paper.rows.push(Row::two("法定时限", notice.legal.as_str(), "承诺时限", notice.promised.as_str()));
    let due = match (notice.due.is_empty(), notice.provisional) {
        (true, _) => "没有时限".to_owned(),
        (false, true) => format!("{}（节假日安排未出，暂定）", notice.due),
        (false, false) => notice.due.clone(),
    };
    paper.rows.push(Row::two("应办结日", due, "收费", notice.fee.as_str()).strong());
    if !notice.notice.is_empty() {
        paper.rows.push(Row::wide("公示", notice.notice.as_str()));
    }
    if !notice.deferred.is_empty() {
        let late =
            notice.deferred.iter().map(|(name, until)| (name.clone(), format!("{until}前补齐"))).collect();
        paper.rows.push(Row::list("容缺后补", late));
    }
    paper.rows.push(Row::wide("结果领取", notice.collect.as_str()));
    paper.seal = "受理专用章".to_owned();
    paper
}

fn receipt(receipt: &IntakeReceipt) -> Paper {
    let head = &receipt.head;
    let lead = format!("你交来的“{}”材料已经收下，本站替你办理。这不是受理通知书。", head.item);
    let mut paper = begin(head, &receipt.party.name, lead);
    paper.rows = who(&receipt.party);
    paper.rows.push(Row::two("办理情形", head.scenario.as_str(), "由谁办理", receipt.principal.as_str()));
    paper.rows.push(listed("收到材料", &receipt.materials));
    paper.rows.push(Row::two("收到时间", receipt.received_at.as_str(), "收费", receipt.fee.as_str()));
    paper.rows.push(Row::wide(receipt.carry_name, receipt.carry.as_str()));
    paper.rows.push(Row::wide("办理时限", receipt.afterwards.as_str()));
    paper.rows.push(Row::wide("结果领取", receipt.collect.as_str()));
    paper.seal = "收件专用章".to_owned();
    paper
}

fn mandate(mandate: &Mandate) -> Paper {
    let head = &mandate.head;
    let lead = format!("我委托你站代办“{}”，办理单位：{}。", head.item, mandate.principal);
    let mut paper = begin(head, &head.station, lead);
    paper.rows = who(&mandate.party);
    let acts = mandate.acts.iter().map(|act| ((*act).to_owned(), String::new())).collect();
    paper.rows.push(Row::list("委托事项", acts));
    paper.text = vec!["委托人保证所交材料真实。代办不收费。委托人可以随时收回委托。".to_owned()];
    paper.copies = vec!["委托人联", "存根联"];
    paper.seal = String::new();
    paper.foot = vec![
        (format!("经办人：{}", head.clerk), "委托人签名（捺印）：".to_owned()),
        (head.date.clone(), "日期：　　　年　　月　　日".to_owned()),
    ];
    paper
}

fn gaps(notice: &GapNotice, name: &str) -> Paper {
    let head = &notice.head;
    let until =
        if notice.until.is_empty() { "补齐以后".to_owned() } else { format!("{}前", notice.until) };
    let lead = format!("你申请的“{}”还要补下面的内容，请{until}一次带齐，交到{}。", head.item, notice.place);
    let mut paper = begin(head, &notice.party.name, lead);
    paper.rows = who(&notice.party);
    let line = |gap: &model::papers::GapLine| (format!("{}：{}", gap.name, gap.passes), gap.cure.clone());
    paper.rows.push(Row::list(name, notice.lines.iter().map(line).collect()));
    if !notice.words.is_blank() {
        paper.rows.push(Row::wide("说明", notice.words.to_string()));
    }
    paper.text = vec!["以上已经一次全部告知。上面没有写的，办理时不再另外要求。".to_owned()];
    paper.copies = vec!["申请人联", "存根联"];
    paper.keep = "补材料时请带这张纸";
    paper
}

/// One 一次性告知书 of everything that several items of one visit lack, by item; what several lack is told once.
#[must_use]
pub(crate) fn joint_notice(name: &str, notices: &[(String, GapNotice)]) -> Option<Paper> {
    let (_, first) = notices.first()?;
    let mut paper = gaps(first, "");
    paper.lead = format!("你要一起办的“{name}”还要补下面的内容，请补齐以后一次带齐，交到{}。", first.place);
    paper.rows.pop();
    let mut told: Vec<(String, String)> = Vec::new();
    for (item, notice) in notices {
        let line = |gap: &model::papers::GapLine| (format!("{}：{}", gap.name, gap.passes), gap.cure.clone());
        let fresh: Vec<_> = notice.lines.iter().map(line).filter(|line| !told.contains(line)).collect();
        told.extend(fresh.iter().cloned());
        let row = if fresh.is_empty() {
            Row::wide(item.as_str(), "缺的和上面的一样，补一次就行")
        } else {
            Row::list(item.as_str(), fresh)
        };
        paper.rows.push(row);
    }
    Some(paper)
}

fn decision(decision: &DecisionPaper) -> Paper {
    let head = &decision.head;
    let word = if head.title.ends_with("决定书") { "决定" } else { "答复" };
    let examined = if head.title.starts_with("撤销") { "经核查" } else { "经审查" };
    let lead = format!("你申请的“{}”，{examined}，{word}如下。", head.item);
    let mut paper = begin(head, &decision.party.name, lead);
    paper.rows = who(&decision.party);
    paper.rows.push(Row::wide(word, head.title.trim_end_matches("通知书").trim_end_matches("决定书")));
    paper.rows.push(Row::wide("理由", decision.reason.to_string()));
    if !decision.basis.is_empty() {
        paper.rows.push(Row::wide("依据", decision.basis.to_string()));
    }
    if !decision.competent.is_empty() {
        paper.rows.push(Row::wide("应当找", decision.competent.to_string()));
    }
    paper.text = vec![decision.rights.clone()];
    paper.copies = vec!["申请人联", "存根联"];
    paper
}

fn returned(back: &ReturnNotice) -> Paper {
    let head = &back.head;
    let lead = format!("你申请的“{}”，{}退回，现把材料退还给你。", head.item, back.by);
    let mut paper = begin(head, &back.party.name, lead);
    paper.rows = who(&back.party);
    if back.paper.is_blank() {
        paper.rows.push(Row::two("谁退的", back.by.as_str(), "退件日期", head.date.as_str()));
    } else {
        paper.rows.push(Row::wide("谁退的", back.by.as_str()));
        paper.rows.push(Row::two("退件日期", head.date.as_str(), "对方文号", back.paper.to_string()));
    }
    paper.rows.push(Row::wide("退件理由", back.reason.to_string()));
    paper.rows.push(if back.materials.is_empty() {
        Row::wide("退回材料", "原件当时已经还给你，没有留存材料。")
    } else {
        listed("退回材料", &back.materials)
    });
    paper.rows.push(Row::wide("以后怎么办", back.again.as_str()));
    paper.text = vec![back.complain.clone()];
    paper.copies = vec!["申请人联", "存根联"];
    paper.keep = "重新申请时请带这张纸";
    paper
}

fn delivery(proof: &DeliveryProof) -> Paper {
    let head = &proof.head;
    let lead = format!("“{}”的办理结果已经送达。", head.item);
    let mut paper = begin(head, &proof.party.name, lead);
    paper.rows = who(&proof.party);
    paper.rows.push(Row::two("送达文书", proof.paper.to_string(), "送达方式", proof.manner));
    let taken = if proof.receiver.is_blank() { String::new() } else { proof.receiver.to_string() };
    paper.rows.push(Row::two("领取人", taken, "送达日期", proof.delivered_on.as_str()));
    let limit = format!("作出决定之日起 {} 个工作日内", proof.limit_working_days);
    paper.rows.push(Row::wide("送达期限", limit));
    paper.copies = vec!["存档联"];
    paper.keep = "存入办件档案";
    paper.foot = vec![
        (format!("送达人：{}", head.clerk), "领取人签名（捺印）：".to_owned()),
        (head.date.clone(), "签收日期：　　　年　　月　　日".to_owned()),
    ];
    paper
}
