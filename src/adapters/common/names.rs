//! Names of the files that make up backups: `db_<timestamp>.db.gz`, its checksum, its record, and
//! the saved files beside it, `files_<timestamp>.tar.gz`, with their checksum.

use crate::domain::backup::BackupTime;

const PREFIX: &str = "db_";
const BACKUP: &str = ".db.gz";
const CHECKSUM: &str = ".db.gz.sha256";
const RECORD: &str = ".manifest.json";
const ARCHIVE_PREFIX: &str = "files_";
const ARCHIVE: &str = ".tar.gz";
const ARCHIVE_CHECKSUM: &str = ".tar.gz.sha256";

/// A small file that proves that a place takes writes; removed at once, and no backup's name.
pub(crate) const PROOF: &str = "rei-recovery-write-check";

/// Checksum files and records are small; anything larger is something else.
pub(crate) const SMALL_FILE: u64 = 64 * 1024;

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A compressed database.
    Backup(BackupTime),
    /// Compressed saved files.
    Archive(BackupTime),
    /// The checksum of the backup or archive whose name stands before `.sha256`.
    Checksum,
    /// The record of a verification.
    Record,
}

/// Reads a file name, without folder or prefix. Other files are nothing.
pub(crate) fn parse(name: &str) -> Option<Kind> {
    if let Some(rest) = name.strip_prefix(ARCHIVE_PREFIX) {
        return parse_archive(rest);
    }
    let rest = name.strip_prefix(PREFIX)?;
    let time = |suffix| rest.strip_suffix(suffix).map(str::parse::<BackupTime>);
    if let Some(Ok(_)) = time(CHECKSUM) {
        return Some(Kind::Checksum);
    }
    if let Some(Ok(_)) = time(RECORD) {
        return Some(Kind::Record);
    }
    match time(BACKUP) {
        Some(Ok(time)) => Some(Kind::Backup(time)),
        _ => None,
    }
}

fn parse_archive(rest: &str) -> Option<Kind> {
    if let Some(time) = rest.strip_suffix(ARCHIVE_CHECKSUM) {
        return time.parse::<BackupTime>().ok().map(|_| Kind::Checksum);
    }
    let time = rest.strip_suffix(ARCHIVE)?;
    time.parse().ok().map(Kind::Archive)
}

/// Name of a backup that this program takes.
pub(crate) fn backup_name(time: BackupTime) -> String {
    format!("{PREFIX}{time}{BACKUP}")
}

/// What a checksum file says of a backup, as `sha256sum` writes and reads it.
pub(crate) fn checksum_text(sum: &str, backup: &str) -> String {
    format!("{sum}  {backup}\n")
}

/// Name of the checksum file that belongs to a backup's file.
pub(crate) fn checksum_name(backup: &str) -> String {
    format!("{backup}.sha256")
}

/// Name of the record of a backup.
pub(crate) fn record_name(time: BackupTime) -> String {
    format!("{PREFIX}{time}{RECORD}")
}

/// The SHA-256 in a checksum file: `sha256sum`'s lines (the one for this file, else the first), its
/// BSD form, or the bare hexadecimal. Lower case; nothing when there is none in it.
pub(crate) fn checksum_in(text: &str, backup: &str) -> Option<String> {
    let lines = || text.lines().filter(|line| hex_word(line).is_some());
    lines()
        .find(|line| line.contains(backup))
        .or_else(|| lines().next())
        .and_then(hex_word)
}

fn hex_word(line: &str) -> Option<String> {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_backups_are_backups() {
        let time = "20261123_031500".parse().unwrap();
        assert_eq!(parse("db_20261123_031500.db.gz"), Some(Kind::Backup(time)));
        assert_eq!(
            parse("db_2026-11-23_03-15-00.db.gz"),
            Some(Kind::Backup(time))
        );
        assert_eq!(
            parse("db_20261123_031500.db.gz.sha256"),
            Some(Kind::Checksum)
        );
        assert_eq!(parse(&record_name(time)), Some(Kind::Record));
        let archive = "files_20261123_031500.tar.gz";
        assert_eq!(parse(archive), Some(Kind::Archive(time)));
        assert_eq!(parse(&checksum_name(archive)), Some(Kind::Checksum));
        for other in [
            "db_latest.db.gz",
            "db_20261123_031500.tar.gz",
            "files_20261123_031500.db.gz",
            "files_latest.tar.gz",
            "db_20261123_031500.db.gz.tmp",
            ".db_20261123_031500.db.gz",
            "db_.db.gz",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn every_form_of_a_checksum_file_is_read() {
        let sum = "ab".repeat(32);
        let name = "db_20261123_031500.db.gz";
        for text in [
            format!("{sum}  {name}\n"),
            format!("{} *{name}", sum.to_uppercase()),
            format!("SHA256 ({name}) = {sum}\n"),
            format!("{sum}\n"),
            format!("{}  other\n{sum}  {name}\n", "cd".repeat(32)),
        ] {
            assert_eq!(checksum_in(&text, name), Some(sum.clone()), "{text}");
        }
        assert_eq!(checksum_in("", name), None);
        assert_eq!(checksum_in("d41d8cd98f00b204e9800998ecf8427e", name), None);
    }
}
