//! Writes `.env.example` from the table.

use super::setting::{Fallback, Row, Stage};
use super::table::TABLE;

const HEAD: &str = "\
# Settings of rei-recovery. Copy to .env and change what differs from the defaults shown; the
# environment itself comes before .env. An empty value means the default.
#
# Lengths of time: 90s, 10m, 1h, 7d. Lists: separated by commas. A value with blanks or # goes into
# double quotes, one with $ or \\ into single quotes.
# Secrets can come from files instead (systemd credentials, Docker secrets): NAME_FILE=/path.
";

/// The whole of `.env.example`.
#[must_use]
pub fn example() -> String {
    let mut text = HEAD.to_owned();
    let mut group = "";
    for row in TABLE {
        if row.group != group {
            group = row.group;
            text.push_str(&format!("\n\n# ==== {group} ====\n"));
        }
        text.push('\n');
        text.push_str(&entry(row));
    }
    text
}

fn entry(row: &Row) -> String {
    let mut text: String = row
        .meaning
        .iter()
        .map(|line| format!("#{line}\n"))
        .collect();
    text.push_str(&format!("# Expected: {}.\n", row.expects));
    if row.secret {
        text.push_str(&format!("# Secret; {}_FILE=/path works too.\n", row.name));
    }
    if let Some(stage) = stage(row.stage) {
        text.push_str(&format!("# {stage}\n"));
    }
    text.push_str(&assignment(row));
    text.push('\n');
    text
}

fn stage(stage: Stage) -> Option<String> {
    match stage {
        Stage::Works => None,
        Stage::Refused(why) => Some(format!("Refused for now: {why}.")),
    }
}

fn assignment(row: &Row) -> String {
    let name = row.name;
    match row.fallback {
        Fallback::Required => format!("{name}="),
        Fallback::Empty => format!("#{name}="),
        Fallback::Text(text) if text.contains(' ') => format!("#{name}=\"{text}\""),
        Fallback::Text(text) => format!("#{name}={text}"),
        Fallback::Same(other) => format!("# Default: what {other} says.\n#{name}="),
    }
}
