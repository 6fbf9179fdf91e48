//! Painted shapes as SVG: a group with a title for every part, rectangles as rectangles, letters as outlines or as text.

use std::fmt::Write as _;

use egui::epaint::{CircleShape, ColorMode, CornerRadiusF32, PathShape, PathStroke, RectShape, StrokeKind, TextShape};
use egui::{Color32, Pos2, Rect, Shape, Stroke};

use super::Picture;
use super::letters::Faces;

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// As outlines, with invisible text over them.
    Outlines,
    /// As text; only icons are outlines.
    Fonts,
}

/// A soft edge is drawn as so many hard ones.
const SHADOW_STEPS: u8 = 6;

pub(super) fn written(picture: &Picture, writing: Writing) -> String {
    let (width, height) = (number(picture.size.x), number(picture.size.y));
    let mut pen = Pen { out: String::new(), faces: &picture.faces, writing, line: None };
    pen.out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" xml:space=\"preserve\">\n<title>{}</title>\n<rect width=\"{width}\" height=\"{height}\"{}/>\n",
        escaped(&picture.title),
        paint("fill", picture.background),
    );
    for part in &picture.parts {
        pen.add(&format!("<g id=\"{}\">\n<title>{}</title>\n", part.id, escaped(&part.title)));
        for shape in &part.shapes {
            pen.shape(shape);
        }
        pen.end_line();
        pen.add("</g>\n");
    }
    pen.add("</svg>\n");
    pen.out
}

/// With at most two decimals.
pub(super) fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { String::from("0") } else { text.to_owned() }
}

/// Text that XML may hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// ` fill="#0072b2"`, with its opacity where it has one.
fn paint(what: &str, color: Color32) -> String {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    match alpha {
        0 => format!(" {what}=\"none\""),
        255 => format!(" {what}=\"#{red:02x}{green:02x}{blue:02x}\""),
        _ => {
            let opacity = (f32::from(alpha) / 255.0 * 1000.0).round() / 1000.0;
            format!(" {what}=\"#{red:02x}{green:02x}{blue:02x}\" {what}-opacity=\"{opacity}\"")
        }
    }
}

fn stroke_of(stroke: Stroke) -> String {
    if stroke.width <= 0.0 || stroke.color.a() == 0 {
        return String::new();
    }
    format!("{} stroke-width=\"{}\"", paint("stroke", stroke.color), number(stroke.width))
}

struct Pen<'a> {
    out: String,
    faces: &'a Faces,
    writing: Writing,
    /// Pieces of a dashed line, which make one path.
    line: Option<(Stroke, String)>,
}

