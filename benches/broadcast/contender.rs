//! Those who send, each in a process of its own that can be killed and measured.

use crate::python;
use crate::stand::TOKEN;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Ticks of the kernel's clock in a second, as `stat` counts them.
const TICKS: f64 = 100.0;
const MIB: f64 = 1024.0;

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    Ours,
    Throttle,
    PythonTelegramBot,
    Aiogram,
}

/// What is sent: the same for everybody.
pub struct Job {
    pub url: String,
    pub people: u64,
    pub rate: u32,
    /// Kept over a restart.
    pub state: PathBuf,
    _folder: Option<TempDir>,
}

impl Job {
    pub fn new(url: &str, people: u64, rate: u32) -> Result<Self> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        Ok(Self {
            url: url.to_owned(),
            people,
            rate,
            state: folder.path().to_owned(),
            _folder: Some(folder),
        })
    }

    /// Beyond what Telegram takes for nothing.
    pub fn is_paid(&self) -> bool {
        self.rate > crate::FREE
    }

    /// From a process's arguments.
    pub fn read(words: &[&str]) -> Result<Self> {
        let [url, people, rate, state] = words else {
            anyhow::bail!("four arguments are wanted, not {words:?}");
        };
        Ok(Self {
            url: (*url).to_owned(),
            people: people.parse()?,
            rate: rate.parse()?,
            state: state.into(),
            _folder: None,
        })
    }
}

impl Contender {
    pub const ALL: &[Self] = &[
        Self::PythonTelegramBot,
        Self::Aiogram,
        Self::Throttle,
        Self::Ours,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Throttle => "Throttle",
            Self::PythonTelegramBot => "AIORateLimiter",
            Self::Aiogram => "aiogram",
        }
    }

    pub fn start(self, job: &Job) -> Result<Running> {
        let mut command = match self {
            Self::Ours | Self::Throttle => {
                let mut own = Command::new(std::env::current_exe()?);
                own.arg(if self == Self::Ours {
                    "ours"
                } else {
                    "throttle"
                });
                own.args([&job.url, &job.people.to_string(), &job.rate.to_string()]);
                own.arg(&job.state);
                own
            }
            Self::PythonTelegramBot => {
                let package = "python-telegram-bot[rate-limiter]==22.5";
                script("ptb", package, include_str!("ptb.py"), job)
            }
            Self::Aiogram => script("aiogram", "aiogram==3.22.0", include_str!("loop.py"), job),
        };
        Running::new(command.stdout(Stdio::piped()).spawn()?)
    }
}

fn script(name: &str, package: &str, text: &str, job: &Job) -> Command {
    let mut command = Command::new(python::with(name, &[package]));
    command.args(["-c", text, TOKEN, &job.url, &job.people.to_string()]);
    command
}

/// A process that sends.
pub struct Running {
    child: Child,
    begun: Instant,
    /// Resident memory in KiB, at each look.
    memory: Vec<f64>,
    peak: f64,
    cpu: f64,
}

/// How it went.
#[derive(Debug, Default)]
pub struct Ended {
    pub wall: f64,
    pub cpu: f64,
    pub early_mib: f64,
    pub late_mib: f64,
    pub peak_mib: f64,
    pub kills: u32,
    pub said: String,
}

impl Running {
    fn new(child: Child) -> Result<Self> {
        Ok(Self {
            child,
            begun: Instant::now(),
            memory: Vec::new(),
            peak: 0.0,
            cpu: 0.0,
        })
    }

    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    pub fn through(mut self) -> Result<Ended> {
        while !self.look(Duration::MAX)? {}
        self.ended()
    }

    /// Killed so often, and started again each time.
    pub fn killed_every(mut self, span: Duration, job: &Job) -> Result<Ended> {
        let (begun, mut kills) = (self.begun, 0);
        let span = if span.is_zero() { Duration::MAX } else { span };
        let mut cpu = 0.0;
        loop {
            let over = self.look(span)?;
            if over {
                let mut ended = self.ended()?;
                ended.kills = kills;
                ended.cpu += cpu;
                ended.wall = begun.elapsed().as_secs_f64();
                return Ok(ended);
            }
            if self.begun.elapsed() >= span {
                cpu += self.cpu;
                self.kill()?;
                kills += 1;
                self = Contender::Ours.start(job)?;
            }
        }
    }

    /// Looks once; tells whether it is over. Returns early when the time is up.
    fn look(&mut self, span: Duration) -> Result<bool> {
        if let Some(status) = self.child.try_wait()? {
            ensure!(status.success(), "it ended with {status}");
            return Ok(true);
        }
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        if let Some((resident, peak)) = memory(&process) {
            self.memory.push(resident);
            self.peak = self.peak.max(peak);
        }
        self.cpu = cpu(&process).unwrap_or(self.cpu);
        std::thread::sleep(LOOK.min(span));
        Ok(false)
    }

    fn ended(mut self) -> Result<Ended> {
        let mut said = String::new();
        let output = self.child.stdout.as_mut().context("no output")?;
        output.read_to_string(&mut said)?;
        let at = |share: usize| self.memory.get(self.memory.len() * share / 100);
        Ok(Ended {
            wall: self.begun.elapsed().as_secs_f64(),
            cpu: self.cpu,
            early_mib: at(10).copied().unwrap_or_default() / MIB,
            late_mib: at(97).copied().unwrap_or_default() / MIB,
            peak_mib: self.peak / MIB,
            kills: 0,
            said: said.trim().to_owned(),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// KiB: now, and at the most.
fn memory(process: &Path) -> Option<(f64, f64)> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((field("VmRSS:")?, field("VmHWM:")?))
}

/// Seconds of processor time.
pub fn cpu(process: &Path) -> Option<f64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let user: f64 = fields.nth(11)?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}
