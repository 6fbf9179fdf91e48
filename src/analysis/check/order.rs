//! Arrows that wait for the same: which of them the others leave nothing to, which depend on their order, and for whom none
//! is left.
//!
//! A general condition after a special one is how *else* is drawn, so nothing is said about it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Demonstration, Findings, Fix};
use crate::analysis::guards::{Answer, Case, Guards, Occasion, Questions, Reach, Rest};
use crate::model::{Edit, Events, Node, NodeId, NodeKind, Project, Transition, TransitionId, Trigger, print_list};
use crate::simulation::{Kind, Severity};

/// Says what is to be said of all arrows; the answer is those that never fire.
pub(super) fn arrows_beside(project: &Project, findings: &mut Findings) -> BTreeSet<TransitionId> {
    let guards = Guards::new(project);
    let mut dead = BTreeSet::new();
    for (node, own) in project.arrows_by_source() {
        let mut node = Beside { project, guards: &guards, node, own: &own, findings, reached: BTreeMap::new() };
        node.look();
        dead.extend(node.dead());
    }
    dead
}

/// Arrows that are asked one after the other, on each of these occasions.
struct List<'a> {
    occasions: Vec<Occasion>,
    arrows: Vec<&'a Transition>,
}

struct Beside<'a, 'f> {
    project: &'a Project,
    guards: &'f Guards<'a>,
    node: NodeId,
    own: &'f [&'a Transition],
    findings: &'f mut Findings,
    /// By arrow: on which occasion it is taken, or what keeps it from that.
    reached: BTreeMap<TransitionId, Vec<Blocked>>,
}

enum Blocked {
    No,
    Never,
    /// With the arrow that alone leaves nothing to it, if one does.
    By(Option<TransitionId>, Occasion),
}

