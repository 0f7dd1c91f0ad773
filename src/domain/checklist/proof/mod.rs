//! What can prove a line of the checklist, and what would refute it. A pure function of a round of
//! probes and of a few things more; it claims nothing that nobody saw since the recovery.

use crate::domain::chore::drill::{Function, Look};
use crate::domain::chore::testing::Verdict;
use crate::domain::failure::{Arg, Args, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Round};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

macro_rules! probes {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// What can prove a line, as a closed list. The locales hold `proved-<word>` for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Probe {
            $($(#[$doc])* $name,)*
        }

        impl Probe {
            /// Every probe; the guard over the locales walks this list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in `checklist.toml` and the end of the locale keys `proved-<word>` and
            /// `refuted-<word>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

probes! {
    /// Every unit of REI runs, and Redis's. Args: units.
    Services => "services",
    /// The database was checked since, or put in place as proved good. Args: at.
    Database => "database",
    /// Balances are the sums of the ledger. Args: none; refuted: count.
    Ledger => "ledger",
    /// Somebody paid since, and nothing is wrong with payments. Args: at.
    Payments => "payments",
    /// Workers are at work and nothing is stuck. Args: workers, depth.
    Queue => "queue",
    /// Telegram delivers to REI. Args: pending.
    Webhook => "webhook",
    /// Somebody reads this program's metrics. Args: age.
    Monitoring => "monitoring",
    /// The team's group has everything that was to be told. Args: at; refuted: count.
    Team => "team",
    /// A notice went out since. Args: notice, count.
    Users => "users",
    /// The incident's report is complete. Args: report.
    Report => "report",
}

impl Probe {
    /// Probes that can also see that a line is not so; the others prove once. The locales hold
    /// `refuted-<word>` for each of these.
    #[must_use]
    pub fn refutes(self) -> bool {
        !matches!(self, Self::Users | Self::Report)
    }
}

/// What a probe sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// What the line says is so; with the blanks of the evidence.
    Proved(Args),
    /// It is not.
    Refuted(Args),
    /// Nobody can tell: whatever was known stays.
    Untold,
}

/// What the recovery itself tells of the database it put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It was checked in full, at this moment.
    Sound(Timestamp),
    /// The full check found damage.
    Damaged,
}

/// A notice that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number, as people know it.
    pub notice: String,
    /// How many have it.
    pub people: u64,
}

/// A complete report of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its number or name, as people know it.
    pub name: String,
}

/// What a look has before it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The last round.
    pub round: &'a Round,
    /// What shall prove that all is well must have been seen since.
    pub since: Timestamp,
    /// What the recovery tells of its database.
    pub verified: Option<Verified>,
    /// How long ago the metrics were last read.
    pub scraped: Option<Duration>,
    /// The newest notice that went out since the recovery began.
    pub sent: Option<&'a Sent>,
    /// The report of what the checklist is about.
    pub report: Option<&'a Report>,
}

/// The blank that says that a drill saw it.
pub const DRILLED: &str = "drill";

/// Metrics are read every minute or so; who has not come for so long does not come.
const SCRAPES: Duration = Duration::from_secs(10 * 60);

/// What this probe sees.
#[must_use]
pub fn judge(probe: Probe, context: &Context<'_>) -> Seen {
    let of_round = !matches!(probe, Probe::Monitoring | Probe::Users | Probe::Report);
    if of_round && context.round.at < context.since {
        return Seen::Untold;
    }
    match probe {
        Probe::Services => services(context),
        Probe::Database => database(context),
        Probe::Ledger => ledger(context),
        Probe::Payments => payments(context),
        Probe::Queue => queue(context),
        Probe::Webhook => webhook(context),
        Probe::Monitoring => monitoring(context),
        Probe::Team => team(context),
        Probe::Users => context.sent.map_or(Seen::Untold, |sent| {
            let people = i64::try_from(sent.people).unwrap_or(i64::MAX);
            proved([
                ("notice", sent.notice.as_str().into()),
                ("count", people.into()),
            ])
        }),
        Probe::Report => context.report.map_or(Seen::Untold, |report| {
            proved([("report", report.name.as_str().into())])
        }),
    }
}

/// What a drill's own looks tell: they saw the copy, and nobody looks at it again. What a drill does not
/// look at is for people to tell.
#[must_use]
pub fn rehearsed(probe: Probe, looks: &[Look]) -> Seen {
    let of_probe = |look: &&Look| match look.function {
        Function::Units => probe == Probe::Services,
        Function::Database | Function::Rows => probe == Probe::Database,
        Function::Ledger => probe == Probe::Ledger,
        Function::Job => probe == Probe::Queue,
        Function::Payments => probe == Probe::Payments,
        Function::Redis => false,
    };
    let verdicts: Vec<Verdict> = looks
        .iter()
        .filter(of_probe)
        .map(|look| look.verdict)
        .collect();
    let drill = || [(DRILLED, "yes".into())];
    if verdicts.contains(&Verdict::Fail) {
        return refuted(drill());
    }
    match !verdicts.is_empty() && verdicts.iter().all(|it| *it == Verdict::Pass) {
        true => proved(drill()),
        false => Seen::Untold,
    }
}

