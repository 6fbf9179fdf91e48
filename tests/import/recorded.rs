//! Recorded data with known facts; skipped where it is not at hand.

use std::fs;
use std::path::PathBuf;

use statecraft::exchange::{Mapping, Overrides, Preview, read_events};
use statecraft::model::dataset::{Dataset, FieldValues};
use statecraft::model::{Time, Value, Zone};

use crate::{go_on, import, import_in, preview, table};

/// The folder with the recorded data; tests that need it are skipped without it.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("STATECRAFT_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: STATECRAFT_TEST_DATA is not set");
    }
    folder
}

fn numbers<'a>(dataset: &'a Dataset, field: &str) -> &'a [f64] {
    match &dataset.fields.iter().find(|column| column.name == field).unwrap().values {
        FieldValues::Numbers(numbers) => numbers,
        FieldValues::Texts { .. } => panic!("{field} is a text"),
    }
}

#[test]
fn the_cdnow_purchases_are_read_as_published() {
    let Some(data) = data() else { return };
    let truth: serde_json::Value = serde_json::from_slice(&fs::read(data.join("GROUND_TRUTH.json")).unwrap()).unwrap();
    let truth = &truth["cdnow"];
    let day = |value: &serde_json::Value| Time::parse(value.as_str().unwrap(), &Zone::default()).unwrap();
    let check = |dataset: &Dataset, rows: u64, truth: &serde_json::Value| {
        assert_eq!(Some(rows), truth["rows"].as_u64());
        assert_eq!(Some(dataset.times.len() as u64), truth["rows"].as_u64());
        assert_eq!(Some(dataset.contacts.len() as u64), truth["customers"].as_u64());
        assert_eq!(dataset.span(), Some((day(&truth["dmin"]), day(&truth["dmax"]))));
        let spent: f64 = numbers(dataset, "spent").iter().sum();
        assert!((spent - truth["amt"].as_f64().unwrap()).abs() < 0.005, "{spent}");
    };
    let purchases = data.join("transactions/cdnow");

    let pairs = [("contact", "customer_id"), ("time", "date"), ("cds", "number_of_cds"), ("spent", "dollar_value")]
        .map(|(field, column)| (field.to_owned(), column.to_owned()));
    let master = purchases.join("CDNOW_master.txt");
    let mapping = Mapping::from_arguments(&pairs, Some("purchase"), &preview(&master).unwrap()).unwrap();
    let import = read_events(&master, &mapping, &Zone::default(), &mut go_on).unwrap();
    let dataset = &import.dataset;
    check(dataset, import.rows, truth);
    assert_eq!(import.notes, Vec::<String>::new());
    assert_eq!((dataset.contacts[0].as_str(), dataset.event_names.as_slice()), ("00001", &["purchase".to_owned()][..]));
    let (cds, spent) = (numbers(dataset, "cds"), numbers(dataset, "spent"));
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let expected = truth["cds"].as_u64().unwrap() as f64;
    assert!((cds.iter().sum::<f64>() - expected).abs() < 0.5);
    assert_eq!(Some(spent.iter().filter(|value| **value == 0.0).count() as u64), truth["zero_amt"].as_u64());
    let sizes = || (0..dataset.contacts.len()).map(|contact| dataset.range(contact));
    assert_eq!(sizes().map(|range| range.len() as u64).max(), truth["max_tx"].as_u64());
    let repeated: usize = sizes()
        .map(|range| {
            let rows: std::collections::BTreeSet<_> = range
                .clone()
                .map(|place| (dataset.times[place], cds[place].to_bits(), spent[place].to_bits()))
                .collect();
            range.len() - rows.len()
        })
        .sum();
    assert_eq!(Some(repeated as u64), truth["dup_rows"].as_u64());

    let sample = import_in(
        &purchases.join("CDNOW_sample.txt"),
        "contact=column_1 time=column_3 spent=column_5",
        Some("purchase"),
        &Zone::default(),
    )
    .unwrap();
    check(&sample.dataset, sample.rows, &truth["sample"]);
    assert_eq!(sample.notes, ["2 columns are not used: column 2, column 4."]);
}

