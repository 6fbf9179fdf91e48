//! What would happen: a chart compiled to a machine, and the machine run over recorded or invented events. Knows nothing
//! of files, screens, the wall clock or chance of its own.

pub mod problem;

pub use problem::{Problem, Severity};
