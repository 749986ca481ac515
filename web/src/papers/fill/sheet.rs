//! 综窗受理交接单, 办结证件交接单: one list for many cases.

use model::Date;
use model::authority::chinese_date;
use model::papers::SheetLine;
use model::station::Profile;

use crate::papers::{Paper, Row, spaced};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// 综窗受理交接单: papers go on to who works on them.
    Papers,
    /// 办结证件交接单: results go back to the window.
    Results,
}

impl Sheet {
    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Papers => "综窗受理交接单",
            Self::Results => "办结证件交接单",
        }
    }
}

/// The list, from `from` to `to`.
#[must_use]
pub fn sheet(which: Sheet, lines: &[SheetLine], from: &Profile, to: &str, clerk: &str, today: Date) -> Paper {
    let (what, last) = match which {
        Sheet::Papers => ("收到的申请材料", "材料"),
        Sheet::Results => ("办好的证件和文书", "证件或文书"),
    };
    let head = ["办件编号", "事项", "申请人", last].map(str::to_owned).to_vec();
    let row = |(place, line): (usize, &SheetLine)| {
        let last = match (which, line.copies) {
            (Sheet::Results, _) => line.result.to_string(),
            (Sheet::Papers, (0, _)) => "没有留存".to_owned(),
            (Sheet::Papers, (kinds, copies)) => format!("{kinds} 样 {copies} 份"),
        };
        let cells = vec![line.number.clone(), line.item.clone(), line.applicant.to_string(), last];
        Row::cells((place + 1).to_string(), cells)
    };
    Paper {
        size: "a4",
        fixed: true,
        title: spaced(which.title()),
        title_plain: which.title().to_owned(),
        organ: from.name.clone(),
        copies: vec!["移交联", "接收联"],
        counts: true,
        number: format!("共 {} 件", lines.len()),
        to: to.to_owned(),
        lead: format!("下列{what}当面点清，现予移交。"),
        rows: std::iter::once(Row::heading("序号", head)).chain(lines.iter().enumerate().map(row)).collect(),
        text: vec!["接收人逐件核对编号和份数，不符的当场注明。".to_owned()],
        foot: vec![
            (format!("移交人：{clerk}"), "接收人签名：".to_owned()),
            (chinese_date(today), "接收时间：　　　年　　月　　日　　时".to_owned()),
        ],
        place: from.name.clone(),
        keep: "双方各留一联",
        ..Paper::default()
    }
}
