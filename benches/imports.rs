//! A table of events on its way into a project and out again, in the shape of the workload that other engines run too:
//! rows per second, and beside plain reading of the same file by the `csv` crate. `STATECRAFT_BENCH_CSV` names another
//! table with the same columns. Run it with `cargo bench --bench imports`.

#[path = "../tests/w1/workload.rs"]
#[allow(dead_code, reason = "only the log is of use here")]
mod workload;

use std::io::{BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use statecraft::document::Document;
use statecraft::exchange::{Import, Mapping, Overrides, Preview, read_events};
use statecraft::model::dataset::FieldValues;
use statecraft::model::{Dataset, DatasetId, DatasetInfo, Project, Zone};
use workload::Workload;

const CONTACTS: u32 = 100_000;
const ROUNDS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let given = std::env::var_os("STATECRAFT_BENCH_CSV").map(PathBuf::from);
    let path = given.unwrap_or_else(|| table(folder.path()));
    let mut plain = Vec::new();
    let mut read = Vec::new();
    let mut import = None;
    for _ in 0..ROUNDS {
        plain.push(timed(|| by_csv(&path)).0);
        drop(import.take());
        let (took, result) = timed(|| by_us(&path));
        read.push(took);
        import = Some(result);
    }
    let Import { dataset, rows, .. } = import.expect("there are rounds");
    let plain = median(plain);
    println!("{} with {rows} rows; medians of {ROUNDS}, on the processor where the system tells", path.display());
    let line = |what: &str, took: Duration| {
        #[expect(clippy::cast_precision_loss, reason = "shown rounded")]
        let rate = rows as f64 / took.as_secs_f64() / 1e6;
        let ratio = plain.as_secs_f64() / took.as_secs_f64();
        println!("{what:<42} {:>8.3} s  {rate:>7.2} M rows/s  {ratio:>6.2} x", took.as_secs_f64());
    };
    line("every row as ByteRecord of csv", plain);
    line("import: typed columns, grouped, in order", median(read));
    let names = dataset.event_names.clone();
    let columns = std::sync::Arc::new(dataset);
    let (mut write, mut open, mut load) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let file = folder.path().join(format!("{round}.statecraft"));
        let mut document = Document::create(&file, &Project::named("Bench")).expect("it can be made");
        let begin = Instant::now();
        document
            .import(DatasetInfo::named("events", "events.csv"), std::sync::Arc::clone(&columns), names.clone())
            .expect("it fits");
        document.flush(Duration::from_mins(10)).expect("it is saved");
        write.push(begin.elapsed());
        drop(document);
        let begin = Instant::now();
        let document = Document::open(&file).expect("it opens");
        open.push(begin.elapsed());
        let begin = Instant::now();
        let read = document.dataset(DatasetId(1)).expect("it reads");
        load.push(begin.elapsed());
        assert_eq!(read.times.len(), columns.times.len());
        drop(document);
        std::fs::remove_file(&file).expect("it is there");
    }
    line("saving it in a project, durably (on the clock)", median(write));
    line("opening that project (on the clock)", median(open));
    line("loading its columns (on the clock)", median(load));
}

/// What `work` took: on the processor where the system tells, else on the clock.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let processor =
        || -> Option<u64> { std::fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse().ok() };
    let (begin, before) = (Instant::now(), processor());
    let result = work();
    let took = match (before, processor()) {
        (Some(before), Some(after)) => Duration::from_nanos(after - before),
        _ => begin.elapsed(),
    };
    (took, result)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn by_csv(path: &Path) -> usize {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_path(path).expect("it opens");
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).expect("it reads") {
        rows += 1;
    }
    rows
}

fn by_us(path: &Path) -> Import {
    let mut go_on = |_| ControlFlow::Continue(());
    let preview = Preview::read(path, Overrides::default(), &mut go_on).expect("it reads");
    let map =
        [("contact", "contact_id"), ("time", "t"), ("event", "event"), ("value", "value"), ("segment", "segment")];
    let map = map.map(|(field, column)| (field.to_owned(), column.to_owned()));
    let mapping = Mapping::from_arguments(&map, None, &preview).expect("the columns are there");
    read_events(path, &mapping, &Zone::default(), &mut go_on).expect("it reads")
}

/// The workload as a table, sorted by contact, then time.
fn table(folder: &Path) -> PathBuf {
    let Dataset { first, times, codes, event_names, fields, .. } = Workload::generated(CONTACTS, 20, 1).dataset;
    let path = folder.join("events.csv");
    let mut file = BufWriter::new(std::fs::File::create(&path).expect("the temporary folder takes it"));
    writeln!(file, "contact_id,t,event,value,segment").expect("the disk has room");
    for (contact, range) in first.windows(2).enumerate() {
        for row in range[0] as usize..range[1] as usize {
            write!(file, "{contact},{},{}", times[row].0 / 1000, event_names[usize::from(codes[row])])
                .expect("the disk has room");
            for name in ["value", "segment"] {
                let column = fields.iter().find(|field| field.name == name).expect("it is there");
                match &column.values {
                    FieldValues::Numbers(numbers) if numbers[row].is_nan() => write!(file, ","),
                    FieldValues::Numbers(numbers) => write!(file, ",{}", numbers[row]),
                    FieldValues::Texts { words, codes } => {
                        write!(file, ",{}", words.get(codes[row] as usize).map_or("", String::as_str))
                    }
                }
                .expect("the disk has room");
            }
            writeln!(file).expect("the disk has room");
        }
    }
    file.into_inner().expect("the disk has room");
    path
}
