//! 延期告知书, 特别程序通知书.

use model::papers::{ExtensionNotice, SpecialNotice};

use super::{begin, who};
use crate::papers::{Paper, Row};

pub(super) fn extension(notice: &ExtensionNotice) -> Paper {
    let head = &notice.head;
    let lead = format!("你申请的“{}”在原定期限内办不完，经批准延长办理期限，现告知如下。", head.item);
    let mut paper = begin(head, &notice.party.name, lead);
    paper.rows = who(&notice.party);
    paper.rows.push(Row::two("受理时间", &*notice.accepted_on, "原定时限", &*notice.limit));
    let was = if notice.was_due.is_empty() { "没有时限" } else { notice.was_due.as_str() };
    paper.rows.push(Row::two("原应办结日", was, "延长", &*notice.longer));
    let due = match (notice.due.is_empty(), notice.provisional) {
        (true, _) => "停止计时中，恢复后另行告知".to_owned(),
        (false, true) => format!("{}（节假日安排未出，暂定）", notice.due),
        (false, false) => notice.due.clone(),
    };
    paper.rows.push(Row::wide("现应办结日", due));
    paper.rows.push(Row::wide("延期理由", notice.reason.to_string()));
    paper.rows.push(Row::two("批准人", notice.approver.to_string(), "批准日期", &*head.date));
    paper.text = vec!["延期只有一次。对延期有疑问，可以问经办人，也可以拨打政务服务热线 12345。".to_owned()];
    paper.copies = vec!["申请人联", "存根联"];
    paper
}

pub(super) fn special(notice: &SpecialNotice) -> Paper {
    let head = &notice.head;
    let lead = format!("你申请的“{}”依法需要{}，现告知如下。", head.item, notice.which);
    let mut paper = begin(head, &notice.party.name, lead);
    paper.rows = who(&notice.party);
    paper.rows.push(Row::two("特别程序", notice.which, "开始日期", &*notice.from));
    paper.rows.push(Row::two("预计需要", format!("{} 日", notice.days), "办理时限", &*notice.limit));
    paper.rows.push(Row::wide("怎么计时", "特别程序所需时间不计算在办理时限内，结束以后接着计时。"));
    paper.text =
        vec!["依据：《中华人民共和国行政许可法》第四十五条及本事项的规定。结束后另行告知。".to_owned()];
    paper.copies = vec!["申请人联", "存根联"];
    paper
}
