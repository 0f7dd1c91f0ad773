//! The program `rei-recovery`.

use clap::Parser;
use rei_recovery::demo::cli::{HiddenCommand, run_hidden};
use std::process::ExitCode;

#[derive(Parser)]
enum Cli {
    #[command(flatten)]
    Hidden(HiddenCommand),
}

fn main() -> ExitCode {
    let Cli::Hidden(command) = Cli::parse();
    run_hidden(&command).unwrap_or_else(|error| {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "{error}");
        ExitCode::FAILURE
    })
}
