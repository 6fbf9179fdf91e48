//! The window. Panels draw from `&Document` and push [`Request`]s; the last step of a frame runs them.

pub mod canvas;
pub mod request;
pub mod theme;

pub use canvas::{Canvas, CanvasView, Overlay};
pub use request::{Request, Selection};
pub use theme::Theme;
