//! The history over a real state.

use super::model::{START, Seen, at, buckets, rounds};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rei_recovery::domain::health::history::{Resolution, Span, Track};
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, Round};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::history::History;
use rei_recovery::store::Store;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const WANTED: &[(Part, Measure)] = &[(Part::Jobs, Measure::Failed)];

fn open(dir: &Path) -> Store {
    Store::open(dir, Arc::new(SystemClock)).unwrap()
}

fn round(second: i64, findings: Vec<Finding>) -> Round {
    Round {
        at: at(second),
        took: Duration::from_millis(300),
        findings,
    }
}

fn depth(value: i64) -> Finding {
    Finding::up(Part::Queue).measured(Measure::Depth, Some(value))
}

fn count(dir: &Path, what: &str) -> i64 {
    let state = Connection::open(dir.join("state.db")).unwrap();
    state
        .query_row(&format!("SELECT {what}"), [], |row| row.get(0))
        .unwrap()
}

fn seconds(track: &Track) -> Vec<(i64, i64, Condition)> {
    let second = |at: Timestamp| at.as_second() - START;
    let pieces = track.pieces.iter();
    pieces
        .map(|piece| (second(piece.from), second(piece.until), piece.condition))
        .collect()
}

#[test]
fn five_minutes_and_hours_are_what_a_naive_memory_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let checked = TestRunner::new(config).run(&rounds(), |seen| {
        runtime.block_on(compare(&seen));
        Ok(())
    });
    checked.unwrap();
}

async fn compare(seen: &[Seen]) {
    let dir = TempDir::new().unwrap();
    for half in seen.chunks(seen.len().div_ceil(2)) {
        // Opened anew in between: a restart forgets nothing.
        let store = open(dir.path());
        for one in half {
            store.record(&one.round()).await.unwrap();
        }
    }
    let store = open(dir.path());
    for resolution in [Resolution::FiveMinutes, Resolution::Hour] {
        let span = store
            .span(at(START), at(START + 6 * 3600), resolution, WANTED)
            .await
            .unwrap();
        for subject in 0..2 {
            same(&span, seen, subject);
        }
    }
}

fn same(span: &Span, seen: &[Seen], subject: u8) {
    let name = Some(format!("p{subject}"));
    let wanted = buckets(seen, subject, span.resolution.seconds());
    let line = span.lines.iter().find(|line| line.subject == name);
    let points = line.map(|line| line.points.as_slice()).unwrap_or_default();
    assert_eq!(points.len(), wanted.len());
    for (point, (slot, bucket)) in points.iter().zip(&wanted) {
        let (low, high, sum, number, _) = *bucket;
        assert_eq!(
            (point.at.as_second(), point.low, point.high),
            (*slot, low, high)
        );
        #[allow(clippy::cast_precision_loss)]
        let mean = sum as f64 / number as f64;
        assert!((point.mean - mean).abs() < 1e-6, "{point:?} {mean}");
    }
    let track = span.tracks.iter().find(|track| track.subject == name);
    let pieces = track
        .map(|track| track.pieces.as_slice())
        .unwrap_or_default();
    for (slot, (.., worst)) in wanted {
        let slot = slot.max(START);
        let there = pieces
            .iter()
            .find(|piece| piece.from <= at(slot) && at(slot) < piece.until);
        assert_eq!(there.map(|piece| piece.condition), Some(worst));
    }
}

#[tokio::test]
async fn a_day_has_its_changes_its_gaps_and_its_samples() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    for minute in 0..60 {
        if (20..30).contains(&minute) {
            continue;
        }
        let mut redis = Finding::up(Part::Redis);
        if (40..45).contains(&minute) {
            redis.condition = Condition::Down;
        }
        let mut findings = vec![depth(minute)];
        // Looked at for half an hour only.
        if minute < 50 {
            findings.push(redis);
        }
        let round = round(START + minute * 60, findings);
        store.record(&round).await.unwrap();
    }
    let day = store.last_day(at(START + 3600)).await.unwrap();
    let track = |part| day.tracks.iter().find(|track| track.part == part).unwrap();
    use Condition::{Down, Up};
    let slot = START - Resolution::Round.slot(START);
    assert!(slot < 15);
    let mut redis = seconds(track(Part::Redis));
    redis[0].0 += redis[0].0.abs();
    assert_eq!(
        redis,
        [
            (0, 1200 - slot, Up),
            (1800 - slot, 2400, Up),
            (2400, 2700, Down),
            (2700, 3000, Up)
        ]
    );
    assert_eq!(track(Part::Queue).pieces.len(), 2);
    let [line] = &day.lines[..] else {
        panic!("{:?}", day.lines)
    };
    assert_eq!((line.part, line.points.len()), (Part::Queue, 50));
    assert_eq!(line.points.last().unwrap().high, 59);
}

