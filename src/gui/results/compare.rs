//! Another version of the journey on the same contacts and the same luck: what it comes to, and who lives through
//! something else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use egui::{ComboBox, Label, Ui};
use egui_phosphor::regular as icon;

use super::bars::{Bar, bars};
use super::experiments::{REPEATS, cell, running_ui, with_table};
use super::headline::range;
use super::sections::{empty, note};
use super::work::{Count, Work};
use crate::analysis::experiment::{Compared, Divergence, compare, diverging, repeat, without_partner};
use crate::analysis::sheet::Cell;
use crate::analysis::{Measure, Sheet};
use crate::document::Document;
use crate::gui::Theme;
use crate::gui::field::named;
use crate::gui::request::Request;
use crate::gui::simulator::{Again, Key, Played};
use crate::model::sample::{SAMPLES, Sample};
use crate::model::{Behaviour, Project, grouped, print_list};
use crate::simulation::Severity;

/// So many contacts that diverge are told one by one, and so many measures are drawn.
const TOLD: usize = 10;
const DRAWN: usize = 12;

/// Where the other version comes from.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Source {
    #[default]
    Earlier,
    File,
    Sample,
}

impl Source {
    const ALL: [Self; 3] = [Self::Earlier, Self::File, Self::Sample];

    fn name(self) -> &'static str {
        match self {
            Self::Earlier => "An earlier version",
            Self::File => "Another project file",
            Self::Sample => "A sample",
        }
    }
}

/// What was chosen, and what came of it.
pub(super) struct Comparing {
    source: Source,
    /// The position of a step; without it, the last one.
    before: Option<u64>,
    file: Option<PathBuf>,
    sample: &'static Sample,
    repeats: u32,
    work: Work<Result<Comparison, String>>,
    /// Who diverges is not named: everybody is looking.
    pub(super) nameless: bool,
}

impl Default for Comparing {
    fn default() -> Self {
        Self {
            source: Source::default(),
            before: None,
            file: None,
            sample: &SAMPLES[0],
            repeats: REPEATS[0],
            work: Work::default(),
            nameless: false,
        }
    }
}

/// The other version, as it was chosen.
enum Other {
    Earlier(Box<Project>),
    File(PathBuf),
    Sample(&'static Sample),
}

/// Two versions on the same contacts and luck.
struct Comparison {
    /// What the other version is called.
    with: String,
    /// How many contacts each has.
    contacts: [usize; 2],
    seed: u64,
    repeats: u32,
    measures: Vec<Compared>,
    /// What only one of them has.
    unpaired: Vec<String>,
    /// Recorded events that the other does not know.
    unknown: Vec<String>,
    /// On the first seed: how many, and the first of them.
    diverging: (usize, Vec<Divergence>),
    /// Behaviours that only this version has, and only the other.
    alone: [Vec<String>; 2],
}

impl Comparing {
    pub(super) fn update(&mut self, key: &Key) {
        self.work.update(key);
    }

    pub(super) fn choose_file(&mut self, path: PathBuf) {
        self.source = Source::File;
        self.file = Some(path);
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        played: &Played,
        requests: &mut Vec<Request>,
    ) {
        if let Some((runs, all)) = self.work.running() {
            if running_ui(ui, theme, runs, all) {
                self.work.stop();
            }
            return;
        }
        let mut pressed = false;
        ui.horizontal_wrapped(|ui| {
            list(ui, "Compare with", 170.0, &mut self.source, Source::ALL, |source| source.name().to_owned());
            let ready = match self.source {
                Source::Earlier => self.earlier_ui(ui, document),
                Source::File => self.file_ui(ui, theme, requests),
                Source::Sample => self.sample_ui(ui),
            };
            list(ui, "On how many seeds", 90.0, &mut self.repeats, REPEATS, |repeats| format!("{repeats} seeds"));
            let words = format!("{}  Compare both", icon::GIT_DIFF);
            pressed = ui.add_enabled_ui(ready, |ui| theme.secondary_button(ui, words)).inner.clicked();
        });
        if self.source == Source::Earlier && document.steps_done().next().is_none() {
            let sentence = "Nothing was changed in this project yet, so there is no earlier version of it. Choose \
                            another project file, or a sample.";
            empty(ui, theme, sentence);
        }
        if pressed {
            self.start(ui, document, played);
        }
        match self.work.done() {
            None => empty(
                ui,
                theme,
                "This journey and another version on the same contacts and the same luck: what differs comes of the \
                 version alone.",
            ),
            Some(Err(problem)) => {
                ui.add(Label::new(theme.problem(Severity::Warning, problem)).wrap());
            }
            Some(Ok(comparison)) => {
                comparison.ui(ui, theme, requests);
                if !self.nameless {
                    comparison.diverging_ui(ui, theme, document.project(), requests);
                }
            }
        }
    }

