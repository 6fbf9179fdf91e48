//! What would happen: a chart compiled to a machine, and the machine run over recorded events. Knows nothing of files,
//! screens, the wall clock or chance of its own.

pub mod compile;
pub mod condition;
mod crew;
mod express;
pub mod luck;
pub mod machine;
pub mod memory;
pub mod playback;
pub mod problem;
pub mod react;
pub mod report;
pub mod resting;
pub mod run;
pub mod sabotage;
pub mod stories;
pub mod story;

pub use condition::Finding;
pub use machine::Machine;
pub use memory::Memory;
pub use playback::Playback;
pub use problem::{Problem, Severity};
pub use react::{Effect, Outcome, Reaction, Step, Stimulus};
pub use report::Report;
pub use resting::Resting;
pub use run::{By, Observer, Progress, Run};
pub use sabotage::Sabotage;
pub use stories::{Line, Stories};
pub use story::{Cause, Entry, Story};
