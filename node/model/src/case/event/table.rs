//! The table of kinds: numbers, names, payloads.

use jiff::civil::Date;

use super::{Answer, Asker, CellKey, Finding, Manner, Settlement, Source, Special, Twice, TwinVerdict};
use crate::{
    history::define::events,
    item::{Limit, Way},
    record::OpId,
};

events! {
    /// The papers are taken and the case has its number.
    1 Received "收件" {
        /// Case number.
        number: String,
        /// Item code.
        item: String,
        /// Item version.
        version: u64,
        /// Scenario id.
        scenario: String,
        /// Ids of the materials taken.
        materials: Vec<String>,
        /// The legal date.
        on: Date,
    }
    /// 受理通知书: the body's clock runs.
    2 Accepted "受理" {
        /// By which way.
        way: Way,
        /// In whose name.
        principal: String,
        /// Number of the authority used.
        authority: Option<String>,
        /// 法定时限.
        legal: Option<Limit>,
        /// 承诺时限.
        promised: Option<Limit>,
        /// The legal date; not counted itself.
        on: Date,
        /// The due date as printed.
        due: Option<Date>,
        /// The printed date may move: no notice for that year yet.
        provisional: bool,
    }
    /// 收件凭证 and 代办委托书: the station acts for the resident.
    3 OnBehalf "代办收件" {
        /// Who decides.
        principal: String,
        /// The legal date.
        on: Date,
        /// Until when the papers go to the township.
        hand_over_due: Date,
        /// The item would have allowed acceptance, the authority did not.
        fell_back: bool,
    }
    /// 一次性告知书.
    4 NoticePrinted "一次性告知" {
        /// `m/<id>`, `r/<id>` or field names: everything that is missing.
        gaps: Vec<String>,
        /// The legal date.
        on: Date,
        /// Words of the clerk.
        words: Option<CellKey>,
    }
    /// 补正: the clock stops.
    5 SupplementAsked "要求补正" {
        /// As in a one-time notice: everything at once.
        gaps: Vec<String>,
        /// The legal date.
        on: Date,
        /// Until when.
        until: Option<Date>,
        /// Words of the clerk.
        words: Option<CellKey>,
    }
    /// The clock goes on.
    6 SupplementReceived "收到补正" {
        /// What came.
        gaps: Vec<String>,
        /// The legal date.
        on: Date,
    }
    /// 特别程序: the clock stops.
    7 SpecialStarted "进入特别程序" {
        /// Which.
        which: Special,
        /// The legal date.
        on: Date,
        /// Days it is expected to take.
        days: u64,
    }
    /// The clock goes on.
    8 SpecialEnded "特别程序结束" {
        /// The legal date.
        on: Date,
    }
    /// Somebody asks for more time.
    9 ExtensionAsked "申请延期" {
        /// Working days.
        days: u64,
        /// Why.
        reason: CellKey,
    }
    /// The head of the body agrees.
    10 ExtensionApproved "批准延期" {
        /// Days of the running limit's unit.
        days: u64,
        /// Who approved.
        approver: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 初审通过: the township agrees, the county decides.
    11 FirstReviewed "初审通过" {
        /// 意见.
        opinion: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 上报: the papers went to a body outside the mesh.
    12 ReportedUp "上报" {
        /// 花名册 or batch.
        list: CellKey,
        /// Who took them.
        receiver: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 已反馈: what the outside body answered. Whoever registers it stands in the stamp.
    13 FedBack "外部反馈" {
        /// What.
        answer: Answer,
        /// Number of its paper, or who told it.
        paper: CellKey,
        /// The date of its paper.
        on: Date,
        /// Words of the body.
        words: Option<CellKey>,
    }
    /// 审批通过 or 确认 by a body inside the mesh.
    14 Approved "审批通过" {
        /// Number of the result paper, if any.
        paper: Option<CellKey>,
        /// 意见.
        opinion: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 不予受理.
    15 NotAccepted "不予受理" {
        /// Why.
        reason: CellKey,
        /// Who would be competent, if that is the reason.
        competent: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 不予许可 or 不予确认.
    16 Refused "不予许可（确认）" {
        /// Why.
        reason: CellKey,
        /// By which rule.
        basis: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 退件: given back without a decision.
    17 Returned "退件" {
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 撤回 by the resident.
    18 Withdrawn "撤回" {
        /// Who asked.
        asker: Asker,
        /// Why, if told.
        reason: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 转交: the papers went from the village to the township.
    19 HandedOver "转交镇里" {
        /// Who took them.
        receiver: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 公示 posted.
    20 NoticePosted "开始公示" {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
        /// Where.
        place: CellKey,
    }
    /// 公示 taken down.
    21 NoticeEnded "公示结束" {
        /// How many objections came.
        objections: u64,
        /// Whether one of them was right.
        upheld: bool,
        /// What was found about them.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 入户核查 by two persons.
    22 Visited "入户核查" {
        /// The two who went.
        visitors: Vec<CellKey>,
        /// What they found.
        finding: Finding,
        /// In words.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 发放.
    23 Paid "发放" {
        /// Batch or list, if told.
        list: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 出件: the result lies ready at the station.
    24 ResultReady "出件" {
        /// What it is.
        paper: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 送达, with 送达回证.
    25 Delivered "送达" {
        /// Who took it.
        receiver: CellKey,
        /// How.
        manner: Manner,
        /// Signed the 送达回证.
        signed: bool,
        /// The legal date.
        on: Date,
    }
    /// 转录 into an outside system.
    26 Transcribed "转录" {
        /// Which system.
        system: CellKey,
        /// Its number, or nothing with a reason.
        number: Option<CellKey>,
        /// Why there is no number.
        reason: Option<CellKey>,
    }
    /// A person picked one of the values that stood against each other.
    27 ConflictPicked "定下不一致" {
        /// Fact or cell name.
        name: String,
        /// Whose value stands; none when all were wrong and another was written.
        chosen: Option<OpId>,
        /// The values that were seen.
        seen: Vec<OpId>,
        /// Those that do not stand, as they were.
        dropped: Vec<CellKey>,
        /// Why.
        reason: CellKey,
    }
    /// A person settled an anomaly.
    28 Settled "处置异常" {
        /// The event that was not allowed.
        event: OpId,
        /// What about it.
        verdict: Settlement,
        /// Why.
        reason: CellKey,
    }
    /// A note.
    29 Noted "说明" {
        /// Its words.
        words: CellKey,
    }
    /// 告知承诺书 signed instead of proof.
    30 PromiseSigned "签告知承诺" {
        /// Material ids.
        materials: Vec<String>,
        /// The legal date.
        on: Date,
    }
    /// 容缺受理承诺书 signed.
    31 DeferredSigned "签容缺承诺" {
        /// Material ids.
        materials: Vec<String>,
        /// Until when they come.
        until: Date,
        /// The legal date.
        on: Date,
    }
    /// A deferred material came.
    32 DeferredArrived "容缺材料补齐" {
        /// Material ids.
        materials: Vec<String>,
        /// The legal date.
        on: Date,
    }
    /// A rating belongs to this visit.
    33 RatingLinked "评价" {
        /// The rating's document.
        rating: [u8; 16],
    }
    /// 催问 an outside body.
    34 Inquired "催问" {
        /// Whom.
        body: CellKey,
        /// What they said.
        words: CellKey,
    }
    /// The head of the body does not agree to more time.
    35 ExtensionDeclined "不批准延期" {
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 视为受理 (行政许可法 §32): nobody told the gaps in time, so the papers count as accepted from the day they came. A
    /// person registers it; an `Accepted` of that day stands beside it in the same change.
    36 Deemed "视为受理" {
        /// The day the papers came.
        received: Date,
        /// The last day on which the gaps could have been told.
        last: Date,
        /// The legal date it was registered on.
        on: Date,
    }
    /// 转给属地村: the case belongs to the village where the resident lives, which goes on with it; the one that took the
    /// papers keeps seeing it.
    37 Routed "转给属地村" {
        /// The station of that village.
        to: u64,
        /// Words of the clerk.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 求助: a thread between village and centre is begun.
    38 HelpAsked "求助" {
        /// What is asked.
        words: CellKey,
        /// Names of the fields it is about.
        fields: Vec<String>,
        /// Names of photos it is about.
        photos: Vec<[u8; 32]>,
    }
    /// One more word in the thread.
    39 HelpSaid "回话" {
        /// What is said.
        words: CellKey,
        /// Names of the fields it is about.
        fields: Vec<String>,
        /// Names of photos it is about.
        photos: Vec<[u8; 32]>,
    }
    /// A photo of a material: the photo itself is a blob beside the document.
    40 PhotoAdded "加照片" {
        /// Material id.
        material: String,
        /// Name of the photo's blob.
        photo: [u8; 32],
        /// Name of its thumbnail's blob.
        thumb: Option<[u8; 32]>,
        /// Bytes of the image.
        bytes: u64,
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// The legal date.
        on: Date,
    }
    /// A draft's photo was taken away, and its blob destroyed.
    41 PhotoDropped "去掉照片" {
        /// Name of the photo's blob.
        photo: [u8; 32],
        /// The legal date.
        on: Date,
    }
    /// A photo of a case is wrong: it stays, and says so.
    42 PhotoMarked "标为有误" {
        /// Name of the photo's blob.
        photo: [u8; 32],
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// The centre says what it would write into a field. Nothing changes until the village takes it.
    43 HelpSuggested "建议填写" {
        /// The field's name.
        field: String,
        /// What to write there: its cell is the suggestion's identity too.
        value: CellKey,
        /// Why.
        words: Option<CellKey>,
    }
    /// A suggestion was taken: the field holds it from this change on.
    44 HelpTaken "采纳建议" {
        /// The suggestion's `value`.
        suggestion: CellKey,
        /// The field's name.
        field: String,
        /// What stood there before.
        before: Option<CellKey>,
    }
    /// 告知承诺 was looked into afterwards.
    45 PromiseChecked "核查承诺" {
        /// What was promised is so.
        kept: bool,
        /// What was found.
        words: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 待核验 materials were checked.
    46 ExemptVerified "登记核验" {
        /// Material ids.
        materials: Vec<String>,
        /// By which way.
        source: Source,
        /// What stands there agrees.
        holds: bool,
        /// What was found, where it does not.
        words: Option<CellKey>,
        /// The legal date.
        on: Date,
    }
    /// 撤销决定 after a false promise.
    47 Revoked "撤销决定" {
        /// Why.
        reason: CellKey,
        /// By which rule.
        basis: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 信用修复: the person may promise again.
    48 BarLifted "信用修复" {
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// Other cases of this person and item were known at intake, and the clerk said why this one is taken all the same.
    49 TwinAnswered "核对同类办件" {
        /// Their documents.
        others: Vec<[u8; 16]>,
        /// What the clerk said.
        answer: Twice,
        /// The legal date.
        on: Date,
    }
    /// A person looked at this case and another one of the same person and item.
    50 TwinSettled "处置疑似重复件" {
        /// The other one's document.
        other: [u8; 16],
        /// What the two are.
        verdict: TwinVerdict,
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// Taken together with other cases, as one package.
    51 Packaged "套餐联办" {
        /// The package's code.
        package: String,
        /// Its version.
        version: u64,
        /// The other cases' documents.
        sisters: Vec<[u8; 16]>,
        /// The legal date.
        on: Date,
    }
    /// Taken down at the applicant's home, on a tablet out of reach of the box, and brought back into this draft.
    65 BroughtBack "上门收件" {
        /// The trip.
        trip: [u8; 16],
        /// What the tablet called it: brought twice it is one.
        record: [u8; 16],
        /// The day it was taken down, by the tablet's clock.
        on: Date,
    }
    /// A suggestion was not taken.
    53 HelpDeclined "不采纳建议" {
        /// The suggestion's `value`.
        suggestion: CellKey,
        /// Why.
        words: Option<CellKey>,
    }
    /// The question is answered.
    54 HelpClosed "求助结束" {
        /// How many lines of the thread whoever closed it had seen: a later or a crossing one opens it again.
        seen: u64,
    }
    /// 归档: the case is filed, and changes only by addition from then on.
    57 Archived "归档" {
        /// Years it is kept; 0 for ever.
        years: u64,
        /// The last day of it; none for ever.
        until: Option<Date>,
        /// Sheets of paper.
        pages: u64,
        /// Digest of the record's events as they were then.
        digest: [u8; 32],
        /// 柜-盒-件.
        shelf: CellKey,
        /// The legal date.
        on: Date,
    }
    /// The file stands elsewhere.
    58 ShelfMoved "移动存放位置" {
        /// 柜-盒-件.
        shelf: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 鉴定续存: somebody looked at the file and keeps it for longer.
    59 RetentionProlonged "延长保管" {
        /// Years from now; 0 for ever.
        years: u64,
        /// The last day of it; none for ever.
        until: Option<Date>,
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// 封存: somebody asked to have it erased before its time; it is kept, out of use.
    60 Sealed "封存" {
        /// Who asked.
        asker: Asker,
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// Somebody at the centre looked into a sealed case.
    61 SealOpened "查阅封存件" {
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
    /// The case is in use again.
    62 Unsealed "解除封存" {
        /// Why.
        reason: CellKey,
        /// The legal date.
        on: Date,
    }
}
