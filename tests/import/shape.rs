//! How a table is laid out and written: delimiters, headers, encodings, quotes, what becomes of its rows.

use statecraft::exchange::{Delimiter, Encoding, EventSource, Mapping, Overrides, Preview};
use statecraft::model::Value;

use crate::{MAP, go_on, import, preview, read, refusal, table, told};

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
fn rows_without_contact_are_left_out_and_told() {
    let import = read("who,when,what\nann,2026-03-01,buy\n,2026-03-01,buy\n,,\n");
    assert_eq!((import.rows, import.dataset.times.len()), (3, 1));
    assert_eq!(import.notes, ["2 rows have no contact in column \"who\" and were left out (first: row 3)."]);
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
