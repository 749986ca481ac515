use std::fmt;

use super::tidy_code;

/// A 统一社会信用代码 that passed GB 32100-2015. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitCode(String);

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

impl UnitCode {
    /// Reads a code; spaces are forgiven, lower case becomes upper.
    ///
    /// # Errors
    /// In Chinese: what is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let code = tidy_code(text);
        let count = code.chars().count();
        if count == 0 {
            return Err("还没填统一社会信用代码，请照营业执照填写。".to_owned());
        }
        if count != 18 {
            return Err(format!("统一社会信用代码是 18 位，现在是 {count} 位，请对照营业执照再数一遍。"));
        }
        let mut values = Vec::with_capacity(18);
        for c in code.chars() {
            match ALPHABET.find(c) {
                Some(value) => values.push(value),
                None => {
                    return Err(
                        "统一社会信用代码只用数字和大写字母，没有 I、O、S、V、Z，请对照营业执照重填。"
                            .to_owned(),
                    );
                }
            }
        }
        let (check, body) = values.split_last().ok_or_else(String::new)?;
        let mut weight = 1;
        let mut sum = 0;
        for value in body {
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        if (31 - sum % 31) % 31 == *check {
            Ok(Self(code))
        } else {
            Err("统一社会信用代码最后一位对不上，多半是有一位填错了，请对照营业执照逐位核对。".to_owned())
        }
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnitCode(…)")
    }
}

/// Why a code cannot stand; `None` when it can.
#[must_use]
pub fn unit_code_fault(text: &str) -> Option<String> {
    UnitCode::parse(text).err()
}
