//! Whether what was expected of sample contacts still comes out, and where their story first went another way.

use crate::model::expectation::{Claim, Expectation, Told, print_times};
use crate::model::{ContactId, ExpectationId, NodeId, Population, Project, Time};
use crate::simulation::report::SendTally;
use crate::simulation::{Cast, Entry, Machine, Progress, Report, Story};

/// What came of one expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub id: ExpectationId,
    /// What was expected and did not come out, each with what did.
    pub broken: Vec<String>,
}

impl Outcome {
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

/// The stories of an expectation side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub expected: Vec<Told>,
    pub found: Vec<Told>,
    /// The first line in which they differ; none where they are alike.
    pub differs: Option<usize>,
}

/// What came of all expectations, in their order.
#[must_use]
pub fn outcomes(project: &Project) -> Vec<Outcome> {
    if project.expectations.is_empty() {
        return Vec::new();
    }
    let trial = Trial::of(project);
    project.expectations.values().map(|expectation| trial.outcome(expectation)).collect()
}

/// The recorded story of an expectation beside the one that is told now.
#[must_use]
pub fn compare(project: &Project, expectation: &Expectation) -> Comparison {
    let story = Trial::of(project).story(expectation.contact, expectation.at, expectation.seed);
    side_by_side(expectation.story.clone(), told(project, &story))
}

/// Two stories, and where they part.
pub(super) fn side_by_side(expected: Vec<Told>, found: Vec<Told>) -> Comparison {
    let alike = |(one, other): (&Told, &Told)| (one.time, &one.to) == (other.time, &other.to);
    let common = expected.iter().zip(&found).take_while(|pair| alike(*pair)).count();
    let differs = (common < expected.len().max(found.len())).then_some(common);
    Comparison { expected, found, differs }
}

/// What comes out for a sample contact at an instant, as an expectation; `None` if there is no such contact, or it was
/// nowhere by then.
#[must_use]
pub fn record(project: &Project, contact: ContactId, at: Time, seed: u64) -> Option<Expectation> {
    let trial = Trial::of(project);
    let report = trial.report(contact, at, seed)?;
    let story = trial.story(contact, at, seed);
    let resting: Vec<NodeId> = story.entries.last()?.to.clone();
    let sent = report.sends.touchpoints.iter().filter(|(_, tally)| tally.delivered() > 0);
    let claims = resting
        .into_iter()
        .map(Claim::In)
        .chain(sent.map(|(id, tally)| Claim::Sent { touchpoint: *id, times: small(tally.delivered()) }))
        .chain(
            report
                .conversions
                .iter()
                .filter(|(_, tally)| tally.count > 0)
                .map(|(point, tally)| Claim::Converted { point: point.clone(), times: small(tally.count) }),
        )
        .collect();
    Some(Expectation { id: ExpectationId(0), contact, at, seed, claims, story: told(project, &story) })
}

/// The sample contacts, ready to run.
struct Trial<'a> {
    project: &'a Project,
    machine: Machine,
    cast: Cast,
}

impl<'a> Trial<'a> {
    fn of(project: &'a Project) -> Self {
        let (machine, _) = Machine::compile(project);
        let no_history = |_| Err(String::from("sample contacts are no history"));
        let cast = Cast::of(project, &machine, Population::Samples, None, no_history);
        let (cast, _) = cast.expect("sample contacts can always be run");
        Self { project, machine, cast }
    }

    fn place(&self, contact: ContactId) -> Option<usize> {
        self.project.contacts.keys().position(|id| *id == contact)
    }

    fn report(&self, contact: ContactId, at: Time, seed: u64) -> Option<Report> {
        let alone = self.cast.alone(self.project, &self.machine, self.place(contact)?, &[])?;
        alone.run(&self.machine, Some(at), seed).report(1, &Progress::default())
    }

    fn story(&self, contact: ContactId, at: Time, seed: u64) -> Story {
        let run = self.cast.run(&self.machine, Some(at), seed);
        self.place(contact).map(|place| run.story(place)).unwrap_or_default()
    }

    fn outcome(&self, expectation: &Expectation) -> Outcome {
        let report = self.report(expectation.contact, expectation.at, expectation.seed).unwrap_or_default();
        let broken = expectation.claims.iter().filter_map(|claim| self.broken(claim, &report)).collect();
        Outcome { id: expectation.id, broken }
    }

