//! A screen of 1280 by 800 points that nobody looks at.

use std::hint::black_box;

use egui::{Context, Event, RawInput, Rect, Ui, pos2, vec2};

/// A context with its clock, at 60 frames a second.
#[derive(Default)]
pub(crate) struct Screen {
    pub(crate) ctx: Context,
    time: f64,
}

impl Screen {
    /// One frame, down to the triangles that a graphics card would get.
    pub(crate) fn frame(&mut self, events: Vec<Event>, draw: impl FnMut(&mut Ui)) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0))),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, draw);
        // Nobody uploads them here.
        output.textures_delta.clear();
        black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
    }
}