    /// The step before which the other version was: the last one, until somebody chooses another.
    fn step<'d>(&self, document: &'d Document) -> Option<(u64, &'d str)> {
        let chosen = document.steps_done().find(|(position, _)| Some(*position) == self.before);
        // A step that was undone since is no longer there.
        chosen.or(document.steps_done().next())
    }

    /// Whether something is chosen.
    fn earlier_ui(&mut self, ui: &mut Ui, document: &Document) -> bool {
        let Some((chosen, title)) = self.step(document) else { return false };
        let current = format!("As it was before: {title}");
        let list = ComboBox::from_id_salt("earlier version").selected_text(&current).width(340.0).truncate();
        let list = list.show_ui(ui, |ui| {
            for (back, (position, title)) in document.steps_done().enumerate() {
                let words = match back {
                    0 => format!("{title}, the last change"),
                    back => format!("{title}, {} changes ago", back + 1),
                };
                if ui.selectable_label(position == chosen, words).clicked() {
                    self.before = Some(position);
                    ui.close();
                }
            }
        });
        named(&list.response, "Earlier version", &current);
        true
    }

    fn file_ui(&self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) -> bool {
        if theme.secondary_button(ui, format!("{}  Choose a file…", icon::FOLDER_OPEN)).clicked() {
            requests.push(Request::AskForVersion);
        }
        let Some(file) = &self.file else { return false };
        ui.label(theme.text(file_name(file))).on_hover_text(file.display().to_string());
        true
    }

    fn sample_ui(&mut self, ui: &mut Ui) -> bool {
        list(ui, "Sample", 220.0, &mut self.sample, SAMPLES, |sample| name_of(sample).to_owned());
        true
    }

    fn start(&mut self, ui: &Ui, document: &Document, played: &Played) {
        let (other, with) = match self.source {
            Source::Earlier => {
                let Some((before, title)) = self.step(document) else { return };
                let Some(project) = document.before(before) else { return };
                (Other::Earlier(Box::new(project)), format!("this journey as it was before: {title}"))
            }
            Source::File => {
                let Some(file) = &self.file else { return };
                (Other::File(file.clone()), file_name(file))
            }
            Source::Sample => (Other::Sample(self.sample), format!("the sample {}", name_of(self.sample))),
        };
        let (project, again) = (document.project().clone(), played.again());
        let (seed, repeats) = (played.key.seed, self.repeats);
        self.work.start(played.key.clone(), 2 * repeats, ui.ctx(), move |count: &Count| {
            let (other, kin) = match other {
                Other::Earlier(project) => (*project, true),
                Other::Sample(sample) => (sample.project(), false),
                Other::File(path) => match Document::look(&path) {
                    Ok(document) => (document.project().clone(), false),
                    Err(error) => return Some(Err(error.to_string())),
                },
            };
            let there = match again.in_other(&project, &other, kin) {
                Ok(there) => there,
                Err(problem) => return Some(Err(problem)),
            };
            run((&project, &again), (&other, &there.0), (seed, repeats), kin, count)
                .map(|found| Ok(Comparison { with, unknown: there.1, ..found }))
        });
        // So that the work is looked at.
        ui.ctx().request_repaint();
    }
}

/// A drop-down with a name.
fn list<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    width: f32,
    chosen: &mut T,
    options: impl IntoIterator<Item = T>,
    words: impl Fn(T) -> String,
) {
    let current = words(*chosen);
    let list = ComboBox::from_id_salt(name).selected_text(&current).width(width).show_ui(ui, |ui| {
        for option in options {
            if ui.selectable_label(option == *chosen, words(option)).clicked() {
                *chosen = option;
                // A screen reader's click does not close it by itself.
                ui.close();
            }
        }
    });
    named(&list.response, name, &current);
}

