//! ECMAScript expressions → a tree. Knows the simple part of the language: variables, numbers, texts, comparisons, logic,
//! sums and products. Tells apart what is no ECMAScript at all from what is, but is not known here.

/// A tree of the simple part of ECMAScript.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Script {
    Number(f64),
    Text(String),
    YesNo(bool),
    /// `undefined`, and `null`, for what is not there is one thing here.
    Undefined,
    Variable(String),
    /// A name before the first dot and what follows it: `a.b.c`.
    Part(String, String),
    /// `[1, 2]`.
    Array(Vec<Script>),
    /// `_name`.
    ChartName,
    /// `_event.name` and its like.
    EventPart(&'static str),
    /// `_event` itself, of which only can be asked whether it is there.
    Event,
    /// `_event.data`.
    EventData,
    /// `_event.data.field`.
    EventField(String),
    /// `In('state')`.
    In(String),
    /// `typeof x`.
    TypeOf(Box<Script>),
    Not(Box<Script>),
    Negative(Box<Script>),
    And(Vec<Script>),
    Or(Vec<Script>),
    Binary(Binary, Box<Script>, Box<Script>),
    /// `Math.min` or `Math.max`.
    Extreme(bool, Vec<Script>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Equal,
    NotEqual,
    StrictlyEqual,
    StrictlyNotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The session of the chart, as it calls itself; there is no other.
pub(super) const SESSION: &str = "session";
/// What the chart is called by those who send to it.
pub(super) const OWN_LOCATION: &str = "#_scxml_session";
/// What is known of every event; `invokeid` never is.
const EVENT_PARTS: [&str; 6] = ["name", "type", "sendid", "origin", "origintype", "invokeid"];
/// What belongs to the chart and cannot be assigned to.
pub(super) const SYSTEM: [&str; 5] = ["_event", "_sessionid", "_name", "_ioprocessors", "_x"];

/// The names of the one processor that sends here.
pub(super) const OWN_PROCESSOR: [&str; 2] = ["scxml", "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"];

/// Why an expression was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no ECMAScript; evaluating it always fails.
    Broken,
    /// It is, but this part of it is not known here.
    Unknown(String),
}

impl Script {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let tokens = lex(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
        let script = parser.or()?;
        match parser.next() {
            None => Ok(script),
            Some(Token::Sign("." | "[" | "(")) => Err(Fault::Unknown(String::from("a part of a value"))),
            Some(Token::Word(word)) if ["in", "instanceof"].contains(&word.as_str()) => {
                Err(Fault::Unknown(format!("operator {word}")))
            }
            Some(_) => Err(Fault::Broken),
        }
    }

    /// What stands between tags instead of in an attribute: a number, yes or no, or a text as it is but for its spaces.
    pub(super) fn inline(text: &str) -> Result<Self, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.starts_with('{') {
            return Err(String::from("object"));
        }
        Ok(match Self::parse(&text) {
            Ok(value @ (Self::Number(_) | Self::YesNo(_) | Self::Array(_))) => value,
            _ if text.starts_with('[') => return Err(String::from("array")),
            Ok(Self::Text(inner)) if text.starts_with('"') => Self::Text(inner),
            _ => Self::Text(text),
        })
    }

    /// Calls `visit` for this tree and everything inside it.
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match self {
            Self::TypeOf(inner) | Self::Not(inner) | Self::Negative(inner) => inner.visit(visit),
            Self::And(parts) | Self::Or(parts) | Self::Extreme(_, parts) | Self::Array(parts) => {
                for part in parts {
                    part.visit(visit);
                }
            }
            Self::Binary(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            _ => {}
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Word(String),
    Sign(&'static str),
}

/// Longest first, so that `===` is not read as `==`.
const SIGNS: [&str; 22] = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", "+", "-", "*", "/", "%", ".",
    ",",
];

fn lex(text: &str) -> Result<Vec<Token>, Fault> {
    if !is_balanced(text) {
        return Err(Fault::Broken);
    }
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or(Fault::Broken)?;
                let inner = &rest[1..=end];
                if inner.contains('\\') {
                    return Err(Fault::Unknown(String::from("escape in a text")));
                }
                tokens.push(Token::Text(inner.to_owned()));
                end + 2
            }
            _ if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
                let number = rest[..length].parse().ok().filter(|number: &f64| number.is_finite());
                tokens.push(Token::Number(
                    number.ok_or_else(|| Fault::Unknown(format!("the number {}", &rest[..length])))?,
                ));
                length
            }
            _ if first.is_alphabetic() || matches!(first, '_' | '$') => {
                let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
                let length = rest.find(|c: char| !word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..length].to_owned()));
                length
            }
            _ => {
                if rest.starts_with("++") || rest.starts_with("--") {
                    return Err(Fault::Unknown(format!("operator {}", &rest[..2])));
                }
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let sign = sign.ok_or_else(|| {
                    Fault::Unknown(match first {
                        '{' => String::from("object"),
                        other => format!("operator {other}"),
                    })
                })?;
                tokens.push(Token::Sign(sign));
                sign.len()
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Whether every bracket outside of texts has its partner.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(end), other) if other == end => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => open.push(')'),
            (None, '[') => open.push(']'),
            (None, '{') => open.push('}'),
            (None, ')' | ']' | '}') if open.pop() != Some(character) => return false,
            _ => {}
        }
    }
    open.is_empty() && quote.is_none()
}

