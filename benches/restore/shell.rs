//! The paper runbook's way: download, `gunzip`, `cp`, `sqlite3 "PRAGMA integrity_check"`.

use super::material::Material;
use super::meter::{Measured, process};
use super::{BUCKET, ours};
use anyhow::{Context, Result, ensure};
use aws_sdk_s3::presigning::PresigningConfig;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs the pipeline; with a server's address the backup is downloaded first.
pub async fn run(material: &Material, server: Option<&str>) -> Result<Measured> {
    let home = &material.home;
    let link = match server {
        Some(url) => Some(link(url, material).await?),
        None => None,
    };
    let mut clock = Clock::default();
    let before = process().1;
    let packed: PathBuf = match link {
        Some(link) => {
            let to = home.join("downloaded.db.gz");
            let mut curl = Command::new("curl");
            clock.time("download", curl.args(["-sSf", "-o"]).arg(&to).arg(link))?;
            to
        }
        None => material.backup(),
    };
    fs::create_dir_all(home.join("restored"))?;
    let restored = home.join("restored/bot.db");
    let mut gunzip = Command::new("gunzip");
    gunzip
        .arg("-c")
        .arg(packed)
        .stdout(File::create(&restored)?);
    clock.time("gunzip", &mut gunzip)?;
    let database = home.join("bot.db");
    clock.time("cp", Command::new("cp").arg(&restored).arg(&database))?;
    let mut sqlite = Command::new("sqlite3");
    let answer = clock.time(
        "integrity_check",
        sqlite.arg(&database).arg("PRAGMA integrity_check"),
    )?;
    ensure!(answer.trim() == "ok", "integrity_check says {answer}");
    Ok(Measured {
        wall: clock.0.iter().map(|(_, seconds)| seconds).sum(),
        parts: clock.0,
        cpu: process().1 - before,
        ..Measured::default()
    })
}

/// An address that `curl` can fetch without keys.
async fn link(server: &str, material: &Material) -> Result<String> {
    let name = material.backup();
    let name = name.file_name().context("no name")?.to_string_lossy();
    let client = ours::client(server);
    let request = client.get_object().bucket(BUCKET).key(name);
    let hour = PresigningConfig::expires_in(Duration::from_secs(3600))?;
    Ok(request.presigned(hour).await?.uri().to_owned())
}

#[derive(Default)]
struct Clock(Vec<(&'static str, f64)>);

impl Clock {
    fn time(&mut self, part: &'static str, command: &mut Command) -> Result<String> {
        let begun = Instant::now();
        let output = command.output()?;
        self.0.push((part, begun.elapsed().as_secs_f64()));
        ensure!(output.status.success(), "{command:?}: {output:?}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
