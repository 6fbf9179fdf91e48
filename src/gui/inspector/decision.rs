//! The inspector of what was decided about a cell of the matrix.

use egui::Ui;

use super::Scene;
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{Answer, Decision, DecisionId, Edit};

impl Scene<'_> {
    pub(super) fn decision(&self, ui: &mut Ui, id: DecisionId, requests: &mut Vec<Request>) {
        let Some(decision) = self.project.decisions.get(&id) else { return };
        let kind = match decision.answer {
            Answer::Ignored => "Ignored on purpose",
            Answer::Question => "Open question",
        };
        self.head(ui, kind, &self.project.place_label(decision.place));
        self.decision_fields(ui, decision, requests);
    }

    /// The words of a decision and whose they are.
    pub(super) fn decision_fields(&self, ui: &mut Ui, decision: &Decision, requests: &mut Vec<Request>) {
        let (words, name) = match decision.answer {
            Answer::Ignored => ("Why nothing shall happen", "Who decided"),
            Answer::Question => ("What is to be found out", "Who asks"),
        };
        let changed = |text: String, who: String| {
            Request::Edit(Edit::Decide { places: vec![decision.place], answer: decision.answer, text, who })
        };
        self.caption(ui, words);
        let key = ("decision text", decision.id);
        let text = text_field(ui, key, &decision.text, &Look::line(words).rows(3));
        if let Some(text) = text.finished {
            requests.push(changed(text, decision.who.clone()));
        }
        self.caption(ui, name);
        let who = text_field(ui, ("decision who", decision.id), &decision.who, &Look::line(name));
        if let Some(who) = who.finished {
            requests.push(changed(decision.text.clone(), who));
        }
    }
}
