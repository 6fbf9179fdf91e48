//! The lines about the matrix: how columns are split, what is ignored on purpose and what is still asked.

use super::{Reader, items};
use crate::model::decision::{Answer, Asked, Bucket, Decision, Place};
use crate::model::formula::Formula;
use crate::model::id::BucketId;

impl Reader {
    /// `split download: 1st [count(download) = 1], later [count(download) > 1]`
    pub(super) fn split(&mut self, text: &str) -> Result<(), String> {
        const FORM: &str = "a column is split like this: split download: 1st [count(download) = 1], later []";
        let (event, cases) = text.split_once(':').ok_or(FORM)?;
        let id = self.event(event);
        let mut buckets = Vec::new();
        for (number, case) in (1..).zip(items(cases)) {
            let (name, guard) = case.strip_suffix(']').and_then(|case| case.split_once('[')).ok_or(FORM)?;
            let guard = Formula::new(guard.trim());
            buckets.push(Bucket { id: BucketId(number), name: name.trim().to_owned(), guard });
        }
        if let Some(event) = self.project.events.get_mut(&id) {
            event.buckets = buckets;
        }
        Ok(())
    }

    /// `Educating on download [1st] by Anna: the guide is enough`
    pub(super) fn decision(&mut self, answer: Answer, line: &str) -> Result<(), String> {
        let (head, text) = line.split_once(": ").unwrap_or((line, ""));
        let (cell, who) = head.rsplit_once(" by ").unwrap_or((head, ""));
        let place = self.place(cell).ok_or_else(|| {
            format!("\"{cell}\" is no cell; write State on event, State on event [case], State on silence or End on done Group")
        })?;
        let id = next_id!(self.project.decisions);
        let (text, who) = (text.trim().to_owned(), who.trim().to_owned());
        self.project.decisions.insert(id, Decision { id, place, answer, text, who });
        Ok(())
    }

    /// Names may hold the word that parts them, so every place where it stands is tried.
    fn place(&self, text: &str) -> Option<Place> {
        const ON: &str = " on ";
        text.match_indices(ON).find_map(|(at, _)| {
            let state = self.project.node_by_name(text[..at].trim())?.id;
            let column = text[at + ON.len()..].trim();
            let (name, case) = match column.strip_suffix(']').and_then(|column| column.split_once('[')) {
                Some((name, case)) => (name.trim(), Some(case.trim())),
                None => (column, None),
            };
            let event = self.project.event_by_name(name);
            let asked = match (event, name) {
                (Some(event), _) => Asked::Event(event.id),
                (None, "silence") => Asked::Silence,
                (None, "time of day") => Asked::Clock,
                (None, name) => Asked::Done(self.project.node_by_name(name.strip_prefix("done ")?.trim())?.id),
            };
            let bucket = match case {
                Some(case) => Some(event?.buckets.iter().find(|bucket| bucket.name.eq_ignore_ascii_case(case))?.id),
                None => None,
            };
            Some(Place { state, asked, bucket })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::notation::parse;

    #[test]
    fn decisions_and_cases_are_read() {
        let project = parse(
            "start Lead on hold
             Lead on hold --download--> Trial
             split download: 1st [count(download) = 1], later [count(download) > 1]
             ignored Trial on download [later] by Anna: the guide is enough: for now
             question Lead on hold on silence by Sales team: who calls?
             ignored Trial on silence",
        )
        .unwrap();
        let told: Vec<_> = project
            .decisions
            .values()
            .map(|decision| (project.place_label(decision.place), decision.who.as_str(), decision.text.as_str()))
            .collect();
        let told: Vec<_> = told.iter().map(|(place, who, text)| (place.as_str(), *who, *text)).collect();
        assert_eq!(
            told,
            [
                ("download [later] in Trial", "Anna", "the guide is enough: for now"),
                ("silence in Lead on hold", "Sales team", "who calls?"),
                ("silence in Trial", "", ""),
            ]
        );
        let buckets = &project.event_by_name("download").unwrap().buckets;
        assert_eq!(buckets[1].guard.text(), "count(download) > 1");
    }

    #[test]
    fn what_is_no_cell_is_said() {
        for (line, expected) in [
            ("ignored Nowhere on download", "is no cell"),
            ("state A\nignored A on nothing", "is no cell"),
            ("state A\nevent e\nignored A on e [1st]", "is no cell"),
            ("split e 1st", "a column is split like this"),
            ("split e: 1st", "a column is split like this"),
        ] {
            let message = parse(line).unwrap_err().message;
            assert!(message.contains(expected), "{line}: {message}");
        }
    }
}
