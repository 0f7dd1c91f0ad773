//! A notice to many people: this program's sender beside what people use for it, each against a
//! Telegram stand-in of its own with the same limits, latency, errors and people.
//!
//! `cargo bench --bench broadcast`. Sizes come from the environment, so that a short run is possible:
//!
//! | variable | usual | what |
//! |---|---|---|
//! | `BROADCAST_PEOPLE` | 1500 | side by side: recipients; 0 leaves it out |
//! | `BROADCAST_KILLED` | 300 | the same, killed at the middle and started again; 0 leaves it out |
//! | `BROADCAST_ONLY` | | one of the four only |
//! | `BROADCAST_LARGE` | 3000 | ours alone at the free allowance; the aim is 100000 |
//! | `BROADCAST_PAID` | 20000 | ours alone at 1000 a second; the aim is 100000 |
//! | `BROADCAST_KILLS` | 0 | seconds between kills of the large run |
//!
//! What it has shown so far, with the release build on two cores that other work kept busy. Side by
//! side with 1,500 people, of the free allowance: ours 0.99 without an answer 429; `Throttle` all of it
//! (a burst first); aiogram's loop 0.23, bound by the latency; `AIORateLimiter` 0.28 with more than two
//! answers 429 for each message and some thirty times our processor time. Killed at the middle and
//! started again, those three send to everybody reached a second time; ours to nobody, and calls a
//! dozen of 300 doubtful or out of reach, one in twenty-five. At 1,000 a second ours takes a third to a
//! half of one core; it holds 0.987 over half a minute as long as nothing stalls.
//!
//! The stand-in counts any second to the call, so a machine that holds it up for ten milliseconds makes
//! a refusal of a call that was sent in time; at 1,000 a second such a machine cost a tenth of the rate.
//! Figures of the large runs are worth something only on a machine that does nothing else. On Linux
//! `nice` does not reach beyond its own session (autogroups): give the whole command real-time priority
//! (`chrt -r 10`) where others work.
//!
//! Three per cent of the calls go wrong on purpose: 1 % are answered 5xx, 0.2 % reset before and 0.2 %
//! after they were done, and 2 % of the people have blocked REI. Rates count the calls that Telegram
//! took.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

#[path = "../../tests/it/support/python.rs"]
mod python;

mod contender;
mod ours;
mod stand;
mod throttle;

use anyhow::{Context, Result, ensure};
use contender::{Contender, Ended, Job};
use stand::Stand;
use std::time::Duration;

/// What Telegram takes for nothing, and for Stars.
const FREE: u32 = 30;
const PAID: u32 = 1000;
/// The aims of the large run.
const HELD: f64 = 0.99;
const REFUSED: f64 = 0.001;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let words: Vec<&str> = given.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", people] => stand::serve(people.parse()?).await,
        ["ours", job @ ..] => ours::run(&Job::read(job)?).await,
        ["throttle", job @ ..] => throttle::run(&Job::read(job)?).await,
        _ => compare(),
    }
}

fn compare() -> Result<()> {
    let (people, killed) = (size("PEOPLE", 1500)?, size("KILLED", 300)?);
    let only = std::env::var("BROADCAST_ONLY").unwrap_or_default();
    let chosen = |one: &&Contender| only.is_empty() || one.name() == only;
    if people > 0 {
        println!("{people} people, {FREE} a second, one after another:");
        for contender in Contender::ALL.iter().filter(chosen) {
            side_by_side(*contender, people)?;
        }
    }
    if killed > 0 {
        println!("{killed} people, killed at the middle and started again:");
        for contender in Contender::ALL.iter().filter(chosen) {
            kill_at_the_middle(*contender, killed)?;
        }
    }
    let kills = Duration::from_secs(size("KILLS", 0)?);
    alone(size("LARGE", 3000)?, FREE, kills)?;
    alone(size("PAID", 20_000)?, PAID, Duration::ZERO)
}

fn size(name: &str, usual: u64) -> Result<u64> {
    match std::env::var(format!("BROADCAST_{name}")) {
        Ok(text) => text.parse().context(format!("BROADCAST_{name}")),
        Err(_) => Ok(usual),
    }
}

fn side_by_side(contender: Contender, people: u64) -> Result<()> {
    let mut stand = Stand::start(people)?;
    let job = Job::new(&stand.url, people, FREE)?;
    let ended = contender.start(&job)?.through()?;
    let told = stand.report()?;
    println!(
        "  {:14}{:6.1}/s, {:5} answers 429, {:4} twice, {:4} left out, {:4.0} MiB, {:5.1} s of CPU",
        contender.name(),
        told.rate(),
        told.refused,
        told.twice,
        told.left_out,
        ended.peak_mib,
        ended.cpu,
    );
    Ok(())
}

fn kill_at_the_middle(contender: Contender, people: u64) -> Result<()> {
    let mut stand = Stand::start(people)?;
    let job = Job::new(&stand.url, people, FREE)?;
    let running = contender.start(&job)?;
    stand.until(people / 2)?;
    running.kill()?;
    contender.start(&job)?.through()?;
    let told = stand.report()?;
    println!(
        "  {:14}{:5} got it twice, {:4} were left out",
        contender.name(),
        told.twice,
        told.left_out
    );
    Ok(())
}

/// Ours, at full size.
fn alone(people: u64, rate: u32, kills: Duration) -> Result<()> {
    if people == 0 {
        return Ok(());
    }
    let mut stand = Stand::start(people)?;
    let job = Job::new(&stand.url, people, rate)?;
    let ended = Contender::Ours.start(&job)?.killed_every(kills, &job)?;
    let told = stand.report()?;
    let (held, refused) = (told.rate() / f64::from(rate), told.refused_share());
    println!("{people} people at {rate} a second, {} kills:", ended.kills);
    println!(
        "  rate {:.1}/s = {:.2} % of the allowance (aim {} %), 429: {} of {} calls = {:.3} % (aim {} %)",
        told.rate(),
        held * 100.0,
        HELD * 100.0,
        told.refused,
        told.calls,
        refused * 100.0,
        REFUSED * 100.0,
    );
    println!("  {}", memory(&ended));
    println!(
        "  stand-in: {:.0} % of one core",
        stand.cpu() / ended.wall * 100.0
    );
    println!(
        "  reached {}, twice {}, left out {}, paid for {}; the sender says: {}",
        told.reached, told.twice, told.left_out, told.paid, ended.said
    );
    ensure!(told.reached > 0, "nobody was reached");
    Ok(())
}

fn memory(ended: &Ended) -> String {
    format!(
        "sender: {:.0} % of one core, {:.1} MiB after a tenth, {:.1} MiB at the end, peak {:.1} MiB",
        ended.cpu / ended.wall * 100.0,
        ended.early_mib,
        ended.late_mib,
        ended.peak_mib
    )
}
