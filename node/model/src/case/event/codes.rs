//! The small closed sets inside payloads: one byte each.

use canon::{Malformed, Reader, Writer};

use crate::{
    history::part::{Part, codes},
    item::{Limit, Unit, Way},
};

codes! {
    /// 特别程序 (行政许可法 §45).
    Special {
        /// 听证.
        Hearing = 1 "听证",
        /// 检验.
        Test = 2 "检验",
        /// 检测.
        Measure = 3 "检测",
        /// 检疫.
        Quarantine = 4 "检疫",
        /// 鉴定.
        Appraisal = 5 "鉴定",
        /// 专家评审.
        Experts = 6 "专家评审",
    }
}

codes! {
    /// What an outside body answered.
    Answer {
        /// 同意.
        Agreed = 1 "同意",
        /// 不同意.
        Declined = 2 "不同意",
        /// 退回.
        SentBack = 3 "退回",
    }
}

codes! {
    /// How a result reached the resident.
    Manner {
        /// 窗口领取.
        Counter = 1 "窗口领取",
        /// 上门送达.
        AtHome = 2 "上门送达",
        /// 邮寄.
        Post = 3 "邮寄送达",
        /// 留置.
        LeftBehind = 4 "留置送达",
    }
}

codes! {
    /// Who asks.
    Asker {
        /// 申请人.
        Applicant = 1 "申请人",
        /// 代办人.
        Agent = 2 "代办人",
    }
}

codes! {
    /// What a home visit found.
    Finding {
        /// 属实.
        True = 1 "情况属实",
        /// 不符.
        False = 2 "情况不符",
        /// 未见到人.
        Nobody = 3 "未见到人",
    }
}

codes! {
    /// Where a 待核验 material was looked up.
    Source {
        /// 共享核验.
        Shared = 1 "共享核验",
        /// 电子证照.
        Licence = 2 "电子证照",
    }
}

codes! {
    /// Why a case is taken although another one of the same person and item is known.
    Twice {
        /// It is about something else.
        Apart = 1 "确认不是重复",
        /// The same is done once more.
        Again = 2 "另一次办理",
    }
}

codes! {
    /// What two cases of one person and item are.
    TwinVerdict {
        /// One request that was written down twice.
        Same = 1 "同一件",
        /// Two requests.
        Apart = 2 "不是重复",
    }
}

fn way_code(way: Way) -> u8 {
    match way {
        Way::AcceptedOnReceipt => 1,
        Way::Entrusted => 2,
        Way::Authorised => 3,
        Way::OnBehalf => 4,
    }
}

impl Part for Way {
    fn put(&self, out: &mut Writer) {
        out.u8(way_code(*self));
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let code = from.u8()?;
        Self::ALL.into_iter().find(|way| way_code(*way) == code).ok_or_else(|| from.malformed("way"))
    }
}

/// Days u64, unit u8 (1 working, 2 calendar).
impl Part for Limit {
    fn put(&self, out: &mut Writer) {
        let unit = match self.unit {
            Unit::Working => 1,
            Unit::Calendar => 2,
        };
        out.u64(u64::from(self.days)).u8(unit);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let days = u16::try_from(from.u64()?).map_err(|_| from.malformed("limit days"))?;
        let unit = match from.u8()? {
            1 => Unit::Working,
            2 => Unit::Calendar,
            _ => return Err(from.malformed("limit unit")),
        };
        Ok(Self { days, unit })
    }
}
