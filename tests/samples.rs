//! The journeys that ship: what each sample contact lives through, written down from what the journey is meant to say,
//! and what a wall full of cards needs.

mod common;

use statecraft::analysis::check;
use statecraft::model::sample::{SAMPLES, Sample};
use statecraft::model::{Dataset, NodeKind, Population, Scenario};
use statecraft::simulation::{Machine, Run, Severity};

/// Every contact of the sample with its story, in short.
#[track_caller]
fn check_stories(key: &str, expected: &[(&str, &str)]) {
    let project = Sample::by_key(key).expect("a sample").project();
    let names: Vec<&str> = project.contacts.values().map(|contact| contact.name.as_str()).collect();
    let told: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(told, names, "every contact has a story here, in order");
    let machine = Machine::of(&project);
    let (dataset, codes) = Dataset::of_samples(&project);
    let of_samples = |scenario: &&Scenario| scenario.population == Population::Samples;
    let until = project.scenarios.values().find(of_samples).expect("a scenario").until;
    let run = Run::new(&machine, &dataset, &codes, until, 1);
    for (contact, (name, line)) in (0..).zip(expected) {
        assert_eq!(common::in_short(&project, &run.story(contact)), *line, "{name}");
    }
}

#[test]
fn the_third_white_paper_within_two_months_and_a_fit_are_passed_to_sales() {
    check_stories(
        "white-paper",
        &[
            (
                "Anna",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; \
                 download → MQL / conversion three downloads, conversion passed to sales, \
                 told Sales: call within two days; accept → SAL / conversion sales accepted lead",
            ),
            (
                "Ben",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; \
                 download → SelfServe / conversion three downloads, webinar invitation",
            ),
            (
                "Chiara",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; download ✗",
            ),
            (
                "Dmitri",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; \
                 download → MQL / conversion three downloads, conversion passed to sales, \
                 told Sales: call within two days; after 48 h = MQL / told Sales manager: escalate; \
                 reject → Recycled / told Marketing: log the reason; after 90 days → Educating",
            ),
            (
                "Eva",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; download ✗",
            ),
            ("Farid", "→ Unknown; download → Known / conversion any download, related guide"),
            (
                "Gita",
                "→ Unknown; download → Known / conversion any download, related guide; download → Educating / comparison; \
                 complaint → Unsubscribed",
            ),
        ],
    );
}

#[test]
fn the_first_abandoned_cart_gets_a_coupon_and_the_fourth_does_not() {
    check_stories(
        "abandoned-cart",
        &[
            (
                "Anna",
                "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; \
                 buy → Purchased / conversion order worth 20, thanks",
            ),
            ("Ben", "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; after 14 days → Lapsed"),
            (
                "Chiara",
                "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; after 14 days → Lapsed; \
                 add to cart → CartOpen; abandon → Occasional / reminder; \
                 buy → Purchased / conversion order worth 22.4, thanks",
            ),
            (
                "Gül",
                "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; \
                 buy → Purchased / conversion order worth 18, thanks; \
                 add to cart → CartOpen; abandon → Occasional / reminder; \
                 buy → Purchased / conversion order worth 19.25, thanks; \
                 add to cart → CartOpen; abandon → Occasional / reminder; \
                 buy → Purchased / conversion order worth 31.5, thanks; \
                 add to cart → CartOpen; abandon → Habitual / reminder; \
                 buy → Purchased / conversion order worth 21.35, thanks",
            ),
            ("Dmitri", "→ Browsing; add to cart → CartOpen; buy → Purchased / conversion order worth 42, thanks"),
            (
                "Emre",
                "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; after 14 days → Lapsed; \
                 add to cart → CartOpen; abandon → Occasional / reminder; after 14 days → Lapsed; \
                 unsubscribe → Unsubscribed",
            ),
            (
                "Fiona",
                "→ Browsing; add to cart → CartOpen; abandon → First / help with coupon; \
                 buy → Purchased / conversion order worth 10, thanks; \
                 add to cart → CartOpen; abandon → Occasional / reminder; \
                 buy → Purchased / conversion order worth 12.25, thanks; \
                 add to cart → CartOpen; abandon → Occasional / reminder; \
                 buy → Purchased / conversion order worth 17.5, thanks; \
                 add to cart → CartOpen; abandon → Habitual / reminder; after 14 days → Lapsed",
            ),
        ],
    );
}

