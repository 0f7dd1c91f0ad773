//! The schedule over made-up times, and the shell over a little real time.

use super::Pace;
use super::schedule::{Class, Left, Schedule};
use proptest::prelude::*;
use std::time::Duration;
use tokio::time::Instant;

const TEXT: Class = Class {
    media: false,
    paid: false,
};
const MEDIA: Class = Class {
    media: true,
    ..TEXT
};
const PAID: Class = Class { paid: true, ..TEXT };

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// When calls leave of somebody who always wants the next turn and whose timers are late by these
/// spans, one after another; half as much passes between turn and call.
fn taken(rate: u32, late: &[Duration], count: usize) -> Vec<Duration> {
    let mut schedule = Schedule::new(rate, rate);
    let (mut now, mut times) = (ms(5), Vec::new());
    for late in late.iter().cycle() {
        match schedule.take(TEXT, now) {
            Ok(()) => {
                now += *late / 2;
                let left = schedule.leaves(TEXT, now);
                schedule.answered(TEXT, left, now);
                times.push(now);
            }
            Err(due) => now = due + *late,
        }
        if times.len() == count {
            break;
        }
    }
    times
}

/// When calls arrive of somebody who always wants the next turn. `way` says how long the n-th is on
/// its way, and as long is its answer.
fn arrived(rate: u32, count: usize, way: impl Fn(usize) -> Duration) -> Vec<Duration> {
    let mut schedule = Schedule::new(rate, rate);
    let (mut now, mut times) = (ms(5), Vec::new());
    let mut answers: Vec<(Duration, Left)> = Vec::new();
    while times.len() < count {
        answers.retain(|(at, left)| {
            if *at <= now {
                schedule.answered(TEXT, *left, *at);
            }
            *at > now
        });
        match schedule.take(TEXT, now) {
            Ok(()) => {
                let (left, way) = (schedule.leaves(TEXT, now), way(times.len()));
                times.push(now + way);
                answers.push((now + way * 2, left));
            }
            // It is asked every millisecond, so that an answer is heard.
            Err(due) => now = due.min(now + ms(1)),
        }
    }
    times.sort();
    times
}

/// Refused, to a call that left when our own second held that many.
fn refuse(schedule: &mut Schedule, class: Class, wait: Duration, (at, now): (Duration, Duration)) {
    let left = schedule.leaves(class, at);
    schedule.answered(class, left, now);
    schedule.told_to_wait(class, wait, left, now);
}

/// The most turns in any window of a second.
fn fullest(times: &[Duration]) -> usize {
    let within = |from: usize| {
        let end = times[from] + Duration::from_secs(1);
        times[from..].iter().take_while(|at| **at < end).count()
    };
    (0..times.len()).map(within).max().unwrap_or_default()
}

fn mean(times: &[Duration]) -> f64 {
    let span = times[times.len() - 1] - times[0];
    u32::try_from(times.len() - 1).map(f64::from).unwrap() / span.as_secs_f64()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_second_is_overfull_and_late_timers_do_not_lower_the_rate(
        rate in 1u32..=1000,
        late in proptest::collection::vec(0u64..2_000, 1..60),
    ) {
        let late: Vec<_> = late.into_iter().map(Duration::from_micros).collect();
        let times = taken(rate, &late, rate as usize * 10 + 50);
        let full = rate as usize;
        prop_assert!(fullest(&times) <= full, "{} of {full}", fullest(&times));
        let held = mean(&times) / f64::from(rate);
        // Each second costs the margin of 8 ms and once the latest timer, 2 ms; the last turn is late too.
        prop_assert!(held >= 0.989, "held {held:.4} of {rate}");
    }

    #[test]
    fn whatever_happens_no_second_is_overfull(
        rate in 1u32..=60,
        pauses in proptest::collection::vec((0u64..400, any::<bool>(), 0u64..50), 1..200),
    ) {
        let mut schedule = Schedule::new(rate, rate);
        let (mut now, mut times) = (ms(0), Vec::new());
        for (pause, media, refused) in pauses {
            now += ms(pause);
            let class = if media { MEDIA } else { TEXT };
            match schedule.take(class, now) {
                Ok(()) => times.push(now),
                Err(due) => now = due,
            }
            if refused == 0 {
                refuse(&mut schedule, class, ms(3000), (now, now));
            }
        }
        prop_assert!(fullest(&times) <= rate as usize);
    }

    /// The first ones open connections.
    #[test]
    fn a_cold_start_makes_no_second_overfull(
        rate in 1u32..=200,
        late in proptest::collection::vec(0u64..400, 1..30),
    ) {
        let (full, first) = (rate as usize, rate as usize / 2 + 1);
        let way = |n: usize| if n < first { ms(late[n % late.len()]) } else { ms(1) };
        let times = arrived(rate, full * 4, way);
        prop_assert!(fullest(&times) <= full, "{} of {full}", fullest(&times));
    }
}

