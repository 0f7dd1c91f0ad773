//! Watching a notice until it has ended.

use super::words;
use crate::cli::terminal::line;
use crate::cli::{CliResult, Console, Exit};
use crate::domain::campaign::{Phase, Progress};
use crate::domain::ids::CampaignId;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How often it is looked at; its sender may be another process.
const LOOK: Duration = Duration::from_millis(300);

/// Watches it; the sender is the running instance's, or one that is provided in this process.
pub(super) async fn follow(console: &Console, id: CampaignId, json: bool) -> CliResult {
    console.wanted.cancel();
    let bar = bar(json);
    let mut seen = None;
    loop {
        let progress = console.ops.notice_progress(id).await?;
        let phase = progress.campaign.phase;
        if seen != Some(phase) {
            seen = Some(phase);
            bar.suspend(|| tell(console, &progress, json))?;
        }
        let tally = &progress.tally;
        bar.set_length(tally.total());
        bar.set_position(tally.total() - tally.left());
        if phase.is_over() || phase == Phase::Paused {
            bar.finish_and_clear();
            return ended(console, &progress, json);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn tell(console: &Console, progress: &Progress, json: bool) -> Result<(), crate::cli::CliError> {
    if json {
        return line(&serde_json::to_string(&words::data(progress))?);
    }
    line(&words::phase(console, progress))
}

fn ended(console: &Console, progress: &Progress, json: bool) -> CliResult {
    if !json {
        for text in words::progress(console, progress) {
            line(&text)?;
        }
    }
    Ok(match progress.campaign.phase {
        Phase::Done => Exit::Done,
        Phase::Dropped => Exit::Refused,
        _ => Exit::Failed,
    })
}

fn bar(json: bool) -> ProgressBar {
    // Draws on a terminal only; elsewhere the lines tell enough.
    if json {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
