//! What contacts were worth, and how much they were written to.

use super::money;
use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::{mean, quantile};
use crate::simulation::Report;
use crate::simulation::report::Moments;

/// Means for each contact with their intervals, and totals.
#[must_use]
pub fn values(report: &Report) -> Sheet {
    let mut messages = Moments::default();
    for (sent, contacts) in &report.sends.per_contact {
        messages = messages.merged(Moments::of(i128::from(*sent), *contacts));
    }
    let row = |what: &str, total: f64, moments: &Moments, scale: f64| {
        let found = mean(moments);
        let interval = found.and_then(|(_, interval)| interval);
        let number = |number: Option<f64>| Cell::or_missing(number.map(|number| number * scale), Cell::Number, "–");
        vec![
            Cell::Text(what.to_owned()),
            Cell::Number(total),
            number(found.map(|(mean, _)| mean)),
            number(interval.map(|interval| interval.low)),
            number(interval.map(|interval| interval.high)),
        ]
    };
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    let sent = report.sends.total().delivered() as f64;
    Sheet {
        name: String::from("Value"),
        head: vec!["Of all contacts", "Total", "Mean", "from", "to"],
        rows: vec![row("Value", money(report.value.sum), &report.value, 0.01), row("Messages", sent, &messages, 1.0)],
    }
}

/// So many messages get nineteen of twenty contacts at most.
#[must_use]
pub fn most_messages(report: &Report) -> Option<u32> {
    quantile(report.sends.per_contact.iter().map(|(sent, contacts)| (*sent, *contacts)), 0.95)
}
