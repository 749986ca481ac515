mod credit;
mod edges;
pub(crate) mod flow;
mod order;
mod pairs;
pub(crate) mod support;
