//! A journey as a text with a line per thing, for the samples and for tests.
//!
//! ```text
//! journey Trial
//! start Lead
//! score engagement: half-life 30 days
//! attribute fit: choice D < C < B < A
//! touchpoint welcome: e-mail
//! rule download [fit >= B]: engagement + 10, at most 30 in 7 days
//! state Lead at 0, 0 stage nurture owner Marketing
//!   note Has asked for something.
//!   entry notify(Sales: say hello)
//! Lead --trial started [engagement >= 10] / send(welcome)--> Trial
//! Lead --after 30 days / send(reminder)--> (stay)
//! group Contactable at 0, 0
//!   begins Lead
//! state Reader in Contactable at 0, 120
//! Contactable --!unsubscribe--> Gone
//! expect Anna on 2026-03-09: in Trial, got welcome once, reached sale never
//! split download: 1st [count(download) = 1], 2nd and later [count(download) >= 2]
//! ignored Trial on download [1st] by Anna: the guide is enough
//! question Lead on silence by Sales: who calls, and when?
//! contact Anna: fit = B, start = 2026-01-01
//!   2026-01-05 09:30 download, 2026-01-09 trial started (plan = "pro")
//! team Reps: 1 person, 10 a week each, Mon–Fri 09:00–17:00
//! behaviour downloads: 1.8 (1.5..2.4, measured: CRM 2025) per 60 days, shape 0.8 -> download
//! behaviour sales answers: on MQL, after exponential 8 h, cancelled on leaving, by team Reps
//!   -> accept 60 %, reject (reason = "timing") 16 %, reject (reason = "fit") 24 % (20..30 %, agreed)
//! behaviour recovers: when sent reminder [count(abandon) >= 4], after 3 days -> buy (value = 80) 52 %
//! behaviour renewal: every 1 month in Loyal -> cancel with chance churn
//! behaviour visits: at start, after lognormal 2 days, 90 % below 9 days -> visit
//! population Visitors: 2000 contacts from 2026-01-01 over 60 days
//!   zones Europe/Berlin 60 %, America/New_York 10 %
//!   draw fit: D 40 %, C 25 %, B 25 %, A 10 %
//!   draw churn: beta 0.668, 3.806
//!   earlier abandon: 0 30 %, 1 45 %, 3 25 % within 60 days
//! policy consent newsletter = yes
//! policy suppress in(MQL)
//! policy cap 2 e-mail in 7 days
//! policy quiet SMS 21:00–08:00
//! policy drop held
//! discount 1 % a month
//! scenario Base on Visitors until 2026-03-02 seed 7
//! ```
//!
//! What an arrow mentions need not be declared: unknown states, events, touchpoints and scores are added. A `!` marks an
//! interrupt. A group begins with its first state unless it says otherwise.
//!
//! The world stands below the chart: its states, touchpoints, attributes, teams and populations must be there already; an
//! event that nobody has mentioned is added. A number is guessed unless a parenthesis says how far off it may be and where
//! it comes from. The other spreads are `uniform 1..5 days`, `normal 5 days, deviation 1 day` and `gamma 2 h, shape 0.8`. An
//! outcome without a chance is certain.

use super::Project;
use super::action::Action;
use super::catalog::{Attribute, AttributeKind, Channel, Event, Touchpoint};
use super::chart::{Node, NodeKind, Point, Stage, Transition, Trigger};
use super::decision::Answer;
use super::formula::Formula;
use super::id::{AttributeId, BehaviourId, ContactId, EventId, GeneratorId, NodeId, TeamId, TouchpointId};
use super::trigger_text::TriggerWords;

/// Reads a journey from its notation.
///
/// # Errors
/// The number of the line and what is wrong with it.
pub fn parse(text: &str) -> Result<Project, NotationError> {
    let mut reader = Reader { project: Project::named("Journey"), start: None, last: None };
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        reader.line(line).map_err(|message| NotationError { line: index + 1, message })?;
    }
    reader.finish().map_err(|message| NotationError { line: 0, message })
}

/// What is wrong with a notation, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct NotationError {
    /// From 1; 0 where the text as a whole is at fault.
    pub line: usize,
    pub message: String,
}

/// What indented lines belong to.
#[derive(Clone, Copy)]
enum Last {
    Node(NodeId),
    Contact(ContactId),
    Behaviour(BehaviourId),
    Team(TeamId),
    Generator(GeneratorId),
}

struct Reader {
    project: Project,
    start: Option<String>,
    last: Option<Last>,
}

macro_rules! next_id {
    ($map:expr) => {
        $map.keys().next_back().map_or(1, |id| id.0 + 1).into()
    };
}

