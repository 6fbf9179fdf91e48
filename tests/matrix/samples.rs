//! The matrix of each sample, written down from its chart before the program had printed any.

use statecraft::model::sample::Sample;

use super::check;

#[track_caller]
fn check_sample(key: &str, columns: &str, rows: &[&str]) {
    check(&Sample::by_key(key).expect(key).project(), columns, rows);
}

#[test]
fn white_paper() {
    check_sample(
        "white-paper",
        "download, unsubscribe, complaint, accept, reject, silence",
        &[
            "Unknown: m ^ ^ . . .",
            "Known: m ^ ^ . . .",
            "Educating: p ^ ^ . . .",
            "SelfServe: - ^ ^ - - -",
            "MQL: . ^ ^ m m s",
            "SAL: - ^ ^ - - -",
            "Recycled: . ^ ^ . . m",
        ],
    );
}

#[test]
fn abandoned_cart() {
    check_sample(
        "abandoned-cart",
        "unsubscribe, complaint, add to cart, abandon, buy, silence",
        &[
            "Browsing: ^ ^ m . . .",
            "CartOpen: ^ ^ . d m .",
            "First: ^ ^ . . ^ ^",
            "Occasional: ^ ^ . . ^ ^",
            "Habitual: ^ ^ . . ^ ^",
            "Purchased: ^ ^ m . . .",
            "Lapsed: ^ ^ m . . .",
        ],
    );
}

#[test]
fn silent_week() {
    check_sample(
        "silent-week",
        "confirm, click, unsubscribe, complaint, silence",
        &[
            "Unconfirmed: m . ^ ^ m",
            "Reminded: m . ^ ^ m",
            // Every click starts the seven and the thirty days anew.
            "Subscribed: . w ^ ^ d",
            "Removed: - - ^ ^ -",
            "Quiet: . m ^ ^ m",
            "WinBack: . m ^ ^ m",
        ],
    );
}

#[test]
fn lead_definition() {
    check_sample(
        "lead-definition",
        "download, webinar, pricing page, demo request, data fixed, accept, reject, attempt, conversation, sign, lost, \
         re-qualify, unsubscribe, complaint, silence",
        &[
            "Inquiry: p p p p p . . . . . . . ^ ^ .",
            // Nobody is an MQL for more than the 24 hours in which sales can accept.
            "MQL: . . . . . m p . . . . . ^ ^ m",
            "Stale: . . . . . m . . . . . . ^ ^ .",
            "SAL: . . . . . . . p p . . . ^ ^ .",
            "SQL: . . . . . . . . . m m . ^ ^ .",
            "Won: - - - - - - - - - - - - ^ ^ -",
            "Recycled: . . . . . . . . . . . p ^ ^ .",
            "Disqualified: - - - - - - - - - - - - ^ ^ -",
        ],
    );
}

#[test]
fn full_lifecycle() {
    check_sample(
        "full-lifecycle",
        "first purchase, month, activated, grown, recommends, refers, danger sign, rescued, lapsed, returned, service \
         complaint, unsubscribe, complaint, silence",
        &[
            "Prospect: m . . . . . . . . . % ^ ^ .",
            "Onboarding: . . m . . . . . . . % ^ ^ m",
            "Active: . s . m . . m . . . % ^ ^ .",
            "Grown: . s . . m . m . . . % ^ ^ .",
            "Advocate: . s . . . s m . . . % ^ ^ .",
            "AtRisk: . s . . . . . m m . % ^ ^ .",
            "Lapsed: . s . . . . . . . m % ^ ^ .",
        ],
    );
}

#[test]
fn buying_group() {
    check_sample(
        "buying-group",
        "value case read, user win met, evidence shown, claims accepted, user yes, evaluator yes, economic buyer yes, \
         blocker found, objection, met early, sign, unsubscribe, complaint, silence",
        &[
            "Unaware: p . . . . . . . . . . ^ ^ m",
            "ProjectCase: . m . . ^ ^ ^ ^ % . . ^ ^ ^",
            "Requirements: . . s p ^ ^ ^ ^ % . . ^ ^ ^",
            "Shortlist: . . . . ^ ^ ^ ^ % . . ^ ^ ^",
            "Blocked: . . . . ^ ^ ^ ^ % m . ^ ^ ^",
            "Consensus: . . . . ^ ^ ^ ^ % . m ^ ^ ^",
            "Signed: - - - - - - - - - - - ^ ^ -",
            "NoDecision: - - - - - - - - - - - ^ ^ -",
        ],
    );
}

#[test]
fn subscription() {
    check_sample(
        "subscription",
        "pay, renew, usage halved, usage back, pause, term end, offer, unsubscribe, complaint, silence",
        &[
            "Trial: m . . . . . . ^ ^ .",
            "New: . m m . . . . ^ ^ .",
            "Loyal: . d m . . . . ^ ^ .",
            "AtRisk: . . . m m m . ^ ^ .",
            "Paused: . . . . . . . ^ ^ m",
            "Cancelled: . . . . . . p ^ ^ .",
            "WonBack: . m . . . . . ^ ^ .",
        ],
    );
}

#[test]
fn application_form() {
    check_sample(
        "application-form",
        "next, resume, unsubscribe, complaint, silence",
        &[
            "Impression: m . ^ ^ .",
            "Visit: m . ^ ^ .",
            "Learn: m . ^ ^ .",
            "Start: m . ^ ^ .",
            "Details: m . ^ ^ ^",
            "Documents: m . ^ ^ ^",
            "Submitted: - - ^ ^ -",
            "Abandoned: . m ^ ^ m",
            "Stopped: - - ^ ^ -",
        ],
    );
}

#[test]
fn repeat_purchase() {
    check_sample(
        "repeat-purchase",
        "purchase, silence",
        // Whoever buys and does not come to another state is waited for once more.
        &["Prospect: m .", "New: m m", "Repeat: r m", "Loyal: w m", "Lapsed: d ."],
    );
}
