//! Other people's files, read into our words. Promises that a file is either read as a whole or refused with a sentence
//! that says where it went wrong and what to do; nothing is dropped without a note. Knows nothing of projects on disk,
//! screens or the command line.

pub mod contacts;
pub mod delimited;
pub mod drawing;
pub mod encoding;
pub mod error;
pub mod events;
pub mod mapping;
pub mod matrix;
pub mod matrix_page;
pub mod mermaid;
pub mod progress;
pub mod scxml;
pub mod sheet;
pub mod time_format;

mod civil;
mod column;
mod owners;
mod plain;
mod rows;
mod source;
mod table;
mod words;

pub use contacts::{ContactsImport, read_contacts};
pub use delimited::{Delimiter, Layout, Overrides, Preview};
pub use drawing::{Drawing, read_drawing, write_drawing};
pub use encoding::Encoding;
pub use error::{ImportError, Spot};
pub use events::{Import, read_events};
pub use mapping::{EventSource, Mapping};
pub use progress::{Progress, Stage};
pub use scxml::{ScxmlError, read_scxml, write_scxml};
pub use time_format::TimeFormat;

/// Larger tables of contacts are refused before they are read: 1 GiB. Tables of events are passed over, however large;
/// what has to fit in memory are their columns.
pub const SIZE_LIMIT: u64 = 1 << 30;

/// A longer row is refused: almost always a quote that was never closed. 16 MiB.
pub const ROW_LIMIT: u64 = 16 << 20;