#[test]
fn a_silent_week_means_one_thing_before_the_confirmation_and_another_after_it() {
    check_stories(
        "silent-week",
        &[
            (
                "Amara",
                "→ Unconfirmed; confirm → Subscribed / conversion confirmed in the first week, conversion confirmed, welcome; click –; click –; \
                 unsubscribe → Unsubscribed",
            ),
            (
                "Bao",
                "→ Unconfirmed; confirm → Subscribed / conversion confirmed in the first week, conversion confirmed, welcome; \
                 after 7 days without click = Subscribed; click –; after 7 days without click = Subscribed; \
                 after 30 days without click → Quiet / monthly digest; after 60 days → WinBack / still interested?; \
                 after 30 days → Removed",
            ),
            (
                "Carmen",
                "→ Unconfirmed; after 7 days → Reminded / reminder to confirm; \
                 after 7 days → Removed / told Data protection: delete the address; confirm –",
            ),
            (
                "Deniz",
                "→ Unconfirmed; after 7 days → Reminded / reminder to confirm; \
                 confirm → Subscribed / conversion confirmed, did not send welcome: over the cap; click –; \
                 after 7 days without click = Subscribed; after 30 days without click → Quiet / monthly digest; \
                 after 60 days → WinBack / still interested?; after 30 days → Removed",
            ),
            (
                "Elif",
                "→ Unconfirmed; confirm → Subscribed / conversion confirmed in the first week, conversion confirmed, welcome; \
                 after 7 days without click = Subscribed; after 30 days without click → Quiet / monthly digest; \
                 click → Subscribed; after 7 days without click = Subscribed; \
                 after 30 days without click → Quiet / monthly digest; after 60 days → WinBack / still interested?; \
                 click → Subscribed; after 7 days without click = Subscribed; \
                 after 30 days without click → Quiet / monthly digest",
            ),
            ("Farah", "→ Unconfirmed; complaint → Unsubscribed; confirm ∎"),
        ],
    );
}

#[test]
fn a_lead_is_answered_within_a_day_and_recycled_twice_at_most() {
    const TO_MQL: &str = "→ MQL / told SDR: call within 24 hours";
    const TO_SAL: &str = "→ SAL / conversion sales accepted lead, first call";
    let passed_on = format!("→ Inquiry; demo request {TO_MQL}");
    let accepted = format!("{passed_on}; accept {TO_SAL}");
    let stale = "after 24 h → Stale / told Sales manager: a lead waits";
    let sql = "conversation → SQL / conversion sales qualified lead";
    check_stories(
        "lead-definition",
        &[
            (
                "Aylin",
                &format!("{accepted}; attempt ✗; conversation ✗; {sql}; sign → Won / conversion won worth 18000"),
            ),
            ("Bram", &accepted),
            (
                "Chidi",
                &format!(
                    "{passed_on}; {stale}; accept {TO_SAL}; attempt ✗; attempt ✗; attempt ✗; attempt ✗; attempt ✗; \
                     attempt → Recycled / reason is now no answer; re-qualify ✗"
                ),
            ),
            (
                "Dalia",
                &format!(
                    "{passed_on}; reject → Recycled; re-qualify {TO_MQL}; reject → Recycled; re-qualify {TO_MQL}; \
                     reject → Recycled; re-qualify ✗"
                ),
            ),
            (
                "Emeka",
                &format!(
                    "→ Inquiry; webinar ✗; webinar ✗; download {TO_MQL}; \
                     reject → Inquiry / told Marketing operations: fix the data; data fixed {TO_MQL}; \
                     reject → Disqualified"
                ),
            ),
            ("Freya", &format!("{passed_on}; reject ✗; {stale}; reject –")),
            (
                "Goran",
                &format!(
                    "→ Inquiry; download ✗; download ✗; download ✗; pricing page ✗; download {TO_MQL}; accept {TO_SAL}"
                ),
            ),
            (
                "Hana",
                &format!(
                    "{accepted}; {sql}; lost → Recycled / told Marketing: log the reason; re-qualify {TO_MQL}; \
                     accept {TO_SAL}"
                ),
            ),
            ("Ibrahim", &format!("{accepted}; attempt ✗; unsubscribe → Unsubscribed")),
        ],
    );
}