/// Runs both. `None` if it was called off.
fn run(
    one: (&Project, &Again),
    other: (&Project, &Again),
    (seed, repeats): (u64, u32),
    kin: bool,
    count: &Count,
) -> Option<Comparison> {
    let reports = |(project, again): (&Project, &Again)| {
        repeat(seed, repeats, |seed| {
            let report = again.report(project, seed, count.progress());
            count.one_more();
            report
        })
    };
    let (ones, others) = (reports(one)?, reports(other)?);
    let all = Measure::all(one.0);
    let measures = compare((one.0, &ones), (other.0, &others), &all, kin);
    let both = |measure: &Measure| measures.iter().any(|compared| compared.measure == *measure);
    let there = Measure::all(other.0);
    let here = |measure: &Measure| if kin { measure.in_version(other.0, one.0) } else { measure.clone() };
    let only_there = there.iter().filter(|measure| !all.contains(&here(measure)));
    let unpaired = all.iter().filter(|measure| !both(measure)).chain(only_there).map(Measure::name).collect();
    let (run, run_other) = (one.1.run(), other.1.run());
    let mut found = diverging((one.0, &run), (other.0, &run_other), count.progress())?;
    let diverge = found.len();
    found.truncate(TOLD);
    let names = |behaviours: Vec<&Behaviour>| behaviours.iter().map(|behaviour| behaviour.name.clone()).collect();
    let (gone, new) = without_partner(one.0, other.0);
    Some(Comparison {
        with: String::new(),
        contacts: [run.contact_count(), run_other.contact_count()],
        seed,
        repeats,
        measures,
        unpaired,
        unknown: Vec::new(),
        diverging: (diverge, found),
        alone: [names(gone), names(new)],
    })
}

impl Comparison {
    fn ui(&self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        ui.add_space(theme.spacing.small);
        let [one, other] = self.contacts.map(|count| grouped(count as u64));
        let people = if one == other {
            format!("the same {one} contacts")
        } else {
            format!("{one} contacts here, {other} there")
        };
        let last = self.seed.wrapping_add(u64::from(self.repeats) - 1);
        ui.label(theme.strong("Model result"));
        let sentence = format!(
            "The other version is {}. Both ran on {people} and the same luck, seeds {} to {last}.",
            self.with, self.seed
        );
        ui.add(Label::new(theme.text(sentence)).wrap());
        for sentence in self.caveats() {
            ui.add(Label::new(theme.caption(sentence)).wrap());
        }
        ui.add_space(theme.spacing.small);
        if self.measures.is_empty() {
            empty(ui, theme, "Nothing can be measured in both versions.");
        } else {
            self.differences_ui(ui, theme);
            with_table(ui, theme, &self.sheet(), requests);
        }
    }

    /// What limits the comparison.
    fn caveats(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if !self.unknown.is_empty() {
            let names = print_list(&self.unknown, "and");
            sentences
                .push(format!("The other version does not know these events, so nothing waits for them: {names}."));
        }
        if !self.unpaired.is_empty() {
            let names = self.unpaired.join("; ");
            sentences.push(format!("Cannot be measured in both, since things are compared by name: {names}."));
        }
        for (version, names) in ["this", "the other"].into_iter().zip(&self.alone) {
            if !names.is_empty() {
                let names = print_list(names, "and");
                sentences.push(format!("Only {version} version has these behaviours, which share no luck: {names}."));
            }
        }
        sentences
    }

    fn differences_ui(&self, ui: &mut Ui, theme: &Theme) {
        let differ: Vec<&Compared> =
            self.measures.iter().filter(|compared| compared.more_and_same().1 < compared.pairs.len()).collect();
        let same = self.measures.len() - differ.len();
        if differ.is_empty() {
            let sentence = format!("Both come to the same numbers in all of {} repeats.", self.repeats);
            ui.add(Label::new(theme.text(sentence)).wrap());
            ui.add_space(theme.spacing.small);
            return;
        }
        let reach = |compared: &&Compared| {
            let (mean, interval) = compared.difference().unwrap_or_default();
            interval.map_or(mean.abs(), |interval| interval.low.abs().max(interval.high.abs()))
        };
        let shares = differ.iter().copied().filter(|compared| compared.measure.is_share());
        let most = shares.map(|compared| reach(&compared)).fold(f64::MIN_POSITIVE, f64::max);
        let rows: Vec<Bar> = differ
            .iter()
            .take(DRAWN)
            .filter_map(|compared| {
                let most = if compared.measure.is_share() { most } else { reach(compared).max(f64::MIN_POSITIVE) };
                difference_bar(theme, compared, most)
            })
            .collect();
        bars(ui, theme, &rows);
        let mut sentence = String::from(
            "What the other version has more, to the right of the line at zero, or less: the mean of the differences of \
             pairs on one seed, and its 95 % interval (Student). Differences of shares are in percentage points and on \
             one scale; any other measure has its own.",
        );
        if same > 0 {
            sentence.push_str(" Measures that are the same in all repeats stand in the table alone.");
        }
        if differ.len() > DRAWN {
            let _ = write!(sentence, " So do {} more that differ.", differ.len() - DRAWN);
        }
        note(ui, theme, &sentence);
    }

