//! Tables of other people, good and bad, through the public door of `exchange`.

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use statecraft::exchange::{
    ContactsImport, Delimiter, Encoding, EventSource, Import, ImportError, Mapping, Overrides, Preview, Progress,
    SIZE_LIMIT, Stage, TimeFormat, read_contacts, read_events,
};
use statecraft::model::dataset::{Dataset, FieldValues};
use statecraft::model::{Attribute, AttributeId, AttributeKind, Project, Time, Value, Zone};
use tempfile::TempDir;

/// A file in a folder of its own, which goes with it.
struct Table {
    folder: TempDir,
    path: PathBuf,
}

fn table(content: impl AsRef<[u8]>) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    fs::write(&path, content).unwrap();
    Table { folder, path }
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn preview(path: &Path) -> Result<Preview, ImportError> {
    Preview::read(path, Overrides::default(), &mut go_on)
}

/// Reads as the command line does: `map` is `contact=who time=when`.
fn import_in(path: &Path, map: &str, event: Option<&str>, zone: &Zone) -> Result<Import, ImportError> {
    let pairs: Vec<(String, String)> = map
        .split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(field, column)| (field.to_owned(), column.replace('_', " ")))
        .collect();
    let mapping = Mapping::from_arguments(&pairs, event, &preview(path)?)?;
    read_events(path, &mapping, zone, &mut go_on)
}

fn import(path: &Path, map: &str, event: Option<&str>) -> Result<Import, ImportError> {
    import_in(path, map, event, &Zone::default())
}

const MAP: &str = "contact=who time=when event=what";

fn read(content: impl AsRef<[u8]>) -> Import {
    import(&table(content).path, MAP, None).unwrap()
}

/// The sentence with which `content` is refused.
fn refusal(content: impl AsRef<[u8]>) -> String {
    let sentence = import(&table(content).path, MAP, None).unwrap_err().to_string();
    assert!(sentence.ends_with('.'), "{sentence}");
    sentence
}

/// One line per occurrence: who, when, what.
fn told(dataset: &Dataset) -> Vec<String> {
    (0..dataset.contacts.len())
        .flat_map(|contact| dataset.range(contact).map(move |place| (contact, place)))
        .map(|(contact, place)| {
            let time = dataset.times[place].display_in(&Zone::default());
            let event = &dataset.event_names[usize::from(dataset.codes[place])];
            format!("{} {time} {event}", dataset.contacts[contact])
        })
        .collect()
}

#[test]
fn rows_are_sorted_by_contact_then_time_and_equal_rows_all_count() {
    let import =
        read("who,when,what\n00002,2026-03-02,buy\n1,2026-03-01,visit\n00002,2026-03-01,visit\n1,2026-03-01,visit\n");
    assert_eq!(
        told(&import.dataset),
        [
            "00002 2026-03-01 00:00 visit",
            "00002 2026-03-02 00:00 buy",
            "1 2026-03-01 00:00 visit",
            "1 2026-03-01 00:00 visit"
        ]
    );
    assert_eq!((import.rows, import.notes.len()), (4, 0));
}

#[test]
fn every_delimiter_is_found_out() {
    for (mark, delimiter) in [
        (",", Delimiter::Comma),
        (";", Delimiter::Semicolon),
        ("\t", Delimiter::Tab),
        ("|", Delimiter::Pipe),
        ("   ", Delimiter::Spaces),
    ] {
        let file = table("who~when~what\r\nann~2026-03-01~buy\r\nbob~2026-03-02~buy\r\n".replace('~', mark));
        let preview = preview(&file.path).unwrap();
        assert_eq!((preview.layout.delimiter, preview.layout.has_header), (delimiter, true));
        assert_eq!(preview.columns, ["who", "when", "what"]);
        assert_eq!(preview.rows[1], ["bob", "2026-03-02", "buy"]);
        assert_eq!(import(&file.path, MAP, None).unwrap().rows, 2);
    }
}

#[test]
fn commas_inside_semicolon_columns_are_decimals() {
    let file = table("who;when;amount;code;odd\nann;01.03.2026;1,5;007;1,5\nbob;31.03.2026;;2;1.234\n");
    let import = import(&file.path, "contact=who time=when amount=amount code=code odd=odd", Some("buy")).unwrap();
    let value = |field: usize, row: usize| import.dataset.fields[field].value(row);
    assert_eq!([value(0, 0), value(0, 1)], [Value::Number(1.5), Value::Unknown]);
    assert_eq!([value(1, 0), value(1, 1)], [Value::Text("007".into()), Value::Text("2".into())]);
    assert_eq!(value(2, 1), Value::Text("1.234".into()));
    assert!(import.notes[0].contains("both decimal points and decimal commas"), "{:?}", import.notes);
}

