//! Frames, texts and buttons in the look of a theme, so that panels set no colours themselves.

use egui::{Color32, CornerRadius, Frame, Layout, Margin, Rect, Response, RichText, Stroke, Ui, UiBuilder, WidgetText};

use super::{Theme, strong_family};
use crate::simulation::problem::Severity;

/// Draws into `rect`, which was allocated before, so that the layout around it is left alone.
pub fn inside<R>(ui: &mut Ui, rect: Rect, layout: Layout, add: impl FnOnce(&mut Ui) -> R) -> R {
    add(&mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout)))
}

impl Theme {
    /// Around a panel at the window's edge.
    pub fn panel_frame(&self) -> Frame {
        Frame::new().fill(self.palette.panel).inner_margin(Margin::symmetric(16, 12))
    }

    /// Around a thing that lies on a panel.
    pub fn card_frame(&self) -> Frame {
        Frame::new()
            .fill(self.palette.card)
            .stroke(Stroke::new(1.0, self.palette.border))
            .corner_radius(CornerRadius::same(self.radii.large))
            .inner_margin(Margin::same(16))
            .shadow(self.shadow_low())
    }

    /// Around a list or a well inside a panel.
    pub fn sunken_frame(&self) -> Frame {
        Frame::new()
            .fill(self.palette.sunken)
            .corner_radius(CornerRadius::same(self.radii.medium))
            .inner_margin(Margin::same(10))
    }

    /// Around what floats above the window.
    pub fn popup_frame(&self) -> Frame {
        Frame::new()
            .fill(self.palette.panel)
            .stroke(Stroke::new(1.0, self.palette.border))
            .corner_radius(CornerRadius::same(self.radii.medium))
            .inner_margin(Margin::same(8))
            .shadow(self.shadow_high())
    }

    /// Around a passage about a problem.
    pub fn problem_frame(&self, severity: Severity) -> Frame {
        let look = self.severity(severity);
        Frame::new()
            .fill(look.soft)
            .stroke(Stroke::new(1.0, look.text))
            .corner_radius(CornerRadius::same(self.radii.medium))
            .inner_margin(Margin::symmetric(10, 8))
    }

    #[must_use]
    pub fn title(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).family(strong_family()).size(self.sizes.title).color(self.palette.text)
    }

    #[must_use]
    pub fn heading(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).family(strong_family()).size(self.sizes.heading).color(self.palette.text)
    }

    #[must_use]
    pub fn subheading(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).family(strong_family()).size(self.sizes.subheading).color(self.palette.text)
    }

    #[must_use]
    pub fn text(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).size(self.sizes.body).color(self.palette.text)
    }

    /// What stands out from the text around it.
    #[must_use]
    pub fn strong(&self, text: impl Into<String>) -> RichText {
        self.text(text).family(strong_family())
    }

    #[must_use]
    pub fn muted(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).size(self.sizes.body).color(self.palette.text_muted)
    }

    /// Above a field, and for notes under it.
    #[must_use]
    pub fn caption(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).size(self.sizes.small).color(self.palette.text_muted)
    }

    /// A number that is the message.
    #[must_use]
    pub fn numeral(&self, text: impl Into<String>) -> RichText {
        RichText::new(text).family(strong_family()).size(self.sizes.numeral).color(self.palette.text)
    }

    /// The sentence of a problem, with its icon.
    #[must_use]
    pub fn problem(&self, severity: Severity, message: &str) -> RichText {
        let look = self.severity(severity);
        RichText::new(format!("{} {message}", look.icon)).size(self.sizes.body).color(look.text)
    }

    /// The one thing to do here.
    pub fn primary_button(&self, ui: &mut Ui, text: impl Into<WidgetText>) -> Response {
        let p = &self.palette;
        Self::button(ui, text, [p.accent, p.accent_hover], Color32::TRANSPARENT, p.on_accent)
    }

    /// Something else that can be done here.
    pub fn secondary_button(&self, ui: &mut Ui, text: impl Into<WidgetText>) -> Response {
        let p = &self.palette;
        Self::button(ui, text, [p.card, p.hover], p.outline, p.text)
    }

    /// An action that keeps in the background until it is pointed at.
    pub fn quiet_button(&self, ui: &mut Ui, text: impl Into<WidgetText>) -> Response {
        let p = &self.palette;
        Self::button(ui, text, [Color32::TRANSPARENT, p.hover], Color32::TRANSPARENT, p.text)
    }

    /// Something that takes away.
    pub fn danger_button(&self, ui: &mut Ui, text: impl Into<WidgetText>) -> Response {
        let p = &self.palette;
        Self::button(ui, text, [p.error, p.error.gamma_multiply(0.85)], Color32::TRANSPARENT, p.on_accent)
    }

    fn button(
        ui: &mut Ui,
        text: impl Into<WidgetText>,
        [fill, hover]: [Color32; 2],
        edge: Color32,
        ink: Color32,
    ) -> Response {
        ui.scope(|ui| {
            let widgets = &mut ui.visuals_mut().widgets;
            for (widget, fill) in
                [(&mut widgets.inactive, fill), (&mut widgets.hovered, hover), (&mut widgets.active, hover)]
            {
                widget.weak_bg_fill = fill;
                widget.bg_fill = fill;
                widget.bg_stroke = Stroke::new(1.0, edge);
                widget.fg_stroke = Stroke::new(1.25, ink);
            }
            ui.button(text)
        })
        .inner
    }
}
