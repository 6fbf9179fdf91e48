//! How a column could be split: by what the conditions that are drawn already look at.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::formula::{Comparison, Expr, Name};
use crate::model::{AttributeKind, Bucket, BucketId, EventId, Formula, Project, Trigger};

/// Lower counts than this are told one by one: 1st, 2nd, 3rd and later.
const ONE_BY_ONE: u32 = 5;

/// One way to split a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What it is split by: *count(download)*, *fit*.
    pub by: String,
    /// New ones, in order.
    pub buckets: Vec<Bucket>,
}

/// The ways to split the column of an event, in the order in which the conditions of its arrows look at something.
#[must_use]
pub fn proposals(project: &Project, event: EventId) -> Vec<Proposal> {
    let mut asked = Questions::default();
    let arrows = project.document_order().into_iter().flat_map(|(_, node)| project.outgoing(node.id));
    for arrow in arrows {
        let Trigger::On(events) = &arrow.trigger else { continue };
        if let (true, Ok(Some(guard))) = (events.contains(event), arrow.guard.parse()) {
            asked.read(&guard);
        }
    }
    asked.about.iter().filter_map(|(subject, comparisons)| proposal(project, subject, comparisons)).collect()
}

/// What is compared with what, in the order of the first of each.
#[derive(Default)]
struct Questions {
    about: Vec<(Expr, Vec<(Comparison, Expr)>)>,
}

impl Questions {
    fn read(&mut self, guard: &Expr) {
        match guard {
            Expr::Not(inner) => self.read(inner),
            Expr::And(parts) | Expr::Or(parts) => {
                for part in parts {
                    self.read(part);
                }
            }
            Expr::Compare(comparison, left, right) if is_subject(left) => {
                self.note(left, *comparison, right);
            }
            Expr::Compare(comparison, left, right) if is_subject(right) => {
                self.note(right, comparison.mirrored(), left);
            }
            Expr::OneOf(inner, options) if is_subject(inner) => {
                for option in options {
                    self.note(inner, Comparison::Equal, option);
                }
            }
            Expr::Name(_) => self.note(guard, Comparison::Equal, &Expr::YesNo(true)),
            _ => {}
        }
    }

    fn note(&mut self, subject: &Expr, comparison: Comparison, with: &Expr) {
        let question = (comparison, with.clone());
        match self.about.iter_mut().find(|(known, _)| known == subject) {
            Some((_, known)) => known.push(question),
            None => self.about.push((subject.clone(), vec![question])),
        }
    }
}

fn is_subject(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Name(_)
            | Expr::Field(_)
            | Expr::Count(..)
            | Expr::CountHere(_)
            | Expr::Since(_)
            | Expr::TimeHere
            | Expr::LastTouchpoint
    )
}

fn proposal(project: &Project, subject: &Expr, comparisons: &[(Comparison, Expr)]) -> Option<Proposal> {
    let buckets = match subject {
        Expr::Count(_, window) => {
            let within = window.map_or_else(String::new, |window| format!(" in {window}"));
            by_count(subject, &within, comparisons)
        }
        Expr::CountHere(_) => by_count(subject, " here", comparisons),
        Expr::Since(_) | Expr::TimeHere => by_time(subject, comparisons),
        Expr::LastTouchpoint | Expr::Field(_) => by_word(subject, comparisons),
        Expr::Name(name) => match &project.attribute_by_name(&name.text)?.kind {
            AttributeKind::Choice(choices) => by_choice(name, choices, comparisons),
            AttributeKind::YesNo => {
                let is = |word: &str| format!("{subject} = {word}");
                let mut buckets =
                    cases([(format!("{}: yes", name.text), is("yes")), (format!("{}: no", name.text), is("no"))]);
                buckets.push(unknown(name));
                buckets
            }
            AttributeKind::Number => {
                let mut buckets = by_number(name, comparisons);
                buckets.push(unknown(name));
                buckets
            }
            AttributeKind::Score => by_number(name, comparisons),
            AttributeKind::Text => by_word(subject, comparisons),
            AttributeKind::Time => return None,
        },
        _ => return None,
    };
    (buckets.len() > 1).then(|| Proposal { by: subject.to_string(), buckets })
}

fn case(name: impl Into<String>, guard: impl Into<String>) -> Bucket {
    Bucket { id: BucketId(0), name: name.into(), guard: Formula::new(guard) }
}

fn cases<const N: usize>(cases: [(String, String); N]) -> Vec<Bucket> {
    cases.into_iter().map(|(name, guard)| case(name, guard)).collect()
}

