//! What the program remembers between starts: recent projects and the look. Written by temporary file and rename, so
//! that a crash leaves the old or the new, never half of one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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

    /// Settings from `file`, which need not exist yet.
    #[must_use]
    pub fn load_from(file: &Path) -> (Self, Option<String>) {
        let (mut settings, problem) = match std::fs::read_to_string(file) {
            Ok(text) => match serde_json::from_str::<Self>(&text) {
                Ok(settings) => (settings, None),
                Err(error) => {
                    let problem =
                        format!("The settings in {} cannot be read ({error}); the defaults are used.", file.display());
                    (Self::default(), Some(problem))
                }
            },
            Err(_) => (Self::default(), None),
        };
        settings.file = Some(file.to_owned());
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

    /// Losing the list of recent files is no reason to interrupt anybody, so failures are not reported.
    fn save(&self) {
        let Some(file) = &self.file else { return };
        let Some(folder) = file.parent() else { return };
        let Ok(text) = serde_json::to_string_pretty(self) else { return };
        let temporary = file.with_extension("json.new");
        let _ = std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&temporary, text))
            .and_then(|()| std::fs::rename(&temporary, file));
    }
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
        std::fs::write(&file, "{").unwrap();
        let (defaults, problem) = Settings::load_from(&file);
        assert_eq!(defaults.recent, Vec::<PathBuf>::new());
        assert!(problem.unwrap().contains("defaults"));
    }

    #[test]
    fn a_new_project_never_takes_the_name_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = free_path(folder.path(), "Cart: first/habitual");
        assert_eq!(first.file_name().unwrap(), "Cart first habitual.statecraft");
        std::fs::write(&first, "").unwrap();
        assert_eq!(
            free_path(folder.path(), "Cart: first/habitual").file_name().unwrap(),
            "Cart first habitual 2.statecraft"
        );
    }
}