/// Words that begin no expression, or end one.
const STATEMENTS: [&str; 12] =
    ["return", "if", "else", "for", "while", "do", "var", "break", "continue", "switch", "throw", "try"];
const UNKNOWN_WORDS: [&str; 8] = ["new", "function", "this", "void", "delete", "NaN", "Infinity", "async"];

const DEEPEST: usize = 100;
const LONGEST_PRODUCT: usize = 1_000;

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.accept(sign) { Ok(()) } else { Err(Fault::Broken) }
    }

    fn or(&mut self) -> Result<Script, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Unknown(String::from("an expression nested so deeply")));
        }
        let mut parts = vec![self.and()?];
        while self.accept("||") {
            parts.push(self.and()?);
        }
        self.depth -= 1;
        Ok(alone(parts).unwrap_or_else(Script::Or))
    }

    fn and(&mut self) -> Result<Script, Fault> {
        let mut parts = vec![self.equality()?];
        while self.accept("&&") {
            parts.push(self.equality()?);
        }
        Ok(alone(parts).unwrap_or_else(Script::And))
    }

    fn equality(&mut self) -> Result<Script, Fault> {
        const SIGNS: [(&str, Binary); 4] = [
            ("===", Binary::StrictlyEqual),
            ("!==", Binary::StrictlyNotEqual),
            ("==", Binary::Equal),
            ("!=", Binary::NotEqual),
        ];
        self.binary(&SIGNS, Self::relation)
    }

    fn relation(&mut self) -> Result<Script, Fault> {
        const SIGNS: [(&str, Binary); 4] =
            [("<=", Binary::AtMost), (">=", Binary::AtLeast), ("<", Binary::Less), (">", Binary::Greater)];
        if let Some(known) = self.part_in_event() {
            return known;
        }
        self.binary(&SIGNS, Self::sum)
    }

    /// `'name' in _event`: every event has these.
    fn part_in_event(&mut self) -> Option<Result<Script, Fault>> {
        match self.tokens.get(self.at..self.at + 3)? {
            [Token::Text(part), Token::Word(is), Token::Word(event)] if is == "in" && event == "_event" => {
                self.at += 3;
                let known = part == "data" || EVENT_PARTS.contains(&part.as_str());
                Some(if known { Ok(Script::Event) } else { Err(Fault::Unknown(format!("'{part}' in _event"))) })
            }
            _ => None,
        }
    }

    fn sum(&mut self) -> Result<Script, Fault> {
        self.binary(&[("+", Binary::Add), ("-", Binary::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<Script, Fault> {
        const SIGNS: [(&str, Binary); 3] = [("*", Binary::Multiply), ("/", Binary::Divide), ("%", Binary::Remainder)];
        self.binary(&SIGNS, Self::unary)
    }

    fn binary(
        &mut self,
        signs: &[(&str, Binary)],
        operand: fn(&mut Self) -> Result<Script, Fault>,
    ) -> Result<Script, Fault> {
        let mut left = operand(self)?;
        while let Some((_, operator)) = signs.iter().find(|(sign, _)| self.accept(sign)) {
            left = Script::Binary(*operator, Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Script, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Unknown(String::from("an expression nested so deeply")));
        }
        let script = if self.accept("!") {
            Script::Not(Box::new(self.unary()?))
        } else if self.accept("+") {
            match self.unary()? {
                number @ Script::Number(_) => number,
                _ => return Err(Fault::Unknown(String::from("operator +"))),
            }
        } else if self.accept("-") {
            match self.unary()? {
                Script::Number(number) => Script::Number(-number),
                other => Script::Negative(Box::new(other)),
            }
        } else if matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word == "typeof") {
            self.at += 1;
            Script::TypeOf(Box::new(self.unary()?))
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Ok(script)
    }

    fn primary(&mut self) -> Result<Script, Fault> {
        match self.next().cloned() {
            Some(Token::Number(number)) => Ok(Script::Number(number)),
            Some(Token::Text(text)) => Ok(Script::Text(text)),
            Some(Token::Sign("(")) => {
                let inner = self.or()?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(Token::Sign("[")) => {
                let mut parts = Vec::new();
                while !self.accept("]") {
                    parts.push(self.or()?);
                    if !self.accept(",") {
                        self.expect("]")?;
                        break;
                    }
                }
                Ok(Script::Array(parts))
            }
            Some(Token::Word(word)) => self.word(&word),
            Some(Token::Sign(_)) | None => Err(Fault::Broken),
        }
    }

    fn word(&mut self, word: &str) -> Result<Script, Fault> {
        match word {
            "true" => return Ok(Script::YesNo(true)),
            "false" => return Ok(Script::YesNo(false)),
            "undefined" | "null" => return Ok(Script::Undefined),
            _ if STATEMENTS.contains(&word) => return Err(Fault::Broken),
            _ if UNKNOWN_WORDS.contains(&word) => return Err(Fault::Unknown(word.to_owned())),
            _ => {}
        }
        let mut path = vec![word.to_owned()];
        loop {
            if self.accept(".") {
                match self.next() {
                    Some(Token::Word(word)) => path.push(word.clone()),
                    _ => return Err(Fault::Broken),
                }
            } else if self.accept("[") {
                match self.or()? {
                    Script::Text(word) => path.push(word),
                    _ => return Err(Fault::Unknown(String::from("an element of an array"))),
                }
                self.expect("]")?;
            } else {
                break;
            }
        }
        if self.accept("(") {
            return self.call(&path.join("."));
        }
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["_event", "data"] => Ok(Script::EventData),
            ["_event", "data", field] => Ok(Script::EventField((*field).to_owned())),
            ["_event"] => Ok(Script::Event),
            ["_event", "invokeid"] => Ok(Script::Undefined),
            ["_event", part] if EVENT_PARTS.contains(part) => {
                let known = EVENT_PARTS.into_iter().find(|known| known == part);
                known.map(Script::EventPart).ok_or(Fault::Broken)
            }
            ["_sessionid"] => Ok(Script::Text(String::from(SESSION))),
            ["_name"] => Ok(Script::ChartName),
            ["_ioprocessors", processor, "location"] if OWN_PROCESSOR.contains(processor) => {
                Ok(Script::Text(String::from(OWN_LOCATION)))
            }
            // Of all of them together only can be asked whether they are there, and whether they are the same.
            ["_ioprocessors"] => Ok(Script::Text(String::from("_ioprocessors"))),
            [name] if !SYSTEM.contains(name) => Ok(Script::Variable((*name).to_owned())),
            [name, parts @ ..] if !SYSTEM.contains(name) => Ok(Script::Part((*name).to_owned(), parts.join("."))),
            _ => Err(Fault::Unknown(path.join("."))),
        }
    }

    fn call(&mut self, name: &str) -> Result<Script, Fault> {
        let mut given = Vec::new();
        if !self.accept(")") {
            given.push(self.or()?);
            while self.accept(",") {
                given.push(self.or()?);
            }
            self.expect(")")?;
        }
        match (name, given.as_slice()) {
            ("In", [Script::Text(state)]) => Ok(Script::In(state.clone())),
            ("Math.min" | "Math.max", [_, _, ..]) => Ok(Script::Extreme(name == "Math.max", given)),
            ("Math.pow", [base, Script::Number(exponent)]) => {
                let power = (1_u8..=8).find(|power| (f64::from(*power) - exponent).abs() < f64::EPSILON);
                // A product is as long as all its factors, and may be a factor again.
                let mut length = 0_usize;
                base.visit(&mut |_| length += 1);
                let power = power.filter(|power| length * usize::from(*power) <= LONGEST_PRODUCT);
                let power = power.ok_or_else(|| Fault::Unknown(format!("function {name}()")))?;
                let multiply = |product, _| Script::Binary(Binary::Multiply, Box::new(product), Box::new(base.clone()));
                Ok((1..power).fold(base.clone(), multiply))
            }
            _ => Err(Fault::Unknown(format!("function {name}()"))),
        }
    }
}

/// The only part, or all of them.
fn alone(mut parts: Vec<Script>) -> Result<Script, Vec<Script>> {
    if parts.len() == 1 { parts.pop().ok_or(parts) } else { Err(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_is_told_from_what_is_not_known() {
        for (text, fault) in [
            ("{p1: 'v1'", Fault::Broken),
            ("x +", Fault::Broken),
            ("!", Fault::Broken),
            ("return", Fault::Broken),
            ("'open", Fault::Broken),
            ("{p1: 'v1'}", Fault::Unknown(String::from("object"))),
            ("f(x) == 1", Fault::Unknown(String::from("function f()"))),
            ("_event.raw == 'x'", Fault::Unknown(String::from("_event.raw"))),
            ("x | 2", Fault::Unknown(String::from("operator |"))),
        ] {
            assert_eq!(Script::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn products_bind_tighter_than_sums_and_both_than_comparisons() {
        let plain = Script::parse("a + b * 2 === 4 && !c").unwrap();
        assert_eq!(plain, Script::parse("((a + (b * 2)) === 4) && (!c)").unwrap());
        assert!(Script::parse(&"(".repeat(100_000)).is_err());
        assert!(Script::parse(&"!".repeat(100_000)).is_err());
    }
}
