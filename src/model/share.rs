//! A project as others may see it: the journey and its world, without anybody's data.

use std::collections::BTreeSet;

use super::{Change, Entity, EntityId, Population, Project};

impl Project {
    /// The same journey without contacts and imported data. Scenarios run on invented contacts where there are some, and
    /// are numbered, since they are often named after whom they are about.
    #[must_use]
    pub fn without_contacts(&self) -> Self {
        let mut shared = self.clone();
        shared.contacts.clear();
        shared.datasets.clear();
        let generator = shared.generators.keys().next().copied();
        for (number, scenario) in (1_u32..).zip(shared.scenarios.values_mut()) {
            scenario.name = format!("Scenario {number}");
            if let Population::Dataset(_) = scenario.population {
                scenario.population = generator.map_or(Population::Samples, Population::Generated);
            }
        }
        shared
    }

    /// What of this project's own words contains one of `identifiers`, in words: `the note of state Lead`. Short ones
    /// are no identifiers but words.
    #[must_use]
    pub fn mentions(&self, identifiers: &BTreeSet<String>) -> Vec<String> {
        let long = |text: &&String| text.chars().count() >= 4;
        let known: BTreeSet<String> = identifiers.iter().filter(long).map(|text| words(text).join(" ")).collect();
        let named = |entity: &Entity| {
            // As it is kept: every text of it, names and notes and conditions alike.
            let text = serde_json::to_string(entity).unwrap_or_default();
            let words = words(&text);
            (1..=LONGEST_NAME).any(|length| words.windows(length).any(|words| known.contains(&words.join(" "))))
        };
        self.entities().filter(named).map(|entity| self.describe(entity.id())).collect()
    }

    /// The names of the contacts that the project has, and of those that `changes` speak of.
    #[must_use]
    pub fn identifiers<'a>(&self, changes: impl Iterator<Item = &'a Change>) -> BTreeSet<String> {
        let changed = changes.filter(|change| matches!(change.id, EntityId::Contact(_)));
        let entities = changed.flat_map(|change| change.before.iter().chain(&change.after));
        let earlier = entities.filter_map(|entity| match entity {
            Entity::Contact(contact) => Some(contact.name.clone()),
            _ => None,
        });
        self.contacts.values().map(|contact| contact.name.clone()).chain(earlier).collect()
    }
}

/// Names of more words are not looked for.
const LONGEST_NAME: usize = 4;

/// Words as they are compared: letters, digits, and the signs that stand inside addresses and numbers.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '.' | '_' | '-' | '+'));
    let bare = parts.map(|part| part.trim_matches(['.', '_', '-', '+', '@']).to_lowercase());
    bare.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Edit;

    #[test]
    fn names_are_found_whole_and_whatever_stands_around_them() {
        let identifiers = ["Anna Lind", "bo@example.com", "de"].map(String::from).into();
        let mentions = |note: &str| {
            let mut project = Project::named("Trial");
            for change in Edit::SetJourneyNote(String::from(note)).plan(&project).unwrap() {
                change.apply(&mut project);
            }
            !project.mentions(&identifiers).is_empty()
        };
        assert!(mentions("as (anna lind) said"));
        assert!(mentions("ask bo@example.com."));
        assert!(!mentions("joanna lindner, de facto"));
    }
}
