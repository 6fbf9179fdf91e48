//! The line about what must come out for a sample contact.

use super::{Reader, items};
use crate::model::expectation::{Claim, Expectation};
use crate::model::time::Time;

const FORM: &str = "an expectation is written: expect Anna on 2026-03-09: in MQL, got guide 2 times, reached sale once";

impl Reader {
    /// `expect Anna on 2026-03-09: in MQL, got guide 2 times, reached sale once`
    pub(super) fn expect(&mut self, text: &str) -> Result<(), String> {
        let (head, claims) = text.split_once(": ").ok_or(FORM)?;
        let (name, at) = head.rsplit_once(" on ").ok_or(FORM)?;
        let contact = self.project.contacts.values().find(|contact| contact.name == name.trim());
        let contact = contact.ok_or_else(|| format!("there is no sample contact {}", name.trim()))?.id;
        let at = Time::parse(at, &self.project.zone())?;
        let claims = items(claims).into_iter().map(|claim| self.claim(claim)).collect::<Result<Vec<_>, _>>()?;
        if claims.is_empty() {
            return Err(FORM.to_owned());
        }
        let id = next_id!(self.project.expectations);
        self.project.expectations.insert(id, Expectation { id, contact, at, seed: 1, claims, story: Vec::new() });
        Ok(())
    }

    fn claim(&self, text: &str) -> Result<Claim, String> {
        let (verb, rest) = text.split_once(char::is_whitespace).ok_or(FORM)?;
        if verb == "in" {
            let node = self.project.node_by_name(rest.trim());
            return Ok(Claim::In(node.ok_or_else(|| format!("there is no state {}", rest.trim()))?.id));
        }
        let (name, times) = times(rest.trim()).ok_or(FORM)?;
        match verb {
            "got" => {
                let touchpoint = self.project.touchpoint_by_name(name);
                let touchpoint = touchpoint.ok_or_else(|| format!("there is no touchpoint {name}"))?.id;
                Ok(Claim::Sent { touchpoint, times })
            }
            "reached" => Ok(Claim::Converted { point: name.to_owned(), times }),
            _ => Err(FORM.to_owned()),
        }
    }
}

/// A name, and how often: `guide 2 times`.
fn times(text: &str) -> Option<(&str, u32)> {
    let (name, times) = match text.strip_suffix(" times") {
        Some(rest) => {
            let (name, number) = rest.trim_end().rsplit_once(char::is_whitespace)?;
            (name, number.parse().ok()?)
        }
        None => match text.strip_suffix(" once") {
            Some(name) => (name, 1),
            None => (text.strip_suffix(" never")?, 0),
        },
    };
    (!name.trim().is_empty()).then_some((name.trim(), times))
}

#[cfg(test)]
mod tests {
    use crate::model::notation::parse;

    const JOURNEY: &str = "start Lead
        touchpoint guide
        Lead --download / send(guide)--> Trial
        contact Anna
          2026-03-01 download";

    #[test]
    fn an_expectation_reads_as_it_is_told() {
        for line in [
            "Anna on 2026-03-09: in Trial, got guide 2 times, reached sale once",
            "Anna on 2026-03-09 12:00: got guide never",
        ] {
            let project = parse(&format!("{JOURNEY}\nexpect {line}")).unwrap();
            let told = project.expectation_label(project.expectations.values().next().unwrap());
            let words = line.replace(": in", " is in").replace(": got", " got").replace(", reached", " and reached");
            assert_eq!(told, words);
        }
    }

    #[test]
    fn what_is_no_expectation_is_said() {
        for (line, expected) in [
            ("Anna: in Trial", "an expectation is written"),
            ("Ben on 2026-03-09: in Trial", "no sample contact Ben"),
            ("Anna on 2026-03-09: in Nowhere", "no state Nowhere"),
            ("Anna on 2026-03-09: got nothing once", "no touchpoint nothing"),
            ("Anna on 2026-03-09: got guide", "an expectation is written"),
            ("Anna on soon: in Trial", "soon"),
        ] {
            let message = parse(&format!("{JOURNEY}\nexpect {line}")).unwrap_err().message;
            assert!(message.contains(expected), "{line}: {message}");
        }
    }
}