    /// What was found instead, where a claim does not hold.
    fn broken(&self, claim: &Claim, report: &Report) -> Option<String> {
        let often = |what: &str, got: &str, found: u64, times: u32| {
            let differs = found != u64::from(times);
            differs
                .then(|| format!("expected {what} {}, but {got} it {}", print_times(times), print_times(small(found))))
        };
        match claim {
            Claim::In(node) => {
                let rests = |id: &NodeId| report.states.get(id).is_some_and(|tally| tally.resting > 0);
                let leaves = self.project.document_order().into_iter().map(|(_, node)| node.id);
                let found: Vec<NodeId> = leaves
                    .filter(|id| rests(id) && !self.project.children(Some(*id)).any(|child| rests(&child.id)))
                    .collect();
                let is = match &found[..] {
                    [] => String::from("nowhere"),
                    found => format!("in {}", self.project.node_labels(found)),
                };
                (!rests(node)).then(|| format!("expected {}, but is {is}", self.project.claim_label(claim)))
            }
            Claim::Sent { touchpoint, times } => {
                let found = report.sends.touchpoints.get(touchpoint).map_or(0, SendTally::delivered);
                often(self.project.touchpoint_label(*touchpoint), "got", found, *times)
            }
            Claim::Converted { point, times } => {
                let found = report.conversions.get(point).map_or(0, |tally| tally.count);
                often(point, "reached", found, *times)
            }
        }
    }
}

/// A story in the words of a project.
pub(super) fn told(project: &Project, story: &Story) -> Vec<Told> {
    story
        .entries
        .iter()
        .map(|entry| Told { time: entry.time, to: entry.to.clone(), words: words(project, entry) })
        .collect()
}

fn words(project: &Project, entry: &Entry) -> String {
    let what = format!("{}: {}", entry.cause_in_words(project), entry.outcome_in_words(project));
    std::iter::once(what).chain(entry.effects.iter().cloned()).collect::<Vec<_>>().join("; ")
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Edit, notation};

    const JOURNEY: &str = "start Lead\nstate Trial\nstate MQL\ntouchpoint guide
Lead --download / send(guide)--> Trial
Trial --download [count(download) >= 3] / convert(mql)--> MQL
contact Anna
  2026-03-01 download, 2026-03-03 download, 2026-03-05 download
contact Ben
  2026-03-01 download";

    fn with(lines: &str) -> Project {
        notation::parse(&format!("{JOURNEY}\n{lines}")).unwrap()
    }

    fn broken(project: &Project) -> Vec<Vec<String>> {
        outcomes(project).into_iter().map(|outcome| outcome.broken).collect()
    }

    #[test]
    fn what_comes_out_is_compared_with_what_is_expected() {
        let project = with(
            "expect Anna on 2026-03-09: in MQL, got guide once, reached mql once
             expect Anna on 2026-03-04: in Trial, reached mql never
             expect Ben on 2026-03-09: in MQL, got guide 2 times",
        );
        assert_eq!(
            broken(&project),
            [
                vec![],
                vec![],
                vec![
                    String::from("expected in MQL, but is in Trial"),
                    String::from("expected guide 2 times, but got it once")
                ]
            ]
        );
    }

    #[test]
    fn what_was_recorded_holds_until_the_journey_answers_otherwise() {
        let mut project = with("");
        let (anna, at) =
            (*project.contacts.keys().next().unwrap(), Time::parse("2026-03-09", &project.zone()).unwrap());
        let recorded = record(&project, anna, at, 1).unwrap();
        assert_eq!(project.claim_label(&recorded.claims[0]), "in MQL");
        assert_eq!(recorded.claims.len(), 3);
        let apply = |project: &mut Project, edit: Edit| {
            for change in edit.plan(project).unwrap() {
                change.apply(project);
            }
        };
        apply(&mut project, Edit::AddExpectation { contact: None, expectation: recorded });
        assert_eq!(broken(&project), [Vec::<String>::new()]);
        let stricter = project.transitions.values().find(|arrow| !arrow.guard.is_empty()).unwrap().id;
        apply(&mut project, Edit::SetGuard(stricter, String::from("count(download) >= 4")));
        assert_eq!(
            broken(&project),
            [["expected in MQL, but is in Trial", "expected mql once, but reached it never"]
                .map(String::from)
                .to_vec()]
        );
        let comparison = compare(&project, project.expectations.values().next().unwrap());
        assert_eq!(comparison.differs, Some(3), "{comparison:#?}");
        assert!(comparison.expected[3].words.contains("moved from Trial to MQL"));
        assert!(comparison.found[3].words.contains("no condition held"));
        // Names may change without a difference.
        let trial = project.node_by_name("Trial").unwrap().id;
        apply(&mut project, Edit::RenameNode(trial, String::from("Free trial")));
        assert_eq!(compare(&project, project.expectations.values().next().unwrap()).differs, Some(3));
    }

    #[test]
    fn a_contact_who_never_began_is_nowhere() {
        let project = with("contact Nobody\nexpect Nobody on 2026-03-09: in Lead");
        assert_eq!(broken(&project), [["expected in Lead, but is nowhere"]]);
        assert_eq!(record(&project, *project.contacts.keys().next_back().unwrap(), Time(0), 1), None);
    }
}
