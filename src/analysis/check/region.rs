//! Conditions as regions: for each thing that is asked about, the values that pass. Only shapes of which this is certain
//! have a region; everything else has none, and nothing is said about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::formula::{Comparison, Expr, Name};
use crate::model::{AttributeId, AttributeKind, Duration, EventId, NodeId, Project, Time, TouchpointId, Unit};

/// What a comparison asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Quantity<'a> {
    Attribute(AttributeId),
    Field(&'a str),
    Count(EventId),
    CountHere(EventId),
    /// With the window in milliseconds.
    CountWithin(EventId, Clock, i64),
    Since(EventId, Clock),
    Here(Clock),
    LastTouchpoint,
    In(NodeId),
}

/// What a duration is counted by; a day is not always 24 hours, nor a month 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    Hours,
    Days,
    Months,
}

impl Clock {
    fn of(duration: Duration) -> Self {
        match duration.unit {
            Unit::Month => Self::Months,
            Unit::Day | Unit::Week => Self::Days,
            _ => Self::Hours,
        }
    }
}

/// The values that pass.
#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// Ranges from the least to the greatest number of each, both included, in order and apart.
    Numbers(Vec<(f64, f64)>),
    Texts(BTreeSet<String>),
    /// Every text but these.
    OtherTexts(BTreeSet<String>),
}

#[derive(Clone, Debug, PartialEq)]
struct Passing {
    values: Values,
    /// Whether *unknown* passes.
    unknown: bool,
}

/// A condition that is nothing but comparisons that must all pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Region<'a>(BTreeMap<Quantity<'a>, Passing>);

const EVERYTHING: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

impl<'a> Region<'a> {
    /// `None` where the condition is of another shape.
    pub(super) fn of(project: &'a Project, expr: &'a Expr) -> Option<Self> {
        let mut region = Self::default();
        region.narrow(project, expr)?;
        Some(region)
    }

    fn narrow(&mut self, project: &'a Project, expr: &'a Expr) -> Option<()> {
        if let Expr::And(parts) = expr {
            return parts.iter().try_for_each(|part| self.narrow(project, part));
        }
        let (quantity, passing) = atom(project, expr)?;
        let narrowed = match self.0.get(&quantity) {
            Some(known) => known.both(&passing)?,
            None => passing,
        };
        self.0.insert(quantity, narrowed);
        Some(())
    }

    /// Whether nothing can pass.
    pub(super) fn is_empty(&self) -> bool {
        self.0.values().any(Passing::is_empty)
    }

    /// Whether something can pass both; `None` where that is not certain.
    pub(super) fn meets(&self, other: &Self, project: &Project) -> Option<bool> {
        let mut both = self.clone();
        for (quantity, passing) in &other.0 {
            let narrowed = match both.0.get(quantity) {
                Some(known) => known.both(passing)?,
                None => passing.clone(),
            };
            both.0.insert(*quantity, narrowed);
        }
        if both.is_empty() {
            return Some(false);
        }
        // In their order, attributes before fields.
        let asked: Vec<(&Quantity, &Passing)> = both.0.iter().collect();
        for (index, (one, few)) in asked.iter().enumerate() {
            for (two, many) in asked.iter().skip(index + 1) {
                match one.relation(two) {
                    Relation::None if one.takes_over(two, project) => return None,
                    Relation::None => {}
                    Relation::AtMost if few.least()? <= many.greatest()? => {}
                    Relation::AtLeast if many.least()? <= few.greatest()? => {}
                    Relation::AtMost | Relation::AtLeast => return Some(false),
                    Relation::Unclear => return None,
                }
            }
        }
        Some(true)
    }

    /// Whether everything that passes this passes `other`, as far as can be told.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        other.0.iter().all(|(quantity, wide)| {
            self.0.iter().any(|(own, narrow)| {
                if own == quantity {
                    return narrow.is_within(wide);
                }
                // Enough in a short window is enough in a longer one, and little in a long one little in a shorter.
                let (Values::Numbers(ranges), false) = (&wide.values, narrow.unknown) else { return false };
                let &[(low, high)] = ranges.as_slice() else { return false };
                match own.relation(quantity) {
                    Relation::AtMost => high == f64::INFINITY && narrow.least().is_some_and(|least| least >= low),
                    Relation::AtLeast => low <= 0.0 && narrow.greatest().is_some_and(|greatest| greatest <= high),
                    Relation::None | Relation::Unclear => false,
                }
            })
        })
    }
}