impl<'a> Beside<'a, '_> {
    fn look(&mut self) {
        for list in self.lists() {
            let depends = |arrow: &&Transition| {
                let text = arrow.guard.text();
                ["count", "since", "event."].iter().any(|word| text.contains(word))
            };
            // Which of the events it is matters only to conditions that look at it.
            let each = list.arrows.iter().any(depends);
            for (index, occasion) in list.occasions.iter().enumerate() {
                if index == 0 || each {
                    self.list(*occasion, &list, index == 0);
                }
            }
        }
        for arrow in self.own {
            if let Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..) | Trigger::At(..) =
                arrow.trigger
            {
                let occasion = Occasion::Timer(arrow.id);
                self.list(occasion, &List { occasions: vec![occasion], arrows: vec![arrow] }, true);
            }
        }
        self.tell_of_the_dead();
    }

    /// Every occasion that an arrow of this node waits for, together where the same arrows do.
    fn lists(&self) -> Vec<List<'a>> {
        let mut occasions: BTreeSet<Occasion> = BTreeSet::new();
        for arrow in self.own {
            match &arrow.trigger {
                Trigger::On(Events::Only(events)) => occasions.extend(events.iter().copied().map(Occasion::Event)),
                Trigger::On(Events::Any | Events::Every) => drop(occasions.insert(Occasion::OtherEvent)),
                Trigger::Always => drop(occasions.insert(Occasion::Always)),
                Trigger::Done(node) => drop(occasions.insert(Occasion::Done(*node))),
                _ => {}
            }
        }
        let mut lists: Vec<List> = Vec::new();
        for occasion in occasions {
            let mut arrows = self.guards.in_order(self.node, occasion);
            // What cannot be read is an error already.
            arrows.retain(|arrow| arrow.guard.parse().is_ok());
            let same =
                |list: &&mut List| list.arrows.iter().map(|arrow| arrow.id).eq(arrows.iter().map(|arrow| arrow.id));
            match lists.iter_mut().find(same) {
                Some(list) => list.occasions.push(occasion),
                None => lists.push(List { occasions: vec![occasion], arrows }),
            }
        }
        lists
    }

    fn list(&mut self, occasion: Occasion, list: &List<'a>, first: bool) {
        let arrows = &list.arrows;
        if let [only] = arrows[..]
            && only.guard.is_empty()
        {
            self.reached.entry(only.id).or_default().push(Blocked::No);
            return;
        }
        let mut questions = self.guards.questions(self.node, occasion, arrows);
        let here = self.node;
        for (index, arrow) in arrows.iter().enumerate().filter(|(_, arrow)| arrow.source == here) {
            let blocked = blocked(&mut questions, arrows, index, occasion);
            if matches!(blocked, Blocked::No) && first {
                self.always(&mut questions, index, arrow);
                self.overlaps(&mut questions, arrows, index, occasion);
            }
            self.reached.entry(arrow.id).or_default().push(blocked);
        }
        if first && matches!(occasion, Occasion::Event(_)) && arrows.iter().all(|arrow| !arrow.guard.is_empty()) {
            self.gap(&mut questions, list);
        }
    }

    fn always(&mut self, questions: &mut Questions, index: usize, arrow: &Transition) {
        if !arrow.guard.is_empty() && questions.always(index) == Answer::Nobody {
            let message =
                format!("\"{}\" always holds here. Leave the condition out, or correct it.", arrow.guard.text().trim());
            let fix = Fix::new("Leave the condition out", Edit::SetGuard(arrow.id, String::new()));
            self.findings.add(Severity::Hint, Kind::Always, arrow.id, message).fix = Some(fix);
        }
    }

    fn overlaps(&mut self, questions: &mut Questions, arrows: &[&Transition], index: usize, occasion: Occasion) {
        let later = arrows[index];
        for (place, earlier) in arrows[..index].iter().enumerate() {
            let same = earlier.target == later.target && earlier.actions == later.actions;
            if earlier.source != self.node || earlier.interrupt || same {
                continue;
            }
            // Draws are how a share goes one way and the rest another.
            let drawn = [earlier, &later].iter().any(|arrow| arrow.guard.text().contains("chance"));
            if earlier.guard.is_empty() || later.guard.is_empty() || drawn {
                continue;
            }
            let special = [[(place, true), (index, false)], [(place, false), (index, true)]];
            let Answer::Case(case) = questions.together(&[place, index]) else { continue };
            // Neither is a special case of the other.
            if special.iter().any(|wishes| !matches!(questions.somebody(wishes), Answer::Case(_))) {
                continue;
            }
            let message = format!(
                "Nothing keeps \"{}\" and \"{}\" from holding at once; then the {} is taken, because it stands first. So it is \
                 for {case}. Let them exclude each other, or leave it so if the order is meant.",
                earlier.guard.text().trim(),
                later.guard.text().trim(),
                self.project.describe(earlier.id.into())
            );
            let shown = self.shown(occasion, |at, event| Demonstration::Both {
                at,
                event,
                taken: earlier.id,
                passed_over: later.id,
            });
            let found = self.findings.add(Severity::Warning, Kind::Overlap, later.id, message);
            (found.case, found.shown) = (Some(case), shown);
            return;
        }
    }

    fn gap(&mut self, questions: &mut Questions, list: &List) {
        if !self.somebody_has_no_other(list) {
            return;
        }
        let Rest::Somebody(case) = questions.rest() else { return };
        let names: Vec<String> = list.occasions.iter().filter_map(|occasion| self.event_name(*occasion)).collect();
        // One arrow with a condition is how something is let through; several tell cases apart.
        let severity = if list.arrows.len() > 1 { Severity::Warning } else { Severity::Hint };
        let who = if case.facts.is_empty() { String::new() } else { format!(" and {case}") };
        let message = format!(
            "When {} happens to a contact in {}{who}, no condition holds and nothing happens. Draw an arrow for the rest, or \
             leave it so if that is meant.",
            print_list(&names, "or"),
            self.project.node_label(self.node)
        );
        let occasion = list.occasions[0];
        let shown = self.shown(occasion, |at, event| Demonstration::Gap { at, event });
        let trigger = names.join(" or ");
        let fix =
            Fix::new("Add an arrow for the rest", Edit::AddTransition { source: self.node, target: None, trigger });
        let found = self.findings.add(severity, Kind::Gap, self.node, message);
        (found.case, found.shown, found.fix) = (Some(case), shown, Some(fix));
    }

    /// Whether these arrows are all that somebody somewhere in this node has; whoever has others is looked at there.
    fn somebody_has_no_other(&self, list: &List) -> bool {
        let project = self.project;
        let inside = |node: NodeId| {
            let mut outwards = std::iter::successors(Some(node), |id| project.nodes.get(id)?.parent);
            outwards.by_ref().take(project.nodes.len() + 1).any(|around| around == self.node)
        };
        let rests = |node: &&Node| matches!(node.kind, NodeKind::State) && inside(node.id);
        let same = |node: &Node| {
            let found = self.guards.in_order(node.id, list.occasions[0]);
            found.iter().map(|arrow| arrow.id).eq(list.arrows.iter().map(|arrow| arrow.id))
        };
        project.nodes.get(&self.node).is_some_and(|node| node.kind == NodeKind::State)
            || project.nodes.values().filter(rests).any(same)
    }

    fn event_name(&self, occasion: Occasion) -> Option<String> {
        let Occasion::Event(event) = occasion else { return None };
        self.project.events.get(&event).map(|event| event.name.clone())
    }

    fn shown(
        &self,
        occasion: Occasion,
        shown: impl Fn(NodeId, crate::model::EventId) -> Demonstration,
    ) -> Option<Demonstration> {
        match occasion {
            Occasion::Event(event) => Some(shown(self.node, event)),
            _ => None,
        }
    }

    fn is_dead(&self, arrow: TransitionId) -> bool {
        let on = self.reached.get(&arrow).map_or(&[][..], Vec::as_slice);
        !on.is_empty() && on.iter().all(|blocked| !matches!(blocked, Blocked::No))
    }

    fn dead(&self) -> Vec<TransitionId> {
        self.own.iter().map(|arrow| arrow.id).filter(|arrow| self.is_dead(*arrow)).collect()
    }

    fn tell_of_the_dead(&mut self) {
        for arrow in self.own {
            if !self.is_dead(arrow.id) {
                continue;
            }
            let delete = || Fix::new("Delete the arrow", Edit::Delete(vec![arrow.id.into()]));
            let by = self.reached[&arrow.id].iter().find_map(|blocked| match blocked {
                Blocked::By(by, occasion) => Some((*by, *occasion)),
                _ => None,
            });
            let Some((by, occasion)) = by else {
                let message =
                    "This arrow never fires: nothing can pass its condition. Correct it, or delete the arrow.";
                self.findings.add(Severity::Warning, Kind::Never, arrow.id, message).fix = Some(delete());
                continue;
            };
            let shadow = by.and_then(|by| self.project.transitions.get(&by));
            let message = match shadow {
                Some(shadow) => {
                    let why = if shadow.guard.is_empty() {
                        "no condition"
                    } else {
                        "a condition that holds whenever this one does"
                    };
                    let remedy =
                        if shadow.source == arrow.source { "Change their order." } else { "Delete one of them." };
                    format!(
                        "This arrow never fires: the {} stands before it, waits for the same and has {why}. {remedy}",
                        self.project.describe(shadow.id.into())
                    )
                }
                None => String::from(
                    "This arrow never fires: whenever its condition holds, one of the arrows before it is taken. Change \
                     their order, or delete it.",
                ),
            };
            let place = shadow.filter(|shadow| shadow.source == arrow.source && !arrow.guard.is_empty());
            let place = place.and_then(|shadow| self.own.iter().position(|own| own.id == shadow.id));
            let fix = match place {
                Some(place) => Fix::new("Put it first", Edit::Rank(arrow.id, place)),
                None => delete(),
            };
            let shown = self.shown(occasion, |at, event| Demonstration::Shadowed { at, event, arrow: arrow.id });
            let found = self.findings.add(Severity::Warning, Kind::Shadowed, arrow.id, message);
            (found.fix, found.shown) = (Some(fix), shown);
            found.case = holds_for(self.guards, self.node, occasion, arrow);
        }
    }
}

/// Somebody for whom the condition holds.
fn holds_for(guards: &Guards, node: NodeId, occasion: Occasion, arrow: &Transition) -> Option<Case> {
    match guards.questions(node, occasion, &[arrow]).together(&[0]) {
        Answer::Case(case) => Some(case),
        _ => None,
    }
}

fn blocked(questions: &mut Questions, arrows: &[&Transition], index: usize, occasion: Occasion) -> Blocked {
    if let Some(open) = arrows[..index].iter().find(|earlier| earlier.guard.is_empty()) {
        return Blocked::By(Some(open.id), occasion);
    }
    if arrows[index].guard.is_empty() && index == 0 {
        return Blocked::No;
    }
    match questions.reach(index) {
        Reach::Taken(_) | Reach::Unclear(_) => Blocked::No,
        Reach::Never => Blocked::Never,
        Reach::Hidden => {
            let alone = |earlier: &usize| questions.somebody(&[(*earlier, false), (index, true)]) == Answer::Nobody;
            let by = (0..index).find(alone);
            Blocked::By(by.map(|by| arrows[by].id), occasion)
        }
    }
}
