//! A contact as it could be, of whom conditions can be asked although no journey led there. Whether one leads there is for
//! others to find out.

use super::condition::{Fields, LuckKey, Scene};
use super::luck::ContactKey;
use super::machine::Machine;
use super::memory::Memory;
use crate::model::{AttributeId, EventId, NodeId, Time, TouchpointId, TransitionId, Value};

/// What is supposed of a contact while an event is being processed, which is counted already.
#[derive(Clone, Debug, PartialEq)]
pub struct Supposed {
    pub now: Time,
    /// For `chance`.
    pub seed: u64,
    pub attributes: Vec<(AttributeId, Value)>,
    /// When an event happened and how often at that instant, in order of time.
    pub past: Vec<(Time, EventId, u32)>,
    /// What the event in hand brings, by the name of the field.
    pub fields: Vec<(String, Value)>,
    /// The active nodes.
    pub visits: Vec<SupposedVisit>,
    /// What was sent last.
    pub touchpoint: Option<TouchpointId>,
}

/// A node that is active.
#[derive(Clone, Debug, PartialEq)]
pub struct SupposedVisit {
    pub node: NodeId,
    pub entered: Time,
    /// How often events happened since it was entered; those that are not named all happened before.
    pub here: Vec<(EventId, u32)>,
}

impl Machine {
    /// Whether the condition of each arrow holds for this contact; `None` for arrows that cannot run.
    #[must_use]
    pub fn would_pass(&self, arrows: &[TransitionId], supposed: &Supposed) -> Vec<Option<bool>> {
        let memory = self.remembering(supposed);
        let slot = |(name, value): &(String, Value)| Some((self.field_slot(name)?, value.clone()));
        let fields: Vec<(usize, Value)> = supposed.fields.iter().filter_map(slot).collect();
        let holds = |id: &TransitionId| {
            let arrow = &self.arrows[self.arrow_slot(*id)?];
            let scene = Scene {
                memory: &memory,
                fields: Fields::given(&fields),
                luck: LuckKey::arrow(*id),
                here: Some(arrow.source),
            };
            let quick = arrow.quick.holds(&memory, &scene.fields);
            let walked = arrow.guard.as_ref().is_none_or(|guard| guard.holds(scene));
            Some(quick.unwrap_or(walked))
        };
        arrows.iter().map(holds).collect()
    }

    fn remembering(&self, supposed: &Supposed) -> Memory {
        let mut memory = self.memory(supposed.seed, ContactKey::default(), None);
        for (id, value) in &supposed.attributes {
            self.set_attribute(&mut memory, *id, value);
        }
        for (time, id, times) in &supposed.past {
            memory.now = *time;
            if let [Some(event)] = self.event_slots(&[*id])[..] {
                (0..*times).for_each(|_| memory.record(event, self.events[event].keep));
            }
        }
        memory.now = supposed.now;
        for visit in &supposed.visits {
            let Some(node) = self.node_slot(visit.node) else { continue };
            let mut before = memory.counts.clone();
            for (id, times) in &visit.here {
                if let [Some(event)] = self.event_slots(&[*id])[..] {
                    before[event] = before[event].saturating_sub(*times);
                }
            }
            let known = &mut memory.nodes[node];
            (known.active, known.entered, known.number, known.counts) = (true, visit.entered, 1, before);
            if self.is_leaf(node) {
                memory.leaves.push(node);
            }
        }
        memory.leaves.sort_unstable();
        let touchpoint = supposed.touchpoint.and_then(|id| self.touchpoint_slot(id));
        memory.last_touchpoint = touchpoint.map(|slot| self.touchpoints[slot].name.clone());
        memory
    }
}
