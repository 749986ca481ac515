//! The table of kinds: numbers, names, payloads.

use jiff::civil::Date;

use super::{Channel, Ending, LinkedTo, Satisfied, Target, Verdict};
use crate::{
    history::{CellKey, Settlement, define::events},
    matter::Sort,
    record::OpId,
};

events! {
    /// The matter is written down.
    1 Opened "登记" {
        /// What sort.
        sort: Sort,
        /// Of the sort's closed list; empty when that comes later.
        topic: String,
        /// Item code; empty when it is about none.
        item: String,
        /// Staff id of the person answerable; empty for nobody yet.
        staff: String,
        /// Their name.
        staff_name: String,
        /// Their station.
        staff_station: u64,
        /// Until when it is to be handled, by the limit in force that day.
        due: Option<Date>,
        /// What it is about.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// A word more.
    2 Noted "说明" {
        /// The words.
        words: CellKey,
    }
    /// 分类.
    3 Sorted "分类" {
        /// Of the sort's closed list.
        topic: String,
        /// The resident had been sent elsewhere.
        elsewhere: bool,
        /// The legal date.
        on: Date,
    }
    /// 转办.
    4 Assigned "转办" {
        /// To whom.
        to: Target,
        /// Who exactly.
        whom: Option<CellKey>,
        /// Tracking number there.
        tracking: Option<CellKey>,
        /// Until when an answer is expected.
        until: Option<Date>,
        /// The legal date.
        on: Date,
    }
    /// 处理结束.
    5 Handled "处理结束" {
        /// How.
        words: CellKey,
        /// Until when the resident is to be told.
        answer_due: Option<Date>,
        /// The legal date.
        on: Date,
    }
    /// 反馈 to the resident.
    6 Answered "反馈" {
        /// How.
        how: Channel,
        /// What was said.
        words: CellKey,
        /// The resident was sent elsewhere.
        elsewhere: bool,
        /// The legal date.
        on: Date,
    }
    /// 回访.
    7 Revisited "回访" {
        /// What the resident said.
        satisfied: Satisfied,
        /// In their words.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// The person answerable explains.
    8 Explained "说明原因" {
        /// How it came.
        words: CellKey,
        /// The legal date.
        on: Date,
    }
    /// A supervisor concludes.
    9 Concluded "认定" {
        /// What.
        verdict: Verdict,
        /// Why, and what follows.
        words: CellKey,
        /// The legal date.
        on: Date,
    }
    /// Somebody above is told.
    10 Escalated "上报督办" {
        /// Who.
        to: Target,
        /// Why.
        words: CellKey,
        /// The legal date.
        on: Date,
    }
    /// The end.
    11 Closed "办结" {
        /// How.
        ending: Ending,
        /// A word on it.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// It begins again.
    12 Reopened "重新办理" {
        /// Why.
        words: CellKey,
        /// The new limit.
        due: Option<Date>,
        /// The legal date.
        on: Date,
    }
    /// It belongs together with another record.
    13 Linked "关联" {
        /// With what.
        to: LinkedTo,
        /// Document.
        id: [u8; 16],
    }
    /// Question and answer stand on the item's guide, without a person's words.
    14 Published "放到办事指南" {
        /// As everybody reads it.
        question: CellKey,
        /// As everybody reads it.
        answer: CellKey,
        /// The legal date.
        on: Date,
    }
    /// No longer.
    15 Unpublished "从办事指南撤下" {
        /// The legal date.
        on: Date,
    }
    /// A clerk has read a norm and signs.
    16 Signed "已读签名" {
        /// Which norm.
        norm: String,
        /// Which version.
        version: u64,
        /// The legal date.
        on: Date,
    }
    /// Somebody rules on an act that the state did not allow.
    17 Settled "处置异常" {
        /// Which.
        event: OpId,
        /// Whether it counts.
        verdict: Settlement,
        /// Why.
        reason: CellKey,
    }
    /// 帮办代办: filed.
    18 Filed "归档" {
        /// Where.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 帮办代办: told upwards.
    19 Reported "上报" {
        /// To whom.
        words: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 日常巡查: what was seen, as a photo beside the document (docs/formats/blob.md).
    20 Pictured "加照片" {
        /// The photo's blob.
        photo: [u8; 32],
        /// A small one of it.
        thumb: Option<[u8; 32]>,
        /// Bytes of the photo.
        bytes: u64,
        /// The legal date.
        on: Date,
    }
}
