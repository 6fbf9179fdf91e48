//! The matrix as a page to print: whole in itself, light, and each sheet of paper with the heads of its rows and columns.

use std::fmt::Write as _;

use crate::analysis::coverage::Met;
use crate::analysis::matrix::{Cell, Kind, View};
use crate::analysis::{Coverage, Matrix};
use crate::model::{Project, Stage};

/// So many columns can be read beside one another on A4; more go on in a table below.
const COLUMNS: usize = 9;

const STYLE: &str = "
@page { size: A3 landscape; margin: 12mm; }
* { box-sizing: border-box; }
body { font: 13px/1.35 system-ui, sans-serif; color: #161a22; background: #fff; margin: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; }
p { margin: 0 0 12px; color: #414957; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: 0 0 24px; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 1px solid #838c9b; padding: 4px 6px; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #f2f4f7; }
thead th { position: sticky; top: 0; }
th small { display: block; font-weight: normal; color: #414957; }
tr.group th { background: #e4e8ee; font-weight: 600; }
td span { display: block; }
.sign { font-weight: 600; }
.undecided { background: #fdf3dc; border: 2px solid #854f00; }
.question { background: #e6e9fc; }
.ignored, .not_asked { color: #555e6d; background: #f6f7f9; }
.part { border: 2px dashed #854f00; }
.met { font-style: italic; }
.part .rest { color: #854f00; font-weight: 600; }
ul { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 16px; }
@media print { body { margin: 0; font-size: 11px; } thead th { position: static; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
";

/// The page, in HTML. With `coverage` each cell also says how often it was met.
#[must_use]
pub fn to_html(project: &Project, matrix: &Matrix, view: &View, coverage: Option<&Coverage>) -> String {
    let mut out = String::new();
    let name = escaped(&project.info.name);
    let counts = matrix.counts();
    // Writing to a text cannot fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}: what is not decided</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}: what have we not decided?</h1>\n<p>{}, of {}.</p>\n<ul>\n",
        counts.sentence(),
        matrix.cells().count()
    );
    for kind in Kind::ALL {
        if counts.of(kind) > 0 {
            let _ = writeln!(
                out,
                "<li><span class=\"sign\">{} {}</span> {}: {}</li>",
                sign(kind),
                kind.label(),
                counts.of(kind),
                escaped(kind.meaning())
            );
        }
    }
    out.push_str("</ul>\n");
    if let Some(coverage) = coverage {
        let _ = writeln!(out, "<p>{}. What was never met is marked with ◌.</p>", coverage.sentence());
    }
    for columns in view.columns.chunks(COLUMNS) {
        table(&mut out, project, (matrix, coverage), &view.rows, columns);
    }
    if view.rows.is_empty() || view.columns.is_empty() {
        out.push_str("<p>Nothing is shown: no state and event fit what was looked for.</p>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn table(
    out: &mut String,
    project: &Project,
    (matrix, coverage): (&Matrix, Option<&Coverage>),
    rows: &[usize],
    columns: &[usize],
) {
    out.push_str("<table>\n<thead><tr><th scope=\"col\">State</th>");
    for column in columns {
        let column = &matrix.columns[*column];
        let case = column.case.as_ref().map_or_else(String::new, |case| format!("<small>{}</small>", escaped(case)));
        let _ = write!(out, "<th scope=\"col\">{}{case}</th>", escaped(&column.label));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let mut around = &[][..];
    for row in rows {
        let state = &matrix.rows[*row];
        if state.around != around && !(around.is_empty() && state.around.is_empty()) {
            let path: Vec<String> = state.around.iter().map(|group| escaped(&project.node_label(*group))).collect();
            let path = if path.is_empty() { String::from("outside of every group") } else { path.join(" / ") };
            let _ = writeln!(
                out,
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{path}</th></tr>",
                columns.len() + 1
            );
        }
        around = &state.around;
        let band = state.stage.map_or("", Stage::label);
        let about: Vec<&str> = [band, state.owner.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}<small>{}</small></th>",
            escaped(&state.label),
            escaped(&about.join(", "))
        );
        for column in columns {
            let met = coverage.map(|coverage| coverage.met(*row, *column));
            cell(out, project, (matrix.cell(*row, *column), met), matrix.columns[*column].asked);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn cell(out: &mut String, project: &Project, (cell, met): (&Cell, Option<Met>), asked: crate::model::Asked) {
    let part = if cell.is_undecided_in_part() { " part" } else { "" };
    let _ = write!(
        out,
        "<td class=\"{}{part}\"><span class=\"sign\">{} {}</span>",
        cell.kind.key(),
        sign(cell.kind),
        cell.kind.label()
    );
    let lines = cell.lines(project, asked);
    let rest = cell.rest.label();
    for line in lines.iter().filter(|line| *line != cell.kind.label()) {
        let class = if Some(line.as_str()) == rest { " class=\"rest\"" } else { "" };
        let _ = write!(out, "<span{class}>{}</span>", escaped(line));
    }
    if let Some(words) = met.and_then(Met::words) {
        let sign = if met == Some(Met::Never) { "◌ " } else { "" };
        let _ = write!(out, "<span class=\"met\">{sign}{words}</span>");
    }
    out.push_str("</td>");
}

/// A sign that paper keeps apart without colours.
fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Moves => "→",
        Kind::Stays => "↺",
        Kind::Splits => "⑂",
        Kind::Inherited => "↑",
        Kind::Beside => "∥",
        Kind::Restarts => "⟳",
        Kind::Ignored => "✕",
        Kind::Question => "?",
        Kind::Undecided => "▢",
        Kind::NotAsked => "–",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
