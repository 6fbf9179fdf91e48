//! An arrow: its curve with a head, its label on a chip, and how it looks selected, hovered, at fault or in use.

use egui::epaint::StrokeKind;
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};
use egui_graphs::{DisplayEdge, DrawContext, EdgeProps, Node};
use petgraph::EdgeType;
use petgraph::stable_graph::IndexType;

use super::camera::Camera;
use super::card::{CardData, CardShape};
use super::geometry::{Curve, distance_to_line};
use super::label::{self, Label};
use super::text;
use crate::gui::theme::Theme;
use crate::model::{NodeId, Transition, TransitionId, Trigger};
use crate::simulation::problem::Severity;

/// Below this zoom labels give way.
pub(super) const LABELS_FROM: f32 = 0.5;
/// Below this zoom curves are straight.
const CURVES_FROM: f32 = 0.25;
/// A label that lies further away than this is tied to its line.
const TETHER_FROM: f32 = 8.0;
/// How near to a curve a click counts, in points on the screen.
pub(super) const TOLERANCE: f32 = 6.0;

/// What an arrow shows and where.
#[derive(Clone, Debug)]
pub(super) struct ArrowData {
    pub(super) id: TransitionId,
    pub(super) target: Option<NodeId>,
    /// Said aloud: `purchase, from New to Repeat`.
    pub(super) spoken: String,
    pub(super) label: Label,
    pub(super) label_rect: Rect,
    pub(super) curve: Curve,
    pub(super) line: Vec<Pos2>,
    /// From a label that lies away from the line to the line.
    tether: Option<[Pos2; 2]>,
    /// Every arrow that is drawn as this one.
    pub(super) members: Vec<TransitionId>,
    /// How it would run if nobody had bent it.
    pub(super) own: Curve,
    pub(super) is_bent: bool,
    unset: bool,
    interrupt: bool,
    bounds: Rect,
}

impl ArrowData {
    /// For `members`, of which `arrow` is the first. `own`: how it would run if nobody had bent it.
    pub(super) fn new(
        (arrow, members): (&Transition, Vec<TransitionId>),
        (spoken, label): (String, Label),
        [own, curve]: [Curve; 2],
        label_rect: Rect,
    ) -> Self {
        let line = curve.polyline();
        let alone = members.len() == 1;
        Self {
            id: arrow.id,
            target: arrow.target,
            spoken,
            label,
            label_rect,
            curve,
            bounds: Rect::from_points(&line),
            tether: tether(&line, label_rect),
            line,
            members,
            own,
            is_bent: own.at(0.5).distance(curve.at(0.5)) > 0.5,
            unset: alone && arrow.trigger == Trigger::Unset,
            interrupt: alone && arrow.interrupt,
        }
    }

    /// Takes it elsewhere as it is.
    pub(super) fn carry(&mut self, by: Vec2) {
        let tether = self.tether.iter_mut().flatten();
        for place in self.own.0.iter_mut().chain(&mut self.curve.0).chain(&mut self.line).chain(tether) {
            *place += by;
        }
        self.label_rect = self.label_rect.translate(by);
        self.bounds = self.bounds.translate(by);
    }

    /// How many arrows are drawn as this one.
    pub(super) fn count(&self) -> usize {
        self.members.len()
    }

    pub(super) fn bounds(&self) -> Rect {
        self.bounds
    }

    /// The lowest line of the label, if the arrow sends something that may be kept back.
    pub(super) fn room_for_withheld(&self) -> Option<Rect> {
        let height = self.label.withheld_height?;
        let inner = self.label_rect.shrink2(label::padding());
        Some(inner.with_min_y(inner.bottom() - height))
    }
}

/// The shortest way from a label to its line, unless they touch or nearly do.
fn tether(line: &[Pos2], label: Rect) -> Option<[Pos2; 2]> {
    let away = |place: &Pos2| label.distance_to_pos(*place);
    let nearest = line.iter().copied().min_by(|one, other| away(one).total_cmp(&away(other)))?;
    (away(&nearest) > TETHER_FROM).then(|| [label.clamp(nearest), nearest])
}

/// The geometry of an arrow, for `egui_graphs`.
#[derive(Clone, Debug)]
pub(super) struct ArrowShape {
    line: Vec<Pos2>,
    bounds: Rect,
}

impl From<EdgeProps<ArrowData>> for ArrowShape {
    fn from(props: EdgeProps<ArrowData>) -> Self {
        Self { bounds: props.payload.bounds.union(props.payload.label_rect), line: props.payload.line }
    }
}

