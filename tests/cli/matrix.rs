//! What `statecraft matrix` prints.

use serde_json::{Value, json};

use super::Desk;

fn desk() -> Desk {
    Desk::with_journey(
        "journey Trial <1>
         event go\nevent stop
         group Inside\nstate Lead in Inside stage nurture owner Sales\nstate Trial in Inside\nend Lost
         Lead --go [count(go) >= 2] / notify(Sales: call)--> Trial
         Inside --!stop--> Lost
         ignored Trial on go by Anna: =they know
         question Lead on silence by Ben: who calls?",
    )
}

#[test]
fn as_text_it_is_a_table_and_a_total() {
    assert_eq!(
        desk().prints(&["matrix", "p"]),
        "state  go                       stop             silence
Lead   → Trial, else undecided  → Lost (Inside)  question: who calls?
Trial  ignored: =they know      → Lost (Inside)  ?

?: undecided; in brackets: inherited from that group
1 undecided cell, 1 in part, of 6
"
    );
    assert_eq!(
        desk().prints(&["matrix", "p", "--undecided"]),
        "Lead: go, in part (→ Trial, else undecided)\nTrial: silence\n1 undecided cell, 1 in part, of 6\n"
    );
}

#[test]
fn in_json_it_has_a_fixed_shape() {
    let desk = desk();
    let all: Value = serde_json::from_str(&desk.prints(&["matrix", "p", "--format", "json"])).unwrap();
    let keys: Vec<&String> = all.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["asked", "cells", "counts", "not_analysed", "states", "undecided_in_part"]);
    assert_eq!(all["states"], json!(["Lead", "Trial"]));
    assert_eq!(all["asked"], json!(["go", "stop", "silence"]));
    assert_eq!(
        all["counts"],
        json!({"moves": 0, "stays": 0, "splits": 1, "inherited": 2, "other_region": 0, "timer_restarts": 0,
            "ignored": 1, "question": 1, "undecided": 1, "not_asked": 0})
    );
    assert_eq!((&all["undecided_in_part"], &all["not_analysed"]), (&json!(1), &json!(0)));
    assert_eq!(all["cells"].as_array().unwrap().len(), 6);
    assert_eq!(
        all["cells"][0],
        json!({
            "state": "Lead", "stage": "nurture", "owner": "Sales", "asked": "go", "timer": false, "case": null,
            "kind": "splits", "rest": "undecided", "reason": null, "by": null,
            "branches": [{"from": "Lead", "to": "Trial", "trigger": "go", "guard": "count(go) >= 2",
                "actions": ["tell Sales to call"], "inherited": false}],
            "restarts": [],
        })
    );
    let open: Value = serde_json::from_str(&desk.prints(&["matrix", "p", "--undecided", "--format", "json"])).unwrap();
    assert_eq!(open["cells"].as_array().unwrap().len(), 2);
    assert_eq!(open["counts"], all["counts"]);
}

#[test]
fn for_spreadsheets_nothing_in_it_runs_as_a_formula() {
    let desk = desk();
    assert_eq!(
        desk.prints(&["matrix", "p", "--format", "csv"]),
        "state,stage,owner,go,stop,silence
Lead,nurture,Sales,\"→ Trial, else undecided\",→ Lost (Inside),question: who calls?
Trial,,,ignored: =they know,→ Lost (Inside),undecided
"
    );
    assert_eq!(
        desk.prints(&["matrix", "p", "--undecided", "--format", "csv"]),
        "state,owner,asked,undecided\nLead,Sales,go,\"→ Trial, else undecided\"\nTrial,,silence,wholly\n"
    );
}

