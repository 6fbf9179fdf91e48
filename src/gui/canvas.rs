//! The canvas: draws a journey and turns gestures into requests. A gesture that ends becomes exactly one [`Edit`]; the
//! project itself is only read. Knows nothing of files, undo or other panels. At rest it asks for no repaint.

mod arrow;
mod backdrop;
mod bend;
mod buckets;
mod camera;
mod card;
mod create;
mod dots;
mod folded;
mod follow;
mod frame;
mod geometry;
mod gesture;
mod glide;
mod heat;
mod hover;
mod keyboard;
mod label;
mod lanes;
mod menu;
mod minimap;
mod moving;
mod naming;
mod obstacles;
mod outside;
mod places;
mod ports;
mod preview;
mod projection;
mod regions;
mod route;
mod scene;
mod select;
mod sign;
mod sketch;
mod snap;
mod text;
mod trigger_field;
mod withheld;

use std::collections::{BTreeMap, BTreeSet};

use egui::{Painter, Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use self::arrow::{ArrowData, ArrowState};
use self::camera::Camera;
use self::card::CardState;
pub use self::dots::Dots;
use self::gesture::Gesture;
use self::glide::Glide;
use self::naming::Naming;
use self::projection::{Hit, Moved, Projection, Shift};
use self::scene::Scene;
pub use self::scene::{Part, paint_still};
pub use self::select::{outermost, with_inner};
use self::text::{Measured, Ruler};
use self::trigger_field::Asking;
pub use self::withheld::Withheld;
use crate::gui::Breakpoint;
use crate::gui::request::{Request, Selection};
use crate::gui::theme::Theme;
use crate::model::{EntityId, NodeId, Project, TransitionId};
use crate::simulation::problem::{Problem, Severity};

/// Below this zoom every card is one quad of a mesh.
const QUADS_BELOW: f32 = 0.12;

/// A view of one journey, with what is under way in it.
#[derive(Default)]
pub struct Canvas {
    camera: Camera,
    projection: Projection,
    /// What the projection was built from.
    built: Option<Built>,
    measured: Measured,
    gesture: Gesture,
    /// Cards on their way to new places.
    glide: Option<Glide>,
    hovered: Option<Hit>,
    /// The card that shows its handles.
    handles: Option<NodeId>,
    naming: Option<Naming>,
    asking: Option<Asking>,
    /// What the context menu is about.
    menu: (Pos2, Option<Hit>),
    fit: Fit,
    /// What to bring into view with the next frame.
    to_show: Selection,
    /// What a search has found.
    found: BTreeSet<EntityId>,
    minimap: bool,
    /// The last thing asked for was a state with an arrow to it: when it has a name, its arrow wants an event.
    connected: bool,
}

/// What a projection depends on.
#[derive(PartialEq)]
struct Built {
    revision: u64,
    shift: Shift,
    /// How far cards are from their places, if they are on their way.
    away: f32,
    counted: bool,
}

/// When to bring everything into view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fit {
    #[default]
    Wanted,
    /// Fitted, and nobody has moved since: fits again when the window changes its size.
    Kept,
    Left,
}

/// What the canvas draws from.
pub struct CanvasView<'a> {
    pub project: &'a Project,
    /// Changes whenever `project` does.
    pub revision: u64,
    pub selection: &'a Selection,
    pub problems: &'a [Problem],
    pub theme: &'a Theme,
    /// A run, drawn over the journey.
    pub overlay: Option<&'a Overlay>,
    /// Where playing stops.
    pub breakpoints: &'a BTreeSet<Breakpoint>,
    pub editable: bool,
}

/// What a run has done so far.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    pub resting: BTreeMap<NodeId, u64>,
    pub entered: BTreeMap<NodeId, u64>,
    /// How often each arrow fired; arrows that are missing show no count.
    pub fired: BTreeMap<TransitionId, u64>,
    /// Where the followed contact is: several places in a parallel.
    pub active: BTreeSet<NodeId>,
    /// Who rests where, for cards that show it.
    pub dots: BTreeMap<NodeId, Dots>,
    /// Contacts on their way.
    pub flights: Vec<Flight>,
    /// How many are on their way, where they are too many to show each.
    pub flow: BTreeMap<TransitionId, u64>,
    /// How long a visit has lasted on average so far, in milliseconds.
    pub spent: BTreeMap<NodeId, i64>,
    /// The shortest and the longest of these times in the whole run.
    pub times: Option<(i64, i64)>,
    /// What the send policy kept back, by what sends it.
    pub withheld: BTreeMap<EntityId, Withheld>,
    /// Where playing has stopped.
    pub stopped: Option<Breakpoint>,
}

