//! Where the window stood, and whether it can stand there again.

use serde::{Deserialize, Serialize};

/// The least size of the window, in logical pixels.
pub(super) const LEAST: (i32, i32) = (820, 560);
const MOST: i32 = 16_384;
/// So much of the bar that it is moved by must be seen, in pixels.
const HANDLE: (i32, i32) = (96, 24);

/// What is remembered of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The upper left corner, in logical pixels of the desktop; not every system tells it.
    pub corner: Option<(i32, i32)>,
    /// Without the frame, in logical pixels.
    pub size: (u32, u32),
    /// Whether it filled its monitor; the rest says where it stood before.
    pub maximized: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self { corner: None, size: (1440, 900), maximized: false }
    }
}

/// A part of the desktop, in its logical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monitor {
    pub corner: (i32, i32),
    pub size: (u32, u32),
}

impl Place {
    /// As the window stands now; of one that fills its monitor or is put away, as it stood before.
    pub(super) fn followed(self, ctx: &egui::Context) -> Self {
        let zoom = ctx.zoom_factor();
        ctx.input(|input| {
            let window = input.viewport();
            let maximized = window.maximized.unwrap_or(false);
            let stands = !maximized && !window.minimized.unwrap_or(false) && !window.fullscreen.unwrap_or(false);
            match window.inner_rect.filter(|_| stands) {
                Some(inner) => Self {
                    corner: window.outer_rect.map(|outer| (whole(outer.min.x * zoom), whole(outer.min.y * zoom))),
                    size: (length(inner.width() * zoom), length(inner.height() * zoom)),
                    maximized,
                },
                None => Self { maximized, ..self },
            }
        })
    }

    /// The size to open the window with, whatever a settings file holds.
    #[must_use]
    pub fn opening_size(&self) -> (i32, i32) {
        let side = |side: u32, least| i32::try_from(side).unwrap_or(MOST).clamp(least, MOST);
        (side(self.size.0, LEAST.0), side(self.size.1, LEAST.1))
    }

    /// The corner, if the window could be taken hold of there on one of these monitors.
    #[must_use]
    pub fn corner_on(&self, monitors: &[Monitor]) -> Option<(i32, i32)> {
        let corner = self.corner?;
        monitors.iter().any(|monitor| monitor.shows(corner, self.opening_size().0)).then_some(corner)
    }
}

impl Monitor {
    /// Whether enough of the upper edge of a window at `corner` is on it.
    fn shows(&self, corner: (i32, i32), width: i32) -> bool {
        let end = |start: i32, length: i64| i64::from(start) + length;
        let (left, top) = (corner.0.max(self.corner.0), i64::from(corner.1));
        let right = end(corner.0, width.into()).min(end(self.corner.0, self.size.0.into()));
        let bottom = end(self.corner.1, self.size.1.into());
        right - i64::from(left) >= i64::from(HANDLE.0)
            && top >= i64::from(self.corner.1)
            && top + i64::from(HANDLE.1) <= bottom
    }
}

/// Numbers and points of egui.
pub(super) fn vector((x, y): (i32, i32)) -> egui::Vec2 {
    #[expect(clippy::cast_precision_loss, reason = "no desktop is so large")]
    egui::vec2(x as f32, y as f32)
}

fn whole(pixels: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "what is too large becomes the largest")]
    let whole = pixels.round() as i32;
    whole
}

fn length(pixels: f32) -> u32 {
    u32::try_from(whole(pixels)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_restored_onto_a_monitor_that_is_there() {
        let laptop = Monitor { corner: (0, 0), size: (1920, 1080) };
        let left = Monitor { corner: (-2560, -200), size: (2560, 1440) };
        let at = |x, y| Place { corner: Some((x, y)), ..Place::default() };
        assert_eq!(at(100, 50).corner_on(&[laptop]), Some((100, 50)));
        assert_eq!(at(-2000, -100).corner_on(&[laptop, left]), Some((-2000, -100)));
        // The second monitor is gone.
        assert_eq!(at(-2000, -100).corner_on(&[laptop]), None);
        assert_eq!(at(-1000, 10).corner_on(&[laptop]), Some((-1000, 10)), "its right part is seen");
        for (x, y) in [(1900, 50), (-1400, 50), (100, -30), (100, 1070), (i32::MAX, 0), (i32::MIN, i32::MIN)] {
            assert_eq!(at(x, y).corner_on(&[laptop]), None, "{x}, {y}");
        }
        assert_eq!(at(0, 0).corner_on(&[]), None);
        assert_eq!(Place::default().corner_on(&[laptop]), None, "where no corner was told");
    }

    #[test]
    fn a_senseless_size_opens_a_window_all_the_same() {
        let place = |size| Place { size, ..Place::default() };
        assert_eq!(place((0, 0)).opening_size(), LEAST);
        assert_eq!(place((u32::MAX, 900)).opening_size(), (16_384, 900));
    }
}
