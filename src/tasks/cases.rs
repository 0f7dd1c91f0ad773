//! Follows the trail: what begins and ends there opens incidents, joins them, and lets them rest.
//!
//! The trail is written with everything that happens, so nothing is missed while this program is down
//! and nothing is taken in twice: the place in the trail moves with the incident in one transaction.

use crate::domain::audit::{AuditDraft, AuditEntry};
use crate::domain::case::{Case, Sign, Taken, take};
use crate::domain::diagnosis::{Cause, Urgency};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::{IncidentId, RunId};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::alerts::Alerts;
use crate::ports::campaigns::Telling;
use crate::ports::cases::{Cases, Step};
use crate::ports::journal::{AuditTrail, Journal, StateError, StateResult};
use jiff::Timestamp;

/// The detail that tells an alert that came back from one that is new.
pub const RETURNED: &str = "returned";

/// Entries read at once.
const PAGE: u32 = 200;

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// Incidents.
    pub cases: &'a dyn Cases,
    /// The trail.
    pub trail: &'a dyn AuditTrail,
    /// Alerts.
    pub alerts: &'a dyn Alerts,
    /// Runs.
    pub journal: &'a dyn Journal,
}

/// Follows the trail to its end. Several may do so at once: who comes second reads anew.
///
/// # Errors
/// The state cannot be read or written.
pub async fn follow(books: Books<'_>) -> StateResult<()> {
    'anew: loop {
        let from = books.cases.followed().await?;
        let page = books.trail.read(from + 1, PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.seq) else {
            return Ok(());
        };
        let mut at = from;
        for entry in &page {
            let Some(sign) = sign(books, entry).await? else {
                continue;
            };
            match one(books, (at, entry.seq), sign).await {
                // Another follower took the step, or somebody wrote into the incident. Either way
                // nothing after `at` counts as followed: it is read anew.
                Err(StateError::Conflict) => continue 'anew,
                other => other?,
            }
            at = entry.seq;
        }
        if at < last {
            pass(books, (at, last)).await?;
        }
    }
}

/// Nothing of these entries concerns anybody.
async fn pass(books: Books<'_>, (from, upto): (u64, u64)) -> StateResult<()> {
    let case = None;
    let step = Step { from, upto, case };
    match books
        .cases
        .follow(step, Box::new(|_| Telling::default()))
        .await
    {
        Err(StateError::Conflict) => Ok(()),
        other => other,
    }
}

/// What an entry tells of incidents. What cannot be read any more tells nothing.
async fn sign(books: Books<'_>, entry: &AuditEntry) -> StateResult<Option<Sign>> {
    let at = entry.at;
    if entry.outcome != "ok" {
        return Ok(None);
    }
    Ok(match (entry.verb.as_str(), entry.run) {
        ("open-alert", _) => {
            let Some(incident) = number(&entry.subject) else {
                return Ok(None);
            };
            let known = books.alerts.incident(incident).await?;
            let since = known.map_or(at, |known| known.since);
            Some(Sign::AlertOpened {
                incident,
                // Between its first sign and its return it was over.
                since: if entry.detail.contains_key(RETURNED) {
                    at
                } else {
                    since
                },
                urgency: urgency(entry),
            })
        }
        ("close-alert", _) => {
            let Some(incident) = number(&entry.subject) else {
                return Ok(None);
            };
            let known = books.alerts.incident(incident).await?;
            let at = known.and_then(|known| known.until).unwrap_or(at);
            Some(Sign::AlertOver { incident, at })
        }
        ("start", Some(run)) => Some(Sign::RunStarted {
            run,
            at,
            recovers: recovers(books, run).await,
        }),
        ("finish-run" | "abort", Some(run)) => ended(books, run, at).await,
        _ => None,
    })
}

/// How soon somebody should look; what is not known is not made light of.
fn urgency(entry: &AuditEntry) -> Urgency {
    let cause = match entry.detail.get("cause") {
        Some(Arg::Text(cause)) => Cause::ALL.iter().find(|it| it.as_str() == cause),
        _ => None,
    };
    cause.map_or(Urgency::Trouble, |cause| cause.urgency())
}

/// The number of an alert as the trail writes it: `A-7`.
fn number(subject: &str) -> Option<IncidentId> {
    subject.strip_prefix("A-")?.parse().ok().map(IncidentId)
}

/// What `/recover` offers is a recovery; a run that cannot be read may have been one.
async fn recovers(books: Books<'_>, run: RunId) -> bool {
    let loaded = books.journal.load(run).await;
    loaded.map_or(true, |run| run.plan.runbook.offered)
}

/// An abort ends a run at once, or is the wish that it be ended.
async fn ended(books: Books<'_>, run: RunId, at: Timestamp) -> Option<Sign> {
    let over = books.journal.load(run).await;
    let over = over.map_or(true, |run| run.finished_at.is_some());
    over.then_some(Sign::RunEnded { run, at })
}

async fn one(books: Books<'_>, (from, upto): (u64, u64), sign: Sign) -> StateResult<()> {
    let open = books.cases.open().await?;
    let Some(taken) = take(&open, sign, upto) else {
        return pass(books, (from, upto)).await;
    };
    let Taken {
        case,
        is_new,
        joined,
    } = taken;
    let step = Step {
        from,
        upto,
        case: Some(case),
    };
    let tell = move |case: &Case| told(case, sign, (is_new, joined));
    books.cases.follow(step, Box::new(tell)).await
}

fn told(case: &Case, sign: Sign, (is_new, joined): (bool, bool)) -> Telling {
    let what = match sign {
        Sign::AlertOpened { incident, .. } | Sign::AlertOver { incident, .. } => {
            incident.to_string()
        }
        Sign::RunStarted { run, .. } | Sign::RunEnded { run, .. } => run.to_string(),
    };
    let verb = match (is_new, joined) {
        (true, _) => Some("open-incident"),
        (false, true) => Some("join-incident"),
        _ => None,
    };
    let because = Args::from([("because".to_owned(), Arg::from(what))]);
    let audit = verb.map(|verb| entry(case, &Actor::system(), (verb, because)));
    // An alert that comes and goes has its own message; this one is for what people have to do with.
    let mut posts = Vec::new();
    if case.matters() {
        posts.push(to_team(Post::Case { case: case.id }));
    }
    let ends = matches!(sign, Sign::RunEnded { .. });
    if ends && case.open_runs.is_empty() && !case.is_complete() {
        posts.push(to_team(Post::CaseDraft { case: case.id }));
    }
    Telling {
        audit: audit.into_iter().collect(),
        posts,
    }
}

/// The audit entry of something done to an incident.
#[must_use]
pub fn entry(case: &Case, actor: &Actor, (verb, detail): (&str, Args)) -> AuditDraft {
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: case.id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail,
        announce: true,
    }
}

/// A post for the group.
#[must_use]
pub fn to_team(post: Post) -> Owed {
    Owed {
        to: Recipient::Team,
        post,
    }
}