/// A contact on its way along an arrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    pub arrow: TransitionId,
    /// How far it has come, from 0 to 1.
    pub progress: f32,
    /// It is the contact that is followed.
    pub followed: bool,
}

impl Canvas {
    /// A view that shows everything when it is first drawn.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Brings everything into view, with the next frame. Also to be called when another project has been opened.
    pub fn fit(&mut self) {
        self.fit = Fit::Wanted;
        self.built = None;
    }

    /// Lets cards glide from where they are in `project` to where they are in the next one that is drawn.
    pub fn glide_from(&mut self, project: &Project) {
        self.glide = Some(Glide::from(project));
    }

    /// Brings what is selected into view.
    pub fn fit_selection(&mut self, selection: &Selection) {
        if let Some(bounds) = selection.iter().filter_map(|id| self.place_of(id)).reduce(Rect::union) {
            self.camera.fit(bounds);
            self.fit = Fit::Left;
        }
    }

    /// Brings all of `these` into view, with the next frame, when they are drawn.
    pub fn show_all(&mut self, these: Selection) {
        self.to_show = these;
    }

    pub fn zoom_to_100(&mut self) {
        self.camera.reset_zoom();
        self.fit = Fit::Left;
    }

    /// The place in the middle of the view, in the units of the drawing.
    #[must_use]
    pub fn center(&self) -> Pos2 {
        self.camera.visible().center()
    }

    /// Magnifies by `factor` around the middle, for buttons.
    pub fn zoom_by(&mut self, factor: f32) {
        let middle = self.camera.screen_from_canvas(self.camera.visible().center());
        self.camera.zoom_at(middle, factor);
        self.fit = Fit::Left;
    }

    #[must_use]
    pub fn zoom(&self) -> f32 {
        self.camera.zoom()
    }

    /// Opens the name of a state for editing, in place. After a [`Request::Create`] of a state, with its id.
    pub fn start_rename(&mut self, node: NodeId) {
        self.asking = None;
        self.naming = Some(Naming::new(node, std::mem::take(&mut self.connected)));
    }

    /// Asks in place what sets an arrow off. After a [`Request::Create`] of an arrow, with its id.
    pub fn ask_trigger(&mut self, arrow: TransitionId) {
        self.naming = None;
        self.asking = Some(Asking::new(arrow));
    }

