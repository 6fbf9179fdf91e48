//! What can be said about a journey without running it. Knows nothing of files and screens.

pub mod check;
mod world;

pub use check::problems;
