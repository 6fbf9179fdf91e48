//! Numbers of the world: `60 % (50..70 %, measured: CRM 2025)`, and how they are spread.

use super::{items, places_outside_brackets, split_outside_brackets};
use crate::model::assumption::{Assumption, Provenance, share};
use crate::model::distribution::Distribution;
use crate::model::time::Unit;

/// A number and the word behind it, `%` being one.
pub(super) fn amount(text: &str) -> Result<(Assumption, &str), String> {
    let text = text.trim();
    let (number, details) = match text.strip_suffix(')').and_then(last_parenthesis) {
        Some((number, details)) => (number.trim(), details),
        None => (text, ""),
    };
    let digits = number.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(number.len());
    let word = number[digits..].trim();
    let read = |text: &str| {
        let text = text.trim();
        let percent = word.starts_with('%');
        let short = text.strip_suffix('%').filter(|_| percent);
        let text = text.strip_suffix(word).or(short).unwrap_or(text).trim();
        let number = if percent { share(text) } else { text.parse().ok() };
        number.ok_or_else(|| format!("\"{text}\" is no number"))
    };
    let mut assumption = Assumption::guessed(read(&number[..digits])?);
    let mut rest = details;
    let range = split_outside_brackets(details, ",").map_or(details, |(range, _)| range);
    if let Some((low, high)) = range.split_once("..") {
        rest = details[range.len()..].trim_start_matches(',');
        let bound = |text: &str| if text.trim().is_empty() { Ok(None) } else { read(text).map(Some) };
        assumption.low = bound(low)?;
        assumption.high = bound(high)?;
    }
    let (provenance, source) = rest.split_once(':').unwrap_or((rest, ""));
    assumption.provenance = match provenance.trim() {
        "" => Provenance::Guessed,
        word => Provenance::ALL
            .into_iter()
            .find(|provenance| provenance.label() == word)
            .ok_or_else(|| format!("\"{word}\" is no range and neither measured, agreed nor guessed"))?,
    };
    source.trim().clone_into(&mut assumption.source);
    Ok((assumption, word))
}

/// `8 (agreed` → `8`, `agreed`.
fn last_parenthesis(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let at = text.char_indices().rev().find_map(|(at, character)| {
        match character {
            ')' => depth += 1,
            '(' if depth == 0 => return Some(at),
            '(' => depth -= 1,
            _ => {}
        }
        None
    })?;
    Some((&text[..at], &text[at + 1..]))
}

/// A number that nothing stands behind, or only this word.
pub(super) fn plain(text: &str, word: &str) -> Result<Assumption, String> {
    match amount(text)? {
        (number, "") => Ok(number),
        (number, found) if found == word => Ok(number),
        (_, found) => Err(format!("\"{found}\" is not expected behind the number")),
    }
}

/// `60 %`: a share from 0 to 1.
pub(super) fn percentage(text: &str) -> Result<Assumption, String> {
    match amount(text)? {
        (number, "%") => Ok(number),
        _ => Err(format!("\"{}\" is no share; write 60 %", text.trim())),
    }
}

/// Whether the text is a distribution by its name rather than a list of shares.
pub(super) fn is_named(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let first = split_outside_brackets(text, ",").map_or(text, |(first, _)| first);
    let is_share = amount(first.strip_prefix(word).unwrap_or(first)).is_ok_and(|(_, word)| word == "%");
    ["uniform", "exponential", "lognormal", "normal", "beta", "gamma"].contains(&word) && !is_share
}

/// A distribution whose numbers are of the same unit, and the word of that unit.
pub(super) fn distribution(text: &str) -> Result<(Distribution, &str), String> {
    let text = text.trim();
    let (name, rest) =
        if is_named(text) { text.split_once(char::is_whitespace).unwrap_or((text, "")) } else { ("", text) };
    let mut units: Vec<&str> = Vec::new();
    let number = |text: &str, label: &str| -> Result<Assumption, String> {
        let text = text.trim();
        let text = text.strip_prefix(label).ok_or_else(|| format!("{name} needs \"{label}\" before \"{text}\""))?;
        amount(text).map(|(number, _)| number)
    };
    let parts = items(rest);
    let two = || match parts.as_slice() {
        [first, second] => Ok((*first, *second)),
        _ => Err(format!("{name} needs two numbers, parted by a comma")),
    };
    let one = || match parts.as_slice() {
        [only] => Ok(*only),
        _ => Err(format!("\"{text}\" has too many numbers")),
    };
    let distribution = match name {
        "uniform" => {
            let at =
                places_outside_brackets(rest, "..").next().ok_or("a uniform spread is written uniform 1..5 days")?;
            units.extend([unit_of(&rest[..at]), unit_of(&rest[at + 2..])]);
            Distribution::Uniform { from: number(&rest[..at], "")?, to: number(&rest[at + 2..], "")? }
        }
        "exponential" => Distribution::Exponential { mean: number(one()?, "")? },
        "lognormal" => {
            let (median, p90) = two()?;
            Distribution::LogNormal { median: number(median, "")?, p90: number(p90, "90 % below")? }
        }
        "normal" => {
            let (mean, deviation) = two()?;
            Distribution::Normal { mean: number(mean, "")?, deviation: number(deviation, "deviation")? }
        }
        "beta" => {
            let (alpha, beta) = two()?;
            Distribution::Beta { alpha: number(alpha, "")?, beta: number(beta, "")? }
        }
        "gamma" => {
            let (mean, shape) = two()?;
            Distribution::Gamma { mean: number(mean, "")?, shape: number(shape, "shape")? }
        }
        _ => Distribution::Fixed(number(one()?, "")?),
    };
    if name != "uniform" {
        units.extend(parts.iter().map(|part| unit_of(part)));
    }
    units.retain(|unit| !unit.is_empty());
    let time = Unit::from_word;
    units.dedup_by(|second, first| second == first || time(second).is_some() && time(second) == time(first));
    match units.as_slice() {
        [] => Ok((distribution, "")),
        [unit] => Ok((distribution, unit)),
        _ => Err(format!("\"{text}\" mixes units; write all numbers in the same")),
    }
}

/// The word behind the last number of `text`.
fn unit_of(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_suffix(')').and_then(last_parenthesis).map_or(text, |(number, _)| number).trim();
    let digits = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    text[digits..].trim_start_matches('.').trim()
}

/// A unit of time by its word.
pub(super) fn unit(word: &str) -> Result<Unit, String> {
    Unit::from_word(word).ok_or_else(|| format!("\"{word}\" is no unit of time; write h, days, weeks …"))
}
