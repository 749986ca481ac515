mod edges;
pub(crate) mod flow;
mod lifecycle;
mod order;
mod pairs;
pub(crate) mod support;