#[test]
fn a_table_without_header_has_numbered_columns() {
    let file = table("7 20260301 1\n8 20260302 2\n");
    let import = import(&file.path, "contact=column_1 time=column_2", Some("buy")).unwrap();
    assert_eq!(told(&import.dataset), ["7 2026-03-01 00:00 buy", "8 2026-03-02 00:00 buy"]);
    assert_eq!(import.notes, ["1 column is not used: column 3."]);
}

#[test]
fn the_user_may_overrule_delimiter_and_header() {
    let file = table("1;2,x\n3;4,y\n");
    let overrides = Overrides { delimiter: Some(Delimiter::Comma), has_header: Some(true) };
    let preview = Preview::read(&file.path, overrides, &mut go_on).unwrap();
    assert_eq!(
        (preview.columns, preview.rows),
        (vec!["1;2".to_owned(), "x".into()], vec![vec!["3;4".to_owned(), "y".into()]])
    );
}

#[test]
fn names_of_columns_are_unique() {
    let preview = preview(&table("a,a,,a (2),a\nx,2026-01-01,z,1,2\n").path).unwrap();
    assert_eq!(preview.columns, ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]);
}

#[test]
fn every_encoding_is_found_out_and_read_whole() {
    let text = "who,when,what\r\nZoë,2026-03-01,café\r\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (["\u{FEFF}", text].concat().into_bytes(), Encoding::Utf8),
        (utf16(u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(u16::to_be_bytes), Encoding::Utf16Be),
        (latin, Encoding::Windows1252),
    ] {
        let file = table(bytes);
        let preview = preview(&file.path).unwrap();
        assert_eq!((preview.encoding, preview.columns[0].as_str()), (encoding, "who"));
        let import = import(&file.path, MAP, None).unwrap();
        assert_eq!(told(&import.dataset), ["Zoë 2026-03-01 00:00 café"]);
        assert_eq!(import.notes.iter().any(|note| note.contains("Windows-1252")), encoding == Encoding::Windows1252);
    }
}

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
fn all_line_ends_are_read_and_counted_alike() {
    for end in ["\n", "\r\n", "\r"] {
        let rows = ["who,when,what", "", "", "\"an", "n\",2026-03-01,buy", "", "bob,soon,buy"].join(end);
        let sentence = refusal(&rows);
        assert!(sentence.starts_with("Row 7 of ") && sentence.contains("\"soon\""), "{end:?}: {sentence}");
        let sentence = refusal(rows.replace("soon", "2026-03-01,late"));
        assert!(sentence.starts_with("Row 7 of ") && sentence.contains("has 4 columns"), "{end:?}: {sentence}");
    }
}