fn unknown(name: &Name) -> Bucket {
    let subject = Expr::Name(name.clone());
    case(format!("{} unknown", name.text), format!("{subject} is unknown"))
}

/// The numbers at which something changes: the first of each new stretch.
fn thresholds(comparisons: &[(Comparison, Expr)], number: impl Fn(&Expr) -> Option<u32>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (comparison, with) in comparisons {
        let Some(at) = number(with) else { continue };
        let next = at.saturating_add(1);
        match comparison {
            Comparison::AtLeast | Comparison::Less => found.extend([at]),
            Comparison::Greater | Comparison::AtMost => found.extend([next]),
            Comparison::Equal | Comparison::NotEqual => found.extend([at, next]),
        }
    }
    found
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was looked at before")]
fn whole(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Number(number) if (0.0..1e9).contains(number) && number.fract() == 0.0 => Some(*number as u32),
        _ => None,
    }
}

/// When it happens it has happened once.
fn by_count(subject: &Expr, within: &str, comparisons: &[(Comparison, Expr)]) -> Vec<Bucket> {
    let mut starts = thresholds(comparisons, whole);
    starts.retain(|start| *start > 1);
    let Some(last) = starts.last().copied() else { return Vec::new() };
    starts.insert(1);
    if last <= ONE_BY_ONE {
        starts.extend(1..=last);
    }
    let starts: Vec<u32> = starts.into_iter().collect();
    let mut buckets = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let first = ordinal(*start);
        buckets.push(match starts.get(place + 1) {
            None => case(format!("{first} and later{within}"), format!("{subject} >= {start}")),
            Some(next) if next - start == 1 => case(format!("{first}{within}"), format!("{subject} = {start}")),
            Some(next) => {
                let name = format!("{first} to {}{within}", ordinal(next - 1));
                case(name, format!("{subject} >= {start} and {subject} < {next}"))
            }
        });
    }
    buckets
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Best first, as grades are told; whoever has none is asked about apart.
fn by_choice(name: &Name, choices: &[String], comparisons: &[(Comparison, Expr)]) -> Vec<Bucket> {
    let place = |expr: &Expr| match expr {
        Expr::Name(Name { text, .. }) | Expr::Text(text) => {
            let place = choices.iter().position(|choice| choice.eq_ignore_ascii_case(text))?;
            u32::try_from(place).ok()
        }
        _ => None,
    };
    let subject = Expr::Name(name.clone());
    let mut starts = thresholds(comparisons, place);
    starts.insert(0);
    let starts: Vec<usize> = starts
        .into_iter()
        .filter_map(|start| usize::try_from(start).ok())
        .filter(|start| *start < choices.len())
        .collect();
    let mut buckets = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(choices.len());
        let Some(inside) = choices.get(*start..end) else { continue };
        let options: Vec<String> = inside.iter().map(|choice| Expr::Name(Name::new(choice)).to_string()).collect();
        buckets.push(match inside {
            [only] => case(format!("{} {only}", name.text), format!("{subject} = {}", options[0])),
            [worst, .., best] => {
                case(format!("{} {best}–{worst}", name.text), format!("{subject} in ({})", options.join(", ")))
            }
            [] => continue,
        });
    }
    buckets.reverse();
    buckets.push(unknown(name));
    buckets
}

fn by_number(name: &Name, comparisons: &[(Comparison, Expr)]) -> Vec<Bucket> {
    // By their order as numbers; what is no plain number splits nothing.
    let mut limits: BTreeMap<u64, (f64, &'static str)> = BTreeMap::new();
    for (comparison, with) in comparisons {
        let number = match with {
            Expr::Number(number) => *number,
            Expr::Negative(inner) => match **inner {
                Expr::Number(number) => -number,
                _ => continue,
            },
            _ => continue,
        };
        let sign = if matches!(comparison, Comparison::Greater | Comparison::AtMost) { "<=" } else { "<" };
        // Turned so that the order of the bits is that of the numbers.
        let bits = number.to_bits();
        let order = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
        limits.entry(order).or_insert((number, sign));
    }
    let subject = Expr::Name(name.clone());
    let mut buckets = Vec::new();
    let mut from: Option<(f64, &str)> = None;
    for (limit, sign) in limits.into_values() {
        let upper = format!("{subject} {sign} {limit}");
        let (words, guard) = match from {
            None => (format!("{} below {limit}", name.text), upper),
            Some((low, low_sign)) => {
                let lower = if low_sign == "<" { ">=" } else { ">" };
                (format!("{} {low} to {limit}", name.text), format!("{subject} {lower} {low} and {upper}"))
            }
        };
        let words = if from.is_none() && sign == "<=" { format!("{} up to {limit}", name.text) } else { words };
        buckets.push(case(words, guard));
        from = Some((limit, sign));
    }
    if let Some((low, sign)) = from {
        let (lower, words) = if sign == "<" { (">=", "from") } else { (">", "above") };
        buckets.push(case(format!("{} {words} {low}", name.text), format!("{subject} {lower} {low}")));
    }
    buckets
}

/// Everything that is named, and everything else.
fn by_word(subject: &Expr, comparisons: &[(Comparison, Expr)]) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for (_, with) in comparisons {
        let word = match with {
            Expr::Name(Name { text, .. }) | Expr::Text(text) => text.clone(),
            Expr::Number(number) => number.to_string(),
            _ => continue,
        };
        if buckets.iter().all(|known| !known.name.eq_ignore_ascii_case(&word)) {
            buckets.push(case(word, format!("{subject} = {with}")));
        }
    }
    if !buckets.is_empty() {
        buckets.push(case("something else", ""));
    }
    buckets
}

