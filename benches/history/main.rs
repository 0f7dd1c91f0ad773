//! A month of rounds, one a minute: bytes of `state.db`, memory, time of a round and of a picture.
//!
//! `cargo bench --bench history [days]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs
)]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, Round};
use rei_recovery::i18n::{I18n, Locale};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::history::History;
use rei_recovery::store::Store;
use std::sync::Arc;
use std::time::{Duration, Instant};

const START: i64 = 1_790_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let days = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(30);
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
    let before = resident();
    let mut slowest = Duration::ZERO;
    let began = Instant::now();
    let rounds = days * 1440;
    for number in 0..rounds {
        let one = Instant::now();
        store.record(&round(number)).await.unwrap();
        slowest = slowest.max(one.elapsed());
    }
    let each = began.elapsed() / u32::try_from(rounds).unwrap();
    let findings = round(0).findings;
    let measures: usize = findings.iter().map(|finding| finding.measures.len()).sum();
    println!(
        "{days} days, {rounds} rounds, {} components, {measures} measures",
        findings.len()
    );
    println!("a round: {each:?}, the slowest {slowest:?}");
    for file in ["state.db", "state.db-wal"] {
        let bytes = std::fs::metadata(dir.path().join(file)).unwrap().len();
        println!("{file}: {:.1} MiB", bytes as f64 / 1048576.0);
    }
    println!("resident: {before} KiB before, {} KiB after", resident());
    let read = Instant::now();
    let now = Timestamp::from_second(START + rounds * 60).unwrap();
    let day = store.last_day(now).await.unwrap();
    println!("reading a day: {:?}", read.elapsed());
    let i18n = I18n::new(TimeZone::UTC).unwrap();
    let mut picture = Vec::new();
    let drawn = Instant::now();
    for _ in 0..10 {
        picture = rei_recovery::picture::day(&day, &i18n, Locale::Ru).unwrap();
    }
    println!(
        "a picture: {:?}, {} KiB",
        drawn.elapsed() / 10,
        picture.len() / 1024
    );
    println!("resident: {} KiB at the end", resident());
}

/// What a real installation has: 24 components with some three measures each, and their noise.
fn round(number: i64) -> Round {
    let subjects: &[(Part, &[&str], &[Measure])] = &[
        (
            Part::Unit,
            &["rei_bot", "rei_bot_workers", "redis"],
            &[
                Measure::UptimeSeconds,
                Measure::Restarts,
                Measure::MemoryBytes,
            ],
        ),
        (
            Part::Bot,
            &[""],
            &[Measure::PendingUpdates, Measure::LatencyMillis],
        ),
        (
            Part::Database,
            &[""],
            &[
                Measure::SizeBytes,
                Measure::WalBytes,
                Measure::AgeSeconds,
                Measure::FreeBytes,
            ],
        ),
        (Part::Ledger, &[""], &[Measure::Imbalances]),
        (
            Part::Backups,
            &["folder", "s3"],
            &[Measure::AgeSeconds, Measure::SizeBytes, Measure::Backups],
        ),
        (
            Part::Redis,
            &[""],
            &[Measure::MemoryBytes, Measure::Keys, Measure::LatencyMillis],
        ),
        (
            Part::Queue,
            &[""],
            &[
                Measure::Depth,
                Measure::OldestSeconds,
                Measure::Failed,
                Measure::Abandoned,
                Measure::Workers,
            ],
        ),
        (
            Part::Jobs,
            &["kling", "nano-banana"],
            &[Measure::Succeeded, Measure::Failed, Measure::SuccessPercent],
        ),
        (
            Part::Payments,
            &[""],
            &[
                Measure::Pending,
                Measure::OldestSeconds,
                Measure::AgeSeconds,
            ],
        ),
        (
            Part::Yookassa,
            &["yookassa-api", "yookassa-status"],
            &[Measure::LatencyMillis],
        ),
        (
            Part::Provider,
            &["kling", "nano-banana"],
            &[Measure::LatencyMillis],
        ),
        (
            Part::Log,
            &[""],
            &[Measure::ErrorLines, Measure::AgeSeconds],
        ),
        (
            Part::Disk,
            &[
                "/opt/rei_bot",
                "/var/backups/rei_bot",
                "/var/lib/rei-recovery",
            ],
            &[Measure::FreeBytes, Measure::FreePercent],
        ),
        (
            Part::Certificate,
            &["api.telegram.org", "api.yookassa.ru"],
            &[Measure::DaysLeft],
        ),
        (Part::Clock, &[""], &[Measure::SkewMillis]),
        (
            Part::Itself,
            &[""],
            &[Measure::Backlog, Measure::MemoryBytes],
        ),
    ];
    let mut findings = Vec::new();
    for (part, names, measures) in subjects {
        for (place, name) in names.iter().enumerate() {
            let mut finding = Finding::up(*part);
            if !name.is_empty() {
                finding = finding.of(*name);
            }
            // Each component is unwell now and then.
            let hash =
                (number / 7 + findings.len() as i64 * 131).wrapping_mul(2_654_435_761) >> 8 & 1023;
            if hash < 6 {
                finding.condition =
                    [Condition::Degraded, Condition::Down, Condition::Unknown][hash as usize % 3];
            }
            for (at, measure) in measures.iter().enumerate() {
                let noise = (number * 7919 + place as i64 * 31 + at as i64 * 17) % 997;
                let large = measure.as_str().ends_with("bytes");
                let value = if large {
                    4_000_000_000 + noise * 4096
                } else {
                    noise
                };
                finding = finding.measured(*measure, Some(value));
            }
            findings.push(finding);
        }
    }
    Round {
        at: Timestamp::from_second(START + number * 60).unwrap(),
        took: Duration::from_millis(350),
        findings,
    }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
