//! A state as a card: name, stage by colour and icon, owner, badges, counts. A group with something inside is a frame.

use egui::epaint::StrokeKind;
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shadow, Shape, Stroke, Vec2, pos2, vec2};
use egui_graphs::{DisplayNode, DrawContext, NodeProps};
use egui_phosphor::regular as icon;
use petgraph::EdgeType;
use petgraph::stable_graph::IndexType;

use super::arrow::scaled_radius;
use super::camera::Camera;
use super::dots::{self, Dots, TRAY};
use super::frame;
use super::geometry::boundary_point;
use super::sign;
use super::text::{self, Broken, Ruler};
use super::withheld;
use crate::gui::theme::Theme;
use crate::layout::{CARD_WIDTH, FRAME, FRAME_TOP};
use crate::model::grouped;
use crate::model::{Node, NodeId, NodeKind, Project, Stage};
use crate::simulation::problem::Severity;

const WIDTH: f32 = CARD_WIDTH;
const BAND: f32 = 36.0;
const NAME_SIZE: f32 = 15.5;
pub(super) const META_SIZE: f32 = 12.0;
const NAME_LINE: f32 = 19.0;
/// How much wider the font of names is than the one that measures them.
const STRONGER: f32 = 1.08;
const META_LINE: f32 = 17.0;
pub(super) const RADIUS: f32 = 10.0;
pub(super) const HEADER: f32 = 36.0;

/// Below this zoom text gives way.
pub(super) const TEXT_FROM: f32 = 0.35;
/// Below this zoom names give way, too. Until then they are written as large as their card has room for.
const NAMES_FROM: f32 = 0.2;
/// How large the name of a card is written from far away, if there is room.
const FAR_NAME: f32 = 9.0;
/// Below this zoom badges and the second line give way.
pub(super) const DETAIL_FROM: f32 = 0.6;

/// What a card shows and where.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what it shows, each for itself")]
pub(super) struct CardData {
    pub(super) id: NodeId,
    pub(super) name: String,
    pub(super) kind: NodeKind,
    pub(super) rect: Rect,
    /// Drawn as a frame around what it holds.
    pub(super) hollow: bool,
    pub(super) start: bool,
    lines: Vec<String>,
    /// How wide the longest line of the name is at 100 %.
    name_width: f32,
    pub(super) meta: String,
    stage: Option<Stage>,
    badges: String,
    /// Room below the words for those who rest here.
    tray: f32,
    /// What it sends may be kept back, which is told below it.
    pub(super) may_withhold: bool,
    /// Drawn as a sign in a circle, with its name below.
    pub(super) is_sign: bool,
    /// Of a sign: its name stands above it, for an arrow comes from below.
    pub(super) name_above: bool,
    /// Of a resume: returns to the innermost states.
    pub(super) is_deep: bool,
    /// Of a parallel: the lines between its regions.
    pub(super) dividers: Vec<[Pos2; 2]>,
    /// A region that fills its lane of the parallel around it.
    pub(super) is_lane: bool,
    /// Hides what is inside.
    pub(super) collapsed: bool,
}

impl CardData {
    pub(super) fn new(
        project: &Project,
        node: &Node,
        rect: Rect,
        hollow: bool,
        (ruler, counted): (&Ruler, bool),
    ) -> Self {
        let badges = [(!node.on_entry.is_empty(), icon::SIGN_IN), (!node.on_exit.is_empty(), icon::SIGN_OUT)];
        let badges: Vec<_> = badges.into_iter().filter(|(shown, _)| *shown).map(|(_, badge)| badge).collect();
        let badges = badges.join(" ");
        let room = text_width(node) - if badges.is_empty() { 0.0 } else { 34.0 };
        let collapsed = node.collapsed && !hollow && project.nodes.values().any(|inner| inner.parent == Some(node.id));
        // A frame is as wide as it is; what it has no room for is left out when it is painted.
        let room = if hollow { f32::INFINITY } else { room };
        let meta = ruler.broken(&meta(project, node), META_SIZE, room, 1).lines.pop().unwrap_or_default();
        let name = broken_name(node, ruler);
        Self {
            id: node.id,
            name: node.name.clone(),
            kind: node.kind,
            rect,
            hollow,
            start: project.info.start == Some(node.id),
            name_width: name.size.x,
            lines: name.lines,
            meta,
            stage: node.stage,
            badges,
            tray: if counted && !hollow { TRAY } else { 0.0 },
            is_sign: sign::is_sign(node, counted),
            name_above: false,
            is_deep: node.deep,
            dividers: Vec::new(),
            is_lane: false,
            collapsed,
            may_withhold: counted
                && [&node.on_entry, &node.on_exit].iter().any(|actions| withheld::is_possible(project, actions)),
        }
    }

