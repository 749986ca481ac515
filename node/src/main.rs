//! The appliance: assembly.
fn main() {}
