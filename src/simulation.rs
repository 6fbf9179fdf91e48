//! What would happen: a chart compiled to a machine, and the machine run over recorded events or beside a world that
//! produces them. Knows nothing of files, screens, the wall clock or chance of its own: every draw is a function of a seed.

pub mod by_hand;
pub mod cast;
pub mod compile;
pub mod condition;
mod crew;
mod express;
pub mod luck;
pub mod machine;
pub mod memory;
pub mod newcomers;
pub mod observer;
mod order;
pub mod playback;
mod points;
mod policy;
pub mod problem;
pub mod react;
pub mod report;
pub mod resting;
pub mod run;
pub mod sabotage;
pub mod stories;
pub mod story;
pub mod timeline;
pub mod waiting;
pub mod world;

pub use cast::Cast;
pub use compile::formula_problems;
pub use condition::Finding;
pub use machine::Machine;
pub use memory::Memory;
pub use newcomers::Newcomers;
pub use observer::{By, Look, Observer, Occasion};
pub use playback::Playback;
pub use problem::{Problem, Severity};
pub use react::{Effect, Outcome, Reaction, Step, Stimulus, Withheld};
pub use report::Report;
pub use resting::Resting;
pub use run::{Progress, Run};
pub use sabotage::Sabotage;
pub use stories::{Line, Stories};
pub use story::{Cause, Entry, Story};
pub use timeline::Timeline;
pub use world::{Waits, World};
