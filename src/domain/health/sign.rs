//! Signs: what a probe saw that is not as it should be, as a closed list of codes with typed arguments.
//!
//! People read a sign in their language: the locales hold `sign-<code>` for each.

use crate::domain::failure::{Arg, Args};
use serde::{Deserialize, Serialize};

macro_rules! signs {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// What can be seen, as a closed list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum SignCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl SignCode {
            /// Every code; the guard over the locales walks this list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as written in the history and in the locale key `sign-<code>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

signs! {
    /// It did not answer before the deadline. Args: seconds.
    Silent => "silent",
    /// It is not as it should be, and only the failure says how. Args: failure, its code. Made by the
    /// diagnosis, not by probes.
    Failing => "failing",

    /// A unit does not run. Args: unit, state.
    UnitDown => "unit-down",
    /// A unit is on its way up or down. Args: unit, state.
    UnitChanging => "unit-changing",
    /// A unit was restarted by its manager in the last minutes. Args: unit, restarts.
    UnitRestarting => "unit-restarting",

    /// Telegram refuses REI's token.
    BotRefused => "bot-refused",
    /// Telegram cannot be reached from here.
    BotUnreachable => "bot-unreachable",
    /// Telegram could not deliver an update to REI lately. Args: cause.
    WebhookError => "webhook-error",
    /// Updates pile up at Telegram. Args: count.
    UpdatesPileUp => "updates-pile-up",

    /// There is no database file.
    DatabaseMissing => "database-missing",
    /// The database file is empty.
    DatabaseEmpty => "database-empty",
    /// SQLite does not take the file for a database, or cannot read it.
    DatabaseUnreadable => "database-unreadable",
    /// A check of its content found damage. Args: cause.
    DatabaseDamaged => "database-damaged",
    /// The database can be read, but somebody holds its lock for long.
    DatabaseLocked => "database-locked",
    /// Tables or columns of the mapping are not there. Args: missing.
    DatabaseForeign => "database-foreign",
    /// The `-wal` grew beyond what checkpoints leave. Args: size.
    WalLarge => "wal-large",
    /// Rows that were there are gone: far fewer than in the last rounds. Args: table, was, now.
    RowsGone => "rows-gone",
    /// Python's SQLite has the defect that can lose commits. Args: version.
    SqliteOld => "sqlite-old",

    /// Balances are not the sums of the ledger. Args: count.
    LedgerOff => "ledger-off",

    /// There is no backup in this place.
    BackupNone => "backup-none",
    /// The newest backup is older than the RPO. Args: age, rpo.
    BackupOld => "backup-old",
    /// The newest backup is much smaller than those before. Args: size, usual.
    BackupShrunk => "backup-shrunk",
    /// The newest backup did not pass a verification.
    BackupBad => "backup-bad",
    /// No backup was verified for long. Args: age; absent where none ever was.
    BackupUnverified => "backup-unverified",
    /// The place of backups does not answer, or refuses us. Args: place. Made by the diagnosis, not by
    /// probes: what lies there is not known.
    BackupPlaceGone => "backup-place-gone",

    /// Nothing listens at Redis's address.
    RedisRefuses => "redis-refuses",
    /// Redis does not accept the password, or wants one.
    RedisAuth => "redis-auth",
    /// Redis takes no writes: a replica, or its disk is full. Args: cause.
    RedisReadOnly => "redis-read-only",
    /// Redis could not save its data. Args: cause.
    RedisUnsaved => "redis-unsaved",
    /// Redis is at its memory limit. Args: percent.
    RedisFull => "redis-full",
    /// Redis is reading its data after a start.
    RedisLoading => "redis-loading",
    /// REI's keys are not as RQ keeps them. Args: count.
    RedisDamaged => "redis-damaged",

    /// Jobs wait, and none was taken for long. Args: count, age.
    QueueStuck => "queue-stuck",
    /// Many more jobs wait than usual. Args: count.
    QueueDeep => "queue-deep",
    /// No worker gave a sign of life.
    WorkersGone => "workers-gone",
    /// `rq:suspended` exists: workers take no jobs.
    QueueSuspended => "queue-suspended",
    /// Jobs whose worker is gone. Args: count.
    JobsAbandoned => "jobs-abandoned",
    /// Unfinished rows have no job in Redis. Args: count.
    JobsLost => "jobs-lost",

    /// Many jobs of a provider failed in the last hour. Args: provider, percent, failed, ended.
    JobsFailing => "jobs-failing",
    /// The errors of the failed jobs speak of the provider. Args: provider, count.
    JobsBlame => "jobs-blame",

    /// Payments are open for longer than a payer has. Args: count, age.
    PaymentsStuck => "payments-stuck",
    /// People try to pay and none succeeded for long. Args: count, age.
    PaymentsNone => "payments-none",

    /// The service answers with errors, or not at all. Args: service, said.
    ServiceDown => "service-down",
    /// The service answers slowly or says that something is wrong. Args: service, said.
    ServiceDegraded => "service-degraded",
    /// The service does not accept our keys. Args: service.
    ServiceRefuses => "service-refuses",

    /// Errors pile up in the log. Args: count, last.
    LogErrors => "log-errors",
    /// The log speaks of a broken or locked database. Args: last.
    LogDatabase => "log-database",

    /// Little room is left. Args: path, free, percent.
    DiskLow => "disk-low",
    /// No room is left to work with. Args: path, free, percent.
    DiskFull => "disk-full",
    /// The file system takes no writes. Args: path.
    DiskReadOnly => "disk-read-only",

    /// A certificate ends soon. Args: host, days.
    CertificateEnding => "certificate-ending",
    /// A certificate has ended. Args: host.
    CertificateEnded => "certificate-ended",

    /// This clock differs from others'. Args: skew.
    ClockSkew => "clock-skew",

    /// Posts wait for Telegram. Args: count.
    OutboxWaits => "outbox-waits",
    /// Nobody works on the runs.
    WorkerGone => "worker-gone",
}

/// One sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// What was seen.
    pub code: SignCode,
    /// Its blanks.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
}

impl Sign {
    /// A sign without blanks.
    #[must_use]
    pub fn new(code: SignCode) -> Self {
        Self {
            code,
            args: Args::new(),
        }
    }

    /// With a blank filled.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}
