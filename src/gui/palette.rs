//! The palette: every command by its name, with its keys, and every state to go to. What is typed need not be whole words.

use egui::{Align, Key, Layout, Modal, Modifiers, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};
use egui_phosphor::regular as icon;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::Theme;
use super::command::Command;
use crate::model::{EntityId, Project};

/// What somebody is looking for.
#[derive(Debug, Default)]
pub struct Palette {
    text: String,
    chosen: usize,
    shown: bool,
}

/// How the palette stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Open,
    Closed,
    Run(Command),
    Show(EntityId),
}

struct Item {
    answer: Answer,
    icon: &'static str,
    words: String,
    keys: String,
}

impl Palette {
    /// Draws it over everything. `on_stage`: the commands of the clock are among the others.
    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme, project: &Project, on_stage: bool) -> Answer {
        let mut answer = Answer::Open;
        let modal = Modal::new(egui::Id::new("palette")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(520.0);
            answer = self.inside(ui, theme, project, on_stage);
        });
        if modal.should_close() && answer == Answer::Open { Answer::Closed } else { answer }
    }

    fn inside(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, on_stage: bool) -> Answer {
        let step = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (down, up, enter) = (step(Key::ArrowDown), step(Key::ArrowUp), step(Key::Enter));
        let field = TextEdit::singleline(&mut self.text)
            .hint_text(RichText::new("What do you want to do, or where to go?").color(theme.palette.text_muted))
            .margin(vec2(10.0, 8.0))
            .desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| {
            egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, "Command or state to look for")
        });
        if !std::mem::replace(&mut self.shown, true) {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let items = items(ui.ctx(), project, on_stage, &self.text);
        if down {
            self.chosen = (self.chosen + 1).min(items.len().saturating_sub(1));
        }
        if up {
            self.chosen = self.chosen.saturating_sub(1);
        }
        ui.add_space(theme.spacing.small);
        let mut answer = Answer::Open;
        if items.is_empty() {
            ui.label(theme.muted("Nothing is called like that."));
        }
        let height = (ui.ctx().content_rect().height() - 220.0).clamp(120.0, 420.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            for (index, item) in items.iter().enumerate() {
                let row = row(ui, theme, item, index == self.chosen);
                if index == self.chosen && (down || up) {
                    row.scroll_to_me(None);
                }
                if row.clicked() || (enter && index == self.chosen) {
                    answer = item.answer;
                }
            }
        });
        answer
    }
}

fn row(ui: &mut Ui, theme: &Theme, item: &Item, chosen: bool) -> egui::Response {
    let words = theme.text(format!("{}  {}", item.icon, item.words));
    ui.with_layout(Layout::top_down_justified(Align::Min), |ui| {
        let button = egui::Button::selectable(chosen, words).shortcut_text(item.keys.clone());
        ui.add(button.sense(Sense::CLICK).min_size(vec2(0.0, 28.0)))
    })
    .inner
}

/// What fits to `text`, the best first; commands before states where they fit equally well.
fn items(ctx: &egui::Context, project: &Project, on_stage: bool, text: &str) -> Vec<Item> {
    let commands = Command::ALL
        .into_iter()
        .filter(|command| *command != Command::Palette && (on_stage || !command.is_of_the_stage()));
    let commands = commands.map(|command| Item {
        answer: Answer::Run(command),
        icon: command.icon(),
        words: command.name().to_owned(),
        keys: command.shortcut_text(ctx),
    });
    let states = project.document_order().into_iter().map(|(_, node)| Item {
        answer: Answer::Show(node.id.into()),
        icon: icon::ARROW_BEND_DOWN_RIGHT,
        words: format!("Go to {}", project.node_label(node.id)),
        keys: String::new(),
    });
    ranked(commands.chain(states), text)
}

fn ranked(items: impl Iterator<Item = Item>, text: &str) -> Vec<Item> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut letters = Vec::new();
    let mut scored: Vec<(u32, Item)> = items
        .filter_map(|item| Some((pattern.score(Utf32Str::new(&item.words, &mut letters), &mut matcher)?, item)))
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn best(text: &str) -> Option<String> {
        let project = notation::parse("state Lead\nstate Aligned customer").unwrap();
        let found = items(&egui::Context::default(), &project, false, text);
        found.first().map(|item| item.words.clone())
    }

    #[test]
    fn a_few_letters_find_commands_and_states() {
        assert_eq!(best("al left").as_deref(), Some("Align left"));
        assert_eq!(best("dsthor").as_deref(), Some("Distribute horizontally"));
        assert_eq!(best("lead").as_deref(), Some("Go to Lead"));
        assert_eq!(best("xyzzy"), None);
    }
}
