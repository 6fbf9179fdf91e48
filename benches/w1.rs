//! The workload that other engines run too, by the ordinary engine: events per second, with and without stories.

#[path = "../tests/w1/workload.rs"]
mod workload;

use divan::Bencher;
use divan::counter::ItemsCount;
use statecraft::simulation::Progress;
use workload::Workload;

fn main() {
    divan::main();
}

const CONTACTS: u32 = 100_000;

/// Arrows, times and order only, as the other engines do it.
#[divan::bench(sample_count = 5, args = [1, 2])]
fn checksum(bencher: Bencher, threads: usize) {
    let workload = Workload::generated(CONTACTS, 20, 1);
    bencher.counter(ItemsCount::new(workload.dataset.times.len())).bench(|| {
        assert_eq!(workload.checksum(threads), 0xe4fe_ee1a);
    });
}

/// What the window and `statecraft replay` show.
#[divan::bench(sample_count = 5, args = [1, 2])]
fn report(bencher: Bencher, threads: usize) {
    let workload = Workload::generated(CONTACTS, 20, 1);
    bencher
        .counter(ItemsCount::new(workload.dataset.times.len()))
        .bench(|| workload.run().report(threads, &Progress::default()).expect("not cancelled"));
}

/// Every line of every contact's story, with its reasons.
#[divan::bench(sample_count = 3)]
fn stories(bencher: Bencher) {
    let workload = Workload::generated(CONTACTS / 10, 20, 1);
    bencher.counter(ItemsCount::new(workload.dataset.times.len())).bench(|| {
        let run = workload.run();
        (0..run.contact_count()).map(|contact| run.story(contact).entries.len()).sum::<usize>()
    });
}
