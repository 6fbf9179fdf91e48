//! Events sent by hand to the followed contact, at the instant of the clock. Nothing of it is written to the project.

use egui::{Align, Label, Layout, ScrollArea, Ui};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::Theme;
use crate::model::{EventId, NodeId, NodeKind, Project, Time, capitalised};
use crate::simulation::by_hand::Sent;
use crate::simulation::waiting::Meaning;
use crate::simulation::{Cause, Outcome};

/// What became of a press.
enum Wish {
    Send(EventId),
    TakeBack(Option<usize>),
    /// Give up playing everybody again.
    Stop,
}

const SHARED: &str = "Contacts wait for the same team. Whatever you send to one, everybody is played again, since others \
                      then wait longer, or less long.";

impl Simulator {
    /// Buttons for all events; those that mean something now are lit, and come first.
    pub(super) fn by_hand_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project) {
        let mut wish = None;
        ui.label(theme.caption("Send an event now"));
        let nobody = self.why_nothing(project);
        let active = self.active(project);
        let events = project.events.values().map(|event| {
            let said = nobody.clone().map(|why| (false, why));
            let (lit, why) = said.unwrap_or_else(|| self.meaning(project, event.id, &active));
            (event, lit, why)
        });
        let (lit, other): (Vec<_>, Vec<_>) = events.partition(|(_, lit, _)| *lit);
        ScrollArea::vertical().id_salt("by hand").max_height(146.0).auto_shrink([false, true]).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 8.0);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(6.0, 6.0);
                for (event, lit, why) in lit.into_iter().chain(other) {
                    let words = format!("{}  {}", icon::PAPER_PLANE_RIGHT, event.name);
                    // A plain button: one in a room of its own would not go on to the next line.
                    let button = egui::Button::new(words)
                        .fill(theme.palette.card)
                        .stroke(egui::Stroke::new(1.0, theme.palette.outline));
                    let response = ui.add_enabled(lit, button);
                    let name = format!("Send {}", event.name);
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, lit, &name));
                    if response.on_hover_text(&why).on_disabled_hover_text(&why).clicked() {
                        wish = Some(Wish::Send(event.id));
                    }
                }
            });
        });
        self.playing_again_ui(ui, theme, &mut wish);
        self.sent_ui(ui, theme, project, &mut wish);
        ui.add_space(theme.spacing.small);
        match wish {
            Some(Wish::Send(event)) => self.send(event, project),
            Some(Wish::TakeBack(place)) => {
                self.stage.take_back(place);
                self.tell_again(project);
            }
            Some(Wish::Stop) => self.stage.stop_playing_again(),
            None => {}
        }
    }

    /// Where contacts wait for each other, everybody has to be played again before anything can be told.
    fn tell_again(&mut self, project: &Project) {
        if !self.stage.setup().is_some_and(super::work::Setup::is_shared) {
            self.show_story(self.contact, project);
        }
    }

    /// What is said where an event changes others, too.
    fn playing_again_ui(&self, ui: &mut Ui, theme: &Theme, wish: &mut Option<Wish>) {
        if !self.stage.setup().is_some_and(super::work::Setup::is_shared) {
            return;
        }
        if let Some(share) = self.stage.playing_again() {
            ui.horizontal(|ui| {
                ui.add(egui::ProgressBar::new(share).desired_width(90.0).desired_height(8.0));
                ui.label(theme.caption("playing everybody again"));
                if theme.quiet_button(ui, "Cancel").clicked() {
                    *wish = Some(Wish::Stop);
                }
            });
        } else if let Some(problem) = self.stage.problem().filter(|_| self.stage.timeline().is_some()) {
            ui.add(Label::new(theme.problem(crate::simulation::Severity::Warning, problem)).wrap());
        } else {
            ui.add(Label::new(theme.caption(SHARED)).wrap());
        }
    }

    fn sent_ui(&self, ui: &mut Ui, theme: &Theme, project: &Project, wish: &mut Option<Wish>) {
        let all = self.stage.sent();
        for (place, sent) in all.iter().enumerate() {
            if self.contact != Some(sent.contact as usize) {
                continue;
            }
            let name = project.events.get(&sent.event).map_or("(deleted)", |event| event.name.as_str());
            let words = format!("{name} at {}", sent.time.display_in(&project.zone()));
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let gone = theme.quiet_button(ui, icon::X);
                    let called = format!("Take back {words}");
                    gone.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &called));
                    if gone.on_hover_text(&called).clicked() {
                        *wish = Some(Wish::TakeBack(Some(place)));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(Label::new(theme.muted(format!("Sent by hand: {words}"))).truncate());
                    });
                });
            });
        }
        if !all.is_empty() {
            let words = format!("{}  Take back hand-sent events", icon::ARROW_COUNTER_CLOCKWISE);
            if theme.quiet_button(ui, words).on_hover_text("Everybody's future is again as it was").clicked() {
                *wish = Some(Wish::TakeBack(None));
            }
        }
    }

    /// The slots of all nodes in which the followed contact is, groups included.
    fn active(&self, project: &Project) -> Vec<usize> {
        let entry = self.stage.clock().line().and_then(|line| self.story.as_ref()?.entries.get(line));
        let leaves = entry.map_or(&[][..], |entry| &entry.to);
        let parent = |id: &NodeId| project.nodes.get(id).and_then(|node| node.parent);
        let around = leaves.iter().flat_map(|leaf| std::iter::successors(Some(*leaf), parent));
        let slot = |id: NodeId| self.stage.setup()?.machine.node_slot(id);
        let mut active: Vec<usize> = around.filter_map(slot).collect();
        active.sort_unstable();
        active.dedup();
        active
    }

    /// Why no event at all means anything now.
    fn why_nothing(&self, project: &Project) -> Option<String> {
        let story = self.story.as_ref()?;
        if self.contact.is_some_and(|contact| self.stage.is_newcomer(contact)) {
            return Some(format!(
                "{} was won by another contact. Events can be sent by hand to those who start by themselves.",
                story.contact
            ));
        }
        if self.stage.playing_again().is_some() {
            return Some(String::from("Everybody is being played again with what was sent before."));
        }
        let Some(entry) = self.stage.clock().line().and_then(|line| story.entries.get(line)) else {
            return Some(format!("The journey of {} has not begun yet.", story.contact));
        };
        let is_end = |node: &NodeId| {
            project.nodes.get(node).is_some_and(|node| node.kind == NodeKind::End && node.parent.is_none())
        };
        if entry.outcome == Outcome::Halted {
            Some(format!("{} was stopped.", story.contact))
        } else if entry.to.iter().any(is_end) {
            Some(format!("The journey of {} is over.", story.contact))
        } else if self.sending_time().is_none() {
            Some(String::from("The run ends here. Go to an earlier moment, or let it go on longer."))
        } else {
            None
        }
    }

    /// Whether an event means something now, and what, or why not.
    fn meaning(&self, project: &Project, event: EventId, active: &[usize]) -> (bool, String) {
        let Some(setup) = self.stage.setup() else { return (false, String::new()) };
        let name = project.events.get(&event).map_or("", |event| event.name.as_str());
        let here: Vec<NodeId> = self
            .stage
            .clock()
            .line()
            .and_then(|line| Some(self.story.as_ref()?.entries.get(line)?.to.clone()))
            .unwrap_or_default();
        let here = project.node_labels(&here);
        let meaning = setup.machine.event_slots(&[event]).first().copied().flatten();
        match meaning.and_then(|slot| setup.machine.meaning(active, slot)) {
            Some(Meaning::Arrow) => (true, format!("An arrow waits for {name} in {here}.")),
            Some(Meaning::Timer) => (true, format!("A timer of {here} starts over with {name}.")),
            Some(Meaning::Rule) => (true, format!("A score rule counts {name}.")),
            None => (false, capitalised(&format!("nothing in {here} waits for {name}, and no score rule counts it."))),
        }
    }

    /// When an event that is sent now happens: at the instant of the clock, or just after it, where a timer of that instant
    /// has gone off already, which an event would have come before. The past stays as it was.
    fn sending_time(&self) -> Option<Time> {
        let (line, story) = (self.stage.clock().line()?, self.story.as_ref()?);
        let time = self.stage.clock().time().max(story.entries.get(line)?.time);
        let due = |cause: &Cause| matches!(cause, Cause::Timer(_) | Cause::Scheduled(_));
        let taken = story.entries.iter().any(|entry| entry.time == time && due(&entry.cause));
        let time = if taken { Time(time.0 + 1) } else { time };
        (time <= self.stage.setup()?.until).then_some(time)
    }

    fn send(&mut self, event: EventId, project: &Project) {
        let contact = self.contact.and_then(|contact| u32::try_from(contact).ok());
        let (Some(contact), Some(time)) = (contact, self.sending_time()) else { return };
        self.stage.send(Sent { contact, time, event });
        self.tell_again(project);
        self.stage.turn(|clock, reel| {
            clock.pause();
            clock.go(time, reel);
        });
    }
}
