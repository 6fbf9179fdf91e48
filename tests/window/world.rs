//! The world is described in the window: behaviours, teams, invented contacts, what may be sent.

use egui::{Key, Modifiers};
use statecraft::model::behaviour::{Chance, When};
use statecraft::model::{Assumption, Behaviour, Channel, Distribution, Draw, Population, Provenance, Unit, Value};

use super::driver::Window;

const JOURNEY: &str = "start Lead
    attribute fit: choice C < B < A
    attribute churn: number
    touchpoint reminder: SMS
    state Lead
    end Customer
    end Lost
    Lead --buy--> Customer
    Lead --leave--> Lost";

fn add(window: &mut Window, section: &str, name: &str) {
    window.press(&format!("Add to {section}"));
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(name);
    window.key(Key::Enter);
}

/// Whether it is said somewhere in the inspector, be it above or below what is in view.
#[track_caller]
fn says(window: &Window, text: &str) {
    let wanted = text.to_owned();
    window.one(text, move |node| {
        let said = |said: Option<String>| said.is_some_and(|said| said.contains(&wanted));
        said(node.label()) || said(node.value())
    });
}

fn behaviour(window: &Window) -> Behaviour {
    window.project().behaviours.values().next().expect("a behaviour").clone()
}

fn chances(window: &Window) -> Vec<f64> {
    let share = |chance: &Chance| if let Chance::Share(share) = chance { share.likely } else { f64::NAN };
    behaviour(window).outcomes.iter().map(|outcome| share(&outcome.chance)).collect()
}

#[test]
fn a_behaviour_is_described_by_labels_and_keys_alone() {
    let mut window = Window::with(JOURNEY);
    window.comes_to_rest();
    add(&mut window, "behaviours", "decides");
    assert_eq!((behaviour(&window).name.as_str(), behaviour(&window).key.as_str()), ("decides", "decides"));
    says(&window, "Nothing happens in decides.");
    window.choose("a contact starts", "a state is entered");
    assert_eq!(behaviour(&window).when, When::Entered(window.node("Lead")));

    window.choose("Add an outcome …", "buy");
    window.choose("Add an outcome …", "leave");
    assert_eq!(chances(&window), [1.0, 0.0], "the first is certain until somebody says otherwise");
    window.fill("Chance of buy", "60");
    window.fill("Chance of leave", "50.5");
    says(&window, "Together they are 110.5 %.");
    window.sees("1 error");
    window.fill("Chance of leave", "30 %");
    window.sees("No problems");
    assert_eq!(chances(&window), [0.6, 0.3]);
    window.ctrl(Key::Z);
    assert_eq!(chances(&window), [0.6, 0.505], "one number, one step");
    window.ctrl(Key::Y);

    window.fill("Chance of buy", "most");
    says(&window, "\"most\" is no number.");
    window.fill("Chance of buy", "140");
    says(&window, "140 is not between 0 and 100 %.");
    window.fill("Chance of buy", "60");
    window.press("Chance of buy: range and source");
    window.fill("Chance of buy: least", "50");
    window.fill("Chance of buy: most", "70");
    window.fill("Chance of buy: source", "CRM 2025");
    window.choose("guessed", "measured");
    let Chance::Share(share) = behaviour(&window).outcomes[0].chance.clone() else { panic!() };
    let known = Assumption {
        low: Some(0.5),
        high: Some(0.7),
        provenance: Provenance::Measured,
        source: "CRM 2025".into(),
        ..Assumption::guessed(0.6)
    };
    assert_eq!(share, known);

    window.press("Add a value to buy");
    window.fill("buy: value", "80");
    assert_eq!(behaviour(&window).outcomes[0].fields[0].1.text(), "80");
    window.fill("Condition", "fit >= B");
    window.choose("at once", "mostly little, at times very much");
    window.choose("days", "h");
    window.fill("How late: median", "8");
    window.fill("How late: 90 % below", "2");
    says(&window, "90 % are below 2, but half are above 8.");
    window.fill("How late: 90 % below", "24");
    let delay = behaviour(&window).delay.expect("a delay");
    assert_eq!(delay.unit, Unit::Hour);
    assert!(matches!(delay.spread, Distribution::LogNormal { p90, .. } if (p90.likely - 24.0).abs() < 1e-9));
    says(
        &window,
        "When a contact enters Lead, if fit is at least B, buy (value = 80) follows in 60 % of cases or leave in 30 %, half \
         of it within 8 h, nine tenths within 24 h.",
    );
    window.sees("No problems");
    let described = window.project().clone();
    assert_eq!(window.kept(), described);
}

#[test]
fn an_outcome_can_be_as_likely_as_an_attribute_says_and_be_removed() {
    let mut window = Window::with(&format!("{JOURNEY}\nbehaviour x: every 1 month in Lead -> leave 20 %, buy 10 %"));
    window.outline("x");
    window.choose("in a share of cases", "as likely as churn says");
    let churn = window.project().attribute_by_name("churn").unwrap().id;
    assert_eq!(behaviour(&window).outcomes[0].chance, Chance::Attribute(churn));
    says(&window, "Every month in Lead, leave follows as likely as the churn of the contact or buy in 10 %.");
    window.press("Remove outcome leave");
    assert_eq!(chances(&window), [0.1]);
    window.choose("Lead", "everywhere, from the start");
    assert!(matches!(behaviour(&window).when, When::Every { within: None, .. }));
    window.choose("again and again", "by chance, so many times");
    window.fill("Times", "-1");
    says(&window, "-1 is less than 0.");
    window.fill("Times", "1.8");
    window.press("Contacts differ: some more often than others");
    window.fill("Shape", "0.8");
    says(&window, "About 1.8 times in 30 days of the journey, for some more often than for others");
}

