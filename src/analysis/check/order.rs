//! Arrows of one state that wait for the same: which of them the others leave nothing to, and which depend on their order.
//!
//! A general condition after a special one is how *else* is drawn, so nothing is said about it.

use super::region::Region;
use super::warn;
use crate::model::formula::Expr;
use crate::model::{Events, Project, Transition, Trigger};
use crate::simulation::Problem;

pub(super) fn arrows_beside(project: &Project, problems: &mut Vec<Problem>) {
    for arrows in project.arrows_by_source().into_values() {
        let guards: Vec<Option<Expr>> = arrows.iter().map(|arrow| arrow.guard.parse().ok().flatten()).collect();
        let regions: Vec<Option<Region>> = guards.iter().map(|guard| Region::of(project, guard.as_ref()?)).collect();
        for (index, arrow) in arrows.iter().enumerate() {
            let own = regions[index].as_ref();
            if own.is_some_and(Region::is_empty) {
                let message =
                    "This arrow never fires: nothing can pass its condition. Correct it, or delete the arrow.";
                warn(problems, arrow.id, String::from(message));
                continue;
            }
            let before = || arrows[..index].iter().zip(&regions).filter(|(earlier, _)| comes_before(earlier, arrow));
            let pair = |other: &Option<Region>, holds: &dyn Fn(&Region, &Region) -> bool| {
                own.is_some_and(|own| other.as_ref().is_some_and(|other| holds(other, own)))
            };
            let shadow = before().find(|(earlier, region)| {
                takes_all_of(earlier, arrow)
                    && (earlier.guard.is_empty() || pair(region, &|earlier, own| own.is_within(earlier)))
            });
            if let Some((shadow, _)) = shadow {
                let why = if shadow.guard.is_empty() {
                    "no condition"
                } else {
                    "a condition that holds whenever this one does"
                };
                let message = format!(
                    "This arrow never fires: the {} stands before it, waits for the same and has {why}. Change their order.",
                    project.describe(shadow.id.into())
                );
                warn(problems, arrow.id, message);
                continue;
            }
            let rival = before().find(|(earlier, region)| {
                (takes_all_of(earlier, arrow) || shares_an_event(earlier, arrow))
                    && (earlier.target != arrow.target || earlier.actions != arrow.actions)
                    && pair(region, &|earlier, own| overlaps(project, earlier, own))
            });
            if let Some((rival, _)) = rival {
                let message = format!(
                    "Nothing keeps \"{}\" and \"{}\" from holding at once; then the {} is taken, because it stands first. \
                     Let them exclude each other, or leave it so if the order is meant.",
                    rival.guard.text().trim(),
                    arrow.guard.text().trim(),
                    project.describe(rival.id.into())
                );
                warn(problems, arrow.id, message);
            }
        }
    }
}

/// Interrupts are tried before everything else, whatever their rank.
fn comes_before(earlier: &Transition, later: &Transition) -> bool {
    earlier.interrupt || !later.interrupt
}

/// Whether something passes both, and neither is a special case of the other.
fn overlaps(project: &Project, one: &Region, other: &Region) -> bool {
    !one.is_within(other) && !other.is_within(one) && one.meets(other, project) == Some(true)
}

/// Whether `earlier` waits for everything that `later` waits for.
fn takes_all_of(earlier: &Transition, later: &Transition) -> bool {
    match (&earlier.trigger, &later.trigger) {
        (Trigger::On(Events::Every), Trigger::On(_) | Trigger::Done(_))
        | (Trigger::On(Events::Any), Trigger::On(Events::Any | Events::Only(_)))
        | (Trigger::Always, Trigger::Always) => true,
        (Trigger::Done(earlier), Trigger::Done(later)) => earlier == later,
        (Trigger::On(Events::Only(earlier)), Trigger::On(Events::Only(later))) => {
            !later.is_empty() && later.iter().all(|event| earlier.contains(event))
        }
        _ => false,
    }
}

fn shares_an_event(one: &Transition, other: &Transition) -> bool {
    match (&one.trigger, &other.trigger) {
        (Trigger::On(Events::Only(one)), Trigger::On(Events::Only(other))) => {
            one.iter().any(|event| other.contains(event))
        }
        (Trigger::On(one), Trigger::On(other)) => [one, other].iter().any(|events| !matches!(events, Events::Only(_))),
        _ => false,
    }
}