#[test]
fn turns_are_even_from_the_first_one_on() {
    let times = taken(30, &[ms(0)], 100);
    for pair in times.windows(2) {
        let gap = (pair[1] - pair[0]).as_secs_f64();
        assert!((gap - 1.008 / 30.0).abs() < 1e-6, "{gap}");
    }
}

#[test]
fn a_call_that_leaves_late_counts_from_then_on() {
    let mut schedule = Schedule::new(1, 1);
    assert_eq!(schedule.take(TEXT, ms(0)), Ok(()));
    let left = schedule.leaves(TEXT, ms(300));
    schedule.answered(TEXT, left, ms(300));
    assert_eq!(schedule.take(TEXT, ms(1100)), Err(ms(1307)));
    // One that was never used leaves no trace.
    assert_eq!(schedule.take(TEXT, ms(1307)), Ok(()));
    assert!(schedule.take(TEXT, ms(2400)).is_ok());
}

#[test]
fn a_quiet_time_is_not_saved_up() {
    let mut schedule = Schedule::new(30, 30);
    assert_eq!(schedule.take(TEXT, ms(0)), Ok(()));
    assert_eq!(schedule.take(TEXT, ms(60_000)), Ok(()));
    assert!(schedule.take(TEXT, ms(60_001)).is_err());
}

#[test]
fn a_refusal_stalls_everybody_and_slows_down_what_was_refused() {
    let mut schedule = Schedule::new(30, 1000);
    assert_eq!(schedule.take(MEDIA, ms(0)), Ok(()));
    refuse(&mut schedule, MEDIA, ms(7000), (ms(10), ms(100)));
    for class in [TEXT, MEDIA, PAID] {
        assert_eq!(schedule.take(class, ms(200)), Err(ms(7100)));
    }
    assert_eq!(schedule.stalled(ms(200)), Some(ms(6900)));
    assert_eq!(schedule.take(MEDIA, ms(7100)), Ok(()));
    let files = schedule.per_second(ms(7100));
    assert!((files - 27.0).abs() < 0.1, "{files}");
    assert!(schedule.take(TEXT, ms(7200)).is_ok());
    assert_eq!(schedule.per_second(ms(7200)), 30.0);
    assert_eq!(schedule.stalled(ms(7200)), None);
}

#[test]
fn files_never_go_faster_than_texts() {
    let mut schedule = Schedule::new(30, 30);
    refuse(&mut schedule, TEXT, ms(1000), (ms(10), ms(100)));
    assert!(schedule.take(MEDIA, ms(1100)).is_ok());
    assert!(schedule.per_second(ms(1100)) < 27.1);
}

#[test]
fn calls_that_were_on_their_way_together_are_one_refusal() {
    let mut schedule = Schedule::new(30, 30);
    for n in 0..5 {
        refuse(&mut schedule, TEXT, ms(3000), (ms(n), ms(100 + n)));
    }
    let once = schedule.per_second(ms(3200));
    assert!((once - 27.0).abs() < 0.1, "{once}");
    // One that left after it, and soon after: a third goes.
    refuse(&mut schedule, TEXT, ms(3000), (ms(3300), ms(3400)));
    let again = schedule.per_second(ms(6400));
    assert!((17.0..20.0).contains(&again), "{again}");
}

#[test]
fn the_rate_comes_back() {
    let mut schedule = Schedule::new(30, 30);
    refuse(&mut schedule, TEXT, ms(3000), (ms(10), ms(100)));
    let soon = schedule.per_second(ms(3100 + 10_000));
    assert!((29.0..29.9).contains(&soon), "{soon}");
    let later = schedule.per_second(ms(3100 + 200_000));
    assert_eq!(later, 30.0);
}

#[test]
fn however_often_it_is_refused_it_does_not_stop() {
    let mut schedule = Schedule::new(30, 30);
    for n in 1..50 {
        let now = ms(n * 2000);
        refuse(&mut schedule, TEXT, ms(1000), (now, now));
    }
    assert!(schedule.per_second(ms(99_001)) >= 3.0);
}

