//! The whole window through labels, keys and pointer: what a user does, and what the document then is.

#![cfg(feature = "gui")]

mod by_outline;
mod drawing;
mod driver;
mod expecting;
mod hands;
mod importing;
mod keeping;
mod kinds;
mod look;
mod matrix;
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
mod tidy;
mod weird;
mod world;
mod writing;
