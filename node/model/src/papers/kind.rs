use crate::history::part::codes;

codes! {
    /// Which paper. The code stands in addresses of pages only, never in a document.
    Paper {
        /// 收件凭证.
        Receipt = 1 "收件凭证",
        /// 受理通知书.
        Acceptance = 2 "受理通知书",
        /// 一次性告知书.
        OneTimeNotice = 3 "一次性告知书",
        /// 补正材料通知书.
        Supplement = 4 "补正材料通知书",
        /// 不予受理通知书.
        NotAccepted = 5 "不予受理通知书",
        /// 不予许可（确认）决定书.
        Refused = 6 "不予办理的决定",
        /// 退件通知书.
        Returned = 7 "退件通知书",
        /// 延期告知书.
        Extension = 8 "延期告知书",
        /// 特别程序通知书.
        Special = 9 "特别程序通知书",
        /// 容缺受理承诺书.
        Deferral = 10 "容缺受理承诺书",
        /// 代办委托书.
        Mandate = 11 "代办委托书",
        /// 送达回证.
        Delivery = 12 "送达回证",
        /// 告知承诺书.
        Promise = 13 "告知承诺书",
        /// 申请表.
        Form = 14 "申请表",
        /// 公示单.
        Posted = 15 "公示单",
        /// 进度单.
        Progress = 16 "进度单",
        /// 撤销决定书.
        Revoked = 17 "撤销决定书",
    }
}
