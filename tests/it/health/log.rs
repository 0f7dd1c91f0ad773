//! REI's log.

use super::ground::{Ground, only};
use rei_recovery::domain::Timestamp;
use rei_recovery::domain::health::{Condition, Measure, Part, SignCode};

/// Lines of a moment, in a zone three hours ahead of ours.
fn lines(minutes: i64, level: &str, words: &str, count: usize) -> String {
    let ahead = jiff::SignedDuration::from_mins(3 * 60 - minutes);
    let at = (Timestamp::now() + ahead).strftime("%Y-%m-%d %H:%M:%S,000");
    format!("{at} - bot - {level} - {words}\n").repeat(count)
}

#[tokio::test]
async fn errors_of_the_last_minutes_are_told_and_older_ones_are_not() {
    let ground = Ground::new();
    let quiet = lines(0, "INFO", "fine", 1);
    let old = lines(
        9,
        "ERROR",
        "sqlite3.OperationalError: database is locked",
        50,
    );
    std::fs::write(ground.path("bot.log"), format!("{old}{quiet}")).unwrap();
    let well = ground.finds(Part::Log).await;
    assert_eq!(well.condition, Condition::Up, "{well:?}");
    assert_eq!(well.measures[&Measure::ErrorLines], 0);
    let new = lines(
        2,
        "ERROR",
        "token 535362388:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao",
        12,
    );
    let broken = lines(
        1,
        "CRITICAL",
        "sqlite3.DatabaseError: file is not a database",
        1,
    );
    std::fs::write(ground.path("bot.log"), format!("{old}{new}{broken}{quiet}")).unwrap();
    let ill = ground.finds(Part::Log).await;
    assert!(
        ill.shows(SignCode::LogErrors) && ill.shows(SignCode::LogDatabase),
        "{ill:?}"
    );
    assert_eq!(ill.measures[&Measure::ErrorLines], 13);
    assert!(!format!("{ill:?}").contains("AAF7"));
}

#[tokio::test]
async fn lines_about_a_database_that_was_replaced_are_the_past() {
    let ground = Ground::new();
    let broken = "sqlite3.DatabaseError: database disk image is malformed";
    std::fs::write(ground.path("bot.log"), lines(1, "ERROR", broken, 20)).unwrap();
    let observer = ground.observer();
    let before = only(&observer.round().await, Part::Log);
    assert!(before.shows(SignCode::LogDatabase), "{before:?}");
    std::fs::copy(ground.path("bot.db"), ground.path("new.db")).unwrap();
    std::fs::rename(ground.path("new.db"), ground.path("bot.db")).unwrap();
    // The first round may look at the log before it sees the other file.
    observer.round().await;
    let after = only(&observer.round().await, Part::Log);
    assert_eq!(after.condition, Condition::Up, "{after:?}");
}

#[tokio::test]
async fn without_a_log_nobody_can_tell() {
    let ground = Ground::new();
    std::fs::remove_file(ground.path("bot.log")).unwrap();
    let found = ground.finds(Part::Log).await;
    assert_eq!(found.condition, Condition::Unknown);
    assert!(found.failure.is_some());
}
