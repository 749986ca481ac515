//! The small closed sets inside payloads: one byte each.

use crate::history::part::codes;

codes! {
    /// To whom a matter goes.
    Target {
        /// A post of this station.
        Post = 1 "本站岗位",
        /// A person.
        Person = 2 "指定的人",
        /// A village station.
        Station = 3 "村站",
        /// The township centre.
        Centre = 4 "镇中心",
        /// A window of another region.
        Outside = 5 "外地窗口",
        /// The leader in charge.
        Leader = 6 "分管领导",
    }
}

codes! {
    /// How a resident was told.
    Channel {
        /// Face to face.
        Counter = 1 "当面",
        /// By phone.
        Phone = 2 "电话",
        /// At home.
        Home = 3 "上门",
        /// By message.
        Message = 4 "短信或微信",
        /// In writing.
        Paper = 5 "书面",
    }
}

codes! {
    /// What the resident said when asked again.
    Satisfied {
        /// Yes.
        Yes = 1 "满意",
        /// More or less.
        Fairly = 2 "基本满意",
        /// No.
        No = 3 "不满意",
    }
}

codes! {
    /// What a supervisor found.
    Verdict {
        /// Somebody answers for it.
        Upheld = 1 "属实，有责任",
        /// It happened, nobody answers for it.
        Excused = 2 "属实，无责任",
        /// It is not so.
        Unfounded = 3 "不属实",
    }
}

codes! {
    /// How a matter ended.
    Ending {
        /// Done.
        Done = 1 "办结",
        /// It became a case.
        Case = 2 "已办件",
        /// The person was told.
        Told = 3 "已告知",
        /// The person is not entitled.
        NotEntitled = 4 "不符合",
        /// The person has died.
        Died = 5 "死亡",
        /// The person lives elsewhere.
        Away = 6 "外出",
    }
}

codes! {
    /// What a link leads to.
    LinkedTo {
        /// A case.
        Case = 1 "办件",
        /// Another matter.
        Matter = 2 "登记事项",
    }
}
