//! Limits of provisioning, each with its reason.

/// The largest file read from a kit or a township folder: a membership list is at most 64 KiB, the rest far less.
pub const FILE_BYTES: u64 = 256 * 1024;
/// Digits of a one-time sign-in code: 40 bits, typed once; guesses on the box are throttled, and a stolen kit costs one
/// argon2id run each.
pub const SIGN_IN_DIGITS: usize = 12;
/// argon2id memory in KiB: 19 MiB, as for staff passwords.
pub const ARGON2_KIB: u32 = 19 * 1024;
/// argon2id passes.
pub const ARGON2_PASSES: u32 = 2;
/// A clerk's name or post in bytes: 20 Chinese characters.
pub const STAFF_BYTES: usize = 60;
/// The highest incarnation of a centre: what a receipt's register number has room for.
pub const INCARNATION_MAX: u64 = (1 << 24) - 1;
