//! Contrast as WCAG 2.1 measures it: from 1 (the same) to 21 (black on white).

use egui::Color32;

/// How far apart two opaque colours are in lightness.
#[must_use]
pub fn contrast(one: Color32, other: Color32) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// `color`, darkened or lightened until it stands out from `ground` by `wanted`.
#[must_use]
pub fn readable(color: Color32, ground: Color32, wanted: f32) -> Color32 {
    let goal = if luminance(ground) > 0.18 { Color32::BLACK } else { Color32::WHITE };
    (0..=20u8)
        .map(|step| color.lerp_to_gamma(goal, f32::from(step) / 20.0))
        .find(|candidate| contrast(*candidate, ground) >= wanted)
        .unwrap_or(goal)
}

/// Near-black or white, whichever reads better on `fill`.
pub(super) fn ink_on(fill: Color32) -> Color32 {
    let black = Color32::from_rgb(0x10, 0x13, 0x18);
    if contrast(black, fill) >= contrast(Color32::WHITE, fill) { black } else { Color32::WHITE }
}

fn luminance(color: Color32) -> f32 {
    let linear = |channel: u8| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extremes_are_one_and_twenty_one() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::RED, Color32::RED) - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_pale_colour_is_darkened_on_white_and_a_dark_one_lightened_on_black() {
        let yellow = Color32::from_rgb(0xF0, 0xE4, 0x42);
        assert!(contrast(readable(yellow, Color32::WHITE, 3.0), Color32::WHITE) >= 3.0);
        let navy = Color32::from_rgb(0, 0, 80);
        assert!(contrast(readable(navy, Color32::BLACK, 4.5), Color32::BLACK) >= 4.5);
    }
}
