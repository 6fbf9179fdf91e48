//! Whether several conditions can hold at once, where that is certain.

use super::region::Region;
use crate::model::Project;
use crate::model::formula::Expr;

/// With more alternatives nothing is said.
const MOST_ALTERNATIVES: usize = 512;

/// Whether there is a contact for whom all `conditions` hold; `None` where that cannot be told.
#[must_use]
pub(in crate::analysis) fn possible(project: &Project, conditions: &[Expr]) -> Option<bool> {
    let mut alternatives = vec![Vec::new()];
    for condition in conditions {
        alternatives = both(&alternatives, &alternatives_of(condition, true)?)?;
    }
    let mut is_certain = true;
    for alternative in alternatives {
        let all = Expr::And(alternative);
        let found = Region::of(project, &all).and_then(|region| region.meets(&Region::default(), project));
        match found {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_certain = false,
        }
    }
    is_certain.then_some(false)
}

/// The condition, or with `false` its opposite, as alternatives of which each is a list of plain questions. What is
/// unknown passes no comparison, and so passes its opposite: turning a condition round is exact.
fn alternatives_of(condition: &Expr, wanted: bool) -> Option<Vec<Vec<Expr>>> {
    let any = |parts: &[Expr]| {
        let mut found = Vec::new();
        for part in parts {
            found.extend(alternatives_of(part, wanted)?);
        }
        (found.len() <= MOST_ALTERNATIVES).then_some(found)
    };
    let every = |parts: &[Expr]| {
        let mut found = vec![Vec::new()];
        for part in parts {
            found = both(&found, &alternatives_of(part, wanted)?)?;
        }
        Some(found)
    };
    match condition {
        Expr::Not(inner) => alternatives_of(inner, !wanted),
        Expr::And(parts) => {
            if wanted {
                every(parts)
            } else {
                any(parts)
            }
        }
        Expr::Or(parts) => {
            if wanted {
                any(parts)
            } else {
                every(parts)
            }
        }
        Expr::YesNo(holds) => Some(if *holds == wanted { vec![Vec::new()] } else { Vec::new() }),
        question if wanted => Some(vec![vec![question.clone()]]),
        question => Some(vec![vec![Expr::Not(Box::new(question.clone()))]]),
    }
}

fn both(one: &[Vec<Expr>], other: &[Vec<Expr>]) -> Option<Vec<Vec<Expr>>> {
    if one.len() * other.len() > MOST_ALTERNATIVES {
        return None;
    }
    Some(one.iter().flat_map(|left| other.iter().map(move |right| [&left[..], right].concat())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Formula, notation};

    #[test]
    fn what_can_hold_at_once_is_told_where_it_is_certain() {
        let project =
            notation::parse("attribute fit: choice D < C < B < A\nattribute vip: yes/no\nscore points\nevent buy")
                .unwrap();
        for (conditions, expected) in [
            (&["count(buy) = 1", "count(buy) >= 2"][..], Some(false)),
            (&["count(buy) >= 1", "not (count(buy) = 1 or count(buy) >= 2)"], Some(false)),
            (&["count(buy) >= 3", "count(buy, 60 days) < 3"], Some(true)),
            (&["count(buy) < 3", "count(buy, 60 days) >= 3"], Some(false)),
            (&["not (fit >= B)", "not (fit < B)"], Some(true)),
            (&["not (fit >= B)", "not (fit < B)", "fit is not unknown"], Some(false)),
            (&["not vip = yes", "not vip = no", "vip is not unknown"], Some(false)),
            (&["points < 50", "points > 49"], Some(true)),
            (&["chance(30%)"], None),
            (&["chance(30%)", "points < 50", "points > 50"], None),
            (&[], Some(true)),
            (&["not (1 = 1)"], None),
        ] {
            let parsed: Vec<Expr> =
                conditions.iter().map(|text| Formula::new(*text).parse().unwrap().unwrap()).collect();
            assert_eq!(possible(&project, &parsed), expected, "{conditions:?}");
        }
    }
}
