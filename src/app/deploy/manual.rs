//! Manual pages and completions, from the parser that reads the command line.

use crate::app::args::Cli;
use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;
use std::fs;
use std::path::Path;

/// The program's name.
const NAME: &str = "rei-recovery";

/// A script for the shell.
pub(super) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// A page for the program and one for each command that people use.
///
/// # Errors
/// The folder cannot be made or written.
pub(super) fn pages(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("manual pages cannot be written into {}", folder.display()))
}