#[test]
fn after_the_first_purchase_the_work_begins() {
    let bought = "→ Prospect; first purchase → Onboarding / conversion new customer, getting started, \
                  conversion margin worth 20";
    let referred =
        "refers = Advocate / conversion referral, conversion margin worth 80, started another contact, thank-you card";
    check_stories(
        "full-lifecycle",
        &[
            (
                "Ana",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; grown → Grown / conversion growth, conversion margin worth 70; recommends → Advocate / conversion margin worth 80; \
                     {referred}; {referred}"
                ),
            ),
            (
                "Bilal",
                &format!(
                    "{bought}; after 1 month → AtRisk / conversion margin worth 30; rescued → Active / conversion margin worth 40"
                ),
            ),
            ("Chloé", &format!("{bought}; activated → Active / conversion margin worth 40")),
            (
                "Dmytro",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; danger sign → AtRisk / conversion margin worth 30; lapsed → Lapsed / conversion margin worth -0.5; returned → Active / conversion margin worth 40"
                ),
            ),
            (
                "Ebba",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; service complaint ✗; service complaint ✗; \
                     service complaint = Active / told Account owner: call today; service complaint ✗"
                ),
            ),
            (
                "Faisal",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; service complaint ✗; service complaint ✗; service complaint ✗"
                ),
            ),
            ("Gita", "→ Prospect; complaint → Unsubscribed"),
            (
                "Henrik",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; grown → Grown / conversion growth, conversion margin worth 70; danger sign → AtRisk / conversion margin worth 30; \
                     lapsed → Lapsed / conversion margin worth -0.5"
                ),
            ),
            (
                "Ines",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; grown → Grown / conversion growth, conversion margin worth 70; recommends → Advocate / conversion margin worth 80; \
                     danger sign → AtRisk / conversion margin worth 30; rescued → Active / conversion margin worth 40"
                ),
            ),
            (
                "Jonas",
                &format!(
                    "{bought}; activated → Active / conversion margin worth 40; month = Active / conversion margin worth 40; \
                     grown → Grown / conversion growth, conversion margin worth 70; \
                     month = Grown / conversion margin worth 70; recommends → Advocate / conversion margin worth 80; \
                     month = Advocate / conversion margin worth 80; danger sign → AtRisk / conversion margin worth 30; \
                     month = AtRisk / conversion margin worth 30; lapsed → Lapsed / conversion margin worth -0.5; \
                     month = Lapsed / conversion margin worth -0.5"
                ),
            ),
        ],
    );
}

