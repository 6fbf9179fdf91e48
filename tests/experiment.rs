//! Journeys run again: on other luck, with other assumptions, against other versions of themselves.

use statecraft::analysis::Measure;
use statecraft::analysis::experiment::{
    compare, diverging, repeat, spreads, tornado, uncertain, vary, without_partner,
};
use statecraft::model::{Assumption, Dataset, EntityId, Population, Project, Time, Zone, notation};
use statecraft::simulation::{Cast, Machine, Progress, Report, Run, World};

fn contacts(count: usize) -> String {
    let contact = |number| format!("contact C{number}\n2026-01-01 go, 2026-07-01 pay\n");
    (0..count).map(contact).collect()
}

fn project(chance: &str, count: usize) -> Project {
    let text = "start A\nA --go [chance(CHANCE)] / convert(sale, 10)--> B\nB --pay / convert(paid, 100)--> B";
    notation::parse(&format!("{}\n{}", text.replace("CHANCE", chance), contacts(count))).expect("it reads")
}

fn play(project: &Project, seed: u64) -> Option<Report> {
    let (dataset, codes) = Dataset::of_samples(project);
    let machine = Machine::of(project);
    Run::new(&machine, &dataset, &codes, Time::parse("2027-01-01", &Zone::default()).ok(), seed)
        .report(2, &Progress::default())
}

#[test]
fn chance_spreads_a_share_over_seeds_as_the_binomial_distribution_says() {
    let project = project("30%", 400);
    let measures = Measure::all(&project);
    let reports = repeat(7, 60, |seed| play(&project, seed)).expect("not called off");
    let spreads = spreads(&project, &measures, &reports);
    assert_eq!(spreads.len(), measures.len());
    let sale = &spreads[0];
    assert_eq!((&sale.measure, sale.values.len()), (&Measure::Converted(String::from("sale")), 60));
    let spread = sale.spread().expect("there are values");
    // 0.3 ± 1.645 · √(0.3 · 0.7 / 400), with room for sixty repeats being few.
    assert!((spread.low - 0.262).abs() < 0.015 && (spread.high - 0.338).abs() < 0.015, "{spread:?}");
    assert!(spread.holds(sale.median().expect("there are values")));
    assert_eq!(repeat(7, 3, |_| None), None);
    let again = repeat(8, 59, |seed| play(&project, seed)).expect("not called off");
    assert_eq!(again, reports[1..], "seeds follow one another");
}

#[test]
fn each_number_is_varied_by_itself_on_the_same_luck() {
    let mut project = project("100%", 3);
    project.info.discount = Some(Assumption { low: Some(0.0), high: Some(0.05), ..Assumption::guessed(0.01) });
    let numbers = uncertain(&project);
    assert_eq!(numbers.len(), 1);
    assert_eq!((numbers[0].at, numbers[0].low, numbers[0].high), (EntityId::Info, 0.0, 0.05));
    let likely = play(&project, 1).expect("not called off");
    let varied = vary(&project, |project| play(project, 1)).expect("not called off");
    let bars = tornado(&project, &Measure::Value, &likely, &varied);
    // 10 at once, 100 after 181 days: divided by (1 + d) to the power of 5.947 months.
    let after = |discount: f64| 10.0 + 100.0 * (1.0 + discount).powf(-181.0 * 12.0 / 365.25);
    for (found, discount) in [(bars[0].at_low, 0.0), (bars[0].likely, 0.01), (bars[0].at_high, 0.05)] {
        assert!((found - after(discount)).abs() < 0.005, "{found} at {discount}");
    }
    assert!(bars[0].swing() > 20.0);
    let shares = tornado(&project, &Measure::Converted(String::from("sale")), &likely, &varied);
    assert!(shares[0].swing().abs() < f64::EPSILON);
    assert_eq!(vary(&project, |_| None), None);
}

