//! Pieces of a journey that are added to it: another set of numbers, names that are free, and a catalogue that knows what
//! they use.

use std::collections::{BTreeMap, BTreeSet};

use super::{EditError, Plan, valid_name};
use crate::model::action::{Action, Renumbering};
use crate::model::catalog::{Attribute, Event, Touchpoint};
use crate::model::chart::{Events, Node, NodeKind, Transition, Trigger};
use crate::model::edit::Home;
use crate::model::formula::NameKind;
use crate::model::id::{AttributeId, EntityId, NodeId, TouchpointId, TransitionId};
use crate::model::{Entity, Formula, Piece, Point};

impl Plan {
    pub(super) fn add_piece(&mut self, piece: &Piece, by: Point, home: Home) -> Result<(), EditError> {
        if piece.states.is_empty() {
            return Err(EditError::Refused(String::from("Select the states to copy first.")));
        }
        check_tree(piece)?;
        if let Home::In(Some(parent)) = home {
            self.check_parent(parent)?;
        }
        let numbers = self.add_catalogue(piece)?;
        let states = self.new_states(piece, by, home)?;
        let ids: BTreeMap<NodeId, NodeId> =
            piece.states.iter().zip(&states).map(|(old, new)| (old.id, new.id)).collect();
        if ids.len() < states.len() {
            return Err(EditError::Refused(String::from("Two of these states have the same number.")));
        }
        // Bare first, so that the conditions of others keep meaning what they meant.
        let bare = |node: &Node| Node {
            initial: None,
            also: Vec::new(),
            on_entry: Vec::new(),
            on_exit: Vec::new(),
            on_begin: Vec::new(),
            brings: Vec::new(),
            ..node.clone()
        };
        self.keeping_names(|plan| states.iter().for_each(|node| plan.put(bare(node))));
        let names = self.new_names(piece, &ids);
        for mut node in states {
            node.initial = node.initial.and_then(|initial| ids.get(&initial).copied());
            node.also = node.also.iter().filter_map(|also| ids.get(also).copied()).collect();
            self.put_piece(node.into(), &numbers, &names);
        }
        self.add_arrows(piece, &ids, &numbers, &names)?;
        for node in piece.outermost() {
            let Some(node) = self.project.nodes.get(&ids[&node.id]).cloned() else { continue };
            if let Some(parent) = node.parent {
                self.begin_with(parent, &node);
            }
        }
        let first = piece.outermost().find(|node| !matches!(node.kind, NodeKind::End | NodeKind::Resume));
        let start = piece.start.or(first.map(|node| node.id)).and_then(|start| ids.get(&start)).copied();
        if self.project.info.start.is_none() && matches!(home, Home::Beside | Home::In(None)) {
            self.set_info(|info| info.start = start);
        }
        Ok(())
    }

    /// What the piece uses of the catalogue, by name, added where it is missing.
    fn add_catalogue(&mut self, piece: &Piece) -> Result<Renumbering, EditError> {
        let mut numbers = Renumbering::default();
        for attribute in &piece.attributes {
            let known = self.project.attribute_by_name(&attribute.name).map(|known| known.id);
            let id: AttributeId = known.unwrap_or(next_id!(self.project.attributes));
            if known.is_none() {
                let name = valid_name("attribute", &attribute.name)?;
                self.put(Attribute { id, name, ..attribute.clone() });
            }
            numbers.attributes.insert(attribute.id, id);
        }
        for event in &piece.events {
            let known = self.project.event_by_name(&event.name).map(|known| known.id);
            let id = match known {
                Some(id) => id,
                None => self.add_event(&event.name)?,
            };
            if let Some(added) = self.project.events.get(&id).filter(|_| known.is_none()).cloned() {
                let mut fields = event.fields.clone();
                for field in &mut fields {
                    field.attribute = field.attribute.and_then(|id| numbers.attributes.get(&id)).copied();
                }
                self.put(Event { fields, note: event.note.clone(), ..added });
            }
            numbers.events.insert(event.id, id);
        }
        for touchpoint in &piece.touchpoints {
            let known = self.project.touchpoint_by_name(&touchpoint.name).map(|known| known.id);
            let id: TouchpointId = known.unwrap_or(next_id!(self.project.touchpoints));
            if known.is_none() {
                let name = valid_name("touchpoint", &touchpoint.name)?;
                self.put(Touchpoint { id, name, ..touchpoint.clone() });
            }
            numbers.touchpoints.insert(touchpoint.id, id);
        }
        Ok(numbers)
    }

