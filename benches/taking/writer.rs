//! REI's writer as a process of its own, and how long it had to wait.

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long Python's sqlite3 waits for a lock.
const PATIENCE: Duration = Duration::from_secs(5);
const BEAT: Duration = Duration::from_millis(5);

pub(crate) struct Writer(Child);

impl Writer {
    pub(crate) fn begin(database: &Path) -> Result<Self> {
        let child = Command::new(std::env::current_exe()?)
            .arg("write")
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        std::thread::sleep(Duration::from_secs(1));
        Ok(Self(child))
    }

    /// What it has to say.
    pub(crate) fn end(mut self) -> Result<String> {
        drop(self.0.stdin.take());
        let mut told = String::new();
        let mut stdout = self.0.stdout.take().context("no output")?;
        stdout.read_to_string(&mut told)?;
        ensure!(self.0.wait()?.success(), "the writer failed: {told}");
        Ok(told.trim().to_owned())
    }
}

/// Commits until standard input is closed, then tells.
pub(crate) fn write(database: &Path) -> Result<()> {
    let enough = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&enough);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read(&mut [0]);
        told.store(true, Ordering::Relaxed);
    });
    let db = Connection::open(database)?;
    db.busy_timeout(PATIENCE)?;
    let (begun, mut waits, mut refused) = (Instant::now(), Vec::new(), 0u32);
    for beat in 1u32.. {
        if enough.load(Ordering::Relaxed) {
            break;
        }
        let at = Instant::now();
        let sql = "INSERT INTO ledger(user_id, amount, reason, reference, created_at)
                   VALUES (1, 0, 'gift', 'bench', '2026-11-23 04:00:00')";
        match db.execute(sql, []) {
            Ok(_) => waits.push(at.elapsed()),
            Err(_) => refused += 1,
        }
        std::thread::sleep((BEAT * beat).saturating_sub(begun.elapsed()));
    }
    waits.sort();
    let millis = |wait: Option<&Duration>| wait.map_or(0.0, |w| w.as_secs_f64() * 1e3);
    let most = waits.get(waits.len().saturating_mul(99) / 100);
    println!(
        "{} commits in {:.1} s, {refused} refused, longest wait {:.1} ms, 99 % within {:.1} ms",
        waits.len(),
        begun.elapsed().as_secs_f64(),
        millis(waits.last()),
        millis(most)
    );
    Ok(())
}
