//! How numbers are spread, and how a value of an invented contact is drawn.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::assumption::Place;
use super::{Scene, choose_sized, ended_by};
use crate::analysis::{Bounds, more_than_all, spread_problem};
use crate::gui::field::{Look, text_field};
use crate::model::{Assumption, AttributeKind, Distribution, Draw, Value, capitalised};
use crate::simulation::Severity;

/// A distribution by its name, without parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Fixed,
    Uniform,
    Exponential,
    LogNormal,
    Normal,
    Beta,
    Gamma,
}

impl Shape {
    /// Those that a delay can have.
    pub(super) const DELAYS: [Self; 5] = [Self::Fixed, Self::Uniform, Self::Exponential, Self::LogNormal, Self::Gamma];
    pub(super) const ALL: [Self; 7] =
        [Self::Fixed, Self::Uniform, Self::Exponential, Self::LogNormal, Self::Normal, Self::Beta, Self::Gamma];

    pub(super) fn of(spread: &Distribution) -> Self {
        match spread {
            Distribution::Fixed(_) => Self::Fixed,
            Distribution::Uniform { .. } => Self::Uniform,
            Distribution::Exponential { .. } => Self::Exponential,
            Distribution::LogNormal { .. } => Self::LogNormal,
            Distribution::Normal { .. } => Self::Normal,
            Distribution::Beta { .. } => Self::Beta,
            Distribution::Gamma { .. } => Self::Gamma,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Fixed => "always the same",
            Self::Uniform => "anything between two, alike",
            Self::Exponential => "by chance, with a mean",
            Self::LogNormal => "mostly little, at times very much",
            Self::Normal => "around a mean",
            Self::Beta => "a share that differs",
            Self::Gamma => "an amount that differs",
        }
    }

    /// A spread of this shape to begin with; the first number of the one before is kept where it can be.
    pub(super) fn begin(self, first: Assumption) -> Distribution {
        let one = || Assumption::guessed(1.0);
        let times = |factor: f64| Assumption::guessed(first.likely.abs().max(1.0) * factor);
        match self {
            Self::Fixed => Distribution::Fixed(first),
            Self::Uniform => Distribution::Uniform { to: times(2.0), from: first },
            Self::Exponential => Distribution::Exponential { mean: first },
            Self::LogNormal => Distribution::LogNormal { p90: times(4.0), median: first },
            Self::Normal => Distribution::Normal { mean: first, deviation: one() },
            Self::Beta => Distribution::Beta { alpha: one(), beta: one() },
            Self::Gamma => Distribution::Gamma { shape: one(), mean: first },
        }
    }
}

