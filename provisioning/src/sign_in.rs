use crate::{Random, limit, random};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use zeroize::Zeroizing;

/// A fresh one-time code: digits only, so it can be read over the telephone and typed on any keyboard.
pub(crate) fn code(source: Random<'_>) -> Zeroizing<String> {
    let mut digits = Zeroizing::new(String::with_capacity(limit::SIGN_IN_DIGITS));
    while digits.len() < limit::SIGN_IN_DIGITS {
        let [byte] = random::<1>(source);
        // 250 is the largest multiple of ten in a byte: every digit is equally likely
        if byte < 250 {
            digits.push(char::from(b'0' + byte % 10));
        }
    }
    digits
}

/// The code's argon2id hash as a PHC string; none when argon2 refuses, which it does for no code of ours.
pub(crate) fn phc(code: &str, memory_kib: u32, source: Random<'_>) -> Option<String> {
    let salt: [u8; 16] = random(source);
    let params = Params::new(memory_kib, limit::ARGON2_PASSES, 1, Some(32)).ok()?;
    let mut hash = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.as_bytes(), &salt, hash.as_mut())
        .ok()?;
    Some(format!(
        "$argon2id$v=19$m={},t={},p=1${}${}",
        memory_kib,
        limit::ARGON2_PASSES,
        BASE64_NOPAD.encode(&salt),
        BASE64_NOPAD.encode(hash.as_slice())
    ))
}
