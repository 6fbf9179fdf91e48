//! The window. Panels draw from `&Document` and push [`Request`]s; the last step of a frame runs them.

pub mod app;
pub mod breakpoint;
pub mod canvas;
pub mod command;
pub mod delete;
pub mod field;
pub mod files;
pub mod import;
pub mod inspector;
pub mod leave;
pub mod outline;
pub mod request;
pub mod results;
pub mod settings;
pub mod shortcuts;
pub mod simulator;
pub mod start;
pub mod theme;
pub mod thumbnail;
pub mod top_bar;
pub mod workbench;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use eframe::{NativeOptions, Renderer};

pub use app::App;
pub use breakpoint::Breakpoint;
pub use canvas::{Canvas, CanvasView, Dots, Flight, Overlay, Withheld};
pub use command::Command;
pub use request::{Request, Selection};
pub use theme::{Look, Theme};

/// Opens the window, on `file` or on the start screen, and returns when it is closed.
///
/// # Errors
/// When there is no display, or no way to draw on it: a sentence with what to install and what works without a window.
pub fn run(file: Option<&Path>) -> Result<()> {
    const WITHOUT: &str =
        "The subcommands new, import, export, check, simulate, replay and trace work without a window; see --help.";
    if !has_display() {
        return Err(anyhow!(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). On a machine without \
             one, a virtual display does: install the package xvfb and start with xvfb-run. {WITHOUT}"
        ));
    }
    let mut reasons = Vec::new();
    for renderer in renderers() {
        match open(file.map(Path::to_owned), renderer) {
            Ok(()) => return Ok(()),
            // There is nothing to draw on, whatever draws.
            Err(eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_)) => {
                return Err(anyhow!(
                    "the display that DISPLAY or WAYLAND_DISPLAY names cannot be reached. Start the program from a desktop \
                     session, or with xvfb-run from the package xvfb. {WITHOUT}"
                ));
            }
            Err(error) => reasons.push(format!("{renderer:?}: {error}")),
        }
    }
    Err(anyhow!(
        "the window could not be opened ({}). On Debian or Ubuntu the packages libgl1-mesa-dri, libegl1, \
         mesa-vulkan-drivers, libxkbcommon-x11-0, libxcursor1, libxi6 and libxrandr2 bring what is needed to draw, with \
         or without a graphics card. {WITHOUT}",
        reasons.join("; ")
    ))
}

/// wgpu first, then OpenGL, which also works in software; `STATECRAFT_RENDERER` asks for one of them alone.
fn renderers() -> Vec<Renderer> {
    match std::env::var("STATECRAFT_RENDERER").as_deref() {
        Ok("glow") => vec![Renderer::Glow],
        Ok("wgpu") => vec![Renderer::Wgpu],
        _ => vec![Renderer::Wgpu, Renderer::Glow],
    }
}

fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn open(file: Option<PathBuf>, renderer: Renderer) -> eframe::Result {
    let options = NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Statecraft")
            .with_app_id("statecraft")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([820.0, 560.0]),
        renderer,
        ..NativeOptions::default()
    };
    eframe::run_native("Statecraft", options, Box::new(move |cc| Ok(Box::new(App::new(&cc.egui_ctx, file)))))
}