#[test]
fn as_a_page_it_is_whole_in_itself() {
    let page = desk().prints(&["matrix", "p", "--format", "html"]);
    for part in [
        "<!DOCTYPE html>",
        "<title>Trial &lt;1&gt;: what is not decided</title>",
        "@page { size: A3 landscape;",
        "thead { display: table-header-group; }",
        "<p>1 undecided cell, 1 in part, of 6.</p>",
        "<th scope=\"row\">Lead<small>nurture, Sales</small></th>",
        "<span>if count(go) &gt;= 2: → Trial; tell Sales to call</span>",
        "<span>ignored on purpose: =they know (Anna)</span>",
        "<td class=\"undecided\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains("http") && !page.contains("<script") && !page.contains("url("),
        "it asks nobody for anything"
    );
    assert_eq!(page.matches("<table>").count(), 1);
    let undecided = desk().prints(&["matrix", "p", "--format", "html", "--undecided"]);
    assert!(!undecided.contains("scope=\"col\">stop"), "{undecided}");
}

#[test]
fn many_columns_go_on_in_tables_with_the_states_beside_them() {
    let events = (0..20).map(|number| format!("event e{number}\n")).collect::<Vec<_>>().concat();
    let page = Desk::with_journey(&format!("{events}A --e0--> B")).prints(&["matrix", "p", "--format", "html"]);
    assert_eq!(page.matches("<table>").count(), 3);
    assert_eq!(page.matches("<th scope=\"row\">A").count(), 3);
}

fn lived_through() -> Desk {
    Desk::with_journey(
        "event go\nevent stop
         state Lead\nstart Lead\nstate Trial\nend Lost
         split go: 1st [count(go) = 1], later []
         Lead --go--> Trial\nTrial --after 3 days--> (stay)\nTrial --stop--> Lost
         contact Anna\n2026-03-01 go, 2026-03-02 go, 2026-03-09 go
         contact Ben\n2026-03-01 go",
    )
}

#[test]
fn with_coverage_it_says_how_often_each_cell_is_met() {
    let desk = lived_through();
    assert_eq!(
        desk.prints(&["matrix", "p", "--coverage"]),
        "state  go [1st]  go [later]  stop   silence
Lead   2         never       never  -
Trial  never     2           never  2

-: nothing to meet there
3 of 7 cells met by 2 contacts, until 2026-03-09 00:00
"
    );
    assert_eq!(
        desk.prints(&["matrix", "p", "--coverage", "--format", "csv"]),
        "state,stage,owner,go [1st],go [later],stop,silence\nLead,,,2,0,0,\nTrial,,,0,2,0,2\n"
    );
    let page = desk.prints(&["matrix", "p", "--coverage", "--format", "html"]);
    assert!(page.contains("<p>3 of 7 cells met. What was never met is marked with ◌.</p>"), "{page}");
    assert!(page.contains("<span class=\"met\">met 2 times</span>"), "{page}");
    assert!(page.contains("<span class=\"met\">◌ never met</span>"), "{page}");
    let undecided = desk.prints(&["matrix", "p", "--coverage", "--undecided"]);
    assert!(undecided.starts_with("Lead: stop, never met\n"), "{undecided}");
    desk.refuses_with(&["matrix", "p", "--seed", "2"], &["--coverage"]);
}

#[test]
fn contacts_are_proposed_for_cells_that_are_never_met() {
    let desk = lived_through();
    let all = desk.json(&["matrix", "p", "--coverage", "--propose"]);
    assert_eq!(
        all["coverage"],
        json!({"contacts": 2, "cells": 7, "met": 3, "never_met": 4, "until": "2026-03-09 00:00", "seed": 1})
    );
    let cell = |state: &str, asked: &str| {
        let cells = all["cells"].as_array().unwrap().iter();
        let is_meant = |cell: &&Value| (&cell["state"], &cell["asked"]) == (&json!(state), &json!(asked));
        cells.filter(is_meant).cloned().collect::<Vec<_>>()
    };
    assert_eq!((&cell("Lead", "silence")[0]["met"], &cell("Lead", "go")[0]["met"]), (&Value::Null, &json!(2)));
    assert_eq!(cell("Lead", "go")[0].get("proposal"), None, "it is met already");
    let proposal = &cell("Trial", "stop")[0]["proposal"];
    assert_eq!(proposal["name"], "Meets stop in Trial");
    let events: Vec<&Value> = proposal["events"].as_array().unwrap().iter().map(|event| &event["event"]).collect();
    assert_eq!(events, ["go", "stop"]);
    // Nobody comes to Trial without the first.
    assert_eq!(cell("Trial", "go")[0]["proposal"], Value::Null);
    let text = desk.prints(&["matrix", "p", "--coverage", "--propose"]);
    assert!(text.contains("\nstop in Lead: 2026-01-05 09:00 start, 2026-01-05 10:00 stop\n"), "{text}");
    assert!(text.contains("\ngo [1st] in Trial: no contact was found within 16 events and timers\n"), "{text}");
}