    /// Whether a band along its left edge shows its stage, or that it is an end.
    fn has_band(&self) -> bool {
        self.stage.is_some() || self.kind == NodeKind::End
    }

    /// Where its words begin, from its left edge.
    pub(super) fn text_left(&self) -> f32 {
        if self.has_band() { BAND + 12.0 } else { 16.0 }
    }

    /// Where the name is edited: over the text, beside the stage.
    pub(super) fn field_rect(&self) -> Rect {
        if self.is_sign {
            return sign::name_rect(self.rect, self.name_above);
        }
        let mut rect = self.name_rect();
        rect.min.x += if self.hollow || self.has_band() { BAND + 4.0 } else { 8.0 };
        rect.max.x = if self.hollow { rect.max.x.min(rect.min.x + 260.0) } else { rect.max.x } - 8.0;
        rect
    }

    /// With the mark of the start, which stands above it.
    pub(super) fn bounds(&self) -> Rect {
        if self.start { self.rect.with_min_y(self.rect.top() - 36.0) } else { self.rect }
    }

    /// The one colour it has from very far away.
    pub(super) fn far_color(&self, theme: &Theme) -> Color32 {
        self.stage.map_or(theme.palette.outline, |stage| theme.stage(stage).line)
    }

    /// Where it is clicked: all of a card, the header of a group.
    pub(super) fn name_rect(&self) -> Rect {
        if self.hollow { header(self.rect) } else { self.rect }
    }

    /// Where a group is collapsed and expanded.
    pub(super) fn toggle_rect(&self) -> Option<Rect> {
        let middle = if self.hollow { self.rect.top() + HEADER / 2.0 + 2.0 } else { self.rect.center().y };
        let place = Rect::from_center_size(pos2(self.rect.right() - 22.0, middle), Vec2::splat(24.0));
        (self.hollow || self.collapsed).then_some(place)
    }

    /// What belongs to it below its edge.
    pub(super) fn below(&self) -> f32 {
        if self.is_sign {
            if self.name_above { 0.0 } else { sign::NAME_ROOM }
        } else if self.may_withhold {
            withheld::BELOW
        } else {
            0.0
        }
    }

    /// What labels keep clear of: all of a card, the header of a group.
    pub(super) fn solid(&self) -> Rect {
        if self.hollow {
            return header(self.rect);
        }
        let above = if self.name_above { sign::NAME_ROOM } else { 0.0 };
        Rect::from_min_max(self.rect.min - vec2(0.0, above), self.rect.max + vec2(0.0, self.below()))
    }

    /// Signs of what it does on entry and exit.
    pub(super) fn badges(&self) -> &str {
        &self.badges
    }

