//! Cells in words: a short one for the table, a line for every branch, and the whole as a sheet of texts.

use super::{Branch, Cell, Counts, Kind, Matrix, Rest};
use crate::model::trigger_text::print_trigger;
use crate::model::{Asked, Project, sentence};

impl Kind {
    /// In a word or two.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Moves => "moves",
            Self::Stays => "stays",
            Self::Splits => "depends",
            Self::Inherited => "inherited",
            Self::Beside => "other region",
            Self::Restarts => "timer restarts",
            Self::Ignored => "ignored",
            Self::Question => "question",
            Self::Undecided => "undecided",
            Self::NotAsked => "not asked",
        }
    }

    /// What it means, as a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Moves => "One arrow leads elsewhere.",
            Self::Stays => "One arrow acts, and the contact stays.",
            Self::Splits => "It depends: several arrows, or one with a condition.",
            Self::Inherited => "The arrow of a group around the state answers.",
            Self::Beside => "Another region of the parallel answers.",
            Self::Restarts => "A timer that waits for the lack of it starts anew, and the contact stays.",
            Self::Ignored => "Nothing shall happen, on purpose.",
            Self::Question => "Somebody has to find out.",
            Self::Undecided => "Nobody has said what shall happen.",
            Self::NotAsked => "Nobody rests here to be asked.",
        }
    }

    /// One word for files that programs read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Moves => "moves",
            Self::Stays => "stays",
            Self::Splits => "splits",
            Self::Inherited => "inherited",
            Self::Beside => "other_region",
            Self::Restarts => "timer_restarts",
            Self::Ignored => "ignored",
            Self::Question => "question",
            Self::Undecided => "undecided",
            Self::NotAsked => "not_asked",
        }
    }
}

impl Rest {
    /// What becomes of those whom no arrow takes; nothing where there are none.
    #[must_use]
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::NotAsked => None,
            Self::Restarts => Some("else a timer restarts"),
            Self::Ignored => Some("else ignored"),
            Self::Question => Some("else a question"),
            Self::Beside => Some("else another region"),
            Self::Undecided => Some("else undecided"),
            Self::Unclear => Some("else not analysed"),
        }
    }

    /// One word for files that programs read; `covered` where no contact is left.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Nothing => "covered",
            Self::Restarts => "timer_restarts",
            Self::Ignored => "ignored",
            Self::Question => "question",
            Self::Beside => "other_region",
            Self::NotAsked => "not_asked",
            Self::Undecided => "undecided",
            Self::Unclear => "not_analysed",
        }
    }
}

impl Branch {
    /// `→ MQL`, `stays`.
    #[must_use]
    pub fn outcome(&self, project: &Project) -> String {
        let Some(arrow) = project.transitions.get(&self.arrow) else { return String::from("(deleted)") };
        let targets: Vec<_> = arrow.targets().collect();
        if targets.is_empty() { String::from("stays") } else { format!("→ {}", project.node_labels(&targets)) }
    }

    /// When it is taken, beyond what the column says: the timer and the condition.
    #[must_use]
    pub fn when(&self, project: &Project, asked: Asked) -> String {
        let Some(arrow) = project.transitions.get(&self.arrow) else { return String::new() };
        let is_timer = matches!(asked, Asked::Silence | Asked::Clock);
        let timer = if is_timer { print_trigger(project, &arrow.trigger) } else { String::new() };
        let guard = if self.always && arrow.guard.is_empty() { "" } else { arrow.guard.text().trim() };
        match (timer.is_empty(), guard.is_empty()) {
            (_, true) => timer,
            (true, false) => guard.to_owned(),
            (false, false) => format!("{timer}, if {guard}"),
        }
    }

    /// The whole branch: `if count(download) >= 3: send webinar and move → SelfServe (from Contactable)`.
    #[must_use]
    pub fn line(&self, project: &Project, asked: Asked) -> String {
        let Some(arrow) = project.transitions.get(&self.arrow) else { return String::from("(deleted)") };
        let when = self.when(project, asked);
        let when = match asked {
            _ if when.is_empty() => String::new(),
            Asked::Event(_) | Asked::Done(_) => format!("if {when}: "),
            Asked::Silence | Asked::Clock => format!("{when}: "),
        };
        let actions: Vec<String> = arrow.actions.iter().map(|action| sentence::action(project, action)).collect();
        let actions = if actions.is_empty() { String::new() } else { format!("; {}", actions.join(", ")) };
        let from = if self.own { String::new() } else { format!(" (from {})", project.node_label(arrow.source)) };
        format!("{when}{}{actions}{from}", self.outcome(project))
    }
}

