//! A project as a chart in SCXML. Promises that what SCXML can say is said in it, and that reading it here again makes the
//! same project. What SCXML cannot say stands in a namespace of our own, which others pass over, so that there the chart
//! does less; imported histories are left out, and a comment says so.

mod content;
mod script;
mod tokens;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use self::content::Writer;
use self::script::Scripts;
use self::tokens::Tokens;
use self::xml::{Xml, json};
use super::events::matches;
use super::extension::{NAMESPACE, fingerprint};
use crate::model::{
    Action, AttributeKind, Entity, Events, Node, NodeId, NodeKind, Population, Project, Transition, Trigger, Value,
};

const SCXML: &str = "http://www.w3.org/2005/07/scxml";
/// States that are deeper inside others than this stand at the end, for deep charts are not read.
const NESTING: usize = 40;
/// Stands where the fingerprint goes, which is known once everything else is written.
const UNKNOWN_FINGERPRINT: &str = "sc:plain=\"\"";

/// The chart. Reading it with [`super::read_scxml`] makes the same project, but for its imported histories.
#[must_use]
pub fn write_scxml(project: &Project) -> String {
    let mut exported = project.clone();
    exported.datasets.clear();
    for scenario in exported.scenarios.values_mut() {
        if let Population::Dataset(_) = scenario.population {
            scenario.population = Population::Samples;
        }
    }
    let text = Export::of(&exported).write(project.datasets.len());
    let print = fingerprint(&text).unwrap_or_default();
    text.replacen(UNKNOWN_FINGERPRINT, &format!("sc:plain=\"{print}\""), 1)
}

/// The project with what is found out before anything is written.
struct Export<'a> {
    project: &'a Project,
    tokens: Tokens,
    /// The states that SCXML has a word for, in the place where they are.
    plain: BTreeSet<NodeId>,
    arrows: BTreeMap<NodeId, Vec<&'a Transition>>,
    children: BTreeMap<Option<NodeId>, Vec<&'a Node>>,
    deep: Vec<&'a Node>,
}

impl<'a> Export<'a> {
    fn of(project: &'a Project) -> Self {
        let mut children: BTreeMap<Option<NodeId>, Vec<&Node>> = BTreeMap::new();
        let mut plain = BTreeSet::new();
        let mut deep = Vec::new();
        for (depth, node) in project.document_order() {
            if depth >= NESTING {
                deep.push(node);
                continue;
            }
            children.entry(node.parent).or_default().push(node);
            let around = node.parent.and_then(|parent| project.nodes.get(&parent));
            let is_here = match (node.kind, around.map(|around| around.kind)) {
                (NodeKind::Resume, around) => matches!(around, Some(NodeKind::Group | NodeKind::Parallel)),
                (NodeKind::End, around) => matches!(around, None | Some(NodeKind::Group)),
                (_, around) => matches!(around, None | Some(NodeKind::Group | NodeKind::Parallel)),
            };
            if is_here && around.is_none_or(|around| plain.contains(&around.id)) {
                plain.insert(node.id);
            }
        }
        Self { project, tokens: Tokens::of(project), plain, arrows: project.arrows_by_source(), children, deep }
    }

    fn write(&self, datasets: usize) -> String {
        let mut xml = Xml::default();
        let project = self.project;
        let name = tokens::token(&project.info.name, false);
        let info = json(&project.info);
        let start = self.ids(project.info.start.iter());
        let mut attributes = vec![("xmlns", SCXML), ("xmlns:sc", NAMESPACE), ("version", "1.0"), ("name", &name)];
        attributes.extend([("datamodel", "ecmascript")]);
        attributes.extend(start.as_deref().map(|start| ("initial", start)));
        attributes.extend([("sc:info", info.as_str()), ("sc:plain", "")]);
        xml.open("scxml", &attributes);
        xml.comment(
            "Written by Statecraft. What SCXML has no words for is in the namespace sc; other programs pass over it, so there the chart does less.",
        );
        if datasets > 0 {
            xml.comment("The imported histories of the project are not in this file. Scenarios that ran on them run on the sample contacts.");
        }
        self.datamodel(&mut xml);
        for node in self.children.get(&None).into_iter().flatten() {
            self.node(&mut xml, node);
        }
        xml.open("sc:project", &[]);
        for node in &self.deep {
            self.node(&mut xml, node);
        }
        for entity in project.entities() {
            match entity {
                Entity::Event(event) => xml.with_text("sc:event", &json(&event)),
                Entity::Attribute(attribute) => xml.with_text("sc:attribute", &json(&attribute)),
                Entity::Touchpoint(touchpoint) => xml.with_text("sc:touchpoint", &json(&touchpoint)),
                Entity::ScoreRule(rule) => xml.with_text("sc:rule", &json(&rule)),
                Entity::Expectation(expectation) => xml.with_text("sc:expectation", &json(&expectation)),
                Entity::Decision(decision) => xml.with_text("sc:decision", &json(&decision)),
                Entity::Contact(contact) => xml.with_text("sc:contact", &json(&contact)),
                Entity::Behaviour(behaviour) => xml.with_text("sc:behaviour", &json(&behaviour)),
                Entity::Team(team) => xml.with_text("sc:team", &json(&team)),
                Entity::Generator(generator) => xml.with_text("sc:generator", &json(&generator)),
                Entity::Scenario(scenario) => xml.with_text("sc:scenario", &json(&scenario)),
                // These stand where they are drawn.
                Entity::Info(_) | Entity::Node(_) | Entity::Transition(_) | Entity::Dataset(_) => {}
            }
        }
        xml.finish()
    }

