//! Runs on other seeds, with other numbers, of two versions: as text and as JSON. Chance and assumptions stay apart.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::output::{Table, counted, line};
use crate::analysis::Measure;
use crate::analysis::experiment::{Bar, Compared, Divergence, Varied, spreads, tornado};
use crate::analysis::statistics::Interval;
use crate::model::{Behaviour, Project};
use crate::simulation::Report;

pub(super) const EXPERIMENT_JSON: &str = r#"With --repeat: "chance": {"seeds": [N, …], "measures": [{"measure": "…", "median": x,
"low": x, "high": x (nine of ten repeats lie between them), "values": [x by seed]}]}, else null.
With --vary: "assumptions": [{"measure": "…", "numbers": [{"number": "…", "provenance": "guessed", "low": x, "likely": x,
"high": x, "at_low": the measure there, "at_likely": x, "at_high": x}]}], the widest first, else null."#;

pub(super) const COMPARE_JSON: &str = r#"JSON: {"contacts": N, "seeds": [N, …], "measures": [{"measure": "…", "a": mean over the seeds, "b": x,
"difference": mean of b − a, "low": x, "high": x (its 95 % interval, from pairs on the same luck; null for one seed),
"b_more": in how many repeats, "same": N}], "diverging": {"contacts": N, "first": [{"contact": ID, "time": "…", "a": "…",
"b": "…"}] (at most 100 of them, on the first seed)}, "without_partner": {"a": [behaviours], "b": [behaviours]},
"elapsed_ms": N}"#;

pub(super) fn repeats_json(project: &Project, seed: u64, reports: &[Report]) -> Value {
    let measures: Vec<Value> = spreads(project, &Measure::all(project), reports)
        .iter()
        .map(|repeated| {
            let spread = repeated.spread();
            json!({
                "measure": repeated.measure.name(),
                "median": repeated.median(),
                "low": spread.map(|spread| spread.low),
                "high": spread.map(|spread| spread.high),
                "values": repeated.values,
            })
        })
        .collect();
    json!({"seeds": seeds(seed, reports.len()), "measures": measures})
}

pub(super) fn repeats_text(project: &Project, seed: u64, reports: &[Report]) -> String {
    let mut out = String::from("\n");
    let last = seed.wrapping_add(reports.len() as u64 - 1);
    line!(out, "Chance: seeds {seed} to {last}. Nine of ten runs lie between low and high.");
    let mut table = Table::new(&["measure", "median", "low", "high"]);
    for repeated in spreads(project, &Measure::all(project), reports) {
        let show = |value: Option<f64>| value.map_or_else(String::new, |value| repeated.measure.show(value));
        let spread = repeated.spread();
        let (low, high) = (spread.map(|spread| spread.low), spread.map(|spread| spread.high));
        table.row([repeated.measure.name(), show(repeated.median()), show(low), show(high)]);
    }
    table.print_to(&mut out);
    out
}

pub(super) fn varied_json(project: &Project, likely: &Report, varied: &[Varied]) -> Value {
    let bar = |bar: &Bar| {
        let number = &bar.number;
        json!({
            "number": number.in_words(project),
            "provenance": number.provenance.label(),
            "low": number.low,
            "likely": number.likely,
            "high": number.high,
            "at_low": bar.at_low,
            "at_likely": bar.likely,
            "at_high": bar.at_high,
        })
    };
    let measures = Measure::all(project).into_iter().map(|measure| {
        let bars: Vec<Value> = tornado(project, &measure, likely, varied).iter().map(bar).collect();
        json!({"measure": measure.name(), "numbers": bars})
    });
    measures.collect()
}

pub(super) fn varied_text(project: &Project, likely: &Report, varied: &[Varied]) -> String {
    let mut out = String::from("\n");
    if varied.is_empty() {
        line!(out, "Assumptions: no number of this project has a range. Give one its low and high first.");
        return out;
    }
    line!(out, "Assumptions: each number at its low and its high, all else being likely, on the same luck.");
    for measure in Measure::all(project) {
        let bars = tornado(project, &measure, likely, varied);
        let still = bars.iter().filter(|bar| bar.swing() <= 0.0).count();
        let Some(first) = bars.first().filter(|bar| bar.swing() > 0.0) else { continue };
        line!(out, "\n{}: {}", measure.name(), measure.show(first.likely));
        let mut table = Table::new(&["number", "from", "to", "at low", "at high"]);
        for bar in bars.iter().filter(|bar| bar.swing() > 0.0) {
            let number = &bar.number;
            table.row([
                format!("{} ({})", number.in_words(project), number.provenance),
                number.low.to_string(),
                number.high.to_string(),
                measure.show(bar.at_low),
                measure.show(bar.at_high),
            ]);
        }
        table.print_to(&mut out);
        if still > 0 {
            line!(out, "{} without effect", counted(still as u64, "number"));
        }
    }
    out
}