#[test]
fn quoted_values_may_hold_everything() {
    let import = read("who,when,what\n\"Doe, \"\"Jo\"\"\nhn\",2026-03-01,buy\n");
    assert_eq!(import.dataset.contacts, ["Doe, \"Jo\"\nhn"]);
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
fn a_file_over_the_limit_is_refused_before_it_is_read() {
    let file = table("who,when,what\n");
    File::options().write(true).open(&file.path).unwrap().set_len(2 << 30).unwrap();
    let begin = std::time::Instant::now();
    let error = preview(&file.path).unwrap_err();
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
fn a_bad_date_names_row_column_value_and_what_was_expected() {
    let mut content = String::from("who,when,what\n");
    for row in 2..=5000 {
        content += if row == 4711 { "ann,32.13.2026,buy\n" } else { "ann,01.03.2026,buy\n" };
    }
    let sentence = refusal(content);
    assert!(sentence.starts_with("Row 4711 of ") && sentence.contains("column \"when\": \"32.13.2026\""), "{sentence}");
    assert!(sentence.contains("Expected day, month and year such as 31.12.2026"), "{sentence}");
    assert!(refusal("who,when,what\nann,,buy\n").contains("column \"when\": the empty cell"));
}

#[test]
fn day_and_month_are_never_guessed() {
    let sentence = refusal("who,when,what\nann,5/5/26,buy\nann,12/1/10 8:26,buy\n");
    assert!(sentence.starts_with("Row 3 of ") && sentence.contains("time_format=D/M/Y"), "{sentence}");

    let import = read("who,when,what\nann,12/1/10 8:26,buy\nann,12/31/10 8:26,buy\n");
    assert_eq!(told(&import.dataset)[0], "ann 2010-12-01 08:26 buy");
    assert_eq!(import.notes, ["Dates were read as M/D/Y, as row 3 allows only that."]);

    let sentence = refusal("who,when,what\nann,13/1/10,buy\nann,12/31/10,buy\n");
    assert!(sentence.starts_with("Row 3 of "), "{sentence}");
}

#[test]
fn the_form_of_dates_can_be_given() {
    let file = table("who,when,what\nann,12/1/10,buy\n");
    let mut mapping = Mapping::guess(&preview(&file.path).unwrap()).unwrap();
    for (format, expected) in [(TimeFormat::DayFirst, "2010-01-12"), (TimeFormat::MonthFirst, "2010-12-01")] {
        mapping.time_format = Some(format);
        let import = read_events(&file.path, &mapping, &Zone::default(), &mut go_on).unwrap();
        assert_eq!(import.dataset.times, [Time::parse(expected, &Zone::default()).unwrap()]);
    }
}

#[test]
fn wall_times_are_of_the_zone_that_is_given() {
    let file = table("who,when,what\nann,2026-07-01 12:00,a\nann,2026-07-01T12:00:00Z,b\n");
    let import = import_in(&file.path, MAP, None, &Zone::named("Europe/Berlin").unwrap()).unwrap();
    assert_eq!(told(&import.dataset), ["ann 2026-07-01 10:00 a", "ann 2026-07-01 12:00 b"]);
}

#[test]
fn rows_without_contact_are_left_out_and_told() {
    let import = read("who,when,what\nann,2026-03-01,buy\n,2026-03-01,buy\n,,\n");
    assert_eq!((import.rows, import.dataset.times.len()), (3, 1));
    assert_eq!(import.notes, ["2 rows have no contact in column \"who\" and were left out (first: row 3)."]);
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
fn a_mapping_is_guessed_from_names_and_contents() {
    let guess = |content: &str| Mapping::guess(&preview(&table(content).path).unwrap());
    let mapping = guess("InvoiceNo,InvoiceDate,CustomerID\n536365,12/1/10 8:26,17850\n").unwrap();
    assert_eq!((mapping.contact.as_str(), mapping.time.as_str()), ("CustomerID", "InvoiceDate"));
    assert_eq!(mapping.fields, [("InvoiceNo".to_owned(), "InvoiceNo".to_owned())]);
    let mapping = guess("case:concept:name,concept:name,time:timestamp\nN1,Send,2005-03-23 00:00:00+01:00\n").unwrap();
    assert_eq!((mapping.contact.as_str(), mapping.time.as_str()), ("case:concept:name", "time:timestamp"));
    assert_eq!(mapping.event, EventSource::Column("concept:name".into()));
    let mapping = guess("00004 0001 19970101 2 29.33\n").unwrap();
    assert_eq!((mapping.contact.as_str(), mapping.time.as_str()), ("column 1", "column 3"));
    assert_eq!(guess("a,b\nx,y\n"), None);
    assert_eq!(guess("when\n2026-03-01\n"), None);
}

fn project() -> Project {
    let mut project = Project::named("Cart");
    let kinds = [
        ("revenue", AttributeKind::Number),
        ("country", AttributeKind::Text),
        ("opted in", AttributeKind::YesNo),
        ("birthday", AttributeKind::Time),
        ("fit", AttributeKind::Choice(vec!["C".into(), "B".into(), "A".into()])),
    ];
    for (number, (name, kind)) in (1..).zip(kinds) {
        let id = AttributeId(number);
        project.attributes.insert(id, Attribute { id, name: name.into(), kind, note: String::new() });
    }
    project
}

fn contacts(content: &str) -> (Dataset, Result<ContactsImport, ImportError>) {
    let mut dataset = read("who,when,what\nann,2026-03-01,buy\nbob,2026-03-01,buy\n").dataset;
    let result = read_contacts(&table(content).path, "who", &project(), &mut dataset, &mut go_on);
    (dataset, result)
}

#[test]
fn a_table_of_contacts_adds_attributes_zone_and_start() {
    let (dataset, result) = contacts(
        "who,Revenue,country,opted in,birthday,fit,zone,start,shoe size\n\
         cid,012.5,0049,yes,1999-12-31,a,Europe/Berlin,2026-07-01 12:00,44\n\
         bob,,,,,,,,\n",
    );
    let import = result.unwrap();
    assert_eq!((import.rows, import.added), (2, 1));
    assert_eq!(
        import.notes,
        ["1 contact of the table has no events and was added without any.", "1 column is not used: shoe size."]
    );
    assert_eq!(dataset.contacts, ["ann", "bob", "cid"]);
    assert_eq!(dataset.range(2), 2..2);
    assert_eq!(dataset.zones, ["", "", "Europe/Berlin"]);
    let time = |text| Time::parse(text, &Zone::default()).unwrap();
    assert_eq!(dataset.starts, [None, None, Some(time("2026-07-01 10:00"))]);
    let of_cid: Vec<&Value> = dataset.attributes.values().map(|column| &column[2]).collect();
    let expected = [
        Value::Number(12.5),
        Value::Text("0049".into()),
        Value::YesNo(true),
        Value::Time(time("1999-12-30T23:00:00Z")),
        Value::Text("A".into()),
    ];
    assert_eq!(of_cid, expected.iter().collect::<Vec<_>>());
    assert!(dataset.attributes.values().all(|column| column[..2] == [Value::Unknown, Value::Unknown]));
}

#[test]
fn a_table_without_the_column_of_the_events_may_call_it_contact() {
    let (dataset, result) = contacts("contact,country\nann,Chile\n");
    let expected = "Contacts were matched by column \"contact\", as the table has no column \"who\".";
    assert_eq!(result.unwrap().notes, [expected]);
    assert_eq!(dataset.attributes[&AttributeId(2)], [Value::Text("Chile".into()), Value::Unknown]);
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

#[test]
fn a_bad_table_of_contacts_is_refused_and_changes_nothing() {
    let before = contacts("who\nann\n").0;
    for (content, expected) in [
        ("who,revenue\nann,1\nbob,much\n", "column \"revenue\": \"much\" is no number such as 12.5"),
        ("who,opted in\nann,perhaps\n", "is no yes or no"),
        ("who,fit\nann,D\n", "is no choice of C, B, A"),
        ("who,zone\nann,Mars/North\n", "is no time zone such as Europe/Berlin"),
        ("who,birthday\nann,1999-12-31\nbob,31.12.1999\n", "Expected a date such as 2026-03-01"),
        ("who,start\nann,1/2/26\n", "year first"),
        ("who,country\nann,A\n,B\n", "Row 3 of "),
        ("who,country\nann,A\nbob,B\nann,C\n", "Rows 2 and 4 of "),
        ("whom,country\nann,A\n", "did you mean \"whom\"?"),
        ("who,country\n", "no rows"),
    ] {
        let (dataset, result) = contacts(content);
        let sentence = result.unwrap_err().to_string();
        assert!(sentence.contains(expected), "{sentence}");
        assert_eq!(dataset, before);
    }
}

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

/// Everything that can be done with a file whose content is not known.
fn try_all(bytes: &[u8]) {
    let file = table(bytes);
    for delimiter in Delimiter::ALL.into_iter().map(Some).chain([None]) {
        let overrides = Overrides { delimiter, has_header: None };
        let Ok(preview) = Preview::read(&file.path, overrides, &mut go_on) else { continue };
        let mut dataset = Dataset::default();
        let _ = read_contacts(&file.path, &preview.columns[0], &project(), &mut dataset, &mut go_on);
        let guess = Mapping::guess(&preview);
        let anything = Mapping {
            layout: preview.layout,
            contact: preview.columns[0].clone(),
            time: preview.columns[preview.columns.len() - 1].clone(),
            time_format: Some(TimeFormat::DayFirst),
            event: EventSource::Column(preview.columns[0].clone()),
            fields: preview.columns.iter().map(|name| (name.clone(), name.clone())).collect(),
        };
        for mapping in guess.into_iter().chain([anything]) {
            if let Ok(import) = read_events(&file.path, &mapping, &Zone::default(), &mut go_on) {
                assert!(import.dataset.times.len() as u64 <= import.rows);
                assert_eq!(import.dataset.first.len(), import.dataset.contacts.len() + 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        try_all(&bytes);
    }

    #[test]
    fn random_tables_are_read_or_refused(text in "([a-z0-9,;\"\\r\\n |\t/.:é-]|\n|,|2026-03-01|1/2/26|who,start){0,60}") {
        try_all(text.as_bytes());
    }
}
