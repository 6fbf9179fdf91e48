//! What the wall reads while we present: the instant and what happens at it, in large type. Says no name of a contact and
//! no text that may be one.

use egui::{Align, Label, Layout, RichText, Ui, vec2};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::Theme;
use crate::gui::theme::strong_family;
use crate::model::{Project, capitalised, grouped};
use crate::simulation::Entry;

/// The room that the caption takes.
pub const HEIGHT: f32 = 108.0;

impl Simulator {
    pub fn caption_ui(&self, ui: &mut Ui, theme: &Theme, project: &Project) {
        ui.horizontal_centered(|ui| {
            let time = RichText::new(self.time_in_words(&project.zone()))
                .size(theme.sizes.heading)
                .family(strong_family())
                .color(theme.palette.accent);
            ui.allocate_ui_with_layout(vec2(220.0, HEIGHT), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(220.0);
                ui.label(time);
            });
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = theme.spacing.tight;
                let sizes = [theme.sizes.heading, theme.sizes.subheading];
                let lines = self.caption(project);
                let room: f32 = sizes.iter().take(lines.len()).map(|size| size * 1.3).sum();
                ui.add_space((HEIGHT - room) / 2.0);
                for (text, size) in lines.into_iter().zip(sizes) {
                    ui.add(Label::new(theme.text(text).size(size)).truncate());
                }
            });
        });
    }

    /// What happens now, and why.
    fn caption(&self, project: &Project) -> Vec<String> {
        let line = self.stage.clock().line();
        let Some(story) = &self.story else { return vec![self.moves_in_words()] };
        let Some(entry) = line.and_then(|line| story.entries.get(line)) else {
            return vec![String::from("One contact, before the start"), String::from("→ goes on, ← goes back")];
        };
        let what = format!(
            "{}  {}  {}",
            capitalised(&entry.cause_in_words(project)),
            icon::ARROW_RIGHT,
            entry.outcome_in_words(project)
        );
        let done = entry.effects.iter().filter(|effect| names_nobody(effect)).cloned();
        let because = entry.why.iter().map(|why| format!("because {}", without_texts(why)));
        let reasons: Vec<String> = done.chain(because).chain(not_taken(entry, project)).collect();
        vec![what, capitalised(&reasons.join("  ·  "))]
    }

    fn moves_in_words(&self) -> String {
        self.moves().map_or_else(String::new, |(done, all)| {
            format!("{} of {} moves of everybody", grouped(done as u64), grouped(all as u64))
        })
    }
}

/// Why not, where nothing was taken.
fn not_taken(entry: &Entry, project: &Project) -> Vec<String> {
    if !entry.arrows.is_empty() {
        return Vec::new();
    }
    entry.why_not_in_words(project).iter().map(|why_not| without_texts(why_not)).collect()
}

/// What a team is told and what an attribute becomes may name a person.
fn names_nobody(effect: &str) -> bool {
    ["sent ", "held ", "did not send ", "notified ", "conversion "].iter().any(|start| effect.starts_with(start))
}

/// A finding without the value that was found, unless that is a number, a length of time, or a word of the chart itself.
fn without_texts(words: &str) -> String {
    let Some((what, rest)) = words.split_once(" was ") else { return words.to_owned() };
    let ends = [" (needed ", ", needs "].into_iter().filter_map(|end| rest.find(end));
    let (found, needed) = rest.split_at(ends.min().unwrap_or(rest.len()));
    let is_plain = found.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        || ["yes", "no", "unknown", "in", "out"].contains(&found)
        || needed.contains(found);
    if is_plain { words.to_owned() } else { format!("{what} was …{needed}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_contact_are_left_out() {
        for (words, shown) in [
            ("mail was ann@example.com (needed to be known)", "mail was … (needed to be known)"),
            ("not to Lead: mail was ann@example.com, needs x", "not to Lead: mail was …, needs x"),
            (
                "event.role was user (needed one of influencer, user)",
                "event.role was user (needed one of influencer, user)",
            ),
            ("count(purchase) was 2, needs at least 3", "count(purchase) was 2, needs at least 3"),
        ] {
            assert_eq!(without_texts(words), shown);
        }
    }

    #[test]
    fn what_may_name_somebody_is_not_shown() {
        assert!(names_nobody("sent reminder") && names_nobody("conversion sale worth 9"));
        assert!(!names_nobody("told Sales: call Ann Miller") && !names_nobody("mail is now ann@example.com"));
    }
}
