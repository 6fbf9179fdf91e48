//! Sums of what is asked, each so many times, and the places where they change their sign: between those places nothing
//! changes, so that one value from each stretch stands for all of it.

use super::asked::Value;
use crate::model::formula::Operator;

/// `2 · a − b + 3`, by place. No place stands there twice, and none with 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Linear {
    pub(super) terms: Vec<(usize, f64)>,
    pub(super) constant: f64,
}

/// More pieces than this are not looked into.
const MOST_PIECES: usize = 64;

impl Linear {
    pub(super) fn constant(constant: f64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    pub(super) fn one(place: usize) -> Self {
        Self { terms: vec![(place, 1.0)], constant: 0.0 }
    }

    /// `self + share · other`.
    #[must_use]
    pub(super) fn plus(&self, share: f64, other: &Self) -> Self {
        let mut terms = self.terms.clone();
        for (place, factor) in &other.terms {
            match terms.iter_mut().find(|(known, _)| known == place) {
                Some((_, known)) => *known += share * factor,
                None => terms.push((*place, share * factor)),
            }
        }
        terms.retain(|(_, factor)| *factor != 0.0);
        terms.sort_by_key(|(place, _)| *place);
        Self { terms, constant: self.constant + share * other.constant }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(-1.0, other)
    }

    fn times(&self, factor: f64) -> Self {
        Self::constant(0.0).plus(factor, self)
    }

    pub(super) fn factor(&self, place: usize) -> f64 {
        self.terms.iter().find(|(known, _)| *known == place).map_or(0.0, |(_, factor)| *factor)
    }

    /// The same places where it is 0, written in one way.
    pub(super) fn normal(self) -> Self {
        match self.terms.last() {
            Some(&(_, factor)) => self.times(1.0 / factor),
            None => self,
        }
    }
}

/// The sums that a value can come to, one for each way that its *min* and *max* can go. What decides between the ways
/// goes to `turns`.
///
/// # Errors
/// Why it is no such sum, as the end of a sentence.
pub(super) fn pieces(value: &Value, turns: &mut Vec<Linear>) -> Result<Vec<Linear>, String> {
    let found = match value {
        Value::Constant(sample) => match sample.number() {
            Some(number) => vec![Linear::constant(number)],
            // No number: nothing that it is compared with changes that.
            None => Vec::new(),
        },
        Value::Asked(place) => vec![Linear::one(*place)],
        Value::Negative(inner) => pieces(inner, turns)?.iter().map(|piece| piece.times(-1.0)).collect(),
        Value::Extreme(_, parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(pieces(part, turns)?);
            }
            for (index, one) in all.iter().enumerate() {
                turns.extend(all[..index].iter().map(|other| one.minus(other)));
            }
            all
        }
        Value::Arithmetic(operator, left, right) => {
            let (left, right) = (pieces(left, turns)?, pieces(right, turns)?);
            let mut all = Vec::new();
            for one in &left {
                for other in &right {
                    all.push(match operator {
                        Operator::Add => one.plus(1.0, other),
                        Operator::Subtract => one.minus(other),
                        Operator::Multiply if other.terms.is_empty() => one.times(other.constant),
                        Operator::Multiply if one.terms.is_empty() => other.times(one.constant),
                        Operator::Divide if other.terms.is_empty() && other.constant == 0.0 => continue,
                        Operator::Divide if other.terms.is_empty() => one.times(1.0 / other.constant),
                        Operator::Remainder if one.terms.is_empty() && other.terms.is_empty() => {
                            Linear::constant(one.constant % other.constant)
                        }
                        Operator::Multiply => return Err(String::from("two things that are not fixed are multiplied")),
                        Operator::Divide => return Err(String::from("it divides by something that is not fixed")),
                        Operator::Remainder => return Err(String::from("it asks for a remainder")),
                    });
                }
            }
            all
        }
    };
    if found.len() > MOST_PIECES || turns.len() > MOST_PIECES * MOST_PIECES {
        return Err(String::from("its min and max can go too many ways"));
    }
    Ok(found)
}
