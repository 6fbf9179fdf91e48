//! Keeping what came out for the followed contact as an expectation, with one press.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::analysis::expectation::record;
use crate::gui::Theme;
use crate::gui::request::Request;
use crate::model::{Contact, ContactId, Edit, Population, Project};

impl Simulator {
    pub(super) fn expecting_ui(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        (editable, requests): (bool, &mut Vec<Request>),
    ) {
        let words = format!("{}  Expect this from now on", icon::CHECK_CIRCLE);
        let won = self.stage.setup().zip(self.contact).is_some_and(|(setup, contact)| contact >= setup.contacts());
        let button = ui.add_enabled_ui(editable && !won, |ui| theme.secondary_button(ui, words)).inner;
        let about = "Keeps where this contact is at the clock, what it got and what it reached. After each edit it is run \
                     again, and what no longer comes out is red in the outline";
        let why_not =
            if won { "Who was won by others starts only with them, and so is no sample" } else { "Read-only" };
        if button.on_hover_text(about).on_disabled_hover_text(why_not).clicked() {
            requests.extend(self.expecting(project).map(Request::Announce));
        }
    }

    /// What came out at the clock. A contact that is no sample yet becomes one, with all that happened to it until then.
    fn expecting(&self, project: &Project) -> Option<Edit> {
        let (setup, contact, at) = (self.stage.setup()?, self.contact?, self.time()?);
        let name = setup.name(contact);
        let of_samples = self.played.as_ref()?.key.population == Population::Samples;
        let untouched = self.stage.sent().iter().all(|sent| sent.contact as usize != contact);
        let known = project.contacts.values().find(|sample| sample.name == name).filter(|_| of_samples && untouched);
        if let Some(known) = known {
            let expectation = record(project, known.id, at, setup.seed())?;
            return Some(Edit::AddExpectation { contact: None, expectation });
        }
        let mut sample = setup.sampled(project, contact, self.stage.sent());
        sample.occurrences.retain(|occurrence| occurrence.time <= at);
        sample.name = free_name(project, &sample.name);
        let mut with_it = project.clone();
        let id = ContactId(project.contacts.keys().next_back().map_or(1, |last| last.0.saturating_add(1)));
        with_it.contacts.insert(id, Contact { id, ..sample.clone() });
        let expectation = record(&with_it, id, at, setup.seed())?;
        Some(Edit::AddExpectation { contact: Some(sample), expectation })
    }
}

/// The name itself where no sample has it: the luck of a contact hangs on its name.
fn free_name(project: &Project, name: &str) -> String {
    let taken = |name: &String| project.contacts.values().any(|contact| contact.name.eq_ignore_ascii_case(name));
    let names = (1..).map(|number: u32| if number == 1 { name.to_owned() } else { format!("{name} ({number})") });
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}
