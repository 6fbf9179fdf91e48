//! Every arrow, its time and its order, against the checksums that all engines of the benchmark agree on.

mod workload;

use std::path::PathBuf;

use workload::Workload;

#[test]
fn the_generated_log_has_the_checksum_of_the_reference() {
    let workload = Workload::generated(2000, 20, 1);
    assert_eq!(workload.dataset.times.len(), 37_739);
    assert!(workload.run().is_express());
    for threads in [1, 2, 8] {
        assert_eq!(format!("{:08x}", workload.checksum(threads)), "40d0be21", "{threads} threads");
    }
}

#[test]
fn dense_histories_take_every_arrow() {
    let workload = Workload::generated(1000, 150, 7);
    assert_eq!(format!("{:08x}", workload.checksum(2)), "32e34ef8");
    let report = workload.run().report(2, &statecraft::simulation::Progress::default()).expect("not cancelled");
    assert!(report.arrows.values().all(|arrow| arrow.fired > 0), "{:?}", report.arrows);
    assert_eq!(report.arrows.values().map(|arrow| arrow.fired).sum::<u64>(), 16_574);
}

/// `STATECRAFT_BENCH_DATA` names the folder with the logs of the other engines.
#[test]
fn the_logs_of_the_other_engines_have_their_checksums() {
    let Some(folder) = std::env::var_os("STATECRAFT_BENCH_DATA").map(PathBuf::from) else {
        println!("skipped: STATECRAFT_BENCH_DATA is not set");
        return;
    };
    for (name, checksum) in [("xs", "40d0be21"), ("s", "b1385795"), ("d", "32e34ef8")] {
        let path = folder.join(name).with_extension("bin");
        let workload = Workload::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(format!("{:08x}", workload.checksum(2)), checksum, "{name}");
    }
}
