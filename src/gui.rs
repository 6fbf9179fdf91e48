//! The window. Panels draw from `&Document` and push [`Request`]s; the last step of a frame runs them.

pub mod request;

pub use request::{Request, Selection};
