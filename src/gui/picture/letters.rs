//! Which font each letter is from, and its outline: the first font of the family that has it, as on the screen.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use egui::{FontData, FontDefinitions, FontFamily};
use resvg::usvg::fontdb::{Database, Source};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider as _};

use super::svg::number;
use crate::gui::theme::font_definitions;

/// Whether any font of the window has this letter.
#[must_use]
pub fn has_letter(letter: char) -> bool {
    static FACES: LazyLock<Faces> = LazyLock::new(|| Faces::new(&font_definitions()));
    FACES.face_of(&FontFamily::Proportional, letter).is_some()
}

/// The fonts of the window, for pictures.
pub(super) struct Faces {
    faces: Vec<Face>,
    /// Of each family the faces that are asked, in order.
    families: Vec<(FontFamily, Vec<usize>)>,
}

/// One font.
pub(super) struct Face {
    data: Arc<FontData>,
    /// What it calls itself.
    pub(super) family: String,
    pub(super) weight: u16,
}

impl Faces {
    pub(super) fn new(definitions: &FontDefinitions) -> Self {
        let names: Vec<&String> = definitions.font_data.keys().collect();
        let faces = definitions.font_data.values().map(|data| Face::new(Arc::clone(data))).collect();
        let place = |name: &String| names.iter().position(|known| *known == name);
        let families = definitions
            .families
            .iter()
            .map(|(family, members)| (family.clone(), members.iter().filter_map(place).collect()))
            .collect();
        Self { faces, families }
    }

    /// The font that `letter` is from.
    pub(super) fn face_of(&self, family: &FontFamily, letter: char) -> Option<usize> {
        let (_, members) = self.families.iter().find(|(known, _)| known == family)?;
        members.iter().copied().find(|place| self.faces[*place].has(letter))
    }

    pub(super) fn face(&self, place: usize) -> &Face {
        &self.faces[place]
    }

    /// All of them, for those who write text with fonts.
    pub(super) fn database(&self) -> Database {
        let mut database = Database::new();
        for face in &self.faces {
            database.load_font_source(Source::Binary(Arc::new(face.data.font.clone())));
        }
        database
    }
}

impl Face {
    fn new(data: Arc<FontData>) -> Self {
        let mut database = Database::new();
        let ids = database.load_font_source(Source::Binary(Arc::new(data.font.clone())));
        let info = ids.first().and_then(|id| database.face(*id));
        let family = info.and_then(|info| info.families.first()).map(|(name, _)| name.clone()).unwrap_or_default();
        Self { family, weight: info.map_or(400, |info| info.weight.0), data }
    }

    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data.font, self.data.index).ok()
    }

    fn has(&self, letter: char) -> bool {
        self.font().is_some_and(|font| font.charmap().map(letter).is_some())
    }

    /// The size at which it is drawn where `size` is asked for.
    pub(super) fn scaled(&self, size: f32) -> f32 {
        size * self.data.tweak.scale
    }

    /// How far below the base line it is drawn.
    pub(super) fn lowered(&self, size: f32) -> f32 {
        self.scaled(size) * self.data.tweak.y_offset_factor + self.data.tweak.y_offset
    }

    /// Adds the outline of a letter to a path.
    pub(super) fn outline(&self, letter: char, size: f32, x: f32, y: f32, path: &mut String) {
        let Some(font) = self.font() else { return };
        let Some(glyph) = font.charmap().map(letter).and_then(|glyph| font.outline_glyphs().get(glyph)) else { return };
        let settings = DrawSettings::unhinted(Size::new(self.scaled(size)), LocationRef::default());
        // A glyph that cannot be drawn here cannot be drawn on the screen either.
        let _ = glyph.draw(settings, &mut Pen { x, y, path });
    }
}

/// Writes an outline as the path of an SVG, whose y grows downwards.
struct Pen<'a> {
    x: f32,
    y: f32,
    path: &'a mut String,
}

impl Pen<'_> {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (index, (x, y)) in points.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            // Writing to a text cannot fail.
            let _ = write!(self.path, "{gap}{} {}", number(self.x + x), number(self.y - y));
        }
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.add('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.add('C', &[(ax, ay), (bx, by), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::theme::strong_family;

    /// Names of states in writings that customers of our users have.
    const NAMES: [&str; 9] = [
        "Größe · naïve · Łódź",
        "Покупатель",
        "Πελάτης",
        "潜在客户",
        "見込み客カート",
        "잠재고객",
        "🛒💌🎉📞⭐",
        "→ ≥ ✓ № € ☂ ⚑",
        "לקוח عميل Հայ ქართ",
    ];

    #[test]
    fn names_in_many_writings_have_all_their_letters() {
        let faces = Faces::new(&font_definitions());
        for family in [FontFamily::Proportional, strong_family(), FontFamily::Monospace] {
            for letter in NAMES.iter().flat_map(|name| name.chars()).filter(|letter| !letter.is_whitespace()) {
                let face = faces.face_of(&family, letter).unwrap_or_else(|| panic!("{letter} in {family:?}"));
                let mut path = String::new();
                faces.face(face).outline(letter, 14.0, 0.0, 0.0, &mut path);
                assert!(path.len() > 20, "{letter} in {family:?} is drawn as {path:?}");
            }
        }
        assert!(has_letter('🛒') && !has_letter('\u{13000}'));
    }
}
