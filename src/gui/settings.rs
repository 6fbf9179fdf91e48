//! What the program remembers between starts: recent projects, the look, the place of the window. Written by temporary
//! file and rename with a backup, so that a crash leaves the old or the new, never half of one.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Place;
use super::theme::Look;

const MOST_RECENT: usize = 12;

/// Size of everything in the window, in percent of what the system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scale(u16);

impl Default for Scale {
    fn default() -> Self {
        Self(100)
    }
}

impl Scale {
    const STEPS: [u16; 9] = [75, 90, 100, 110, 125, 150, 175, 200, 250];

    #[must_use]
    pub fn larger(self) -> Self {
        Self(Self::STEPS.into_iter().find(|step| *step > self.0).unwrap_or(self.0))
    }

    #[must_use]
    pub fn smaller(self) -> Self {
        Self(Self::STEPS.into_iter().rev().find(|step| *step < self.0).unwrap_or(self.0))
    }

    /// As a factor; what a settings file holds may be anything.
    #[must_use]
    pub fn factor(self) -> f32 {
        f32::from(self.0.clamp(75, 250)) / 100.0
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Newest first.
    pub recent: Vec<PathBuf>,
    pub look: Look,
    /// Size of everything in the window, in percent.
    pub scale: Scale,
    /// Where the window was when it was closed.
    pub place: Option<Place>,
    crash_told: Option<String>,
    /// Where the settings are kept; `None` keeps them in memory only.
    #[serde(skip)]
    file: Option<PathBuf>,
}

impl Settings {
    /// The settings of this user; defaults where there are none. The second value says what was wrong with the file.
    #[must_use]
    pub fn load() -> (Self, Option<String>) {
        let Some(folders) = directories::ProjectDirs::from("", "", "statecraft") else {
            return (Self::default(), None);
        };
        Self::load_from(&folders.config_dir().join("settings.json"))
    }

    /// Settings from `file`, which need not exist yet. Where it is broken, those before the last change take its place,
    /// else the defaults.
    #[must_use]
    pub fn load_from(file: &Path) -> (Self, Option<String>) {
        let (mut settings, problem) = match read(file) {
            Ok(settings) => (settings.unwrap_or_default(), None),
            Err(why) => {
                let (settings, instead) = match read(&backup_of(file)) {
                    Ok(Some(settings)) => (settings, "those before the last change are used"),
                    Ok(None) | Err(_) => (Self::default(), "the defaults are used"),
                };
                (settings, Some(format!("The settings in {} cannot be read ({why}); {instead}.", file.display())))
            }
        };
        settings.file = Some(file.to_owned());
        if problem.is_some() {
            settings.save();
        }
        (settings, problem)
    }

    /// Settings that are kept in memory only.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Puts `path` first among the recent projects.
    pub fn remember(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(MOST_RECENT);
        self.save();
    }

    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.save();
    }

    pub fn set_scale(&mut self, scale: Scale) {
        self.scale = scale;
        self.save();
    }

    pub fn set_look(&mut self, look: Look) {
        self.look = look;
        self.save();
    }

    pub fn set_place(&mut self, place: Place) {
        if self.place != Some(place) {
            self.place = Some(place);
            self.save();
        }
    }

    /// The report of a crash that was told last, by its name.
    #[must_use]
    pub fn crash_told(&self) -> Option<&str> {
        self.crash_told.as_deref()
    }

    pub fn set_crash_told(&mut self, report: String) {
        self.crash_told = Some(report);
        self.save();
    }

    /// Losing the list of recent files is no reason to interrupt anybody, so failures are not reported.
    fn save(&self) {
        let Some(file) = &self.file else { return };
        let _ = self.write(file);
    }

    /// A good file becomes the backup before it is replaced, and each of the two is the old or the new, never half of one.
    fn write(&self, file: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        if let Ok(Some(before)) = read(file) {
            replace(&backup_of(file), &serde_json::to_string_pretty(&before)?)?;
        }
        replace(file, &text)
    }
}