impl<Ty: EdgeType, Ix: IndexType> DisplayEdge<CardData, ArrowData, Ty, Ix, CardShape> for ArrowShape {
    /// The bare line; the window paints through [`paint`], which knows theme, zoom and state.
    fn shapes(
        &mut self,
        _start: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
        _end: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
        context: &DrawContext,
    ) -> Vec<Shape> {
        let points = self.line.iter().map(|place| context.meta.canvas_to_screen_pos(*place)).collect();
        vec![Shape::line(points, Stroke::new(1.5, context.ctx.global_style().visuals.text_color()))]
    }

    fn update(&mut self, state: &EdgeProps<ArrowData>) {
        *self = state.clone().into();
    }

    fn is_inside(
        &self,
        _start: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
        _end: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
        place: Pos2,
    ) -> bool {
        distance_to_line(&self.line, place) <= TOLERANCE
    }

    fn extra_bounds(
        &self,
        _start: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
        _end: &Node<CardData, ArrowData, Ty, Ix, CardShape>,
    ) -> Option<(Pos2, Pos2)> {
        Some((self.bounds.min, self.bounds.max))
    }
}

/// How an arrow stands at the moment.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they hold independently of one another")]
pub(super) struct ArrowState {
    pub(super) selected: bool,
    pub(super) hovered: bool,
    /// A search has found it.
    pub(super) found: bool,
    pub(super) problem: Option<Severity>,
    pub(super) fired: Option<u64>,
    /// Something that it sends was kept back.
    pub(super) withheld: bool,
    /// The followed contact is on it.
    pub(super) travelled: bool,
    /// How many are on it, where they are too many for dots.
    pub(super) flow: u64,
    /// Playing stops at it; and has stopped there.
    pub(super) breakpoint: Option<bool>,
}

/// The curve with its head.
pub(super) fn paint_line(painter: &Painter, camera: &Camera, theme: &Theme, arrow: &ArrowData, state: ArrowState) {
    let zoom = camera.zoom();
    let color = line_color(theme, arrow, state);
    let emphasis = if state.selected || state.travelled { 1.2 } else { 0.0 };
    let use_width = state.fired.map_or(0.0, usage_width);
    let width = ((1.7 + emphasis + use_width) * zoom.clamp(0.5, 2.5)).max(0.8);
    let tip = camera.screen_from_canvas(arrow.curve.at(1.0));
    let start = camera.screen_from_canvas(arrow.curve.at(0.0));
    if zoom < CURVES_FROM {
        painter.line_segment([start, tip], Stroke::new(width, color));
        return;
    }
    let head = (9.0 * zoom.clamp(0.45, 2.5) + width).min(0.4 * start.distance(tip).max(12.0));
    let points: Vec<Pos2> =
        arrow.curve.smooth(zoom).into_iter().map(|place| camera.screen_from_canvas(place)).collect();
    let (points, base) = shortened(&points, head * 0.8);
    if state.flow > 0 {
        super::dots::paint_flow(painter, points.clone(), width, theme, state.flow, zoom);
    }
    if state.hovered || state.selected || state.found {
        painter.line(points.clone(), Stroke::new(width + 7.0, theme.palette.accent.gamma_multiply(0.16)));
    }
    if arrow.interrupt {
        // A double line, as of something that breaks through.
        painter.line(points.clone(), Stroke::new(width * 2.0 + 3.0 * zoom.clamp(0.5, 2.0), color));
        painter.line(points, Stroke::new(width * 0.6 + 2.0 * zoom.clamp(0.5, 2.0), theme.palette.canvas));
    } else if arrow.unset || arrow.target.is_none() {
        let dash = if arrow.unset { 7.0 } else { 4.0 } * zoom.clamp(0.6, 1.6);
        painter.extend(Shape::dashed_line(&points, Stroke::new(width, color), dash, dash * 0.8));
    } else {
        painter.line(points, Stroke::new(width, color));
    }
    let along = (tip - base).normalized();
    let (head, fill) = if arrow.interrupt { (head * 1.25, theme.palette.canvas) } else { (head, color) };
    let across = vec2(-along.y, along.x) * head * 0.46;
    let back = tip - along * head;
    let edge = if arrow.interrupt { Stroke::new(width, color) } else { Stroke::NONE };
    painter.add(Shape::convex_polygon(vec![tip, back + across, back - across], fill, edge));
}

/// The line without its last `cut` points of length, which the head covers, and the place where it ends.
fn shortened(points: &[Pos2], cut: f32) -> (Vec<Pos2>, Pos2) {
    let tip = points.last().copied().unwrap_or_default();
    let keep = points.iter().rposition(|point| point.distance(tip) >= cut).unwrap_or(0);
    let mut kept = points[..=keep].to_vec();
    let next = points.get(keep + 1).copied().unwrap_or(tip);
    let from = points[keep];
    let (far, near) = (from.distance(tip), next.distance(tip));
    let share = if far > near { ((far - cut) / (far - near)).clamp(0.0, 1.0) } else { 0.0 };
    let end = from + (next - from) * share;
    kept.push(end);
    (kept, end)
}

