//! A backup of ours beside `sqlite3 .backup` and `gzip -6`, on the same machine in the same run; idle, and
//! beside a writer of 200 transactions a second whose longest wait is measured.
//!
//! `cargo bench --bench taking -- [MiB]` (64; the database is built once and kept). The shell's way beside
//! the writer is given up after a while: `sqlite3` begins its copy anew whenever somebody else commits.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

#[path = "../restore/material.rs"]
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod material;
#[path = "../restore/meter.rs"]
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod meter;
mod ours;
mod shell;
mod writer;

use anyhow::{Context, Result};
use material::Material;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use writer::Writer;

/// Where the material would stand in a bucket.
pub(crate) const BUCKET: &str = "bench";

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = given.iter().map(String::as_str).filter(|a| *a != "--bench");
    let first = arguments.next();
    if first == Some("write") {
        return writer::write(Path::new(arguments.next().context("no database")?));
    }
    let mib = first.unwrap_or("64").parse().context("MiB")?;
    let material = Material::prepare(mib)?;
    println!("{}", material.describe());
    for journal in ["wal", "delete"] {
        for busy in [false, true] {
            println!(
                "\n{journal} mode, {}",
                if busy { "beside 200 commits/s" } else { "idle" }
            );
            let scene = Scene::make(&material, journal)?;
            let writer = busy.then(|| Writer::begin(&scene.database)).transpose()?;
            ours::run(&scene).await?;
            tell(writer)?;
            let writer = busy.then(|| Writer::begin(&scene.database)).transpose()?;
            shell::run(&scene)?;
            tell(writer)?;
        }
    }
    Ok(())
}

fn tell(writer: Option<Writer>) -> Result<()> {
    if let Some(writer) = writer {
        println!("    the writer: {}", writer.end()?);
    }
    Ok(())
}

/// A folder with a database in it.
pub(crate) struct Scene {
    pub(crate) root: PathBuf,
    pub(crate) database: PathBuf,
}

impl Scene {
    fn make(material: &Material, journal: &str) -> Result<Self> {
        let root = material.home.clone();
        std::fs::remove_dir_all(&root)?;
        std::fs::create_dir_all(root.join("backups"))?;
        let database = root.join("bot.db");
        std::fs::copy(&material.database, &database)?;
        Connection::open(&database)?.pragma_update(None, "journal_mode", journal)?;
        anyhow::ensure!(std::process::Command::new("sync").status()?.success());
        Ok(Self { root, database })
    }
}
