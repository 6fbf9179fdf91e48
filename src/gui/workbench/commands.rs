//! What each command does.

use egui_notify::Toasts;

use super::{Leave, Workbench, Workspace, said};
use crate::gui::command::Command;
use crate::gui::field;
use crate::gui::files::Purpose;
use crate::gui::palette::Palette;
use crate::gui::request::{Request, Selection};
use crate::model::{Edit, EntityId, NodeKind, Point, Project};

impl Workbench {
    pub(super) fn command(&mut self, command: Command, ctx: &egui::Context, toasts: &mut Toasts) {
        match command {
            _ if self.presenting && !command.is_for_the_wall() => {}
            Command::NewJourney => self.leave = Some(Leave::NewJourney),
            Command::Open => self.leave = Some(Leave::Ask(Purpose::Open)),
            Command::SaveCopy => self.leave = Some(Leave::Ask(Purpose::SaveCopy)),
            Command::SaveElsewhere => {
                if !self.document.read_only() {
                    self.leave = Some(Leave::Ask(Purpose::SaveElsewhere));
                }
            }
            Command::ShareWithoutContacts => self.leave = Some(Leave::Ask(Purpose::Share)),
            Command::EarlierVersions => self.leave = Some(Leave::Versions),
            Command::Import => self.leave = Some(Leave::Ask(Purpose::Import)),
            Command::ExportPicture => self.leave = Some(Leave::Ask(Purpose::ExportPicture)),
            Command::CloseProject => self.leave = Some(Leave::Start),
            Command::ToggleTheme => self.leave = Some(Leave::ToggleLook),
            Command::Larger => self.leave = Some(Leave::Larger),
            Command::Smaller => self.leave = Some(Leave::Smaller),
            Command::Undo => match self.document.undo() {
                Some(title) => said(toasts, &format!("Undid {title}")),
                None => said(toasts, "Nothing to undo"),
            },
            Command::Redo => match self.document.redo() {
                Some(title) => said(toasts, &format!("Did {title} again")),
                None => said(toasts, "Nothing to redo"),
            },
            // Where the journey is not in sight, nothing about it is changed.
            Command::Rename | Command::SelectAll
                if matches!(self.workspace, Workspace::Results | Workspace::Matrix) => {}
            Command::Rename => match self.selection.single() {
                Some(EntityId::Node(id)) => self.canvas.start_rename(id),
                Some(EntityId::Transition(id)) => self.canvas.ask_trigger(id),
                Some(id) => field::focus(ctx, ("name", id)),
                None => {}
            },
            Command::SelectAll => {
                let project = self.document.project();
                let nodes = project.nodes.keys().map(|id| EntityId::from(*id));
                self.selection = nodes.chain(project.transitions.keys().map(|id| EntityId::from(*id))).collect();
            }
            Command::ZoomToFit => self.canvas.fit(),
            Command::ZoomTo100 => self.canvas.zoom_to_100(),
            Command::ZoomToSelection => self.canvas.fit_selection(&self.selection),
            Command::Minimap => self.canvas.toggle_minimap(),
            Command::Find => self.find(),
            Command::FindNext => self.find_step(false),
            Command::FindPrevious => self.find_step(true),
            Command::Palette => self.palette = Some(Palette::default()),
            Command::Design => self.workspace = Workspace::Design,
            Command::Matrix => self.workspace = Workspace::Matrix,
            Command::Simulate => self.workspace = Workspace::Simulate,
            Command::Results => self.workspace = Workspace::Results,
            Command::Run => {
                if matches!(self.workspace, Workspace::Design | Workspace::Matrix) {
                    self.workspace = Workspace::Simulate;
                }
                self.simulator.run_again();
            }
            Command::PlayOrPause
            | Command::StepForward
            | Command::StepBack
            | Command::ToStart
            | Command::ToEnd
            | Command::Slower
            | Command::Faster => self.simulator.command(command),
            Command::Present => self.present(!self.presenting),
            Command::NextProblem if self.workspace == Workspace::Matrix => self.next_open(ctx, toasts),
            Command::NextProblem => self.next_problem(toasts),
            Command::Shortcuts => self.shortcuts = true,
            Command::Copy => {
                self.copy(ctx, toasts);
            }
            Command::Delete if self.workspace == Workspace::Matrix => {
                // The state is in sight, but it is the answer that the key is meant for.
                let decision = self.board.decision(self.document.project());
                if let Some(decision) = decision {
                    self.perform(Edit::Delete(vec![decision]), toasts);
                }
            }
            Command::Delete
            | Command::NewState
            | Command::Group
            | Command::Ungroup
            | Command::Cut
            | Command::Paste
            | Command::Duplicate
            | Command::Tidy
            | Command::Collapse
            | Command::Straighten
            | Command::AlignLeft
            | Command::AlignCenter
            | Command::AlignRight
            | Command::AlignTop
            | Command::AlignMiddle
            | Command::AlignBottom
            | Command::DistributeHorizontally
            | Command::DistributeVertically => {
                if self.workspace == Workspace::Design {
                    self.drawing_command(command, ctx, toasts);
                }
            }
        }
    }

    /// What changes the drawing, in the only workspace that draws.
    fn drawing_command(&mut self, command: Command, ctx: &egui::Context, toasts: &mut Toasts) {
        match command {
            Command::Delete => {
                self.delete(self.selection.iter().filter(|id| *id != EntityId::Info).collect(), toasts);
            }
            Command::NewState => self.create(self.new_state(), ctx, toasts),
            Command::Group => self.group(ctx, toasts),
            Command::Ungroup => {
                if let Some(EntityId::Node(group)) = self.selection.single() {
                    self.perform(Edit::Ungroup(group), toasts);
                }
            }
            Command::Cut => self.cut(ctx, toasts),
            Command::Paste => ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Command::Duplicate => self.duplicate(toasts),
            Command::Tidy => self.tidy(toasts),
            Command::Collapse => self.collapse(toasts),
            Command::Straighten => self.straighten(toasts),
            _ => self.arrange(command, toasts),
        }
    }

    /// Opens the search, where the journey is in sight.
    fn find(&mut self) {
        if matches!(self.workspace, Workspace::Results | Workspace::Matrix) {
            self.workspace = Workspace::Design;
        }
        self.finder.get_or_insert_default().focus();
    }

    fn find_step(&mut self, back: bool) {
        let mut requests = Vec::new();
        match &mut self.finder {
            Some(finder) => finder.step(back, &mut requests),
            None => self.find(),
        }
        for request in requests {
            if let Request::Show(id) = request {
                self.selection = Selection::one(id);
                self.canvas.reveal(id);
            }
        }
    }

    /// A state in the middle of the view, beside what lies there already.
    fn new_state(&self) -> Edit {
        let project = self.document.project();
        let center = self.canvas.center();
        let mut position = Point::new(center.x, center.y);
        let taken = |place: Point| {
            let mut places = project.nodes.values().map(|node| node.position);
            places.any(|other| (other.x - place.x).abs() < 24.0 && (other.y - place.y).abs() < 24.0)
        };
        while taken(position) {
            position = Point::new(position.x + 32.0, position.y + 32.0);
        }
        Edit::AddNode { kind: NodeKind::State, name: free_state_name(project), parent: None, position }
    }
}

fn free_state_name(project: &Project) -> String {
    let free = |name: &String| !project.children(None).any(|node| node.name.eq_ignore_ascii_case(name));
    let names =
        (1..).map(|number: u32| if number == 1 { String::from("New state") } else { format!("New state {number}") });
    names.into_iter().find(free).unwrap_or_else(|| String::from("New state"))
}
