//! The bar at the top: menu, name of the journey, whether it is saved, undo and redo, the workspaces.

use egui::{Align, Button, Layout, RichText, Ui};
use egui_phosphor::regular as icon;

use super::command::Command;
use super::field::{Look, text_field};
use super::request::Request;
use super::theme::inside;
use super::workbench::Workspace;
use super::{Theme, clock};
use crate::document::Document;
use crate::model::Edit;
use crate::store::{Publishing, SaveState};

const TABS: [(Workspace, Command); 4] = [
    (Workspace::Design, Command::Design),
    (Workspace::Matrix, Command::Matrix),
    (Workspace::Simulate, Command::Simulate),
    (Workspace::Results, Command::Results),
];

/// Draws the bar.
pub fn ui(ui: &mut Ui, theme: &Theme, document: &Document, workspace: Workspace, requests: &mut Vec<Request>) {
    let bar = ui.max_rect();
    ui.horizontal_centered(|ui| {
        menu(ui, theme, document, requests);
        ui.add_space(theme.spacing.small);
        ui.add_enabled_ui(!document.read_only(), |ui| {
            ui.set_max_width((bar.width() * 0.18).clamp(120.0, 300.0));
            let name = &document.project().info.name;
            let field = text_field(ui, ("journey name", name), name, &Look::line("Name of the journey"));
            if let Some(name) = field.finished {
                requests.push(Request::Edit(Edit::RenameJourney(name)));
            }
        });
        saved(ui, theme, document, requests);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            tool(ui, theme, Command::ToggleTheme, None, true, requests);
            tool(ui, theme, Command::Shortcuts, None, true, requests);
            ui.separator();
            let redo = document.redo_title();
            tool(ui, theme, Command::Redo, redo, redo.is_some(), requests);
            let undo = document.undo_title();
            tool(ui, theme, Command::Undo, undo, undo.is_some(), requests);
            ui.separator();
            if workspace == Workspace::Design {
                tool(ui, theme, Command::Tidy, None, !document.read_only(), requests);
            }
            tool(ui, theme, Command::Palette, None, true, requests);
            if workspace != Workspace::Results {
                tool(ui, theme, Command::Find, None, true, requests);
            }
        });
    });
    // In a narrow window the icons must do.
    let narrow = bar.width() < 1_200.0;
    let tab_width = if narrow { 48.0 } else { 116.0 };
    #[expect(clippy::cast_precision_loss, reason = "a few tabs")]
    let width = TABS.len() as f32 * (tab_width + theme.spacing.tight);
    let tabs = egui::Rect::from_center_size(bar.center(), egui::vec2(width, bar.height()));
    inside(ui, tabs, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme.spacing.tight;
        for (tab, command) in TABS {
            let selected = tab == workspace;
            let color = if selected { theme.palette.accent } else { theme.palette.text_muted };
            let words = if narrow { String::new() } else { format!("  {}", command.name()) };
            let text = RichText::new(format!("{}{words}", command.icon())).size(theme.sizes.subheading).color(color);
            let fill = if selected { theme.palette.accent_soft } else { egui::Color32::TRANSPARENT };
            let button = Button::new(if selected { text.family(super::theme::strong_family()) } else { text })
                .fill(fill)
                .stroke(egui::Stroke::NONE);
            let response = ui.add_sized([tab_width, 34.0], button);
            response
                .widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, selected, command.name()));
            if hover(response, command, None, ui.ctx()).clicked() {
                requests.push(Request::Command(command));
            }
        }
    });
}

/// The button's tooltip, with what it would take back and its keys.
fn hover(response: egui::Response, command: Command, what: Option<&str>, ctx: &egui::Context) -> egui::Response {
    let keys = command.shortcut_text(ctx);
    let text = what.map_or_else(|| command.tooltip().to_owned(), |what| format!("{} {what}", command.name()));
    response
        .on_hover_text(format!("{text}  ({keys})"))
        .on_disabled_hover_text(format!("{}  ({keys})", command.tooltip()))
}

