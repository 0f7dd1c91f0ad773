//! From an audience rule to its people.
//!
//! REI's database is asked first; where it cannot be read, this program's own copy serves as far as it
//! can. Nothing is written here: who shows a count and who fixes the list call the same function.

use crate::domain::campaign::audience::{AudienceRule, ListSource, Listed, User, Who};
use crate::domain::failure::FailureCode;
use crate::ports::campaigns::{Campaigns, Enlisted};
use crate::ports::journal::StateError;
use crate::ports::recipients::Recipients;
use crate::ports::records::Records;
use crate::ports::shelf::Shelf;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// People read at once.
const PAGE: u32 = 5_000;

/// Where lists come from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// REI's database.
    pub records: &'a dyn Records,
    /// The own copy of its users.
    pub recipients: &'a dyn Recipients,
    /// Who got what lately.
    pub campaigns: &'a dyn Campaigns,
    /// Files with ids.
    pub shelf: &'a dyn Shelf,
}

/// The people of a rule, and how they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// In order of their ids.
    pub people: Vec<Enlisted>,
    /// What is told of the list.
    pub listed: Listed,
}

/// Gathers them.
///
/// # Errors
/// `audience-unknown` where only REI's database could tell; `no-recipients` where there is neither
/// that nor a copy; `notice-file-missing`; the own state.
pub async fn gather(
    sources: Sources<'_>,
    rule: &AudienceRule,
    now: Timestamp,
) -> PortResult<Gathered> {
    let named = named(sources, rule, now).await?;
    match from(sources, Side::Database, (rule, named.as_ref()), now).await {
        Err(error) if error.code() == FailureCode::StateUnavailable => Err(error),
        Err(error) if rule.who.needs_database() => Err(unknown(&error)),
        Err(error) => {
            let Some(copy) = sources.recipients.copy_state().await.map_err(state)? else {
                return Err(explained(FailureCode::NoRecipients, &error));
            };
            let side = Side::Copy(copy.as_of);
            from(sources, side, (rule, named.as_ref()), now).await
        }
        gathered => gathered,
    }
}

/// The ids of a file: one a line, what follows a comma, semicolon or space is left aside. Lines
/// without an id are counted, for whoever uploaded it.
#[must_use]
pub fn ids(text: &str) -> (BTreeSet<i64>, u64) {
    let mut ids = BTreeSet::new();
    let mut strange = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let first = line.split([',', ';', ' ', '\t']).next().unwrap_or_default();
        match first.trim_matches(['"', '\u{feff}']).parse::<i64>() {
            Ok(id) if id > 0 => drop(ids.insert(id)),
            _ => strange += 1,
        }
    }
    (ids, strange)
}

/// The ids that a rule names by something else than the user's own row; nothing where it does not.
async fn named(
    sources: Sources<'_>,
    rule: &AudienceRule,
    now: Timestamp,
) -> PortResult<Option<BTreeSet<i64>>> {
    let since = |hours: u32| {
        now.saturating_sub(SignedDuration::from_hours(hours.into()))
            .unwrap_or(Timestamp::MIN)
    };
    let found = match &rule.who {
        Who::OpenPayments { hours } => sources.records.with_open_payments(since(*hours)).await,
        Who::TroubledJobs { hours, provider } => {
            let since = since(*hours);
            let provider = provider.as_deref();
            sources.records.with_troubled_jobs(since, provider).await
        }
        Who::Listed { content, .. } => return listed(sources.shelf, content).await.map(Some),
        Who::Everyone | Who::Active { .. } | Who::Concerned | Who::Reached => return Ok(None),
    };
    found
        .map(|ids| Some(ids.into_iter().collect()))
        .map_err(|error| unknown(&error))
}

async fn listed(shelf: &dyn Shelf, content: &str) -> PortResult<BTreeSet<i64>> {
    let missing = || PortError::new(FailureCode::NoticeFileMissing);
    let path = shelf.path(content).await.map_err(state)?;
    let bytes = tokio::fs::read(path.ok_or_else(missing)?).await;
    let bytes = bytes.map_err(|error| missing().because(error))?;
    Ok(ids(&String::from_utf8_lossy(&bytes)).0)
}

/// Which side is read.
#[derive(Clone, Copy)]
enum Side {
    Database,
    Copy(Timestamp),
}

async fn from(
    sources: Sources<'_>,
    side: Side,
    (rule, named): (&AudienceRule, Option<&BTreeSet<i64>>),
    now: Timestamp,
) -> PortResult<Gathered> {
    let (source, as_of) = match side {
        Side::Database => (ListSource::Database, now),
        Side::Copy(as_of) => (ListSource::OwnCopy, as_of),
    };
    let mut people = Vec::new();
    let (mut blocked, mut spared, mut known) = (0, 0, 0);
    let mut after = None;
    loop {
        let page = page(sources, side, after).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.id);
        let meant = |user: &User| named.is_none_or(|ids| ids.contains(&user.id));
        let mut meant: Vec<User> = page.into_iter().filter(meant).collect();
        known += meant.len() as u64;
        meant.retain(|user| rule.takes(user, now));
        let before = meant.len();
        meant.retain(|user| !user.blocked);
        blocked += (before - meant.len()) as u64;
        let before = meant.len();
        spare(sources.campaigns, rule, now, &mut meant).await?;
        spared += (before - meant.len()) as u64;
        people.extend(meant.into_iter().map(|user| Enlisted {
            person: user.id,
            language: user.language,
        }));
    }
    let asked = named.map_or(known, |ids| ids.len() as u64);
    Ok(Gathered {
        listed: Listed {
            count: people.len() as u64,
            source,
            as_of,
            blocked,
            spared,
            unknown: asked.saturating_sub(known),
        },
        people,
    })
}

async fn page(sources: Sources<'_>, side: Side, after: Option<i64>) -> PortResult<Vec<User>> {
    match side {
        Side::Database => sources.records.users(after, PAGE).await,
        Side::Copy(_) => sources.recipients.copied(after, PAGE).await.map_err(state),
    }
}

/// Leaves out who got a notice lately.
async fn spare(
    campaigns: &dyn Campaigns,
    rule: &AudienceRule,
    now: Timestamp,
    users: &mut Vec<User>,
) -> PortResult<()> {
    let Some(hours) = rule.spare_hours else {
        return Ok(());
    };
    let since = now.saturating_sub(SignedDuration::from_hours(hours.into()));
    let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
    let since = since.unwrap_or(Timestamp::MIN);
    let noticed = campaigns.noticed_since(&ids, since).await.map_err(state)?;
    let noticed: BTreeSet<i64> = noticed.into_iter().collect();
    users.retain(|user| !noticed.contains(&user.id));
    Ok(())
}

fn unknown(error: &PortError) -> PortError {
    explained(FailureCode::AudienceUnknown, error)
}

fn explained(code: FailureCode, error: &PortError) -> PortError {
    PortError::new(code)
        .with("why", error.failure.to_string())
        .because(&error.failure)
}

fn state(error: StateError) -> PortError {
    PortError::new(FailureCode::StateUnavailable)
        .because(error)
        .transient()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ids_is_read_as_people_export_it() {
        let (found, strange) = ids("\u{feff}id,name\n 7 \n8;ann\n\"9\",x\n7\n-5\n\nten\n");
        assert_eq!(found, BTreeSet::from([7, 8, 9]));
        assert_eq!(strange, 3, "the heading, the group and the word");
    }
}