    /// Whether a name or a trigger is being typed: then every key belongs to the text, Escape and Enter too.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.naming.is_some() || self.asking.is_some()
    }

    /// Scrolls as little as needed to show a state or an arrow.
    pub fn reveal(&mut self, id: EntityId) {
        if let Some(rect) = self.place_of(id) {
            self.camera.reveal(rect);
            self.fit = Fit::Left;
        }
    }

    /// Reveals what lies outside the view altogether.
    fn show(&mut self, id: EntityId) {
        if self.place_of(id).is_some_and(|rect| !self.camera.visible().intersects(rect)) {
            self.reveal(id);
        }
    }

    fn place_of(&self, id: EntityId) -> Option<Rect> {
        match id {
            EntityId::Node(node) => self.projection.stand_in(node).map(|card| card.rect),
            EntityId::Transition(arrow) => self.projection.arrow(arrow).map(ArrowData::bounds),
            _ => None,
        }
    }

    /// Whether a small picture of everything lies in the corner.
    #[must_use]
    pub fn shows_minimap(&self) -> bool {
        self.minimap
    }

    pub fn toggle_minimap(&mut self) {
        self.minimap = !self.minimap;
    }

    /// Marks what a search has found.
    pub fn mark_found(&mut self, found: BTreeSet<EntityId>) {
        self.found = found;
    }

    /// The chip of an arrow on the screen, as last drawn.
    #[must_use]
    pub fn label_on_screen(&self, arrow: TransitionId) -> Option<Rect> {
        self.projection.arrow(arrow).map(|arrow| self.camera.screen_rect(arrow.label_rect))
    }

    /// Draws into all the room there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        let (rect, background) = ui.allocate_exact_size(ui.available_size(), Sense::CLICK | Sense::DRAG);
        background.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Canvas"));
        let painter = ui.painter_at(rect);
        let zoom = self.zoom();
        self.glide(ui, view);
        self.project(&painter, view);
        if self.camera.set_view(rect) && self.fit == Fit::Kept {
            self.fit = Fit::Wanted;
        }
        if self.fit == Fit::Wanted {
            match self.projection.bounds() {
                Some(bounds) => self.camera.fit(bounds),
                None => self.camera = Camera::default(),
            }
            self.camera.set_view(rect);
            self.fit = if self.projection.is_empty() { Fit::Left } else { Fit::Kept };
        }
        let to_show = std::mem::take(&mut self.to_show);
        if let Some(bounds) = to_show.iter().filter_map(|id| self.place_of(id)).reduce(Rect::union) {
            self.camera.show(bounds);
            self.fit = Fit::Left;
        }
        let touched = self.regions(ui, view, &background);
        self.toggles(ui, view, &background, requests);
        self.navigate(ui, &background);
        self.keys(ui, view, requests);
        self.gestures(ui, view, &background, &touched, requests);
        // A drag has moved cards: show them where they are now, not a frame later.
        self.project(&painter, view);
        self.paint(&painter, view);
        self.menu(ui, view, &background, &touched, requests);
        self.edit_name(ui, view, requests);
        self.edit_trigger(ui, view, requests);
        self.minimap_ui(ui, view);
        if (self.zoom() - zoom).abs() > f32::EPSILON {
            // Bars that show the zoom were drawn before.
            ui.ctx().request_repaint();
        }
    }

    fn project(&mut self, painter: &Painter, view: &CanvasView) {
        let shift = self.gesture.shift();
        let away = self.glide.as_ref().map_or(0.0, Glide::away);
        let wanted = Built { revision: view.revision, shift, away, counted: view.overlay.is_some() };
        if self.built.as_ref() != Some(&wanted) {
            let drag_alone = self.built.as_ref().is_some_and(|built| {
                let Built { revision, shift: _, away, counted } = *built;
                Built { revision, shift: wanted.shift.clone(), away, counted } == wanted
            });
            let follows = drag_alone && wanted.shift != Shift::default();
            if !follows {
                self.measured.begin(painter.ctx().pixels_per_point());
            }
            let ruler = Ruler::with(painter, &self.measured);
            let moved = Moved { shift: &wanted.shift, glide: self.glide.as_ref() };
            if follows {
                self.projection.follow(view.project, &ruler, &moved, wanted.counted);
            } else {
                self.projection = Projection::new(view.project, &ruler, &moved, wanted.counted);
            }
            self.built = Some(wanted);
        }
    }

    fn paint(&self, painter: &Painter, view: &CanvasView) {
        let theme = view.theme;
        painter.rect_filled(painter.clip_rect(), 0, theme.palette.canvas);
        backdrop::paint_grid(painter, &self.camera, theme);
        if self.projection.is_empty() && self.naming.is_none() {
            backdrop::paint_hint(painter, theme, view.editable);
        }
        // Labels and shadows reach beyond what they belong to.
        let visible = self.camera.visible().expand(80.0);
        let cards: Vec<_> = self.projection.cards().filter(|card| visible.intersects(card.rect)).collect();
        if self.camera.zoom() < QUADS_BELOW {
            let quads = cards.iter().filter(|card| !card.hollow).map(|card| {
                let selected = view.selection.contains(card.id);
                let color = if selected { theme.palette.accent } else { card.far_color(theme) };
                (self.camera.screen_rect(card.rect), color)
            });
            backdrop::paint_quads(painter, quads);
            self.paint_gesture(painter, view);
            return;
        }
        let worst = worst_problems(view.problems);
        let arrows: Vec<_> = self
            .projection
            .arrows()
            .filter(|arrow| visible.intersects(arrow.bounds()) || visible.intersects(arrow.label_rect))
            .map(|arrow| (arrow, self.arrow_state(view, &worst, arrow)))
            .collect();
        let cards: Vec<_> = cards.into_iter().map(|card| (card, self.card_state(view, &worst, card.id))).collect();
        Scene { camera: &self.camera, theme, cards: &cards, arrows: &arrows }.paint(painter, &mut |_| {});
        if self.camera.zoom() >= card::TEXT_FROM {
            for (card, _) in &cards {
                if let Some(withheld) = withheld(view, card.id.into()) {
                    let rect = self.camera.screen_rect(card.rect);
                    withheld::paint_on_card(painter, theme, rect, self.camera.zoom(), withheld);
                }
            }
        }
        for (arrow, state) in &arrows {
            let room = arrow.room_for_withheld().filter(|_| self.camera.zoom() >= arrow::LABELS_FROM);
            if let (Some(withheld), Some(room)) = (withheld(view, arrow.id.into()), room) {
                withheld::paint(painter, theme, self.camera.screen_rect(room), self.camera.zoom(), withheld);
            }
            if let Some(stopped) = state.breakpoint {
                arrow::paint_mark(painter, &self.camera, theme, arrow, stopped);
            }
        }
        if let Some(overlay) = view.overlay {
            let places: BTreeMap<TransitionId, &ArrowData> =
                arrows.iter().flat_map(|(arrow, _)| arrow.members.iter().map(|id| (*id, *arrow))).collect();
            for front in [false, true] {
                for flight in overlay.flights.iter().filter(|flight| flight.followed == front) {
                    if let Some(arrow) = places.get(&flight.arrow) {
                        dots::paint_flight(painter, &self.camera, theme, arrow, flight);
                    }
                }
            }
            if let Some(times) = overlay.times.filter(|_| self.camera.zoom() >= card::TEXT_FROM) {
                heat::paint_legend(painter, theme, times);
            }
        }
        self.paint_gesture(painter, view);
    }

    fn card_state(&self, view: &CanvasView, worst: &BTreeMap<EntityId, Severity>, id: NodeId) -> CardState {
        let count = |counts: &BTreeMap<NodeId, u64>| counts.get(&id).copied().unwrap_or(0);
        CardState {
            selected: view.selection.contains(id) || self.gesture.catches(id),
            hovered: self.hovered == Some(Hit::Card(id)),
            found: self.found.contains(&id.into()),
            aimed_at: self.gesture.aims_at() == Some(id),
            problem: worst.get(&id.into()).copied(),
            counts: view.overlay.map(|overlay| (count(&overlay.resting), count(&overlay.entered))),
            active: view.overlay.is_some_and(|overlay| overlay.active.contains(&id)),
            dots: view.overlay.and_then(|overlay| overlay.dots.get(&id).copied()),
            spent: view.overlay.and_then(|overlay| Some(heat::share(*overlay.spent.get(&id)?, overlay.times?))),
            breakpoint: breakpoint(view, &[Breakpoint::Entered(id)]),
            renaming: self.naming.as_ref().is_some_and(|naming| naming.node == id),
        }
    }

    fn arrow_state(&self, view: &CanvasView, worst: &BTreeMap<EntityId, Severity>, arrow: &ArrowData) -> ArrowState {
        let members = || arrow.members.iter().copied();
        let any = |holds: &dyn Fn(TransitionId) -> bool| members().any(holds);
        let counted = |counts: &BTreeMap<TransitionId, u64>| {
            members().filter_map(|id| counts.get(&id)).copied().reduce(std::ops::Add::add)
        };
        let asked = self.asking.as_ref().map(|asking| asking.arrow);
        ArrowState {
            selected: any(&|id| view.selection.contains(id) || asked == Some(id)),
            hovered: self.hovered == Some(Hit::Arrow(arrow.id)),
            found: any(&|id| self.found.contains(&id.into())),
            problem: members().filter_map(|id| worst.get(&id.into())).copied().max(),
            fired: view.overlay.and_then(|overlay| counted(&overlay.fired)),
            withheld: withheld(view, arrow.id.into()).is_some(),
            travelled: view.overlay.is_some_and(|overlay| {
                overlay.flights.iter().any(|flight| flight.followed && arrow.members.contains(&flight.arrow))
            }),
            flow: view.overlay.and_then(|overlay| counted(&overlay.flow)).unwrap_or(0),
            breakpoint: members().find_map(|id| breakpoint(view, &[Breakpoint::Taken(id), Breakpoint::Asked(id)])),
        }
    }

    /// Scrolling pans, Ctrl with the wheel and pinching zoom at the pointer.
    fn navigate(&mut self, ui: &Ui, background: &Response) {
        if !background.contains_pointer() {
            return;
        }
        let (scroll, zoom, pointer) =
            ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
        if scroll != Vec2::ZERO {
            self.camera.pan(scroll);
            self.fit = Fit::Left;
        }
        if let Some(pointer) = pointer.filter(|_| (zoom - 1.0).abs() > f32::EPSILON) {
            self.camera.zoom_at(pointer, zoom);
            self.fit = Fit::Left;
        }
    }
}

fn withheld<'a>(view: &CanvasView<'a>, id: EntityId) -> Option<&'a Withheld> {
    view.overlay?.withheld.get(&id)
}

/// Whether any of these is set, and whether playing has stopped there.
fn breakpoint(view: &CanvasView, wanted: &[Breakpoint]) -> Option<bool> {
    let stopped = view.overlay.and_then(|overlay| overlay.stopped);
    let is_set = wanted.iter().any(|breakpoint| view.breakpoints.contains(breakpoint));
    is_set.then(|| stopped.is_some_and(|stopped| wanted.contains(&stopped)))
}

fn worst_problems(problems: &[Problem]) -> BTreeMap<EntityId, Severity> {
    let mut worst = BTreeMap::new();
    for problem in problems {
        worst
            .entry(problem.at)
            .and_modify(|severity| *severity = problem.severity.max(*severity))
            .or_insert(problem.severity);
    }
    worst
}
