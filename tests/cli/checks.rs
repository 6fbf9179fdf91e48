//! What `check` prints, in every format.

use serde_json::Value;

use super::{Desk, keys, text};

#[test]
fn check_lists_errors_with_exit_code_1_and_warnings_with_0() {
    let warned = Desk::with_journey("start A\nA --go--> B");
    assert_eq!(
        warned.prints(&["check", "p"]),
        "warning: state B: No arrow leaves B: whoever enters stays for ever. Draw a way on, or make it an end.\n\
         0 errors, 1 warning\n"
    );
    let wrong = Desk::with_journey("start A\nend B\nA ----> B");
    let output = wrong.run(&["check", "p"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("error: arrow from A to B: This arrow has no trigger"));
    assert!(text(&output.stdout).ends_with("1 error, 0 warnings\n"));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn check_in_json_has_a_fixed_shape() {
    let desk = Desk::with_journey("start A\nA ----> B");
    let output = desk.run(&["check", "p", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(keys(&report), ["errors", "hints", "problems", "warnings"]);
    assert_eq!((report["errors"].as_u64(), report["warnings"].as_u64()), (Some(1), Some(1)));
    assert_eq!(keys(&report["problems"][0]), ["at", "case", "fix", "kind", "message", "proof", "severity"]);
    assert_eq!(report["problems"][0]["kind"], "cannot-run");
    assert_eq!(report["problems"][1]["fix"], "Make it an end");
    assert_eq!(report["problems"][0]["severity"], "error");
    assert_eq!(report["problems"][0]["at"], "arrow from A to B");
    assert_eq!(report["problems"][1]["severity"], "warning");
}

#[test]
fn check_proves_what_it_says_and_writes_tables_and_pages() {
    let desk = Desk::new();
    desk.prints(&["new", "p", "--template", "white-paper"]);
    let report = desk.json(&["check", "p", "--prove"]);
    let gap = &report["problems"][0];
    assert_eq!((gap["kind"].as_str(), gap["severity"].as_str()), (Some("gap"), Some("warning")));
    assert_eq!(keys(&gap["proof"]), ["contact", "reached", "story"]);
    assert_eq!(keys(&gap["proof"]["contact"]), ["attributes", "events", "name", "start"]);
    assert_eq!(gap["proof"]["reached"], true);
    let told = desk.prints(&["check", "p", "--prove"]);
    assert!(told.contains("A contact whose story shows it") && told.contains("download"), "{told}");
    let table = desk.prints(&["check", "p", "--format", "csv"]);
    assert!(table.starts_with("severity,kind,at,message,case,proof"), "{table}");
    let page = desk.prints(&["check", "p", "--format", "html"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("<tr class=\"warning\">"), "{page}");
}
