mod flow;
mod order;
mod pairs;
pub(super) mod support;
