//! `broadcast send|status|pause|resume|abort|list`: notices to REI's users from a terminal.

mod send;
mod watch;
mod words;

use super::args::{Broadcast, Chosen};
use super::recover::Manner;
use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::campaign::Campaign;
use crate::domain::failure::Args;
use crate::domain::ids::CampaignId;
use crate::ops::OpsError;
use std::os::fd::AsFd;

/// Campaigns in the list.
const RECENT: u32 = 20;

pub(super) async fn run(console: &Console, command: &Broadcast) -> CliResult {
    match command {
        Broadcast::Send(args) => send::run(console, args).await,
        Broadcast::Status {
            notice, csv, json, ..
        } => status(console, *notice, (*csv, *json)).await,
        Broadcast::List(json) => list(console, json.json).await,
        Broadcast::Pause(chosen) => steer(console, chosen, Steer::Pause).await,
        Broadcast::Resume(chosen) => steer(console, chosen, Steer::Resume).await,
        Broadcast::Abort(chosen) => steer(console, chosen, Steer::Abort).await,
    }
}

/// The one that was named, or the one that a person means who names none.
async fn chosen(console: &Console, notice: Option<CampaignId>) -> Result<Campaign, OpsError> {
    match notice {
        Some(id) => console.ops.campaign(id).await,
        None => console.ops.present_notice().await,
    }
}

async fn status(
    console: &Console,
    notice: Option<CampaignId>,
    (csv, json): (bool, bool),
) -> CliResult {
    let id = chosen(console, notice).await?.id;
    if csv {
        let stdout = std::io::stdout().as_fd().try_clone_to_owned()?;
        let mut out = tokio::fs::File::from_std(stdout.into());
        console.ops.write_notice_csv(id, &mut out).await?;
        return Ok(Exit::Done);
    }
    let progress = console.ops.notice_progress(id).await?;
    if json {
        return print_json(&words::data(&progress));
    }
    for text in words::progress(console, &progress) {
        line(&text)?;
    }
    Ok(Exit::Done)
}

async fn list(console: &Console, json: bool) -> CliResult {
    let found = console.ops.recent_notices(RECENT).await?;
    if json {
        let all: Vec<_> = found.iter().map(words::data).collect();
        return print_json(&all);
    }
    if found.is_empty() {
        console.say("error-no-notice", &Args::new())?;
        return Ok(Exit::NothingToDo);
    }
    line(&words::table(console, &found).to_string())?;
    Ok(Exit::Done)
}

/// What can be done to one that goes out.
#[derive(Clone, Copy)]
enum Steer {
    Pause,
    Resume,
    Abort,
}

async fn steer(console: &Console, args: &Chosen, what: Steer) -> CliResult {
    let campaign = chosen(console, args.notice).await?;
    let progress = console.ops.notice_progress(campaign.id).await?;
    for text in words::progress(console, &progress) {
        line(&text)?;
    }
    if args.dry_run {
        return Ok(Exit::Done);
    }
    let manner = Manner {
        yes: args.yes,
        json: false,
    };
    manner.admit(console)?;
    let key = match what {
        Steer::Pause => "cli-ask-pause-notice",
        Steer::Resume => "cli-ask-resume-notice",
        Steer::Abort => "cli-ask-abort-notice",
    };
    let named = words::named(campaign.id);
    if !args.yes && !console.confirm(key, &named).await? {
        return Err(CliError::Refused(
            console.text("cli-notice-unchanged", &named),
        ));
    }
    let (ops, actor, id) = (&console.ops, &console.actor, campaign.id);
    match what {
        Steer::Pause => ops.pause_notice(actor, id).await?,
        Steer::Abort => ops.abort_notice(actor, id).await?,
        Steer::Resume => {
            ops.resume_notice(actor, id).await?;
            return watch::follow(console, id, false).await;
        }
    };
    let key = match what {
        Steer::Pause => "cli-notice-paused",
        _ => "cli-notice-aborted",
    };
    console.say(key, &named)?;
    Ok(Exit::Done)
}
