//! What a story can be made of: the events that matter, with the values that conditions compare them with, times to wait,
//! and what may be known of a contact at first. All of it comes from the constants of the chart.

use std::collections::{BTreeMap, BTreeSet};

use super::known_of;
use crate::analysis::guards::Case;
use crate::model::formula::{Expr, Name, NameKind};
use crate::model::{AttributeId, AttributeKind, Duration, EventId, Events, Formula, Project, Time, Trigger, Value};

/// 2026-01-05 09:00, a Monday.
const START: Time = Time(1_767_603_600_000);

/// More combinations than these are not tried.
const MOST_BROUGHT: usize = 24;
const MOST_PROFILES: usize = 24;
const MOST_WAITS: usize = 6;

pub(super) struct Material {
    pub(super) start: Time,
    /// By event: what it can bring.
    pub(super) events: BTreeMap<EventId, Vec<BTreeMap<String, Value>>>,
    /// Events that a condition or a score asks about, with the greatest number that they are compared with.
    pub(super) counted: BTreeMap<EventId, u32>,
    /// Windows and lengths of time that conditions ask for.
    pub(super) lengths: Vec<Duration>,
    /// What may be known at first, the likeliest first.
    pub(super) profiles: Vec<BTreeMap<AttributeId, Value>>,
}

/// What a name is compared with.
#[derive(Default)]
struct Constants {
    attributes: BTreeMap<AttributeId, Vec<Value>>,
    /// By the lower-case name of the field.
    fields: BTreeMap<String, Vec<Value>>,
    events: BTreeSet<String>,
    lengths: BTreeSet<(i64, u32, crate::model::Unit)>,
    greatest: f64,
}

impl Material {
    /// `wanted` has to happen, in whatever case of it.
    pub(super) fn of(project: &Project, case: Option<&Case>, wanted: Option<EventId>) -> Self {
        let mut constants = Constants::default();
        let cases = wanted.and_then(|id| project.events.get(&id)).into_iter().flat_map(|event| &event.buckets);
        for formula in formulas(project).chain(cases.map(|case| &case.guard)) {
            if let Ok(Some(expr)) = formula.parse() {
                constants.look_at(project, &expr);
            }
        }
        let mut events = BTreeMap::new();
        let mut counted = BTreeMap::new();
        let greatest = if constants.greatest < 50.0 { whole(constants.greatest) } else { 50 };
        for event in project.events.values() {
            let asked = constants.events.contains(&event.name.to_lowercase());
            let scores = project.score_rules.values().any(|rule| rule.event == event.id);
            if asked || scores {
                counted.insert(event.id, greatest);
            }
            let matters = |field: &&crate::model::Field| {
                constants.fields.contains_key(&field.name.to_lowercase())
                    || field.attribute.is_some_and(|id| constants.attributes.contains_key(&id))
            };
            let fields: Vec<(String, Vec<Value>)> = event
                .fields
                .iter()
                .filter(matters)
                .map(|field| {
                    let mut values = constants.fields.get(&field.name.to_lowercase()).cloned().unwrap_or_default();
                    if let Some(id) = field.attribute {
                        values.extend(constants.values(project, id));
                    }
                    values.dedup();
                    (field.name.clone(), values)
                })
                .collect();
            let listened = project.transitions.values().any(|arrow| {
                matches!(&arrow.trigger, Trigger::On(events) if events.contains(event.id))
                    || matches!(arrow.trigger.events(), Some(Events::Only(events)) if events.contains(&event.id))
            });
            if wanted == Some(event.id) || listened || asked || scores || !fields.is_empty() {
                let mut brought = combinations(&fields, MOST_BROUGHT);
                if let Some(case) = case {
                    let own = case.supposed.fields.iter().filter(|(name, value)| {
                        !value.is_unknown() && event.fields.iter().any(|field| field.name.eq_ignore_ascii_case(name))
                    });
                    let own: BTreeMap<String, Value> = own.cloned().collect();
                    if !own.is_empty() {
                        brought.retain(|known| *known != own);
                        brought.insert(0, own);
                    }
                }
                events.insert(event.id, brought);
            }
        }
        let lengths = constants.lengths.iter().map(|(_, amount, unit)| Duration::new(*amount, *unit)).collect();
        Self { start: START, events, counted, lengths, profiles: profiles(project, &constants, case) }
    }

    /// How long to wait for the next event, the shortest first.
    pub(super) fn waits(&self) -> Vec<i64> {
        const HOUR: i64 = 3_600_000;
        let mut waits: BTreeSet<i64> = BTreeSet::from([HOUR]);
        waits.extend(self.lengths.iter().rev().map(|length| length.nominal_milliseconds() + HOUR));
        waits.into_iter().take(MOST_WAITS).collect()
    }
}

