//! Reading a story line by line: play, pause, step, step back. Stepping back is exact, for every line holds its own
//! outcome; nothing is undone.

use egui::{Align, Context, Layout, RichText, Slider, Ui};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::request::Request;
use crate::gui::{Command, Theme};
use crate::model::Project;
use crate::simulation::Story;

/// How long one line takes while playing, in seconds, at speed 1.
const LINE: f32 = 1.2;
/// How long the glide along an arrow takes, in seconds.
const GLIDE: f32 = 0.7;

/// Where in the story we are.
#[derive(Debug)]
pub(super) struct Player {
    line: usize,
    playing: bool,
    /// Seconds since the line was reached.
    since: f32,
    speed: f32,
}

impl Default for Player {
    fn default() -> Self {
        Self { line: 0, playing: false, since: GLIDE, speed: 1.0 }
    }
}

impl Player {
    pub(super) fn at_the_end(story: Option<&Story>) -> Self {
        Self { line: story.map_or(0, |story| story.entries.len().saturating_sub(1)), ..Self::default() }
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn go_to(&mut self, line: usize) {
        self.line = line;
        self.since = 0.0;
        self.playing = false;
    }

    /// How far the contact has glided along the arrow of this line, 0 to 1.
    pub(super) fn progress(&self) -> f32 {
        let t = (self.since / GLIDE).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }

    pub(super) fn play_or_pause(&mut self, story: Option<&Story>) {
        let Some(story) = story else { return };
        self.playing = !self.playing;
        if self.playing && self.line + 1 >= story.entries.len() {
            self.line = 0;
            self.since = 0.0;
        }
    }

    pub(super) fn step(&mut self, lines: isize, story: Option<&Story>) {
        let last = story.map_or(0, |story| story.entries.len().saturating_sub(1));
        self.playing = false;
        self.line = self.line.saturating_add_signed(lines).min(last);
        self.since = if lines > 0 { 0.0 } else { GLIDE };
    }

    /// Lets time pass; asks for another frame only while something moves.
    pub(super) fn advance(&mut self, ctx: &Context, story: Option<&Story>) {
        let Some(story) = story else { return };
        let gliding = self.since < GLIDE;
        if !gliding && !self.playing {
            return;
        }
        self.since += ctx.input(|input| input.stable_dt).min(0.1) * self.speed.max(1.0);
        if self.playing && self.since >= LINE / self.speed.min(1.0) {
            if self.line + 1 < story.entries.len() {
                self.line += 1;
                self.since = 0.0;
            } else {
                self.playing = false;
            }
        }
        ctx.request_repaint_after(std::time::Duration::from_millis(16));
    }
}

impl Simulator {
    /// The bar below the canvas.
    pub fn player_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, requests: &mut Vec<Request>) {
        let Some(story) = &self.story else {
            ui.horizontal_centered(|ui| {
                ui.label(theme.muted("Choose a contact on the left to read and replay their story."));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if theme.secondary_button(ui, format!("{}  Run again", icon::ARROWS_CLOCKWISE)).clicked() {
                        requests.push(Request::Command(Command::Run));
                    }
                });
            });
            return;
        };
        let last = story.entries.len().saturating_sub(1);
        let entry = story.entries.get(self.player.line);
        let zone = project.zone();
        ui.horizontal_centered(|ui| {
            for (command, enabled) in [
                (Command::StepBack, self.player.line > 0),
                (Command::PlayOrPause, last > 0),
                (Command::StepForward, self.player.line < last),
            ] {
                let sign = match command {
                    Command::PlayOrPause if self.player.playing => icon::PAUSE,
                    other => other.icon(),
                };
                let keys = command.shortcut_text(ui.ctx());
                let response =
                    ui.add_enabled_ui(enabled, |ui| theme.secondary_button(ui, RichText::new(sign).size(18.0))).inner;
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, command.name()));
                if response.on_hover_text(format!("{}  ({keys})", command.tooltip())).clicked() {
                    requests.push(Request::Command(command));
                }
            }
            ui.add_space(theme.spacing.small);
            let mut line = self.player.line;
            ui.spacing_mut().slider_width = (ui.available_width() - 420.0).clamp(80.0, 420.0);
            let scrub = ui.add(Slider::new(&mut line, 0..=last).show_value(false).trailing_fill(true));
            if scrub.on_hover_text("Any line of the story").changed() {
                self.player.go_to(line);
            }
            ui.label(theme.muted(format!("{} of {}", self.player.line + 1, last + 1)));
            if let Some(entry) = entry {
                ui.add_space(theme.spacing.small);
                ui.label(theme.strong(entry.time.display_in(&zone)));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for speed in [4.0, 2.0, 1.0, 0.5] {
                    let selected = (self.player.speed - speed).abs() < f32::EPSILON;
                    if ui
                        .selectable_label(selected, format!("{speed}×"))
                        .on_hover_text("How fast the story plays")
                        .clicked()
                    {
                        self.player.speed = speed;
                    }
                }
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dataset, Time, notation};
    use crate::simulation::{Machine, Run};

    #[test]
    fn stepping_back_shows_exactly_the_line_before() {
        let project =
            notation::parse("A --go--> B\nB --go--> A\ncontact X\n2026-01-01 go, 2026-01-02 go, 2026-01-03 go")
                .unwrap();
        let (dataset, events) = Dataset::of_samples(&project);
        let machine = Machine::of(&project);
        let story = Run::new(&machine, &dataset, &events, None::<Time>, 1).story(0);
        let mut player = Player::at_the_end(Some(&story));
        assert_eq!(player.line(), 3);
        player.step(-1, Some(&story));
        player.step(-9, Some(&story));
        assert_eq!(player.line(), 0);
        player.step(1, Some(&story));
        assert_eq!((player.line(), player.progress()), (1, 0.0));
        player.step(9, Some(&story));
        assert_eq!(player.line(), 3);
    }
}
