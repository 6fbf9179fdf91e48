//! The canvas in a small app, driven by pointer and keys as a user would.

use std::collections::BTreeSet;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use statecraft::gui::{Breakpoint, Canvas, CanvasView, Look, Overlay, Request, Selection, Theme};
use statecraft::model::{Edit, EntityId, NodeId, Point, Project, notation};

/// The least that an app around a canvas does.
pub(crate) struct App {
    pub(crate) project: Project,
    pub(crate) revision: u64,
    pub(crate) canvas: Canvas,
    pub(crate) selection: Selection,
    pub(crate) theme: Theme,
    pub(crate) overlay: Option<Overlay>,
    pub(crate) editable: bool,
    pub(crate) breakpoints: BTreeSet<Breakpoint>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) deleted: Vec<Vec<EntityId>>,
    pub(crate) styled: bool,
    /// The last dot that was clicked.
    pub(crate) followed: Option<(NodeId, u16)>,
}

impl App {
    pub(crate) fn new(journey: &str) -> Self {
        Self {
            project: notation::parse(journey).unwrap(),
            revision: 1,
            canvas: Canvas::new(),
            selection: Selection::default(),
            theme: Theme::of(Look::Light),
            overlay: None,
            editable: true,
            breakpoints: BTreeSet::new(),
            edits: Vec::new(),
            deleted: Vec::new(),
            styled: false,
            followed: None,
        }
    }

    pub(crate) fn ui(&mut self, ui: &mut egui::Ui) {
        if !std::mem::replace(&mut self.styled, true) {
            statecraft::gui::theme::install_fonts(ui.ctx());
            self.theme.apply(ui.ctx());
            return;
        }
        let mut requests = Vec::new();
        let view = CanvasView {
            project: &self.project,
            revision: self.revision,
            selection: &self.selection,
            problems: &[],
            theme: &self.theme,
            overlay: self.overlay.as_ref(),
            breakpoints: &self.breakpoints,
            editable: self.editable,
        };
        self.canvas.ui(ui, &view, &mut requests);
        for request in requests {
            self.run(request);
        }
    }

    pub(crate) fn run(&mut self, request: Request) {
        match request {
            Request::Show(id) => self.selection = Selection::one(id),
            Request::Breakpoint(breakpoint) => {
                if !self.breakpoints.remove(&breakpoint) {
                    self.breakpoints.insert(breakpoint);
                }
            }
            Request::Follow(node, place) => self.followed = Some((node, place)),
            request @ (Request::CopyTable(_)
            | Request::ExportTable(_)
            | Request::CopyText { .. }
            | Request::ExportText(_)
            | Request::AskForVersion
            | Request::ShowContact(..)
            | Request::OpenCopy
            | Request::EditAnyway
            | Request::Announce(_)
            | Request::CompareStories(_)
            | Request::Command(_)) => panic!("the canvas asks for no {request:?}"),
            Request::Place(edit) => {
                let made = self.perform(edit);
                self.selection = made.into_iter().filter(|id| matches!(id, EntityId::Node(_))).collect();
            }
            Request::Paste(_) => panic!("the canvas knows nothing of texts"),
            Request::Select(selection) => self.selection = selection,
            Request::Delete(ids) => self.deleted.push(ids),
            Request::Edit(edit) => {
                self.perform(edit);
            }
            Request::Create(edit) => {
                let created = self.perform(edit);
                let node = created.iter().find(|id| matches!(id, EntityId::Node(_)));
                match node.or(created.first()) {
                    Some(EntityId::Node(node)) => {
                        self.selection = Selection::one(*node);
                        self.canvas.start_rename(*node);
                    }
                    Some(EntityId::Transition(arrow)) => {
                        self.selection = Selection::one(*arrow);
                        self.canvas.ask_trigger(*arrow);
                    }
                    _ => {}
                }
            }
        }
    }

    pub(crate) fn perform(&mut self, edit: Edit) -> Vec<EntityId> {
        let changes = edit.plan(&self.project).unwrap();
        for change in &changes {
            change.apply(&mut self.project);
        }
        self.revision += 1;
        self.edits.push(edit);
        changes.iter().filter(|change| change.before.is_none()).map(|change| change.id).collect()
    }
}

