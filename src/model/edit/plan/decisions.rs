//! Edits of the matrix: what is decided about cells, and how columns are split.

use super::{EditError, Plan, valid_name};
use crate::model::chart::NodeKind;
use crate::model::decision::{Answer, Asked, Bucket, Decision, Place};
use crate::model::formula::NameKind;
use crate::model::id::{BucketId, EventId};
use crate::model::{Entity, Event};

impl Plan {
    pub(super) fn decide(&mut self, places: &[Place], answer: Answer, text: &str, who: &str) -> Result<(), EditError> {
        let (text, who) = (text.trim(), who.trim());
        if answer == Answer::Question && text.is_empty() {
            return Err(EditError::Refused(String::from("Write down what is to be found out first.")));
        }
        for place in places {
            let node = get!(self.nodes, &place.state, "state");
            // Whoever comes to an end may be asked what happens now that the group around it is done.
            let is_asked = node.kind == NodeKind::End && matches!(place.asked, Asked::Done(_));
            if matches!(node.kind, NodeKind::End | NodeKind::Resume) && !is_asked {
                return Err(EditError::Refused(format!(
                    "{} is a node of kind {}: nothing is asked there.",
                    node.name,
                    node.kind.label()
                )));
            }
            match place.asked {
                Asked::Event(event) => drop(get!(self.events, &event, "event")),
                Asked::Done(group) => drop(get!(self.nodes, &group, "group")),
                Asked::Silence | Asked::Clock => {}
            }
            let known = self.project.decision_at(*place).map(|decision| decision.id);
            let id = known.unwrap_or_else(|| next_id!(self.project.decisions));
            let (text, who) = (text.to_owned(), who.to_owned());
            self.put(Decision { id, place: *place, answer, text, who });
        }
        Ok(())
    }

    /// A new case has the id 0 and is given one. What was decided about a case that is gone goes with it.
    pub(super) fn set_buckets(&mut self, id: EventId, mut buckets: Vec<Bucket>) -> Result<(), EditError> {
        let event = get!(self.events, &id, "event");
        let last = buckets.iter().chain(&event.buckets).map(|bucket| bucket.id.0).max().unwrap_or(0);
        for (number, bucket) in
            (last.saturating_add(1)..).zip(buckets.iter_mut().filter(|bucket| bucket.id == BucketId(0)))
        {
            bucket.id = BucketId(number);
        }
        for place in 0..buckets.len() {
            let name = valid_name("case", &buckets[place].name)?;
            if buckets[..place].iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
                return Err(EditError::NameTaken { what: "case", name });
            }
            buckets[place].name = name;
        }
        let orphans: Vec<_> = self
            .project
            .decisions
            .values()
            .filter(|decision| decision.place.asked == Asked::Event(id))
            .filter(|decision| {
                decision.place.bucket.is_some_and(|case| !buckets.iter().any(|bucket| bucket.id == case))
            })
            .map(|decision| decision.id)
            .collect();
        for orphan in orphans {
            self.delete(orphan.into());
        }
        let is_first_split = event.buckets.is_empty();
        self.put(Event { buckets: buckets.clone(), ..event });
        if is_first_split {
            // What was decided about the whole column holds in each of its cases.
            let decisions = self.project.decisions.values().filter(|decision| decision.place.asked == Asked::Event(id));
            let decisions: Vec<Decision> = decisions.cloned().collect();
            for decision in decisions {
                for bucket in &buckets {
                    let place = Place { bucket: Some(bucket.id), ..decision.place };
                    self.put(Decision { id: next_id!(self.project.decisions), place, ..decision.clone() });
                }
            }
        }
        Ok(())
    }

    /// The cases of a column name the event itself, which is no use of it by another.
    pub(super) fn rename_event(&mut self, id: EventId, name: &str) -> Result<(), EditError> {
        let event = get!(self.events, &id, "event");
        let name = free_name!(self.events, "event", name, Some(id));
        self.rename_in_formulas(id.into(), &name);
        let mut renamed = Entity::Event(Event { name: name.clone(), ..event.clone() });
        renamed.visit_formulas(&mut |formula| {
            if let Some(new) = formula.renamed(NameKind::Event, &event.name, &name) {
                *formula = new;
            }
        });
        self.put(renamed);
        Ok(())
    }
}
