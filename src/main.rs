//! Arguments → command line or window. The only owner of the exit code.

use std::io::Write as _;
use std::panic;
use std::process::ExitCode;

#[cfg(feature = "gui")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    statecraft::crash::install();
    // What broke has been told already.
    let Ok(result) = panic::catch_unwind(|| statecraft::cli::run(std::env::args_os())) else {
        return ExitCode::from(2);
    };
    match result {
        Ok(statecraft::cli::Verdict::Fine) => ExitCode::SUCCESS,
        Ok(statecraft::cli::Verdict::ProblemsFound) => ExitCode::from(1),
        Err(error) => {
            // Without anybody to tell it to, the exit code must do.
            let _ = writeln!(std::io::stderr(), "statecraft: {error:#}");
            ExitCode::from(2)
        }
    }
}