    /// The states with numbers, names and places of their own; what they refer to is as it was.
    fn new_states(&self, piece: &Piece, by: Point, home: Home) -> Result<Vec<Node>, EditError> {
        let first: NodeId = next_id!(self.project.nodes);
        let ids: BTreeMap<NodeId, NodeId> =
            (first.0..).zip(&piece.states).map(|(id, node)| (node.id, id.into())).collect();
        let mut taken: BTreeMap<Option<NodeId>, BTreeSet<String>> = BTreeMap::new();
        let mut last: BTreeMap<Option<NodeId>, u32> = BTreeMap::new();
        let own: BTreeSet<String> = piece.states.iter().map(|node| node.name.to_lowercase()).collect();
        let mut states = Vec::new();
        for (id, node) in (first.0..).zip(&piece.states) {
            let inner = node.parent.and_then(|parent| ids.get(&parent)).copied();
            let parent = match (inner, home) {
                (Some(parent), _) => Some(parent),
                (None, Home::In(parent)) => parent,
                (None, Home::Beside) => node.parent,
            };
            let names = taken.entry(parent).or_insert_with(|| {
                self.project.children(parent).map(|node| node.name.to_lowercase()).collect::<BTreeSet<_>>()
            });
            let wish = valid_name("state", &node.name)?;
            let name = if names.contains(&wish.to_lowercase()) {
                // A number that no state of the piece bears, so that no name is taken for another.
                let numbered = (2..u64::MAX).map(|number| format!("{wish} {number}"));
                let free = |name: &String| !names.contains(&name.to_lowercase()) && !own.contains(&name.to_lowercase());
                valid_name("state", &numbered.into_iter().find(free).unwrap_or_default())?
            } else {
                wish
            };
            names.insert(name.to_lowercase());
            let order = last
                .entry(parent)
                .or_insert_with(|| self.project.children(parent).map(|node| node.order + 1).max().unwrap_or(0));
            let position = Point::new(node.position.x + by.x, node.position.y + by.y);
            states.push(Node { id: id.into(), name, parent, order: *order, position, ..node.clone() });
            *order += 1;
        }
        Ok(states)
    }

    /// What conditions inside the piece call its states, and what they are to call them here.
    fn new_names(&self, piece: &Piece, ids: &BTreeMap<NodeId, NodeId>) -> Vec<(String, String)> {
        let by_id: BTreeMap<NodeId, &Node> = piece.states.iter().map(|node| (node.id, node)).collect();
        let mut names = Vec::new();
        for node in &piece.states {
            let new = self.project.node_label(ids[&node.id]);
            let mut old = node.name.clone();
            let outwards = std::iter::successors(node.parent, |id| by_id.get(id)?.parent).take(piece.states.len());
            let around = outwards.map_while(|id| by_id.get(&id));
            for name in std::iter::once(old.clone()).chain(around.map(|group| {
                old = format!("{}/{old}", group.name);
                old.clone()
            })) {
                if name != new {
                    names.push((name, new.clone()));
                }
            }
        }
        names
    }

    fn add_arrows(
        &mut self,
        piece: &Piece,
        ids: &BTreeMap<NodeId, NodeId>,
        numbers: &Renumbering,
        names: &[(String, String)],
    ) -> Result<(), EditError> {
        let mut arrows: Vec<&Transition> = piece.arrows.iter().collect();
        arrows.sort_by_key(|arrow| (arrow.rank, arrow.id));
        for arrow in arrows {
            let inside = |id: &NodeId| {
                ids.get(id).copied().ok_or_else(|| {
                    EditError::Refused(String::from("One of these arrows joins a state that is not among them."))
                })
            };
            let source = inside(&arrow.source)?;
            self.check_source(source)?;
            let target = arrow.target.as_ref().map(inside).transpose()?;
            let also = arrow.also.iter().map(inside).collect::<Result<_, _>>()?;
            let id: TransitionId = next_id!(self.project.transitions);
            let rank = self.next_rank(source);
            let mut trigger = arrow.trigger.clone();
            if let Trigger::Done(group) = trigger {
                trigger = ids.get(&group).map_or(Trigger::Unset, |group| Trigger::Done(*group));
            }
            if let Some(Events::Only(events)) = trigger.events_mut() {
                events.retain(|event| numbers.events.contains_key(event));
                for event in events.iter_mut() {
                    numbers.event(event);
                }
                if events.is_empty() {
                    trigger = Trigger::Unset;
                }
            }
            let arrow = Transition { id, source, target, also, trigger, rank, ..arrow.clone() };
            self.put_piece(arrow.into(), numbers, names);
        }
        Ok(())
    }

    /// Puts a part of a piece, with conditions and actions that mean what they meant.
    fn put_piece(&mut self, mut entity: Entity, numbers: &Renumbering, names: &[(String, String)]) {
        for actions in entity.action_lists_mut() {
            let mut unknown: Vec<EntityId> = Vec::new();
            for action in actions.iter() {
                action.visit_references(&mut |id| {
                    if !numbers.knows(id) {
                        unknown.push(id);
                    }
                });
            }
            for id in unknown {
                Action::retain_without(actions, id);
            }
            for action in actions {
                action.renumber(numbers);
            }
        }
        entity.visit_formulas(&mut |formula: &mut Formula| {
            for (old, new) in names {
                if let Some(renamed) = formula.renamed(NameKind::State, old, new) {
                    *formula = renamed;
                }
            }
        });
        self.put(entity);
    }
}

/// Pieces may come from anywhere: only groups hold states, and none holds itself.
fn check_tree(piece: &Piece) -> Result<(), EditError> {
    let by_id: BTreeMap<NodeId, &Node> = piece.states.iter().map(|node| (node.id, node)).collect();
    for node in &piece.states {
        let outwards = std::iter::successors(node.parent, |id| by_id.get(id)?.parent).take(piece.states.len() + 1);
        let around: Vec<&Node> = outwards.map_while(|id| by_id.get(&id).copied()).collect();
        if around.len() > piece.states.len() {
            return Err(EditError::Refused(format!("This cannot be done: {} is inside itself.", node.name)));
        }
        if let Some(parent) =
            around.first().filter(|parent| !matches!(parent.kind, NodeKind::Group | NodeKind::Parallel))
        {
            return Err(EditError::Refused(format!(
                "{} is a {}; only a group can hold states.",
                parent.name,
                parent.kind.label()
            )));
        }
    }
    Ok(())
}
