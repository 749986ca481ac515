//! What the scenario tests stand on: real processes, a bad line, waiting for a condition. It never holds a test
//! itself and never links into the product. Start reading at [`process`].

pub mod canary;
pub mod demo;
pub mod intake;
pub mod namespace;
pub mod page;
pub mod person;
pub mod process;
pub mod proxy;
pub mod sim;
pub mod skip;
pub mod township;
pub mod wait;
