//! A screen that nobody sees, for tests that open the real window.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) struct Display {
    server: Child,
    number: u32,
}

impl Display {
    /// Starts one; says so where that is not possible.
    pub(crate) fn start() -> Option<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut server) = started else {
            println!("skipped: Xvfb is missing");
            return None;
        };
        let mut line = String::new();
        let out = server.stdout.take().expect("it is piped");
        // It says its number once it is ready.
        BufReader::new(out).read_line(&mut line).expect("it speaks");
        let Ok(number) = line.trim().parse() else {
            println!("skipped: Xvfb does not start");
            let _ = server.wait();
            return None;
        };
        Some(Self { server, number })
    }

    /// Lets a program open its window here, as a user whose home is `home`.
    pub(crate) fn show(&self, command: &mut Command, home: &Path) {
        for folder in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY"] {
            command.env_remove(folder);
        }
        command.env("XDG_RUNTIME_DIR", home);
        command.env("HOME", home).env("DISPLAY", format!(":{}", self.number)).env("LIBGL_ALWAYS_SOFTWARE", "1");
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
