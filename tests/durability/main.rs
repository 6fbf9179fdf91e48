//! No work is lost: whatever is killed, fails, loses its power or is damaged, what was promised is there, and what is
//! wrong is said. Each test prints what it counted; the long counts are ignored by default (`ARCHITECTURE.md`, "Proofs").

mod child;
mod crash;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(all(target_os = "linux", feature = "gui"))]
mod display;
#[path = "../laws/examples.rs"]
mod examples;
#[cfg(target_os = "linux")]
mod faults;
mod hostile;
mod importers;
mod kills;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod power;
#[path = "../laws/random.rs"]
mod random;
#[cfg(target_os = "linux")]
mod refusals;
mod script;
mod shared;
#[cfg(target_os = "linux")]
mod trace;
