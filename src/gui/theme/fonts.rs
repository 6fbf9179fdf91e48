//! The fonts, which are part of the program: text, icons, and behind them the signs and letters that the text font lacks.

use std::sync::Arc;

use egui::epaint::text::FontTweak;
use egui::{Context, FontData, FontDefinitions, FontFamily};

/// Signs and more alphabets, emoji, and the writing of East Asia.
const BEHIND: [&str; 4] = ["DejaVu Sans", "Noto Emoji", "Statecraft Hangul", "Droid Sans Fallback"];

/// The family of headings and of what stands out.
#[must_use]
pub fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Makes the fonts those of a window. Once, when it opens.
pub fn install_fonts(ctx: &Context) {
    ctx.set_fonts(font_definitions());
}

/// The text fonts, and behind them icons and all other writing. Nothing is read or unpacked here: letters
/// are looked up in a font when they are drawn.
#[must_use]
pub fn font_definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [
        ("Inter", &include_bytes!("../../../assets/fonts/Inter-Regular.otf")[..]),
        ("Inter SemiBold", &include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")[..]),
        ("DejaVu Sans", &include_bytes!("../../../assets/fonts/DejaVuSans.ttf")[..]),
        ("Noto Emoji", &include_bytes!("../../../assets/fonts/NotoEmoji-Regular.ttf")[..]),
        ("Statecraft Hangul", &include_bytes!("../../../assets/fonts/StatecraftHangul.ttf")[..]),
        ("Droid Sans Fallback", &include_bytes!("../../../assets/fonts/DroidSansFallback-Han.ttf")[..]),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    egui_phosphor::add_to_fonts(&mut fonts, egui_phosphor::Variant::Regular);
    // egui's own text font stays behind ours, for the signs that ours lacks; what few people need comes last.
    let mut behind = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    behind.extend(BEHIND.map(String::from));
    let with = |text: &str| std::iter::once(text.to_owned()).chain(behind.iter().cloned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, with("Inter"));
    fonts.families.insert(strong_family(), with("Inter SemiBold"));
    // Drawn for a taller em than the text font: brought down to stand on its middle line.
    if let Some(icons) = fonts.font_data.get_mut("phosphor") {
        let mut data = (**icons).clone();
        data.tweak = FontTweak { y_offset_factor: 0.09, scale: 1.08, ..data.tweak };
        *icons = Arc::new(data);
    }
    if let Some(monospace) = fonts.families.get_mut(&FontFamily::Monospace) {
        monospace.push(String::from("phosphor"));
        monospace.extend(BEHIND.map(String::from));
    }
    fonts
}