    fn datamodel(&self, xml: &mut Xml) {
        if self.project.attributes.is_empty() {
            return;
        }
        xml.open("datamodel", &[]);
        for attribute in self.project.attributes.values() {
            let id = self.tokens.attribute(attribute.id);
            let start = match &attribute.initial {
                Value::Number(number) => Some(number.to_string()),
                Value::Text(text) => Some(script::quoted(text)),
                Value::YesNo(yes) => Some(yes.to_string()),
                Value::Unknown if attribute.kind == AttributeKind::Score => Some(String::from("0")),
                Value::Unknown | Value::Time(_) => None,
            };
            match start {
                Some(start) => xml.leaf("data", &[("id", id), ("expr", &start)]),
                None => xml.leaf("data", &[("id", id)]),
            }
        }
        xml.close();
    }

    /// The ids of these states, if there are any and all can be seen by others.
    fn ids<'b>(&self, nodes: impl Iterator<Item = &'b NodeId>) -> Option<String> {
        let ids = nodes.map(|id| self.plain.contains(id).then(|| self.tokens.node(*id)));
        let ids = ids.collect::<Option<Vec<_>>>()?;
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn node(&self, xml: &mut Xml, node: &Node) {
        let whole = json(node);
        let id = self.tokens.node(node.id);
        if !self.plain.contains(&node.id) {
            xml.open("sc:state", &[("id", id), ("sc:node", &whole)]);
            self.inside(xml, node);
            xml.close();
            return;
        }
        let begin = self.ids(node.initial.iter().chain(&node.also));
        let mut attributes = vec![("id", id)];
        let name = match node.kind {
            NodeKind::State => "state",
            NodeKind::Group => {
                let begin = begin.as_deref().filter(|_| node.on_begin.is_empty());
                attributes.extend(begin.map(|begin| ("initial", begin)));
                "state"
            }
            NodeKind::Parallel => "parallel",
            NodeKind::End => "final",
            NodeKind::Resume => {
                attributes.push(("type", if node.deep { "deep" } else { "shallow" }));
                "history"
            }
        };
        attributes.push(("sc:node", &whole));
        xml.open(name, &attributes);
        if node.kind == NodeKind::Resume {
            if let Some(begin) = begin.or_else(|| self.default_of(node.parent)) {
                self.way_in(xml, node, &begin);
            }
        } else {
            if let Some(begin) = begin.as_deref().filter(|_| !node.on_begin.is_empty()) {
                xml.open("initial", &[]);
                self.way_in(xml, node, begin);
                xml.close();
            }
            let is_plain = |id| self.plain.contains(&id);
            let scripts = Scripts { project: self.project, tokens: &self.tokens, is_plain: &is_plain };
            for (name, actions) in [("onentry", &node.on_entry), ("onexit", &node.on_exit)] {
                // A block of its own is an element of its own.
                let is_block = |action: &Action| matches!(action, Action::Block(_));
                for block in actions.chunk_by(|one, other| !is_block(one) && !is_block(other)) {
                    xml.open(name, &[]);
                    Writer { scripts: &scripts, xml }.actions(block);
                    xml.close();
                }
            }
            if node.kind == NodeKind::End && !node.brings.is_empty() {
                Self::done_data(xml, &scripts, node);
            }
        }
        self.inside(xml, node);
        xml.close();
    }

    /// The transition to where a group begins or a history leads at first.
    fn way_in(&self, xml: &mut Xml, node: &Node, begin: &str) {
        if node.on_begin.is_empty() {
            return xml.leaf("transition", &[("target", begin)]);
        }
        let is_plain = |id| self.plain.contains(&id);
        let scripts = Scripts { project: self.project, tokens: &self.tokens, is_plain: &is_plain };
        xml.open("transition", &[("target", begin)]);
        Writer { scripts: &scripts, xml }.actions(&node.on_begin);
        xml.close();
    }

    /// What an end brings, where SCXML has words for all of it.
    fn done_data(xml: &mut Xml, scripts: &Scripts, node: &Node) {
        let values: Option<Vec<(&str, String)>> =
            node.brings.iter().map(|(name, formula)| Some((name.as_str(), scripts.sent(formula)?))).collect();
        let Some(values) = values else { return };
        xml.open("donedata", &[]);
        match values.as_slice() {
            [("data", value)] => xml.leaf("content", &[("expr", value)]),
            values => values.iter().for_each(|(name, value)| xml.leaf("param", &[("name", name), ("expr", value)])),
        }
        xml.close();
    }

    /// Where the group around a history begins.
    fn default_of(&self, group: Option<NodeId>) -> Option<String> {
        let group = self.project.nodes.get(&group?)?;
        self.ids(group.initial.iter().chain(&group.also))
    }

    /// The arrows that leave a state, and what is inside it.
    fn inside(&self, xml: &mut Xml, node: &Node) {
        for arrow in self.arrows.get(&node.id).into_iter().flatten() {
            self.arrow(xml, node, arrow);
        }
        for child in self.children.get(&Some(node.id)).into_iter().flatten() {
            self.node(xml, child);
        }
    }

    fn arrow(&self, xml: &mut Xml, source: &Node, arrow: &Transition) {
        let whole = json(arrow);
        let Some(said) = self.plainly(source, arrow) else {
            let ids: Vec<&str> = arrow.targets().map(|target| self.tokens.node(target)).collect();
            xml.leaf("sc:transition", &[("target", &ids.join(" ")), ("sc:arrow", &whole)]);
            return;
        };
        let mut attributes: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.push(("sc:arrow", &whole));
        xml.open("transition", &attributes);
        let is_plain = |id| self.plain.contains(&id);
        let scripts = Scripts { project: self.project, tokens: &self.tokens, is_plain: &is_plain };
        Writer { scripts: &scripts, xml }.actions(&arrow.actions);
        xml.close();
    }

    /// The arrow in words of SCXML, if it has them.
    fn plainly(&self, source: &Node, arrow: &Transition) -> Option<Vec<(&'static str, String)>> {
        if arrow.interrupt || !self.plain.contains(&source.id) {
            return None;
        }
        // These can have no arrows there.
        if matches!(source.kind, NodeKind::End | NodeKind::Resume) {
            return None;
        }
        let mut said = Vec::new();
        match &arrow.trigger {
            Trigger::Always => {}
            Trigger::On(Events::Every) => said.push(("event", String::from("*"))),
            Trigger::On(Events::Only(events)) if !events.is_empty() => {
                let names: Vec<&str> = events.iter().map(|event| self.tokens.event(*event)).collect();
                // `order` would hear `order.paid` too.
                let hears = |name: &str| names.iter().any(|wanted| matches(wanted, name));
                if self.tokens.events.iter().any(|(id, name)| !events.contains(id) && hears(name)) {
                    return None;
                }
                said.push(("event", names.join(" ")));
            }
            Trigger::Done(group) => {
                let id = self.ids(std::iter::once(group))?;
                if self.tokens.nodes.values().any(|other| *other != id && matches(&id, other)) {
                    return None;
                }
                said.push(("event", format!("done.state.{id}")));
            }
            _ => return None,
        }
        let is_plain = |id| self.plain.contains(&id);
        let scripts = Scripts { project: self.project, tokens: &self.tokens, is_plain: &is_plain };
        let condition = scripts.condition(&arrow.guard)?;
        if !condition.is_empty() {
            said.push(("cond", condition));
        }
        if arrow.target.is_some() {
            let targets: Vec<NodeId> = arrow.targets().collect();
            said.push(("target", self.ids(targets.iter())?));
            let inside = |target: &NodeId| self.is_inside(*target, source.id);
            if !arrow.restart && targets.iter().any(|target| *target == source.id || inside(target)) {
                if source.kind != NodeKind::Group || !targets.iter().all(inside) {
                    return None;
                }
                said.push(("type", String::from("internal")));
            }
        }
        Some(said)
    }

    fn is_inside(&self, node: NodeId, group: NodeId) -> bool {
        let parent = |id: &NodeId| self.project.nodes.get(id).and_then(|node| node.parent);
        node != group && std::iter::successors(Some(node), parent).any(|id| id == group)
    }
}
