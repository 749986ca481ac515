//! 公示单, 进度单.

use model::papers::{ProgressSheet, PublicNotice};

use super::{begin, who};
use crate::papers::{Paper, Row};

pub(super) fn notice(notice: &PublicNotice) -> Paper {
    let head = &notice.head;
    let lead = format!("下面的申请正在办理，按规定公示。有异议的，请在公示期内提出。事项：{}。", head.item);
    let mut paper = begin(head, "各位村（居）民", lead);
    paper.size = "a4";
    paper.fixed = true;
    paper.rows.push(Row::two(notice.who, &*notice.name, "证件号码", &*notice.id_number));
    let people = format!("{} 人", notice.people);
    paper.rows.push(Row::two("办理情形", &*head.scenario, "人数", people));
    paper.rows.push(Row::wide("由谁决定", &*notice.decided_by));
    paper.rows.push(Row::two("公示开始", &*notice.from, "公示到", &*notice.until));
    paper.rows.push(Row::wide("公示地点", &*notice.place));
    paper.rows.push(Row::wide("怎么提异议", format!("当面或打电话告诉{}，写明理由。", notice.object)));
    paper.text =
        vec!["为保护个人信息，姓名和证件号码按规定遮盖。公示期按自然日计算，公示期间不停止办理。".to_owned()];
    paper.copies = vec!["张贴联", "存档联"];
    paper.seal = "公章".to_owned();
    paper.foot = vec![(format!("经办人：{}", head.clerk), head.date.clone())];
    paper.keep = "公示期满取下存档";
    paper
}

pub(super) fn progress(sheet: &ProgressSheet) -> Paper {
    let head = &sheet.head;
    let lead = format!("“{}”现在{}。", head.item, sheet.stage);
    let mut paper = begin(head, &sheet.party.name, lead);
    paper.rows = who(&sheet.party);
    let step = |line: &model::papers::ProgressLine| (line.step.clone(), line.state.clone());
    paper.rows.push(Row::list("办到哪一步", sheet.lines.iter().map(step).collect()));
    let due = match (sheet.due.is_empty(), sheet.provisional) {
        (true, _) => "没有在计时的期限".to_owned(),
        (false, true) => format!("{}（节假日安排未出，暂定）", sheet.due),
        (false, false) => sheet.due.clone(),
    };
    paper.rows.push(Row::wide("期限", due));
    if !sheet.owed.is_empty() {
        let owed = sheet.owed.iter().map(|(name, until)| (name.clone(), format!("{until}前")));
        paper.rows.push(Row::list("还要您补的", owed.collect()));
    }
    if !sheet.collect.is_empty() {
        paper.rows.push(Row::wide("结果领取", &*sheet.collect));
    }
    paper.seal = String::new();
    paper.foot = vec![(format!("经办人：{}", head.clerk), format!("打印日期：{}", head.date))];
    paper.keep = "带回家，随时查进度";
    paper
}
