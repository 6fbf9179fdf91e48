//! Guards and values as text ⇄ tree. The text is what the user typed and is kept as typed; the tree is parsed from it
//! where it is needed. Knows the language, not the project: whether a name exists is for the compiler to say.
//!
//! ```text
//! count(white paper download, 60 days) >= 3 and fit >= B
//! since(purchase) > 30 days or event.amount >= 100
//! segment in (smb, edu) and not in(Customer) and score is not unknown
//! ```

mod lexer;
mod parser;
mod print;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::time::Duration;

/// A condition or a value, as typed. The empty text is the condition that always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Formula(String);

impl Formula {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Reads a formula that earlier files keep as a plain number.
    pub(super) fn from_number_or_text<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(f64),
            Text(String),
        }
        Ok(match Either::deserialize(source)? {
            Either::Number(number) => Self(number.to_string()),
            Either::Text(text) => Self(text),
        })
    }

    /// Without a single character, so that a file need not mention it. Spaces are kept as typed.
    pub(super) fn is_untyped(&self) -> bool {
        self.0.is_empty()
    }

    /// The tree, or `None` for the empty formula.
    ///
    /// # Errors
    /// Where reading stopped and what was expected there.
    pub fn parse(&self) -> Result<Option<Expr>, ParseError> {
        if self.is_empty() { Ok(None) } else { parser::parse(&self.0).map(Some) }
    }

    /// The same formula with a name replaced wherever it stands for `kind`, or `None` when it does not occur. The rest
    /// of the text stays as typed. A text that does not parse is left alone.
    #[must_use]
    pub fn renamed(&self, kind: NameKind, old: &str, new: &str) -> Option<Self> {
        let expr = self.parse().ok()??;
        let mut spans = Vec::new();
        expr.visit_names(&mut |found, name| {
            if found == kind && name.text.eq_ignore_ascii_case(old) {
                spans.push(name.span);
            }
        });
        if spans.is_empty() {
            return None;
        }
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        let mut text = self.0.clone();
        let replacement = print::name(new);
        for span in spans {
            text.replace_range(span.start..span.end, &replacement);
        }
        Some(Self(text))
    }

    /// Whether `name` stands for `kind` somewhere inside.
    #[must_use]
    pub fn mentions(&self, kind: NameKind, name: &str) -> bool {
        let mut found = false;
        if let Ok(Some(expr)) = self.parse() {
            expr.visit_names(&mut |k, n| found |= k == kind && n.text.eq_ignore_ascii_case(name));
        }
        found
    }
}

impl From<String> for Formula {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&Expr> for Formula {
    fn from(expr: &Expr) -> Self {
        Self(expr.to_string())
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a name in a formula can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Event,
    /// An attribute or score, or one of the choices it is compared with.
    Attribute,
    State,
    /// What `last(touchpoint)` is compared with.
    Touchpoint,
    Field,
}

/// A stretch of the text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// A name and where it stands. Two names are equal when their texts are.
#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

impl Name {
    /// A name that stands in no text yet.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), span: Span::default() }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The numbers that compare so with `number`, from the least to the greatest of them, both included; `None` for
    /// *is not*, which is no single range.
    #[must_use]
    pub fn range(self, number: f64) -> Option<(f64, f64)> {
        match self {
            Self::Equal => Some((number, number)),
            Self::NotEqual => None,
            Self::Less => Some((f64::NEG_INFINITY, number.next_down())),
            Self::AtMost => Some((f64::NEG_INFINITY, number)),
            Self::Greater => Some((number.next_up(), f64::INFINITY)),
            Self::AtLeast => Some((number, f64::INFINITY)),
        }
    }

    /// In words, as a sentence needs it: *is at least*.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Equal => "is",
            Self::NotEqual => "is not",
            Self::Less => "is less than",
            Self::AtMost => "is at most",
            Self::Greater => "is more than",
            Self::AtLeast => "is at least",
        }
    }

