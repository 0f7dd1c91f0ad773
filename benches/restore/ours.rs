//! Our way: stage, prove, put in place.

use super::material::Material;
use super::meter::{Measured, measure};
use super::{BUCKET, KEY, SECRET};
use anyhow::{Context, Result, ensure};
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::s3::{S3Keys, S3Limits, S3Place, S3Settings};
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::database::Ownership;
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::database::{DatabaseChecks, DatabaseFiles, Depth, Layout};
use rei_recovery::runbook::schema;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Restores from the folder or (with a server's address) from S3. `full`: nobody has verified the
/// backup before; otherwise its content is known and only proved to be the same.
pub async fn run(material: &Material, server: Option<&str>, full: bool) -> Result<Measured> {
    let place: Arc<dyn BackupPlace> = match server {
        Some(url) => Arc::new(S3Place::new(&settings(url)).await),
        None => Arc::new(BackupDir::new(
            material.folder.clone(),
            Duration::from_secs(10),
        )),
    };
    let known = hash(material)?;
    let layout = Layout {
        database: material.home.join("bot.db"),
        quarantine: material.home.join("quarantine"),
        staging: material.home.join(".bot.db.staged"),
    };
    let (parts, measured) = measure(restore(place, &layout, full, &known)).await;
    Ok(Measured {
        parts: parts?,
        ..measured
    })
}

async fn restore(
    place: Arc<dyn BackupPlace>,
    layout: &Layout,
    full: bool,
    known: &str,
) -> Result<Vec<(&'static str, f64)>> {
    let checks = SqliteChecks::new(schema::built_in()?, CheckLimits::default());
    let (mut parts, mut last) = (Vec::new(), Instant::now());
    let mut lap = |part| {
        parts.push((part, last.elapsed().as_secs_f64()));
        last = Instant::now();
    };
    let work = Work::default();
    let backups = place.list().await?;
    let backup = backups.first().context("there is no backup")?;
    let fetched = LocalFiles.stage(layout, place, backup, &work).await?;
    lap("stage");
    let depth = if full { Depth::Full } else { Depth::Cheap };
    ensure!(fetched.content.0 == known, "the content is another one");
    checks.check(&layout.staging, depth, &work).await?;
    lap("check");
    let folder = std::fs::metadata(layout.database.with_file_name("."))?;
    let (uid, gid, mode) = (folder.uid(), folder.gid(), 0o640);
    LocalFiles
        .install(layout, Ownership { uid, gid, mode })
        .await?;
    lap("install");
    Ok(parts)
}

/// What a verification record would hold.
fn hash(material: &Material) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(&material.database)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn settings(url: &str) -> S3Settings {
    S3Settings {
        endpoint: Some(url.to_owned()),
        region: None,
        bucket: BUCKET.into(),
        prefix: String::new(),
        keys: Some(S3Keys {
            id: KEY.into(),
            secret: SECRET.into(),
            session: None,
        }),
        limits: S3Limits::default(),
    }
}

/// A plain client, for what the shell cannot sign.
pub fn client(url: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(KEY, SECRET, None, None, "bench"))
        .region(Region::from_static("us-east-1"))
        .endpoint_url(url)
        .force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}
