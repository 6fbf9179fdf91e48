//! A condition, built from rows or typed: two views of one tree.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::trigger::duration_editor;
use super::{Scene, choose_sized, ended_by};
use crate::gui::field::{Look, text_field};
use crate::model::formula::{Comparison, Expr, Name};
use crate::model::{AttributeKind, Duration, Formula, sentence};
use crate::simulation::Severity;

/// What a row measures.
#[derive(Clone, Debug, PartialEq)]
enum Measure {
    Count(String),
    CountWithin(String, Duration),
    CountHere(String),
    Since(String),
    TimeHere,
    Attribute(String),
}

/// `number of purchase in the last 60 days` · `is at least` · `3`
#[derive(Clone, Debug, PartialEq)]
struct Row {
    measure: Measure,
    comparison: Comparison,
    value: Expr,
}

/// The rows of a condition, and whether all of them have to hold or any.
#[derive(Clone, Debug, PartialEq)]
struct Rows {
    all: bool,
    rows: Vec<Row>,
}

impl Rows {
    /// `None` where the condition is more than a list of comparisons; then it can only be typed.
    fn of(formula: &Formula) -> Option<Self> {
        let (all, parts) = match formula.parse() {
            Ok(None) => return Some(Self { all: true, rows: Vec::new() }),
            Ok(Some(Expr::And(parts))) => (true, parts),
            Ok(Some(Expr::Or(parts))) => (false, parts),
            Ok(Some(single)) => (true, vec![single]),
            Err(_) => return None,
        };
        let rows = parts.into_iter().map(Row::of).collect::<Option<Vec<_>>>()?;
        Some(Self { all, rows })
    }

    fn formula(&self) -> String {
        let mut parts: Vec<Expr> = self.rows.iter().map(Row::expr).collect();
        let expr = match parts.len() {
            0 => return String::new(),
            1 => parts.remove(0),
            _ if self.all => Expr::And(parts),
            _ => Expr::Or(parts),
        };
        expr.to_string()
    }
}

impl Row {
    fn of(expr: Expr) -> Option<Self> {
        let Expr::Compare(comparison, left, value) = expr else { return None };
        let measure = match *left {
            Expr::Count(event, None) => Measure::Count(event.text),
            Expr::Count(event, Some(window)) => Measure::CountWithin(event.text, window),
            Expr::CountHere(event) => Measure::CountHere(event.text),
            Expr::Since(event) => Measure::Since(event.text),
            Expr::TimeHere => Measure::TimeHere,
            Expr::Name(name) => Measure::Attribute(name.text),
            _ => return None,
        };
        let simple =
            matches!(*value, Expr::Number(_) | Expr::Text(_) | Expr::YesNo(_) | Expr::Duration(_) | Expr::Name(_));
        simple.then_some(Self { measure, comparison, value: *value })
    }

    fn expr(&self) -> Expr {
        let left = match &self.measure {
            Measure::Count(event) => Expr::Count(Name::new(event), None),
            Measure::CountWithin(event, window) => Expr::Count(Name::new(event), Some(*window)),
            Measure::CountHere(event) => Expr::CountHere(Name::new(event)),
            Measure::Since(event) => Expr::Since(Name::new(event)),
            Measure::TimeHere => Expr::TimeHere,
            Measure::Attribute(name) => Expr::Name(Name::new(name)),
        };
        Expr::Compare(self.comparison, Box::new(left), Box::new(self.value.clone()))
    }
}

impl Measure {
    fn text(&self) -> String {
        match self {
            Self::Count(event) => format!("number of {event}"),
            Self::CountWithin(event, window) => format!("number of {event} in the last {window}"),
            Self::CountHere(event) => format!("number of {event} since entering"),
            Self::Since(event) => format!("time since {event}"),
            Self::TimeHere => String::from("time in this state"),
            Self::Attribute(name) => name.clone(),
        }
    }

    fn is_time(&self) -> bool {
        matches!(self, Self::Since(_) | Self::TimeHere)
    }
}

