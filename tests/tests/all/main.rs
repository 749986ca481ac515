//! The one integration binary: the map of the workspace, the harness itself, scenarios with real processes.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod crossing;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod helping;
#[cfg(test)]
mod lan;
#[cfg(test)]
mod mesh_faults;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod simulation;
