//! The cases that the column of an event is split into: proposed with one press, or written by hand.

use egui::{Align, Layout, Ui};
use egui_phosphor::regular as icon;

use crate::analysis::matrix::proposals;
use crate::gui::Theme;
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{Bucket, BucketId, Edit, EventId, Formula, Project};
use crate::simulation::Severity;

pub(in crate::gui) fn cases_ui(
    ui: &mut Ui,
    theme: &Theme,
    project: &Project,
    id: EventId,
    requests: &mut Vec<Request>,
) {
    let Some(event) = project.events.get(&id) else { return };
    ui.add_space(theme.spacing.medium);
    ui.separator();
    ui.label(theme.subheading(format!("Cases of {}", event.name)));
    let set = |buckets: Vec<Bucket>| Request::Edit(Edit::SetBuckets(id, buckets));
    if event.buckets.is_empty() {
        ui.label(
            theme.muted("Where the answer depends on something, split the column and decide each case on its own."),
        );
        for proposal in proposals(project, id) {
            let names: Vec<&str> = proposal.buckets.iter().map(|bucket| bucket.name.as_str()).collect();
            let words = format!("{}  Split by {}", icon::ARROWS_SPLIT, proposal.by);
            if theme.secondary_button(ui, words).on_hover_text(names.join(" · ")).clicked() {
                requests.push(set(proposal.buckets.clone()));
            }
            ui.label(theme.caption(names.join(" · ")));
        }
        if theme.quiet_button(ui, format!("{}  Split by hand", icon::PLUS)).clicked() {
            requests.push(set(vec![new_case(&event.buckets)]));
        }
        return;
    }
    for (place, bucket) in event.buckets.iter().enumerate() {
        let changed = |bucket: Bucket| {
            let mut buckets = event.buckets.clone();
            buckets[place] = bucket;
            set(buckets)
        };
        let key = (id, bucket.id);
        // From the right, so that the field has the room that the button leaves.
        let line = egui::vec2(ui.available_width(), 30.0);
        ui.allocate_ui_with_layout(line, Layout::right_to_left(Align::Center), |ui| {
            let remove = theme.quiet_button(ui, icon::X);
            let what = format!("Remove {}", bucket.name);
            remove.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, ui.is_enabled(), &what));
            if remove.on_hover_text(what).clicked() {
                let mut buckets = event.buckets.clone();
                buckets.remove(place);
                requests.push(set(buckets));
            }
            let field = text_field(ui, ("case", key), &bucket.name, &Look::line("Name of the case"));
            if let Some(name) = field.finished {
                requests.push(changed(Bucket { name, ..bucket.clone() }));
            }
        });
        let look = Look::line("Condition of the case").hint("everything that is left").monospace();
        let field = text_field(ui, ("case guard", key), bucket.guard.text(), &look);
        if let Err(error) = Formula::new(field.draft.clone()).parse() {
            ui.label(theme.problem(Severity::Error, &error.to_string()));
        }
        if let Some(text) = field.finished {
            requests.push(changed(Bucket { guard: Formula::new(text.trim()), ..bucket.clone() }));
        }
    }
    if theme.quiet_button(ui, format!("{}  One more case", icon::PLUS)).clicked() {
        let mut buckets = event.buckets.clone();
        buckets.push(new_case(&event.buckets));
        requests.push(set(buckets));
    }
    if theme.quiet_button(ui, format!("{}  Put the column together again", icon::ARROWS_MERGE)).clicked() {
        requests.push(set(Vec::new()));
    }
}

/// A case with a name that is free.
fn new_case(known: &[Bucket]) -> Bucket {
    let names = (1..).map(|number: usize| format!("case {number}"));
    let is_free = |name: &String| known.iter().all(|bucket| !bucket.name.eq_ignore_ascii_case(name));
    Bucket { id: BucketId(0), name: names.into_iter().find(is_free).unwrap_or_default(), guard: Formula::new("") }
}
