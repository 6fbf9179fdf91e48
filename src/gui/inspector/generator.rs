//! The inspector of a generated population.

use egui::Ui;

use super::Scene;
use crate::gui::request::Request;
use crate::model::{Edit, GeneratorId};

impl Scene<'_> {
    pub(super) fn generator(&self, ui: &mut Ui, id: GeneratorId, requests: &mut Vec<Request>) {
        let Some(generator) = self.project.generators.get(&id) else { return };
        self.head(ui, "generated population", &generator.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &generator.name, |name| Edit::RenameGenerator(id, name), requests);
        self.uses_of(ui, id.into(), requests);
        self.delete_button(ui, vec![id.into()], requests);
    }
}
