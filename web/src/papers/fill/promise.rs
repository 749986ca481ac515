//! 容缺受理承诺书, 告知承诺书: the applicant's own words, signed at the counter.

use model::papers::{DeferralPromise, Head, ProofPromise};

use super::{begin, who};
use crate::papers::{Paper, Row};

fn signed(mut paper: Paper, head: &Head) -> Paper {
    paper.copies = vec!["承诺人联", "存档联"];
    paper.seal = String::new();
    paper.foot = vec![
        (format!("经办人：{}", head.clerk), "承诺人签名（捺印）：".to_owned()),
        (head.date.clone(), "日期：　　　年　　月　　日".to_owned()),
    ];
    paper.keep = "请妥善保管";
    paper
}

pub(super) fn deferral(promise: &DeferralPromise) -> Paper {
    let head = &promise.head;
    let lead = format!("我申请办理“{}”，主要材料已经交齐，还差下面的材料，请先受理。我承诺：", head.item);
    let mut paper = begin(head, &head.issuer, lead);
    paper.rows = who(&promise.party);
    let form = |(name, form): &(String, String)| (name.clone(), form.clone());
    paper.rows.push(Row::list("后补材料", promise.lines.iter().map(form).collect()));
    paper.rows.push(Row::two("补齐期限", format!("{}前", promise.until), "交到哪里", &*head.station));
    paper.rows.push(Row::wide(
        "不补的后果",
        "到期没有补齐的，同意退办，已经办的不算数，由此造成的损失自己承担。材料补齐以前，不领取办理结果。",
    ));
    paper.text = vec![
        "一、后补的材料真实、有效，和已经说的情况一致。".to_owned(),
        "二、办理期限从受理之日起算。以上内容工作人员念给我听过，我都明白。".to_owned(),
    ];
    signed(paper, head)
}

pub(super) fn proof(promise: &ProofPromise) -> Paper {
    let head = &promise.head;
    let lead = format!("我申请办理“{}”，选择用承诺代替下面的证明。我承诺：", head.item);
    let mut paper = begin(head, &head.issuer, lead);
    paper.rows = who(&promise.party);
    paper.rows.push(Row::list("代替的证明", promise.lines.clone()));
    if !promise.basis.is_empty() {
        paper.rows.push(Row::wide("依据", &*promise.basis));
    }
    paper.rows.push(Row::wide(
        "告知内容",
        "可以承诺，也可以不承诺；不承诺的，交证明材料照样办。承诺以后不再要这些证明，事后会核查。",
    ));
    paper.rows.push(Row::wide(
        "承诺内容",
        "我已经知道要证明的内容和条件；我符合条件，所说的情况真实，愿意配合核查。",
    ));
    paper.rows.push(Row::wide(
        "不实的责任",
        "承诺不实的，撤销已经作出的决定，追回已得的利益，记入失信记录；修复以前不再适用告知承诺和容缺受理。",
    ));
    paper.text = vec!["以上内容工作人员念给我听过，是我自己的意思。".to_owned()];
    signed(paper, head)
}