impl Cell {
    /// As short as it can be said.
    #[must_use]
    pub fn short(&self, project: &Project) -> String {
        let decision = self.decision.and_then(|id| project.decisions.get(&id));
        let said = |word: &str| match decision.map(|decision| decision.text.trim()) {
            Some(text) if !text.is_empty() => format!("{word}: {text}"),
            _ => word.to_owned(),
        };
        let mut outcomes: Vec<String> = Vec::new();
        for outcome in self.branches.iter().map(|branch| branch.outcome(project)) {
            if !outcomes.contains(&outcome) {
                outcomes.push(outcome);
            }
        }
        // One sign for all of them.
        let outcomes = outcomes.join(" / ").replace(" / → ", " / ");
        let answer = match self.kind {
            Kind::Moves | Kind::Stays | Kind::Splits => outcomes,
            Kind::Inherited => format!("{outcomes} ({})", self.sources(project)),
            Kind::Beside => format!("other region: {outcomes}"),
            Kind::Restarts => format!("timer restarts: {}", self.timers(project).join(", ")),
            Kind::Ignored => said("ignored"),
            Kind::Question => said("question"),
            Kind::Undecided => String::from("undecided"),
            Kind::NotAsked => String::from("–"),
        };
        match self.rest.label().filter(|_| !self.branches.is_empty()) {
            // What the other region does is said already.
            Some(_) if self.kind == Kind::Beside && self.rest == Rest::Beside => answer,
            Some(rest) => format!("{answer}, {rest}"),
            None => answer,
        }
    }

    /// The groups that the arrows leave, each once.
    #[must_use]
    pub fn sources(&self, project: &Project) -> String {
        let mut sources = Vec::new();
        for branch in self.branches.iter().filter(|branch| !branch.own) {
            let source = project.transitions.get(&branch.arrow).map(|arrow| arrow.source);
            sources.extend(source.filter(|source| !sources.contains(source)));
        }
        project.node_labels(&sources)
    }

    /// The timers that start anew, each as it is written.
    #[must_use]
    pub fn timers(&self, project: &Project) -> Vec<String> {
        let arrows = self.restarts.iter().filter_map(|id| project.transitions.get(id));
        arrows.map(|arrow| print_trigger(project, &arrow.trigger)).collect()
    }

    /// Everything there is to say, a line for each branch.
    #[must_use]
    pub fn lines(&self, project: &Project, asked: Asked) -> Vec<String> {
        let mut lines: Vec<String> = self.branches.iter().map(|branch| branch.line(project, asked)).collect();
        let otherwise = if self.branches.is_empty() { "" } else { "else " };
        lines.extend(self.timers(project).iter().map(|timer| format!("{otherwise}\"{timer}\" starts anew")));
        if let Some(decision) = self.decision.and_then(|id| project.decisions.get(&id)) {
            let word = match decision.answer {
                crate::model::Answer::Ignored => "ignored on purpose",
                crate::model::Answer::Question => "question",
            };
            let word = if self.branches.is_empty() { word.to_owned() } else { format!("else {word}") };
            let text = if decision.text.is_empty() { String::new() } else { format!(": {}", decision.text) };
            let who = if decision.who.is_empty() { String::new() } else { format!(" ({})", decision.who) };
            lines.push(format!("{word}{text}{who}"));
        } else if self.rest == Rest::Restarts {
            // Said already.
        } else if let Some(rest) = self.rest.label().filter(|_| !self.branches.is_empty()) {
            lines.push(rest.to_owned());
        } else if self.branches.is_empty() {
            lines.push(self.kind.label().to_owned());
        }
        lines
    }
}

impl Counts {
    /// `14 undecided cells, 3 in part`; what has to be looked at first.
    #[must_use]
    pub fn sentence(&self) -> String {
        let undecided = self.of(Kind::Undecided);
        let cells = if undecided == 1 { "cell" } else { "cells" };
        let in_part = if self.in_part > 0 { format!(", {} in part", self.in_part) } else { String::new() };
        format!("{undecided} undecided {cells}{in_part}")
    }
}

impl Matrix {
    /// `download [3rd and later]`.
    #[must_use]
    pub fn column_label(&self, column: usize) -> String {
        let column = &self.columns[column];
        column.case.as_ref().map_or_else(|| column.label.clone(), |case| format!("{} [{case}]", column.label))
    }
}
