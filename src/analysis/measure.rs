//! One number of a report that runs are compared by.

use super::statistics::share;
use crate::model::{NodeKind, Project, grouped};
use crate::simulation::{Machine, Report};

/// What is measured. Things are called by name, so that two versions of a journey can be asked the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Share of contacts that ever got to a conversion point.
    Converted(String),
    /// Share of contacts that were ever in a state.
    Entered(String),
    /// Mean value of a contact, in the currency of the project.
    Value,
    /// Mean number of messages that a contact gets.
    Sends,
}

impl Measure {
    /// Everything that can be measured in a journey: conversion points and states in the order of the drawing.
    #[must_use]
    pub fn all(project: &Project) -> Vec<Self> {
        let points = Machine::of(project).conversion_points().into_iter().map(Self::Converted);
        let order = project.document_order().into_iter();
        let states = order.filter(|(_, node)| matches!(node.kind, NodeKind::State | NodeKind::End));
        points
            .chain([Self::Value, Self::Sends])
            .chain(states.map(|(_, node)| Self::Entered(project.node_label(node.id))))
            .collect()
    }

    /// The same in another version of the same project, where a state may have another name.
    #[must_use]
    pub fn in_version(&self, here: &Project, there: &Project) -> Self {
        let Self::Entered(label) = self else { return self.clone() };
        let node = here.nodes.keys().find(|id| here.node_label(**id) == *label);
        let node = node.filter(|id| there.nodes.contains_key(*id));
        node.map_or_else(|| self.clone(), |id| Self::Entered(there.node_label(*id)))
    }

    /// `None` where there is nothing to measure: no contacts, or no such state.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub fn of(&self, project: &Project, report: &Report) -> Option<f64> {
        match self {
            Self::Converted(point) => {
                let contacts = report.conversions.get(point).map_or(0, |tally| tally.contacts);
                share(contacts, report.contacts)
            }
            Self::Entered(label) => {
                let node = project.nodes.keys().find(|id| project.node_label(**id) == *label)?;
                share(report.states.get(node)?.contacts, report.contacts)
            }
            Self::Value => report.value.mean().map(|cents| cents / 100.0),
            Self::Sends => {
                (report.contacts > 0).then(|| report.sends.total().delivered() as f64 / report.contacts as f64)
            }
        }
    }

    #[must_use]
    pub fn is_share(&self) -> bool {
        matches!(self, Self::Converted(_) | Self::Entered(_))
    }

    /// In words.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Converted(point) => format!("Contacts that reach {point}"),
            Self::Entered(state) => format!("Contacts ever in {state}"),
            Self::Value => String::from("Value of a contact"),
            Self::Sends => String::from("Messages to a contact"),
        }
    }

    /// A value of it as it is shown: shares in percent.
    #[must_use]
    pub fn show(&self, value: f64) -> String {
        if self.is_share() { percent(value) } else { decimals(value) }
    }
}

/// `9.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let text = format!("{:.1}", share.abs() * 100.0);
    // What rounds to nothing has no sign.
    let sign = if share < 0.0 && text != "0.0" { "−" } else { "" };
    format!("{sign}{text} %")
}

/// With two decimals, and thousands kept apart.
#[must_use]
pub fn decimals(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "what is shown; the conversion saturates")]
    let hundredths = (number * 100.0).round() as i64;
    let sign = if hundredths < 0 { "−" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!((percent(0.091), decimals(1_234.5)), (String::from("9.1 %"), String::from("1,234.50")));
        assert_eq!((percent(-0.091), percent(-0.000_1)), (String::from("−9.1 %"), String::from("0.0 %")));
        assert_eq!((decimals(-0.5), decimals(-0.001)), (String::from("−0.50"), String::from("0.00")));
    }
}
