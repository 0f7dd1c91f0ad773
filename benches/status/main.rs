//! How long an admin waits for `/status`, in the chat, while all is well and while all is broken at
//! once; beside it the same look by hand, one command after another, as the paper runbook has it.
//!
//! `cargo bench --bench status -- [calls]` (100). Twenty admins cannot ask more often than Telegram lets
//! one chat be answered, so two of them take turns.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use anyhow::{Context, Result};
use rei_recovery::demo::bot_api::PersonId;
use rei_recovery::demo::providers::{Mood, Service};
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use rei_recovery::demo::yookassa::Outage;
use rustix::process::Signal;
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");
/// The issue's own aim for everything broken at once.
const AIM: Duration = Duration::from_millis(2500);
/// Telegram takes one message a second in a chat, and this program keeps to it.
const APART: Duration = Duration::from_millis(1300);
const PATIENCE: Duration = Duration::from_secs(30);
/// What a careful person gives a command that hangs.
const CURL: &str = "10";

#[tokio::main]
async fn main() -> Result<()> {
    let given = std::env::args().skip(1).find(|a| a != "--bench");
    let calls: usize = given.map_or(Ok(100), |text| text.parse())?;
    // Takes a call and never answers.
    let hangs = TcpListener::bind("127.0.0.1:0")?;
    let hangs = format!("http://{}", hangs.local_addr()?);
    let well = World::build(options()).await?;
    measure(&well, "all well", calls).await?;
    well.close().await;
    let broken = options().set("S3_ENDPOINT_URL", hangs.clone());
    let broken = World::build(broken).await?;
    break_everything(&broken)?;
    measure(&broken, "all broken", calls).await?;
    broken.close().await;
    Ok(())
}

fn options() -> WorldOptions {
    // Nothing watches in between: what a call tells, it or one just before it has looked at.
    WorldOptions::new(PROGRAM)
        .own_disk_if_allowed(64 << 20)
        .set("MONITOR_INTERVAL", "0")
}

fn break_everything(world: &World) -> Result<()> {
    let home = world.patient.home();
    for unit in [Unit::Bot, Unit::Workers, Unit::Redis] {
        units::send(unit, &home, Signal::KILL)?;
    }
    let mut database = OpenOptions::new()
        .write(true)
        .open(world.patient.database())?;
    database.seek(SeekFrom::Start(4096))?;
    database.write_all(&[0xA5; 64 * 1024])?;
    world.yookassa.set_outage(Some(Outage::Silence));
    for service in [Service::Kling, Service::NanoBanana] {
        world.providers.set_mood(service, Mood::Hangs);
    }
    match world.disk() {
        Some(disk) => disk.fill(4096)?,
        None => println!("(the disk is not full: only root may mount one of its own)"),
    }
    Ok(())
}

async fn measure(world: &World, name: &str, calls: usize) -> Result<()> {
    let mut status = Vec::new();
    let mut help = Vec::new();
    for call in 0..calls {
        let person = match call % 2 {
            0 => world.cast.anna,
            _ => world.cast.boris,
        };
        let begun = Instant::now();
        status.push(ask(world, person, "/status", "REI is").await?);
        tokio::time::sleep_until((begun + APART / 2).into()).await;
        if call % 10 == 9 {
            tokio::time::sleep(APART).await;
            help.push(ask(world, person, "/help", "").await?);
            tokio::time::sleep(APART).await;
        }
    }
    let hand = by_hand(world)?;
    tell(&format!("{name}: /status"), &mut status);
    tell(&format!("{name}: another command"), &mut help);
    let median = status.get(status.len() / 2).copied().unwrap_or_default();
    let ratio = hand.as_secs_f64() / median.as_secs_f64();
    println!(
        "{name}: by hand     {:8.2} s   /status is {ratio:.1} times as fast; aim for all broken {:.1} s",
        hand.as_secs_f64(),
        AIM.as_secs_f64()
    );
    Ok(())
}

/// From the message to its answer.
async fn ask(world: &World, person: PersonId, text: &str, answer: &str) -> Result<Duration> {
    let place = world.cast.private(person);
    let begun = Instant::now();
    let mine = world.api.send_text(person, place, text)?;
    let found = world
        .api
        .wait_for_message(place, text, PATIENCE, |message| {
            message.id > mine && message.text().starts_with(answer)
        });
    found.await?;
    Ok(begun.elapsed())
}

fn tell(name: &str, took: &mut [Duration]) {
    took.sort();
    let at = |share: usize| {
        let place = (took.len() * share).div_ceil(100).saturating_sub(1);
        took.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    println!(
        "{name:34}{:6} calls   median {:7.0} ms   99th percentile {:7.0} ms   longest {:7.0} ms",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}

/// The paper runbook's own look at things, without what a person takes to type it.
fn by_hand(world: &World) -> Result<Duration> {
    let database = world.patient.database();
    let home = world.patient.home();
    let redis = &world.settings()["REDIS_URL"];
    let kassa = world.settings()["YOOKASSA_API_URL"].clone() + "/me";
    let bucket = world.settings()["S3_ENDPOINT_URL"].clone();
    let backups = &world.settings()["BACKUP_DIR"];
    let api = world.settings()["TELEGRAM_API_URL"].clone();
    let database = database.display().to_string();
    let home = home.display().to_string();
    let curl = |url: &str| vec!["curl".into(), "-sm".into(), CURL.into(), url.to_owned()];
    let words = |line: &[&str]| line.iter().map(|word| (*word).to_owned()).collect();
    let lines: Vec<Vec<String>> = vec![
        words(&["sqlite3", &database, "PRAGMA quick_check"]),
        words(&[
            "sqlite3",
            &database,
            "SELECT status, count(*) FROM jobs GROUP BY 1",
        ]),
        words(&["redis-cli", "-u", redis, "ping"]),
        words(&["redis-cli", "-u", redis, "llen", "rq:queue:default"]),
        words(&["ls", "-l", backups]),
        words(&["df", "-h", &home]),
        words(&["tail", "-n", "100", &format!("{home}/logs/bot.log")]),
        curl(&kassa),
        curl(&bucket),
        curl(&api),
    ];
    let begun = Instant::now();
    for line in lines {
        let (program, arguments) = line.split_first().context("an empty line")?;
        // Whatever it says: what counts is how long a person waits for it.
        Command::new(program)
            .args(arguments)
            .output()
            .with_context(|| format!("{program} is needed for the comparison"))?;
    }
    Ok(begun.elapsed())
}
