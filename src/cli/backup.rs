//! `backup list`, `backup verify` and `backup restore`.

use super::args::{Backup, Backups};
use super::recover::Manner;
use super::terminal::{json as print_json, line, table};
use super::{CliError, CliResult, Console, Exit, verify};
use crate::domain::backup::Place;
use crate::domain::catalogue::{Blemish, Catalogue, ListedBackup};
use crate::domain::failure::{Arg, Args};
use crate::ops::Which;
use crate::ports::backups::Work;
use serde_json::json;
use std::path::Path;

pub(super) async fn run(console: &Console, args: &Backup) -> CliResult {
    match args {
        Backup::List(as_json) => list(console, as_json.json).await,
        Backup::Create(manner) => super::backup_take::create(console, *manner).await,
        Backup::Prune(manner) => super::backup_take::prune(console, *manner).await,
        Backup::Verify { backup, json } => {
            let wanted = match backup {
                Some(Backups(Which::At(time))) => Some(*time),
                _ => None,
            };
            verify::run(console, wanted, *json).await
        }
        Backup::Restore {
            backup,
            to,
            dry_run: true,
            json,
            ..
        } => show(console, backup.0, to, *json).await,
        Backup::Restore {
            backup,
            to,
            yes,
            json,
            ..
        } => {
            let manner = Manner {
                yes: *yes,
                json: *json,
            };
            restore(console, backup.0, to, manner).await
        }
    }
}

async fn list(console: &Console, as_json: bool) -> CliResult {
    let catalogue = console.ops.catalogue().await;
    if as_json {
        return print_json(&marked(console, &catalogue)?);
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

/// The list, each backup with what speaks against it.
fn marked(console: &Console, catalogue: &Catalogue) -> Result<serde_json::Value, CliError> {
    let mut list = serde_json::to_value(catalogue)?;
    for (index, listed) in catalogue.backups.iter().enumerate() {
        let mark = listed.blemish(console.ops.now()).map(Blemish::as_str);
        list["backups"][index]["mark"] = json!(mark);
    }
    Ok(list)
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
            verified(console, listed),
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

/// When it was verified, or what speaks against it.
fn verified(console: &Console, listed: &ListedBackup) -> String {
    match (listed.blemish(console.ops.now()), &listed.record) {
        (Some(blemish), _) => against(console, listed, blemish),
        (None, Some(record)) => console.i18n.minute(console.locale, record.verified_at),
        (None, None) => console.text("console-no", &Args::new()),
    }
}

fn against(console: &Console, listed: &ListedBackup, blemish: Blemish) -> String {
    let mark = ("mark".to_owned(), Arg::from(blemish.as_str()));
    let why = listed.failed.as_ref().map_or("", |f| f.code.as_str());
    let why = console.text(
        "backup-flaw",
        &Args::from([("code".to_owned(), why.into())]),
    );
    let args = Args::from([mark, ("why".to_owned(), why.into())]);
    console.text("backup-mark", &args)
}

fn place(place: &Place) -> &'static str {
    place.as_str()
}

async fn show(console: &Console, which: Which, to: &Path, as_json: bool) -> CliResult {
    let chosen = console.ops.which_backup(which).await?;
    if as_json {
        return print_json(&chosen);
    }
    line(&format!("{} → {}", chosen.backup.name, to.display())).map(|()| Exit::Done)
}

async fn restore(console: &Console, which: Which, to: &Path, manner: Manner) -> CliResult {
    manner.admit(console)?;
    // What was asked about is what is restored, also when a newer one comes meanwhile.
    let chosen = console.ops.which_backup(which).await?.backup.time;
    let asked = Args::from([
        ("backup".to_owned(), chosen.to_string().into()),
        ("to".to_owned(), to.display().to_string().into()),
    ]);
    if !manner.yes && !console.confirm("cli-ask-restore", &asked).await? {
        return Err(CliError::Refused(
            console.text("cli-not-restored", &Args::new()),
        ));
    }
    let which = Which::At(chosen);
    let done = console
        .ops
        .restore_beside(&console.actor, which, to, &Work::default())
        .await?;
    if manner.json {
        return print_json(&json!({
            "file": done.file,
            "bytes": done.fetched.bytes,
            "content": done.fetched.content,
            "counts": done.report.counts,
            "sqlite": done.report.sqlite,
            "verified_before": done.other,
        }));
    }
    let args = Args::from([
        ("file".to_owned(), done.file.display().to_string().into()),
        ("size".to_owned(), Arg::Bytes(done.fetched.bytes)),
        ("hash".to_owned(), done.fetched.content.short().into()),
    ]);
    console.say("cli-restored", &args)?;
    if let Some(other) = &done.other {
        let args = Args::from([
            ("expected".to_owned(), other.short().into()),
            ("found".to_owned(), done.fetched.content.short().into()),
        ]);
        console.say("cli-restored-other", &args)?;
    }
    Ok(Exit::Done)
}
