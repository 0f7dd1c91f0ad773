//! `backup list` and `backup restore`.

use super::args::Backup;
use super::terminal::{json as print_json, line, table};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::backup::{Catalogue, Place};
use crate::domain::failure::{Arg, Args};
use crate::ops::Which;
use crate::ports::backups::Work;
use serde_json::json;
use std::path::Path;

pub(super) async fn run(console: &Console, args: &Backup) -> CliResult {
    match args {
        Backup::List(as_json) => list(console, as_json.json).await,
        Backup::Restore {
            backup,
            to,
            dry_run,
            json,
        } => restore(console, backup.0, to, (*dry_run, *json)).await,
    }
}

async fn list(console: &Console, as_json: bool) -> CliResult {
    let catalogue = console.ops.catalogue().await;
    if as_json {
        return print_json(&catalogue);
    }
    print(console, &catalogue)?;
    Ok(
        match (
            catalogue.backups.is_empty(),
            catalogue.unreadable.is_empty(),
        ) {
            (true, true) => Exit::NothingToDo,
            (true, false) => Exit::Failed,
            _ => Exit::Done,
        },
    )
}

fn print(console: &Console, catalogue: &Catalogue) -> Result<(), CliError> {
    let none = Args::new();
    let columns = ["time", "age", "size", "place", "verified", "sha256"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-backup-{name}"), &none))
            .collect(),
    );
    for listed in &catalogue.backups {
        let backup = &listed.backup;
        let age = console.ops.now().duration_since(backup.time.at());
        let verified = listed
            .record
            .as_ref()
            .map(|record| console.i18n.minute(console.locale, record.verified_at));
        rows.add_row(vec![
            backup.time.to_string(),
            console
                .i18n
                .length(console.locale, age.try_into().unwrap_or_default()),
            console.i18n.size(console.locale, backup.size),
            console.text(
                "place",
                &Args::from([("place".to_owned(), place(&backup.place).into())]),
            ),
            verified.unwrap_or_else(|| console.text("console-no", &none)),
            backup
                .sha256
                .as_deref()
                .and_then(|hash| hash.get(..12))
                .unwrap_or("–")
                .to_owned(),
        ]);
    }
    line(&rows.to_string())?;
    for (silent, failure) in &catalogue.unreadable {
        let why = console.text(&format!("failure-{}", failure.code.as_str()), &failure.args);
        let named = console.text(
            "place",
            &Args::from([("place".to_owned(), place(silent).into())]),
        );
        line(&format!("{named}: {why}"))?;
    }
    Ok(())
}

fn place(place: &Place) -> &'static str {
    match place {
        Place::Folder => "folder",
        Place::S3 => "s3",
    }
}

async fn restore(
    console: &Console,
    which: Which,
    to: &Path,
    (dry_run, as_json): (bool, bool),
) -> CliResult {
    if dry_run {
        let chosen = console.ops.which_backup(which).await?;
        return if as_json {
            print_json(&chosen)
        } else {
            line(&format!("{} → {}", chosen.backup.name, to.display())).map(|()| Exit::Done)
        };
    }
    let done = console
        .ops
        .restore_beside(&console.actor, which, to, &Work::default())
        .await?;
    if as_json {
        return print_json(&json!({
            "file": done.file,
            "bytes": done.fetched.bytes,
            "content": done.fetched.content,
            "counts": done.report.counts,
            "sqlite": done.report.sqlite,
        }));
    }
    let args = Args::from([
        ("file".to_owned(), done.file.display().to_string().into()),
        ("size".to_owned(), Arg::Bytes(done.fetched.bytes)),
        ("hash".to_owned(), done.fetched.content.short().into()),
    ]);
    console.say("cli-restored", &args)?;
    Ok(Exit::Done)
}
