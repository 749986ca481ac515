mod edges;
pub(crate) mod flow;
mod order;
mod pairs;
mod photos;
pub(crate) mod support;
