//! What is refused, each with its sentence.

use std::fs::{self, File};
use std::ops::ControlFlow;

use statecraft::exchange::{ImportError, Mapping, Progress, SIZE_LIMIT, Stage, read_contacts, read_events};
use statecraft::model::Zone;

use crate::{MAP, go_on, import, preview, read, refusal, table};

#[test]
fn a_file_in_two_encodings_is_refused_with_the_row() {
    let mut bytes = "who,when,what\r\nZoë,2026-03-01,buy\r\nann,2026-03-01,caf".as_bytes().to_vec();
    bytes.extend(b"\xE9\r\n");
    let sentence = refusal(bytes);
    assert!(sentence.starts_with("Row 3 of ") && sentence.contains("save it as UTF-8"), "{sentence}");
}

#[test]
fn broken_utf16_is_refused_with_the_row() {
    let sentence = refusal(b"\xFF\xFEa\0,\0b\0\n\0\x00\xD8x\0");
    assert!(sentence.starts_with("Row 2 of ") && sentence.contains("UTF-16"), "{sentence}");
}

#[test]
fn letters_at_the_edge_of_a_chunk_are_not_broken() {
    for shift in 0..4 {
        let long = format!("{}{}", "x".repeat(shift), "é€𝄞".repeat(40_000));
        let import = read(format!("who,when,what\n{long},2026-03-01,buy\r\n"));
        assert_eq!(import.dataset.contacts, [long]);
    }
}

#[test]
fn a_quote_that_is_never_closed_is_refused_with_its_row() {
    for content in [
        "who,when,what\nann,2026-03-01,buy\nbob,2026-03-01,\"buy\ncid,2026-03-01,buy\n",
        "who,when,what\nann,2026-03-01,buy\nbob,2026-03-01,\"buy\"\"",
    ] {
        let sentence = refusal(content);
        assert!(sentence.starts_with("A quote that opens in row 3 of "), "{sentence}");
    }
}

#[test]
fn a_row_without_end_is_refused() {
    let mut content = b"who,when,what\nann,2026-03-01,\"".to_vec();
    content.resize(17 << 20, b'x');
    let sentence = refusal(content);
    assert!(sentence.starts_with("Row 2 of ") && sentence.contains("16 MiB"), "{sentence}");
}

#[test]
fn ragged_rows_are_refused_with_the_row_and_both_numbers() {
    let sentence = refusal("who,when,what\nann,2026-03-01,buy\nbob,2026-03-01\n");
    assert!(sentence.starts_with("Row 3 of "), "{sentence}");
    assert!(sentence.contains("has 2 columns where 3 were expected") && sentence.contains("comma"), "{sentence}");
}

#[test]
fn what_can_not_be_opened_is_refused_each_in_its_own_words() {
    let file = table("x");
    let folder = file.folder.path();
    let missing = preview(&folder.join("none.csv")).unwrap_err();
    assert!(matches!(&missing, ImportError::Missing { file } if file.ends_with("none.csv")), "{missing}");
    assert!(matches!(preview(folder).unwrap_err(), ImportError::Folder { .. }));
    let inside = preview(&file.path.join("inside.csv")).unwrap_err();
    assert!(matches!(&inside, ImportError::Unreadable { reason, .. } if !reason.is_empty()), "{inside}");
    assert!(matches!(preview(&table("").path).unwrap_err(), ImportError::Empty { .. }));
    assert!(matches!(preview(&table("\u{FEFF}\r\n\n").path).unwrap_err(), ImportError::Empty { .. }));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let file = table("who,when,what\n");
    fs::set_permissions(&file.path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&file.path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    assert!(matches!(preview(&file.path).unwrap_err(), ImportError::Unreadable { .. }));
}

#[test]
fn a_table_of_contacts_over_the_limit_is_refused_before_it_is_read() {
    let file = table("who,country\n");
    File::options().write(true).open(&file.path).unwrap().set_len(2 << 30).unwrap();
    let begin = std::time::Instant::now();
    let mut dataset = read("who,when,what\nann,2026-03-01,buy\n").dataset;
    let error = read_contacts(&file.path, "who", &crate::contacts::project(), &mut dataset, &mut go_on).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { size, .. } if size > SIZE_LIMIT));
    assert!(error.to_string().contains("has 2048 MiB; files up to 1024 MiB are read. Split it"), "{error}");
    assert!(begin.elapsed().as_secs() < 1);
}