/// The settings in a file; `None` where there is none, else what is wrong with it.
fn read(file: &Path) -> Result<Option<Settings>, String> {
    match fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn backup_of(file: &Path) -> PathBuf {
    file.with_extension("json.bak")
}

/// Writes another file and gives it the name, once it is whole on the disk.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let temporary = file.with_extension(format!("json.{}.new", std::process::id()));
    let mut writing = File::create(&temporary)?;
    let written = writing.write_all(text.as_bytes()).and_then(|()| writing.sync_all());
    drop(writing);
    let placed = written.and_then(|()| fs::rename(&temporary, file));
    if placed.is_err() {
        // Of the two errors, the first one is told.
        let _ = fs::remove_file(&temporary);
    }
    placed
}

/// Where new projects are kept: a folder of ours among the user's documents.
#[must_use]
pub fn project_folder() -> PathBuf {
    let user = directories::UserDirs::new();
    let documents = user.as_ref().and_then(|user| user.document_dir().map(Path::to_owned));
    let home = user.as_ref().map(|user| user.home_dir().to_owned());
    documents.or(home).unwrap_or_else(std::env::temp_dir).join("Statecraft")
}

/// A file in `folder` that does not exist yet, named after the journey.
#[must_use]
pub fn free_path(folder: &Path, name: &str) -> PathBuf {
    let safe: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')') { c } else { ' ' })
        .collect();
    let words: Vec<&str> = safe.split_whitespace().collect();
    let stem = if words.is_empty() { String::from("Journey") } else { words.join(" ") };
    let candidates = (1..).map(|number| match number {
        1 => folder.join(format!("{stem}.statecraft")),
        _ => folder.join(format!("{stem} {number}.statecraft")),
    });
    candidates.into_iter().find(|path| !path.exists()).unwrap_or_else(|| folder.join("Journey.statecraft"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_broken_ones_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep").join("settings.json");
        let (mut settings, problem) = Settings::load_from(&file);
        assert_eq!(problem, None);
        settings.remember(Path::new("/a.statecraft"));
        settings.remember(Path::new("/b.statecraft"));
        settings.remember(Path::new("/a.statecraft"));
        settings.set_look(Look::Dark);
        let (again, _) = Settings::load_from(&file);
        assert_eq!(again, settings);
        assert_eq!(again.recent, [PathBuf::from("/a.statecraft"), PathBuf::from("/b.statecraft")]);
        fs::write(&file, "{").unwrap();
        let (backup, problem) = Settings::load_from(&file);
        assert_eq!((backup.look, backup.recent), (Look::Light, again.recent), "as before the last change");
        assert!(problem.unwrap().contains("those before the last change are used"));
        assert_eq!(Settings::load_from(&file).1, None, "the broken file was replaced");
        fs::write(&file, [0xff, 0xfe]).unwrap();
        fs::write(backup_of(&file), "{").unwrap();
        let (defaults, problem) = Settings::load_from(&file);
        assert_eq!(defaults.recent, Vec::<PathBuf>::new());
        assert!(problem.unwrap().contains("defaults"));
        let mut names: Vec<_> =
            fs::read_dir(file.parent().unwrap()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["settings.json", "settings.json.bak"], "nothing else is left beside them");
    }

    #[test]
    fn settings_that_cannot_be_written_are_left_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        Settings::load_from(&file).0.set_look(Look::Dark);
        let bytes = fs::read(&file).unwrap();
        // In the way of the temporary file.
        fs::create_dir(file.with_extension(format!("json.{}.new", std::process::id()))).unwrap();
        Settings::load_from(&file).0.set_look(Look::Light);
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }

    #[test]
    fn a_new_project_never_takes_the_name_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = free_path(folder.path(), "Cart: first/habitual");
        assert_eq!(first.file_name().unwrap(), "Cart first habitual.statecraft");
        fs::write(&first, "").unwrap();
        assert_eq!(
            free_path(folder.path(), "Cart: first/habitual").file_name().unwrap(),
            "Cart first habitual 2.statecraft"
        );
    }
}
