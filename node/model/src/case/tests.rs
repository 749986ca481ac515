mod archive;
mod credit;
mod edges;
pub(crate) mod flow;
mod lifecycle;
mod order;
mod pairs;
mod photos;
pub(crate) mod support;
