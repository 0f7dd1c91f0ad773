//! The Telegram stand-in in a process of its own, and what it counted.

use crate::contender;
use anyhow::{Context, Result, ensure};
use rei_recovery::demo::bot_api::{BotApi, BotId, Figures, Person, PersonId, Weather};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub const TOKEN: &str = "7000001:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";
/// Every so many people one has blocked REI.
const BLOCKED: u64 = 50;
/// How often the calls are counted, for the time of the first and of the last.
const LOOK: Duration = Duration::from_millis(10);

fn weather() -> Weather {
    Weather {
        latency: Duration::from_millis(30)..Duration::from_millis(150),
        server_error: 0.01,
        reset_before: 0.002,
        reset_after: 0.002,
    }
}

/// What Telegram saw.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Told {
    pub calls: u64,
    pub refused: u64,
    /// From the first call to the last.
    pub seconds: f64,
    pub reached: u64,
    /// People who got it more than once.
    pub twice: u64,
    /// People who have not blocked REI and did not get it.
    pub left_out: u64,
    pub paid: u64,
}

impl Told {
    /// Calls a second that were not refused.
    pub fn rate(&self) -> f64 {
        (self.calls - self.refused).saturating_sub(1) as f64 / self.seconds
    }

    pub fn refused_share(&self) -> f64 {
        self.refused as f64 / self.calls as f64
    }
}

/// Serves until the parent is gone; each line asks for the count.
pub async fn serve(people: u64) -> Result<()> {
    let api = BotApi::start(([127, 0, 0, 1], 0))?;
    let bot = api.add_bot(TOKEN, "rei_bot")?;
    let crowd = (1..=people).map(|id| Person::new(id, format!("Person {id}")));
    api.add_crowd(bot, crowd)?;
    for id in (BLOCKED..=people).step_by(BLOCKED as usize) {
        api.set_blocked(PersonId(id), bot, true)?;
    }
    api.limit(Some(Figures::default()));
    api.set_weather(weather());
    let span = Arc::new(Mutex::new(None));
    tokio::spawn(watch(api.clone(), Arc::clone(&span)));
    println!("{}", api.url());
    let answer = move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            let told = count(&api, bot, people, &span);
            println!("{}", serde_json::to_string(&told).unwrap());
        }
    };
    tokio::task::spawn_blocking(answer).await?;
    Ok(())
}

type Span = Arc<Mutex<Option<(Instant, Instant)>>>;

/// Keeps the moments of the first and of the last call.
async fn watch(api: BotApi, span: Span) {
    let mut last = 0;
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        let calls = api.count("sendMessage");
        if calls > last {
            let now = Instant::now();
            let mut span = span.lock().unwrap();
            let (first, _) = span.unwrap_or((now, now));
            *span = Some((first, now));
            last = calls;
        }
    }
}

fn count(api: &BotApi, bot: BotId, people: u64, span: &Span) -> Told {
    let reached = api.read(|world| world.deliveries(bot));
    let blocked = people / BLOCKED;
    let seconds = span.lock().unwrap().map(|(first, last)| last - first);
    let (calls, refused, paid) = api.read(|world| {
        let refused = world.refused(429);
        (world.count("sendMessage"), refused, world.paid())
    });
    Told {
        calls,
        refused,
        seconds: seconds.unwrap_or_default().as_secs_f64(),
        reached: reached.len() as u64,
        twice: reached.values().filter(|count| **count > 1).count() as u64,
        left_out: people - blocked - reached.len() as u64,
        paid,
    }
}

/// The stand-in's process.
pub struct Stand {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    pub url: String,
}

impl Stand {
    pub fn start(people: u64) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &people.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ask = child.stdin.take().context("no input")?;
        let mut told = BufReader::new(child.stdout.take().context("no output")?);
        let mut url = String::new();
        told.read_line(&mut url)?;
        let url = url.trim().to_owned();
        ensure!(!url.is_empty(), "the stand-in did not start");
        Ok(Self {
            child,
            ask,
            told,
            url,
        })
    }

    pub fn report(&mut self) -> Result<Told> {
        writeln!(self.ask)?;
        let mut line = String::new();
        self.told.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// Seconds of processor time that it took so far.
    pub fn cpu(&self) -> f64 {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        contender::cpu(&process).unwrap_or_default()
    }

    /// Waits until so many have got it.
    pub fn until(&mut self, reached: u64) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(1800);
        while self.report()?.reached < reached {
            ensure!(Instant::now() < deadline, "nobody sends");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
