//! Any contact of a run can become a sample contact, and then lives through the same.

use std::sync::Arc;

use statecraft::model::sample::SAMPLES;
use statecraft::model::{Contact, ContactId, Population, Project};
use statecraft::simulation::{Cast, Machine, Story};

const SEED: u64 = 7;
const CONTACTS: usize = 25;

/// When something happened, and where it led.
fn told(story: &Story) -> Vec<(i64, Vec<u32>, Vec<String>)> {
    let line = |entry: &statecraft::simulation::Entry| {
        (entry.time.0, entry.to.iter().map(|node| node.0).collect(), entry.effects.clone())
    };
    story.entries.iter().map(line).collect()
}

fn with_sample(project: &Project, sample: &Contact) -> Project {
    let mut with = project.clone();
    with.contacts.clear();
    with.contacts.insert(ContactId(1), Contact { id: ContactId(1), ..sample.clone() });
    with
}

#[test]
fn an_invented_contact_lives_through_the_same_as_a_sample() {
    let (mut lines, mut compared) = (0, 0);
    for sample in SAMPLES {
        let project = sample.project();
        let Some(generator) = project.generators.keys().next().copied() else { continue };
        let machine = Machine::of(&project);
        let scenario =
            project.scenarios.values().find(|scenario| scenario.population == Population::Generated(generator));
        let until = scenario.and_then(|scenario| scenario.until);
        let none = |_| Err(String::from("no history"));
        let (cast, _) = Cast::of(&project, &machine, Population::Generated(generator), until, none).unwrap();
        let run = cast.run(&machine, until, SEED);
        for contact in 0..CONTACTS {
            let (lived, sampled) = (run.story(contact), run.sampled(contact));
            if lived.entries.is_empty() {
                continue;
            }
            let again = with_sample(&project, &sampled);
            let machine = Machine::of(&again);
            let (samples, _) = Cast::of(&again, &machine, Population::Samples, None, none).unwrap();
            let told_again = samples.run(&machine, until, SEED).story(0);
            assert_eq!(told(&told_again), told(&lived), "{}, contact {contact}", sample.key);
            lines += lived.entries.len();
            compared += 1;
        }
    }
    assert!(compared > 100 && lines > 1_000, "{compared} contacts with {lines} lines");
}

#[test]
fn a_recorded_contact_lives_through_the_same_as_a_sample() {
    let project = SAMPLES[0].project();
    let machine = Machine::of(&project);
    let (dataset, events) = statecraft::model::Dataset::of_samples(&project);
    let recorded = Cast::Recorded { dataset: Arc::new(dataset), events };
    let run = recorded.run(&machine, None, SEED);
    for (contact, known) in project.contacts.values().enumerate() {
        let sampled = run.sampled(contact);
        assert_eq!(sampled.name, known.name);
        assert_eq!(sampled.attributes, known.attributes, "{}", known.name);
        assert_eq!(sampled.occurrences.len(), known.occurrences.len(), "{}", known.name);
        let again = with_sample(&project, &sampled);
        let machine = Machine::of(&again);
        let (dataset, events) = statecraft::model::Dataset::of_samples(&again);
        let samples = Cast::Recorded { dataset: Arc::new(dataset), events };
        let until = Some(run.until());
        assert_eq!(told(&samples.run(&machine, until, SEED).story(0)), told(&run.story(contact)), "{}", known.name);
    }
}