fn by_time(subject: &Expr, comparisons: &[(Comparison, Expr)]) -> Vec<Bucket> {
    let durations = comparisons.iter().filter_map(|(comparison, with)| match with {
        Expr::Duration(duration) => Some((*comparison, *duration)),
        _ => None,
    });
    let Some((comparison, duration)) = durations.min_by_key(|(_, duration)| duration.nominal_milliseconds()) else {
        return Vec::new();
    };
    let sign = if matches!(comparison, Comparison::Less | Comparison::AtLeast) { "<" } else { "<=" };
    vec![case(format!("within {duration}"), format!("{subject} {sign} {duration}")), case("later", "")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn check(guards: &[&str], expected: &[(&str, &[&str])]) {
        let mut text = String::from(
            "attribute fit: choice D < C < B < A\nattribute vip: yes/no\nscore points\nattribute size: number\n\
             event buy: kind\ntouchpoint hello\n",
        );
        for guard in guards {
            text.extend(["A --buy [", guard, "]--> B\n"]);
        }
        let project = notation::parse(&text).unwrap();
        let event = project.event_by_name("buy").unwrap().id;
        let found: Vec<(String, Vec<String>)> = proposals(&project, event)
            .into_iter()
            .map(|proposal| {
                let told = proposal.buckets.iter().map(|bucket| {
                    assert!(bucket.guard.parse().is_ok(), "{bucket:?}");
                    format!("{} [{}]", bucket.name, bucket.guard)
                });
                (proposal.by, told.collect())
            })
            .collect();
        let found: Vec<(&str, Vec<&str>)> =
            found.iter().map(|(by, buckets)| (by.as_str(), buckets.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(by, told)| (*by, told.to_vec())).collect();
        assert_eq!(found, expected, "{guards:?}");
    }

    #[test]
    fn a_column_is_split_where_conditions_change() {
        check(&[], &[]);
        check(&["chance(30%)"], &[]);
        check(
            &["count(buy) >= 3"],
            &[("count(buy)", &["1st [count(buy) = 1]", "2nd [count(buy) = 2]", "3rd and later [count(buy) >= 3]"])],
        );
        check(
            &["count(buy, 60 days) > 20"],
            &[(
                "count(buy, 60 days)",
                &[
                    "1st to 20th in 60 days [count(buy, 60 days) >= 1 and count(buy, 60 days) < 21]",
                    "21st and later in 60 days [count(buy, 60 days) >= 21]",
                ],
            )],
        );
        check(
            &["fit >= B"],
            &[("fit", &["fit A–B [fit in (B, A)]", "fit C–D [fit in ([D], C)]", "fit unknown [fit is unknown]"])],
        );
        check(
            &["points >= 50 and points <= 100"],
            &[(
                "points",
                &[
                    "points below 50 [points < 50]",
                    "points 50 to 100 [points >= 50 and points <= 100]",
                    "points above 100 [points > 100]",
                ],
            )],
        );
        check(
            &["size > 10", "vip"],
            &[
                (
                    "size",
                    &["size up to 10 [size <= 10]", "size above 10 [size > 10]", "size unknown [size is unknown]"],
                ),
                ("vip", &["vip: yes [vip = yes]", "vip: no [vip = no]", "vip unknown [vip is unknown]"]),
            ],
        );
        check(
            &["event.kind in (new, \"second hand\")", "time_here <= 24 h"],
            &[
                (
                    "event.kind",
                    &["new [event.kind = new]", "second hand [event.kind = \"second hand\"]", "something else []"],
                ),
                ("time_here", &["within 24 h [time_here <= 24 h]", "later []"]),
            ],
        );
    }
}
