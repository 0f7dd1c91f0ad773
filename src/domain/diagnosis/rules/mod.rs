//! The table: for each cause what speaks for it, what speaks against it, and what follows from it.
//!
//! Read from the top: a cause that is at least likely explains what follows from it, and later causes
//! no longer see those signs. So what lies deeper comes first: no way out of this machine before the
//! servers beyond it, a full disk before the programs that write to it, a broken database before the
//! units that die of it, Redis before the queue in it.
//!
//! The weights are few on purpose. A [`Weight::Proof`] is certain alone, a [`Weight::Strong`] sign likely,
//! a [`Weight::Weak`] one possible. A [`Weight::Backs`] sign claims nothing alone and confirms as much as a
//! weak one; a [`Weight::Hint`] tips the scales. Each part counts once, with its heaviest sign: two that
//! do not depend on each other are more than two of one kind.

mod beneath;
mod patient;

use super::cause::Cause;
use super::seen::{Case, Seen};
use crate::domain::health::{Condition, Part, SignCode};

/// How much a sign says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Hint,
    Backs,
    Weak,
    Strong,
    Proof,
}

/// When a sign counts.
#[derive(Clone, Copy)]
pub(super) enum When {
    Always,
    /// Only in this condition.
    In(Condition),
    /// Only of this subject.
    Of(&'static str),
    /// Only where this figure of the sign is at least so much.
    From(&'static str, i64),
}

/// A sign of a part.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub(super) part: Part,
    pub(super) code: SignCode,
    pub(super) when: When,
}

impl Pattern {
    pub(super) fn fits(&self, seen: &Seen<'_>) -> bool {
        (self.part, self.code) == (seen.part, seen.sign.code)
            && match self.when {
                When::Always => true,
                When::In(condition) => seen.condition == condition,
                When::Of(subject) => seen.subject == Some(subject),
                When::From(name, least) => seen.figure(name).is_some_and(|figure| figure >= least),
            }
    }
}

/// Something about the whole case that makes a cause more or less likely.
pub(super) struct Lean {
    pub(super) by: i32,
    pub(super) if_so: fn(&Case<'_>, Option<&str>) -> bool,
}

/// One cause.
pub(super) struct Rule {
    pub(super) cause: Cause,
    /// Each subject of its signs is a case of its own.
    pub(super) each: bool,
    /// So many parts must speak for it.
    pub(super) parts: usize,
    pub(super) speaks: &'static [(Pattern, Weight)],
    pub(super) leans: &'static [Lean],
    /// It is out of the question then.
    pub(super) unless: fn(&Case<'_>) -> bool,
    /// What follows from it.
    pub(super) explains: &'static [&'static [Pattern]],
}

const PLAIN: Rule = Rule {
    cause: Cause::Itself,
    each: false,
    parts: 1,
    speaks: &[],
    leans: &[],
    unless: |_| false,
    explains: &[],
};

const fn sign(part: Part, code: SignCode) -> Pattern {
    let when = When::Always;
    Pattern { part, code, when }
}

const fn only(part: Part, code: SignCode, when: When) -> Pattern {
    Pattern { part, code, when }
}

const MANY_RESTARTS: When = When::From("restarts", 3);
const SEVERAL: When = When::From("count", 3);
const IS_DOWN: When = When::In(Condition::Down);
const IS_DEGRADED: When = When::In(Condition::Degraded);

const UNIT_DOWN: Pattern = sign(Part::Unit, SignCode::UnitDown);
const UNIT_CHANGING: Pattern = sign(Part::Unit, SignCode::UnitChanging);
const UNIT_RESTARTING: Pattern = sign(Part::Unit, SignCode::UnitRestarting);
const LOG_ERRORS: Pattern = sign(Part::Log, SignCode::LogErrors);
const LOG_DATABASE: Pattern = sign(Part::Log, SignCode::LogDatabase);
const UPDATES_PILE_UP: Pattern = sign(Part::Bot, SignCode::UpdatesPileUp);
const WEBHOOK_ERROR: Pattern = sign(Part::Bot, SignCode::WebhookError);
const QUEUE_STUCK: Pattern = sign(Part::Queue, SignCode::QueueStuck);
const QUEUE_DEEP: Pattern = sign(Part::Queue, SignCode::QueueDeep);
const WORKERS_GONE: Pattern = sign(Part::Queue, SignCode::WorkersGone);
const JOBS_ABANDONED: Pattern = sign(Part::Queue, SignCode::JobsAbandoned);
const JOBS_LOST: Pattern = sign(Part::Queue, SignCode::JobsLost);
const JOBS_FAILING: Pattern = sign(Part::Jobs, SignCode::JobsFailing);
const JOBS_BLAME: Pattern = sign(Part::Jobs, SignCode::JobsBlame);
const PAYMENTS_NONE: Pattern = sign(Part::Payments, SignCode::PaymentsNone);
const PAYMENTS_STUCK: Pattern = sign(Part::Payments, SignCode::PaymentsStuck);
const BOT_SILENT: Pattern = sign(Part::Bot, SignCode::Silent);
const BOT_UNREACHABLE: Pattern = sign(Part::Bot, SignCode::BotUnreachable);
const OUTBOX_WAITS: Pattern = sign(Part::Itself, SignCode::OutboxWaits);
const YOOKASSA_DOWN: Pattern = sign(Part::Yookassa, SignCode::ServiceDown);
const YOOKASSA_SILENT: Pattern = sign(Part::Yookassa, SignCode::Silent);
const PROVIDER_DOWN: Pattern = sign(Part::Provider, SignCode::ServiceDown);
const PROVIDER_SILENT: Pattern = sign(Part::Provider, SignCode::Silent);
const PROVIDER_SLOW: Pattern = sign(Part::Provider, SignCode::ServiceDegraded);
const S3_GONE: Pattern = only(Part::Backups, SignCode::BackupPlaceGone, When::Of("s3"));
const S3_SILENT: Pattern = only(Part::Backups, SignCode::Silent, When::Of("s3"));
const API: When = When::Of("yookassa-api");

/// Units that die of it.
const UNITS: &[Pattern] = &[UNIT_DOWN, UNIT_CHANGING, UNIT_RESTARTING];
/// What REI's log says of it.
const COMPLAINTS: &[Pattern] = &[LOG_DATABASE, LOG_ERRORS];
/// What stands still where REI cannot work.
const STANDSTILL: &[Pattern] = &[
    UPDATES_PILE_UP,
    WEBHOOK_ERROR,
    QUEUE_STUCK,
    QUEUE_DEEP,
    WORKERS_GONE,
    JOBS_ABANDONED,
    JOBS_FAILING,
    PAYMENTS_NONE,
    PAYMENTS_STUCK,
];
/// Servers beyond this machine that are not heard.
const NO_WAY_OUT: &[Pattern] = &[
    BOT_UNREACHABLE,
    BOT_SILENT,
    YOOKASSA_DOWN,
    YOOKASSA_SILENT,
    PROVIDER_DOWN,
    PROVIDER_SILENT,
    S3_GONE,
    S3_SILENT,
];
/// All that a provider shows.
const PROVIDER_TROUBLE: &[Pattern] = &[
    PROVIDER_DOWN,
    PROVIDER_SILENT,
    PROVIDER_SLOW,
    JOBS_BLAME,
    JOBS_FAILING,
];

/// The whole table, from what lies deepest.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    beneath::RULES.iter().chain(patient::RULES)
}
