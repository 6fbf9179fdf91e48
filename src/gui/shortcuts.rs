//! The sheet that shows what the keys and gestures do.

use egui::{Modal, ScrollArea, Ui};

use super::Theme;
use super::command::Command;

const GESTURES: [(&str, &str); 21] = [
    ("New state", "double-click on the empty canvas"),
    ("New arrow", "drag from a dot at the edge of a state"),
    ("New state and arrow", "drag from a dot to the empty canvas"),
    ("Loop", "drag from a dot back to its own state"),
    ("Rename", "double-click a state, or F2"),
    ("Add to the selection", "Shift and click, or drag a frame"),
    ("Next state", "Ctrl and an arrow key adds one with an arrow to it"),
    ("Walk", "Alt and an arrow key goes along an arrow"),
    ("Move", "drag, or the arrow keys; with Shift in larger steps"),
    ("Move freely", "hold Ctrl while dragging"),
    ("Into a group", "drag a state onto it; drag it out to leave"),
    ("Copy", "hold Alt while dragging"),
    ("Reconnect", "drag an end of the selected arrow"),
    ("Bend", "drag the middle of an arrow; double-click the bend"),
    ("Next found", "Enter in the search; with Shift the one before"),
    ("Pan", "wheel, middle button, or Space and drag"),
    ("Zoom", "Ctrl and wheel, or pinch"),
    ("Finish a text", "Enter; Esc throws it away"),
    ("Walk through panels", "Tab and Shift Tab"),
    ("Clear the selection", "Esc"),
    ("Step while presenting", "arrow keys, Page Up and Page Down"),
];

/// Shows the sheet; returns whether it should go.
pub fn ui(ctx: &egui::Context, theme: &Theme) -> bool {
    let modal = Modal::new(egui::Id::new("shortcuts")).frame(theme.card_frame()).show(ctx, |ui| {
        ui.set_width(860.0);
        ui.label(theme.heading("Keys and gestures"));
        ui.add_space(theme.spacing.medium);
        // A low window scrolls; heading and button stay.
        let height = (ui.ctx().content_rect().height() - 190.0).max(120.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::vec2(theme.spacing.large, theme.spacing.tight);
            ui.spacing_mut().interact_size.y = 22.0;
            ui.columns(2, |columns| {
                let gestures = GESTURES.iter().map(|(name, how)| ((*name).to_owned(), (*how).to_owned()));
                let keys = |command: &Command| {
                    let all: Vec<String> =
                        command.shortcuts().iter().map(|shortcut| ctx.format_shortcut(shortcut)).collect();
                    (command.name().to_owned(), all.join(" or "))
                };
                let with_keys = Command::ALL.iter().filter(|command| !command.shortcuts().is_empty());
                let mut all: Vec<_> = gestures.chain(with_keys.map(keys)).collect();
                let second = all.split_off(all.len().div_ceil(2));
                rows(&mut columns[0], theme, all.into_iter());
                rows(&mut columns[1], theme, second.into_iter());
            });
        });
        ui.add_space(theme.spacing.medium);
        theme.primary_button(ui, "Close").clicked()
    });
    modal.inner || modal.should_close()
}

fn rows(ui: &mut Ui, theme: &Theme, rows: impl Iterator<Item = (String, String)>) {
    for (name, how) in rows {
        ui.horizontal(|ui| {
            let (name_width, height) = (172.0, 22.0);
            ui.allocate_ui(egui::vec2(name_width, height), |ui| {
                ui.set_min_width(name_width);
                ui.add(egui::Label::new(theme.strong(name)).truncate());
            });
            ui.add(egui::Label::new(theme.muted(how)).wrap());
        });
    }
}
