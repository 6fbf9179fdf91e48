//! Tokens → tree. Loosest first: `or`, `and`, `not`, comparison, `+ −`, `*`, sign.

use super::lexer::{Lexed, Token, error_at, lex};
use super::{Expr, Extreme, Name, Operator, ParseError, Span};
use crate::model::time::{Duration, Unit};

/// Deeper formulas are refused: nobody reads them, and reading them must not exhaust the stack.
const DEEPEST: usize = 100;

const VALUE: &str = "expected a value: a number, a name, count(…), since(…), event.field or a text in quotes";

/// Words that never start or continue a bare name; in brackets they can.
pub(super) const KEYWORDS: [&str; 7] = ["and", "or", "not", "in", "is", "yes", "no"];

pub(super) fn parse(text: &str) -> Result<Expr, ParseError> {
    let tokens = lex(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0 };
    let expr = parser.or()?;
    match parser.peek() {
        None => Ok(expr),
        Some(Token::Compare(_)) => Err(parser.error("comparisons cannot be chained; join two with \"and\"")),
        Some(_) => Err(parser.error("expected \"and\", \"or\" or the end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Lexed],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|lexed| &lexed.token)
    }

    fn peek_after(&self, offset: usize) -> Option<&Token> {
        self.tokens.get(self.at + offset).map(|lexed| &lexed.token)
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        let byte = self.tokens.get(self.at).map_or(self.text.trim_end().len(), |lexed| lexed.span.start);
        error_at(self.text, byte, message)
    }

    fn eat(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token, message: &str) -> Result<(), ParseError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(message)) }
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        self.at += usize::from(found);
        found
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth >= DEEPEST {
            return Err(self.error(format!("nested more than {DEEPEST} deep")));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn or(&mut self) -> Result<Expr, ParseError> {
        let mut parts = vec![self.and()?];
        while self.eat_keyword("or") {
            parts.push(self.and()?);
        }
        Ok(single_or(parts, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, ParseError> {
        let mut parts = vec![self.not()?];
        while self.eat_keyword("and") {
            parts.push(self.not()?);
        }
        Ok(single_or(parts, Expr::And))
    }

    fn not(&mut self) -> Result<Expr, ParseError> {
        if self.eat_keyword("not") {
            let inner = self.nested(Self::not)?;
            return Ok(Expr::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expr, ParseError> {
        let left = self.sum()?;
        if let Some(&Token::Compare(comparison)) = self.peek() {
            self.at += 1;
            let right = self.sum()?;
            return Ok(Expr::Compare(comparison, Box::new(left), Box::new(right)));
        }
        if self.eat_keyword("is") {
            let negated = self.eat_keyword("not");
            if !self.eat_keyword("unknown") {
                return Err(self.error("expected \"unknown\" or \"not unknown\""));
            }
            return Ok(Expr::IsUnknown(Box::new(left), negated));
        }
        if self.eat_keyword("in") {
            self.expect(&Token::Open, "expected \"(\" and the values to choose from")?;
            let options = self.arguments()?;
            return Ok(Expr::OneOf(Box::new(left), options));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expr, ParseError> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Plus) => Operator::Add,
                Some(Token::Minus) => Operator::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = Expr::Arithmetic(operator, Box::new(left), Box::new(right));
        }
    }

    fn product(&mut self) -> Result<Expr, ParseError> {
        let mut left = self.sign()?;
        while self.eat(&Token::Star) {
            let right = self.sign()?;
            left = Expr::Arithmetic(Operator::Multiply, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn sign(&mut self) -> Result<Expr, ParseError> {
        if self.eat(&Token::Minus) {
            // Only a sign right before a number belongs to the number: -5, but not -(5).
            let literal = matches!(self.peek(), Some(Token::Number(_)));
            let inner = self.nested(Self::sign)?;
            return Ok(match inner {
                Expr::Number(number) if literal => Expr::Number(-number),
                other => Expr::Negative(Box::new(other)),
            });
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Expr, ParseError> {
        match self.peek() {
            Some(&Token::Number(number)) => {
                self.at += 1;
                self.duration_or_number(number)
            }
            Some(Token::Text(text)) => {
                let expr = Expr::Text(text.clone());
                self.at += 1;
                Ok(expr)
            }
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.nested(Self::or)?;
                self.expect(&Token::Close, "expected \")\"")?;
                Ok(inner)
            }
            Some(Token::Bracketed(_)) => Ok(Expr::Name(self.name(VALUE)?)),
            Some(Token::Word(word)) => {
                let word = word.to_ascii_lowercase();
                self.word(&word)
            }
            _ => Err(self.error(VALUE)),
        }
    }

    fn word(&mut self, word: &str) -> Result<Expr, ParseError> {
        if self.peek_after(1) == Some(&Token::Open)
            && let Some(call) = self.call(word)
        {
            return call;
        }
        match word {
            "yes" | "true" => {
                self.at += 1;
                Ok(Expr::YesNo(true))
            }
            "no" | "false" => {
                self.at += 1;
                Ok(Expr::YesNo(false))
            }
            "time_here" => {
                self.at += 1;
                Ok(Expr::TimeHere)
            }
            "event" if self.peek_after(1) == Some(&Token::Dot) => {
                self.at += 2;
                Ok(Expr::Field(self.name("expected the name of a field of the event")?))
            }
            _ if is_keyword(word) => Err(self.error(VALUE)),
            _ => Ok(Expr::Name(self.name(VALUE)?)),
        }
    }

    /// A function by its name, with the parser standing on the name.
    fn call(&mut self, word: &str) -> Option<Result<Expr, ParseError>> {
        const EVENT: &str = "expected the name of an event";
        let parse = match word {
            "count" => |parser: &mut Self| {
                let event = parser.name(EVENT)?;
                let window = if parser.eat(&Token::Comma) { Some(parser.duration()?) } else { None };
                parser.expect(
                    &Token::Close,
                    "expected \")\" after the name of an event; a name with other signs stands in [brackets]",
                )?;
                Ok(Expr::Count(event, window))
            },
            "count_here" => |parser: &mut Self| parser.sole_name(EVENT).map(Expr::CountHere),
            "since" => |parser: &mut Self| parser.sole_name(EVENT).map(Expr::Since),
            "in" => |parser: &mut Self| parser.sole_name("expected the name of a state").map(Expr::In),
            "last" => |parser: &mut Self| {
                if !parser.eat_keyword("touchpoint") {
                    return Err(parser.error("expected \"touchpoint\""));
                }
                parser.expect(&Token::Close, "expected \")\"")?;
                Ok(Expr::LastTouchpoint)
            },
            "chance" => |parser: &mut Self| {
                let share = parser.share()?;
                parser.expect(&Token::Close, "expected \")\" after the share")?;
                Ok(Expr::Chance(share))
            },
            "min" => |parser: &mut Self| parser.arguments().map(|parts| Expr::Extreme(Extreme::Least, parts)),
            "quotient" => |parser: &mut Self| parser.pair(Operator::Divide),
            "remainder" => |parser: &mut Self| parser.pair(Operator::Remainder),
            "max" => |parser: &mut Self| parser.arguments().map(|parts| Expr::Extreme(Extreme::Greatest, parts)),
            _ => return None,
        };
        self.at += 2;
        Some(self.nested(parse))
    }

    /// `a, b, c)` after the opening parenthesis.
    fn arguments(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.nested(Self::sum)?);
            if !self.eat(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::Close, "expected \",\" or \")\"")?;
        Ok(arguments)
    }

    fn pair(&mut self, operator: Operator) -> Result<Expr, ParseError> {
        let left = self.sum()?;
        self.expect(&Token::Comma, "expected \",\" and the number to divide by")?;
        let right = self.sum()?;
        self.expect(&Token::Close, "expected \")\"")?;
        Ok(Expr::Arithmetic(operator, Box::new(left), Box::new(right)))
    }

    fn sole_name(&mut self, expected: &str) -> Result<Name, ParseError> {
        let name = self.name(expected)?;
        self.expect(&Token::Close, "expected \")\" after the name; a name with other signs stands in [brackets]")?;
        Ok(name)
    }

    /// One bracketed name, or bare words up to the next keyword or sign.
    fn name(&mut self, expected: &str) -> Result<Name, ParseError> {
        let start = self.at;
        if let Some(Token::Bracketed(text)) = self.peek() {
            let name = Name { text: text.trim().to_owned(), span: self.tokens[start].span };
            self.at += 1;
            return Ok(name);
        }
        let mut text = String::new();
        while let Some(token) = self.peek() {
            let part = match token {
                // "opted in = yes" names an attribute; "segment in (a, b)" asks for membership.
                Token::Word(word)
                    if !is_keyword(word)
                        || (word.eq_ignore_ascii_case("in")
                            && !text.is_empty()
                            && self.peek_after(1).is_some_and(|next| matches!(next, Token::Compare(_)))) =>
                {
                    word.clone()
                }
                // "step 2" is a name; a name never starts with a digit. As typed: "step 007" is another than "step 7".
                Token::Number(_) if !text.is_empty() => {
                    let span = self.tokens[self.at].span;
                    self.text[span.start..span.end].to_owned()
                }
                _ => break,
            };
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&part);
            self.at += 1;
        }
        if text.is_empty() {
            return Err(self.error(expected));
        }
        let span = Span { start: self.tokens[start].span.start, end: self.tokens[self.at - 1].span.end };
        Ok(Name { text, span })
    }

    fn duration_or_number(&mut self, number: f64) -> Result<Expr, ParseError> {
        let Some(Token::Word(word)) = self.peek() else { return Ok(Expr::Number(number)) };
        let Some(unit) = Unit::from_word(word) else { return Ok(Expr::Number(number)) };
        let amount = self.whole(number)?;
        self.at += 1;
        Ok(Expr::Duration(Duration { amount, unit }))
    }

    fn duration(&mut self) -> Result<Duration, ParseError> {
        const EXPECTED: &str = "expected a duration such as 60 days";
        let Some(&Token::Number(number)) = self.peek() else { return Err(self.error(EXPECTED)) };
        let unit = match self.peek_after(1) {
            Some(Token::Word(word)) => Unit::from_word(word),
            _ => None,
        };
        let unit = unit.ok_or_else(|| self.error(EXPECTED))?;
        let amount = self.whole(number)?;
        self.at += 2;
        Ok(Duration { amount, unit })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be a whole number in range"
    )]
    fn whole(&self, number: f64) -> Result<u32, ParseError> {
        if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            Ok(number as u32)
        } else {
            Err(self.error("expected a whole number of units, such as 36 h instead of 1.5 days"))
        }
    }

    fn share(&mut self) -> Result<f64, ParseError> {
        const EXPECTED: &str = "expected a share between 0% and 100%";
        let Some(&Token::Number(number)) = self.peek() else { return Err(self.error(EXPECTED)) };
        let percent = self.peek_after(1) == Some(&Token::Percent);
        let share = if percent { number / 100.0 } else { number };
        if !(0.0..=1.0).contains(&share) {
            return Err(self.error(EXPECTED));
        }
        self.at += 1 + usize::from(percent);
        Ok(share)
    }
}

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn single_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
