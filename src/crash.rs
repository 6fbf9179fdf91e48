//! What is left when the program breaks because of a defect of its own: a report in the state folder, for whoever mends
//! it. It holds what the program did, and nothing of what is in a project.

use std::any::Any;
use std::backtrace::Backtrace;
use std::collections::VecDeque;
use std::fmt::{self, Debug, Write as _};
use std::io::{self, Write as _};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::store::state_folder;

/// So many of the last commands are in a report.
const COMMANDS: usize = 20;

static LAST: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// A report that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub path: PathBuf,
    /// Of the file, which sorts by time.
    pub name: String,
    /// When the program broke, as a user reads it.
    pub time: String,
}

/// From now on, a defect leaves a report, and one sentence on standard error.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let said = match leave(info) {
            Ok(path) => format!("A report, without anything of your project, is in {}.", path.display()),
            Err(why) => format!("No report could be written ({why})."),
        };
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        // Nobody is left to hear that this failed.
        let _ = writeln!(
            io::stderr(),
            "statecraft: the program broke at {place}, because of a defect of its own. Every edit that was shown as saved \
             is in its file. {said}"
        );
    }));
}

/// Notes what the program is told to do: the name of the variant of a command or an edit alone, nothing that is in it.
pub fn note(command: &impl Debug) {
    let mut name = Name::default();
    // It ends early on purpose.
    let _ = write!(name, "{command:?}");
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.push_back(name.0);
    if last.len() > COMMANDS {
        last.pop_front();
    }
}

/// Takes the first word of what is written to it.
#[derive(Default)]
struct Name(String);

impl fmt::Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if !letter.is_ascii_alphanumeric() {
                return Err(fmt::Error);
            }
            self.0.push(letter);
        }
        Ok(())
    }
}

/// The newest report in the state folder.
#[must_use]
pub fn latest(state: &Path) -> Option<Report> {
    let entries = std::fs::read_dir(state.join("crashes")).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let name = names.filter(|name| name.starts_with("crash-")).max()?;
    let path = state.join("crashes").join(&name);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let time = text.lines().find_map(|line| line.strip_prefix("time: ")).unwrap_or("an unknown day").to_owned();
    Some(Report { path, name, time })
}

fn leave(info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    let Some(state) = state_folder() else { return Err(io::Error::other("the system knows no folder for it")) };
    let folder = state.join("crashes");
    std::fs::create_dir_all(&folder)?;
    let now = jiff::Zoned::now();
    // Reports of one millisecond are of one defect.
    let path =
        folder.join(format!("crash-{}.txt", now.with_time_zone(jiff::tz::TimeZone::UTC).strftime("%Y%m%d-%H%M%S%.3f")));
    let text = report(info, &now.strftime("%Y-%m-%d %H:%M").to_string());
    let mut file = std::fs::File::create(&path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(path)
}

fn report(info: &PanicHookInfo<'_>, time: &str) -> String {
    let place = info.location().map_or_else(|| String::from("unknown"), ToString::to_string);
    let thread = std::thread::current();
    let commands = {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().cloned().collect::<Vec<_>>().join(", ")
    };
    format!(
        "Statecraft {} broke because of a defect of its own. Please send this report to those who make it; it holds nothing \
         of your projects.\n\ntime: {time}\nsystem: {} {}\nplace: {place}\nthread: {}\nwhat: {}\ncommands, the last one \
         last: {commands}\n\n{:#}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("without a name"),
        what(info.payload()),
        Backtrace::force_capture()
    )
}

/// What is said of the defect, unless it was put together while the program ran: then names of customers could be in it.
fn what(payload: &(dyn Any + Send)) -> &str {
    const OF_NUMBERS: [&str; 3] = ["index out of bounds: ", "range start index ", "range end index "];
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return text;
    }
    match payload.downcast_ref::<String>() {
        Some(text) if OF_NUMBERS.iter().any(|start| text.starts_with(start)) => text,
        _ => "not told here, as it may name what is in the project",
    }
}

/// Breaks at a place that the environment names, in tests only.
///
/// # Panics
/// When it is this one.
#[cfg(feature = "sabotage")]
#[inline(never)]
pub fn break_on_purpose(place: &str) {
    if let Ok(wanted) = std::env::var("STATECRAFT_BREAK") {
        // Put together while the program runs, with the name of a contact in it.
        assert!(wanted != place, "Anna broke on purpose in the {place}");
    }
}

#[cfg(not(feature = "sabotage"))]
pub const fn break_on_purpose(_: &str) {}
