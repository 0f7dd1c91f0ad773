//! Our restore against the paper runbook's shell pipeline, on the same machine in the same run.
//!
//! `make bench`, or `cargo bench --bench restore -- [MiB] [rounds]` (1024 MiB, 2 rounds). Each way is
//! run once per round and the best round counts; outputs are removed and disks synced between runs,
//! and the backup is in the page cache for all of them.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod material;
mod meter;
mod ours;
mod shell;

use anyhow::{Context, Result, bail};
use material::Material;
use meter::Measured;
use rei_recovery::demo::s3::{S3Options, S3Server};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) const BUCKET: &str = "bench";
pub(crate) const KEY: &str = "bench";
pub(crate) const SECRET: &str = "a secret for the benchmark";

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = given.iter().map(String::as_str).filter(|a| *a != "--bench");
    let first = arguments.next();
    if first == Some("serve") {
        return serve(Path::new(arguments.next().context("no folder to serve")?)).await;
    }
    let mib = first.unwrap_or("1024").parse().context("MiB")?;
    let rounds = arguments.next().unwrap_or("2").parse().context("rounds")?;
    let material = Material::prepare(mib)?;
    let server = Server::start(&material.store)?;
    println!("{}", material.describe());
    let mut results: Vec<(&str, &str, Vec<Measured>)> = Vec::new();
    for (from, way) in [
        ("folder", "shell"),
        ("folder", "record"),
        ("folder", "full"),
        ("s3", "shell"),
        ("s3", "record"),
        ("s3", "full"),
    ] {
        results.push((from, way, Vec::new()));
    }
    for round in 1..=rounds {
        for (from, way, measured) in &mut results {
            material.clean()?;
            let url = (*from == "s3").then_some(server.url.as_str());
            let run = match *way {
                "shell" => shell::run(&material, url).await?,
                _ => ours::run(&material, url, *way == "full").await?,
            };
            println!("round {round}  {from:6} {way:6}  {run}");
            measured.push(run);
        }
    }
    report(&results)
}

fn report(results: &[(&str, &str, Vec<Measured>)]) -> Result<()> {
    println!("\nbest of each:");
    for from in ["folder", "s3"] {
        let best = |wanted: &str| {
            let found = results.iter().find(|(f, w, _)| *f == from && *w == wanted);
            let runs = found.map(|(_, _, runs)| runs.iter());
            let best = runs.and_then(|runs| runs.min_by(|a, b| a.wall.total_cmp(&b.wall)));
            best.context("no run was measured")
        };
        let shell = best("shell")?;
        println!("{from}: shell {shell}");
        for (way, words, aim) in [
            ("record", "with a record", 12.0),
            ("full", "without a record", 2.5),
        ] {
            let run = best(way)?;
            let (ratio, less) = (shell.wall / run.wall, shell.cpu / run.cpu);
            println!("  {words}: {run}");
            println!("    {ratio:.1} times as fast (aim {aim}), {less:.1} times less CPU");
            println!("    {}", run.limit());
        }
    }
    Ok(())
}

/// The S3 server in a process of its own, so that its memory and time are not ours.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        let stdout = child.stdout.take().context("no output")?;
        BufReader::new(stdout).read_line(&mut url)?;
        if url.trim().is_empty() {
            bail!("the S3 server did not start");
        }
        let url = url.trim().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the parent is gone.
async fn serve(folder: &Path) -> Result<()> {
    let server = S3Server::start(S3Options::local(folder, BUCKET, KEY, SECRET)).await?;
    println!("{}", server.url());
    let gone = tokio::task::spawn_blocking(|| std::io::stdin().lines().count());
    gone.await?;
    Ok(())
}
