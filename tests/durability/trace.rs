//! The system calls of a process, as `strace` writes them down. Knows nothing of what they mean.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether system calls can be traced here; says so where not.
pub(crate) fn is_possible() -> bool {
    let status = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let possible = status.is_ok_and(|status| status.success());
    if !possible {
        println!("skipped: strace is missing, or may not trace here");
    }
    possible
}

/// One call with its result.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    /// What it gave back; below zero where it failed.
    pub(crate) result: i64,
    pub(crate) process: u32,
    /// The whole line.
    pub(crate) line: String,
}

impl Call {
    pub(crate) fn number(&self, argument: usize) -> Option<i64> {
        self.arguments.get(argument)?.parse().ok()
    }

    /// An argument that is a text, with all its bytes.
    pub(crate) fn bytes(&self, argument: usize) -> Option<Vec<u8>> {
        let digits = self.arguments.get(argument)?.strip_prefix('"')?.strip_suffix('"')?;
        let mut bytes = Vec::with_capacity(digits.len() / 4);
        for pair in digits.split("\\x").skip(1) {
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
        }
        Some(bytes)
    }
}

/// `strace` in front of a program; `calls` as in its `-e trace=`.
pub(crate) fn strace(log: &Path, calls: &str, program: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(log).args(["-e", &format!("trace={calls}")]).arg("--").arg(program);
    command
}

/// The calls of a log in the order in which they ended. What is written to standard output counts from when it began; so
/// does closing, since the number of what is closed may be given away before that ends.
pub(crate) fn read(log: &Path) -> Vec<Call> {
    let text = std::fs::read(log).expect("the log is there");
    let text = String::from_utf8_lossy(&text);
    let mut begun: BTreeMap<u32, (String, Option<usize>)> = BTreeMap::new();
    let mut calls: Vec<Option<Call>> = Vec::new();
    for line in text.lines() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let (Ok(process), rest) = (process.parse(), rest.trim_start()) else { continue };
        if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            let early = start.starts_with("write(1,") || start.starts_with("close(");
            let place = early.then(|| {
                calls.push(None);
                calls.len() - 1
            });
            begun.insert(process, (start.to_owned(), place));
            continue;
        }
        let (line, place) = match rest.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            Some((_, end)) => {
                let Some((start, place)) = begun.remove(&process) else { continue };
                (start + end, place)
            }
            None => (rest.to_owned(), None),
        };
        if let Some(call) = parse(process, line) {
            match place {
                Some(place) => calls[place] = Some(call),
                None => calls.push(Some(call)),
            }
        }
    }
    calls.into_iter().flatten().collect()
}

fn parse(process: u32, line: String) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return None;
    }
    let end = rest.rfind(") ").filter(|end| rest[end + 1..].trim_start().starts_with('='))?;
    let result = rest[end + 1..].trim_start().trim_start_matches('=').split_whitespace().next()?;
    let digits: String = result.chars().take_while(|letter| letter.is_ascii_digit() || *letter == '-').collect();
    let arguments = rest[..end].split(", ").map(str::to_owned).collect();
    Some(Call { name: name.to_owned(), arguments, result: digits.parse().ok()?, process, line })
}
