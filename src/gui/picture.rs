//! Pictures of a journey, made without a screen by the painting of the canvas itself: SVG, PNG and PDF. Knows nothing of
//! windows; only the pictures themselves know the file formats.

mod letters;
mod svg;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use egui::{Context, LayerId, Painter, RawInput, Rect, Shape, Vec2};
use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt as _, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Tree};

use self::letters::Faces;
pub use self::letters::has_letter;
use self::svg::Writing;
use super::canvas::{Part, paint_still};
use super::theme::{self, Theme};
use crate::model::trigger_text::print_trigger;
use crate::model::{NodeId, Project};

/// The kinds of picture, by the ending of their file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Svg,
    Png,
    Pdf,
}

impl Format {
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        match ending.as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }
}

/// Why there is no picture, as a sentence to the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("There is nothing to draw: the journey has no states yet.")]
    Empty,
    #[error(
        "The picture would be {width} × {height} pixels, more than can be kept in memory. Choose a smaller scale, or SVG or PDF, \
         which have no pixels."
    )]
    TooLarge { width: u64, height: u64 },
    #[error("The picture could not be made: {0}.")]
    Failed(String),
}

/// Writes a picture to a file, of the kind that its ending says. A PNG has two pixels to a point, or as many as the end of
/// its name says: `journey@3x.png`.
///
/// # Errors
/// A sentence.
pub fn write(project: &Project, theme: &Theme, only: Option<&BTreeSet<NodeId>>, path: &Path) -> Result<(), String> {
    let Some(format) = Format::of(path) else {
        return Err(format!("{} cannot be written. Pictures end in .png, .svg or .pdf.", path.display()));
    };
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let scales = [("@1x", 1.0), ("@2x", 2.0), ("@3x", 3.0), ("@4x", 4.0)];
    let scale = scales.into_iter().find(|(end, _)| stem.ends_with(end)).map_or(2.0, |(_, scale)| scale);
    let picture = Picture::of(project, theme, only).map_err(|error| error.to_string())?;
    let bytes = picture.bytes(format, scale).map_err(|error| error.to_string())?;
    let told = |error| format!("{} cannot be written: {error}. Choose another place.", path.display());
    std::fs::write(path, bytes).map_err(told)
}

/// The most pixels of a PNG.
const MOST_PIXELS: u64 = 120_000_000;
/// A point of the canvas in points of the printer, and the longest edge of a page.
const PRINTED: f32 = 0.75;
const LONGEST_PAGE: f32 = 14_400.0;
/// Letters are placed as finely as on a screen with so many pixels to a point.
const FINENESS: f32 = 4.0;

/// A journey as it is painted at 100 %, part by part.
pub struct Picture {
    size: Vec2,
    title: String,
    background: egui::Color32,
    parts: Vec<Painted>,
    faces: Faces,
}

/// What was painted for one part of the drawing.
struct Painted {
    /// Unique in the picture: `node-3`.
    id: String,
    /// In the words of the user.
    title: String,
    shapes: Vec<Shape>,
}