/// From nothing to about eight points, growing with the logarithm.
#[expect(clippy::cast_precision_loss, reason = "a width")]
fn usage_width(fired: u64) -> f32 {
    ((1.0 + fired as f32).log10() * 1.5).min(8.0)
}

fn line_color(theme: &Theme, arrow: &ArrowData, state: ArrowState) -> Color32 {
    let p = &theme.palette;
    match state {
        ArrowState { selected: true, .. } | ArrowState { travelled: true, .. } => p.accent,
        ArrowState { problem: Some(severity), .. } => theme.severity(severity).text,
        _ if arrow.unset => p.warning,
        ArrowState { fired: Some(0), .. } => p.outline,
        ArrowState { hovered: true, .. } => p.text,
        _ => p.arrow,
    }
}

/// The chip with the words, and the count of a run.
pub(super) fn paint_label(painter: &Painter, camera: &Camera, theme: &Theme, arrow: &ArrowData, state: ArrowState) {
    let zoom = camera.zoom();
    if zoom < LABELS_FROM {
        return;
    }
    let p = &theme.palette;
    if let Some(ends) = arrow.tether {
        let ends = ends.map(|place| camera.screen_from_canvas(place));
        let stroke = Stroke::new(1.0, line_color(theme, arrow, state));
        painter.extend(Shape::dashed_line(&ends, stroke, 2.0 * zoom, 3.0 * zoom));
    }
    let chip = camera.screen_rect(arrow.label_rect);
    let radius = CornerRadius::same(scaled_radius(6.0, zoom));
    let (ink, edge) = match state {
        ArrowState { selected: true, .. } | ArrowState { travelled: true, .. } => (p.accent, p.accent),
        ArrowState { problem: Some(severity), .. } => (theme.severity(severity).text, theme.severity(severity).text),
        _ if arrow.unset => (p.warning, p.warning),
        ArrowState { hovered: true, .. } => (p.text, p.outline),
        _ => (p.text, p.border),
    };
    painter.rect(chip, radius, p.canvas, Stroke::new(1.0, edge), StrokeKind::Inside);
    let size = text::stepped(label::TRIGGER_SIZE, zoom);
    let line_height = (arrow.label.guard_top - label::padding().y) / lines_of(&arrow.label.trigger) * zoom;
    let mut top = chip.top() + label::padding().y * zoom;
    if arrow.label.guard.is_empty() && state.fired.is_none() {
        // The room for a count that is not shown is shared out above and below.
        top = chip.center().y - line_height * lines_of(&arrow.label.trigger) / 2.0;
    }
    for line in &arrow.label.trigger {
        let at = pos2(chip.center().x, top + line_height / 2.0);
        text::write(painter, at, Align2::CENTER_CENTER, line, size, ink);
        top += line_height;
    }
    let bottom = if state.withheld { arrow.label.withheld_height.unwrap_or(0.0) } else { 0.0 };
    let bottom = chip.bottom() - (label::padding().y + bottom) * zoom;
    let room = bottom - top;
    let line_height = room / lines_of(&arrow.label.guard);
    for line in &arrow.label.guard {
        let at = pos2(chip.center().x, top + line_height / 2.0);
        let size = text::stepped(label::GUARD_SIZE, zoom);
        text::write(painter, at, Align2::CENTER_CENTER, line, size, p.text_muted);
        top += line_height;
    }
    if let Some(fired) = state.fired {
        let at = pos2(chip.center().x, f32::midpoint(top, bottom));
        let (words, size) = (format!("{}×", crate::model::grouped(fired)), text::stepped(label::COUNT_SIZE, zoom));
        let ink = if fired == 0 { p.text_muted } else { p.accent };
        text::write_strong(painter, at, Align2::CENTER_CENTER, &words, size, ink);
    }
}

fn lines_of(lines: &[String]) -> f32 {
    f32::from(u8::try_from(lines.len().max(1)).unwrap_or(1))
}

/// The mark of a breakpoint, at the label or, from far away, in the middle of the curve.
pub(super) fn paint_mark(painter: &Painter, camera: &Camera, theme: &Theme, arrow: &ArrowData, stopped: bool) {
    let at = if camera.zoom() < LABELS_FROM {
        camera.screen_from_canvas(arrow.curve.at(0.5))
    } else {
        camera.screen_rect(arrow.label_rect).left_center()
    };
    super::dots::paint_breakpoint(painter, theme, at, camera.zoom(), stopped);
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few points")]
pub(super) fn scaled_radius(radius: f32, zoom: f32) -> u8 {
    (radius * zoom).round().clamp(1.0, 60.0) as u8
}
