//! The window. Panels draw from `&Document` and push [`Request`]s; the last step of a frame runs them.

pub mod request;

pub use request::{Request, Selection};

/// stub for compile
pub fn run(_file: Option<std::path::PathBuf>) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
