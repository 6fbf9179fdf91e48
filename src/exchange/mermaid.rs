//! Diagrams in Mermaid, `stateDiagram-v2` and `flowchart`: their states become states, their arrows arrows, and what
//! stands on an arrow what sets it off. Looks (classes, styles, links) mean nothing here; what means something that we
//! cannot keep is told in a note.

mod chart;
mod flow;
mod place;
mod state;

use super::drawing::Drawing;

/// Whether the text claims to be a diagram that can be read here.
#[must_use]
pub fn is_mermaid(text: &str) -> bool {
    heading(text).is_some_and(|(_, line)| {
        let first = line.split_whitespace().next().unwrap_or_default();
        ["stateDiagram", "stateDiagram-v2", "flowchart", "graph"].contains(&first.trim_end_matches(';'))
    })
}

/// Reads a diagram.
///
/// # Errors
/// A sentence with the number of the line that does not read.
pub fn read(text: &str) -> Result<Drawing, String> {
    let Some((number, line)) = heading(text) else {
        return Err(String::from("The text is empty; a Mermaid diagram begins with stateDiagram-v2 or flowchart."));
    };
    let lines: Vec<Line> = text
        .lines()
        .enumerate()
        .skip(number + 1)
        .map(|(index, line)| Line { number: index + 1, text: without_comment(line).trim() })
        .filter(|line| !line.text.is_empty() && !line.text.starts_with("```"))
        .collect();
    let line = line.trim_end_matches(';');
    let mut words = line.split_whitespace();
    let chart = match words.next() {
        Some("stateDiagram" | "stateDiagram-v2") => state::read(&lines)?,
        Some("flowchart" | "graph") => flow::read(words.next().unwrap_or("TB"), &lines)?,
        _ => {
            return Err(format!(
                "Line {}: a Mermaid diagram begins with stateDiagram-v2 or flowchart, not with \"{line}\".",
                number + 1
            ));
        }
    };
    chart.finish()
}

/// A line that says something.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    fn refuse<T>(&self, why: impl std::fmt::Display) -> Result<T, String> {
        Err(format!("Line {}: {why}, in \"{}\".", self.number, self.text))
    }
}

/// The first line that says something, with its place. A fence of Markdown and a header between `---` say nothing.
fn heading(text: &str) -> Option<(usize, &str)> {
    let mut in_header = false;
    for (index, line) in text.lines().enumerate() {
        let line = without_comment(line).trim();
        if line == "---" {
            in_header = !in_header;
        } else if !line.is_empty() && !in_header && !line.starts_with("```") {
            return Some((index, line));
        }
    }
    None
}