/// How two quantities that are asked about hang together.
enum Relation {
    None,
    /// The first is never more than the second.
    AtMost,
    AtLeast,
    /// They do, but it is not said here how.
    Unclear,
}

impl Quantity<'_> {
    fn relation(&self, other: &Self) -> Relation {
        use Quantity::{Count, CountHere, CountWithin, Here, In, Since};
        match (self, other) {
            (CountWithin(one, ..) | CountHere(one), Count(two)) if one == two => Relation::AtMost,
            (Count(one), CountWithin(two, ..) | CountHere(two)) if one == two => Relation::AtLeast,
            (CountWithin(one, clock, short), CountWithin(two, other, long)) if one == two && clock == other => {
                if short <= long { Relation::AtMost } else { Relation::AtLeast }
            }
            // How long ago it was says something of how often.
            (Since(one, _) | CountHere(one) | CountWithin(one, ..), Count(two) | CountWithin(two, ..) | CountHere(two))
            | (Count(one) | CountWithin(one, ..) | CountHere(one) | Since(one, _), Since(two, _))
                if one == two =>
            {
                Relation::Unclear
            }
            (Since(..) | CountHere(_) | CountWithin(..) | Here(_), Here(_))
            | (Here(_), Since(..) | CountHere(_) | CountWithin(..))
            // A state inside another, or beside it.
            | (In(_), In(_)) => Relation::Unclear,
            _ => Relation::None,
        }
    }

    /// Whether it is an attribute that takes over the other, a field.
    fn takes_over(&self, other: &Self, project: &Project) -> bool {
        let (Quantity::Attribute(id), Quantity::Field(name)) = (self, other) else { return false };
        let mut fields = project.events.values().flat_map(|event| &event.fields);
        fields.any(|field| field.attribute == Some(*id) && field.name.eq_ignore_ascii_case(name))
    }

    /// A time, counted by the clock of the duration that it is compared with.
    fn counted_by(self, constant: &Expr) -> Self {
        match (self, constant) {
            (Self::Since(event, _), Expr::Duration(duration)) => Self::Since(event, Clock::of(*duration)),
            (Self::Here(_), Expr::Duration(duration)) => Self::Here(Clock::of(*duration)),
            (same, _) => same,
        }
    }

    /// Whether it comes in whole numbers from 0.
    fn is_counted(self) -> bool {
        matches!(self, Self::Count(_) | Self::CountHere(_) | Self::CountWithin(..))
    }
}

impl Passing {
    fn numbers(ranges: Vec<(f64, f64)>) -> Self {
        Self { values: Values::Numbers(ranges), unknown: false }
    }

    fn is_empty(&self) -> bool {
        let nothing = match &self.values {
            Values::Numbers(ranges) => ranges.is_empty(),
            Values::Texts(texts) => texts.is_empty(),
            Values::OtherTexts(_) => false,
        };
        nothing && !self.unknown
    }

    fn least(&self) -> Option<f64> {
        match &self.values {
            Values::Numbers(ranges) => ranges.first().map(|range| range.0),
            Values::Texts(_) | Values::OtherTexts(_) => None,
        }
    }

    fn greatest(&self) -> Option<f64> {
        match &self.values {
            Values::Numbers(ranges) => ranges.last().map(|range| range.1),
            Values::Texts(_) | Values::OtherTexts(_) => None,
        }
    }

    /// What passes both; `None` where one asks for numbers and the other for texts.
    fn both(&self, other: &Self) -> Option<Self> {
        use Values::{Numbers, OtherTexts, Texts};
        let values = match (&self.values, &other.values) {
            (Numbers(one), Numbers(two)) => {
                let pairs = one.iter().flat_map(|one| two.iter().map(move |two| (one.0.max(two.0), one.1.min(two.1))));
                Numbers(pairs.filter(|(low, high)| low <= high).collect())
            }
            (Texts(one), Texts(two)) => Texts(one & two),
            (Texts(only), OtherTexts(but)) | (OtherTexts(but), Texts(only)) => Texts(only - but),
            (OtherTexts(one), OtherTexts(two)) => OtherTexts(one | two),
            _ => return None,
        };
        Some(Self { values, unknown: self.unknown && other.unknown })
    }