/// A button of one icon.
pub fn tool(
    ui: &mut Ui,
    theme: &Theme,
    command: Command,
    what: Option<&str>,
    enabled: bool,
    requests: &mut Vec<Request>,
) {
    let text = RichText::new(command.icon()).size(18.0);
    let response = ui.add_enabled_ui(enabled, |ui| theme.quiet_button(ui, text)).inner;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, command.name()));
    if hover(response, command, what, ui.ctx()).clicked() {
        requests.push(Request::Command(command));
    }
}

fn menu(ui: &mut Ui, theme: &Theme, document: &Document, requests: &mut Vec<Request>) {
    let button = RichText::new(icon::LIST).size(20.0).color(theme.palette.text);
    let response = ui.menu_button(button, |ui| {
        ui.set_min_width(260.0);
        for group in [
            &[Command::NewJourney, Command::Open][..],
            &[Command::SaveCopy, Command::SaveElsewhere, Command::ShareWithoutContacts, Command::EarlierVersions],
            &[Command::Import, Command::ExportPicture],
            &[Command::Undo, Command::Redo],
            &[Command::Tidy, Command::Find, Command::Palette],
            &[Command::NextProblem, Command::Shortcuts],
            &[Command::Present, Command::ToggleTheme, Command::Larger, Command::Smaller],
            &[Command::CloseProject],
        ] {
            for command in group {
                let what = match command {
                    Command::Undo => document.undo_title(),
                    Command::Redo => document.redo_title(),
                    _ => None,
                };
                let missing = (matches!(command, Command::Undo | Command::Redo) && what.is_none())
                    || (*command == Command::SaveElsewhere && document.read_only());
                let name = what.map_or_else(|| command.name().to_owned(), |what| format!("{} {what}", command.name()));
                let keys = command.shortcut_text(ui.ctx());
                let mut entry = Button::new(format!("{}  {name}", command.icon()));
                if !keys.is_empty() {
                    entry = entry.shortcut_text(keys);
                }
                if ui.add_enabled(!missing, entry).on_hover_text(command.tooltip()).clicked() {
                    requests.push(Request::Command(*command));
                    ui.close();
                }
            }
            if *group != [Command::CloseProject] {
                ui.separator();
            }
        }
    });
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, "Menu"));
}

fn saved(ui: &mut Ui, theme: &Theme, document: &Document, requests: &mut Vec<Request>) {
    let text = saved_text(document);
    match document.save_state() {
        _ if document.read_only() => {
            ui.label(theme.caption(format!("{} {text}", icon::LOCK_SIMPLE)))
                .on_hover_text("Nothing can be changed here. Use Save a copy to go on in another file.");
        }
        SaveState::Saved { .. } => {
            let color = match document.publishing() {
                Publishing::Failed { .. } => theme.palette.warning,
                Publishing::Waiting => theme.palette.text_muted,
                Publishing::InPlace | Publishing::Published { .. } => theme.palette.success,
            };
            let look = theme.caption(format!("{} {text}", icon::CHECK_CIRCLE)).color(color);
            ui.label(look).on_hover_text(document.path().display().to_string());
        }
        SaveState::Saving => {
            ui.label(theme.caption(format!("{} {text}", icon::CIRCLE_DASHED)));
        }
        SaveState::Failed { why } => {
            let look = theme.problem(crate::simulation::Severity::Error, "Not saved");
            ui.label(look).on_hover_text(format!("{why} Your work is kept in memory and saving is tried again."));
            if theme.secondary_button(ui, "Try now").clicked() {
                document.retry_saving();
            }
            if theme.secondary_button(ui, "Save elsewhere…").clicked() {
                requests.push(Request::Command(Command::SaveElsewhere));
            }
        }
    }
}

/// Saving, Saved 12:04, Saved here where the file that others see is behind, or Not saved and why.
#[must_use]
pub fn saved_text(document: &Document) -> String {
    match document.save_state() {
        _ if document.read_only() => String::from("Read-only"),
        SaveState::Saved { at, .. } => match document.publishing() {
            Publishing::Failed { .. } => String::from("Saved here only"),
            Publishing::Waiting => String::from("Saved here"),
            Publishing::InPlace | Publishing::Published { .. } => format!("Saved {}", clock::time(at)),
        },
        SaveState::Saving => String::from("Saving…"),
        SaveState::Failed { why } => format!("Not saved – {why}"),
    }
}
