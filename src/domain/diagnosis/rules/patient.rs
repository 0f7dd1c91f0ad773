//! REI itself, what it depends on, and what nobody notices yet.

use super::Weight::{Backs, Hint, Proof, Strong, Weak};
use super::{
    API, BOT_SILENT, BOT_UNREACHABLE, IS_DEGRADED, IS_DOWN, JOBS_ABANDONED, JOBS_BLAME,
    JOBS_FAILING, JOBS_LOST, LOG_ERRORS, Lean, MANY_RESTARTS, OUTBOX_WAITS, PAYMENTS_NONE,
    PAYMENTS_STUCK, PLAIN, PROVIDER_DOWN, PROVIDER_SILENT, PROVIDER_SLOW, PROVIDER_TROUBLE,
    QUEUE_DEEP, QUEUE_STUCK, Rule, SEVERAL, UNIT_CHANGING, UNIT_DOWN, UNIT_RESTARTING, UNITS,
    UPDATES_PILE_UP, WEBHOOK_ERROR, WORKERS_GONE, YOOKASSA_DOWN, YOOKASSA_SILENT, only, sign,
};
use crate::domain::diagnosis::cause::Cause;
use crate::domain::diagnosis::seen::Case;
use crate::domain::health::{Condition, Measure, Part, SignCode};

