//! How everything looks: colours, spacing, radii, type. The one place that names a colour; panels ask for a meaning
//! ("card", "muted text", "danger") and never for a value.

mod contrast;
mod fonts;
mod palette;
mod widgets;

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals};
use egui_phosphor::regular as icon;

use serde::{Deserialize, Serialize};

use crate::model::Stage;
use crate::simulation::problem::Severity;

pub use contrast::{contrast, readable};
pub use fonts::{font_definitions, install_fonts, strong_family};
pub use palette::Palette;
pub use widgets::inside;

/// Around the text of a field, so that fields are as high as buttons.
pub const FIELD_MARGIN: Margin = Margin::symmetric(8, 6);

/// What the user can choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    #[default]
    Light,
    Dark,
    /// Black and white, every edge drawn: for bad eyes and bad projectors.
    HighContrast,
}

impl Look {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::HighContrast];

    /// The one that comes after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::HighContrast,
            Self::HighContrast => Self::Light,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::HighContrast => "High contrast",
        }
    }

    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Light => icon::SUN,
            Self::Dark => icon::MOON,
            Self::HighContrast => icon::CIRCLE_HALF,
        }
    }
}

/// How everything is drawn in one look.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub look: Look,
    pub palette: Palette,
    pub spacing: Spacing,
    pub radii: Radii,
    pub sizes: Sizes,
}

/// Distances in points; multiples of four.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    pub tight: f32,
    pub small: f32,
    pub medium: f32,
    pub large: f32,
    pub huge: f32,
}

/// Corner radii in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Radii {
    pub small: u8,
    pub medium: u8,
    pub large: u8,
}

/// Font sizes in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    pub small: f32,
    pub body: f32,
    pub subheading: f32,
    pub heading: f32,
    pub title: f32,
    /// A number that is the message, as on a results card.
    pub numeral: f32,
}

/// How a stage of the lifecycle is told apart: by colour and by icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageLook {
    pub fill: Color32,
    /// For what is written or drawn on `fill`.
    pub ink: Color32,
    /// The hue, strong enough to stand alone on a card.
    pub line: Color32,
    pub icon: &'static str,
}

/// How bad something is: by colour and by icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityLook {
    /// For text on panels, cards and the canvas.
    pub text: Color32,
    /// Behind a passage of ordinary text.
    pub soft: Color32,
    pub icon: &'static str,
}

impl Theme {
    #[must_use]
    pub fn of(look: Look) -> Self {
        Self {
            look,
            palette: match look {
                Look::Light => palette::LIGHT,
                Look::Dark => palette::DARK,
                Look::HighContrast => palette::HIGH_CONTRAST,
            },
            spacing: Spacing { tight: 4.0, small: 8.0, medium: 12.0, large: 20.0, huge: 32.0 },
            radii: Radii { small: 6, medium: 8, large: 12 },
            sizes: Sizes { small: 12.0, body: 14.0, subheading: 16.0, heading: 20.0, title: 28.0, numeral: 36.0 },
        }
    }

