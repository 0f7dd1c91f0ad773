//! The shell's way: `sqlite3 .backup`, then `gzip -6`. Nothing is checked and nothing read back.

use super::Scene;
use super::meter::process;
use anyhow::{Result, ensure};
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Until it is given up.
const LIMIT: Duration = Duration::from_secs(90);

pub(crate) fn run(scene: &Scene) -> Result<()> {
    let (copy, packed) = (scene.root.join("copy.db"), scene.root.join("copy.db.gz"));
    let (begun, before) = (Instant::now(), process().1);
    let mut backup = Command::new("sqlite3");
    backup
        .arg(&scene.database)
        .args([".timeout 5000", &format!(".backup {}", copy.display())]);
    let first = match watch(backup.stdout(Stdio::null()).spawn()?) {
        Ok(Some(peak)) => peak,
        Ok(None) => {
            println!("  shell  .backup had not ended after {} s", LIMIT.as_secs());
            return Ok(());
        }
        Err(error) => {
            println!("  shell  .backup: {error}");
            return Ok(());
        }
    };
    let copied = begun.elapsed().as_secs_f64();
    let mut gzip = Command::new("gzip");
    gzip.args(["-6", "-c"]).arg(&copy);
    let second = watch(gzip.stdout(File::create(&packed)?).spawn()?)?;
    println!(
        "  shell  {:5.1} s, {:.1} s of CPU; memory {:.0} MiB; .backup {copied:.1}, gzip {:.1}; {:.1} MB",
        begun.elapsed().as_secs_f64(),
        process().1 - before,
        first.max(second.unwrap_or_default()),
        begun.elapsed().as_secs_f64() - copied,
        fs::metadata(&packed)?.len() as f64 / 1e6,
    );
    Ok(())
}

/// Waits for its end; gives its peak of memory in MiB, or nothing where it was given up.
fn watch(mut child: Child) -> Result<Option<f64>> {
    let (begun, mut peak) = (Instant::now(), 0.0f64);
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        let text = status.unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        peak = peak.max(kib.unwrap_or_default() / 1024.0);
        if let Some(ended) = child.try_wait()? {
            ensure!(ended.success(), "it failed: {ended}");
            return Ok(Some(peak));
        }
        if begun.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