pub(super) const RULES: &[Rule] = &[
    Rule {
        cause: Cause::RedisAccess,
        speaks: &[
            (sign(Part::Redis, SignCode::RedisAuth), Strong),
            (LOG_ERRORS, Hint),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::RedisFailure,
        speaks: &[
            (sign(Part::Redis, SignCode::RedisRefuses), Strong),
            (sign(Part::Redis, SignCode::RedisReadOnly), Strong),
            (sign(Part::Redis, SignCode::RedisDamaged), Strong),
            (only(Part::Redis, SignCode::RedisFull, IS_DOWN), Strong),
            (sign(Part::Redis, SignCode::RedisFull), Weak),
            (sign(Part::Redis, SignCode::RedisUnsaved), Weak),
            (sign(Part::Redis, SignCode::RedisLoading), Weak),
            (sign(Part::Redis, SignCode::Silent), Strong),
            (sign(Part::Redis, SignCode::Failing), Strong),
            (UNIT_DOWN, Backs),
            (UNIT_RESTARTING, Backs),
            (QUEUE_STUCK, Backs),
            (WORKERS_GONE, Backs),
            (JOBS_LOST, Backs),
            (LOG_ERRORS, Hint),
            (JOBS_FAILING, Hint),
        ],
        explains: &[
            UNITS,
            &[
                QUEUE_STUCK,
                QUEUE_DEEP,
                WORKERS_GONE,
                JOBS_ABANDONED,
                JOBS_LOST,
                JOBS_FAILING,
                LOG_ERRORS,
                UPDATES_PILE_UP,
                WEBHOOK_ERROR,
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::TokenRefused,
        speaks: &[(sign(Part::Bot, SignCode::BotRefused), Proof)],
        explains: &[&[
            UPDATES_PILE_UP,
            WEBHOOK_ERROR,
            PAYMENTS_NONE,
            UNIT_RESTARTING,
            LOG_ERRORS,
        ]],
        ..PLAIN
    },
    Rule {
        cause: Cause::UnitsDown,
        speaks: &[
            (UNIT_DOWN, Proof),
            (
                only(Part::Unit, SignCode::UnitRestarting, MANY_RESTARTS),
                Strong,
            ),
            (UNIT_RESTARTING, Hint),
            (UNIT_CHANGING, Weak),
            (WORKERS_GONE, Backs),
            (UPDATES_PILE_UP, Backs),
            (LOG_ERRORS, Hint),
        ],
        explains: &[&[
            UNIT_CHANGING,
            UNIT_RESTARTING,
            UPDATES_PILE_UP,
            WEBHOOK_ERROR,
            QUEUE_STUCK,
            QUEUE_DEEP,
            WORKERS_GONE,
            JOBS_ABANDONED,
            PAYMENTS_NONE,
            PAYMENTS_STUCK,
            LOG_ERRORS,
        ]],
        ..PLAIN
    },
    Rule {
        cause: Cause::TelegramOutage,
        speaks: &[
            (BOT_UNREACHABLE, Strong),
            (BOT_SILENT, Strong),
            (OUTBOX_WAITS, Backs),
            (LOG_ERRORS, Hint),
        ],
        explains: &[&[OUTBOX_WAITS, LOG_ERRORS, PAYMENTS_NONE, UNIT_RESTARTING]],
        ..PLAIN
    },
    Rule {
        cause: Cause::UpdatesStuck,
        speaks: &[
            (UPDATES_PILE_UP, Strong),
            (WEBHOOK_ERROR, Weak),
            (LOG_ERRORS, Hint),
            (PAYMENTS_NONE, Hint),
        ],
        explains: &[&[WEBHOOK_ERROR, LOG_ERRORS, PAYMENTS_NONE]],
        ..PLAIN
    },
    Rule {
        cause: Cause::KeyRefused,
        each: true,
        speaks: &[
            (sign(Part::Yookassa, SignCode::ServiceRefuses), Strong),
            (sign(Part::Provider, SignCode::ServiceRefuses), Strong),
            (JOBS_FAILING, Backs),
        ],
        explains: &[&[JOBS_FAILING, JOBS_BLAME]],
        ..PLAIN
    },
    Rule {
        cause: Cause::PaymentOutage,
        speaks: &[
            (only(Part::Yookassa, SignCode::ServiceDown, API), Strong),
            (only(Part::Yookassa, SignCode::Silent, API), Strong),
            (only(Part::Yookassa, SignCode::ServiceDegraded, API), Weak),
            // A status page can fail alone, and says "major outage" of things that REI does not use.
            (YOOKASSA_DOWN, Hint),
            (sign(Part::Yookassa, SignCode::ServiceDegraded), Hint),
            (PAYMENTS_NONE, Strong),
            (only(Part::Payments, SignCode::PaymentsStuck, SEVERAL), Weak),
            (PAYMENTS_STUCK, Backs),
            (LOG_ERRORS, Hint),
        ],
        explains: &[&[
            YOOKASSA_DOWN,
            YOOKASSA_SILENT,
            sign(Part::Yookassa, SignCode::ServiceDegraded),
            PAYMENTS_NONE,
            PAYMENTS_STUCK,
            LOG_ERRORS,
        ]],
        ..PLAIN
    },
    Rule {
        // Workers that wait for a provider are at work, and the queue stands still behind them.
        cause: Cause::AiOutage,
        each: true,
        speaks: &[
            (PROVIDER_DOWN, Strong),
            (PROVIDER_SILENT, Strong),
            (PROVIDER_SLOW, Weak),
            (JOBS_BLAME, Strong),
            (JOBS_FAILING, Weak),
        ],
        leans: &[
            // What became of REI's own jobs tells more than any probe.
            Lean {
                by: -1,
                if_so: jobs_succeed,
            },
            Lean {
                by: -1,
                if_so: others_fail_too,
            },
        ],
        explains: &[
            PROVIDER_TROUBLE,
            &[
                QUEUE_DEEP,
                only(Part::Queue, SignCode::QueueStuck, IS_DEGRADED),
                LOG_ERRORS,
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::QueueSuspended,
        speaks: &[(sign(Part::Queue, SignCode::QueueSuspended), Proof)],
        explains: &[&[QUEUE_STUCK, QUEUE_DEEP]],
        ..PLAIN
    },
    Rule {
        cause: Cause::QueueStuck,
        speaks: &[
            (QUEUE_STUCK, Strong),
            (WORKERS_GONE, Strong),
            (JOBS_ABANDONED, Hint),
            (LOG_ERRORS, Hint),
            (JOBS_FAILING, Hint),
        ],
        explains: &[&[
            QUEUE_STUCK,
            QUEUE_DEEP,
            WORKERS_GONE,
            JOBS_ABANDONED,
            JOBS_LOST,
            LOG_ERRORS,
        ]],
        ..PLAIN
    },
    Rule {
        cause: Cause::QueueLost,
        speaks: &[(JOBS_LOST, Strong)],
        ..PLAIN
    },
    Rule {
        cause: Cause::JobsFailing,
        speaks: &[(JOBS_FAILING, Weak), (LOG_ERRORS, Hint)],
        leans: &[Lean {
            by: 2,
            if_so: others_fail_too,
        }],
        explains: &[&[LOG_ERRORS]],
        ..PLAIN
    },
    Rule {
        cause: Cause::InconsistentData,
        speaks: &[
            (sign(Part::Ledger, SignCode::LedgerOff), Proof),
            // Rows without a parent: nothing that a restore would mend.
            (
                only(Part::Database, SignCode::DatabaseDamaged, IS_DEGRADED),
                Proof,
            ),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::SchemaForeign,
        speaks: &[(sign(Part::Database, SignCode::DatabaseForeign), Strong)],
        ..PLAIN
    },
    Rule {
        cause: Cause::Itself,
        speaks: &[
            (sign(Part::Itself, SignCode::WorkerGone), Proof),
            (OUTBOX_WAITS, Weak),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::Certificate,
        each: true,
        speaks: &[
            (sign(Part::Certificate, SignCode::CertificateEnded), Proof),
            (sign(Part::Certificate, SignCode::CertificateEnding), Proof),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::BackupsBad,
        speaks: &[
            (sign(Part::Backups, SignCode::BackupBad), Proof),
            (sign(Part::Backups, SignCode::BackupShrunk), Strong),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::BackupsStale,
        speaks: &[
            (sign(Part::Backups, SignCode::BackupNone), Proof),
            (sign(Part::Backups, SignCode::BackupOld), Proof),
        ],
        leans: &[
            // The RPO is kept where one place keeps it.
            Lean {
                by: -4,
                if_so: a_place_is_well,
            },
            Lean {
                by: -2,
                if_so: a_place_is_unknown,
            },
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::BackupPlace,
        each: true,
        speaks: &[
            (sign(Part::Backups, SignCode::BackupPlaceGone), Strong),
            (sign(Part::Backups, SignCode::Silent), Strong),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::ErrorsInLog,
        speaks: &[(LOG_ERRORS, Weak)],
        ..PLAIN
    },
];

/// Jobs of this provider succeed, and hardly any fails.
fn jobs_succeed(case: &Case<'_>, subject: Option<&str>) -> bool {
    let jobs = case.round.of(Part::Jobs);
    jobs.filter(|found| found.subject.as_deref() == subject)
        .any(|found| {
            let succeeded = found.measures.get(&Measure::Succeeded).copied();
            found.condition == Condition::Up && succeeded.is_some_and(|count| count >= 3)
        })
}

/// Jobs of more than one provider fail, and no error speaks of a provider.
fn others_fail_too(case: &Case<'_>, _: Option<&str>) -> bool {
    let jobs = || case.round.of(Part::Jobs);
    jobs()
        .filter(|found| found.shows(SignCode::JobsFailing))
        .count()
        > 1
        && !jobs().any(|found| found.shows(SignCode::JobsBlame))
}

fn a_place_is_well(case: &Case<'_>, _: Option<&str>) -> bool {
    let late = [SignCode::BackupNone, SignCode::BackupOld];
    case.round.of(Part::Backups).any(|found| {
        found.condition != Condition::Unknown && !late.iter().any(|code| found.shows(*code))
    })
}

fn a_place_is_unknown(case: &Case<'_>, _: Option<&str>) -> bool {
    let mut places = case.round.of(Part::Backups);
    places.any(|found| found.condition == Condition::Unknown)
}