#[test]
fn the_retail_sample_is_refused_for_what_is_wrong_with_it_and_read_once_repaired() {
    let Some(data) = data() else { return };
    let path = data.join("transactions/online_retail_sample/OnlineRetail_first183.csv");
    let map = "contact=CustomerID time=InvoiceDate sku=StockCode price=UnitPrice";
    let sentence = import(&path, map, Some("purchase")).unwrap_err().to_string();
    assert!(sentence.starts_with("Row 121 of ") && sentence.contains("has 7 columns where 8 were"), "{sentence}");

    // Four rows of the sample have lost a comma; the others are good.
    let text = fs::read_to_string(&path).unwrap();
    let whole: Vec<&str> = text.lines().filter(|line| line.matches(',').count() == 7).collect();
    let file = table(whole.join("\n"));
    let sentence = import(&file.path, map, Some("purchase")).unwrap_err().to_string();
    assert!(sentence.starts_with("Row 2 of ") && sentence.contains("\"12/1/10 8:26\""), "{sentence}");
    let import = import(&file.path, &format!("{map} time_format=M/D/Y"), Some("purchase")).unwrap();
    assert_eq!(import.rows, 179);
    assert_eq!(import.dataset.times[0], Time::parse("2010-12-01 08:26", &Zone::default()).unwrap());
    assert_eq!(import.dataset.fields[0].value(0), Value::Text("85123A".into()));
    assert_eq!(import.dataset.fields[1].value(0), Value::Number(2.55));
}

#[test]
fn process_logs_are_read_with_what_is_guessed() {
    let Some(data) = data() else { return };
    for (file, rows, contacts, events) in
        [("roadtraffic100traces.csv", 390, 100, 10), ("running-example.csv", 42, 6, 8)]
    {
        let path = data.join("xes").join(file);
        let mapping = Mapping::guess(&preview(&path).unwrap()).unwrap();
        let import = read_events(&path, &mapping, &Zone::default(), &mut go_on).unwrap();
        let dataset = import.dataset;
        assert_eq!(
            (import.rows, dataset.contacts.len(), dataset.event_names.len()),
            (rows, contacts, events),
            "{file}"
        );
    }
}

#[test]
fn the_csv_spectrum_is_shown_as_it_is_meant() {
    let Some(data) = data() else { return };
    let spectrum = data.join("nasty/csv/csv-spectrum");
    let mut files = 0;
    for entry in fs::read_dir(spectrum.join("csvs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let overrides = Overrides { has_header: Some(true), ..Overrides::default() };
        let preview = Preview::read(&path, overrides, &mut go_on).unwrap();
        files += 1;
        if name == "location_coordinates" {
            continue; // Its expectation disagrees with its source.
        }
        let expected: Vec<std::collections::BTreeMap<String, String>> =
            serde_json::from_slice(&fs::read(spectrum.join("json").join(name.clone() + ".json")).unwrap()).unwrap();
        let columns = &preview.columns;
        let shown: Vec<std::collections::BTreeMap<String, String>> =
            preview.rows.iter().map(|row| columns.iter().cloned().zip(row.iter().cloned()).collect()).collect();
        // Line ends inside values are read as `\n`.
        let expected: Vec<_> = expected
            .into_iter()
            .map(|row| row.into_iter().map(|(key, value)| (key, value.replace("\r\n", "\n"))).collect())
            .collect();
        assert_eq!(shown, expected, "{name}");
    }
    assert_eq!(files, 12);
}

#[test]
#[ignore = "measures: cargo test --release --test import a_million -- --ignored --nocapture"]
fn a_million_rows_take_about_a_second() {
    use std::fmt::Write;
    let mut content = String::from("contact,time,event,amount\n");
    for row in 0..1_000_000_u32 {
        let (contact, day) = (row.wrapping_mul(2_654_435_761) % 100_000, row % 28 + 1);
        writeln!(content, "c{contact:06},2026-03-{day:02} 12:00,event {},{}.50", row % 7, row % 1000).unwrap();
    }
    let file = table(content);
    let mapping = Mapping::guess(&preview(&file.path).unwrap()).unwrap();
    for zone in ["UTC", "Europe/Berlin"] {
        let begin = std::time::Instant::now();
        let import = read_events(&file.path, &mapping, &Zone::named(zone).unwrap(), &mut go_on).unwrap();
        println!("{zone}: {:?} for {} rows", begin.elapsed(), import.rows);
        assert_eq!(import.dataset.times.len(), 1_000_000);
    }
}
