//! `jobs retry | rebuild` and `payments`: runs of runbooks of their own.

use super::args::{Jobs, Last, Manner as Arguments, Payments};
use super::recover::{Manner, carry_out};
use super::terminal::{json as print_json, line};
use super::{CliResult, Console, Exit};
use crate::domain::facts::Facts;
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::RunbookId;
use crate::domain::payment::SyncReport;
use crate::domain::plan::RetryPreview;
use crate::ops::{
    OpsError, PAYMENTS_SYNC, Proposal, REBUILD_QUEUE, RETRY_FAILED, RetryWish, Which,
};
use crate::ports::backups::Work;

pub(super) async fn jobs(console: &Console, command: &Jobs) -> CliResult {
    match command {
        Jobs::Rebuild(args) => rebuild(console, *args).await,
        Jobs::Retry {
            last,
            provider,
            error,
            manner,
        } => {
            let wish = RetryWish {
                last: last.map(|Last(length)| length),
                provider: provider.clone(),
                error: error.clone(),
            };
            retry(console, wish, *manner).await
        }
    }
}

async fn retry(console: &Console, wish: RetryWish, args: Arguments) -> CliResult {
    if args.dry_run {
        let preview = console.ops.retry_preview(&wish).await?;
        return show_retry(console, &preview, args.json);
    }
    begin(console, RETRY_FAILED, Some(wish), args).await
}

fn show_retry(console: &Console, preview: &RetryPreview, json: bool) -> CliResult {
    if json {
        return print_json(preview);
    }
    console.say("cli-retry", &retry_args(preview))?;
    for (error, count) in &preview.errors {
        let values = [
            ("error".to_owned(), Arg::from(error.as_str())),
            ("count".to_owned(), number(*count)),
        ];
        console.say("cli-retry-error", &Args::from(values))?;
    }
    Ok(if preview.jobs == 0 {
        Exit::NothingToDo
    } else {
        Exit::Done
    })
}

/// The blanks of a preview.
fn retry_args(preview: &RetryPreview) -> Args {
    let named = |map: &std::collections::BTreeMap<String, u64>| {
        let parts: Vec<String> = map
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        Arg::from(parts.join(", "))
    };
    Args::from([
        ("jobs".to_owned(), number(preview.jobs)),
        ("cost".to_owned(), preview.cost.into()),
        ("providers".to_owned(), named(&preview.providers)),
        ("queues".to_owned(), named(&preview.queues)),
        ("anew".to_owned(), number(preview.anew)),
        ("unproved".to_owned(), number(preview.unproved)),
        ("stopped".to_owned(), number(preview.stopped)),
        ("expired".to_owned(), number(preview.expired)),
        ("abandoned".to_owned(), number(preview.abandoned)),
    ])
}

async fn rebuild(console: &Console, args: Arguments) -> CliResult {
    let preview = console.ops.rebuild_preview().await?;
    if args.dry_run && args.json {
        return print_json(
            &serde_json::json!({ "rows": preview.rows, "missing": preview.missing }),
        );
    }
    if args.dry_run || preview.missing == 0 {
        let values = [
            ("rows".to_owned(), number(preview.rows)),
            ("missing".to_owned(), number(preview.missing)),
        ];
        console.say("cli-rebuild", &Args::from(values))?;
    }
    if preview.missing == 0 {
        return Ok(Exit::NothingToDo);
    }
    if args.dry_run {
        return Ok(Exit::Done);
    }
    begin(console, REBUILD_QUEUE, None, args).await
}

pub(super) async fn payments(console: &Console, command: &Payments) -> CliResult {
    let Payments::Sync(args) = command else {
        return list(console).await;
    };
    if !args.dry_run {
        return begin(console, PAYMENTS_SYNC, None, *args).await;
    }
    let report = console.ops.sync_preview(&Work::default()).await?;
    show_sync(console, &report, args.json)
}

async fn list(console: &Console) -> CliResult {
    let Some(csv) = console.ops.payments_csv(&Work::default()).await? else {
        return Ok(Exit::NothingToDo);
    };
    line(csv.trim_end())?;
    Ok(Exit::Done)
}

fn show_sync(console: &Console, report: &SyncReport, json: bool) -> CliResult {
    if json {
        return print_json(report);
    }
    let looked = Args::from([("looked".to_owned(), number(report.looked_at))]);
    console.say("cli-sync", &looked)?;
    for (deed, count) in &report.deeds {
        let deed = console.text(&format!("deed-{deed}"), &Args::new());
        let values = [
            ("deed".to_owned(), Arg::from(deed)),
            ("count".to_owned(), number(*count)),
        ];
        console.say("cli-sync-deed", &Args::from(values))?;
    }
    for (id, deed) in &report.open {
        let deed = console.text(&format!("deed-{deed}"), &Args::new());
        let values = [
            ("id".to_owned(), Arg::from(id.as_str())),
            ("deed".to_owned(), Arg::from(deed)),
        ];
        console.say("facts-synced-open", &Args::from(values))?;
    }
    Ok(Exit::Done)
}

async fn begin(
    console: &Console,
    runbook: &str,
    retry: Option<RetryWish>,
    args: Arguments,
) -> CliResult {
    let unknown = |_| OpsError::UnknownRunbook(runbook.to_owned());
    let proposal = Proposal {
        runbook: runbook.parse::<RunbookId>().map_err(unknown)?,
        which: Which::Latest,
        retry,
        chat: None,
    };
    let manner = Manner {
        yes: args.yes,
        json: args.json,
    };
    carry_out(console, proposal, manner, false).await
}

/// A step's line with what came out of it.
pub(super) fn with_outcome(console: &Console, line: String, facts: &Facts) -> String {
    let outcome = match facts {
        Facts::Synced(report) => console.text("cli-synced", &synced(report)),
        Facts::NotApplicable { reason } => console.text(reason, &Args::new()),
        other => match other.told() {
            Some((key, blanks)) => console.text(key, &blanks),
            None => return line,
        },
    };
    format!("{line} ({outcome})")
}

fn synced(report: &SyncReport) -> Args {
    Args::from([
        ("looked".to_owned(), number(report.looked_at)),
        ("credited".to_owned(), number(report.credited)),
        ("credits".to_owned(), report.credits.into()),
        ("already".to_owned(), number(report.already)),
        ("updated".to_owned(), number(report.updated)),
        ("open".to_owned(), number(report.open.len() as u64)),
    ])
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}