    /// Its name, in lines.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// The room a card takes at 100 %, in a run with a tray.
pub(super) fn size(node: &Node, ruler: &Ruler, counted: bool) -> Vec2 {
    if sign::is_sign(node, counted) {
        return Vec2::splat(sign::SIZE);
    }
    let tray = if counted { TRAY } else { 0.0 };
    vec2(WIDTH, tray + if broken_name(node, ruler).lines.len() > 1 { 80.0 } else { 64.0 })
}

/// The rectangle of a group around what it holds.
pub(super) fn frame_around(inside: Rect) -> Rect {
    Rect::from_min_max(inside.min - vec2(FRAME, FRAME_TOP), inside.max + Vec2::splat(FRAME))
}

/// Where the regions of a parallel may lie that is drawn at `rect`.
pub(super) fn inside_of_frame(rect: Rect) -> Rect {
    rect.with_min_y(rect.top() + HEADER).shrink2(vec2(1.0, 0.0))
}

/// The strip of a group that carries its name.
pub(super) fn header(rect: Rect) -> Rect {
    Rect::from_min_size(rect.min, vec2(rect.width(), HEADER))
}

fn has_band(node: &Node) -> bool {
    node.stage.is_some() || node.kind == NodeKind::End
}

fn text_width(node: &Node) -> f32 {
    let toggle = if node.collapsed { 24.0 } else { 0.0 };
    WIDTH - toggle - if has_band(node) { BAND + 22.0 } else { 30.0 }
}

fn broken_name(node: &Node, ruler: &Ruler) -> Broken {
    ruler.broken(&node.name, NAME_SIZE, text_width(node), 2)
}

fn meta(project: &Project, node: &Node) -> String {
    let kind = (node.kind != NodeKind::State).then(|| node.kind.label());
    let hidden = node.collapsed.then(|| format!("{} inside", project.children(Some(node.id)).count()));
    let stage = node.stage.map(Stage::label);
    let owner = (!node.owner.is_empty()).then_some(node.owner.as_str());
    [kind, hidden.as_deref(), stage, owner].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The geometry of a card, for `egui_graphs` and for hitting it.
#[derive(Clone, Debug)]
pub(super) struct CardShape {
    rect: Rect,
    hollow: bool,
}

impl CardShape {
    pub(super) fn covers(&self, place: Pos2) -> bool {
        let inside = self.rect.contains(place);
        if self.hollow {
            header(self.rect).contains(place)
                || (self.rect.expand(5.0).contains(place) && !self.rect.shrink(5.0).contains(place))
        } else {
            inside
        }
    }
}

impl From<&CardData> for CardShape {
    fn from(data: &CardData) -> Self {
        Self { rect: data.rect, hollow: data.hollow }
    }
}

impl From<NodeProps<CardData>> for CardShape {
    fn from(props: NodeProps<CardData>) -> Self {
        (&props.payload).into()
    }
}

impl<E: Clone, Ty: EdgeType, Ix: IndexType> DisplayNode<CardData, E, Ty, Ix> for CardShape {
    fn closest_boundary_point(&self, direction: Vec2) -> Pos2 {
        boundary_point(self.rect, direction)
    }

    /// The bare outline; the window paints through [`paint`], which knows theme, zoom and state.
    fn shapes(&mut self, context: &DrawContext) -> Vec<Shape> {
        let visuals = &context.ctx.global_style().visuals;
        let corners = [self.rect.min, self.rect.max].map(|place| context.meta.canvas_to_screen_pos(place));
        let rect = Rect::from_min_max(corners[0], corners[1]);
        vec![Shape::rect_stroke(rect, 8, visuals.window_stroke, StrokeKind::Inside)]
    }

    fn update(&mut self, state: &NodeProps<CardData>) {
        *self = (&state.payload).into();
    }

    fn is_inside(&self, place: Pos2) -> bool {
        self.covers(place)
    }
}

/// How a card stands at the moment.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they hold independently of one another")]
pub(super) struct CardState {
    pub(super) selected: bool,
    pub(super) hovered: bool,
    /// A search has found it.
    pub(super) found: bool,
    /// An arrow is about to be dropped on it.
    pub(super) aimed_at: bool,
    pub(super) problem: Option<Severity>,
    /// In a run: how many rest here, how many came.
    pub(super) counts: Option<(u64, u64)>,
    /// The followed contact is here.
    pub(super) active: bool,
    pub(super) dots: Option<Dots>,
    /// How much time is spent here, from 0 to 1.
    pub(super) spent: Option<f32>,
    /// Playing stops here; and has stopped here.
    pub(super) breakpoint: Option<bool>,
    /// Its name is being edited, so it is not drawn.
    pub(super) renaming: bool,
}

impl CardState {
    /// Whether nothing about it is special.
    pub(super) fn is_plain(&self) -> bool {
        !(self.selected || self.hovered || self.aimed_at || self.active) && self.problem.is_none()
    }
}

pub(super) fn paint(painter: &Painter, camera: &Camera, theme: &Theme, card: &CardData, state: CardState) {
    let rect = camera.screen_rect(card.rect);
    let zoom = camera.zoom();
    let radius = CornerRadius::same(scaled_radius(RADIUS, zoom));
    if card.hollow {
        frame::paint(painter, camera, theme, card, state);
        paint_mark(painter, theme, rect, zoom, state);
        return;
    }
    let p = &theme.palette;
    if card.is_sign {
        sign::paint(painter, theme, card, rect, zoom, state);
        paint_mark(painter, theme, rect, zoom, state);
        return;
    }
    paint_halo(painter, theme, rect, radius, state);
    if card.collapsed {
        // More cards behind this one.
        let behind = rect.translate(vec2(5.0, 5.0) * zoom);
        painter.rect(behind, radius, p.sunken, Stroke::new(zoom.clamp(0.6, 2.0), p.outline), StrokeKind::Inside);
    }
    if zoom >= TEXT_FROM {
        painter.add(theme.shadow_low().as_shape(rect, radius));
    }
    if card.start {
        paint_start(painter, theme, rect, zoom);
    }
    let edge = edge(theme, state, zoom);
    let dashed = matches!(card.kind, NodeKind::Group | NodeKind::Parallel) && !card.collapsed;
    let plain = state.spent.map_or(p.card, |share| theme.spent(share));
    let fill = if state.aimed_at { p.accent_soft } else { plain };
    painter.rect(rect, radius, fill, if dashed { Stroke::NONE } else { edge }, StrokeKind::Inside);
    paint_band(painter, theme, card, rect, zoom);
    if dashed {
        frame::dashed_edge(painter, rect, edge, zoom);
    } else {
        painter.rect_stroke(rect, radius, edge, StrokeKind::Inside);
    }
    if card.kind == NodeKind::End {
        // In a run an end is a card, for many rest there.
        painter.rect_stroke(
            rect.expand(4.0 * zoom),
            scaled_radius(RADIUS + 4.0, zoom),
            Stroke::new(1.0, p.outline),
            StrokeKind::Inside,
        );
    }
    paint_mark(painter, theme, rect, zoom, state);
    if zoom < TEXT_FROM {
        if zoom >= NAMES_FROM && !state.renaming {
            paint_far_name(painter, theme, card, rect, zoom);
        }
        return;
    }
    paint_toggle(painter, camera, theme, card);
    paint_words(painter, theme, card, rect.with_max_y(rect.bottom() - card.tray * zoom), zoom, state);
    if let Some(dots) = &state.dots {
        dots::paint_tray(painter, camera, theme, card, dots);
    }
    if let Some((resting, _)) = state.counts.filter(|(resting, _)| *resting > 0) {
        paint_count(painter, theme, rect, resting, zoom, state.problem.is_some());
    }
    if let Some(severity) = state.problem {
        paint_problem(painter, theme, badge_rect(rect, zoom), severity);
    }
}

fn paint_mark(painter: &Painter, theme: &Theme, rect: Rect, zoom: f32, state: CardState) {
    if let Some(stopped) = state.breakpoint {
        dots::paint_breakpoint(painter, theme, rect.left_top() + vec2(4.0, 4.0) * zoom, zoom, stopped);
    }
}

/// Where the mark of a problem lies on a card that lies at `rect` on the screen.
pub(super) fn badge_rect(rect: Rect, zoom: f32) -> Rect {
    Rect::from_center_size(rect.right_top() + vec2(-4.0, 4.0) * zoom, Vec2::splat(24.0 * zoom.clamp(0.6, 1.4)))
}

pub(super) fn edge(theme: &Theme, state: CardState, zoom: f32) -> Stroke {
    let p = &theme.palette;
    let width = zoom.clamp(0.6, 2.5);
    if state.selected || state.aimed_at || state.active {
        Stroke::new(2.25 * width, p.accent)
    } else if let Some(severity) = state.problem {
        Stroke::new(1.5 * width, theme.severity(severity).text)
    } else if state.hovered {
        Stroke::new(1.5 * width, p.text_muted)
    } else {
        Stroke::new(width, p.outline)
    }
}

/// The sign that says whether a group is open.
pub(super) fn paint_toggle(painter: &Painter, camera: &Camera, theme: &Theme, card: &CardData) {
    if let Some(place) = card.toggle_rect() {
        let sign = if card.collapsed { icon::CARET_RIGHT } else { icon::CARET_DOWN };
        let size = text::stepped(15.0, camera.zoom());
        let at = camera.screen_rect(place).center();
        text::write(painter, at, Align2::CENTER_CENTER, sign, size, theme.palette.text_muted);
    }
}

pub(super) fn paint_halo(painter: &Painter, theme: &Theme, rect: Rect, radius: CornerRadius, state: CardState) {
    let accent = theme.palette.accent;
    if state.active {
        let glow = Shadow { offset: [0, 0], blur: 36, spread: 6, color: accent.gamma_multiply(0.55) };
        painter.add(glow.as_shape(rect, radius));
    } else if state.selected || state.aimed_at || state.found {
        let ring = rect.expand(3.5);
        painter.rect_filled(ring, radius, accent.gamma_multiply(0.22));
    }
}

fn paint_band(painter: &Painter, theme: &Theme, card: &CardData, rect: Rect, zoom: f32) {
    let band = Rect::from_min_size(rect.min, vec2(BAND * zoom, rect.height()));
    let corner = scaled_radius(RADIUS, zoom);
    let radius = CornerRadius { nw: corner, sw: corner, ne: 0, se: 0 };
    if card.kind == NodeKind::End {
        painter.rect_filled(band, radius, theme.palette.sunken);
        let ink = theme.palette.text;
        painter.circle_stroke(band.center(), 9.0 * zoom, Stroke::new(1.75 * zoom, ink));
        painter.circle_filled(band.center(), 5.0 * zoom, ink);
    } else if let Some(stage) = card.stage {
        let look = theme.stage(stage);
        painter.rect_filled(band, radius, look.fill);
        if zoom >= TEXT_FROM {
            text::write(painter, band.center(), Align2::CENTER_CENTER, look.icon, text::stepped(19.0, zoom), look.ink);
        }
    }
}

fn paint_words(painter: &Painter, theme: &Theme, card: &CardData, rect: Rect, zoom: f32, state: CardState) {
    let p = &theme.palette;
    let detail = zoom >= DETAIL_FROM;
    let meta = match state.counts {
        Some((_, entered)) => format!("{} entered", grouped(entered)),
        None => card.meta.clone(),
    };
    let has_meta = detail && !(meta.is_empty() && card.badges.is_empty());
    let name_height = if card.lines.len() > 1 { 2.0 * NAME_LINE } else { NAME_LINE };
    let height = (name_height + if has_meta { META_LINE + 2.0 } else { 0.0 }) * zoom;
    let left = rect.left() + card.text_left() * zoom;
    let muted = if state.spent.is_some() { p.text } else { p.text_muted };
    let mut y = rect.center().y - height / 2.0;
    if !detail && !state.renaming {
        paint_far_name(painter, theme, card, rect, zoom);
    }
    let size = text::stepped(NAME_SIZE, zoom);
    for line in card.lines.iter().filter(|_| detail && !state.renaming) {
        text::write_strong(painter, pos2(left, y + NAME_LINE * zoom / 2.0), Align2::LEFT_CENTER, line, size, p.text);
        y += NAME_LINE * zoom;
    }
    if has_meta && !state.renaming {
        let middle = y + (2.0 + META_LINE / 2.0) * zoom;
        let size = text::stepped(META_SIZE, zoom);
        text::write(painter, pos2(left, middle), Align2::LEFT_CENTER, &meta, size, muted);
        let right = rect.right() - 12.0 * zoom;
        let badge_size = text::stepped(META_SIZE + 2.0, zoom);
        text::write(painter, pos2(right, middle), Align2::RIGHT_CENTER, &card.badges, badge_size, muted);
    }
}

/// The name alone, as large as the card has room for, so that it can be read from further away.
fn paint_far_name(painter: &Painter, theme: &Theme, card: &CardData, rect: Rect, zoom: f32) {
    let left = if card.has_band() { BAND * zoom + 4.0 } else { 4.0 };
    let count = f32::from(u8::try_from(card.lines.len().max(1)).unwrap_or(u8::MAX));
    let wide = (rect.width() - left - 3.0) / (card.name_width * STRONGER).max(1.0);
    let high = (rect.height() - 2.0) / (count * NAME_LINE);
    let size = text::stepped(NAME_SIZE, wide.min(high).min(FAR_NAME / NAME_SIZE).max(zoom));
    let line_height = size * NAME_LINE / NAME_SIZE;
    let mut y = rect.center().y - (count - 1.0) / 2.0 * line_height;
    for line in &card.lines {
        let at = pos2(rect.left() + left, y);
        text::write_strong(painter, at, Align2::LEFT_CENTER, line, size, theme.palette.text);
        y += line_height;
    }
}

/// The mark of the start: a dot and a short arrow into the card.
pub(super) fn paint_start(painter: &Painter, theme: &Theme, rect: Rect, zoom: f32) {
    let ink = theme.palette.text;
    let foot = rect.left_top() + vec2(26.0, 0.0) * zoom;
    let dot = foot - vec2(0.0, 28.0 * zoom);
    let scale = zoom.clamp(0.3, 1.6);
    painter.circle_filled(dot, 6.5 * scale, ink);
    painter.line_segment([dot, foot - vec2(0.0, 7.0 * scale)], Stroke::new(2.0 * scale, ink));
    let head = vec![foot, foot + vec2(-4.5, -9.0) * scale, foot + vec2(4.5, -9.0) * scale];
    painter.add(Shape::convex_polygon(head, ink, Stroke::NONE));
}

/// How many rest here, straddling the upper edge.
fn paint_count(painter: &Painter, theme: &Theme, rect: Rect, resting: u64, zoom: f32, beside_badge: bool) {
    let p = &theme.palette;
    let size = text::stepped(15.0, zoom);
    let words = format!("{} {}", icon::USERS, grouped(resting));
    let galley = painter.layout_no_wrap(words, Theme::font(size), p.on_accent);
    let right = rect.right() - if beside_badge { 26.0 } else { 10.0 } * zoom;
    let pill_size = galley.size() + vec2(18.0, 6.0) * zoom;
    let pill = Rect::from_center_size(pos2(right - pill_size.x / 2.0, rect.top()), pill_size);
    painter.rect(pill, CornerRadius::same(255), p.accent, Stroke::new(2.0 * zoom, p.canvas), StrokeKind::Outside);
    painter.galley(pill.center() - galley.size() / 2.0, galley, p.on_accent);
}

pub(super) fn paint_problem(painter: &Painter, theme: &Theme, rect: Rect, severity: Severity) {
    let look = theme.severity(severity);
    painter.circle(rect.center(), rect.width() / 2.0, look.soft, Stroke::new(1.5, look.text));
    text::write(painter, rect.center(), Align2::CENTER_CENTER, look.icon, (rect.width() * 0.62).floor(), look.text);
}