    /// The comparison that says the same with its sides exchanged: `a < b` is `b > a`.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same @ (Self::Equal | Self::NotEqual) => same,
        }
    }

    pub const ALL: [Self; 6] = [Self::Equal, Self::NotEqual, Self::Less, Self::AtMost, Self::Greater, Self::AtLeast];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    /// `quotient(a, b)`; a sign for it would be part of names.
    Divide,
    /// `remainder(a, b)`, which has the sign of `a`.
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    Least,
    Greatest,
}

/// A formula as a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(f64),
    Text(String),
    YesNo(bool),
    Duration(Duration),
    /// An attribute, a score, or a choice it is compared with.
    Name(Name),
    /// `event.amount`: a field of the event being processed.
    Field(Name),
    /// `count(E)`, ever, or in the window (now − duration, now].
    Count(Name, Option<Duration>),
    /// `count_here(E)`: since the arrow's source was entered.
    CountHere(Name),
    /// `since(E)`: how long ago.
    Since(Name),
    /// `time_here`: since the arrow's source was entered.
    TimeHere,
    /// `last(touchpoint)`: the name of the touchpoint sent last.
    LastTouchpoint,
    /// `in(State)`: whether that state is active.
    In(Name),
    /// `chance(30%)`: a share between 0 and 1.
    Chance(f64),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `x is unknown`; with `true`, `x is not unknown`.
    IsUnknown(Box<Expr>, bool),
    /// `x in (a, b)`.
    OneOf(Box<Expr>, Vec<Expr>),
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    Negative(Box<Expr>),
    Extreme(Extreme, Vec<Expr>),
}

impl Expr {
    /// Calls `visit` for this expression and everything inside it.
    pub fn visit(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::Not(inner) | Self::IsUnknown(inner, _) | Self::Negative(inner) => inner.visit(visit),
            Self::And(parts) | Self::Or(parts) | Self::Extreme(_, parts) => {
                for part in parts {
                    part.visit(visit);
                }
            }
            Self::Compare(_, left, right) | Self::Arithmetic(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            Self::OneOf(inner, options) => {
                inner.visit(visit);
                for option in options {
                    option.visit(visit);
                }
            }
            _ => {}
        }
    }

    fn visit_beside(&self, other: &Self, visit: &mut impl FnMut(NameKind, &Name)) {
        match self {
            Self::Name(name) if *other == Self::LastTouchpoint => visit(NameKind::Touchpoint, name),
            _ => self.visit_names(visit),
        }
    }

    /// Calls `visit` for every name with what it stands for.
    pub fn visit_names(&self, visit: &mut impl FnMut(NameKind, &Name)) {
        match self {
            Self::Number(_)
            | Self::Text(_)
            | Self::YesNo(_)
            | Self::Duration(_)
            | Self::TimeHere
            | Self::LastTouchpoint
            | Self::Chance(_) => {}
            Self::Name(name) => visit(NameKind::Attribute, name),
            Self::Field(name) => visit(NameKind::Field, name),
            Self::Count(name, _) | Self::CountHere(name) | Self::Since(name) => visit(NameKind::Event, name),
            Self::In(name) => visit(NameKind::State, name),
            Self::Not(inner) | Self::IsUnknown(inner, _) | Self::Negative(inner) => inner.visit_names(visit),
            Self::And(parts) | Self::Or(parts) | Self::Extreme(_, parts) => {
                for part in parts {
                    part.visit_names(visit);
                }
            }
            Self::Compare(_, left, right) => {
                left.visit_beside(right, visit);
                right.visit_beside(left, visit);
            }
            Self::Arithmetic(_, left, right) => {
                left.visit_names(visit);
                right.visit_names(visit);
            }
            Self::OneOf(inner, options) => {
                inner.visit_names(visit);
                for option in options {
                    option.visit_beside(inner, visit);
                }
            }
        }
    }
}

/// Where reading stopped and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {message}", self.position + 1)]
pub struct ParseError {
    /// In characters from the start, counted from 0.
    pub position: usize,
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses, prints the tree, and parses again: the printed form must mean the same.
    fn check_round_trip(text: &str, printed: &str) {
        let expr = Formula::new(text).parse().unwrap_or_else(|error| panic!("{text}: {error}")).expect("not empty");
        assert_eq!(expr.to_string(), printed, "{text}");
        assert_eq!(Formula::new(printed).parse().unwrap().unwrap(), expr, "{printed}");
    }

