//! Running `check` with other settings than the world's.

use rei_recovery::demo::world::{World, WorldOptions};
use serde::Deserialize;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// A line of the table.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    pub check: String,
    pub verdict: String,
    pub found: String,
    pub mend: Option<String>,
}

/// What a run of it said.
#[derive(Debug)]
pub struct Report {
    pub code: Option<i32>,
    pub lines: Vec<Line>,
}

impl Report {
    pub fn line(&self, check: &str) -> &Line {
        let found = self.lines.iter().find(|line| line.check == check);
        found.unwrap_or_else(|| panic!("no line {check}: {self:#?}"))
    }

    /// Lines that are not `ok`, by name.
    pub fn odd(&self) -> Vec<&str> {
        let odd = self.lines.iter().filter(|line| line.verdict != "ok");
        odd.map(|line| line.check.as_str()).collect()
    }

    /// This line failed, and its mend names what to change.
    pub fn failed(&self, check: &str, mend: &str) {
        self.is(check, "failed", mend);
        assert_eq!(self.code, Some(2), "{self:#?}");
    }

    /// This line warns, and its mend names what to change.
    pub fn warned(&self, check: &str, mend: &str) {
        self.is(check, "warning", mend);
        assert_eq!(self.code, Some(0), "{self:#?}");
    }

    fn is(&self, check: &str, verdict: &str, mend: &str) {
        let line = self.line(check);
        let told = line.mend.as_deref().unwrap_or_default();
        assert_eq!(line.verdict, verdict, "{line:#?}");
        assert!(told.contains(mend), "{line:#?} does not name {mend}");
        assert!(!line.found.is_empty(), "{line:#?}");
    }
}

/// The world without the bot.
pub async fn build(options: WorldOptions) -> World {
    World::build(options.bot_down()).await.unwrap()
}

/// Runs `check --json` with the world's settings and these changes; an empty text takes one away.
pub async fn check(world: &World, changes: &[(&str, &str)]) -> Report {
    check_by(Command::new(PROGRAM), world, changes).await
}

/// The same by another command, which `check --json` is added to.
pub async fn check_by(mut command: Command, world: &World, changes: &[(&str, &str)]) -> Report {
    command.args(["check", "--json"]);
    let output = run(command, world, changes).await;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = serde_json::from_str(&text);
    Report {
        code: output.status.code(),
        lines: lines.unwrap_or_else(|error| panic!("{error}: {text}\n{errors}")),
    }
}

pub async fn run(
    mut command: Command,
    world: &World,
    changes: &[(&str, &str)],
) -> std::process::Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path);
    // Lines that it comes by count as the tests' own.
    command.envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
    command.envs(world.settings()).current_dir(world.root());
    for (name, value) in changes {
        match value.is_empty() {
            true => command.env_remove(name),
            false => command.env(name, value),
        };
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output();
    let output = tokio::time::timeout(Duration::from_secs(60), output);
    output.await.expect("it ends").expect("it runs")
}

/// The line of a file in REI's folder.
pub fn write_line(folder: &Path, file: &str) -> String {
    format!("write {}", folder.join(file).display())
}
