//! What is checked after each play, from outside the bot.

use crate::demo::error::DemoResult;
use crate::demo::units::Unit;
use crate::demo::world::{Entry, World};
use std::time::Duration;

/// What the play left to be checked.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) run: i64,
    pub(super) took: Duration,
}

/// One thing that was checked.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) holds: bool,
    pub(super) seen: String,
}

pub(super) fn check_of(what: &'static str, holds: bool, seen: impl Into<String>) -> Check {
    Check {
        what,
        holds,
        seen: seen.into(),
    }
}

/// What holds after every scenario. The scenario's own checks belong behind the first two.
pub(super) async fn common(world: &World, played: &Played) -> DemoResult<Vec<Check>> {
    let journal = world.state.journal(played.run)?;
    let outcome = journal
        .last()
        .map(|last| last.event.clone())
        .unwrap_or_default();
    let audit = world.console(&["audit", "verify"]).await?;
    let said = format!("{}{}", audit.stdout, audit.stderr)
        .trim()
        .to_owned();
    let waiting = world.state.backlog()?;
    Ok(vec![
        check_of(
            "the run finished as it should",
            outcome["event"] == "finished" && outcome["outcome"].to_string().contains("recovered"),
            outcome["outcome"].to_string(),
        ),
        right_people(world, &journal),
        units(world)?,
        time(&journal, played.took),
        check_of("audit verify passes", audit.code == Some(0), said),
        check_of(
            "the outbox is empty",
            waiting == 0,
            format!("{waiting} messages wait"),
        ),
    ])
}

/// Each approval by the other one.
fn right_people(world: &World, journal: &[Entry]) -> Check {
    let of_kind = |kind: &'static str| journal.iter().filter(move |entry| entry.kind() == kind);
    let by: Vec<_> = of_kind("approved")
        .map(|entry| entry.event["by"].clone())
        .collect();
    let boris = |by: &serde_json::Value| by["id"].as_u64() == Some(world.cast.boris.0);
    let asked = of_kind("approval-asked").count();
    let right = !by.is_empty() && by.len() == asked && by.iter().all(boris);
    let names: Vec<String> = by.iter().map(|by| by["name"].to_string()).collect();
    check_of(
        "each request was approved by the second admin alone",
        right,
        names.join(", "),
    )
}

fn units(world: &World) -> DemoResult<Check> {
    let mut up = Vec::new();
    for unit in Unit::ALL {
        if world.is_up(unit)? {
            up.push(unit.name());
        }
    }
    Ok(check_of(
        "Redis and REI's units run",
        up.len() == Unit::ALL.len(),
        up.join(", "),
    ))
}

fn time(journal: &[Entry], took: Duration) -> Check {
    let first = journal
        .iter()
        .find(|entry| entry.kind() == "started")
        .map(|entry| entry.at);
    let last = journal.last().map(|entry| entry.at);
    let run = match (first, last) {
        (Some(first), Some(last)) => last.duration_since(first).as_secs_f64(),
        _ => 0.0,
    };
    let seen = format!(
        "{run:.1} s from Start to the end, {:.1} s from the first message",
        took.as_secs_f64()
    );
    check_of(
        "it stayed far below the RTO of one hour",
        run > 0.0 && run < 3600.0,
        seen,
    )
}