pub(crate) struct Screen(pub(crate) Harness<'static, App>);

impl Screen {
    pub(crate) fn new(journey: &str) -> Self {
        Self::with(App::new(journey))
    }

    pub(crate) fn with(app: App) -> Self {
        let builder = Harness::builder().with_size(vec2(1200.0, 800.0)).with_step_dt(1.0 / 60.0);
        let mut screen = Self(builder.build_ui_state(|ui, app: &mut App| app.ui(ui), app));
        screen.rest();
        screen
    }

    pub(crate) fn rest(&mut self) {
        self.0.run_steps(4);
    }

    pub(crate) fn app(&self) -> &App {
        self.0.state()
    }

    pub(crate) fn node(&self, name: &str) -> NodeId {
        self.app().project.node_by_name(name).unwrap_or_else(|| panic!("no state {name}")).id
    }

    pub(crate) fn place(&self, name: &str) -> Point {
        self.app().project.nodes[&self.node(name)].position
    }

    pub(crate) fn moved_to(&self, name: &str, x: f32, y: f32) -> bool {
        let place = self.place(name);
        (place.x - x).abs() < 0.01 && (place.y - y).abs() < 0.01
    }

    /// The middle of a card on the screen.
    pub(crate) fn card(&self, name: &str) -> Pos2 {
        self.app().canvas.card_on_screen(self.node(name)).unwrap().center()
    }

    /// The handle on the right edge of a card.
    pub(crate) fn handle(&self, name: &str) -> Pos2 {
        self.app().canvas.card_on_screen(self.node(name)).unwrap().right_center()
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.0.event(event);
        self.0.step();
    }

    /// All that happened before a frame came to it.
    pub(crate) fn in_one_frame(&mut self, events: impl IntoIterator<Item = Event>) {
        self.0.input_mut().events.extend(events);
        self.0.step();
    }

    pub(crate) fn hover(&mut self, pos: Pos2) {
        self.event(Event::PointerMoved(pos));
    }

    pub(crate) fn button(&mut self, pos: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) {
        self.event(Event::ModifiersChanged(modifiers));
        self.event(Event::PointerButton { pos, button, pressed, modifiers });
    }

    pub(crate) fn click_with(&mut self, pos: Pos2, modifiers: Modifiers) {
        self.hover(pos);
        self.button(pos, PointerButton::Primary, true, modifiers);
        self.button(pos, PointerButton::Primary, false, modifiers);
        self.event(Event::ModifiersChanged(Modifiers::NONE));
        self.0.step();
    }

    pub(crate) fn click(&mut self, pos: Pos2) {
        self.click_with(pos, Modifiers::NONE);
        // So that the next one is no double click.
        self.0.run_steps(30);
    }

    pub(crate) fn double_click(&mut self, pos: Pos2) {
        self.click_with(pos, Modifiers::NONE);
        self.click_with(pos, Modifiers::NONE);
        self.rest();
    }

    pub(crate) fn drag_with(&mut self, from: Pos2, to: Pos2, button: PointerButton) {
        self.pull(from, to, button, Modifiers::NONE);
    }

    /// A drag with the first button, with keys held down.
    pub(crate) fn drag_holding(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        self.pull(from, to, PointerButton::Primary, modifiers);
    }

    fn pull(&mut self, from: Pos2, to: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.hover(from);
        self.0.step();
        self.button(from, button, true, modifiers);
        for step in 1..=6u8 {
            self.hover(from + (to - from) * (f32::from(step) / 6.0));
        }
        self.button(to, button, false, modifiers);
        self.event(Event::ModifiersChanged(Modifiers::NONE));
        self.rest();
    }

    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.drag_with(from, to, PointerButton::Primary);
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.key_with(key, Modifiers::NONE);
    }

    pub(crate) fn key_with(&mut self, key: Key, modifiers: Modifiers) {
        self.event(Event::ModifiersChanged(modifiers));
        for pressed in [true, false] {
            self.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
        }
        self.event(Event::ModifiersChanged(Modifiers::NONE));
        self.rest();
    }

    pub(crate) fn typed(&mut self, text: &str) {
        self.event(Event::Text(text.to_owned()));
        self.rest();
    }

    pub(crate) fn selected(&self) -> Vec<EntityId> {
        self.app().selection.iter().collect()
    }
}
