//! What can be said about a journey: what is wrong with it, what its runs amount to, and how sure that is. Knows nothing
//! of files and screens.

pub mod check;
pub mod coverage;
pub mod expectation;
pub mod experiment;
pub mod guards;
pub mod matrix;
pub mod measure;
pub mod prove;
pub mod results;
pub mod sheet;
pub mod statistics;
pub mod timing;
mod world;

pub use check::{findings, problems};
pub use coverage::Coverage;
pub use matrix::Matrix;
pub use measure::Measure;
pub use sheet::Sheet;
pub use world::{Bounds, more_than_all, spread_problem};
