//! Cases: taken in, looked at, decided, handed over. One file per verb.

pub(crate) mod deed;
pub(crate) mod intake;
pub(crate) mod queue;
pub(crate) mod show;
#[cfg(test)]
mod tests;
pub(crate) mod words;