    fn diverging_ui(&self, ui: &mut Ui, theme: &Theme, project: &Project, requests: &mut Vec<Request>) {
        ui.add_space(theme.spacing.medium);
        let (count, told) = &self.diverging;
        let sentence = match count {
            0 => format!("On seed {}, all contacts live through the same in both versions.", self.seed),
            1 => format!("On seed {}, 1 contact lives through something else:", self.seed),
            _ => format!("On seed {}, {} contacts live through something else:", self.seed, grouped(*count as u64)),
        };
        ui.add(Label::new(theme.strong(sentence)).wrap());
        let zone = project.zone();
        for one in told {
            ui.spacing_mut().item_spacing.y = theme.spacing.tight;
            ui.add_space(theme.spacing.small);
            ui.horizontal(|ui| {
                let name = theme.text(&one.contact).color(theme.palette.accent);
                let link = ui.link(name).on_hover_text("Show in Simulate");
                link.widget_info(|| {
                    let name = format!("Show {} in Simulate", one.contact);
                    egui::WidgetInfo::labeled(egui::WidgetType::Link, true, name)
                });
                if link.clicked() {
                    requests.push(Request::ShowContact(one.contact.clone(), one.time));
                }
                ui.label(theme.caption(format!("from {}", one.time.display_in(&zone))));
            });
            ui.indent(("diverging", &one.contact), |ui| {
                for (version, line) in [("This version", &one.lines.0), ("The other", &one.lines.1)] {
                    ui.add(Label::new(theme.muted(format!("{version}: {line}"))).wrap());
                }
            });
        }
        if *count > told.len() {
            ui.label(theme.caption(format!("and {} more", grouped((count - told.len()) as u64))));
        }
    }

    fn sheet(&self) -> Sheet {
        let cells = |compared: &Compared| {
            let number =
                |value: Option<f64>| value.map_or(Cell::Missing("–"), |value| cell(&compared.measure, value));
            let (one, other) = compared.means().unzip();
            let (difference, interval) = compared.difference().unzip();
            let interval = interval.flatten();
            let (more, same) = compared.more_and_same();
            let mut cells = vec![Cell::Text(compared.measure.name())];
            cells.extend([one, other, difference].map(number));
            cells.extend([interval.map(|interval| interval.low), interval.map(|interval| interval.high)].map(number));
            cells.extend([more, same, compared.pairs.len()].map(|count| Cell::Count(count as u64)));
            cells
        };
        Sheet {
            name: String::from("Compare"),
            head: vec![
                "Measure",
                "This version",
                "The other",
                "Other − this",
                "95 % from",
                "to",
                "Other more in",
                "Same in",
                "Of repeats",
            ],
            rows: self.measures.iter().map(cells).collect(),
        }
    }
}

/// Zero is in the middle, `most` at both ends.
fn difference_bar(theme: &Theme, compared: &Compared, most: f64) -> Option<Bar> {
    let (mean, interval) = compared.difference()?;
    let place = |value: f64| 0.5 + value / most * 0.48;
    let show = |value: f64| compared.measure.show(value);
    let (more, _) = compared.more_and_same();
    let sign = if mean > 0.0 { "+" } else { "" };
    let within = interval.map_or_else(String::new, |interval| format!("{} · ", range(interval, show)));
    Some(Bar {
        label: compared.measure.name(),
        parts: vec![(place(mean.min(0.0)), place(mean.max(0.0)), theme.palette.accent)],
        interval: interval.map(|interval| (place(interval.low), place(interval.high))),
        mark: Some(0.5),
        number: format!("{sign}{}", show(mean)),
        note: format!("{within}more in {more} of {}", compared.pairs.len()),
    })
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// What the samples are called; they are long to read for every frame.
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| SAMPLES.iter().map(|sample| sample.project().info.name).collect());

fn name_of(sample: &Sample) -> &'static str {
    let place = SAMPLES.iter().position(|known| known == sample);
    place.map_or(sample.key, |place| NAMES[place].as_str())
}