mod amount;
mod catalog;
mod decisions;
mod expectations;
mod population;
mod world;

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some((source, rest)) = line.split_once(" --") {
            return self.arrow(source.trim(), rest);
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "journey" => rest.clone_into(&mut self.project.info.name),
            "about" => push_line(&mut self.project.info.note, rest),
            "zone" => {
                super::time::Zone::named(rest)?;
                rest.clone_into(&mut self.project.info.zone);
            }
            "start" => self.start = Some(rest.to_owned()),
            "event" => self.declare_event(rest)?,
            "attribute" => self.attribute(rest)?,
            "score" => self.declare_score(rest)?,
            "split" => self.split(rest)?,
            "expect" => self.expect(rest)?,
            "ignored" => self.decision(Answer::Ignored, rest)?,
            "question" => self.decision(Answer::Question, rest)?,
            "touchpoint" => self.declare_touchpoint(rest)?,
            "rule" => self.rule(rest)?,
            "state" => self.node(NodeKind::State, rest)?,
            "end" => self.node(NodeKind::End, rest)?,
            "group" => self.node(NodeKind::Group, rest)?,
            "parallel" => self.node(NodeKind::Parallel, rest)?,
            "resume" => self.node(NodeKind::Resume, rest)?,
            "team" => self.team(rest)?,
            "behaviour" => self.behaviour(rest)?,
            "->" => self.more_outcomes(rest)?,
            "population" => self.population(rest)?,
            "zones" | "draw" | "earlier" => self.of_population(word, rest)?,
            "policy" => self.policy(rest)?,
            "discount" => self.discount(rest)?,
            "scenario" => self.scenario(rest)?,
            "contact" => self.contact(rest)?,
            "note" | "entry" | "exit" | "begins" => self.detail(word, rest)?,
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => self.occurrences(line)?,
            _ => return Err(format!("\"{word}\" is no word of the notation")),
        }
        Ok(())
    }

    fn detail(&mut self, word: &str, rest: &str) -> Result<(), String> {
        match (self.last, word) {
            (Some(Last::Node(id)), "note") => push_line(&mut self.node_mut(id).note, rest),
            (Some(Last::Node(id)), "begins") => {
                let initial = self.state(rest);
                self.node_mut(id).initial = Some(initial);
            }
            (Some(Last::Node(id)), "entry" | "exit") => {
                let actions = self.actions(rest)?;
                let node = self.node_mut(id);
                if word == "entry" { &mut node.on_entry } else { &mut node.on_exit }.extend(actions);
            }
            (Some(Last::Contact(id)), "note") => {
                if let Some(contact) = self.project.contacts.get_mut(&id) {
                    push_line(&mut contact.note, rest);
                }
            }
            (Some(Last::Behaviour(id)), "note") => {
                if let Some(behaviour) = self.project.behaviours.get_mut(&id) {
                    push_line(&mut behaviour.note, rest);
                }
            }
            (Some(Last::Team(id)), "note") => {
                if let Some(team) = self.project.teams.get_mut(&id) {
                    push_line(&mut team.note, rest);
                }
            }
            (Some(Last::Generator(id)), "note") => {
                if let Some(generator) = self.project.generators.get_mut(&id) {
                    push_line(&mut generator.note, rest);
                }
            }
            (_, "note") => return Err(String::from("a note must stand below what it is about")),
            _ => return Err(format!("\"{word}\" must stand below a state")),
        }
        Ok(())
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.project.nodes.get_mut(&id).expect("ids come from this reader, which deletes nothing")
    }

    fn node(&mut self, kind: NodeKind, rest: &str) -> Result<(), String> {
        let mut rest = rest;
        let mut take = |keyword: &str| -> Option<String> {
            let (before, value) = rest.split_once(&format!(" {keyword} "))?;
            let value = value.trim().to_owned();
            rest = before;
            Some(value)
        };
        // From the right, since each keyword ends the value before it.
        let owner = take("owner");
        let stage = take("stage");
        let position = take("at");
        let parent = take("in");
        let name = rest.trim().to_owned();
        let id = self.state(&name);
        let parent = parent.map(|parent| self.state(&parent));
        let point = position.map(|position| point(&position)).transpose()?;
        let stage = stage.map(|stage| stage_named(&stage)).transpose()?;
        let node = self.node_mut(id);
        node.kind = kind;
        node.parent = parent;
        node.position = point.unwrap_or(node.position);
        node.stage = stage;
        node.owner = owner.unwrap_or_default();
        self.last = Some(Last::Node(id));
        Ok(())
    }

    fn arrow(&mut self, source: &str, rest: &str) -> Result<(), String> {
        let (label, target) = rest.rsplit_once("-->").ok_or("an arrow is written Source --trigger--> Target")?;
        let source = self.state(source);
        let target = match target.trim() {
            "(stay)" => None,
            name => Some(self.state(name)),
        };
        let (head, actions) = split_outside_brackets(label, "/").unwrap_or((label, ""));
        let (trigger, guard) = match head.split_once('[') {
            Some((trigger, guard)) => {
                (trigger, guard.trim_end().strip_suffix(']').ok_or("the guard has no closing ]")?)
            }
            None => (head, ""),
        };
        let interrupt = trigger.trim_start().starts_with('!');
        let trigger = self.trigger(trigger.trim_start().trim_start_matches('!'))?;
        let actions = self.actions(actions)?;
        let id = next_id!(self.project.transitions);
        let rank = self.project.outgoing(source).count();
        let rank = u32::try_from(rank).map_err(|_| "too many arrows")?;
        let transition = Transition {
            guard: Formula::new(guard.trim()),
            actions,
            rank,
            interrupt,
            ..Transition::new(id, source, target, trigger)
        };
        self.project.transitions.insert(id, transition);
        Ok(())
    }

    fn trigger(&mut self, words: &str) -> Result<Trigger, String> {
        let words = TriggerWords::parse(words)?;
        for name in words.event_names() {
            self.event(name);
        }
        Ok(words.resolve(&self.project))
    }

    fn actions(&mut self, text: &str) -> Result<Vec<Action>, String> {
        text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(|part| self.action(part)).collect()
    }

    fn action(&mut self, text: &str) -> Result<Action, String> {
        if let Some((call, argument)) = text.strip_suffix(')').and_then(|call| call.split_once('(')) {
            match call.trim() {
                "send" => return Ok(Action::Send(self.touchpoint(argument))),
                "refer" => return Ok(Action::Refer),
                "raise" => return Ok(Action::Raise(self.event(argument))),
                "notify" => {
                    let (team, text) = argument.split_once(':').unwrap_or((argument, ""));
                    return Ok(Action::Notify { team: team.trim().to_owned(), text: text.trim().to_owned() });
                }
                "convert" => {
                    let (point, value) = argument.split_once(',').unwrap_or((argument, ""));
                    return Ok(Action::Convert { point: point.trim().to_owned(), value: Formula::new(value.trim()) });
                }
                _ => {}
            }
        }
        if let Some((name, value)) = text.split_once('=') {
            let value = Formula::new(value.trim());
            return Ok(Action::Set { attribute: self.score(name), value });
        }
        if let Some((name, points)) = text.split_once(" + ") {
            return Ok(Action::AddScore { score: self.score(name), points: Formula::new(points.trim()) });
        }
        if let Some((name, points)) = text.split_once(" - ") {
            return Ok(Action::AddScore {
                score: self.score(name),
                points: Formula::new(format!("-{}", points.trim())),
            });
        }
        Err(format!(
            "\"{text}\" is no action; write send(…), notify(…: …), convert(…), raise(…), score + 5 or score = 0"
        ))
    }

    fn state(&mut self, name: &str) -> NodeId {
        if let Some(node) = self.project.node_by_name(name) {
            return node.id;
        }
        let id: NodeId = next_id!(self.project.nodes);
        self.project.nodes.insert(id, Node::new(id, name, Point::default()));
        id
    }

    fn event(&mut self, name: &str) -> EventId {
        let name = name.trim();
        if let Some(event) = self.project.event_by_name(name) {
            return event.id;
        }
        let id: EventId = next_id!(self.project.events);
        self.project.events.insert(id, Event::new(id, name));
        id
    }

    fn touchpoint(&mut self, name: &str) -> TouchpointId {
        let name = name.trim();
        if let Some(touchpoint) = self.project.touchpoint_by_name(name) {
            return touchpoint.id;
        }
        let id: TouchpointId = next_id!(self.project.touchpoints);
        let touchpoint = Touchpoint { id, name: name.to_owned(), channel: Channel::Email, note: String::new() };
        self.project.touchpoints.insert(id, touchpoint);
        id
    }

    fn score(&mut self, name: &str) -> AttributeId {
        let name = name.trim();
        if let Some(attribute) = self.project.attribute_by_name(name) {
            return attribute.id;
        }
        let id: AttributeId = next_id!(self.project.attributes);
        let score = Attribute::new(id, name, AttributeKind::Score);
        self.project.attributes.insert(id, score);
        id
    }

    fn finish(mut self) -> Result<Project, String> {
        let start = match &self.start {
            Some(name) => Some(self.project.node_by_name(name).ok_or_else(|| format!("start {name} is no state"))?.id),
            None => self.project.children(None).next().map(|node| node.id),
        };
        self.project.info.start = start;
        let groups: Vec<NodeId> = self
            .project
            .nodes
            .values()
            .filter(|node| node.kind == NodeKind::Group && node.initial.is_none())
            .map(|node| node.id)
            .collect();
        for group in groups {
            let first =
                self.project.children(Some(group)).find(|node| node.kind != NodeKind::Resume).map(|node| node.id);
            self.node_mut(group).initial = first;
        }
        Ok(self.project)
    }
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

