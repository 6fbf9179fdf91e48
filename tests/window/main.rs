//! The whole window through labels, keys and pointer: what a user does, and what the document then is.

#![cfg(feature = "gui")]

mod by_outline;
mod driver;
mod hands;
mod importing;
mod keeping;
mod kinds;
mod look;
mod names;
mod presenting;
mod problems;
mod results;
mod results_charts;
mod results_compare;
mod simulate;
mod size;
mod stage;
mod start;
mod weird;
mod world;
mod writing;