/// A full second was refused: the calls arrive less evenly than they leave.
#[test]
fn a_lone_refusal_to_a_kept_allowance_widens_the_margin_and_leaves_the_rate() {
    let (mut schedule, mut now) = (Schedule::new(30, 30), ms(0));
    let mut gap = |schedule: &mut Schedule, span: Duration| {
        let (mut last, until) = (now, now + span);
        loop {
            match schedule.take(TEXT, now) {
                Err(due) => now = due,
                Ok(()) => {
                    let left = schedule.leaves(TEXT, now);
                    schedule.answered(TEXT, left, now);
                    if now >= until {
                        return (left, now, (now - last).as_secs_f64() * 30.0);
                    }
                    last = now;
                }
            }
        }
    };
    let (left, now, even) = gap(&mut schedule, ms(5_000));
    assert!((even - 1.008).abs() < 1e-4, "{even}");
    schedule.told_to_wait(TEXT, ms(3000), left, now);
    let (_, _, wider) = gap(&mut schedule, ms(10_000));
    assert!((wider - 1.011).abs() < 1e-4, "{wider}");
    assert_eq!(schedule.per_second(now + ms(10_000)), 30.0);
    let (left, now, narrower) = gap(&mut schedule, ms(1_800_000));
    assert!((narrower - 1.008).abs() < 1e-4, "{narrower}");
    // Twice soon after one another is no accident of the way.
    schedule.told_to_wait(TEXT, ms(3000), left, now);
    let (left, now, _) = gap(&mut schedule, ms(10_000));
    schedule.told_to_wait(TEXT, ms(3000), left, now);
    assert!(schedule.per_second(now) < 27.1);
}

#[test]
fn a_cold_start_counts_from_the_answers_and_costs_no_more_than_one() {
    let times = arrived(30, 100, |_| ms(45));
    assert!(fullest(&times) <= 30);
    let spent = times[99] - times[0];
    let even = Duration::from_secs_f64(99.0 * 1.008 / 30.0);
    assert!(spent < even + ms(91), "{spent:?}, evenly {even:?}");
}

/// A telegram that takes fewer files than the rate: the pace finds the way there, and few are refused.
#[test]
fn a_lower_limit_is_learned() {
    let (mut schedule, mut now) = (Schedule::new(30, 30), ms(0));
    let (mut sent, mut refused): (Vec<Duration>, _) = (Vec::new(), 0u32);
    while now < ms(1_200_000) {
        match schedule.take(MEDIA, now) {
            Err(due) => now = due,
            Ok(()) => {
                let left = schedule.leaves(MEDIA, now);
                schedule.answered(MEDIA, left, now + ms(50));
                let recent = sent.iter().rev();
                let recent = recent.take_while(|at| **at + ms(1000) > now).count();
                if recent >= 20 {
                    refused += 1;
                    schedule.told_to_wait(MEDIA, ms(3000), left, now + ms(50));
                } else {
                    sent.push(now);
                }
            }
        }
    }
    let held = mean(&sent);
    let share = f64::from(refused) / sent.len() as f64;
    assert!(held > 18.0, "{held}");
    assert!(share < 0.002, "{share}");
}

#[tokio::test]
async fn who_stops_waiting_takes_nobodys_turn() {
    let pace = Pace::new(4, false);
    let start = Instant::now();
    let _first = pace.turn(TEXT).await;
    for _ in 0..20 {
        let vain = tokio::time::timeout(ms(1), pace.turn(TEXT)).await;
        assert!(vain.is_err());
    }
    let _second = pace.turn(TEXT).await;
    let spent = start.elapsed();
    assert!((ms(251)..ms(480)).contains(&spent), "{spent:?}");
}

/// One that was killed sent evenly until a moment ago.
#[test]
fn a_start_leaves_room_for_a_process_that_was_killed() {
    let before: Vec<Duration> = taken(30, &[ms(0)], 60);
    let killed = before[59] + ms(1);
    let mut schedule = Schedule::new(30, 30).from(super::FIRST);
    let (mut now, mut times) = (ms(0), before);
    while times.len() < 120 {
        match schedule.take(TEXT, now) {
            Ok(()) => times.push(killed + now),
            Err(due) => now = due,
        }
    }
    assert!(fullest(&times) <= 30, "{}", fullest(&times));
}

#[tokio::test]
async fn who_waits_already_is_stalled_too() {
    let pace = Pace::new(10, false);
    let start = Instant::now();
    let _first = pace.turn(TEXT).await;
    let refused = async {
        tokio::time::sleep(ms(50)).await;
        let left = pace.leaves(TEXT);
        pace.told_to_wait(TEXT, ms(400), left);
    };
    let (_second, ()) = tokio::join!(pace.turn(TEXT), refused);
    assert!(start.elapsed() >= ms(450));
    assert!(pace.now().stalled.is_none());
}

#[tokio::test]
async fn who_waits_for_a_cold_start_hears_of_its_answer() {
    let pace = Pace::new(1, false);
    let start = Instant::now();
    let _first = pace.turn(TEXT).await;
    let left = pace.leaves(TEXT);
    let answered = async {
        tokio::time::sleep(ms(100)).await;
        pace.answered(TEXT, left);
    };
    let (_second, ()) = tokio::join!(pace.turn(TEXT), answered);
    let spent = start.elapsed();
    assert!((ms(1100)..ms(1900)).contains(&spent), "{spent:?}");
}

#[test]
fn beyond_the_free_allowance_only_paid_turns_go() {
    let free = Pace::new(1000, false);
    assert!(!free.class(false, true).paid);
    assert_eq!(free.now().per_second, 30.0);
    assert!(Pace::new(1000, true).class(false, true).paid);
}