#[test]
fn two_versions_are_compared_in_pairs_on_the_same_luck() {
    let (one, other) = (project("30%", 200), project("40%", 200));
    let measures = [Measure::Converted(String::from("sale")), Measure::Entered(String::from("A"))];
    let reports = |project: &Project| repeat(1, 20, |seed| play(project, seed)).expect("not called off");
    let (ones, others) = (reports(&one), reports(&other));
    let compared = compare((&one, &ones), (&other, &others), &measures, false);
    let (difference, interval) = compared[0].difference().expect("there are pairs");
    let interval = interval.expect("there are twenty");
    // Whoever is lucky at 30 % is so at 40 %: a tenth of 200 more, with a deviation of √(0.1 · 0.9 / 200 / 20).
    assert!((difference - 0.1).abs() < 0.015 && interval.holds(difference), "{difference} {interval:?}");
    assert!(interval.low > 0.0 && interval.high - interval.low < 0.04, "{interval:?}");
    assert_eq!(compared[0].more_and_same(), (20, 0));
    assert_eq!(compared[1].more_and_same(), (0, 20));
}

#[test]
fn the_first_line_that_differs_is_named() {
    let text = |guard: &str| {
        format!(
            "start A\nA --go{guard}--> B\ncontact X\n2026-01-01 go, 2026-01-02 go\ncontact Y\n2026-01-01 stop\nevent stop"
        )
    };
    let (one, other) =
        (notation::parse(&text("")).expect("it reads"), notation::parse(&text(" [count(go) > 1]")).expect("it reads"));
    let (machines, data) = ((Machine::of(&one), Machine::of(&other)), Dataset::of_samples(&one));
    let run = |machine| Run::new(machine, &data.0, &data.1, None, 1);
    let (a, b) = (run(&machines.0), run(&machines.1));
    let found = diverging((&one, &a), (&other, &b), &Progress::default()).expect("nobody calls it off");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].contact.as_str(), found[0].time), ("X", data.0.times[0]));
    assert_eq!(found[0].lines.0, "go: moved from A to B");
    assert_eq!(found[0].lines.1, "go: stayed in A: no condition held");
    assert_eq!(diverging((&one, &a), (&one, &a), &Progress::default()), Some(Vec::new()));
    let off = Progress::default();
    off.cancel();
    assert_eq!(diverging((&one, &a), (&other, &b), &off), None);
}

#[test]
fn behaviours_are_partners_by_their_key() {
    let behaviour = |id: u32, name: &str, key: &str| statecraft::model::Behaviour {
        id: id.into(),
        name: name.to_owned(),
        key: key.to_owned(),
        when: statecraft::model::When::Start,
        guard: statecraft::model::Formula::default(),
        outcomes: Vec::new(),
        delay: None,
        cancel_on_leave: false,
        team: None,
        note: String::new(),
    };
    let (mut one, mut other) = (Project::named("One"), Project::named("Other"));
    one.insert(behaviour(1, "clicks", "a").into());
    one.insert(behaviour(2, "buys", "b").into());
    other.insert(behaviour(9, "clicks often", "a").into());
    let (gone, new) = without_partner(&one, &other);
    assert_eq!(gone.iter().map(|behaviour| behaviour.name.as_str()).collect::<Vec<_>>(), ["buys"]);
    assert!(new.is_empty());
}

#[test]
fn numbers_of_the_world_are_varied_too() {
    let text = "start A\nA --buy / convert(order, 10)--> B
         behaviour buying: at start -> buy 30 %
         population Everybody: 500 contacts from 2026-01-01";
    let Ok(mut project) = notation::parse(text) else { panic!("{:?}", notation::parse(text).err()) };
    let mut behaviour = project.behaviours.values().next().expect("there is one").clone();
    let statecraft::model::behaviour::Chance::Share(share) = &mut behaviour.outcomes[0].chance else {
        panic!("it is a share")
    };
    (share.low, share.high) = (Some(0.1), Some(0.6));
    project.insert(behaviour.into());
    let generator = *project.generators.keys().next().expect("there is one");
    let run = |project: &Project| {
        let machine = Machine::of(project);
        let (world, problems) = World::compile(project, &machine, generator);
        assert!(problems.is_empty(), "{problems:?}");
        let until = Time::parse("2026-02-01", &Zone::default()).expect("a time");
        Run::of_world(&machine, &world, until, 3).report(2, &Progress::default())
    };
    let likely = run(&project).expect("not called off");
    let varied = vary(&project, run).expect("not called off");
    let bars = tornado(&project, &Measure::Converted(String::from("order")), &likely, &varied);
    assert_eq!(bars.len(), 1);
    for (found, expected) in [(bars[0].at_low, 0.1), (bars[0].likely, 0.3), (bars[0].at_high, 0.6)] {
        assert!((found - expected).abs() < 0.07, "{found} is not about {expected}");
    }
    assert!(bars[0].at_low < bars[0].likely && bars[0].likely < bars[0].at_high);
}

