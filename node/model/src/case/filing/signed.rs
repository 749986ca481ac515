//! How the 申请表 and the promises were signed: written down at the counter, needed before acceptance.

use super::{Checked, Filing};
use crate::{
    case::facts,
    item::Version,
    person::{name_fault, visible},
};

/// How an applicant signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signed {
    /// 本人签名: `self`.
    Own,
    /// 捺印: `print`.
    Print,
    /// 代签, before a witness: `proxy`.
    Proxy,
}

impl Signed {
    /// All, as a page offers them.
    pub const ALL: [Self; 3] = [Self::Own, Self::Print, Self::Proxy];

    /// As it stands in the fact `signed`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Own => "self",
            Self::Print => "print",
            Self::Proxy => "proxy",
        }
    }

    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Own => "本人签名",
            Self::Print => "本人捺印",
            Self::Proxy => "代签",
        }
    }
}

impl Filing {
    /// How the form was signed.
    #[must_use]
    pub fn signed(&self) -> Option<Signed> {
        let code = self.fact(facts::SIGNED)?;
        Signed::ALL.into_iter().find(|signed| signed.code() == code)
    }

    /// What still has to be signed; nothing of it is a gap of the resident's papers.
    pub(super) fn check_signed(&self, version: &Version, checked: &mut Checked) {
        if version.form_for(self.scenario()).next().is_some() {
            self.check_form_signed(checked);
        }
        let promises = [
            (!checked.deferred.is_empty(), facts::DEFERRED_SIGNED, "容缺受理承诺书"),
            (!checked.promised.is_empty(), facts::PROMISE_SIGNED, "告知承诺书"),
        ];
        for (wanted, name, label) in promises {
            if wanted && !self.flag(name) {
                let words = format!("还没在{label}上签名，请打印出来，念一遍，签好再勾。");
                checked.unsigned.add(name, label, words);
            }
        }
    }

    fn check_form_signed(&self, checked: &mut Checked) {
        let unsigned = &mut checked.unsigned;
        match self.signed() {
            None => {
                unsigned.add(
                    facts::SIGNED,
                    "申请表签名",
                    "还没登记怎么签的，请打印申请表，念一遍，签好再选。",
                );
            }
            Some(Signed::Own | Signed::Print) => {}
            Some(Signed::Proxy) => {
                let get = |name: &str| self.cell(name).unwrap_or("");
                let signer = get(facts::SIGNER);
                let own = self.cell(facts::NAME) == Some(signer) && !signer.is_empty();
                let fault = name_fault(signer)
                    .or_else(|| own.then(|| "代签人和申请人是同一个人，请改选本人签名。".to_owned()));
                if let Some(fault) = fault {
                    unsigned.add(facts::SIGNER, "代签人", fault);
                }
                if visible(get(facts::SIGN_REASON)).trim().is_empty() {
                    unsigned.add(facts::SIGN_REASON, "代签原因", "还没写为什么代签，例如“手抖写不了字”。");
                }
                let witness = get(facts::WITNESS);
                let same = !witness.is_empty() && witness == signer;
                let fault = name_fault(witness)
                    .or_else(|| same.then(|| "见证人不能是代签人自己，请换一个人见证。".to_owned()));
                if let Some(fault) = fault {
                    unsigned.add(facts::WITNESS, "见证人", fault);
                }
            }
        }
    }
}
