//! Above the table: what is looked for, what the signs mean and how many there are of each, and the ways out of the window.

use egui::{Align, ComboBox, Layout, RichText, TextEdit, Ui, vec2};
use egui_phosphor::regular as icon;

use super::Board;
use super::look::icon_of;
use crate::analysis::matrix::{Filter, Kind};
use crate::gui::Theme;
use crate::gui::field::{named, titled};
use crate::gui::request::Request;
use crate::gui::theme::FIELD_MARGIN;
use crate::model::{Project, Stage};

impl Board {
    pub(super) fn bar_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, requests: &mut Vec<Request>) {
        let before = self.filter.clone();
        egui::Frame::new().inner_margin(egui::Margin { left: 14, right: 14, top: 10, bottom: 8 }).show(ui, |ui| {
            let room = ui.available_width();
            let narrow = room < if self.is_counting() { 1_060.0 } else { 940.0 };
            // Where the filters need a line for themselves, the ways out stand beside the legend.
            let tight = room < 760.0;
            let beside = Layout::right_to_left(Align::Center);
            if tight {
                ui.horizontal_wrapped(|ui| self.filters(ui, theme, narrow));
            } else {
                ui.horizontal(|ui| {
                    self.filters(ui, theme, narrow);
                    ui.with_layout(beside, |ui| self.ways_out(ui, theme, project, narrow, requests));
                });
            }
            ui.add_space(theme.spacing.tight);
            if tight {
                ui.allocate_ui_with_layout(vec2(room, 30.0), beside, |ui| {
                    self.ways_out(ui, theme, project, narrow, requests);
                    let rest = Layout::left_to_right(Align::Center).with_main_wrap(true);
                    ui.with_layout(rest, |ui| self.legend(ui, theme));
                });
            } else {
                ui.horizontal_wrapped(|ui| self.legend(ui, theme));
            }
        });
        if self.filter != before {
            self.look_again(project);
            self.reveal = true;
        }
    }

    /// Copying, and the files that can be written.
    fn ways_out(&self, ui: &mut Ui, theme: &Theme, project: &Project, narrow: bool, requests: &mut Vec<Request>) {
        for (sign, word, tooltip) in [
            (icon::PRINTER, "Page", "Write a page to print, for a workshop"),
            (icon::EXPORT, "CSV", "Write what is shown to a file for spreadsheets"),
            (icon::COPY, "Copy", "Copy what is shown, to be pasted into a spreadsheet (Ctrl+C)"),
        ] {
            let words = if narrow { sign.to_owned() } else { format!("{sign}  {word}") };
            let button = theme.quiet_button(ui, words);
            let name = format!("{word}: matrix");
            button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
            if button.on_hover_text(tooltip).clicked() {
                requests.push(match word {
                    "Copy" => self.copied(project),
                    "CSV" => self.as_csv(project),
                    _ => self.as_page(project),
                });
            }
        }
    }

    fn filters(&mut self, ui: &mut Ui, theme: &Theme, narrow: bool) {
        let (field_width, list_width) = if narrow { (110.0, 72.0) } else { (150.0, 110.0) };
        let hint = format!("{}  State or event", icon::MAGNIFYING_GLASS);
        let field =
            TextEdit::singleline(&mut self.filter.text).hint_text(hint).margin(FIELD_MARGIN).desired_width(field_width);
        titled(&ui.add(field), "State or event", &self.filter.text);
        let words = format!("{}  Undecided only", icon::CIRCLE_DASHED);
        let text = RichText::new(words).size(theme.sizes.body);
        let toggle = ui.add(egui::Button::selectable(self.filter.open, text).min_size(vec2(0.0, 30.0)));
        toggle.widget_info(|| {
            egui::WidgetInfo::selected(egui::WidgetType::Checkbox, true, self.filter.open, "Undecided only")
        });
        if toggle.on_hover_text("Leave out states and events about which all is said").clicked() {
            self.filter.open = !self.filter.open;
        }
        self.met_switches(ui, theme, narrow);
        let all = String::from("all stages");
        let current = self.filter.stage.map_or(all.clone(), |stage| stage.label().to_owned());
        let list =
            ComboBox::from_id_salt("stage of the matrix").width(list_width).selected_text(&current).show_ui(ui, |ui| {
                for stage in std::iter::once(None).chain(Stage::ALL.map(Some)) {
                    let words =
                        stage.map_or(all.clone(), |stage| format!("{}  {}", theme.stage(stage).icon, stage.label()));
                    ui.selectable_value(&mut self.filter.stage, stage, words);
                }
            });
        named(&list.response, "Stage", &current);
        let owners = self.matrix.owners();
        let everybody = String::from("all owners");
        let current = self.filter.owner.clone().unwrap_or_else(|| everybody.clone());
        let list = ComboBox::from_id_salt("owner of the matrix")
            .width(list_width)
            .truncate()
            .selected_text(&current)
            .show_ui(ui, |ui| {
                for owner in std::iter::once(None).chain(owners.into_iter().map(Some)) {
                    let words = owner.clone().unwrap_or_else(|| everybody.clone());
                    ui.selectable_value(&mut self.filter.owner, owner, words);
                }
            });
        named(&list.response, "Owner", &current);
        if self.filter != Filter::default() && theme.quiet_button(ui, format!("{}  Show all", icon::X)).clicked() {
            self.filter = Filter::default();
        }
    }

    fn legend(&self, ui: &mut Ui, theme: &Theme) {
        ui.spacing_mut().item_spacing.x = theme.spacing.medium;
        let entry = |ui: &mut Ui, sign: &str, words: &str, count: usize, ink, meaning: &str| {
            let text = RichText::new(format!("{sign} {words} {count}")).size(theme.sizes.small).color(ink);
            ui.label(text).on_hover_text(meaning);
        };
        for kind in [Kind::Undecided, Kind::Question, Kind::Moves, Kind::Stays, Kind::Splits, Kind::Inherited]
            .into_iter()
            .chain([Kind::Beside, Kind::Restarts, Kind::Ignored])
        {
            let count = self.counts.of(kind);
            let ink = if kind == Kind::Undecided { theme.palette.warning } else { theme.palette.text_muted };
            if count > 0 || kind == Kind::Undecided {
                entry(ui, icon_of(kind), kind.label(), count, ink, kind.meaning());
            }
            if kind == Kind::Undecided && self.counts.in_part > 0 {
                let meaning = "There is an answer, but none for every contact.";
                entry(ui, icon::CIRCLE_HALF, "in part", self.counts.in_part, ink, meaning);
            }
        }
        self.met_legend(ui, theme);
        if self.counts.unclear > 0 {
            let meaning = "The conditions are of a kind of which it is not known whether they leave somebody out.";
            entry(ui, icon::EYE_SLASH, "not analysed", self.counts.unclear, theme.palette.text_muted, meaning);
        }
    }
}
