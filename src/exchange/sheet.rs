//! Tables of results for spreadsheets: CSV for files, tabs for the clipboard. Numbers are plain numbers; a text that a
//! spreadsheet would run as a formula begins with an apostrophe.

use crate::analysis::Sheet;
use crate::analysis::sheet::Cell;

/// The table as a CSV file (RFC 4180), its head in the first row.
#[must_use]
pub fn to_csv(sheet: &Sheet) -> String {
    written(sheet, b',')
}

/// The table as it goes through the clipboard: a line for each row, cells parted by tabs.
#[must_use]
pub fn to_tabs(sheet: &Sheet) -> String {
    written(sheet, b'\t')
}

fn written(sheet: &Sheet, delimiter: u8) -> String {
    let head = sheet.head.iter().map(|cell| harmless(cell));
    let rows = sheet.rows.iter().map(|row| row.iter().map(plain).collect());
    rows_as_text(std::iter::once(head.collect()).chain(rows), delimiter)
}

/// Rows of texts that are harmless already.
pub(super) fn rows_as_text(rows: impl Iterator<Item = Vec<String>>, delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).expect("memory takes it");
    }
    let bytes = writer.into_inner().expect("memory takes it");
    String::from_utf8(bytes).expect("it was text")
}

/// As a spreadsheet reads it.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Count(count) => count.to_string(),
        Cell::Share(share) => short(*share, 6),
        Cell::Number(number) => short(*number, 2),
        Cell::Days(days) => short(*days, 6),
        Cell::Missing(_) => String::new(),
    }
}

/// Rounded, without zeros at the end.
fn short(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { String::from("0") } else { text.to_owned() }
}

/// Spreadsheets take what begins like this for a formula and run it.
pub(super) fn harmless(text: &str) -> String {
    let text = text.replace(['\t', '\r', '\n'], " ");
    if text.trim_start().starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let row = |name: &str, count, share, number| {
            vec![Cell::Text(name.to_owned()), Cell::Count(count), Cell::Share(share), Cell::Number(number)]
        };
        Sheet {
            name: String::from("Trial"),
            head: vec!["Point", "Contacts", "Of all", "Value"],
            rows: vec![
                row("order", 1_820, 0.091, -12.5),
                row("=HYPERLINK(\"http://evil\")", 0, 0.0, 0.0),
                row("+49 30", 1, 1.0 / 3.0, 1_000.0),
                row("-1", 1, 1.0, -0.001),
                row("@SUM(A1)", 1, 1.0, 0.1),
                row("\t=1+1", 1, 1.0, 1.0),
                row("a, \"b\"\nc", 1, 1.0, 1.0),
                vec![Cell::Text(String::from("x=1")), Cell::Missing("nobody"), Cell::Days(2.5), Cell::Missing("–")],
            ],
        }
    }

    #[test]
    fn a_spreadsheet_reads_numbers_and_runs_nothing() {
        let expected = "Point,Contacts,Of all,Value
order,1820,0.091,-12.5
\"'=HYPERLINK(\"\"http://evil\"\")\",0,0,0
'+49 30,1,0.333333,1000
'-1,1,1,0
'@SUM(A1),1,1,0.1
' =1+1,1,1,1
\"a, \"\"b\"\" c\",1,1,1
x=1,,2.5,
";
        assert_eq!(to_csv(&sheet()), expected);
        let tabs = to_tabs(&sheet());
        assert!(tabs.lines().all(|line| line.split('\t').count() == 4), "{tabs}");
        assert!(tabs.starts_with("Point\tContacts\tOf all\tValue\norder\t1820\t0.091\t-12.5\n"), "{tabs}");
    }
}