fn without_comment(line: &str) -> &str {
    line.find("%%").map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Edit, Node, NodeKind, Point, Project, Trigger};

    /// The project that a diagram makes when it is pasted into an empty one, and the notes.
    fn pasted(text: &str) -> (Project, Vec<String>) {
        let drawing = read(text).unwrap_or_else(|why| panic!("{why}"));
        let edit = Edit::Paste { piece: Box::new(drawing.piece), by: Point::default(), parent: None };
        let mut project = Project::named("Pasted");
        for change in edit.plan(&project).unwrap_or_else(|why| panic!("{why}")) {
            change.apply(&mut project);
        }
        (project, drawing.notes)
    }

    fn arrows(project: &Project) -> Vec<String> {
        let words = |arrow: &crate::model::Transition| {
            let guard = if arrow.guard.is_empty() { String::new() } else { format!(" [{}]", arrow.guard.text()) };
            let trigger = crate::model::trigger_text::print_trigger(project, &arrow.trigger);
            let target = arrow.target.map_or_else(|| String::from("(stay)"), |target| project.node_label(target));
            format!("{} --{trigger}{guard}--> {target}", project.node_label(arrow.source))
        };
        project.transitions.values().map(words).collect()
    }

    fn named<'a>(project: &'a Project, name: &str) -> &'a Node {
        project.node_by_name(name).unwrap_or_else(|| panic!("no {name}"))
    }

    #[test]
    fn a_state_diagram_becomes_states_and_arrows() {
        let (project, notes) = pasted(
            "```mermaid\n%% a comment\nstateDiagram-v2\n  direction LR\n  [*] --> Lead\n  Lead --> Trial : signs up\n  \
             Trial --> Lead : after 14 days\n  state \"Paying customer\" as Paying\n  Trial --> Paying: buys [amount > 3]\n  \
             Paying --> [*]\n  Lead : Has asked\n```",
        );
        assert_eq!(
            arrows(&project),
            [
                "Has asked --signs up--> Trial",
                "Trial --after 14 days--> Has asked",
                "Trial --buys [amount > 3]--> Paying customer",
                "Paying customer ----> End"
            ]
        );
        assert_eq!(project.info.start, Some(named(&project, "Has asked").id));
        assert_eq!(named(&project, "End").kind, NodeKind::End);
        assert!(named(&project, "Trial").position.x > named(&project, "Has asked").position.x + 200.0);
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn composite_states_become_groups_and_regions() {
        let (project, _) = pasted(
            "stateDiagram-v2\n state Member {\n  [*] --> New\n  New --> Old : a year\n  Old --> [*]\n }\n Member --> Gone : leaves\n \
             state Active {\n  [*] --> A\n  --\n  [*] --> B\n  B --> C : x\n }",
        );
        let member = named(&project, "Member");
        assert_eq!((member.kind, member.initial), (NodeKind::Group, Some(named(&project, "New").id)));
        assert_eq!(project.children(Some(member.id)).count(), 3);
        let active = named(&project, "Active");
        assert_eq!(active.kind, NodeKind::Parallel);
        let regions: Vec<&str> = project.children(Some(active.id)).map(|node| node.name.as_str()).collect();
        assert_eq!(regions, ["Region 1", "Region 2"]);
        assert_eq!(named(&project, "B").parent, Some(named(&project, "Region 2").id));
    }

    #[test]
    fn a_choice_asks_at_once_and_notes_are_kept() {
        let (project, notes) = pasted(
            "stateDiagram-v2\n state Check <<choice>>\n A --> Check : visit\n Check --> B : amount > 3\n note right of A : Look\n \
             note left of B\n  Two\n  lines\n end note\n A --> B : go / mail",
        );
        assert!(arrows(&project).contains(&String::from("Check --always [amount > 3]--> B")), "{:?}", arrows(&project));
        assert_eq!((named(&project, "A").note.as_str(), named(&project, "B").note.as_str()), ("Look", "Two lines"));
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("mail"), "{notes:?}");
    }

    #[test]
    fn a_flowchart_becomes_states_and_arrows_with_every_form_of_arrow() {
        let (project, _) = pasted(
            "flowchart LR\n  a[Has asked] -->|visit| b(Trial); b -- buys --> c{{Paying customer}}\n  c -.->|after 90 days| d\n  \
             d ==> a\n  d -. back .-> b\n  a & b --> e((Gone)) --> f\n  a --- f\n  classDef big fill:#fff\n  class a big\n  \
             style a fill:#333\n  c:::big --> a\n  g[\"Two<br/>lines [x]\"]",
        );
        assert_eq!(
            arrows(&project),
            [
                "Has asked --visit--> Trial",
                "Trial --buys--> Paying customer",
                "Paying customer --after 90 days--> d",
                "d ----> Has asked",
                "d --back--> Trial",
                "Has asked ----> Gone",
                "Trial ----> Gone",
                "Gone ----> f",
                "Has asked ----> f",
                "Paying customer ----> Has asked",
            ]
        );
        assert!(project.node_by_name("Two lines (x)").is_some());
        assert!(project.transitions.values().any(|arrow| arrow.trigger == Trigger::Unset));
    }

    #[test]
    fn subgraphs_become_groups() {
        let (project, _) = pasted(
            "graph TD\n subgraph one [Before sale]\n  direction LR\n  a --> b\n  subgraph two\n   c\n  end\n end\n b --> d\n one --> d",
        );
        let one = named(&project, "Before sale");
        assert_eq!((one.kind, named(&project, "two").parent), (NodeKind::Group, Some(one.id)));
        assert_eq!(named(&project, "c").parent, Some(named(&project, "two").id));
        assert_eq!(named(&project, "d").parent, None);
        assert!(arrows(&project).contains(&String::from("Before sale ----> d")));
    }

    #[test]
    fn no_two_states_lie_on_one_another() {
        let (project, _) = pasted(
            "flowchart TB\n a --> b\n a --> c\n a --> d\n b --> e\n c --> e\n e --> a\n subgraph s\n x --> y\n y --> z\n end\n e --> s\n l --> l",
        );
        let leaves: Vec<&Node> = project.nodes.values().filter(|node| node.kind != NodeKind::Group).collect();
        for one in &leaves {
            for other in &leaves {
                let (dx, dy) = (one.position.x - other.position.x, one.position.y - other.position.y);
                assert!(one.id == other.id || dx.abs() > 200.0 || dy.abs() > 80.0, "{} and {}", one.name, other.name);
            }
        }
    }

    #[test]
    fn bad_text_is_refused_with_its_line() {
        for (text, words) in [
            ("", "is empty"),
            ("pie title Pets", "Line 1"),
            ("stateDiagram-v2\nA -->", "Line 2"),
            ("stateDiagram-v2\n--> A", "Line 2"),
            ("stateDiagram-v2\nstate A {\nB --> C", "never closed"),
            ("stateDiagram-v2\n}", "Line 2"),
            ("stateDiagram-v2\nnote left of A\nx", "end note"),
            ("stateDiagram-v2\nwhat is this", "Line 2"),
            ("stateDiagram-v2\n[*] --> [*]", "Line 2"),
            ("stateDiagram-v2", "no states"),
            ("flowchart LR\na[Open", "Line 2"),
            ("flowchart LR\na --> ", "Line 2"),
            ("flowchart LR\na -->|x b", "Line 2"),
            ("flowchart LR\na ~ b", "Line 2"),
            ("flowchart LR\nsubgraph s\na", "never closed"),
            ("flowchart LR\nend", "Line 2"),
            ("flowchart LR\na --> b: after lunch\n", "Line 2"),
        ] {
            let refusal = read(text).expect_err(text);
            assert!(refusal.contains(words) && refusal.ends_with('.'), "{text:?}: {refusal}");
        }
    }

    #[test]
    fn no_text_breaks_the_reader() {
        let pieces = [
            "[*]", "-->", "A", "{", "}", "[", "]", "|", "\"", "--", "state", "note", "end", "subgraph", ":", "&", ";",
            "ü", "((", "<<",
        ];
        let mut seed = 7u32;
        for _ in 0..4000 {
            let mut text = String::from(if seed.is_multiple_of(2) { "flowchart LR\n" } else { "stateDiagram-v2\n" });
            for _ in 0..12 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(pieces[(seed >> 16) as usize % pieces.len()]);
                text.push_str(if seed & 0x300 == 0 { "\n" } else { " " });
            }
            if let Err(refusal) = read(&text) {
                assert!(refusal.ends_with('.'), "{refusal}");
            }
        }
    }
}
