//! What the console says of notices.

use crate::cli::Console;
use crate::cli::terminal::table as plain_table;
use crate::domain::campaign::audience::Listed;
use crate::domain::campaign::delivery::Standing;
use crate::domain::campaign::message::Notice;
use crate::domain::campaign::{Campaign, Progress};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::CampaignId;
use comfy_table::Table;
use serde_json::{Value, json};

pub(super) fn named(id: CampaignId) -> Args {
    Args::from([("notice".to_owned(), id.to_string().into())])
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Where it is, in one line.
pub(super) fn phase(console: &Console, progress: &Progress) -> String {
    let campaign = &progress.campaign;
    let key = format!("campaign-phase-{}", campaign.phase.as_str());
    let mut args = named(campaign.id);
    args.insert("phase".to_owned(), console.text(&key, &Args::new()).into());
    args.insert("task".to_owned(), campaign.task.as_str().into());
    console.text("cli-notice-phase", &args)
}

/// Where it is, and everybody's standing.
pub(super) fn progress(console: &Console, progress: &Progress) -> Vec<String> {
    let mut lines = vec![phase(console, progress)];
    let mut tally = progress.tally;
    let parts: Vec<String> = Standing::ALL
        .iter()
        .map(|standing| (standing, *tally.of(*standing)))
        .filter(|(standing, count)| *count > 0 || **standing == Standing::Sent)
        .map(|(standing, count)| {
            let args = Args::from([("count".to_owned(), number(count))]);
            console.text(&format!("standing-{}", standing.as_str()), &args)
        })
        .collect();
    lines.push(parts.join(" · "));
    if let Some(failure) = &progress.campaign.failure {
        let key = format!("failure-{}", failure.code.as_str());
        lines.push(console.text(&key, &failure.args));
        lines.push(console.text(&format!("{key}.hint"), &failure.args));
    }
    lines
}

/// The whole text in each language.
pub(super) fn says(console: &Console, notice: &Notice) -> Vec<String> {
    let each = notice.messages.iter();
    each.map(|(tag, message)| {
        let language = Args::from([("tag".to_owned(), tag.as_str().into())]);
        let language = console.text("notice-language", &language);
        format!("[{language}] {}", message.text.text)
    })
    .collect()
}

pub(super) fn listed(console: &Console, listed: &Listed) -> Vec<String> {
    let at = Args::from([("at".to_owned(), Arg::Time(listed.as_of))]);
    let source = format!("cli-list-source-{}", listed.source.as_str());
    let source = console.text(&source, &at);
    let count = Args::from([
        ("count".to_owned(), number(listed.count)),
        ("source".to_owned(), source.into()),
    ]);
    let left_out = Args::from([
        ("blocked".to_owned(), number(listed.blocked)),
        ("spared".to_owned(), number(listed.spared)),
        ("unknown".to_owned(), number(listed.unknown)),
    ]);
    vec![
        console.text("cli-notice-count", &count),
        console.text("notice-left-out", &left_out),
    ]
}

/// How long it takes and what it costs.
pub(super) fn takes(console: &Console, campaign: &Campaign) -> Vec<String> {
    let rate = console.ops.notice_rules().rate;
    let count = campaign.listed.as_ref().map_or(0, |listed| listed.count);
    let args = Args::from([
        ("length".to_owned(), Campaign::expected(count, rate).into()),
        ("rate".to_owned(), i64::from(rate).into()),
    ]);
    let mut lines = vec![console.text("notice-takes", &args)];
    lines.extend(campaign.stars().map(|stars| {
        let args = Args::from([("stars".to_owned(), number(stars))]);
        console.text("cli-notice-costs", &args)
    }));
    lines
}

/// What would be sent, for programs.
pub(super) fn would(notice: &Notice, listed: &Listed) -> Value {
    json!({ "notice": notice, "listed": listed })
}

/// A campaign, for programs.
pub(super) fn data(progress: &Progress) -> Value {
    let campaign = &progress.campaign;
    json!({
        "notice": campaign.id.to_string(),
        "phase": campaign.phase,
        "task": campaign.task,
        "audience": campaign.audience,
        "listed": campaign.listed,
        "urgent": campaign.urgent,
        "requester": campaign.requester,
        "failure": campaign.failure,
        "created_at": campaign.created_at,
        "approved_at": campaign.approved_at,
        "begun_at": campaign.begun_at,
        "ended_at": campaign.ended_at,
        "tally": progress.tally,
    })
}

pub(super) fn table(console: &Console, found: &[Progress]) -> Table {
    let head = ["notice", "when", "state", "sent", "total", "by"];
    let head = head.map(|name| console.text(&format!("cli-notices-{name}"), &Args::new()));
    let mut table = plain_table(head.to_vec());
    for progress in found {
        let campaign = &progress.campaign;
        let phase = format!("campaign-phase-{}", campaign.phase.as_str());
        table.add_row(vec![
            campaign.id.to_string(),
            console.i18n.moment(console.locale, campaign.created_at),
            console.text(&phase, &Args::new()),
            progress.tally.sent.to_string(),
            progress.tally.total().to_string(),
            console.i18n.foreign(&campaign.requester.name),
        ]);
    }
    table
}
