//! The table itself: heads that stay in sight, and of the cells only those that are.

use std::ops::Range;

use egui::accesskit::Role;
use egui::text::LayoutJob;
use egui::{
    Align2, Color32, CornerRadius, EventFilter, FontId, Id, Painter, Pos2, Rect, Response, ScrollArea, Sense, Stroke,
    StrokeKind, TextFormat, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2,
};

use super::look::{Look, words};
use super::{Board, LineKind, cell_id};
use crate::analysis::coverage::Met;
use crate::gui::Theme;
use crate::gui::request::{Request, Selection};
use crate::gui::theme::strong_family;
use crate::model::{Asked, EntityId, Project};

pub(super) const ROW: f32 = 50.0;
pub(super) const GROUPS: f32 = 28.0;
const HEAD: f32 = 58.0;
/// A column is at least so wide, and at most.
const COLUMN: (f32, f32) = (138.0, 190.0);

/// Where everything lies on the screen.
#[derive(Clone, Copy)]
struct Frame {
    /// Where the table begins, wherever it was scrolled to.
    origin: Pos2,
    /// What is in sight.
    outer: Rect,
    names: f32,
    column: f32,
}

impl Frame {
    fn body(&self) -> Rect {
        Rect::from_min_max(self.outer.min + vec2(self.names, HEAD), self.outer.max)
    }

    fn left(&self, place: usize) -> f32 {
        self.origin.x + self.names + self.column * wide(place)
    }

    fn top(&self, line: f32) -> f32 {
        self.origin.y + HEAD + line
    }
}

#[expect(clippy::cast_precision_loss, reason = "columns of a table")]
fn wide(count: usize) -> f32 {
    count as f32
}