    fn is_within(&self, wide: &Self) -> bool {
        self.both(wide).is_some_and(|both| both == *self)
    }

    /// What does not pass.
    fn others(self) -> Self {
        let values = match self.values {
            Values::Numbers(ranges) => {
                let (mut others, mut low) = (Vec::new(), f64::NEG_INFINITY);
                for (from, to) in ranges {
                    if low < from {
                        others.push((low, from.next_down()));
                    }
                    low = to.next_up();
                }
                if low < f64::INFINITY {
                    others.push((low, f64::INFINITY));
                }
                Values::Numbers(others)
            }
            Values::Texts(texts) => Values::OtherTexts(texts),
            Values::OtherTexts(texts) => Values::Texts(texts),
        };
        Self { values, unknown: !self.unknown }
    }

    /// Only what the quantity can be.
    fn possible(self, quantity: Quantity, kind: Option<&AttributeKind>) -> Self {
        let whole = |ranges: Vec<(f64, f64)>, least: f64, greatest: f64| {
            let ranges = ranges.into_iter().map(|(low, high)| (low.ceil().max(least), high.floor().min(greatest)));
            Values::Numbers(ranges.filter(|(low, high)| low <= high).collect())
        };
        match (self.values, kind) {
            (Values::Numbers(ranges), _) if quantity.is_counted() => {
                Self { values: whole(ranges, 0.0, f64::INFINITY), unknown: false }
            }
            (Values::Numbers(ranges), Some(AttributeKind::Choice(choices))) => {
                let last = u32::try_from(choices.len().saturating_sub(1)).map_or(f64::INFINITY, f64::from);
                Self { values: whole(ranges, 0.0, last), unknown: self.unknown }
            }
            (Values::Numbers(ranges), Some(AttributeKind::YesNo)) => {
                Self { values: whole(ranges, 0.0, 1.0), unknown: self.unknown }
            }
            (Values::Numbers(ranges), _) if matches!(quantity, Quantity::In(_)) => {
                Self { values: whole(ranges, 0.0, 1.0), unknown: false }
            }
            (values, Some(AttributeKind::Score)) => Self { values, unknown: false },
            (values, _) => Self { values, unknown: self.unknown },
        }
    }
}

/// A single question about a single quantity.
fn atom<'a>(project: &'a Project, expr: &'a Expr) -> Option<(Quantity<'a>, Passing)> {
    let (quantity, passing) = match expr {
        Expr::Not(inner) => {
            let (quantity, passing) = atom(project, inner)?;
            (quantity, passing.others())
        }
        Expr::Compare(comparison, left, right) => {
            let (measured, comparison, constant) = match quantity(project, left) {
                Some(_) => (left, *comparison, right),
                None => (right, comparison.mirrored(), left),
            };
            let quantity = quantity(project, measured)?.counted_by(constant);
            (quantity, passing(project, quantity, comparison, constant)?)
        }
        Expr::OneOf(inner, options) => {
            let quantity = quantity(project, inner)?;
            let mut others: Option<Passing> = None;
            for option in options {
                let outside = passing(project, quantity, Comparison::Equal, option)?.others();
                others = Some(match others {
                    Some(others) => others.both(&outside)?,
                    None => outside,
                });
            }
            (quantity, others?.others())
        }
        Expr::IsUnknown(inner, negated) => {
            let quantity = quantity(project, inner)?;
            let is_text = match quantity {
                Quantity::Attribute(id) => project.attributes[&id].kind == AttributeKind::Text,
                Quantity::LastTouchpoint => true,
                // Nobody says of what kind it is, or by what it is counted.
                Quantity::Field(_) | Quantity::Since(..) | Quantity::Here(_) => return None,
                _ => false,
            };
            let known = if is_text {
                Passing { values: Values::OtherTexts(BTreeSet::new()), unknown: false }
            } else {
                Passing::numbers(vec![EVERYTHING])
            };
            (quantity, if *negated { known } else { known.others() })
        }
        Expr::In(state) => (Quantity::In(project.node_by_name(&state.text)?.id), Passing::numbers(vec![(1.0, 1.0)])),
        Expr::Name(name) => {
            let attribute = project.attribute_by_name(&name.text)?;
            if attribute.kind != AttributeKind::YesNo {
                return None;
            }
            (Quantity::Attribute(attribute.id), Passing::numbers(vec![(1.0, 1.0)]))
        }
        _ => return None,
    };
    let kind = match quantity {
        Quantity::Attribute(id) => Some(&project.attributes[&id].kind),
        _ => None,
    };
    Some((quantity, passing.possible(quantity, kind)))
}

