//! A week in which nothing is wrong, with the noise that weeks have: nobody is called.

use super::tests::{Monitor, REDIS};
use crate::domain::diagnosis::tests::round;

const WEEK: u64 = 7 * 24 * 60;

/// Noise that comes now and then: one round in so many, for so many rounds, and what is seen.
const NOISE: &[(u64, u64, &str)] = &[
    (1200, 1, "redis unknown silent"),
    (1500, 1, "database unknown silent"),
    (900, 1, "bot unknown silent"),
    (2000, 1, "bot down bot-unreachable"),
    (1500, 1, "yookassa/yookassa-api down service-down"),
    (700, 3, "yookassa/yookassa-status unknown silent"),
    (
        600,
        1,
        "provider/kling degraded service-degraded; jobs/kling up succeeded=12",
    ),
    (
        1500,
        2,
        "provider/nano_banana down service-down; jobs/nano_banana up succeeded=30",
    ),
    (
        900,
        4,
        "provider/nano_banana degraded service-degraded looked-seconds=40",
    ),
    (400, 20, "queue degraded queue-deep(count=300)"),
    (
        900,
        6,
        "queue degraded queue-deep(count=120) jobs-abandoned(count=1)",
    ),
    (1400, 1, "unit/rei_bot down unit-down"),
    (
        1400,
        1,
        "unit/rei_bot_workers degraded unit-changing; queue down workers-gone",
    ),
    (
        2500,
        10,
        "unit/rei_bot degraded unit-restarting(restarts=1)",
    ),
    (1100, 5, "log degraded log-errors(count=12)"),
    (2500, 5, "log degraded log-database"),
    (800, 90, "payments degraded payments-stuck(count=1)"),
    (900, 55, "jobs/kling up jobs-blame(count=4) succeeded=80"),
    (1000, 6, "backups/s3 unknown silent"),
    (700, 1, "database degraded database-locked"),
    (1100, 2, "all unknown silent"),
    (
        900,
        3,
        "certificate/api.telegram.org unknown; clock unknown",
    ),
    (
        1400,
        1,
        "redis degraded redis-loading; queue unknown failure:redis-loading",
    ),
    (
        1,
        1,
        "database up sqlite-old; backups/folder up backup-unverified",
    ),
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    /// SplitMix64.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// A week's rounds, by what each of them shows beside health.
fn week(seed: u64) -> Vec<String> {
    let mut dice = Dice(seed);
    let mut lasts = vec![0_u64; NOISE.len()];
    let mut rounds = Vec::new();
    for _ in 0..WEEK {
        let mut shown = Vec::new();
        for (left, (rarity, length, noise)) in lasts.iter_mut().zip(NOISE) {
            if *left == 0 && dice.roll(*rarity) == 0 {
                *left = *length;
            }
            if *left > 0 {
                *left -= 1;
                shown.push(*noise);
            }
        }
        rounds.push(shown.join("; "));
    }
    rounds
}

#[test]
fn a_quiet_week_calls_nobody() {
    for seed in [1, 2, 3] {
        let mut monitor = Monitor::new();
        let (mut most, mut last) = (0, (String::new(), round("")));
        for (minute, shown) in week(seed).into_iter().enumerate() {
            if last.0 != shown {
                last = (shown.clone(), round(&shown));
            }
            let news = monitor.take(&last.1);
            assert!(
                news.is_empty(),
                "seed {seed}, minute {minute}, {shown}: {news:?}"
            );
            if minute % 100 == 0 {
                most = most.max(serde_json::to_string(&monitor.watch).unwrap().len());
            }
        }
        assert!(most < 20_000, "{most} bytes to remember");
    }
}

#[test]
fn in_the_same_week_a_real_outage_is_told_within_two_rounds() {
    let mut monitor = Monitor::new();
    for shown in week(4).iter().take(2000) {
        monitor.take(&round(shown));
    }
    let first = monitor.take(&round(REDIS));
    let second = monitor.take(&round(REDIS));
    assert_eq!(first.len() + second.len(), 1);
}
