//! Text → tokens with their places.

use super::{Comparison, ParseError, Span};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// Letters, digits, `_`, `'` and `/`; names are made of one or more of them.
    Word(String),
    /// `[any text]`, in which `]]` stands for `]`.
    Bracketed(String),
    /// `"any text"`, in which `""` stands for `"`.
    Text(String),
    Number(f64),
    Compare(Comparison),
    Plus,
    Minus,
    Star,
    Percent,
    Open,
    Close,
    Comma,
    Dot,
}

#[derive(Clone, Debug)]
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) span: Span,
}

pub(super) fn error_at(text: &str, byte: usize, message: impl Into<String>) -> ParseError {
    ParseError { position: text[..byte].chars().count(), message: message.into() }
}

pub(super) fn lex(text: &str) -> Result<Vec<Lexed>, ParseError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '+' => (Token::Plus, 1),
            '*' | '×' => (Token::Star, first.len_utf8()),
            '%' => (Token::Percent, 1),
            '-' | '−' => (Token::Minus, first.len_utf8()),
            '≥' => (Token::Compare(Comparison::AtLeast), first.len_utf8()),
            '≤' => (Token::Compare(Comparison::AtMost), first.len_utf8()),
            '≠' => (Token::Compare(Comparison::NotEqual), first.len_utf8()),
            '<' | '>' | '=' | '!' => {
                let (comparison, length) =
                    comparison(rest).ok_or_else(|| error_at(text, start, "expected a comparison: = != < <= > >="))?;
                (Token::Compare(comparison), length)
            }
            '[' => quoted(rest, ']')
                .map(|(inner, length)| (Token::Bracketed(inner), length))
                .ok_or_else(|| error_at(text, start, "this name has no closing ]"))?,
            '"' => quoted(rest, '"')
                .map(|(inner, length)| (Token::Text(inner), length))
                .ok_or_else(|| error_at(text, start, "this text has no closing \""))?,
            _ if first.is_ascii_digit() => number(text, start, rest)?,
            '.' => (Token::Dot, 1),
            _ if is_word(first) => {
                let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
            other => {
                return Err(error_at(
                    text,
                    start,
                    format!(
                        "unexpected character \"{other}\"; a name with other signs stands in [brackets], a text in quotes"
                    ),
                ));
            }
        };
        tokens.push(Lexed { token, span: Span { start, end: start + length } });
        rest = &rest[length..];
    }
}

/// Whether a bare word may hold this character.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '\'' | '/')
}

fn comparison(rest: &str) -> Option<(Comparison, usize)> {
    [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("!=", Comparison::NotEqual),
        ("<>", Comparison::NotEqual),
        ("==", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ]
    .into_iter()
    .find(|(symbol, _)| rest.starts_with(symbol))
    .map(|(symbol, comparison)| (comparison, symbol.len()))
}

/// The text between the first character and `close`, which is doubled where it is meant as a letter, and the length of
/// the whole.
fn quoted(rest: &str, close: char) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut at = 1;
    loop {
        let end = at + rest[at..].find(close)?;
        inner.push_str(&rest[at..end]);
        at = end + 1;
        if !rest[at..].starts_with(close) {
            return Some((inner, at));
        }
        inner.push(close);
        at += 1;
    }
}

fn number(text: &str, start: usize, rest: &str) -> Result<(Token, usize), ParseError> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits((length + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    match rest[..length].parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((Token::Number(number), length)),
        _ => Err(error_at(text, start, "this number is too large; expected one up to 1.7e308")),
    }
}