#[test]
fn a_header_without_rows_is_refused() {
    assert!(refusal("who,when,what\r\n").contains("has a header but no rows"));
}

#[test]
fn a_binary_file_is_refused_with_the_row() {
    for content in [&b"who,when,what\nann,2026-\0\x01,buy\n"[..], b"\xFF\xFEa\0\n\0\0\0"] {
        let sentence = refusal(content);
        assert!(sentence.contains("zero byte in row 2"), "{sentence}");
    }
}

#[test]
fn a_missing_column_names_those_that_exist_and_the_nearest() {
    let file = table("customer,date,amount\nann,2026-03-01,1\n");
    let sentence = import(&file.path, "contact=custmer time=date", Some("buy")).unwrap_err().to_string();
    assert!(sentence.contains("no column \"custmer\"; did you mean \"customer\"?"), "{sentence}");
    assert!(sentence.ends_with("Its columns are: customer, date, amount."), "{sentence}");
    assert!(import(&file.path, "contact=CUSTOMER time=Date", Some("buy")).is_ok());
}

#[test]
fn an_incomplete_mapping_says_what_to_add() {
    let file = table("who,when,what\nann,2026-03-01,buy\n");
    for (map, remedy) in [
        ("time=when event=what", "--map contact=COLUMN"),
        ("contact=who event=what", "--map time=COLUMN"),
        ("contact=who time=when", "--event NAME"),
        ("contact=who time=when event=what contact=when", "\"contact\" is mapped twice"),
        ("contact=who time=when event=what time_format=roman", "D/M/Y"),
    ] {
        let sentence = import(&file.path, map, None).unwrap_err().to_string();
        assert!(sentence.contains(remedy), "{sentence}");
    }
    let sentence = import(&file.path, MAP, Some("buy")).unwrap_err().to_string();
    assert!(sentence.contains("\"event\" is mapped twice"), "{sentence}");
}

#[test]
fn a_row_without_event_is_refused() {
    assert!(refusal("who,when,what\nann,2026-03-01, \n").starts_with("Row 2 of "));
}

#[test]
fn more_kinds_of_events_than_codes_are_refused() {
    use std::fmt::Write;
    let mut content = String::from("who,when,what\n");
    for number in 0..65_535 {
        writeln!(content, "ann,2026-03-01,e{number}").unwrap();
    }
    assert_eq!(read(&content).dataset.event_names.len(), 65_535);
    let sentence = refusal(content + "ann,2026-03-01,one too many\n");
    assert!(sentence.contains("more than 65,535 different events (row 65537)"), "{sentence}");
}

#[test]
fn an_import_can_be_cancelled_and_tells_how_far_it_is() {
    let file = table(format!("who,when,what\n{}", "ann,2026-03-01,buy\n".repeat(20_000)));
    let mapping = Mapping::guess(&preview(&file.path).unwrap()).unwrap();
    let mut fractions = Vec::new();
    let mut watch = |progress: Progress| {
        fractions.push(progress.fraction());
        ControlFlow::Continue(())
    };
    read_events(&file.path, &mapping, &Zone::default(), &mut watch).unwrap();
    assert!(fractions.len() > 8 && fractions.is_sorted() && fractions.iter().all(|part| (0.0..=1.0).contains(part)));
    for stop in 0..fractions.len() {
        let mut steps = 0;
        let mut watch = |_| {
            steps += 1;
            if steps > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let error = read_events(&file.path, &mapping, &Zone::default(), &mut watch).unwrap_err();
        assert_eq!(error, ImportError::Cancelled);
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let file = table("who,when,what\n".to_owned() + &"ann,2026-03-01,buy\n".repeat(10_000));
    let mapping = Mapping::guess(&preview(&file.path).unwrap()).unwrap();
    let mut shrink = |progress: Progress| {
        if progress.stage == Stage::Reading {
            let length = fs::metadata(&file.path).unwrap().len() - 19;
            File::options().write(true).open(&file.path).unwrap().set_len(length).unwrap();
        }
        ControlFlow::Continue(())
    };
    let error = read_events(&file.path, &mapping, &Zone::default(), &mut shrink).unwrap_err();
    assert!(matches!(error, ImportError::Changed { .. }), "{error}");
}
