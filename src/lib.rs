//! Statecraft: customer journeys drawn as state machines, kept in one file, run on real customers.
//!
//! The modules in reading order; each may use only those above it (see `ARCHITECTURE.md`).

pub mod model;

pub mod layout;

pub mod simulation;

pub mod analysis;

pub mod exchange;

pub mod store;

pub mod document;

pub mod crash;

pub mod cli;

#[cfg(feature = "gui")]
pub mod gui;