fn point(text: &str) -> Result<Point, String> {
    let (x, y) = text.split_once(',').ok_or("a position is written x, y")?;
    let number = |text: &str| text.trim().parse::<f32>().map_err(|_| format!("\"{}\" is no number", text.trim()));
    Ok(Point::new(number(x)?, number(y)?))
}

fn stage_named(name: &str) -> Result<Stage, String> {
    Stage::ALL.into_iter().find(|stage| stage.label() == name).ok_or_else(|| format!("\"{name}\" is no stage"))
}

/// Splits at the first `separator` that stands in no bracket, parenthesis or quotes.
fn split_outside_brackets<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = places_outside_brackets(text, separator).next()?;
    Some((&text[..at], &text[at + separator.len()..]))
}

/// Where `separator` stands in no bracket, parenthesis or quotes.
fn places_outside_brackets<'a>(text: &'a str, separator: &'a str) -> impl Iterator<Item = usize> + 'a {
    let (mut depth, mut quoted) = (0, false);
    text.char_indices().filter_map(move |(at, character)| {
        match character {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        (depth == 0 && !quoted && text[at..].starts_with(separator)).then_some(at)
    })
}

/// The parts between commas that stand in no bracket, parenthesis or quotes, trimmed.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = text;
    while !rest.trim().is_empty() {
        let (item, more) = split_outside_brackets(rest, ",").unwrap_or((rest, ""));
        items.push(item.trim());
        rest = more;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cap, Duration};

    #[test]
    fn a_journey_reads_as_it_is_written() {
        let project = parse(
            "journey Trial
             start Lead
             attribute fit: choice D < C < B < A
             score engagement: half-life 30 days
             touchpoint welcome: SMS
             rule download [fit >= B]: engagement + min(10, event.size), at most 30 in 7 days
             rule download: engagement - 0.5, at most 12.5
             state Lead at 10, -20 stage nurture owner Field marketing
               note Has asked.
               entry notify(Sales: say hello)
             Lead --trial started [engagement >= 10 and fit in (A, B)] / send(welcome); engagement + 5--> Trial user
             Lead --after 30 days--> (stay)
             contact Anna: fit = B, start = 2026-01-01
               2026-01-05 09:30 download, 2026-01-09 trial started (plan = \"pro\", seats = 3)",
        )
        .unwrap();
        let lead = project.node_by_name("lead").unwrap();
        assert_eq!((lead.position, lead.stage), (Point::new(10.0, -20.0), Some(Stage::Nurture)));
        assert_eq!((lead.owner.as_str(), lead.note.as_str()), ("Field marketing", "Has asked."));
        assert_eq!(lead.on_entry.len(), 1);
        assert_eq!(project.info.start, Some(lead.id));
        let arrows: Vec<_> = project.outgoing(lead.id).collect();
        assert_eq!(arrows[0].guard.text(), "engagement >= 10 and fit in (A, B)");
        assert_eq!(arrows[0].actions.len(), 2);
        assert_eq!(arrows[1].target, None);
        let score = project.attribute_by_name("engagement").unwrap();
        assert_eq!(score.half_life, Some(Duration::days(30)));
        let rules: Vec<_> =
            project.ranked_score_rules().into_iter().map(|rule| (rule.points.text(), rule.cap)).collect();
        let cap = |points, within| Some(Cap { points, within });
        assert_eq!(rules[0], ("min(10, event.size)", cap(30.0, Some(Duration::days(7)))));
        assert_eq!(rules[1], ("-0.5", cap(12.5, None)));
        let anna = project.contacts.values().next().unwrap();
        assert_eq!(anna.occurrences.len(), 2);
        assert_eq!(anna.occurrences[1].fields["plan"], crate::model::Value::Text("pro".into()));
        assert_eq!(project.touchpoints.values().next().unwrap().channel, Channel::Sms);
    }

    #[test]
    fn mistakes_are_told_by_line() {
        let error = parse("journey X\nstate A at here").unwrap_err();
        assert_eq!(error.to_string(), "line 2: a position is written x, y");
        assert_eq!(parse("A --x B").unwrap_err().line, 1);
        for (line, expected) in [
            ("score s: 30 days", "a score is written: score name: half-life 30 days"),
            ("score s: half-life soon", "is no duration"),
            ("rule e: s + 1, at most many", "is no cap; write at most 30 in 7 days"),
            ("rule e: s + 1, at most -3", "from 0, not -3"),
            ("rule e: s + 1, at most 3 in a week", "is no duration"),
        ] {
            let message = parse(line).unwrap_err().message;
            assert!(message.contains(expected), "{line}: {message}");
        }
    }
}
