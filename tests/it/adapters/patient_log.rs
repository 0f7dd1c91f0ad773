//! REI's log on a real file system: written, rotated, truncated under the reader.

use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::ports::log::{LogNews, LogPosition, PatientLog};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

const BROKEN: &str = "sqlite3.DatabaseError: database disk image is malformed";

struct Patient {
    folder: TempDir,
    log: FileLog,
}

impl Patient {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = FileLog::new(folder.path().join("bot.log"));
        Self { folder, log }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn writes(&self, bytes: impl AsRef<[u8]>) {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).open(self.path("bot.log"));
        file.unwrap().write_all(bytes.as_ref()).unwrap();
    }

    async fn end(&self) -> LogPosition {
        self.log.end().await.unwrap()
    }

    async fn since(&self, position: &LogPosition) -> LogNews {
        self.log.since(position).await.unwrap()
    }
}

#[tokio::test]
async fn only_what_is_new_is_told_and_only_once() {
    let patient = Patient::new();
    patient.writes(format!("{BROKEN}\n"));
    let end = patient.end().await;
    patient.writes(format!("INFO started\n{BROKEN} again\n"));
    let news = patient.since(&end).await;
    assert_eq!(news.lines, 2);
    assert_eq!(news.database_errors, [format!("{BROKEN} again")]);
    let nothing = patient.since(&news.position).await;
    assert_eq!((nothing.lines, nothing.position), (0, news.position));
}

#[tokio::test]
async fn a_log_that_is_not_there_yet_is_read_from_its_start() {
    let patient = Patient::new();
    let end = patient.end().await;
    let still_none = patient.since(&end).await;
    assert_eq!((still_none.lines, &still_none.position), (0, &end));
    patient.writes(format!("{BROKEN}\n"));
    assert_eq!(patient.since(&end).await.database_errors, [BROKEN]);
}

#[tokio::test]
async fn after_a_rotation_the_old_file_s_rest_and_the_new_file_are_read() {
    let patient = Patient::new();
    patient.writes("INFO\n");
    let end = patient.end().await;
    patient.writes("database is locked\n");
    fs::rename(patient.path("bot.log"), patient.path("bot.log.1")).unwrap();
    let between = patient.since(&end).await;
    assert_eq!(
        between.position, end,
        "nothing is lost between the two files"
    );
    patient.writes("disk I/O error\n");
    let news = patient.since(&end).await;
    assert_eq!(
        news.database_errors,
        ["database is locked", "disk I/O error"]
    );
    assert_eq!(patient.since(&news.position).await.lines, 0);
}

#[tokio::test]
async fn a_rotated_file_that_is_gone_leaves_the_new_one() {
    let patient = Patient::new();
    patient.writes("INFO a long line of the old file\n");
    let end = patient.end().await;
    // Kept open so that the new file cannot get the old one's inode.
    let _old = fs::File::open(patient.path("bot.log")).unwrap();
    fs::remove_file(patient.path("bot.log")).unwrap();
    patient.writes("disk I/O error\n");
    assert_eq!(
        patient.since(&end).await.database_errors,
        ["disk I/O error"]
    );
}

#[tokio::test]
async fn a_truncated_file_is_read_from_its_start() {
    let patient = Patient::new();
    patient.writes("INFO a long line before the truncation\n");
    let end = patient.end().await;
    fs::write(patient.path("bot.log"), "disk I/O error\n").unwrap();
    assert_eq!(
        patient.since(&end).await.database_errors,
        ["disk I/O error"]
    );
}

#[tokio::test]
async fn a_line_that_is_still_being_written_is_told_when_it_is_whole() {
    let patient = Patient::new();
    let end = patient.end().await;
    patient.writes("INFO\nERROR database is ");
    let news = patient.since(&end).await;
    assert_eq!((news.lines, news.position.offset), (1, 5));
    patient.writes("locked\n");
    let news = patient.since(&news.position).await;
    assert_eq!(news.database_errors, ["ERROR database is locked"]);
}

#[tokio::test]
async fn bytes_that_are_no_text_and_huge_lines_do_no_harm() {
    let patient = Patient::new();
    let end = patient.end().await;
    patient.writes(b"\xff\xfe disk I/O error \xc3\n");
    patient.writes(vec![b'x'; 3_000_000]);
    patient.writes("\nsqlite3.OperationalError: no such table: users\n");
    let news = patient.since(&end).await;
    assert_eq!(news.lines, 3);
    assert_eq!(
        news.database_errors,
        [
            "\u{fffd}\u{fffd} disk I/O error \u{fffd}",
            "sqlite3.OperationalError: no such table: users"
        ]
    );
    patient.writes(vec![b'y'; 3_000_000]);
    let unended = patient.since(&news.position).await;
    assert_eq!(
        unended.lines, 1,
        "a line too long to be held is not read again and again"
    );
    assert_eq!(patient.since(&unended.position).await.lines, 0);
}

#[tokio::test]
async fn no_more_than_twenty_errors_are_told() {
    let patient = Patient::new();
    let end = patient.end().await;
    patient.writes(format!("{} {BROKEN}\n", "é".repeat(400)).repeat(50));
    let news = patient.since(&end).await;
    assert_eq!((news.lines, news.database_errors.len()), (50, 20));
    assert!(
        news.database_errors
            .iter()
            .all(|e| e.chars().count() <= 300)
    );
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let log = FileLog::new(folder.path().join("file/bot.log"));
    let error = log.end().await.unwrap_err();
    assert_eq!(error.code().as_str(), "file-error");
    assert!(!error.unknown);
}
