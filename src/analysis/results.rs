//! What a report amounts to, question by question: how many got how far, how long it took, where they leaked, what they
//! were sent, whom they were handed to, what they were worth. Rows to draw from, and the same rows as tables.

mod conversion;
mod handovers;
mod leakage;
mod sends;
mod stays;
mod value;

pub use conversion::{Conversion, conversions};
pub use handovers::{Handover, handovers};
pub use leakage::{Leak, leaks};
pub use sends::sends;
pub use stays::{Stay, stays};
pub use value::{most_messages, values};

/// Hundredths as an amount.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sums are exact; only what is shown is rounded")]
pub fn money(cents: i128) -> f64 {
    cents as f64 / 100.0
}