/// Every condition of the chart and of its scores.
fn formulas(project: &Project) -> impl Iterator<Item = &Formula> {
    let arrows = project.transitions.values().map(|arrow| &arrow.guard);
    arrows.chain(project.score_rules.values().map(|rule| &rule.guard)).filter(|formula| !formula.is_empty())
}

impl Constants {
    fn look_at(&mut self, project: &Project, expr: &Expr) {
        expr.visit_names(&mut |kind, name| match kind {
            NameKind::Event => drop(self.events.insert(name.text.to_lowercase())),
            NameKind::Field => drop(self.fields.entry(name.text.to_lowercase()).or_default()),
            NameKind::Attribute => {
                if let Some(attribute) = project.attribute_by_name(&name.text) {
                    self.attributes.entry(attribute.id).or_default();
                }
            }
            _ => {}
        });
        expr.visit(&mut |part| match part {
            Expr::Compare(_, left, right) => {
                self.pair(project, left, right);
                self.pair(project, right, left);
            }
            Expr::OneOf(inner, options) => options.iter().for_each(|option| self.pair(project, inner, option)),
            Expr::Count(_, Some(window)) => self.length(*window),
            Expr::Duration(duration) => self.length(*duration),
            Expr::Number(number) => self.greatest = self.greatest.max(*number),
            _ => {}
        });
    }

    fn length(&mut self, length: Duration) {
        self.lengths.insert((length.nominal_milliseconds(), length.amount, length.unit));
    }

    fn pair(&mut self, project: &Project, asked: &Expr, constant: &Expr) {
        let values = match constant {
            Expr::Number(number) => vec![*number, number + 1.0, number - 1.0].into_iter().map(Value::Number).collect(),
            Expr::YesNo(_) => vec![Value::YesNo(true), Value::YesNo(false)],
            Expr::Text(text) | Expr::Name(Name { text, .. }) => vec![Value::Text(text.clone())],
            _ => return,
        };
        let known = match asked {
            Expr::Name(name) => match project.attribute_by_name(&name.text) {
                Some(attribute) => self.attributes.entry(attribute.id).or_default(),
                None => return,
            },
            Expr::Field(name) => self.fields.entry(name.text.to_lowercase()).or_default(),
            _ => return,
        };
        for value in values {
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }

    /// What the attribute may be, so far as conditions tell the values apart.
    fn values(&self, project: &Project, id: AttributeId) -> Vec<Value> {
        match &project.attributes[&id].kind {
            AttributeKind::Choice(choices) => choices.iter().rev().cloned().map(Value::Text).collect(),
            AttributeKind::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            _ => self.attributes.get(&id).cloned().unwrap_or_default(),
        }
    }
}

/// Every combination of one value each, or none of it, up to so many.
fn combinations(fields: &[(String, Vec<Value>)], most: usize) -> Vec<BTreeMap<String, Value>> {
    let mut all: Vec<BTreeMap<String, Value>> = vec![BTreeMap::new()];
    for (name, values) in fields {
        let with = |value: &Option<Value>| {
            all.iter()
                .map(|known| {
                    let mut known = known.clone();
                    known.extend(value.clone().map(|value| (name.clone(), value)));
                    known
                })
                .collect::<Vec<_>>()
        };
        // A text that nothing is compared with is one more case.
        let other = values.iter().any(|value| matches!(value, Value::Text(_)));
        let other = other.then(|| Some(Value::Text(String::from("something else"))));
        let each: Vec<Option<Value>> = values.iter().cloned().map(Some).chain(other).chain([None]).collect();
        all = each.iter().flat_map(with).collect();
        all.truncate(most);
    }
    all
}

fn profiles(project: &Project, constants: &Constants, case: Option<&Case>) -> Vec<BTreeMap<AttributeId, Value>> {
    let mut known = known_of(case);
    // Scores are earned.
    let is_score =
        |id: &AttributeId| project.attributes.get(id).is_some_and(|known| known.kind == AttributeKind::Score);
    known.retain(|id, value| !is_score(id) && !value.is_unknown());
    let mut all: Vec<BTreeMap<AttributeId, Value>> = vec![BTreeMap::new()];
    for id in constants.attributes.keys().filter(|id| !is_score(id)) {
        let mut each: Vec<Option<Value>> = vec![None];
        each.extend(constants.values(project, *id).into_iter().map(Some));
        all = each
            .iter()
            .flat_map(|value| {
                all.iter().map(|known| {
                    let mut known = known.clone();
                    known.extend(value.clone().map(|value| (*id, value)));
                    known
                })
            })
            .collect::<Vec<_>>();
        all.truncate(MOST_PROFILES);
    }
    all.retain(|profile| *profile != known);
    all.insert(0, known);
    all
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 50")]
fn whole(number: f64) -> u32 {
    number.max(0.0) as u32
}