#[test]
fn an_account_signs_when_three_have_said_yes_and_nobody_blocks() {
    const READ: &str = "→ Unaware; value case read → ProjectCase";
    const SHORTLISTED: &str = "user win met → Requirements; evidence shown = Requirements / evidence is now yes; \
                               claims accepted → Shortlist; user yes = Shortlist / user agrees is now yes; \
                               evaluator yes = Shortlist / evaluator agrees is now yes; \
                               economic buyer yes → Consensus / economic buyer agrees is now yes";
    const OBJECTION: &str = "objection → Blocked / told Account executive: meet the blocker";
    let signed = |value: u32| format!("sign → Signed / conversion contract worth {value}");
    check_stories(
        "buying-group",
        &[
            ("Alder Foods", &format!("{READ}; {SHORTLISTED}; {}", signed(84000))),
            (
                "Baobab Logistics",
                &format!(
                    "{READ}; economic buyer yes = ProjectCase / economic buyer agrees is now yes; \
                     user yes = ProjectCase / user agrees is now yes; user win met → Requirements; \
                     evaluator yes = Requirements / evaluator agrees is now yes; claims accepted ✗; \
                     evidence shown = Requirements / evidence is now yes; claims accepted → Consensus; \
                     after 180 days → NoDecision"
                ),
            ),
            (
                "Cedar Bank",
                &format!(
                    "{READ}; {SHORTLISTED}; blocker found = Consensus / blocker active is now yes; {OBJECTION}; \
                     met early → Consensus / talk about the blocker's win, blocker active is now no; {}",
                    signed(152_000)
                ),
            ),
            (
                "Dune Energy",
                &format!(
                    "{READ}; blocker found = ProjectCase / blocker active is now yes; {OBJECTION}; \
                     after 180 days → NoDecision"
                ),
            ),
            (
                "Elm Hospital",
                "→ Unaware; value case read ✗; value case read → ProjectCase; after 180 days → NoDecision",
            ),
            (
                "Fjord Shipping",
                &format!("{READ}; objection ✗; user win met → Requirements; after 180 days → NoDecision"),
            ),
            ("Ginkgo Labs", &format!("{READ}; {SHORTLISTED}; {}", signed(40000))),
            ("Harbor Media", "→ Unaware; after 180 days → NoDecision"),
            ("Iris Textiles", &format!("{READ}; user win met → Requirements; unsubscribe → Unsubscribed")),
        ],
    );
}

#[test]
fn a_subscriber_is_asked_before_the_term_ends_and_after_it_only_for_the_price() {
    const PAID: &str = "→ Trial; pay → New / conversion subscription worth 30";
    const AT_RISK: &str = "usage halved → AtRisk / check-in";
    check_stories(
        "subscription",
        &[
            (
                "Ama",
                &format!(
                    "{PAID}; renew → Loyal / conversion first renewal worth 30; \
                     renew = Loyal / conversion second renewal worth 30"
                ),
            ),
            ("Björn", &format!("{PAID}; {AT_RISK}; usage back → Loyal; renew = Loyal / conversion renewal worth 30")),
            (
                "Celeste",
                &format!(
                    "{PAID}; {AT_RISK}; pause → Paused; after 90 days → AtRisk / comeback offer; term end → Cancelled; \
                     offer → WonBack / price offer; renew → Loyal / conversion renewal worth 24"
                ),
            ),
            (
                "Davit",
                &format!(
                    "{PAID}; renew → Loyal / conversion first renewal worth 30; {AT_RISK}; term end → Cancelled; offer ✗"
                ),
            ),
            ("Esi", &format!("{PAID}; {AT_RISK}; pause → Paused; term end –; after 90 days → AtRisk / comeback offer")),
            ("Femi", "→ Trial"),
            ("Greta", &format!("{PAID}; term end –; complaint → Unsubscribed")),
            (
                "Hamid",
                &format!(
                    "{PAID}; renew → Loyal / conversion first renewal worth 30; \
                     renew = Loyal / conversion second renewal worth 30; \
                     renew = Loyal / conversion third renewal worth 30; \
                     renew = Loyal / conversion fourth renewal worth 30"
                ),
            ),
        ],
    );
}

#[test]
fn a_form_goes_on_where_it_was_left() {
    const START: &str = "→ Impression; next → Visit / conversion visit; next → Learn / conversion learn; next → Start / conversion start";
    const LEFT: &str = "after 24 h without any event → Abandoned / resume link";
    const SUBMITTED: &str = "next → Submitted / conversion submitted";
    let details = format!("{START}; next → Details / conversion details");
    check_stories(
        "application-form",
        &[
            ("Amina", &format!("{details}; next → Documents / conversion documents; {SUBMITTED}")),
            (
                "Boris",
                &format!("{details}; next → Documents / conversion documents; {LEFT}; resume → Documents; {SUBMITTED}"),
            ),
            ("Chen", &format!("{details}; {LEFT}; resume → Details; {LEFT}; after 14 days → Stopped")),
            (
                "Daria",
                &format!(
                    "{details}; {LEFT}; resume → Details; next → Documents / conversion documents; {LEFT}; resume → Documents; {SUBMITTED}"
                ),
            ),
            ("Emil", &format!("{details}; {LEFT}; after 14 days → Stopped; resume –")),
            ("Fatou", &format!("{details}; next → Documents / conversion documents; {SUBMITTED}")),
            ("Gustav", "→ Impression; next → Visit / conversion visit; next → Learn / conversion learn"),
            ("Hina", &format!("{details}; {LEFT}; unsubscribe → Unsubscribed")),
        ],
    );
}

