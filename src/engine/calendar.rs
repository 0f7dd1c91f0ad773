//! The calendar: what is due becomes a chore or a reminder, once for each of its moments. What was missed
//! while the program was off is made up for once, and said.

use crate::domain::audit::AuditDraft;
use crate::domain::chore::{Chore, Due, Task};
use crate::domain::failure::{Arg, Args};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::domain::schedule::{Event, Schedule, answer};
use crate::ports::campaigns::Telling;
use crate::ports::chores::Chores;
use crate::ports::clock::Clock;
use crate::ports::journal::StateResult;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked: a moment is answered within this time.
const TICK: Duration = Duration::from_secs(5);

/// What the calendar is made of.
#[derive(Clone)]
pub struct CalendarParts {
    /// What was answered, and the chores that follow.
    pub chores: Arc<dyn Chores>,
    /// What is due when.
    pub schedules: Vec<(Event, Schedule)>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Looks after what is due, until it is told to stop.
pub async fn calendar(parts: CalendarParts, stop: CancellationToken) {
    while !stop.is_cancelled() {
        look(&parts).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// One look at what is due now.
pub async fn look(parts: &CalendarParts) {
    let planned = |event: &Event| parts.schedules.iter().any(|(it, _)| it == event);
    for event in Event::ALL.into_iter().filter(|it| !planned(it)) {
        // What is switched off misses nothing, also where it is switched on again later.
        if let Err(error) = parts.chores.forget(event).await {
            tracing::error!(%error, event = event.as_str(), "the calendar cannot be cleared");
        }
    }
    for (event, schedule) in &parts.schedules {
        if let Err(error) = keep(parts, *event, schedule).await {
            // The next look sees the same moment again.
            tracing::error!(%error, event = event.as_str(), "the calendar cannot be kept");
        }
    }
}

async fn keep(parts: &CalendarParts, event: Event, schedule: &Schedule) -> StateResult<()> {
    let now = parts.clock.now();
    let before = parts.chores.kept(event).await?;
    let (kept, due) = answer(schedule, before.as_ref(), now);
    if before.as_ref() == Some(&kept) {
        return Ok(());
    }
    let (chore, telling) = match due {
        None => (None, Telling::default()),
        Some(due) => follow(event, due, (schedule, now)),
    };
    parts.chores.keep(event, kept, chore, telling).await
}

/// What follows from a moment of the calendar.
fn follow(
    event: Event,
    due: Due,
    (schedule, now): (&Schedule, Timestamp),
) -> (Option<Chore>, Telling) {
    let task = match event {
        Event::Backup => Task::TakeBackup,
        Event::Test => Task::TestBackups { backup: None },
        Event::Drill => return (None, reminder(due, schedule.after(now))),
    };
    let chore = Chore::asked(task, Actor::system(), Some(due), now);
    let mut detail = Args::from([
        ("kind".to_owned(), chore.task.kind().as_str().into()),
        ("due".to_owned(), Arg::Time(due.at)),
        ("missed".to_owned(), Arg::Number(i64::from(due.missed))),
    ]);
    let late = chore.lateness();
    let word = if late.is_some() { "yes" } else { "no" };
    detail.insert("late".to_owned(), word.into());
    let telling = Telling {
        // What is on time is no news before it has ended.
        audit: vec![entry("ask-chore", "", detail, late.is_some())],
        posts: Vec::new(),
    };
    (Some(chore), telling)
}

/// A drill is begun by people: they agree on its hour.
fn reminder(due: Due, next: Option<Timestamp>) -> Telling {
    let mut args = Args::from([("due".to_owned(), Arg::Time(due.at))]);
    if let Some(next) = next {
        args.insert("next".to_owned(), Arg::Time(next));
    }
    let post = Post::Text {
        key: "drill-reminder".to_owned(),
        args: args.clone(),
    };
    Telling {
        audit: vec![entry("remind-drill", "drill", args, false)],
        posts: vec![Owed {
            to: Recipient::Team,
            post,
        }],
    }
}

fn entry(verb: &str, subject: &str, detail: Args, announce: bool) -> AuditDraft {
    AuditDraft {
        actor: Actor::system(),
        verb: verb.to_owned(),
        subject: subject.to_owned(),
        run: None,
        outcome: "ok".to_owned(),
        detail,
        announce,
    }
}
