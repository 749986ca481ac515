//! 申请表 as the official blank.

use model::case::Signed;
use model::papers::{ApplicationForm, FormLine, Signing};

use super::begin;
use crate::papers::{Paper, Row, spaced};

/// Rows for a household on a blank that nobody has filled in.
const MEMBER_ROWS: usize = 4;

pub(super) fn form(form: &ApplicationForm) -> Paper {
    let head = &form.head;
    let lead = format!("我申请办理“{}”。", head.item);
    let mut paper = begin(head, &head.issuer, lead);
    paper.size = "a4";
    paper.fixed = true;
    paper.title = spaced("申请表");
    paper.title_plain = format!("{}申请表", head.item);
    paper.copies = vec!["存档联"];
    paper.seal = String::new();
    if form.scenarios.len() > 1 {
        paper.rows.push(Row::wide("办理情形", boxes(&form.scenarios)));
    }
    paper.rows.extend(people(&form.people));
    paper.rows.extend(form.lines.iter().map(|line| Row::wide(&*line.label, value(line))));
    if form.household {
        paper.rows.extend(members(form));
    }
    paper.rows.push(Row::wide("签名方式", signing(form.signing.as_ref())));
    paper.text = vec![
        "（念给申请人听）我申请办理上面的事项。表里写的内容由工作人员念给我听过，和我说的一样；我交的材料是真的。\
         内容不实的，我愿意承担责任。"
            .to_owned(),
    ];
    paper.foot = vec![
        ("申请人签名（捺印）：".to_owned(), "代签人签名：".to_owned()),
        ("日期：　　　　年　　月　　日".to_owned(), "见证人签名：".to_owned()),
        (format!("经办人：{}", head.clerk), head.date.clone()),
    ];
    paper.keep = "存入办件档案";
    paper
}

/// ☑ before what is chosen, □ before what is not.
fn boxes(options: &[(String, bool)]) -> String {
    let one = |(text, on): &(String, bool)| format!("{} {text}", if *on { "☑" } else { "□" });
    options.iter().map(one).collect::<Vec<_>>().join("　")
}

fn value(line: &FormLine) -> String {
    let text = line.value.to_string();
    if !line.options.is_empty() {
        let marked = line.options.iter().map(|option| (option.clone(), *option == text));
        return boxes(&marked.collect::<Vec<_>>());
    }
    match (text.is_empty(), line.blank.trim_start_matches('　')) {
        (true, _) => line.blank.to_owned(),
        (false, "元") => format!("{text} 元"),
        (false, _) => text,
    }
}

/// Short boxes stand two in a row; an address has the row to itself.
fn people(lines: &[FormLine]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let text = value(line);
        let alone = line.label == "住址";
        match rows.last_mut() {
            Some(last) if !alone && last.pair.is_none() && last.name != "住址" => {
                last.pair = Some((line.label.clone(), text));
            }
            _ => rows.push(Row::wide(&*line.label, text)),
        }
    }
    rows
}

fn members(form: &ApplicationForm) -> Vec<Row> {
    let head = ["姓名", "证件号码", "与申请人关系"].map(str::to_owned).to_vec();
    let mut rows = vec![Row::heading("家庭成员", head)];
    for (place, member) in form.members.iter().enumerate() {
        let cells = member.iter().map(ToString::to_string).collect();
        rows.push(Row::cells((place + 1).to_string(), cells));
    }
    let blank = if form.members.is_empty() { MEMBER_ROWS } else { 0 };
    rows.extend((1..=blank).map(|n| Row::cells(n.to_string(), vec![String::new(); 3])));
    rows
}

fn signing(signing: Option<&Signing>) -> String {
    let Some(signing) = signing else {
        return "□ 本人签名　□ 本人捺印　□ 代签\n代签原因：".to_owned();
    };
    let how = boxes(&Signed::ALL.map(|one| (one.label().to_owned(), one == signing.how)));
    if signing.how == Signed::Proxy {
        format!(
            "{how}\n代签人：{}　见证人：{}\n代签原因：{}",
            signing.signer, signing.witness, signing.reason
        )
    } else {
        how
    }
}
