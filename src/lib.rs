//! Statecraft: customer journeys drawn as state machines, kept in one file, run on real customers.
//!
//! The modules in reading order; each may use only those above it (see `ARCHITECTURE.md`).

pub mod analysis;
pub mod model;
pub mod simulation;
pub mod store;

pub mod document;

pub mod exchange;

#[cfg(feature = "gui")]
pub mod gui;