#[test]
fn an_uncertain_number_is_named_by_what_it_is_about() {
    let text = "start A\nA --buy--> B\nattribute fit: choice C < A\nattribute churn: number\nevent leave
         behaviour decides: at start, after normal 3 days, deviation 1 -> buy 30 %, leave 40 %
         behaviour twice: at start -> buy 30 %, buy 20 %
         population Everybody: 500 contacts from 2026-01-01
           draw fit: C 40 %, A 10 %
           draw churn: beta 0.7, 3.8
           earlier leave: 0 50 %, 2 50 % within 30 days";
    let mut project = notation::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let entities: Vec<_> = project.entities().collect();
    for mut entity in entities {
        entity.visit_assumptions(&mut |_, number| {
            (number.low, number.high) = (Some(number.likely / 2.0), Some(number.likely));
        });
        project.insert(entity);
    }
    let names: Vec<String> = uncertain(&project).iter().map(|number| number.in_words(&project)).collect();
    assert_eq!(
        names,
        [
            "behaviour decides: chance of buy",
            "behaviour decides: chance of leave",
            "behaviour decides: delay mean",
            "behaviour decides: delay deviation",
            "behaviour twice: chance of buy (outcome 1)",
            "behaviour twice: chance of buy (outcome 2)",
            "generated population Everybody: fit, share of C",
            "generated population Everybody: fit, share of A",
            "generated population Everybody: churn, alpha",
            "generated population Everybody: churn, beta",
            "generated population Everybody: earlier leave, share of 0",
            "generated population Everybody: earlier leave, share of 2",
        ]
    );
}

#[test]
fn recorded_contacts_keep_what_they_did_in_a_project_with_another_catalogue() {
    let contacts = "contact X: fit = A\n2026-01-01 go, 2026-01-02 odd\ncontact Y: fit = B\n2026-01-01 go";
    let one = format!("event odd\nattribute fit: choice B < A\nstart A\nA --go [fit = A]--> B\n{contacts}");
    // The same names, numbered otherwise.
    let other =
        "attribute more: number\nattribute fit: choice B < A\nevent new\nstart A\nA --new--> A\nA --go [fit = A]--> C";
    let (one, other) = (notation::parse(&one).expect("it reads"), notation::parse(other).expect("it reads"));
    let machine = Machine::of(&one);
    let (cast, _) = Cast::of(&one, &machine, Population::Samples, None, |_| unreachable!()).expect("there are some");
    let there = Machine::of(&other);
    let (cast, unknown) = cast.in_other(&one, &other, &there, false).expect("they are recorded");
    assert_eq!(unknown, ["odd"]);
    let report = cast.run(&there, None, 1).report(1, &Progress::default()).expect("not called off");
    assert_eq!(Measure::Entered(String::from("C")).of(&other, &report), Some(0.5));
}

#[test]
fn a_state_of_two_versions_is_the_same_whatever_it_is_called() {
    let one = project("30%", 20);
    let mut other = one.clone();
    let mut renamed = other.node_by_name("B").expect("there is one").clone();
    renamed.name = String::from("Bought");
    other.insert(renamed.into());
    let reports = |project| repeat(1, 2, |seed| play(project, seed)).expect("not called off");
    let (ones, others) = (reports(&one), reports(&other));
    let measures = Measure::all(&one);
    let names = |kin: bool| -> Vec<String> {
        let compared = compare((&one, &ones), (&other, &others), &measures, kin);
        compared.iter().map(|compared| compared.measure.name()).collect()
    };
    assert_eq!(names(true).len(), measures.len());
    assert!(names(true).contains(&String::from("Contacts ever in B")));
    assert!(!names(false).contains(&String::from("Contacts ever in B")), "of two projects, only names are known");
    let compared = compare((&one, &ones), (&other, &others), &measures, true);
    assert!(compared.iter().all(|compared| compared.difference().expect("two pairs").0 == 0.0));
}
