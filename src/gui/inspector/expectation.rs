//! The inspector of an expectation: whether it holds, and what must come out.

use egui::{Align, DragValue, Layout, Ui};
use egui_phosphor::regular as icon;

use super::{Scene, choose_sized};
use crate::analysis::expectation;
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{Claim, Edit, EntityId, Expectation, ExpectationId, Time};
use crate::simulation::Severity;

impl Scene<'_> {
    pub(super) fn expectation(&self, ui: &mut Ui, id: ExpectationId, requests: &mut Vec<Request>) {
        let Some(expectation) = self.project.expectations.get(&id) else { return };
        let name = self.project.contacts.get(&expectation.contact).map_or("(deleted)", |contact| contact.name.as_str());
        self.head(ui, "expectation of", name);
        self.verdict(ui, expectation, requests);
        let mut changed = expectation.clone();
        self.caption(ui, "At the end of");
        if let Some(at) = self.instant_field(ui, expectation) {
            changed.at = at;
        }
        self.section(ui, "Must come out");
        self.claims(ui, &mut changed);
        if changed != *expectation {
            requests.push(Request::Edit(Edit::SetExpectation(changed)));
        }
        ui.add_space(self.theme.spacing.small);
        let words = format!("{}  Go to {name}", icon::USER);
        if self.theme.secondary_button(ui, words).clicked() {
            requests.push(Request::Show(expectation.contact.into()));
        }
    }

    /// Whether it holds, and what to do if not.
    fn verdict(&self, ui: &mut Ui, expectation: &Expectation, requests: &mut Vec<Request>) {
        let outcome = self.outcomes.iter().find(|outcome| outcome.id == expectation.id);
        let Some(outcome) = outcome.filter(|outcome| !outcome.holds()) else {
            let holds = self.theme.text(format!("{}  Comes out as expected", icon::CHECK_CIRCLE));
            ui.label(holds.color(self.theme.palette.success));
            return;
        };
        self.theme.problem_frame(Severity::Error).show(ui, |ui| {
            ui.set_width(ui.available_width());
            for broken in &outcome.broken {
                ui.label(self.theme.problem(Severity::Error, &crate::model::capitalised(broken)));
            }
        });
        let words = format!("{}  Where does the story part?", icon::GIT_DIFF);
        if self.theme.secondary_button(ui, words).clicked() {
            requests.push(Request::CompareStories(expectation.id));
        }
        let words = format!("{}  Expect what comes out now", icon::CHECK);
        let about = "The journey is right and the expectation is out of date";
        if self.theme.secondary_button(ui, words).on_hover_text(about).clicked() {
            let Expectation { id, contact, at, seed, .. } = *expectation;
            let now = expectation::record(self.project, contact, at, seed);
            requests.extend(now.map(|now| Request::Edit(Edit::SetExpectation(Expectation { id, ..now }))));
        }
    }

    fn instant_field(&self, ui: &mut Ui, expectation: &Expectation) -> Option<Time> {
        let zone = self.project.zone();
        let key = ("expectation at", expectation.id);
        let look = Look::line("Instant").hint("2026-03-09, or 2026-03-09 14:30");
        let field = text_field(ui, key, &expectation.at.display_in(&zone), &look);
        match Time::parse(&field.draft, &zone) {
            Ok(time) => field.finished.map(|_| time),
            Err(problem) => {
                self.refused(ui, key, &field, &problem);
                None
            }
        }
    }

    fn claims(&self, ui: &mut Ui, expectation: &mut Expectation) {
        let mut gone = None;
        let removable = expectation.claims.len() > 1;
        for (place, claim) in expectation.claims.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let name = format!("Expect no longer: {}", self.project.claim_label(claim));
                    let button = ui.add_enabled_ui(removable, |ui| self.theme.quiet_button(ui, icon::X)).inner;
                    button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, removable, &name));
                    if button.on_hover_text(&name).clicked() {
                        gone = Some(place);
                    }
                    if let Claim::Sent { times, .. } | Claim::Converted { times, .. } = claim {
                        let words = crate::model::expectation::print_times(*times);
                        let times = ui.add(DragValue::new(times).range(0..=1_000).suffix("×"));
                        times.on_hover_text(words);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let label = self.project.claim_label(claim);
                        ui.add(egui::Label::new(self.theme.text(crate::model::capitalised(&label))).wrap());
                    });
                });
            });
        }
        if let Some(place) = gone {
            expectation.claims.remove(place);
        }
        let options: Vec<Claim> =
            self.possible_claims().into_iter().filter(|claim| !expectation.claims.contains(claim)).collect();
        let current = format!("{}  Expect also …", icon::PLUS);
        let label = |claim: &Claim| self.project.claim_label(claim);
        let width = ui.available_width();
        let chosen =
            choose_sized(ui, ("claim", expectation.id), width, ("Expect also", &current), &options, label, |_| false);
        expectation.claims.extend(chosen);
    }

    /// A claim about every state, touchpoint and conversion point.
    fn possible_claims(&self) -> Vec<Claim> {
        let order = self.project.document_order();
        let states = order.iter().map(|(_, node)| Claim::In(node.id));
        let sent = self.project.touchpoints.keys().map(|id| Claim::Sent { touchpoint: *id, times: 1 });
        let points = self.project.conversion_points().into_iter().map(|point| Claim::Converted { point, times: 1 });
        states.chain(sent).chain(points).collect()
    }
}

/// Under what an expectation stands in a list: green or red, and never by colour alone.
pub(in crate::gui) fn sign(holds: bool) -> &'static str {
    if holds { icon::CHECK_CIRCLE } else { icon::X_CIRCLE }
}

/// The row of an expectation is red where it does not hold.
pub(in crate::gui) fn holds(outcomes: &[expectation::Outcome], id: ExpectationId) -> bool {
    outcomes.iter().find(|outcome| EntityId::from(outcome.id) == id.into()).is_none_or(expectation::Outcome::holds)
}
