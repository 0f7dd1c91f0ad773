//! What lies beneath REI: the network, the disk, the database.

use super::Weight::{Backs, Hint, Proof, Strong, Weak};
use super::{
    BOT_SILENT, BOT_UNREACHABLE, COMPLAINTS, IS_DEGRADED, IS_DOWN, JOBS_BLAME, JOBS_FAILING,
    LOG_DATABASE, LOG_ERRORS, NO_WAY_OUT, OUTBOX_WAITS, PAYMENTS_NONE, PAYMENTS_STUCK, PLAIN,
    PROVIDER_DOWN, PROVIDER_SILENT, Pattern, QUEUE_DEEP, QUEUE_STUCK, Rule, S3_GONE, S3_SILENT,
    STANDSTILL, UNIT_DOWN, UNIT_RESTARTING, UNITS, UPDATES_PILE_UP, WEBHOOK_ERROR, WORKERS_GONE,
    When, YOOKASSA_DOWN, YOOKASSA_SILENT, only, sign,
};
use crate::domain::diagnosis::cause::Cause;
use crate::domain::diagnosis::weigh::answers;
use crate::domain::health::{Part, SignCode};

pub(super) const RULES: &[Rule] = &[
    Rule {
        cause: Cause::NetworkOutage,
        parts: 2,
        speaks: &[
            (BOT_UNREACHABLE, Strong),
            (BOT_SILENT, Strong),
            (YOOKASSA_DOWN, Strong),
            (YOOKASSA_SILENT, Strong),
            (PROVIDER_DOWN, Strong),
            (PROVIDER_SILENT, Strong),
            (S3_GONE, Hint),
            (S3_SILENT, Hint),
        ],
        unless: answers,
        explains: &[
            NO_WAY_OUT,
            &[
                OUTBOX_WAITS,
                PAYMENTS_NONE,
                PAYMENTS_STUCK,
                JOBS_FAILING,
                JOBS_BLAME,
                QUEUE_DEEP,
                only(Part::Queue, SignCode::QueueStuck, IS_DEGRADED),
                LOG_ERRORS,
                UNIT_RESTARTING,
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::ClockSkew,
        speaks: &[(sign(Part::Clock, SignCode::ClockSkew), Proof)],
        // Kling takes a token that begins later than now for a wrong key.
        explains: &[&[sign(Part::Provider, SignCode::ServiceRefuses)]],
        ..PLAIN
    },
    Rule {
        cause: Cause::DiskReadOnly,
        speaks: &[
            (sign(Part::Disk, SignCode::DiskReadOnly), Proof),
            (LOG_DATABASE, Hint),
        ],
        explains: &[
            UNITS,
            COMPLAINTS,
            STANDSTILL,
            &[
                sign(Part::Database, SignCode::DatabaseUnreadable),
                sign(Part::Database, SignCode::DatabaseDamaged),
                sign(Part::Redis, SignCode::RedisUnsaved),
                sign(Part::Redis, SignCode::RedisReadOnly),
                sign(Part::Backups, SignCode::BackupOld),
                sign(Part::Backups, SignCode::BackupNone),
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::DiskFull,
        speaks: &[(sign(Part::Disk, SignCode::DiskFull), Proof)],
        explains: &[
            UNITS,
            COMPLAINTS,
            STANDSTILL,
            &[
                sign(Part::Disk, SignCode::DiskFull),
                sign(Part::Disk, SignCode::DiskLow),
                sign(Part::Database, SignCode::WalLarge),
                sign(Part::Redis, SignCode::RedisUnsaved),
                sign(Part::Redis, SignCode::RedisReadOnly),
                sign(Part::Backups, SignCode::BackupOld),
                sign(Part::Backups, SignCode::BackupBad),
                sign(Part::Backups, SignCode::BackupShrunk),
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::DiskLow,
        speaks: &[
            (sign(Part::Disk, SignCode::DiskLow), Proof),
            (sign(Part::Disk, SignCode::DiskFull), Proof),
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::DataLoss,
        speaks: &[
            (sign(Part::Database, SignCode::DatabaseMissing), Strong),
            (
                only(Part::Backups, SignCode::BackupNone, When::Of("folder")),
                Backs,
            ),
            (UNIT_DOWN, Backs),
            (UNIT_RESTARTING, Backs),
            (LOG_DATABASE, Backs),
            (LOG_ERRORS, Hint),
            (WORKERS_GONE, Hint),
            (UPDATES_PILE_UP, Hint),
        ],
        explains: BROKEN_DATABASE,
        ..PLAIN
    },
    Rule {
        cause: Cause::DatabaseHeld,
        speaks: &[
            (sign(Part::Database, SignCode::DatabaseLocked), Strong),
            (sign(Part::Database, SignCode::WalLarge), Weak),
            (LOG_DATABASE, Backs),
            (LOG_ERRORS, Hint),
            (UPDATES_PILE_UP, Hint),
        ],
        explains: &[
            COMPLAINTS,
            &[
                UPDATES_PILE_UP,
                WEBHOOK_ERROR,
                UNIT_RESTARTING,
                QUEUE_STUCK,
                QUEUE_DEEP,
                JOBS_FAILING,
                PAYMENTS_NONE,
                PAYMENTS_STUCK,
            ],
        ],
        ..PLAIN
    },
    Rule {
        cause: Cause::DatabaseCorruption,
        speaks: &[
            (
                only(Part::Database, SignCode::DatabaseDamaged, IS_DOWN),
                Proof,
            ),
            (sign(Part::Database, SignCode::DatabaseEmpty), Proof),
            (sign(Part::Database, SignCode::DatabaseUnreadable), Strong),
            (sign(Part::Database, SignCode::RowsGone), Strong),
            (LOG_DATABASE, Weak),
            (sign(Part::Database, SignCode::DatabaseForeign), Backs),
            (sign(Part::Ledger, SignCode::LedgerOff), Backs),
            (UNIT_DOWN, Backs),
            (UNIT_RESTARTING, Backs),
            (LOG_ERRORS, Hint),
            (UPDATES_PILE_UP, Hint),
        ],
        explains: BROKEN_DATABASE,
        ..PLAIN
    },
];

/// What follows from a database that is away or broken.
const BROKEN_DATABASE: &[&[Pattern]] = &[
    UNITS,
    COMPLAINTS,
    STANDSTILL,
    &[
        sign(Part::Database, SignCode::DatabaseForeign),
        sign(Part::Database, SignCode::DatabaseDamaged),
        sign(Part::Database, SignCode::DatabaseUnreadable),
        sign(Part::Database, SignCode::WalLarge),
        sign(Part::Ledger, SignCode::LedgerOff),
    ],
];