#[test]
fn the_fifth_purchase_makes_loyal_and_ninety_silent_days_lose() {
    const LOST: &str = "after 90 days without purchase → Lapsed";
    const TWO: &str = "→ Prospect; purchase → New; purchase → Repeat";
    check_stories(
        "repeat-purchase",
        &[
            ("Anna", &format!("→ Prospect; purchase → New; {LOST}")),
            ("Ben", &format!("{TWO}; purchase ✗; purchase ✗; purchase → Loyal")),
            ("Carla", &format!("{TWO}; {LOST}")),
            ("Deniz", &format!("→ Prospect; purchase → New; {LOST}; purchase → Repeat")),
            ("Eva", &format!("{TWO}; purchase ✗; purchase ✗; purchase → Loyal; {LOST}")),
            ("Farid", &format!("{TWO}; purchase ✗; purchase ✗; {LOST}; purchase → Loyal")),
        ],
    );
}

#[test]
fn no_sample_has_an_error() {
    for sample in SAMPLES {
        let problems = check::problems(&sample.project());
        let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", sample.key);
    }
}

#[test]
fn every_arrow_of_every_sample_is_taken_by_some_contact() {
    for sample in SAMPLES {
        let project = sample.project();
        let machine = Machine::of(&project);
        let (dataset, codes) = Dataset::of_samples(&project);
        let of_samples = |scenario: &&Scenario| scenario.population == Population::Samples;
        let until = project.scenarios.values().find(of_samples).expect("a scenario").until;
        let run = Run::new(&machine, &dataset, &codes, until, 1);
        let taken: std::collections::BTreeSet<_> = (0..run.contact_count())
            .flat_map(|contact| run.story(contact).entries)
            .flat_map(|entry| entry.arrows)
            .collect();
        let never = project.transitions.keys().filter(|arrow| !taken.contains(arrow));
        let never: Vec<_> = never.map(|arrow| project.describe((*arrow).into())).collect();
        assert!(never.is_empty(), "{}: nobody takes the {}", sample.key, never.join(", nor the "));
    }
}

#[test]
fn cards_stand_apart_and_whoever_may_be_written_to_can_say_no() {
    for sample in SAMPLES {
        let project = sample.project();
        let cards: Vec<_> = project
            .nodes
            .values()
            .filter(|node| matches!(node.kind, NodeKind::State | NodeKind::End | NodeKind::Resume))
            .collect();
        for (index, one) in cards.iter().enumerate() {
            for other in &cards[index + 1..] {
                let (across, down) = (one.position.x - other.position.x, one.position.y - other.position.y);
                let apart = across.abs() >= 300.0 || down.abs() >= 130.0;
                assert!(apart, "{}: {} and {}", sample.key, one.name, other.name);
            }
        }
        if sample.key == "repeat-purchase" {
            continue;
        }
        let contactable = project.node_by_name("Contactable").expect("everybody we may write to");
        let outside: Vec<&str> =
            cards.iter().filter(|node| node.parent.is_none()).map(|node| node.name.as_str()).collect();
        assert_eq!(outside, ["Unsubscribed"], "{}", sample.key);
        let ways_out: Vec<_> = project.outgoing(contactable.id).filter(|arrow| arrow.interrupt).collect();
        assert!(matches!(ways_out[..], [way] if way.target == Some(project.node_by_name("Unsubscribed").unwrap().id)));
    }
}