impl Scene<'_> {
    /// The condition as typed or built, once it was changed.
    pub(super) fn guard_editor(&self, ui: &mut Ui, key: impl egui::AsIdSalt + Copy, guard: &Formula) -> Option<String> {
        self.condition_editor(ui, key, ("Condition", "Always: no condition."), guard)
    }

    /// The same, its text called `name` by a screen reader; `always` says what holds without a condition.
    pub(super) fn condition_editor(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        (name, always): (&str, &str),
        guard: &Formula,
    ) -> Option<String> {
        let mut changed = None;
        if let Some(rows) = Rows::of(guard) {
            changed = self.rows_editor(ui, key, &rows, always);
        } else if guard.parse().is_ok() {
            ui.label(self.theme.muted(sentence::guard(guard)));
        }
        self.caption(ui, "Exactly");
        let look = Look::line(name).hint("count(purchase, 60 days) >= 3 and fit >= B").monospace();
        let field = text_field(ui, (key, "typed"), guard.text(), &look);
        // Also when it was finished: the text is kept as it is, so its error stays below it.
        if let Err(error) = Formula::new(&field.draft).parse() {
            ui.label(
                self.theme.problem(Severity::Error, &format!("At character {}: {}", error.position + 1, error.message)),
            );
        }
        changed.or(field.finished)
    }

    fn rows_editor(&self, ui: &mut Ui, key: impl egui::AsIdSalt + Copy, rows: &Rows, always: &str) -> Option<String> {
        let mut changed = None;
        if rows.rows.is_empty() {
            ui.label(self.theme.muted(always));
        }
        if rows.rows.len() > 1 {
            let text = |all: &bool| String::from(if *all { "all of these hold" } else { "any of these holds" });
            let width = ui.available_width();
            if let Some(all) =
                choose_sized(ui, (key, "all"), width, ("All or any", &text(&rows.all)), &[true, false], text, |all| {
                    *all == rows.all
                })
            {
                changed = Some(Rows { all, ..rows.clone() });
            }
        }
        for (index, row) in rows.rows.iter().enumerate() {
            self.theme.sunken_frame().show(ui, |ui| {
                if let Some(row) = self.row_editor(ui, (key, index), row) {
                    let mut rows = rows.clone();
                    match row {
                        Some(row) => rows.rows[index] = row,
                        None => {
                            rows.rows.remove(index);
                        }
                    }
                    changed = Some(rows);
                }
            });
        }
        let measures = self.measures(None);
        let add = format!("{}  Add a condition …", icon::PLUS);
        let width = ui.available_width();
        if let Some(measure) =
            choose_sized(ui, (key, "add"), width, ("New condition", &add), &measures, Measure::text, |_| false)
        {
            let mut rows = rows.clone();
            rows.rows.push(self.first_row(measure));
            changed = Some(rows);
        }
        changed.map(|rows| rows.formula())
    }

    /// The row anew once it was changed, or `Some(None)` when it was taken away.
    #[expect(clippy::option_option, reason = "the outer: whether anything was done; the inner: what is left")]
    fn row_editor(&self, ui: &mut Ui, key: impl egui::AsIdSalt + Copy, row: &Row) -> Option<Option<Row>> {
        let mut changed = None;
        let (removed, chosen) = ended_by(
            ui,
            |ui| self.remove_button(ui, "Remove condition"),
            |ui| {
                let measures = self.measures(Some(&row.measure));
                let width = ui.available_width();
                choose_sized(
                    ui,
                    (key, "measure"),
                    width,
                    ("What is asked", &row.measure.text()),
                    &measures,
                    Measure::text,
                    |other| *other == row.measure,
                )
            },
        );
        if removed {
            return Some(None);
        }
        if let Some(measure) = chosen {
            let fresh = self.first_row(measure.clone());
            let keeps = std::mem::discriminant(&fresh.value) == std::mem::discriminant(&row.value)
                && !matches!(measure, Measure::Attribute(_));
            changed = Some(Some(if keeps { Row { measure, ..row.clone() } } else { fresh }));
        }
        if let Measure::CountWithin(event, window) = &row.measure {
            ui.label(self.theme.caption("in the last"));
            if let Some(window) = duration_editor(ui, (key, "window"), *window) {
                changed = Some(Some(Row { measure: Measure::CountWithin(event.clone(), window), ..row.clone() }));
            }
        }
        ui.horizontal(|ui| {
            let words = |comparison: &Comparison| comparison.words().to_owned();
            let comparisons = Comparison::ALL;
            let chosen = choose_sized(
                ui,
                (key, "comparison"),
                118.0,
                ("Comparison", &words(&row.comparison)),
                &comparisons,
                words,
                |other| *other == row.comparison,
            );
            if let Some(comparison) = chosen {
                changed = Some(Some(Row { comparison, ..row.clone() }));
            }
            if let Some(value) = self.value_editor(ui, key, row) {
                changed = Some(Some(Row { value, ..row.clone() }));
            }
        });
        changed
    }

    fn value_editor(&self, ui: &mut Ui, key: impl egui::AsIdSalt + Copy, row: &Row) -> Option<Expr> {
        let width = ui.available_width();
        if let (true, Expr::Duration(duration)) = (row.measure.is_time(), &row.value) {
            return duration_editor(ui, (key, "value"), *duration).map(Expr::Duration);
        }
        if let Some(options) = self.options(&row.measure) {
            let current = row.value.to_string();
            let text = |option: &Expr| option.to_string();
            return choose_sized(ui, (key, "value"), width, ("Value", &current), &options, text, |option| {
                *option == row.value
            });
        }
        let text = match &row.value {
            Expr::Text(text) => text.clone(),
            other => other.to_string(),
        };
        let typed = text_field(ui, (key, "value"), &text, &Look::line("Value")).finished?;
        Some(match Formula::new(&typed).parse() {
            Ok(Some(value @ (Expr::Number(_) | Expr::Duration(_) | Expr::YesNo(_)))) => value,
            Ok(Some(Expr::Name(name))) if self.project.attribute_by_name(&name.text).is_some() => Expr::Name(name),
            _ => Expr::Text(typed.replace('"', "")),
        })
    }

    /// What a choice or a yes/no can be compared with.
    fn options(&self, measure: &Measure) -> Option<Vec<Expr>> {
        let Measure::Attribute(name) = measure else { return None };
        match &self.project.attribute_by_name(name)?.kind {
            AttributeKind::Choice(choices) => {
                Some(choices.iter().map(|choice| Expr::Name(Name::new(choice))).collect())
            }
            AttributeKind::YesNo => Some(vec![Expr::YesNo(true), Expr::YesNo(false)]),
            _ => None,
        }
    }

    /// Everything that a row can measure; windows keep the length they have now.
    fn measures(&self, current: Option<&Measure>) -> Vec<Measure> {
        let window = match current {
            Some(Measure::CountWithin(_, window)) => *window,
            _ => Duration::days(60),
        };
        let mut measures: Vec<Measure> =
            self.project.attributes.values().map(|attribute| Measure::Attribute(attribute.name.clone())).collect();
        for event in self.project.events.values() {
            let name = || event.name.clone();
            measures.push(Measure::Count(name()));
            measures.push(Measure::CountWithin(name(), window));
            measures.push(Measure::CountHere(name()));
            measures.push(Measure::Since(name()));
        }
        measures.push(Measure::TimeHere);
        measures
    }

    fn first_row(&self, measure: Measure) -> Row {
        let value = match &measure {
            Measure::Since(_) | Measure::TimeHere => Expr::Duration(Duration::days(30)),
            Measure::Attribute(name) => {
                match self.options(&measure).and_then(|options| options.into_iter().next_back()) {
                    Some(option) => option,
                    None if self.project.attribute_by_name(name).is_some_and(|a| a.kind == AttributeKind::Text) => {
                        Expr::Text(String::new())
                    }
                    None => Expr::Number(10.0),
                }
            }
            _ => Expr::Number(3.0),
        };
        let ordered = !matches!(value, Expr::Text(_) | Expr::YesNo(_));
        Row { measure, comparison: if ordered { Comparison::AtLeast } else { Comparison::Equal }, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_text_are_two_views_of_one_condition() {
        for text in [
            "",
            "count(buy) >= 3",
            "count(buy, 60 days) >= 3 and fit >= B",
            "since(click) > 30 days or opted = yes",
            "time_here > 48 h",
        ] {
            let rows = Rows::of(&Formula::new(text)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(rows.formula(), text);
        }
        for text in ["not a = 1", "a = 1 and (b = 2 or c = 3)", "a + 1 > 2", "a >"] {
            assert_eq!(Rows::of(&Formula::new(text)), None, "{text}");
        }
    }
}