/// Two versions on the same contacts and luck.
pub(super) struct Comparison<'a> {
    pub(super) contacts: u64,
    pub(super) seed: u64,
    pub(super) repeats: usize,
    pub(super) measures: Vec<Compared>,
    /// On the first seed.
    pub(super) diverging: Vec<Divergence>,
    pub(super) without_partner: (Vec<&'a Behaviour>, Vec<&'a Behaviour>),
    pub(super) elapsed: std::time::Duration,
}

/// So many contacts are listed one by one.
const LISTED: usize = 100;

impl Comparison<'_> {
    pub(super) fn json(&self, project: &Project) -> Value {
        let zone = project.zone();
        let measures: Vec<Value> = self
            .measures
            .iter()
            .map(|compared| {
                let (difference, interval) = compared.difference().unzip();
                let interval: Option<Interval> = interval.flatten();
                let (more, same) = compared.more_and_same();
                let (a, b) = compared.means().unzip();
                json!({
                    "measure": compared.measure.name(),
                    "a": a,
                    "b": b,
                    "difference": difference,
                    "low": interval.map(|interval| interval.low),
                    "high": interval.map(|interval| interval.high),
                    "b_more": more,
                    "same": same,
                })
            })
            .collect();
        let first: Vec<Value> = self
            .diverging
            .iter()
            .take(LISTED)
            .map(|other| {
                let time = other.time.display_in(&zone);
                json!({"contact": other.contact, "time": time, "a": other.lines.0, "b": other.lines.1})
            })
            .collect();
        json!({
            "contacts": self.contacts,
            "seeds": seeds(self.seed, self.repeats),
            "measures": measures,
            "diverging": {"contacts": self.diverging.len(), "first": first},
            "without_partner": {"a": names(&self.without_partner.0), "b": names(&self.without_partner.1)},
            "elapsed_ms": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        })
    }

    pub(super) fn text(&self, project: &Project) -> String {
        const SHOWN: usize = 5;
        let mut out = String::new();
        let luck = counted(self.repeats as u64, "seed");
        line!(
            out,
            "Model result: A and B on the same {} and the same luck, {luck}\n",
            counted(self.contacts, "contact")
        );
        let mut table = Table::new(&["measure", "A", "B", "B − A", "95 % interval", "B more in"]);
        for compared in &self.measures {
            let show = |value| compared.measure.show(value);
            let (Some((a, b)), Some((difference, interval))) = (compared.means(), compared.difference()) else {
                continue;
            };
            let interval = interval.map_or_else(
                || String::from("one seed"),
                |interval| format!("{} to {}", show(interval.low), show(interval.high)),
            );
            let (more, _) = compared.more_and_same();
            let more = format!("{more} of {}", compared.pairs.len());
            table.row([compared.measure.name(), show(a), show(b), show(difference), interval, more]);
        }
        table.print_to(&mut out);
        line!(
            out,
            "\nOn seed {}, {} live through something else:",
            self.seed,
            counted(self.diverging.len() as u64, "contact")
        );
        let zone = project.zone();
        for other in self.diverging.iter().take(SHOWN) {
            line!(out, "  {} from {}", other.contact, other.time.display_in(&zone));
            line!(out, "    A {}", other.lines.0);
            line!(out, "    B {}", other.lines.1);
        }
        if self.diverging.len() > SHOWN {
            line!(out, "  and {} more", self.diverging.len() - SHOWN);
        }
        for (version, behaviours) in [("A", &self.without_partner.0), ("B", &self.without_partner.1)] {
            if !behaviours.is_empty() {
                line!(out, "Only {version} has the behaviours {}.", names(behaviours).join(", "));
            }
        }
        out
    }
}

fn seeds(first: u64, count: usize) -> Vec<u64> {
    (0..count as u64).map(|further| first.wrapping_add(further)).collect()
}

fn names<'a>(behaviours: &[&'a Behaviour]) -> Vec<&'a str> {
    behaviours.iter().map(|behaviour| behaviour.name.as_str()).collect()
}