#[tokio::test]
async fn nothing_grows_beyond_its_bounds() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    // A hundred days, a round every two hours.
    for number in 0..1200 {
        let mut finding = depth(number);
        finding.condition = [Condition::Up, Condition::Down][usize::try_from(number % 2).unwrap()];
        let round = round(START + number * 7200, vec![finding]);
        store.record(&round).await.unwrap();
    }
    let now = Resolution::Round.slot(START + 1199 * 7200 - 60 * 7200);
    for (table, resolution) in [
        ("health_samples", Resolution::Round),
        ("health_rollups WHERE width = 300", Resolution::FiveMinutes),
        ("health_rollups WHERE width = 3600", Resolution::Hour),
        ("health_rounds", Resolution::Round),
    ] {
        let oldest = count(dir.path(), &format!("min(at) FROM {table}"));
        let horizon = now - resolution.kept().as_secs();
        assert!(
            (horizon..horizon + 7200).contains(&oldest),
            "{table}: {oldest}"
        );
    }
    let changes = count(dir.path(), "count(*) FROM health_changes");
    assert!(changes <= 60 + 36 / 2 + 2, "{changes}");
}

#[tokio::test]
async fn a_backlog_is_cleared_a_little_at_a_time() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let wide = |second| {
        let mut finding = Finding::up(Part::Database);
        for measure in Measure::ALL {
            finding = finding.measured(*measure, Some(1));
        }
        round(second, vec![finding])
    };
    for minute in 0..100 {
        store.record(&wide(START + minute * 60)).await.unwrap();
    }
    let later = START + 10 * 86_400;
    let mut before = count(dir.path(), "count(*) FROM health_samples");
    let all = before;
    for minute in 0..70 {
        store
            .record(&round(later + minute * 60, vec![depth(1)]))
            .await
            .unwrap();
        let now = count(dir.path(), "count(*) FROM health_samples");
        assert!(before + 1 - now <= 600, "{} at once", before + 1 - now);
        before = now;
    }
    assert!(all > 2000 && before <= 70, "{all} {before}");
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_for_a_moment_makes_nothing_be_forgotten() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let year = 366 * 86_400;
    for minute in 0..120 {
        store
            .record(&round(START + minute * 60, vec![depth(minute)]))
            .await
            .unwrap();
    }
    for minute in 0..20 {
        let wrong = START + year + minute * 60;
        store.record(&round(wrong, vec![depth(-1)])).await.unwrap();
    }
    for minute in 120..240 {
        store
            .record(&round(START + minute * 60, vec![depth(minute)]))
            .await
            .unwrap();
    }
    let day = store.last_day(at(START + 240 * 60)).await.unwrap();
    assert_eq!(day.lines[0].points.len(), 240);
    assert_eq!(day.tracks[0].pieces.len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_put_back_breaks_nothing() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let down = |second| {
        let mut finding = depth(7);
        finding.condition = Condition::Down;
        round(second, vec![finding])
    };
    for minute in 0..60 {
        store
            .record(&round(START + minute * 60, vec![depth(0)]))
            .await
            .unwrap();
    }
    // Half an hour back, and down from there on.
    for minute in 30..40 {
        store.record(&down(START + minute * 60)).await.unwrap();
    }
    let day = store.last_day(at(START + 3600)).await.unwrap();
    let track = seconds(&day.tracks[0]);
    assert_eq!(
        (track[1].0, track[1].2),
        (1800, Condition::Down),
        "{track:?}"
    );
    assert_eq!(day.lines[0].points.len(), 60);
    assert_eq!(day.lines[0].points[35].high, 7);
}

#[tokio::test]
async fn components_without_end_do_not_fill_the_disk() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    for hundred in 0..8 {
        let findings = (0..100).map(|number| {
            let subject = format!("{hundred}-{number}");
            Finding::up(Part::Jobs)
                .of(subject)
                .measured(Measure::Failed, Some(1))
        });
        let round = round(START + hundred * 60, findings.collect());
        store.record(&round).await.unwrap();
    }
    assert_eq!(count(dir.path(), "count(*) FROM health_subjects"), 500);
}

#[tokio::test]
async fn what_nobody_looks_at_any_more_is_forgotten_in_the_end() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let gone = Finding::up(Part::Jobs)
        .of("gone")
        .measured(Measure::Failed, Some(1));
    store
        .record(&round(START, vec![gone, depth(1)]))
        .await
        .unwrap();
    for number in 1..180 {
        store
            .record(&round(START + number * 86_400, vec![depth(1)]))
            .await
            .unwrap();
    }
    assert_eq!(count(dir.path(), "count(*) FROM health_subjects"), 1);
    assert_eq!(
        count(dir.path(), "count(DISTINCT measure) FROM health_series"),
        2
    );
}

#[tokio::test]
async fn extreme_values_are_kept_and_read_back() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    for (second, value) in [(0, i64::MAX), (1, i64::MAX), (2, i64::MIN)] {
        store
            .record(&round(START + second, vec![depth(value)]))
            .await
            .unwrap();
    }
    let wanted = [(Part::Queue, Measure::Depth)];
    let from = at(START) - SignedDuration::from_hours(1);
    let span = store
        .span(from, at(START + 60), Resolution::Hour, &wanted)
        .await
        .unwrap();
    let point = span.lines[0].points[0];
    assert_eq!((point.low, point.high), (i64::MIN, i64::MAX));
}
