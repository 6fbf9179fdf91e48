//! How dates are written, and what is never guessed about them.

use statecraft::exchange::{Mapping, TimeFormat, read_events};
use statecraft::model::{Time, Zone};

use crate::{MAP, go_on, import_in, preview, read, refusal, table, told};

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
