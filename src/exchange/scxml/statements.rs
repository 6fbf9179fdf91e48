//! What a `<script>` says, where it does no more than set variables: `x = 1; y += x; z++`.

use super::expression::{Binary, Fault, Script};

/// One variable that is set; `value: None` where evaluating it always fails.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) name: String,
    pub(super) value: Option<Script>,
}

/// The variables that a script sets, in order. What else it does is told by its name.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, String> {
    let mut found = Vec::new();
    for part in parts(text)? {
        let mut part = part.trim();
        // A variable that is declared anew keeps its value.
        for word in ["var ", "let ", "const "] {
            part = part.strip_prefix(word).unwrap_or(part).trim_start();
        }
        if !part.is_empty() && !is_name(part) {
            let statement = statement(part)?;
            if statement.value.is_none() {
                // A script with an error in it does nothing at all.
                return Ok(vec![statement]);
            }
            found.push(statement);
        }
    }
    Ok(found)
}

fn unknown() -> String {
    String::from("script that does more than set variables")
}

pub(super) fn is_name(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    text.chars().all(word) && text.starts_with(|c: char| word(c) && !c.is_ascii_digit())
}

/// The text between semicolons and commas that stand in no bracket and no quotes, without comments.
fn parts(text: &str) -> Result<Vec<String>, String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quote) = (0_u32, None);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '/') if characters.peek() == Some(&'/') => while characters.next_if(|c| *c != '\n').is_some() {},
            (None, '/') if characters.peek() == Some(&'*') => {
                let mut last = ' ';
                characters.next();
                loop {
                    match characters.next() {
                        Some('/') if last == '*' => break,
                        Some(other) => last = other,
                        None => return Err(unknown()),
                    }
                }
            }
            (None, ';' | ',') if depth == 0 => parts.push(String::new()),
            _ => {
                match (quote, character) {
                    (None, '\'' | '"') => quote = Some(character),
                    (Some(open), other) if open == other => quote = None,
                    (None, '(' | '[' | '{') => depth += 1,
                    (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if let Some(part) = parts.last_mut() {
                    part.push(character);
                }
            }
        }
    }
    Ok(parts)
}

fn statement(text: &str) -> Result<Statement, String> {
    for (sign, operator) in [("++", Binary::Add), ("--", Binary::Subtract)] {
        let name = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)).map(str::trim);
        if let Some(name) = name.filter(|name| is_name(name)) {
            return Ok(changed(name, operator, Script::Number(1.0)));
        }
    }
    let (left, right) = text.split_once('=').ok_or_else(unknown)?;
    let operators = [
        ('+', Binary::Add),
        ('-', Binary::Subtract),
        ('*', Binary::Multiply),
        ('/', Binary::Divide),
        ('%', Binary::Remainder),
    ];
    let operator = operators.into_iter().find(|(sign, _)| left.ends_with(*sign));
    let name = left.strip_suffix(|c| operator.is_some_and(|(sign, _)| sign == c)).unwrap_or(left).trim();
    // A line that ends without a semicolon may end a statement.
    if !is_name(name) || right.starts_with('=') || right.trim().contains('\n') {
        return Err(unknown());
    }
    let value = match Script::parse(right) {
        Ok(value) => value,
        Err(Fault::Broken) => return Ok(Statement { name: name.to_owned(), value: None }),
        Err(Fault::Unknown(part)) => return Err(part),
    };
    Ok(match operator {
        Some((_, operator)) => changed(name, operator, value),
        None => Statement { name: name.to_owned(), value: Some(value) },
    })
}

fn changed(name: &str, operator: Binary, by: Script) -> Statement {
    let before = Script::Variable(name.to_owned());
    Statement { name: name.to_owned(), value: Some(Script::Binary(operator, Box::new(before), Box::new(by))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_may_set_variables_and_no_more() {
        let text = "var a = 1, // first\n b = '; , //'; /* then */ a += 2; b; c++";
        let found = statements(text).unwrap();
        let set = |name: &str, value: &str| Statement { name: name.into(), value: Script::parse(value).ok() };
        assert_eq!(found, [set("a", "1"), set("b", "'; , //'"), set("a", "a + 2"), set("c", "c + 1")]);
        for text in ["f()", "if (x) y = 1", "x.y = 1", "x == 1", "x = 1\ny = 2", "function f() { x = 1; }", "/* open"] {
            assert_eq!(statements(text), Err(unknown()), "{text}");
        }
    }
}
