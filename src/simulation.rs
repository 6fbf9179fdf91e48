//! What would happen: a chart compiled to a machine, and the machine run over recorded events. Knows nothing of files,
//! screens, the wall clock or chance of its own.

pub mod by_hand;
pub mod compile;
pub mod condition;
mod express;
pub mod luck;
pub mod machine;
pub mod memory;
pub mod problem;
pub mod react;
pub mod report;
pub mod run;
pub mod sabotage;
pub mod story;
pub mod timeline;
pub mod waiting;

pub use condition::Finding;
pub use machine::Machine;
pub use memory::Memory;
pub use problem::{Problem, Severity};
pub use react::{Effect, Outcome, Reaction, Step, Stimulus, Withheld};
pub use report::Report;
pub use run::{Look, Observer, Progress, Run};
pub use sabotage::Sabotage;
pub use story::{Cause, Entry, Story};
pub use timeline::Timeline;
