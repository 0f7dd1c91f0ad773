//! Backups that this program takes and removes, as they read.

use super::sample::{ann, at};
use super::tests::shown;
use super::*;
use crate::domain::chore::taking::{Pruned, Stored, Taken, Took};
use crate::domain::chore::{Chore, Outcome, Phase, Task};
use crate::domain::failure::FailureCode;
use crate::domain::ids::ChoreId;
use crate::domain::retention::Spent;
use crate::ops::Spendable;
use crate::ports::PortError;

fn stored(place: Place, name: &str, failure: Option<FailureCode>) -> Stored {
    let failure = failure.map(|code| PortError::new(code).with("place", name).failure);
    Stored {
        place,
        name: name.to_owned(),
        there: failure.is_none(),
        failure,
    }
}

fn chore(outcome: Outcome) -> Chore {
    let mut chore = Chore::asked(Task::TakeBackup, ann(), None, at("02:00:00"));
    chore.id = ChoreId(7);
    chore.phase = Phase::Done;
    chore.begun_at = Some(at("02:00:01"));
    chore.ended_at = Some(at("02:00:41"));
    chore.outcome = Some(outcome);
    chore
}

fn taken(s3: Option<FailureCode>, held_millis: Option<u64>) -> Outcome {
    Outcome::Taken(Taken {
        time: "20261123_020001".parse().unwrap(),
        bytes: 1 << 30,
        size: 400 << 20,
        counts: [("users".to_owned(), 12_345), ("jobs".to_owned(), 2)].into(),
        held_millis,
        took: Took {
            copy: 2_000,
            check: 12_000,
            store: 4_000,
            read_back: 3_000,
        },
        places: vec![
            stored(Place::Folder, "/var/backups/rei_bot", None),
            stored(Place::S3, "s3://rei/backups", s3),
        ],
        missing: Vec::new(),
        pruned: None,
    })
}

fn spent() -> Spent {
    Spent {
        time: "20261101_020000".parse().unwrap(),
        place: Place::S3,
        size: 1 << 20,
    }
}

fn assert_says(text: &str, all: &[&str]) {
    for said in all {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn a_backup_that_one_place_lacks_reads_as_bad_news_with_the_place() {
    let good = shown("02:01:00", |v| chore::report(v, &chore(taken(None, None))));
    assert_says(
        &good,
        &[
            "all well",
            "всё в порядке",
            "12,345",
            "nothing waited",
            "без помех",
        ],
    );
    let code = Some(FailureCode::BackupPlaceUnreachable);
    let bad = taken(code, Some(812));
    let bad = shown("02:01:00", |v| chore::report(v, &chore(bad.clone())));
    assert_says(
        &bad,
        &[
            "something is wrong",
            "есть проблемы",
            "it is not there",
            "копии там нет",
        ],
    );
    assert_says(
        &bad,
        &[
            "812",
            "/var/backups/rei_bot: stored and read back",
            "s3://rei/backups",
        ],
    );
}

#[test]
fn what_would_go_is_shown_with_one_button_for_exactly_that() {
    let found = Spendable {
        spent: vec![spent()],
        retention: Duration::from_secs(14 * 24 * 3600),
        silent: Vec::new(),
    };
    let text = shown("02:01:00", |v| backups::spendable(v, &found));
    assert_says(
        &text,
        &["[Remove 1 backup for good]", "[Удалить 1 копию навсегда]"],
    );
    let many = Spendable {
        spent: vec![spent(); 30],
        ..found
    };
    let text = shown("02:01:00", |v| backups::spendable(v, &many));
    assert_says(&text, &["25 oldest of 30", "[Remove 25 backups for good]"]);
    assert_eq!(text.matches(" old, ").count(), 25);
    let none = Spendable::default();
    let text = shown("02:01:00", |v| backups::spendable(v, &none));
    assert_says(&text, &["Nothing would be removed", "Удалять нечего"]);
    let gone = Outcome::Pruned(Pruned {
        removed: vec![spent()],
        ..Pruned::default()
    });
    let text = shown("02:01:00", |v| chore::report(v, &chore(gone.clone())));
    assert_says(
        &text,
        &["1 old backup was removed", "Удалена 1 старая копия"],
    );
}
