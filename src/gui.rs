//! The window. Panels draw from `&Document` and push [`Request`]s; the last step of a frame runs them.

pub mod app;
pub mod breakpoint;
pub mod canvas;
mod checker;
mod clock;
pub mod command;
pub mod copies;
pub mod delete;
pub mod field;
pub mod files;
pub mod find;
pub mod import;
pub mod inspector;
pub mod leave;
pub mod matrix;
pub mod notice;
pub mod outline;
pub mod palette;
pub mod picture;
pub mod place;
mod problems;
pub mod recovery;
pub mod request;
pub mod rescue;
pub mod results;
pub mod settings;
pub mod shortcuts;
pub mod simulator;
pub mod start;
pub mod stories;
pub mod theme;
pub mod thumbnail;
pub mod timing;
pub mod top_bar;
pub mod versions;
pub mod workbench;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use eframe::{NativeOptions, Renderer};

pub use app::App;
pub use breakpoint::Breakpoint;
pub use canvas::{Canvas, CanvasView, Dots, Flight, Overlay, Withheld};
pub use command::Command;
pub use place::{Monitor, Place};
pub use request::{Request, Selection};
pub use theme::{Look, Theme};

use settings::Settings;

/// Opens the window, on `file` or on the start screen, and returns when it is closed.
///
/// # Errors
/// When there is no display, or no way to draw on it: a sentence with what to install.
pub fn run(file: Option<&Path>) -> Result<()> {
    if !has_display() {
        return Err(anyhow!(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). On a machine without \
             one, a virtual display does: install the package xvfb and start with xvfb-run."
        ));
    }
    let settings = Settings::load();
    let mut reasons = Vec::new();
    for renderer in renderers() {
        match open(file.map(Path::to_owned), settings.clone(), renderer) {
            Ok(()) => return Ok(()),
            // There is nothing to draw on, whatever draws.
            Err(eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_)) => {
                return Err(anyhow!(
                    "the display that DISPLAY or WAYLAND_DISPLAY names cannot be reached. Start the program from a desktop \
                     session, or with xvfb-run from the package xvfb."
                ));
            }
            Err(error) => reasons.push(format!("{renderer:?}: {error}")),
        }
    }
    Err(anyhow!(
        "the window could not be opened ({}). On Debian or Ubuntu the packages libgl1-mesa-dri, libegl1, \
         mesa-vulkan-drivers, libxkbcommon-x11-0, libxcursor1, libxi6 and libxrandr2 bring what is needed to draw, with \
         or without a graphics card.",
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

/// With the settings and what was wrong with their file.
fn open(file: Option<PathBuf>, (settings, problem): (Settings, Option<String>), renderer: Renderer) -> eframe::Result {
    let place = settings.place.unwrap_or_default();
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Statecraft")
        .with_app_id("statecraft")
        .with_inner_size(place::vector(place.opening_size()))
        .with_min_inner_size(place::vector(place::LEAST))
        .with_maximized(place.maximized);
    if let Some(corner) = place.corner {
        viewport = viewport.with_position(place::vector(corner).to_pos2());
    }
    let options = NativeOptions { viewport, renderer, ..NativeOptions::default() };
    eframe::run_native(
        "Statecraft",
        options,
        Box::new(move |cc| {
            let mut app = App::new(&cc.egui_ctx, settings, problem, file);
            // Only now it is known which monitors there are.
            if place.corner.is_some() && place.corner_on(&monitors(cc)).is_none() {
                app.come_back();
            }
            Ok(Box::new(app))
        }),
    )
}

fn monitors(cc: &eframe::CreationContext<'_>) -> Vec<Monitor> {
    let Some(window) = cc.winit_window() else { return Vec::new() };
    window
        .available_monitors()
        .map(|monitor| {
            let scale = monitor.scale_factor();
            let corner = monitor.position().to_logical(scale);
            let size = monitor.size().to_logical(scale);
            Monitor { corner: (corner.x, corner.y), size: (size.width, size.height) }
        })
        .collect()
}
