//! The lines about generated populations, the send policy and scenarios.

use super::amount::{distribution, is_named, percentage};
use super::{Last, Reader, items};
use crate::model::catalog::{AttributeKind, Channel};
use crate::model::distribution::Draw;
use crate::model::formula::Formula;
use crate::model::generator::{Generator, Prior};
use crate::model::id::GeneratorId;
use crate::model::scenario::{Population, Scenario};
use crate::model::send_policy::{Cap, QuietHours};
use crate::model::time::{Time, Zone};

impl Reader {
    pub(super) fn population(&mut self, text: &str) -> Result<(), String> {
        const FORM: &str = "a population is written: population Visitors: 2000 contacts from 2026-01-01 over 60 days";
        let (name, rest) = text.split_once(':').ok_or(FORM)?;
        let (contacts, rest) = rest.split_once(" contacts from ").ok_or(FORM)?;
        let (from, over) = match rest.split_once(" over ") {
            Some((from, over)) => (from, Some(over.parse()?)),
            None => (rest, None),
        };
        let id: GeneratorId = next_id!(self.project.generators);
        let generator = Generator {
            id,
            name: name.trim().to_owned(),
            contacts: contacts.trim().parse().map_err(|_| FORM)?,
            from: Time::parse(from, &self.project.zone())?,
            over,
            zones: Vec::new(),
            attributes: Vec::new(),
            prior: Vec::new(),
            note: String::new(),
        };
        self.project.generators.insert(id, generator);
        self.last = Some(Last::Generator(id));
        Ok(())
    }

    /// A line below a population.
    pub(super) fn of_population(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let Some(Last::Generator(id)) = self.last else {
            return Err(format!("\"{word}\" must stand below a population"));
        };
        let mut generator = self.project.generators[&id].clone();
        match word {
            "zones" => {
                for item in items(rest) {
                    let (zone, share) = item.split_once(char::is_whitespace).ok_or("write zones Europe/Berlin 60 %")?;
                    Zone::named(zone)?;
                    generator.zones.push((zone.to_owned(), percentage(share)?));
                }
            }
            "draw" => {
                let (name, draw) = rest.split_once(':').ok_or("a draw is written: draw fit: B 60 %, A 40 %")?;
                let attribute = self.project.attribute_by_name(name.trim());
                let attribute = attribute.ok_or_else(|| format!("there is no attribute {}", name.trim()))?;
                generator.attributes.push((attribute.id, self.draw(draw, &attribute.kind)?));
            }
            _ => {
                const FORM: &str = "earlier events are written: earlier abandon: 0 30 %, 1 70 % within 60 days";
                let (event, rest) = rest.split_once(':').ok_or(FORM)?;
                let (count, within) = rest.rsplit_once(" within ").ok_or(FORM)?;
                let count = self.draw(count, &AttributeKind::Number)?;
                generator.prior.push(Prior { event: self.event(event), count, within: within.parse()? });
            }
        }
        self.project.generators.insert(id, generator);
        Ok(())
    }

    /// `B 60 %, A 40 %`, `beta 0.668, 3.806` or `60`.
    fn draw(&self, text: &str, kind: &AttributeKind) -> Result<Draw, String> {
        let text = text.trim();
        let numeric = matches!(kind, AttributeKind::Number | AttributeKind::Score);
        if is_named(text) || numeric && !text.contains('%') {
            return match distribution(text)? {
                (spread, "") => Ok(Draw::Spread(spread)),
                (_, unit) => Err(format!("\"{unit}\" is not expected behind the number")),
            };
        }
        let shares = items(text).into_iter().map(|item| {
            let at = without_share(item).ok_or_else(|| format!("\"{item}\" has no share; write {item} 50 %"))?;
            Ok((self.value(&item[..at], Some(kind))?, percentage(&item[at..])?))
        });
        shares.collect::<Result<Vec<_>, String>>().map(Draw::Mix)
    }

    pub(super) fn policy(&mut self, text: &str) -> Result<(), String> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let policy = &mut self.project.info.send_policy;
        match word {
            "consent" => policy.consent = Formula::new(rest),
            "suppress" => policy.suppression = Formula::new(rest),
            "cap" => {
                const FORM: &str = "a cap is written: policy cap 2 e-mail in 7 days";
                let (limit, within) = rest.split_once(" in ").ok_or(FORM)?;
                let (most, channel) = limit.trim().split_once(char::is_whitespace).unwrap_or((limit.trim(), ""));
                let channel = if channel.trim().is_empty() { None } else { Some(channel_named(channel)?) };
                policy.caps.push(Cap { channel, most: most.parse().map_err(|_| FORM)?, within: within.parse()? });
            }
            "quiet" => {
                let channel = Channel::ALL.into_iter().find(|channel| rest.starts_with(&format!("{channel} ")));
                let hours = channel.map_or(rest, |channel| &rest[channel.to_string().len()..]);
                policy.quiet.push(QuietHours { channel, hours: hours.parse()? });
            }
            "drop" if rest == "held" => policy.drop_when_left = true,
            _ => return Err(format!("\"{text}\" is no policy; write consent, suppress, cap, quiet or drop held")),
        }
        Ok(())
    }

    pub(super) fn scenario(&mut self, text: &str) -> Result<(), String> {
        let (rest, seed) = match text.rsplit_once(" seed ") {
            Some((rest, seed)) => (rest, seed.trim().parse().map_err(|_| format!("\"{seed}\" is no seed"))?),
            None => (text, 1),
        };
        let (rest, until) = match rest.split_once(" until ") {
            Some((rest, until)) => (rest, Some(Time::parse(until, &self.project.zone())?)),
            None => (rest, None),
        };
        let (name, population) = match rest.rsplit_once(" on ") {
            Some((name, population)) => {
                let generator = self.project.generator_by_name(population.trim());
                let generator = generator.ok_or_else(|| format!("there is no population {}", population.trim()))?;
                (name, Population::Generated(generator.id))
            }
            None => (rest, Population::Samples),
        };
        let id = next_id!(self.project.scenarios);
        self.project.scenarios.insert(id, Scenario { id, name: name.trim().to_owned(), population, until, seed });
        Ok(())
    }
}

pub(super) fn channel_named(name: &str) -> Result<Channel, String> {
    let found = Channel::ALL.into_iter().find(|known| known.to_string() == name.trim());
    found.ok_or_else(|| format!("\"{}\" is no channel", name.trim()))
}

/// Where the share at the end of `B 40 % (agreed)` begins.
fn without_share(text: &str) -> Option<usize> {
    let sign = super::places_outside_brackets(text, "%").last()?;
    let digits = text[..sign].trim_end();
    let at = digits.rfind(|c: char| !c.is_ascii_digit() && c != '.')? + 1;
    (at < digits.len()).then_some(at)
}
