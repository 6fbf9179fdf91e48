//! A number of the world: what is likely, how far off it may be, who says so.

use egui::{Ui, vec2};
use egui_phosphor::regular as icon;

use super::{Scene, choose_sized};
use crate::analysis::Bounds;
use crate::gui::field::{Field, Look, text_field};
use crate::model::assumption::{percent, share};
use crate::model::{Assumption, Provenance};
use crate::simulation::Severity;

const NUMBER: f32 = 56.0;
const PROVENANCE: f32 = 146.0;

/// The place of a number: what it is called, what stands behind it, which numbers make sense there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) name: &'a str,
    pub(super) unit: &'a str,
    pub(super) bounds: Bounds,
}

impl<'a> Place<'a> {
    /// A share, typed and shown in percent.
    pub(super) fn share(name: &'a str) -> Self {
        Self { name, unit: "%", bounds: Bounds::Share }
    }

    fn text(self, number: f64) -> String {
        if self.bounds == Bounds::Share { percent(number) } else { number.to_string() }
    }

    fn read(self, text: &str) -> Option<f64> {
        let text = text.trim();
        let number = match self.bounds {
            Bounds::Share => share(text.trim_end_matches('%')),
            _ => text.parse().ok(),
        };
        number.filter(|number| number.is_finite())
    }
}

/// What became of a field for a number.
enum Typed {
    Same,
    New(Option<f64>),
    /// It holds no number.
    Wrong(Field),
}

impl Scene<'_> {
    /// A line for the number; how far off it may be and who says so unfold below. `number` changes once it was finished.
    pub(super) fn assumption(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        place: &Place,
        number: &mut Assumption,
    ) {
        let unfolded = egui::Id::new(("range and source", key));
        let mut open: bool = ui.data(|data| data.get_temp(unfolded)).unwrap_or_default();
        let mut wrong = None;
        ui.horizontal(|ui| {
            match Self::number_field(ui, (key, "likely"), *place, place.name, Some(number.likely)) {
                Typed::New(Some(likely)) => number.likely = likely,
                Typed::Wrong(field) => wrong = Some(("likely", field)),
                Typed::New(None) | Typed::Same => {}
            }
            ui.label(self.theme.text(place.unit));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let caret = if open { icon::CARET_UP } else { icon::CARET_DOWN };
                let toggle = self.theme.quiet_button(ui, caret);
                let what = format!("{}: range and source", place.name);
                toggle.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, open, &what));
                if toggle.on_hover_text("How far off it may be, and who says so").clicked() {
                    open = !open;
                    ui.data_mut(|data| data.insert_temp(unfolded, open));
                }
                let current = provenance(number.provenance);
                let name = format!("{}: where it comes from", place.name);
                if let Some(chosen) = choose_sized(
                    ui,
                    (key, "provenance"),
                    PROVENANCE.min(ui.available_width()),
                    (&name, &current),
                    &Provenance::ALL,
                    |one| provenance(*one),
                    |one| *one == number.provenance,
                ) {
                    number.provenance = chosen;
                }
            });
        });
        if open {
            wrong = self.range_and_source(ui, key, place, number).or(wrong);
        } else if let Some(said) = said(place, number) {
            ui.add(egui::Label::new(self.theme.caption(said)).truncate());
        }
        if let Some((part, field)) = wrong {
            let sentence = format!("\"{}\" is no number.", field.draft.trim());
            self.refused(ui, (key, part), &field, &sentence);
        } else if let Some(problem) = place.bounds.problem(number) {
            let sentence = format!("{}.", crate::model::capitalised(&problem));
            ui.label(self.theme.problem(Severity::Error, &sentence));
        }
    }

    fn range_and_source(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        place: &Place,
        number: &mut Assumption,
    ) -> Option<(&'static str, Field)> {
        let mut wrong = None;
        ui.horizontal(|ui| {
            for (part, words, what, bound) in
                [("low", "between", "least", &mut number.low), ("high", "and", "most", &mut number.high)]
            {
                ui.label(self.theme.caption(words));
                let name = format!("{}: {what}", place.name);
                match Self::number_field(ui, (key, part), *place, &name, *bound) {
                    Typed::New(new) => *bound = new,
                    Typed::Wrong(field) => wrong = Some((part, field)),
                    Typed::Same => {}
                }
            }
            ui.label(self.theme.text(place.unit));
        });
        let name = format!("{}: source", place.name);
        let look = Look::line(&name).hint("Who says so: a study, a report, a meeting");
        if let Some(source) = text_field(ui, (key, "source"), &number.source, &look).finished {
            source.trim().clone_into(&mut number.source);
        }
        wrong
    }

    fn number_field(ui: &mut Ui, key: impl egui::AsIdSalt, place: Place, name: &str, number: Option<f64>) -> Typed {
        let shown = number.map(|number| place.text(number)).unwrap_or_default();
        // Only a bound may be left out.
        let hint = if number.is_none() { "—" } else { "" };
        let field = ui
            .allocate_ui(vec2(NUMBER, ui.spacing().interact_size.y), |ui| {
                text_field(ui, key, &shown, &Look::line(name).hint(hint))
            })
            .inner;
        if field.draft == shown && field.finished.is_none() {
            return Typed::Same;
        }
        if field.draft.trim().is_empty() {
            return if field.finished.is_some() { Typed::New(None) } else { Typed::Same };
        }
        match place.read(&field.draft) {
            None => Typed::Wrong(field),
            Some(read) if field.finished.is_some() => Typed::New(Some(read)),
            Some(_) => Typed::Same,
        }
    }
}

fn provenance(provenance: Provenance) -> String {
    let icon = match provenance {
        Provenance::Measured => icon::RULER,
        Provenance::Agreed => icon::HANDSHAKE,
        Provenance::Guessed => icon::QUESTION,
    };
    format!("{icon}  {provenance}")
}

/// The range and the source in a line, where there is anything to say.
fn said(place: &Place, number: &Assumption) -> Option<String> {
    let (low, high) = number.range();
    let range = (number.low.is_some() || number.high.is_some())
        .then(|| format!("{}–{} {}", place.text(low), place.text(high), place.unit));
    let source = (!number.source.is_empty()).then(|| number.source.clone());
    let parts: Vec<String> = range.map(|range| range.trim_end().to_owned()).into_iter().chain(source).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
