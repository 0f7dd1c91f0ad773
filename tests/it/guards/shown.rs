//! Every command that documents and hints show is one that the parser takes.

use clap::Parser;
use rei_recovery::app::Cli;
use std::fs;
use std::path::{Path, PathBuf};

const PROGRAMS: [&str; 2] = ["rei-recovery", "rei-recoveryctl"];

/// Text by hand: documents, hints, and what units and their settings say.
fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "deploy/OPERATING.md"]
        .map(|file| root.join(file))
        .into();
    for folder in ["locales/en", "locales/ru"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        (file, text)
    };
    files.into_iter().map(read).collect()
}

/// Lines of code blocks for a shell, and what stands between backticks in a line.
fn shown(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block = None;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            block = block.is_none().then(|| language.to_owned());
            continue;
        }
        match block.as_deref() {
            Some("sh") => found.push(line.split(" #").next().unwrap_or(line).to_owned()),
            Some(_) => {}
            None => found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned)),
        }
    }
    found
}

/// The words of each of this program's commands in a line, the program's name first.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut plain = line.replace("{ $run }", "R-7");
    // Whatever else is filled in is one word.
    while let Some((before, (_, after))) = plain
        .split_once("{ $")
        .and_then(|(before, rest)| Some((before, rest.split_once(" }")?)))
    {
        plain = format!("{before}x{after}");
    }
    let parts = plain.split(['|', '>', ';']);
    let words = parts.filter_map(|part| {
        let words = shlex::split(part.trim())?;
        let mut words = words.into_iter().skip_while(|word| word == "sudo");
        let program = words.next()?;
        let ours = PROGRAMS.contains(&program.as_str());
        // The name alone, or with a blank to fill in, is no command.
        let words: Vec<String> = std::iter::once("rei-recovery".to_owned())
            .chain(words)
            .collect();
        (ours && words.len() > 1).then_some(words)
    });
    words.collect()
}

#[test]
fn every_command_shown_is_one() {
    let mut wrong = Vec::new();
    let mut taken = 0;
    for (file, text) in texts() {
        for line in shown(&text) {
            for words in commands(&line) {
                taken += 1;
                if let Err(error) = Cli::try_parse_from(&words) {
                    wrong.push(format!("{}: {line}\n{error}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(taken > 30, "only {taken} commands were found");
}

#[test]
fn the_parser_is_sound() {
    use clap::CommandFactory;
    Cli::command().debug_assert();
}
