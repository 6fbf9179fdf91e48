//! The command line: raw arguments to a subcommand, a file per subcommand below. Prints results on standard output;
//! errors go up to `main` as sentences.

mod check;
mod compare;
mod expectations;
mod experiment;
mod export;
mod import;
mod matrix;
mod new;
mod output;
mod recorded;
mod render;
mod replay;
mod scenario;
mod simulate;
mod trace;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::crash;
use crate::document::{Document, keeping_of_user};
use crate::model::print_list;
use crate::store::ReadOnly;

/// How a command ended when it could do its work; `main` makes an exit code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    ProblemsFound,
}

/// Draw customer journeys as state machines, keep them in one file, run them on real customers.
#[derive(Parser)]
#[command(name = "statecraft", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
struct Arguments {
    /// A project to open in the window; without it, the start screen opens
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "Exit code: 0 fine, 1 problems found, 2 could not do it.";

#[derive(Subcommand)]
enum Command {
    /// Make a project, empty or from a template
    New(new::Arguments),
    /// Make a project from a chart of another program, or add recorded events to a project
    Import(import::Arguments),
    /// Write a project as a chart for other programs, in SCXML, or as a project without contacts
    Export(export::Arguments),
    /// Draw a picture of the journey, without a display
    Render(render::Arguments),
    /// List errors (exit code 1) and warnings (exit code 0)
    Check(check::Arguments),
    /// Show what happens in each state when something happens, and what nobody has decided
    Matrix(matrix::Arguments),
    /// Run the journey on generated contacts, its sample contacts or an imported history
    Simulate(simulate::Arguments),
    /// Run two versions of a journey on the same contacts and the same luck
    Compare(compare::Arguments),
    /// Run recorded events through the journey, from a file or the project
    Replay(replay::Arguments),
    /// Tell one contact's story, with why and why not
    Trace(trace::Arguments),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Runs the program with `arguments`, of which the first is its own name.
///
/// # Errors
/// When it could not do what was asked: a sentence for the user.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<Verdict> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(word) = mistaken_subcommand(&arguments) {
        bail!("\"{word}\" is no subcommand. Use {}, or name one project to open it in the window.", subcommands("or"));
    }
    if let Some(word) = arguments.get(1).map(|word| word.to_string_lossy()).filter(|word| is_subcommand(word)) {
        crash::note(&format_args!("{word}"));
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // Help and version are answers, not errors.
        Err(message) if !message.use_stderr() => {
            output::print(&message.render().to_string())?;
            return Ok(Verdict::Fine);
        }
        Err(message) => return Err(anyhow!("{}", without_prefix(&message.render().to_string()))),
    };
    crash::break_on_purpose("command");
    match arguments.command {
        Some(Command::New(arguments)) => new::run(&arguments),
        Some(Command::Import(arguments)) => import::run(&arguments),
        Some(Command::Export(arguments)) => export::run(&arguments),
        Some(Command::Render(arguments)) => render::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Matrix(arguments)) => matrix::run(&arguments),
        Some(Command::Simulate(arguments)) => simulate::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Replay(arguments)) => replay::run(&arguments),
        Some(Command::Trace(arguments)) => trace::run(&arguments),
        None => window(arguments.file.as_deref()),
    }
}

/// `new, import, …, replay or trace`
fn subcommands(conjunction: &str) -> String {
    let names: Vec<String> = Arguments::command().get_subcommands().map(|known| known.get_name().to_owned()).collect();
    print_list(&names, conjunction)
}

/// The first word, if it can only have been meant as a subcommand: more follows, and it names none.
fn mistaken_subcommand(arguments: &[OsString]) -> Option<String> {
    let [_, first, _, ..] = arguments else { return None };
    let word = first.to_string_lossy();
    (!is_subcommand(&word) && !word.starts_with('-')).then(|| word.into_owned())
}

fn is_subcommand(word: &str) -> bool {
    word == "help" || Arguments::command().get_subcommands().any(|known| known.get_name() == word)
}

fn without_prefix(message: &str) -> &str {
    message.strip_prefix("error: ").unwrap_or(message).trim_end()
}

#[cfg(feature = "gui")]
fn window(file: Option<&Path>) -> Result<Verdict> {
    crate::gui::run(file)
        .map(|()| Verdict::Fine)
        .map_err(|error| anyhow!("{error} The subcommands {} work without a window; see --help.", subcommands("and")))
}

#[cfg(not(feature = "gui"))]
fn window(_: Option<&Path>) -> Result<Verdict> {
    bail!("This build has no window. Use a subcommand: {} (see --help).", subcommands("or"))
}

/// Opens a project to read it, whoever has it open.
fn open(path: &Path) -> Result<Document> {
    Ok(Document::look(path)?)
}

/// Opens a project to change it.
fn open_to_edit(path: &Path) -> Result<Document> {
    let document = Document::open_with(path, &keeping_of_user())?;
    match document.read_only_because() {
        None => Ok(document),
        Some(ReadOnly::File) => bail!("{} is read-only. Make it writable, or add to a copy of it.", path.display()),
        Some(why) => bail!("{} cannot be changed. {why}", path.display()),
    }
}

/// The number of threads that a run uses: all the machine has.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_of_every_subcommand_fit_together() {
        super::Arguments::command().debug_assert();
    }
}