impl Pen<'_> {
    fn add(&mut self, text: &str) {
        self.end_line();
        self.out.push_str(text);
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Noop | Shape::Mesh(_) | Shape::Callback(_) => {}
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::LineSegment { points, stroke } => self.segment(*points, *stroke),
            Shape::Rect(rect) => self.rect(rect),
            Shape::Circle(circle) => self.circle(circle),
            Shape::Path(path) => self.path(path),
            Shape::Text(text) => self.text(text),
            Shape::Ellipse(ellipse) => {
                let (centre, radius) = (ellipse.center, ellipse.radius);
                self.add(&format!(
                    "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{}{}/>\n",
                    number(centre.x),
                    number(centre.y),
                    number(radius.x),
                    number(radius.y),
                    paint("fill", ellipse.fill),
                    stroke_of(ellipse.stroke),
                ));
            }
            Shape::QuadraticBezier(curve) => {
                let [a, b, c] = curve.points.map(point);
                self.bezier(&format!("M{a}Q{b} {c}"), curve.closed, curve.fill, &curve.stroke);
            }
            Shape::CubicBezier(curve) => {
                let [a, b, c, d] = curve.points.map(point);
                self.bezier(&format!("M{a}C{b} {c} {d}"), curve.closed, curve.fill, &curve.stroke);
            }
        }
    }

    fn segment(&mut self, [from, to]: [Pos2; 2], stroke: Stroke) {
        let piece = format!("M{}L{}", point(from), point(to));
        match &mut self.line {
            Some((known, path)) if *known == stroke => path.push_str(&piece),
            _ => {
                self.end_line();
                self.line = Some((stroke, piece));
            }
        }
    }

    fn end_line(&mut self) {
        if let Some((stroke, path)) = self.line.take() {
            // Writing to a text cannot fail.
            let _ = writeln!(self.out, "<path d=\"{path}\" fill=\"none\"{}/>", stroke_of(stroke));
        }
    }

    fn rect(&mut self, shape: &RectShape) {
        if shape.blur_width > 0.0 {
            self.soft(shape);
            return;
        }
        let RectShape { rect, fill, stroke, .. } = *shape;
        let shift = match shape.stroke_kind {
            StrokeKind::Inside => -stroke.width / 2.0,
            StrokeKind::Middle => 0.0,
            StrokeKind::Outside => stroke.width / 2.0,
        };
        let radius = CornerRadiusF32::from(shape.corner_radius);
        let outlined = stroke.width > 0.0 && stroke.color.a() > 0;
        if fill.a() > 0 && (!outlined || shift != 0.0) {
            self.rounded(rect, radius, &paint("fill", fill));
        }
        if outlined {
            let inside =
                if fill.a() > 0 && shift == 0.0 { paint("fill", fill) } else { String::from(" fill=\"none\"") };
            self.rounded(
                rect.expand(shift),
                radius + CornerRadiusF32::same(shift),
                &format!("{inside}{}", stroke_of(stroke)),
            );
        }
    }

    /// A shadow, as rectangles inside one another.
    fn soft(&mut self, shape: &RectShape) {
        let [red, green, blue, alpha] = shape.fill.to_srgba_unmultiplied();
        let part = f32::from(alpha) / f32::from(SHADOW_STEPS);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a byte")]
        let fill = Color32::from_rgba_unmultiplied(red, green, blue, part.round() as u8);
        for step in 0..SHADOW_STEPS {
            let wider = shape.blur_width * (0.5 - (f32::from(step) + 0.5) / f32::from(SHADOW_STEPS));
            let radius = CornerRadiusF32::from(shape.corner_radius) + CornerRadiusF32::same(wider.max(0.0));
            self.rounded(shape.rect.expand(wider), radius, &paint("fill", fill));
        }
    }

    fn rounded(&mut self, rect: Rect, radius: CornerRadiusF32, looks: &str) {
        let most = rect.width().min(rect.height()) / 2.0;
        let [nw, ne, se, sw] =
            [radius.nw, radius.ne, radius.se, radius.sw].map(|radius| radius.clamp(0.0, most.max(0.0)));
        let (x, y) = (rect.left(), rect.top());
        if [ne, se, sw].iter().all(|other| (other - nw).abs() < 0.01) {
            self.add(&format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{looks}/>\n",
                number(x),
                number(y),
                number(rect.width()),
                number(rect.height()),
                number(nw),
            ));
            return;
        }
        let n = number;
        let arc = |radius: f32, x: f32, y: f32| {
            if radius > 0.0 { format!("A{0} {0} 0 0 1 {1} {2}", n(radius), n(x), n(y)) } else { String::new() }
        };
        let (right, bottom) = (rect.right(), rect.bottom());
        self.add(&format!(
            "<path d=\"M{} {}H{}{}V{}{}H{}{}V{}{}Z\"{looks}/>\n",
            n(x + nw),
            n(y),
            n(right - ne),
            arc(ne, right, y + ne),
            n(bottom - se),
            arc(se, right - se, bottom),
            n(x + sw),
            arc(sw, x, bottom - sw),
            n(y + nw),
            arc(nw, x + nw, y),
        ));
    }

    fn circle(&mut self, circle: &CircleShape) {
        self.add(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}{}/>\n",
            number(circle.center.x),
            number(circle.center.y),
            number(circle.radius),
            paint("fill", circle.fill),
            stroke_of(circle.stroke),
        ));
    }

    fn path(&mut self, path: &PathShape) {
        let mut line = String::new();
        for (index, place) in path.points.iter().enumerate() {
            line.push(if index == 0 { 'M' } else { 'L' });
            line.push_str(&point(*place));
        }
        self.bezier(&line, path.closed, path.fill, &path.stroke);
    }

    fn bezier(&mut self, line: &str, closed: bool, fill: Color32, stroke: &PathStroke) {
        let end = if closed { "Z" } else { "" };
        let color = if let ColorMode::Solid(color) = stroke.color { color } else { Color32::TRANSPARENT };
        let stroke = stroke_of(Stroke::new(stroke.width, color));
        self.add(&format!("<path d=\"{line}{end}\"{}{stroke} stroke-linejoin=\"round\"/>\n", paint("fill", fill)));
    }

    fn text(&mut self, text: &TextShape) {
        let Some(section) = text.galley.job.sections.first() else { return };
        let font = &section.format.font_id;
        let own = section.format.color;
        let color = if own == Color32::PLACEHOLDER { text.fallback_color } else { own };
        let color = text.override_text_color.unwrap_or(color).gamma_multiply(text.opacity_factor);
        // Where several letters make one sign, all their glyphs call themselves by the first.
        let typed: Vec<char> = text.galley.job.text.chars().filter(|letter| *letter != '\n').collect();
        let is_as_typed = text.galley.rows.iter().map(|row| row.glyphs.len()).sum::<usize>() == typed.len();
        let mut place = 0;
        for row in &text.galley.rows {
            let mut pieces: Vec<Piece> = Vec::new();
            for glyph in &row.glyphs {
                let letter = if is_as_typed { typed[place] } else { glyph.chr };
                place += 1;
                let at = text.pos + row.pos.to_vec2() + glyph.pos.to_vec2();
                // What no font has is no letter in the picture; the text over it says it all the same.
                let Some(face) = self.faces.face_of(&font.family, letter) else { continue };
                let y = at.y + self.faces.face(face).lowered(font.size);
                match pieces.last_mut() {
                    Some(piece) if piece.face == face => piece.letters.push((letter, at.x)),
                    _ => pieces.push(Piece { face, y, letters: vec![(letter, at.x)] }),
                }
            }
            for piece in &pieces {
                self.piece(piece, font.size, color);
            }
        }
    }

    fn piece(&mut self, piece: &Piece, size: f32, color: Color32) {
        let face = self.faces.face(piece.face);
        let icons = piece.letters.iter().all(|(letter, _)| is_icon(*letter));
        if self.writing == Writing::Outlines || icons {
            let mut path = String::new();
            for (letter, x) in &piece.letters {
                face.outline(*letter, size, *x, piece.y, &mut path);
            }
            if !path.is_empty() {
                self.add(&format!("<path d=\"{path}\"{}/>\n", paint("fill", color)));
            }
        }
        if icons || piece.letters.iter().all(|(letter, _)| letter.is_whitespace()) {
            return;
        }
        let looks = match self.writing {
            Writing::Outlines => String::from(" fill=\"none\""),
            Writing::Fonts => paint("fill", color),
        };
        let places: Vec<String> = piece.letters.iter().map(|(_, x)| number(*x)).collect();
        let words: String = piece.letters.iter().map(|(letter, _)| *letter).collect();
        self.add(&format!(
            "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-weight=\"{}\" font-size=\"{}\"{looks}>{}</text>\n",
            places.join(" "),
            number(piece.y),
            escaped(&face.family),
            face.weight,
            number(face.scaled(size)),
            escaped(&words),
        ));
    }
}

/// Letters of one font beside one another, each with its place.
struct Piece {
    face: usize,
    y: f32,
    letters: Vec<(char, f32)>,
}

/// Icons stand where Unicode has no letters.
fn is_icon(letter: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&letter)
}

fn point(place: Pos2) -> String {
    format!("{} {}", number(place.x), number(place.y))
}