impl Picture {
    /// Of the nodes in `only` with what they hold and the arrows between them, or of everything.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn of(project: &Project, theme: &Theme, only: Option<&BTreeSet<NodeId>>) -> Result<Self, PictureError> {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        theme.apply(&ctx);
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, Vec2::splat(100.0))),
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(FINENESS);
        }
        let layer = LayerId::background();
        let mut found = None;
        let mut output = ctx.run_ui(input, |ui| {
            let ctx = ui.ctx().clone();
            let painter = Painter::new(ctx.clone(), layer, Rect::EVERYTHING);
            let count = || ctx.graphics(|graphics| graphics.get(layer).map_or(0, |list| list.all_entries().len()));
            let mut begins = Vec::new();
            let size = paint_still(&painter, theme, project, only, &mut |part| begins.push((part, count())));
            let shapes: Vec<Shape> = ctx.graphics(|graphics| {
                graphics
                    .get(layer)
                    .into_iter()
                    .flat_map(|list| list.all_entries().map(|entry| entry.shape.clone()))
                    .collect()
            });
            found = size.map(|size| (size, begins, shapes));
        });
        // Nobody uploads them.
        output.textures_delta.clear();
        let Some((size, begins, shapes)) = found else { return Err(PictureError::Empty) };
        let ends = begins.iter().skip(1).map(|(_, begin)| *begin).chain([shapes.len()]);
        let parts = begins
            .iter()
            .zip(ends)
            .map(|((part, begin), end)| {
                let (id, title) = described(project, *part);
                Painted { id, title, shapes: shapes[*begin..end].to_vec() }
            })
            .collect();
        let title = project.info.name.clone();
        Ok(Self { size, title, background: theme.palette.canvas, parts, faces: Faces::new(&theme::font_definitions()) })
    }

    /// In points of the canvas.
    #[must_use]
    pub fn size(&self) -> Vec2 {
        self.size
    }

    /// How many states and groups are drawn, and how many arrows.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let begin = |start: &str| self.parts.iter().filter(|part| part.id.starts_with(start)).count() as u64;
        (begin("node-"), begin("arrow-"))
    }

    /// The file of this picture; a PNG has `scale` pixels to a point of the canvas.
    ///
    /// # Errors
    /// A sentence when it would be too large, or could not be made.
    pub fn bytes(&self, format: Format, scale: f32) -> Result<Vec<u8>, PictureError> {
        match format {
            Format::Svg => Ok(self.svg().into_bytes()),
            Format::Png => self.png(scale),
            Format::Pdf => self.pdf(),
        }
    }

    /// Letters are outlines, so that they look the same wherever no font is; invisible text over them can be searched.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::written(self, Writing::Outlines)
    }

    fn png(&self, scale: f32) -> Result<Vec<u8>, PictureError> {
        let pixels = (self.size * scale).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is refused then")]
        let (width, height) = (pixels.x as u32, pixels.y as u32);
        let (wide, high) = (u64::from(width), u64::from(height));
        let too_large = PictureError::TooLarge { width: wide, height: high };
        if wide * high > MOST_PIXELS {
            return Err(too_large);
        }
        let tree = parsed(&self.svg(), &usvg::Options::default())?;
        let mut pixmap = Pixmap::new(width, height).ok_or(too_large)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        pixmap.encode_png().map_err(|error| PictureError::Failed(error.to_string()))
    }

    fn pdf(&self) -> Result<Vec<u8>, PictureError> {
        let options = usvg::Options { fontdb: Arc::new(self.faces.database()), ..usvg::Options::default() };
        let tree = parsed(&svg::written(self, Writing::Fonts), &options)?;
        let printed = PRINTED.min(LONGEST_PAGE / self.size.max_elem());
        let failed = || PictureError::Failed(String::from("the page has no size"));
        let size = Size::from_wh(self.size.x * printed, self.size.y * printed).ok_or_else(failed)?;
        let mut document = Document::new();
        document.set_metadata(Metadata::new().title(self.title.clone()).creator(String::from("Statecraft")));
        let mut page = document.start_page_with(PageSettings::new(size));
        let mut surface = page.surface();
        surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(failed)?;
        surface.finish();
        page.finish();
        document.finish().map_err(|error| PictureError::Failed(format!("{error:?}")))
    }
}

fn parsed(svg: &str, options: &usvg::Options) -> Result<Tree, PictureError> {
    Tree::from_str(svg, options).map_err(|error| PictureError::Failed(error.to_string()))
}

fn described(project: &Project, part: Part) -> (String, String) {
    let arrow = |id| {
        let trigger = project.transitions.get(&id).map(|arrow| print_trigger(project, &arrow.trigger));
        let words = trigger.filter(|words| !words.is_empty()).map(|words| format!(": {words}")).unwrap_or_default();
        format!("{}{words}", project.describe(id.into()))
    };
    match part {
        Part::Node(id) => (format!("node-{}", id.0), project.node_label(id)),
        Part::Line(id) => (format!("arrow-{}", id.0), arrow(id)),
        Part::Label(id) => (format!("label-{}", id.0), arrow(id)),
    }
}
