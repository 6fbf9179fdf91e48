//! The strip below the top bar: what the user must know about the file itself, with what can be done about it.

use egui::{Align, Frame, Layout, Margin, Panel, Ui};

use super::command::Command;
use super::request::Request;
use super::{Theme, clock};
use crate::document::Document;
use crate::simulation::Severity;
use crate::store::{News, Publishing, ReadOnly, SaveState};

/// What stays until it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices(Vec<(Severity, String)>);

impl Notices {
    /// Takes what happened behind the scenes; gives back what is said in passing.
    pub fn take(&mut self, news: Vec<News>) -> Vec<String> {
        let mut passing = Vec::new();
        for item in news {
            match item {
                News::Conflict { theirs, ours } => self.0.push((
                    Severity::Warning,
                    format!(
                        "Somebody else changed {}. It was left as they have it. Your version is in {}, and you go on there.",
                        name_of(&theirs),
                        name_of(&ours)
                    ),
                )),
                News::Damage(why) => self.0.push((Severity::Error, why)),
                News::Continued => {
                    passing.push(String::from("Work that had not reached the file yet was found, and goes on."));
                }
                News::Migrated { from } => passing.push(format!(
                    "The file was of format {from} and is of today's now. Older versions of Statecraft do not open it any more."
                )),
                News::NoVersion(why) => passing.push(format!("No earlier version could be kept. {why}")),
            }
        }
        passing
    }

    /// Draws the strip, where there is anything to say.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme, document: &Document, requests: &mut Vec<Request>) {
        if let Some(why) = document.read_only_because() {
            read_only(ui, theme, why, requests);
        }
        if let (Publishing::Failed { why }, SaveState::Saved { .. } | SaveState::Saving) =
            (document.publishing(), document.save_state())
        {
            strip(
                ui,
                theme,
                "not published",
                Severity::Warning,
                &format!("Saved on this computer only. {why}"),
                |ui| {
                    if theme.secondary_button(ui, "Save elsewhere…").clicked() {
                        requests.push(Request::Command(Command::SaveElsewhere));
                    }
                    if theme.secondary_button(ui, "Try now").clicked() {
                        document.publish();
                    }
                },
            );
        }
        let mut read = None;
        for (index, (severity, sentence)) in self.0.iter().enumerate() {
            strip(ui, theme, ("notice", index), *severity, sentence, |ui| {
                if theme.secondary_button(ui, "Got it").clicked() {
                    read = Some(index);
                }
                if *severity == Severity::Error && theme.secondary_button(ui, "Earlier versions…").clicked() {
                    requests.push(Request::Command(Command::EarlierVersions));
                }
            });
        }
        if let Some(read) = read {
            self.0.remove(read);
        }
    }
}

fn read_only(ui: &mut Ui, theme: &Theme, why: &ReadOnly, requests: &mut Vec<Request>) {
    let sentence = match why {
        ReadOnly::InUse(holder) if holder.pid != 0 => {
            format!("{} It has been open there since {}.", why, clock::time(holder.since()))
        }
        why => why.to_string(),
    };
    strip(ui, theme, "read-only", Severity::Warning, &format!("Read-only. {sentence}"), |ui| {
        if theme.secondary_button(ui, "Open a copy").clicked() {
            requests.push(Request::OpenCopy);
        }
        if matches!(why, ReadOnly::InUse(holder) if holder.is_elsewhere())
            && theme
                .secondary_button(ui, "Edit anyway")
                .on_hover_text("If they still edit it, your work goes into a file of its own beside it")
                .clicked()
        {
            requests.push(Request::EditAnyway);
        }
    });
}

fn strip(
    ui: &mut Ui,
    theme: &Theme,
    id: impl std::hash::Hash + std::fmt::Debug,
    severity: Severity,
    sentence: &str,
    buttons: impl FnOnce(&mut Ui),
) {
    let look = theme.severity(severity);
    let frame = Frame::new().fill(look.soft).inner_margin(Margin::symmetric(12, 6));
    Panel::top(egui::Id::new(("strip", id))).frame(frame).show_separator_line(false).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            buttons(ui);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(theme.text(look.icon).color(look.text));
                ui.add(egui::Label::new(theme.text(sentence)).truncate()).on_hover_text(sentence);
            });
        });
    });
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
