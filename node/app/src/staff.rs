//! Who may sit at the page: accounts, one-time codes, passwords, sessions. All on this box only
//! (docs/decisions/0008): nothing here is ever sent.

mod account;
mod manage;
mod password;
mod sign_in;
#[cfg(test)]
mod tests;

pub use account::{Account, Given};
pub use manage::{NewCode, Standing};
pub use sign_in::{SignInRefusal, SignedIn};
