//! `.env.example` says what the table of settings says, and can be used as it stands.

use rei_recovery::config::{self, EnvFile, Fallback, Settings, Sources, table::TABLE};
use std::fs;
use std::path::Path;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example");

#[test]
fn the_example_is_what_the_table_says() {
    let expected = config::example();
    if fs::read_to_string(FILE).unwrap_or_default() != expected {
        let wanted = Path::new(env!("CARGO_TARGET_TMPDIR")).join("env.example");
        fs::write(&wanted, expected).unwrap();
        panic!("run: cp {} .env.example", wanted.display());
    }
}

#[test]
fn the_example_as_it_stands_lacks_only_what_is_required() {
    let sources = Sources::new([], &EnvFile::At(FILE.into()));
    let error = Settings::load(&sources).unwrap_err();
    let mut missing: Vec<_> = error.problems.iter().map(|p| p.name.as_str()).collect();
    missing.sort_unstable();
    let mut required: Vec<_> = TABLE
        .iter()
        .filter(|row| row.fallback == Fallback::Required)
        .map(|row| row.name)
        .collect();
    required.sort_unstable();
    assert_eq!(missing, required, "{error}");
    assert!(error.notices.is_empty(), "{error}");
}

#[test]
fn with_every_line_uncommented_nothing_changes() {
    let text = fs::read_to_string(FILE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all");
    let lines = text.lines().map(|line| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_uppercase()) => rest,
        _ => line,
    });
    fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let required = [
        ("ADMIN_BOT_TOKEN", "1:a-token-of-a-bot"),
        ("ADMIN_IDS", "1,2"),
        ("AUDIT_CHAT_ID", "-1"),
    ];
    let load = |file: &EnvFile| {
        let environment = required.map(|(name, value)| (name.into(), value.into()));
        let mut settings = Settings::load(&Sources::new(environment, file)).unwrap();
        assert!(settings.notices.is_empty(), "{:?}", settings.notices);
        settings.settings.base.backups.dir_given = false;
        format!("{:?}", settings.settings)
    };
    assert_eq!(load(&EnvFile::At(file)), load(&EnvFile::None));
}

#[test]
fn the_example_names_every_setting_once() {
    let text = fs::read_to_string(FILE).unwrap();
    for row in TABLE {
        let assignment = format!("{}=", row.name);
        let lines = text
            .lines()
            .filter(|line| line.trim_start_matches('#').starts_with(&assignment));
        assert_eq!(lines.count(), 1, "{}", row.name);
    }
}