fn services(context: &Context<'_>) -> Seen {
    // Redis may run elsewhere, and its unit then is nobody's here.
    let elsewhere = |unit: &&Finding| {
        let code = unit.failure.as_ref().map(|failure| failure.code);
        unit.condition == Condition::Unknown && code == Some(FailureCode::UnitNotFound)
    };
    let units: Vec<&Finding> = context
        .round
        .of(Part::Unit)
        .filter(|it| !elsewhere(it))
        .collect();
    let names = |units: &[&Finding]| -> Arg {
        let names: Vec<&str> = units
            .iter()
            .filter_map(|it| it.subject.as_deref())
            .collect();
        names.join(", ").into()
    };
    let bad: Vec<&Finding> = units.iter().filter(|it| is_bad(it)).copied().collect();
    if !bad.is_empty() {
        return refuted([("units", names(&bad))]);
    }
    match !units.is_empty() && units.iter().all(|it| it.condition == Condition::Up) {
        true => proved([("units", names(&units))]),
        false => Seen::Untold,
    }
}

fn database(context: &Context<'_>) -> Seen {
    let Some(found) = context.round.of(Part::Database).next() else {
        return Seen::Untold;
    };
    // A lock that somebody holds says nothing of what is in the file.
    if found.condition == Condition::Down || context.verified == Some(Verified::Damaged) {
        return refuted([]);
    }
    let checked = ago(context, found, Measure::CheckedSeconds);
    let of_run = context.verified.and_then(|verified| match verified {
        Verified::Sound(at) => Some(at),
        Verified::Damaged => None,
    });
    match of_run.or(checked.filter(|at| *at >= context.since)) {
        Some(at) if found.condition == Condition::Up => proved([("at", at.into())]),
        _ => Seen::Untold,
    }
}

fn ledger(context: &Context<'_>) -> Seen {
    let Some(found) = context.round.of(Part::Ledger).next() else {
        return Seen::Untold;
    };
    // Where it was looked at just now there is no age of the look.
    let looked = ago(context, found, Measure::LookedSeconds).unwrap_or(context.round.at);
    match found.measures.get(&Measure::Imbalances) {
        Some(0) if found.condition == Condition::Up && looked >= context.since => proved([]),
        Some(count @ 1..) => refuted([("count", (*count).into())]),
        _ => Seen::Untold,
    }
}

/// Nobody paying is no proof; a payment that succeeded is.
fn payments(context: &Context<'_>) -> Seen {
    let round = context.round;
    let parts = || round.of(Part::Payments).chain(round.of(Part::Yookassa));
    if parts().any(is_bad) {
        return refuted([]);
    }
    let paid = round
        .of(Part::Payments)
        .find_map(|found| ago(context, found, Measure::AgeSeconds));
    match paid {
        Some(at) if at >= context.since => proved([("at", at.into())]),
        _ => Seen::Untold,
    }
}

fn queue(context: &Context<'_>) -> Seen {
    let Some(found) = context.round.of(Part::Queue).next() else {
        return Seen::Untold;
    };
    let measure = |measure| found.measures.get(&measure).copied();
    let workers = measure(Measure::Workers).unwrap_or_default();
    match found.condition {
        Condition::Degraded | Condition::Down => refuted([]),
        Condition::Up if workers > 0 => {
            let depth = measure(Measure::Depth).unwrap_or_default();
            proved([("workers", workers.into()), ("depth", depth.into())])
        }
        Condition::Up | Condition::Unknown => Seen::Untold,
    }
}

fn webhook(context: &Context<'_>) -> Seen {
    let Some(found) = context.round.of(Part::Bot).next() else {
        return Seen::Untold;
    };
    match (
        found.condition,
        found.measures.get(&Measure::PendingUpdates),
    ) {
        (Condition::Degraded | Condition::Down, _) => refuted([]),
        (Condition::Up, Some(pending)) => proved([("pending", (*pending).into())]),
        _ => Seen::Untold,
    }
}

/// Where nobody ever read them, they may be meant for nobody.
fn monitoring(context: &Context<'_>) -> Seen {
    match context.scraped {
        None => Seen::Untold,
        Some(age) if age <= SCRAPES => proved([("age", age.into())]),
        Some(age) => refuted([("age", age.into())]),
    }
}

fn team(context: &Context<'_>) -> Seen {
    let Some(found) = context.round.of(Part::Itself).next() else {
        return Seen::Untold;
    };
    let waiting = found.measures.get(&Measure::Backlog).copied();
    let delivered = ago(context, found, Measure::AgeSeconds);
    match (waiting, delivered) {
        (Some(count @ 1..), _) if found.condition == Condition::Degraded => {
            refuted([("count", count.into())])
        }
        (Some(0), Some(at)) if at >= context.since => proved([("at", at.into())]),
        _ => Seen::Untold,
    }
}

/// Figures that are others with every look. They alone are no news: the message that tells of them would
/// itself be the next delivery.
const FIGURES: [&str; 4] = ["age", "at", "depth", "pending"];

/// Whether a look's evidence is other than that of an earlier one.
pub(super) fn differ(before: &Args, now: &Args) -> bool {
    let firm = |args: &Args| -> Args {
        let firm = args
            .iter()
            .filter(|(name, _)| !FIGURES.contains(&name.as_str()));
        firm.map(|(name, arg)| (name.clone(), arg.clone()))
            .collect()
    };
    firm(before) != firm(now)
}

fn is_bad(found: &Finding) -> bool {
    matches!(found.condition, Condition::Degraded | Condition::Down)
}

/// The moment that a finding gives as so many seconds ago.
fn ago(context: &Context<'_>, found: &Finding, measure: Measure) -> Option<Timestamp> {
    let seconds = *found.measures.get(&measure)?;
    let length = SignedDuration::from_secs(seconds);
    context.round.at.checked_sub(length).ok()
}

fn proved<const N: usize>(args: [(&str, Arg); N]) -> Seen {
    Seen::Proved(named(args))
}

fn refuted<const N: usize>(args: [(&str, Arg); N]) -> Seen {
    Seen::Refuted(named(args))
}

fn named<const N: usize>(args: [(&str, Arg); N]) -> Args {
    args.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests;