    /// Whether text is lighter than what it stands on.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        self.look != Look::Light
    }

    /// Makes every widget of `ctx` look like this. Cheap enough to be called whenever the choice changes, not per frame.
    pub fn apply(&self, ctx: &egui::Context) {
        let which = if self.is_dark() { egui::Theme::Dark } else { egui::Theme::Light };
        ctx.set_style_of(which, self.style());
        ctx.set_theme(which);
        // Ctrl+0, Ctrl+plus and Ctrl+minus belong to the canvas; the scale of the window is a setting.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
    }

    #[must_use]
    pub fn stage(&self, stage: Stage) -> StageLook {
        let (fill, icon) = match stage {
            Stage::Engage => (palette::okabe_ito::SKY_BLUE, icon::MEGAPHONE),
            Stage::Nurture => (palette::okabe_ito::BLUISH_GREEN, icon::PLANT),
            Stage::Convert => (palette::okabe_ito::ORANGE, icon::SHOPPING_CART),
            Stage::Retain => (palette::okabe_ito::BLUE, icon::REPEAT),
            Stage::Grow => (palette::okabe_ito::REDDISH_PURPLE, icon::TREND_UP),
            Stage::Advocate => (palette::okabe_ito::VERMILLION, icon::HEART),
        };
        let ink = contrast::ink_on(fill);
        StageLook { fill, ink, line: readable(fill, self.palette.card, 3.0), icon }
    }

    /// The line of one of several things in a chart. Six stay apart for every kind of colour vision, then they come again.
    #[must_use]
    pub fn series(&self, index: usize) -> Color32 {
        use palette::okabe_ito as hue;
        let hues = [hue::BLUE, hue::VERMILLION, hue::BLUISH_GREEN, hue::REDDISH_PURPLE, hue::ORANGE, hue::SKY_BLUE];
        readable(hues[index % hues.len()], self.palette.card, 3.0)
    }

    /// Behind the words of a state in which much time (1) or little (0) is spent: one hue, ever further from a plain card,
    /// so that it can be told by any eye.
    #[must_use]
    pub fn spent(&self, share: f32) -> Color32 {
        let (low, high) = if self.is_dark() { (0.04, 0.4) } else { (0.05, 0.6) };
        self.palette.card.lerp_to_gamma(palette::okabe_ito::ORANGE, low + (high - low) * share.clamp(0.0, 1.0))
    }

    #[must_use]
    pub fn severity(&self, severity: Severity) -> SeverityLook {
        match severity {
            Severity::Error => {
                SeverityLook { text: self.palette.error, soft: self.palette.error_soft, icon: icon::X_CIRCLE }
            }
            Severity::Hint => {
                SeverityLook { text: self.palette.text_muted, soft: self.palette.card, icon: icon::LIGHTBULB }
            }
            Severity::Warning => {
                SeverityLook { text: self.palette.warning, soft: self.palette.warning_soft, icon: icon::WARNING }
            }
        }
    }

    #[must_use]
    pub fn font(size: f32) -> FontId {
        FontId::proportional(size)
    }

    fn style(&self) -> Style {
        let mut style = Style { visuals: self.visuals(), ..Style::default() };
        let font = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, font(self.sizes.small)),
            (TextStyle::Body, font(self.sizes.body)),
            (TextStyle::Button, font(self.sizes.body)),
            (TextStyle::Heading, font(self.sizes.heading)),
            (TextStyle::Monospace, FontId::new(self.sizes.body - 1.0, FontFamily::Monospace)),
        ]
        .into();
        let spacing = &mut style.spacing;
        spacing.item_spacing = Vec2::new(8.0, 8.0);
        spacing.button_padding = Vec2::new(12.0, 6.0);
        spacing.interact_size = Vec2::new(40.0, 30.0);
        spacing.menu_margin = Margin::same(6);
        spacing.window_margin = Margin::same(16);
        spacing.indent = 20.0;
        spacing.icon_width = 18.0;
        spacing.icon_width_inner = 10.0;
        spacing.icon_spacing = 6.0;
        spacing.combo_width = 120.0;
        spacing.text_edit_width = 240.0;
        spacing.tooltip_width = 360.0;
        spacing.scroll.bar_width = 8.0;
        style.interaction.tooltip_delay = 0.35;
        style.interaction.selectable_labels = false;
        style.animation_time = 0.1;
        style
    }

    fn visuals(&self) -> Visuals {
        let p = &self.palette;
        let mut visuals = if self.is_dark() { Visuals::dark() } else { Visuals::light() };
        visuals.override_text_color = None;
        visuals.weak_text_color = Some(p.text_muted);
        visuals.hyperlink_color = p.accent;
        visuals.faint_bg_color = p.sunken;
        visuals.extreme_bg_color = p.field;
        visuals.text_edit_bg_color = Some(p.field);
        visuals.code_bg_color = p.sunken;
        visuals.warn_fg_color = p.warning;
        visuals.error_fg_color = p.error;
        visuals.panel_fill = p.panel;
        visuals.window_fill = p.panel;
        visuals.window_stroke = Stroke::new(1.0, p.border);
        visuals.window_corner_radius = CornerRadius::same(self.radii.large);
        visuals.menu_corner_radius = CornerRadius::same(self.radii.medium);
        visuals.window_shadow = self.shadow_high();
        visuals.popup_shadow = self.shadow_high();
        visuals.selection.bg_fill = p.accent_soft;
        visuals.selection.stroke = Stroke::new(1.5, p.accent);
        visuals.text_cursor.stroke = Stroke::new(2.0, p.accent);
        // A blinking cursor would keep repainting the window.
        visuals.text_cursor.blink = false;
        visuals.collapsing_header_frame = false;
        visuals.indent_has_left_vline = false;
        visuals.slider_trailing_fill = true;
        visuals.disabled_alpha = 0.55;
        let radius = CornerRadius::same(self.radii.small);
        let widgets = &mut visuals.widgets;
        for (widget, fill, stroke, text) in [
            (&mut widgets.noninteractive, p.panel, p.border, p.text),
            (&mut widgets.inactive, p.sunken, p.border, p.text),
            (&mut widgets.hovered, p.hover, p.outline, p.text),
            (&mut widgets.active, p.accent_soft, p.accent, p.text),
            (&mut widgets.open, p.hover, p.outline, p.text),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, stroke);
            widget.fg_stroke = Stroke::new(1.25, text);
            widget.corner_radius = radius;
            widget.expansion = 0.0;
        }
        visuals
    }

    /// Under cards: barely there.
    #[must_use]
    pub fn shadow_low(&self) -> Shadow {
        Shadow { offset: [0, 2], blur: 8, spread: 0, color: self.palette.shadow }
    }

    /// Under what floats: menus, popups, windows.
    #[must_use]
    pub fn shadow_high(&self) -> Shadow {
        Shadow { offset: [0, 8], blur: 28, spread: 0, color: self.palette.shadow_strong }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_read_and_every_shape_seen() {
        for theme in Look::ALL.map(Theme::of) {
            let p = &theme.palette;
            let grounds = [("panel", p.panel), ("sunken", p.sunken), ("card", p.card), ("canvas", p.canvas)];
            let inks = [
                ("text", p.text),
                ("muted", p.text_muted),
                ("accent", p.accent),
                ("error", p.error),
                ("warning", p.warning),
                ("success", p.success),
            ];
            for (ground, behind) in grounds {
                for (ink, front) in inks {
                    at_least(&theme, &format!("{ink} on {ground}"), front, behind, 4.5);
                }
                at_least(&theme, &format!("outline on {ground}"), p.outline, behind, 3.0);
                at_least(&theme, &format!("arrow on {ground}"), p.arrow, behind, 3.0);
            }
            for ground in [p.hover, p.field, p.accent_soft, p.error_soft, p.warning_soft] {
                at_least(&theme, "text on a tint", p.text, ground, 4.5);
                at_least(&theme, "muted on a tint", p.text_muted, ground, 4.5);
            }
            for share in [0.0, 0.5, 1.0] {
                at_least(&theme, "text on time spent", p.text, theme.spent(share), 4.5);
                at_least(&theme, "a dot on time spent", p.accent, theme.spent(share), 3.0);
                at_least(&theme, "the ring of who is followed", p.text, theme.spent(share), 3.0);
            }
            at_least(&theme, "error on its tint", p.error, p.error_soft, 4.5);
            at_least(&theme, "selected text", p.accent, p.accent_soft, 4.5);
            at_least(&theme, "warning on its tint", p.warning, p.warning_soft, 4.5);
            for filled in [p.accent, p.accent_hover, p.error, p.warning] {
                at_least(&theme, "ink on a filled shape", p.on_accent, filled, 4.5);
            }
            for index in 0..6 {
                at_least(&theme, "a line of a chart", theme.series(index), p.card, 3.0);
            }
            for stage in Stage::ALL {
                let look = theme.stage(stage);
                at_least(&theme, &format!("icon of {}", stage.label()), look.ink, look.fill, 4.5);
                at_least(&theme, &format!("line of {}", stage.label()), look.line, p.card, 3.0);
            }
        }
    }

    fn at_least(theme: &Theme, what: &str, front: Color32, behind: Color32, wanted: f32) {
        let found = contrast(front, behind);
        assert!(found >= wanted, "{what}: {found:.2} < {wanted} ({:?})", theme.look);
    }

    #[test]
    fn high_contrast_is_higher() {
        let theme = Theme::of(Look::HighContrast);
        let p = &theme.palette;
        for ground in [p.panel, p.sunken, p.card, p.canvas, p.field] {
            for ink in [p.text, p.text_muted, p.accent, p.error, p.warning, p.success] {
                at_least(&theme, "text", ink, ground, 7.0);
            }
            for shape in [p.border, p.outline, p.arrow] {
                at_least(&theme, "an edge", shape, ground, 4.5);
            }
        }
    }

    #[test]
    fn stages_differ_in_colour_and_in_icon() {
        let theme = Theme::of(Look::Light);
        for (index, one) in Stage::ALL.into_iter().enumerate() {
            for other in &Stage::ALL[index + 1..] {
                assert_ne!(theme.stage(one).fill, theme.stage(*other).fill);
                assert_ne!(theme.stage(one).icon, theme.stage(*other).icon);
            }
        }
    }
}