impl Board {
    pub(super) fn table_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, requests: &mut Vec<Request>) {
        if self.view.rows.is_empty() || self.view.columns.is_empty() {
            self.nothing(ui, theme);
            return;
        }
        let names = (ui.available_width() * 0.24).clamp(136.0, 220.0);
        let height = self.lines.last().map_or(0.0, |line| line.top + ROW);
        let share = ((ui.available_width() - names) / wide(self.view.columns.len())).floor();
        let column = share.clamp(COLUMN.0, COLUMN.1);
        let size = vec2(names + column * wide(self.view.columns.len()), HEAD + height + 8.0);
        let mut area = ScrollArea::both().id_salt("matrix").auto_shrink(false);
        if std::mem::take(&mut self.reveal)
            && let Some(offset) = self.offset_for_cursor(names, column)
        {
            area = area.scroll_offset(offset);
        }
        let shown = area.show_viewport(ui, |ui, viewport| {
            let origin = ui.max_rect().min;
            ui.set_min_size(size);
            let outer = Rect::from_min_size(origin + viewport.min.to_vec2(), viewport.size());
            self.draw(ui, theme, project, Frame { origin, outer, names, column }, requests);
        });
        self.offset = shown.state.offset;
        self.window = shown.inner_rect.size() - vec2(names, HEAD);
    }

    fn nothing(&mut self, ui: &mut Ui, theme: &Theme) {
        let (head, words) = if self.matrix.rows.is_empty() {
            ("No states yet", "Draw the first states in Design. Here you will see what happens in each of them.")
        } else if self.filter.open && self.counts.open() == 0 {
            ("Everything is decided", "For every state somebody has said what each event does, and what silence does.")
        } else if self.filter.never && self.coverage().is_some_and(|coverage| coverage.never().next().is_none()) {
            (
                "Every cell was met",
                "The run that Simulate shows has come to every cell where there is something to meet.",
            )
        } else {
            ("Nothing fits", "No state and no event is what you look for.")
        };
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.3);
            ui.label(theme.heading(head));
            ui.label(theme.muted(words));
        });
    }

    /// Where to scroll so that the cell under the cursor is in sight; nowhere if it is.
    fn offset_for_cursor(&self, names: f32, column_width: f32) -> Option<egui::Vec2> {
        let (row, column) = self.cursor?;
        let line = self.lines.iter().find(|line| matches!(line.kind, LineKind::State(at, _) if at == row))?;
        let place = self.view.columns.iter().position(|shown| *shown == column)?;
        let window = if self.window.x > 0.0 { self.window } else { vec2(400.0 - names, 300.0) };
        let into = |offset: f32, low: f32, high: f32, room: f32| offset.min(low).max(high - room.max(high - low));
        let left = column_width * wide(place);
        let x = into(self.offset.x, left, left + column_width, window.x);
        // The groups that a state stands in are part of it.
        let y = into(self.offset.y, (line.top - GROUPS).max(0.0), line.top + ROW, window.y);
        Some(vec2(x, y)).filter(|offset| *offset != self.offset)
    }

    fn draw(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, frame: Frame, requests: &mut Vec<Request>) {
        let body = frame.body();
        let mut table = ui.new_child(UiBuilder::new().id_salt("table").max_rect(frame.outer));
        let (rows, columns) = (self.view.rows.len(), self.view.columns.len());
        table.ctx().accesskit_node_builder(table.unique_id(), |node| {
            node.set_role(Role::Table);
            node.set_label("What happens in each state");
            node.set_row_count(rows + 1);
            node.set_column_count(columns + 1);
        });
        let first = ((frame.outer.left() - frame.origin.x) / frame.column).floor().max(0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns of a table, from 0")]
        let first = first as usize;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns of a table, from 0")]
        let many = (body.width().max(0.0) / frame.column).ceil() as usize + 1;
        let seen = first.min(columns)..(first + many).min(columns);
        let top = frame.outer.top() + HEAD;
        let begin = self.lines.partition_point(|line| frame.top(line.top) + ROW < top);
        let mut go = None;
        for at in begin..self.lines.len() {
            let line = self.lines[at].clone();
            let y = frame.top(line.top);
            if y > frame.outer.bottom() {
                break;
            }
            match line.kind {
                LineKind::Groups(words) => {
                    let rect = Rect::from_min_size(pos2(frame.outer.left(), y), vec2(frame.outer.width(), GROUPS));
                    let painter = table
                        .painter()
                        .with_clip_rect(Rect::from_min_max(pos2(frame.outer.left(), top), frame.outer.max));
                    painter.rect_filled(rect, 0.0, theme.palette.sunken);
                    let at = rect.left_center() + vec2(12.0, 0.0);
                    let font = FontId::new(theme.sizes.small, strong_family());
                    painter.text(at, Align2::LEFT_CENTER, words, font, theme.palette.text_muted);
                }
                LineKind::State(row, place) => {
                    let rect = Rect::from_min_size(pos2(frame.outer.left(), y), vec2(frame.outer.width(), ROW));
                    let mut line = table.new_child(UiBuilder::new().id_salt(("row", row)).max_rect(rect));
                    line.ctx().accesskit_node_builder(line.unique_id(), |node| {
                        node.set_role(Role::Row);
                        node.set_row_index(place + 1);
                    });
                    line.set_clip_rect(line.clip_rect().intersect(body));
                    let found = self.cells(&mut line, theme, project, frame, (row, place, y), seen.clone());
                    go = go.or(found);
                    self.name(&mut line, theme, frame, (row, place, y), requests);
                }
            }
        }
        self.heads(&mut table, theme, frame, seen, requests);
        if let Some(cell) = go {
            self.go(cell, requests);
        }
    }

    /// The cells of a row that are in sight; the one that was pressed.
    fn cells(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        frame: Frame,
        (row, place, top): (usize, usize, f32),
        seen: Range<usize>,
    ) -> Option<(usize, usize)> {
        let mut pressed = None;
        for at in seen {
            let column = self.view.columns[at];
            let rect = Rect::from_min_size(pos2(frame.left(at), top), vec2(frame.column, ROW)).shrink(2.0);
            let asked = &self.matrix.columns[column];
            let id = cell_id(self.matrix.rows[row].state, asked.asked, asked.bucket);
            let is_here = self.cursor == Some((row, column));
            // With Tab one comes to the table, and not through all of it.
            let sense = if is_here { Sense::click() } else { Sense::CLICK };
            let response = ui.interact(rect, id, sense);
            let cell = self.matrix.cell(row, column);
            let name = format!("{} in {}", self.matrix.column_label(column), self.matrix.rows[row].label);
            let met = self.coverage().map(|coverage| coverage.met(row, column));
            let words_of_met = met.and_then(Met::words).map_or_else(String::new, |words| format!("; {words}"));
            let value = format!("{}{words_of_met}", cell.short(project));
            response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, is_here, &name));
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Cell);
                node.set_label(name);
                node.set_value(value);
                node.set_row_index(place + 1);
                node.set_column_index(at + 1);
                node.set_selected(is_here);
            });
            let look = Look::of(theme, cell);
            let mut fill = look.fill;
            if response.hovered() {
                fill = theme.palette.hover;
            }
            let corners = CornerRadius::same(theme.radii.small);
            let painter = ui.painter();
            painter.rect_filled(rect, corners, fill);
            match look.edge {
                Some(edge) if cell.is_undecided() => {
                    painter.rect_stroke(rect, corners, Stroke::new(1.5, edge), StrokeKind::Inside);
                }
                Some(edge) => dashed(painter, rect.shrink(1.0), edge),
                None => {
                    painter.rect_stroke(rect, corners, Stroke::new(1.0, theme.palette.border), StrokeKind::Inside);
                }
            }
            if is_here {
                let width = if response.has_focus() { 3.0 } else { 2.0 };
                painter.rect_stroke(rect, corners, Stroke::new(width, theme.palette.accent), StrokeKind::Inside);
            }
            let (first, mut second) = words(project, cell, asked.asked);
            // Who looks at the counts looks up the conditions beside the table.
            if let Some(met) = met {
                second = super::met::words(met).unwrap_or_default();
            }
            let sign = rect.left_center() + vec2(10.0, 0.0);
            painter.text(sign, Align2::LEFT_CENTER, look.icon, FontId::proportional(18.0), look.ink);
            let left = rect.left() + 34.0;
            let room = rect.right() - 6.0 - left;
            let strong = FontId::new(theme.sizes.body, strong_family());
            let small = FontId::proportional(theme.sizes.small);
            let is_marked = met.map_or(look.edge.is_some(), |met| met == Met::Never);
            let second_ink = if is_marked { theme.palette.warning } else { theme.palette.text_muted };
            if first.is_empty() {
                one_line(painter, &second, small, second_ink, pos2(left, rect.center().y), room);
            } else if second.is_empty() {
                two_lines(painter, &first, strong, look.ink, left, rect.center().y, room);
            } else {
                one_line(painter, &first, strong, look.ink, pos2(left, rect.center().y - 9.0), room);
                one_line(painter, &second, small, second_ink, pos2(left, rect.center().y + 9.0), room);
            }
            if is_here && std::mem::take(&mut self.focus) {
                response.request_focus();
            }
            if is_here && response.has_focus() {
                let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            }
            if response.clicked() {
                pressed = Some((row, column));
            }
            if response.hovered() {
                let lines = self.matrix.cell(row, column).lines(project, self.matrix.columns[column].asked);
                response.on_hover_text(lines.join("\n"));
            }
        }
        pressed
    }

    /// The name of a state at the left, which stays in sight.
    fn name(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        frame: Frame,
        (row, place, top): (usize, usize, f32),
        requests: &mut Vec<Request>,
    ) {
        let state = &self.matrix.rows[row];
        let rect = Rect::from_min_size(pos2(frame.outer.left(), top), vec2(frame.names, ROW));
        let clip = Rect::from_min_max(pos2(frame.outer.left(), frame.outer.top() + HEAD), frame.outer.max);
        ui.set_clip_rect(clip);
        let response = ui.interact(rect, Id::new(("state of the matrix", state.state)), Sense::CLICK);
        is_head(&response, Role::RowHeader, &state.label, place + 1, 0);
        let painter = ui.painter();
        let is_here = self.cursor.is_some_and(|(at, _)| at == row);
        let fill = if is_here { theme.palette.accent_soft } else { theme.palette.panel };
        painter.rect_filled(rect, 0.0, if response.hovered() { theme.palette.hover } else { fill });
        painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.palette.border));
        if let Some(stage) = state.stage {
            let look = theme.stage(stage);
            let band = Rect::from_min_size(rect.min + vec2(0.0, 2.0), vec2(5.0, ROW - 4.0));
            painter.rect_filled(band, 2.0, look.line);
            let sign = rect.left_center() + vec2(14.0, 0.0);
            painter.text(sign, Align2::LEFT_CENTER, look.icon, FontId::proportional(16.0), look.line);
        }
        let (left, room) = (rect.left() + 38.0, rect.width() - 44.0);
        let strong = FontId::new(theme.sizes.body, strong_family());
        let small = FontId::proportional(theme.sizes.small);
        let about = if state.is_end { "end" } else { state.owner.as_str() };
        if about.is_empty() {
            two_lines(painter, &state.label, strong, theme.palette.text, left, rect.center().y, room);
        } else {
            one_line(painter, &state.label, strong, theme.palette.text, pos2(left, rect.center().y - 9.0), room);
            one_line(painter, about, small, theme.palette.text_muted, pos2(left, rect.center().y + 9.0), room);
        }
        if response.clicked() {
            let column = self.cursor.map_or(self.view.columns[0], |(_, column)| column);
            self.go((row, column), requests);
        }
    }

    /// The names of the columns on top, which stay in sight.
    fn heads(&mut self, ui: &mut Ui, theme: &Theme, frame: Frame, seen: Range<usize>, requests: &mut Vec<Request>) {
        let rect = Rect::from_min_size(frame.outer.min, vec2(frame.outer.width(), HEAD));
        let mut line = ui.new_child(UiBuilder::new().id_salt("heads").max_rect(rect));
        line.ctx().accesskit_node_builder(line.unique_id(), |node| {
            node.set_role(Role::Row);
            node.set_row_index(0);
        });
        line.painter().rect_filled(rect, 0.0, theme.palette.panel);
        let clip = Rect::from_min_max(pos2(rect.left() + frame.names, rect.top()), rect.max);
        line.set_clip_rect(line.clip_rect().intersect(clip));
        for at in seen {
            let column = self.view.columns[at];
            let cell = Rect::from_min_size(pos2(frame.left(at), rect.top()), vec2(frame.column, HEAD));
            let (asked, bucket) = (self.matrix.columns[column].asked, self.matrix.columns[column].bucket);
            let response = line.interact(cell, Id::new(("column of the matrix", asked, bucket)), Sense::CLICK);
            is_head(&response, Role::ColumnHeader, &self.matrix.column_label(column), 0, at + 1);
            let is_here = self.cursor.is_some_and(|(_, here)| here == column);
            let painter = line.painter();
            if is_here || response.hovered() {
                let fill = if response.hovered() { theme.palette.hover } else { theme.palette.accent_soft };
                painter.rect_filled(cell, 0.0, fill);
            }
            let strong = FontId::new(theme.sizes.body, strong_family());
            let (left, room) = (cell.left() + 10.0, cell.width() - 16.0);
            let label = match asked {
                Asked::Event(_) => self.matrix.columns[column].label.clone(),
                Asked::Silence => format!("{}  silence", egui_phosphor::regular::HOURGLASS),
                Asked::Clock => format!("{}  time of day", egui_phosphor::regular::CLOCK),
                Asked::Done(_) => {
                    format!("{}  {}", egui_phosphor::regular::FLAG_CHECKERED, self.matrix.columns[column].label)
                }
            };
            match &self.matrix.columns[column].case {
                None => two_lines(painter, &label, strong, theme.palette.text, left, cell.center().y, room),
                Some(case) => {
                    let small = FontId::proportional(theme.sizes.small);
                    one_line(painter, &label, strong, theme.palette.text, pos2(left, cell.center().y - 10.0), room);
                    one_line(painter, case, small, theme.palette.text, pos2(left, cell.center().y + 10.0), room);
                }
            }
            if response.clicked() {
                let row = self.cursor.map_or(self.view.rows[0], |(row, _)| row);
                self.go((row, column), requests);
                if let Asked::Event(event) = asked {
                    let selection = Selection::one(EntityId::Event(event));
                    self.followed = Some(selection.clone());
                    requests.push(Request::Select(selection));
                }
            }
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.palette.outline));
        let font = FontId::proportional(theme.sizes.small);
        let corner = pos2(rect.left() + 12.0, rect.center().y);
        ui.painter().text(corner, Align2::LEFT_CENTER, "State", font, theme.palette.text_muted);
    }
}

fn is_head(response: &Response, role: Role, name: &str, row: usize, column: usize) {
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, name));
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_role(role);
        node.set_label(name);
        node.set_row_index(row);
        node.set_column_index(column);
    });
}

fn dashed(painter: &Painter, rect: Rect, color: Color32) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(egui::Shape::dashed_line(&corners, Stroke::new(1.5, color), 6.0, 4.0));
}

fn job(text: &str, font: FontId, ink: Color32, room: f32, rows: usize) -> LayoutJob {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, ink));
    job.wrap.max_width = room.max(1.0);
    job.wrap.max_rows = rows;
    job
}

fn one_line(painter: &Painter, text: &str, font: FontId, ink: Color32, middle: Pos2, room: f32) {
    let mut job = job(text, font, ink, room, 1);
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    painter.galley(middle - vec2(0.0, galley.size().y / 2.0), galley, ink);
}

fn two_lines(painter: &Painter, text: &str, font: FontId, ink: Color32, left: f32, middle: f32, room: f32) {
    let galley = painter.layout_job(job(text, font, ink, room, 2));
    painter.galley(pos2(left, middle - galley.size().y / 2.0), galley, ink);
}