    #[test]
    fn what_is_printed_means_what_was_typed() {
        for (text, printed) in [
            ("count(white paper, 60 days)>=3 and fit >= B", "count(white paper, 60 days) >= 3 and fit >= B"),
            ("count(buy) = 1", "count(buy) = 1"),
            ("count_here( buy )<2", "count_here(buy) < 2"),
            ("since(click) > 1 week", "since(click) > 1 week"),
            ("time_here ≥ 48 hours", "time_here >= 48 h"),
            ("last(touchpoint) = newsletter", "last(touchpoint) = newsletter"),
            ("event.amount >= 100", "event.amount >= 100"),
            ("in(Lead) or not in(Group/Customer)", "in(Lead) or not in(Group/Customer)"),
            ("chance(30%)", "chance(30%)"),
            ("chance(12.5 %)", "chance(12.5%)"),
            ("(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"),
            ("a = 1 or b = 2 and c = 3", "a = 1 or b = 2 and c = 3"),
            ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
            ("segment in (smb, \"public sector\")", "segment in (smb, \"public sector\")"),
            ("company size is unknown", "company size is unknown"),
            ("company size is not unknown", "company size is not unknown"),
            ("min(score, 200)", "min(score, 200)"),
            ("score + 2 * (points - 1)", "score + 2 * (points - 1)"),
            ("score − 10", "score - 10"),
            ("quotient( a+1 , 2 ) * remainder(a,b)", "quotient(a + 1, 2) * remainder(a, b)"),
            ("-5", "-5"),
            ("score - (2 - 1)", "score - (2 - 1)"),
            ("opted in = yes", "[opted in] = yes"),
            ("[terms and conditions] = no", "[terms and conditions] = no"),
            ("a <> b", "a != b"),
            ("newsletter", "newsletter"),
            ("price > 1e21", "price > 1000000000000000000000"),
        ] {
            check_round_trip(text, printed);
        }
    }

    #[test]
    fn an_error_says_where_it_is_and_what_was_expected() {
        for (text, position, message) in [
            ("count(buy", 9, "expected \")\" after the name of an event"),
            ("count() > 1", 6, "expected the name of an event"),
            ("score >=", 8, "expected a value: a number"),
            ("score >= 3 fit", 11, "expected \"and\", \"or\" or the end"),
            ("count(buy, sixty days) > 1", 11, "expected a duration such as 60 days"),
            ("chance(130%)", 7, "expected a share between 0% and 100%"),
            ("(a = 1", 6, "expected \")\""),
            ("a = \"x", 4, "this text has no closing \""),
            ("größe > ?", 8, "unexpected character \"?\""),
            ("a = 1 and", 9, "expected a value"),
            ("segment in smb", 11, "expected \"(\""),
            ("[fit > 1", 0, "this name has no closing ]"),
            ("a is big", 5, "expected \"unknown\" or \"not unknown\""),
            ("1 < 2 < 3", 6, "comparisons cannot be chained"),
        ] {
            let error = Formula::new(text).parse().expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.starts_with(message), "{text}: {error}");
        }
    }

    #[test]
    fn deeply_nested_formulas_are_refused_instead_of_overflowing() {
        let error = Formula::new("(".repeat(100_000)).parse().unwrap_err();
        assert!(error.message.contains("nested"), "{error}");
        let error = Formula::new("not ".repeat(100_000)).parse().unwrap_err();
        assert!(error.message.contains("nested"), "{error}");
    }

    #[test]
    fn renaming_keeps_the_rest_as_typed() {
        let formula = Formula::new("count( buy )>=3   and since(Buy)>1 day and buy = 2");
        let renamed = formula.renamed(NameKind::Event, "buy", "terms and more").unwrap();
        assert_eq!(renamed.text(), "count( [terms and more] )>=3   and since([terms and more])>1 day and buy = 2");
        assert_eq!(formula.renamed(NameKind::State, "buy", "x"), None);
        assert_eq!(Formula::new("count(buy").renamed(NameKind::Event, "buy", "x"), None);
    }
}
