//! What can be said about a journey without running it. Knows nothing of files and screens.

pub mod check;
mod world;

pub use check::problems;
pub use world::{Bounds, more_than_all, spread_problem};