#[test]
fn a_team_serves_a_behaviour() {
    let mut window = Window::with(&format!("{JOURNEY}\nbehaviour x: on Lead -> buy 50 %"));
    add(&mut window, "teams", "Reps");
    window.fill("Hours", "Mon–Thu 10:00–16:00");
    window.fill("People", "2");
    window.fill("Done in a week", "7.5");
    says(&window, "Together 15 a week.");
    window.write("Hours", "always");
    says(&window, "\"always\" are no hours;");
    window.key(Key::Escape);
    window.outline("x");
    window.choose("nobody has to wait for anybody", "Reps, one after the other");
    says(&window, "It waits until Reps has time for it.");
    window.outline("Reps");
    says(&window, "behaviour x");
    let team = window.project().team_by_name("Reps").unwrap();
    assert_eq!((team.hours.to_string().as_str(), team.people.likely), ("Mon–Thu 10:00–16:00", 2.0));
}

#[test]
fn a_population_is_invented_and_a_scenario_runs_on_it() {
    let mut window = Window::with(&format!("{JOURNEY}\nscenario Base"));
    add(&mut window, "generated populations", "Visitors");
    window.fill("Contacts", "many");
    says(&window, "is no number of contacts");
    window.fill("Contacts", "2,000");
    window.press("Starts are spread evenly; otherwise all start at once");
    window.press("Add a time zone");
    window.fill("Time zone 1", "Mars");
    says(&window, "\"Mars\" is no time zone");
    window.fill("Time zone 1", "Europe/Berlin");
    window.fill("Share of Europe/Berlin", "60");
    window.choose("Draw an attribute …", "fit");
    window.fill("fit: share of A", "40");
    says(&window, "The shares add up to 106 %.");
    window.fill("fit: share of A", "10");
    window.choose("Draw an attribute …", "churn");
    window.choose("always the same", "a share that differs");
    window.fill("churn: alpha", "0.668");
    window.fill("churn: beta", "3.806");
    window.choose("Add earlier events …", "buy");
    window.fill("Number of buy: share of 1", "25");
    let visitors = window.project().generator_by_name("Visitors").unwrap();
    assert_eq!((visitors.contacts, visitors.over.is_some(), visitors.zones.len()), (2_000, true, 1));
    let Draw::Mix(fit) = &visitors.attributes[0].1 else { panic!() };
    assert_eq!(fit[2], (Value::Text("A".into()), Assumption::guessed(0.1)));
    assert!(matches!(&visitors.attributes[1].1, Draw::Spread(Distribution::Beta { beta, .. }) if beta.likely > 3.8));
    let Draw::Mix(earlier) = &visitors.prior[0].count else { panic!() };
    assert_eq!(earlier[0], (Value::Number(1.0), Assumption::guessed(0.25)));
    let id = visitors.id;
    // The list is long by now.
    window.press("States and arrows");
    window.press("Events");
    window.outline("Base");
    window.choose("the sample contacts", "Visitors");
    assert_eq!(window.project().scenarios.values().next().unwrap().population, Population::Generated(id));
    says(&window, "Base runs on invented contacts");
    window.fill("Until", "2026-03-02");
    window.sees("No problems");
}

#[test]
fn what_may_be_sent_is_said_in_the_journey() {
    let mut window = Window::with(JOURNEY);
    window.outline("everything may be sent");
    window.fill("Consent", "fit >= C");
    window.press("Add a cap");
    window.choose("messages of all channels", "e-mail");
    window.press("Add quiet hours");
    window.fill("Quiet hours 1", "Mon–Fri 20:00–07:30");
    window.press("Drop what is held if its state was left meanwhile");
    window.press("Money of a month later is worth less");
    window.fill("Discount a month", "0.5");
    let info = &window.project().info;
    let policy = &info.send_policy;
    assert_eq!(
        (policy.consent.text(), policy.caps[0].channel, policy.caps[0].most),
        ("fit >= C", Some(Channel::Email), 3)
    );
    assert_eq!((policy.quiet[0].hours.to_string().as_str(), policy.drop_when_left), ("Mon–Fri 20:00–07:30", true));
    assert_eq!(info.discount, Some(Assumption::guessed(0.005)));
    says(&window, "consent, 1 cap, quiet hours");
    window.fill("Suppression", "in(Nowhere)");
    says(&window, "Suppression: there is no state named \"Nowhere\".");
}

#[test]
fn deleting_what_the_world_uses_says_so_first() {
    let mut window = Window::with(&format!("{JOURNEY}\nbehaviour x: when sent reminder -> buy 50 %"));
    window.outline("reminder");
    window.press("Delete");
    says(&window, "behaviour x");
    window.press_last("Delete");
    assert!(window.project().behaviours.is_empty());
    window.ctrl(Key::Z);
    assert_eq!(window.project().behaviours.len(), 1);
}
