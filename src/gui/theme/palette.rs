//! The colours of each look. Values only.

use egui::Color32;

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// What colours are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind the drawing; also the window's clear colour.
    pub canvas: Color32,
    /// The dots on the canvas.
    pub grid: Color32,
    pub panel: Color32,
    /// A part of a panel that lies lower: lists, wells, code.
    pub sunken: Color32,
    pub hover: Color32,
    /// Inside text fields.
    pub field: Color32,
    pub card: Color32,
    /// Quiet separators, which carry no meaning.
    pub border: Color32,
    /// The edge of a shape that has to be seen.
    pub outline: Color32,
    pub arrow: Color32,
    pub text: Color32,
    pub text_muted: Color32,
    /// The one accent: selection, focus, the primary action.
    pub accent: Color32,
    pub accent_hover: Color32,
    pub accent_soft: Color32,
    /// On accent, error or warning as a fill.
    pub on_accent: Color32,
    pub error: Color32,
    pub error_soft: Color32,
    pub warning: Color32,
    pub warning_soft: Color32,
    pub success: Color32,
    /// The contact that is followed, among all the others.
    pub followed: Color32,
    pub shadow: Color32,
    pub shadow_strong: Color32,
}

pub(super) const LIGHT: Palette = Palette {
    canvas: rgb(0xF6_F7F9),
    grid: rgb(0xD3_D8E0),
    panel: rgb(0xFF_FFFF),
    sunken: rgb(0xF2_F4F7),
    hover: rgb(0xE8_EBF0),
    field: rgb(0xFF_FFFF),
    card: rgb(0xFF_FFFF),
    border: rgb(0xDF_E3EA),
    outline: rgb(0x83_8C9B),
    arrow: rgb(0x5B_6577),
    text: rgb(0x16_1A22),
    text_muted: rgb(0x55_5E6D),
    accent: rgb(0x41_50D2),
    accent_hover: rgb(0x33_41B8),
    accent_soft: rgb(0xE6_E9FC),
    on_accent: rgb(0xFF_FFFF),
    error: rgb(0xB3_261E),
    error_soft: rgb(0xFD_ECEA),
    warning: rgb(0x85_4F00),
    warning_soft: rgb(0xFD_F3DC),
    success: rgb(0x14_6C47),
    followed: okabe_ito::VERMILLION,
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 18),
    shadow_strong: Color32::from_rgba_premultiplied(0, 0, 0, 40),
};

pub(super) const DARK: Palette = Palette {
    canvas: rgb(0x13_151A),
    grid: rgb(0x2C_313B),
    panel: rgb(0x1A_1D24),
    sunken: rgb(0x21_252E),
    hover: rgb(0x2B_303B),
    field: rgb(0x14_171D),
    card: rgb(0x22_262F),
    border: rgb(0x31_3743),
    outline: rgb(0x78_8293),
    arrow: rgb(0x9A_A4B5),
    text: rgb(0xF0_F2F6),
    text_muted: rgb(0xAC_B4C2),
    accent: rgb(0x9A_A9FF),
    accent_hover: rgb(0xB3_BEFF),
    accent_soft: rgb(0x2C_3356),
    on_accent: rgb(0x12_141B),
    error: rgb(0xFF_8F7A),
    error_soft: rgb(0x43_2523),
    warning: rgb(0xF2_BB55),
    warning_soft: rgb(0x3D_3019),
    success: rgb(0x62_CDA0),
    followed: okabe_ito::ORANGE,
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 90),
    shadow_strong: Color32::from_rgba_premultiplied(0, 0, 0, 140),
};

/// Nothing is told by a tint alone: every panel, card and field has an edge that is seen.
pub(super) const HIGH_CONTRAST: Palette = Palette {
    canvas: rgb(0x00_0000),
    grid: rgb(0x4A_4A4A),
    panel: rgb(0x00_0000),
    sunken: rgb(0x0A_0A0A),
    hover: rgb(0x33_3333),
    field: rgb(0x00_0000),
    card: rgb(0x00_0000),
    border: rgb(0xB8_B8B8),
    outline: rgb(0xFF_FFFF),
    arrow: rgb(0xFF_FFFF),
    text: rgb(0xFF_FFFF),
    text_muted: rgb(0xE2_E2E2),
    accent: rgb(0xFF_E14A),
    accent_hover: rgb(0xFF_EE94),
    accent_soft: rgb(0x3A_3300),
    on_accent: rgb(0x00_0000),
    error: rgb(0xFF_9E8F),
    error_soft: rgb(0x40_0A00),
    warning: rgb(0xFF_C04D),
    warning_soft: rgb(0x38_2600),
    success: rgb(0x6D_F0B8),
    followed: okabe_ito::ORANGE,
    shadow: Color32::TRANSPARENT,
    shadow_strong: Color32::TRANSPARENT,
};

/// Colours that stay apart for every kind of colour vision (Okabe and Ito, 2008).
pub(super) mod okabe_ito {
    use egui::Color32;

    use super::rgb;

    pub(in super::super) const ORANGE: Color32 = rgb(0xE6_9F00);
    pub(in super::super) const SKY_BLUE: Color32 = rgb(0x56_B4E9);
    pub(in super::super) const BLUISH_GREEN: Color32 = rgb(0x00_9E73);
    pub(in super::super) const BLUE: Color32 = rgb(0x00_72B2);
    pub(in super::super) const VERMILLION: Color32 = rgb(0xD5_5E00);
    pub(in super::super) const REDDISH_PURPLE: Color32 = rgb(0xCC_79A7);
}