fn quantity<'a>(project: &'a Project, expr: &'a Expr) -> Option<Quantity<'a>> {
    let event = |name: &Name| project.event_by_name(&name.text).map(|event| event.id);
    Some(match expr {
        Expr::Name(name) => Quantity::Attribute(project.attribute_by_name(&name.text)?.id),
        Expr::Field(name) => {
            let mut fields = project.events.values().flat_map(|event| &event.fields);
            let known = fields.find(|field| field.name.eq_ignore_ascii_case(&name.text));
            Quantity::Field(known.map_or(&name.text, |field| &field.name))
        }
        Expr::Count(name, None) => Quantity::Count(event(name)?),
        Expr::Count(name, Some(window)) => {
            Quantity::CountWithin(event(name)?, Clock::of(*window), window.nominal_milliseconds())
        }
        Expr::CountHere(name) => Quantity::CountHere(event(name)?),
        Expr::Since(name) => Quantity::Since(event(name)?, Clock::Hours),
        Expr::TimeHere => Quantity::Here(Clock::Hours),
        Expr::LastTouchpoint => Quantity::LastTouchpoint,
        _ => return None,
    })
}

/// The values that compare so with a constant.
fn passing(project: &Project, quantity: Quantity, comparison: Comparison, constant: &Expr) -> Option<Passing> {
    let number = |number: f64| match comparison.range(number) {
        Some(range) => Some(Passing::numbers(vec![range])),
        // *Is not* holds for everything known but this.
        None => Some(Passing { unknown: false, ..Passing::numbers(vec![(number, number)]).others() }),
    };
    let text = |text: String| {
        let texts = BTreeSet::from([text]);
        match comparison {
            Comparison::Equal => Some(Passing { values: Values::Texts(texts), unknown: false }),
            Comparison::NotEqual => Some(Passing { values: Values::OtherTexts(texts), unknown: false }),
            _ => None,
        }
    };
    let word = match constant {
        Expr::Text(word) | Expr::Name(Name { text: word, .. }) => Some(word),
        _ => None,
    };
    let is_attribute = |word: &str| project.attribute_by_name(word).is_some();
    match quantity {
        Quantity::Attribute(id) => match (&project.attributes[&id].kind, constant, word) {
            (AttributeKind::Number | AttributeKind::Score, constant, _) => number(plain(constant)?),
            (AttributeKind::YesNo, Expr::YesNo(yes), _) => number(f64::from(u8::from(*yes))),
            (AttributeKind::Text, _, Some(word)) if !is_attribute(word) => text(word.clone()),
            (AttributeKind::Choice(choices), _, Some(word)) => {
                let place = choices.iter().position(|choice| choice.eq_ignore_ascii_case(word))?;
                number(f64::from(u32::try_from(place).ok()?))
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
            (AttributeKind::Time, _, Some(word)) => number(Time::parse(word, &project.zone()).ok()?.0 as f64),
            _ => None,
        },
        Quantity::Field(_) => match (plain(constant), word) {
            (Some(constant), _) => number(constant),
            (None, Some(word)) if !is_attribute(word) => text(word.clone()),
            _ => None,
        },
        Quantity::Count(_) | Quantity::CountHere(_) | Quantity::CountWithin(..) => number(plain(constant)?),
        Quantity::Since(..) | Quantity::Here(_) => match constant {
            #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
            Expr::Duration(duration) => number(duration.nominal_milliseconds() as f64),
            _ => None,
        },
        Quantity::LastTouchpoint => {
            let touchpoint: TouchpointId = project.touchpoint_by_name(word?)?.id;
            text(touchpoint.0.to_string())
        }
        Quantity::In(_) => None,
    }
}

fn plain(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(number) => Some(*number),
        Expr::Negative(inner) => plain(inner).map(|number| -number),
        _ => None,
    }
}