impl Scene<'_> {
    /// The parameters of a spread, each a number of `unit`s.
    pub(super) fn parameters(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        (name, unit): (&str, &str),
        spread: &mut Distribution,
        delay: bool,
    ) {
        let bounds = Bounds::of_parameters(spread, delay);
        for ((parameter, number), bounds) in spread.parameters_mut().into_iter().zip(bounds) {
            let unit = if parameter == "shape" { "" } else { unit };
            match (parameter, unit) {
                ("value", "") => {}
                ("value", unit) => self.caption(ui, &capitalised(unit)),
                (parameter, "") => self.caption(ui, &capitalised(parameter)),
                (parameter, unit) => self.caption(ui, &format!("{}, in {unit}", capitalised(parameter))),
            }
            let name = format!("{name}: {parameter}");
            self.assumption(ui, (key, parameter), &Place { name: &name, unit: "", bounds }, number);
        }
        if let Some(problem) = spread_problem(spread, delay) {
            ui.label(self.theme.problem(Severity::Error, &format!("{}.", capitalised(&problem))));
        }
    }

    /// How a value is drawn: by shares, or for numbers by a spread.
    pub(super) fn draw(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        (name, kind): (&str, &AttributeKind),
        draw: &mut Draw,
    ) {
        if matches!(kind, AttributeKind::Number | AttributeKind::Score) || matches!(draw, Draw::Spread(_)) {
            let text = |shape: &Option<Shape>| shape.map_or("each value with its share", Shape::text).to_owned();
            let current = match draw {
                Draw::Mix(_) => None,
                Draw::Spread(spread) => Some(Shape::of(spread)),
            };
            let options: Vec<Option<Shape>> = std::iter::once(None).chain(Shape::ALL.map(Some)).collect();
            let width = ui.available_width();
            let named = (format!("{name}: how it is spread"), width);
            if let Some(shape) =
                choose_sized(ui, (key, "shape"), named.1, (&named.0, &text(&current)), &options, text, |one| {
                    *one == current
                })
            {
                *draw = match (shape, &*draw) {
                    (None, _) => Draw::Mix(Vec::new()),
                    (Some(shape), Draw::Spread(spread)) => {
                        let first =
                            spread.parameters().first().map_or_else(Assumption::default, |(_, one)| (*one).clone());
                        Draw::Spread(shape.begin(first))
                    }
                    (Some(shape), Draw::Mix(_)) => Draw::Spread(shape.begin(Assumption::guessed(1.0))),
                };
            }
        }
        match draw {
            Draw::Spread(spread) => self.parameters(ui, key, (name, ""), spread, false),
            Draw::Mix(shares) => self.mix(ui, key, (name, kind), shares),
        }
    }

    fn mix(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        (name, kind): (&str, &AttributeKind),
        shares: &mut Vec<(Value, Assumption)>,
    ) {
        let options = options(kind);
        let mut removed = None;
        let shown = |value: &Value| match value {
            Value::Time(time) => time.display_in(&self.project.zone()),
            value => value.to_string(),
        };
        for (index, (value, share)) in shares.iter_mut().enumerate() {
            let key = (key, index);
            let remove = format!("Remove {value} from {name}");
            let (gone, ()) = ended_by(
                ui,
                |ui| self.remove_button(ui, &remove),
                |ui| {
                    let label = format!("{name}: value {}", index + 1);
                    if let Some(options) = &options {
                        let width = ui.available_width();
                        let current = shown(value);
                        if let Some(chosen) =
                            choose_sized(ui, (key, "value"), width, (&label, &current), options, shown, |one| {
                                one == value
                            })
                        {
                            *value = chosen;
                        }
                    } else if let Some(typed) =
                        text_field(ui, (key, "value"), &shown(value), &Look::line(&label)).finished
                        && let Some(read) = super::contact::value(&typed, kind, &self.project.zone())
                    {
                        *value = read;
                    }
                },
            );
            if gone {
                removed = Some(index);
            }
            let label = format!("{name}: share of {}", shown(value));
            self.assumption(ui, (key, "share"), &Place::share(&label), share);
            ui.add_space(self.theme.spacing.tight);
        }
        if let Some(index) = removed {
            shares.remove(index);
        }
        if let Some(sum) = more_than_all(shares.iter().map(|(_, share)| share)) {
            ui.label(self.theme.problem(Severity::Error, &format!("The shares add up to {sum} %.")));
        }
        let next = match &options {
            Some(options) => options.iter().find(|option| shares.iter().all(|(value, _)| value != *option)).cloned(),
            None => Some(first_value(kind, shares.len())),
        };
        if let Some(value) = next {
            let button = self.theme.secondary_button(ui, format!("{}  Add a value", icon::PLUS));
            let what = format!("Add a value to {name}");
            button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &what));
            if button.clicked() {
                let left = 1.0 - shares.iter().map(|(_, share)| share.likely).sum::<f64>();
                let left = (left.max(0.0) * 1e6).round() / 1e6;
                shares.push((value, Assumption::guessed(left)));
            }
        }
    }
}

/// The values that an attribute can have, where they can be listed.
fn options(kind: &AttributeKind) -> Option<Vec<Value>> {
    match kind {
        AttributeKind::Choice(choices) => Some(choices.iter().cloned().map(Value::Text).collect()),
        AttributeKind::YesNo => Some(vec![Value::YesNo(true), Value::YesNo(false)]),
        _ => None,
    }
}

/// A value to begin with, to be typed over.
fn first_value(kind: &AttributeKind, count: usize) -> Value {
    match kind {
        AttributeKind::Number | AttributeKind::Score => {
            Value::Number(f64::from(u32::try_from(count).unwrap_or_default()))
        }
        AttributeKind::Time => Value::Time(crate::model::Time::default()),
        _ => Value::Text(format!("value {}", count + 1)),
    }
}
