//! What the wall reads while we present: the instant and what happens at it, in large type. Says no name of a contact and
//! no text that may be one.

use std::collections::BTreeSet;

use egui::{Align, Label, Layout, RichText, Ui, vec2};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::Theme;
use crate::gui::theme::strong_family;
use crate::model::formula::Expr;
use crate::model::{AttributeKind, Project, capitalised, grouped};
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
        let known = Known::of(project);
        let because = entry.why.iter().map(|why| format!("because {}", known.without_texts(why)));
        let reasons: Vec<String> = done.chain(because).chain(not_taken(entry, project, &known)).collect();
        vec![what, capitalised(&reasons.join("  ·  "))]
    }

    fn moves_in_words(&self) -> String {
        self.moves().map_or_else(String::new, |(done, all)| {
            format!("{} of {} moves of everybody", grouped(done as u64), grouped(all as u64))
        })
    }
}

/// Why not, where nothing was taken.
fn not_taken(entry: &Entry, project: &Project, known: &Known) -> Vec<String> {
    if !entry.arrows.is_empty() {
        return Vec::new();
    }
    entry.why_not_in_words(project).iter().map(|why_not| known.without_texts(why_not)).collect()
}

/// What a team is told and what an attribute becomes may name a person.
fn names_nobody(effect: &str) -> bool {
    ["sent ", "held ", "did not send ", "notified ", "conversion "].iter().any(|start| effect.starts_with(start))
}

/// Words of the chart itself, which name nobody: states, choices, and texts in conditions.
struct Known(BTreeSet<String>);

impl Known {
    fn of(project: &Project) -> Self {
        let mut words: BTreeSet<String> = project.nodes.values().map(|node| node.name.clone()).collect();
        for attribute in project.attributes.values() {
            if let AttributeKind::Choice(choices) = &attribute.kind {
                words.extend(choices.iter().cloned());
            }
        }
        for arrow in project.transitions.values() {
            if let Ok(Some(condition)) = arrow.guard.parse() {
                condition.visit(&mut |part| {
                    if let Expr::Text(text) = part {
                        words.insert(text.clone());
                    }
                });
            }
        }
        Self(words)
    }

    /// A finding without what was found and what was needed, unless both are numbers, lengths of time or known.
    fn without_texts(&self, words: &str) -> String {
        let Some((what, rest)) = words.split_once(" was ") else { return words.to_owned() };
        let parts = rest.split_once(" (needed ").or_else(|| rest.split_once(", needs "));
        let (found, needed) = parts.unwrap_or((rest, "yes"));
        let is_plain = self.is_plain(found) && self.is_plain(needed.trim_end_matches(')'));
        if is_plain { words.to_owned() } else { format!("{what} was …") }
    }

    fn is_plain(&self, value: &str) -> bool {
        let before =
            ["not ", "anything but ", "less than ", "at most ", "more than ", "at least ", "one of ", "to be "];
        if let Some(rest) = before.iter().find_map(|before| value.strip_prefix(before)) {
            return self.is_plain(rest);
        }
        let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
        let units = ["", "ms", "s", "min", "h", "day", "days", "week", "weeks", "month", "months", "year", "years"];
        number.parse::<f64>().is_ok() && units.contains(&unit)
            || ["yes", "no", "in", "out", "none", "known", "unknown"].contains(&value)
            || value.starts_with("unknown (")
            || value.split(", ").all(|word| self.0.contains(word) || word.parse::<f64>().is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    #[test]
    fn texts_of_a_contact_are_left_out_and_words_of_the_chart_are_shown() {
        let text = "start Lead\nstate Lead\nattribute fit: choice A < B < C\nattribute mail: text\nevent met\n\
                    Lead --met [event.role in (\"influencer\", \"user\")]--> Lead";
        let known = Known::of(&notation::parse(text).unwrap());
        for (words, shown) in [
            ("mail was ann@example.com (needed to be known)", "mail was …"),
            ("not to Lead: mail was ann@example.com, needs x", "not to Lead: mail was …"),
            ("event.name was Ann, needs Ann", "event.name was …"),
            ("event.role was user, needs Ann", "event.role was …"),
            ("street was 12 Main Street, needs to be unknown", "street was …"),
            ("note was 5, needs anything but he was here", "note was …"),
        ] {
            assert_eq!(known.without_texts(words), shown);
        }
        for words in [
            "event.role was user (needed one of influencer, user)",
            "count(purchase) was 2, needs at least 3",
            "not to Lead: time since buy was 3.5 days, needs at least 14 days",
            "time since buy was unknown (it never happened), needs at least 2 h",
            "fit was B (needed not C)",
            "the state was Lead (needed Lead)",
            "the draw of chance(20%) was out, needs in",
        ] {
            assert_eq!(known.without_texts(words), words);
        }
    }

    #[test]
    fn what_may_name_somebody_is_not_shown() {
        assert!(names_nobody("sent reminder") && names_nobody("conversion sale worth 9"));
        assert!(!names_nobody("told Sales: call Ann Miller") && !names_nobody("mail is now ann@example.com"));
    }
}
