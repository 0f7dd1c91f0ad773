//! Causes: what can be behind a round's signs, as a closed list.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident => $text:literal, $urgency:ident, $runbook:expr;)*) => {
        /// What can be behind signs. In the order of gravity: of two equally sure ones of the same
        /// urgency, the earlier is told first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Cause {
            $($(#[$doc])* $name,)*
        }

        impl Cause {
            /// Every cause; the guard over the locales walks this list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in `--json`, metrics and history, and the end of the locale key `cause-<name>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The id of the runbook that answers it; nothing where a person must mend it by hand, or
            /// can only wait.
            #[must_use]
            pub fn runbook(self) -> Option<&'static str> {
                match self { $(Self::$name => $runbook,)* }
            }

            /// How soon somebody should look.
            #[must_use]
            pub fn urgency(self) -> Urgency {
                match self { $(Self::$name => Urgency::$urgency,)* }
            }
        }
    };
}

/// How soon somebody should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// REI's users notice, or their data is at risk.
    Outage,
    /// Something does not do what it should; users may notice.
    Trouble,
    /// Nobody notices yet.
    Upkeep,
}

causes! {
    /// The database is not there: scenario 2 of the runbook.
    DataLoss => "data-loss", Outage, Some("data-loss");
    /// The content of the database is damaged: scenario 1.
    DatabaseCorruption => "database-corruption", Outage, Some("database-corruption");
    /// A file system takes no writes. A disk that fails shows itself so: scenario 2.
    DiskReadOnly => "disk-read-only", Outage, Some("data-loss");
    /// There is no room to work with.
    DiskFull => "disk-full", Outage, None;
    /// Nothing beyond this machine can be reached from here.
    NetworkOutage => "network-outage", Outage, None;
    /// Redis is away, takes no writes, or holds damaged data: scenario 3.
    RedisFailure => "redis-failure", Outage, Some("redis-failure");
    /// A process keeps the database locked, or keeps its WAL from being merged.
    DatabaseHeld => "database-held", Outage, None;
    /// Units do not run or restart again and again, and nothing else explains it.
    UnitsDown => "units-down", Outage, None;
    /// Telegram does not accept REI's token.
    TokenRefused => "token-refused", Outage, None;
    /// Telegram cannot be reached, other servers can.
    TelegramOutage => "telegram-outage", Outage, None;
    /// REI runs and does not take its updates.
    UpdatesStuck => "updates-stuck", Outage, None;
    /// Somebody told the workers to take no jobs.
    QueueSuspended => "queue-suspended", Outage, None;
    /// Redis is well, and the jobs in it are not processed: a symptom of scenario 3, whose steps
    /// restart the workers and rebuild the queue.
    QueueStuck => "queue-stuck", Outage, Some("redis-failure");
    /// The payment provider fails: scenario 4.
    PaymentOutage => "payment-outage", Outage, Some("payment-outage");
    /// An AI provider fails: scenario 5. The subject is its id.
    AiOutage => "ai-outage", Outage, Some("ai-outage");
    /// Unfinished rows have no job in Redis any more.
    QueueLost => "queue-lost", Trouble, Some("rebuild-queue");
    /// Jobs of several providers fail, and no provider is to blame.
    JobsFailing => "jobs-failing", Trouble, None;
    /// A service does not accept our key. The subject is the service.
    KeyRefused => "key-refused", Trouble, None;
    /// Redis does not accept the password of `REDIS_URL`.
    RedisAccess => "redis-access", Trouble, None;
    /// Balances are not the sums of the ledger, or rows refer to rows that do not exist.
    InconsistentData => "inconsistent-data", Trouble, None;
    /// The database lacks tables or columns that the mapping names.
    SchemaForeign => "schema-foreign", Trouble, None;
    /// This program does not work off its runs or its posts.
    Itself => "itself", Trouble, None;
    /// REI logs many errors, and nothing else explains them.
    ErrorsInLog => "errors-in-log", Trouble, None;
    /// This machine's clock is wrong.
    ClockSkew => "clock-skew", Trouble, None;
    /// A certificate has ended or ends soon. The subject is the host.
    Certificate => "certificate", Trouble, None;
    /// The newest backup is bad, or much smaller than those before.
    BackupsBad => "backups-bad", Upkeep, None;
    /// There is no backup within the RPO.
    BackupsStale => "backups-stale", Upkeep, None;
    /// A place of backups cannot be reached or refuses us. The subject is the place.
    BackupPlace => "backup-place", Upkeep, None;
    /// Room runs out.
    DiskLow => "disk-low", Upkeep, None;
}

impl Cause {
    /// Whether a recovery by this runbook mends it or brings its signs about by itself, so that it is
    /// no news while that is under way.
    #[must_use]
    pub fn is_of(self, runbook: &str) -> bool {
        if self.runbook() == Some(runbook) {
            return true;
        }
        match runbook {
            // Everything of REI is stopped, moved and started again.
            "data-loss" | "database-corruption" => matches!(
                self,
                Self::DataLoss
                    | Self::DatabaseCorruption
                    | Self::DatabaseHeld
                    | Self::RedisFailure
                    | Self::UnitsDown
                    | Self::UpdatesStuck
                    | Self::QueueStuck
                    | Self::QueueLost
                    | Self::JobsFailing
                    | Self::InconsistentData
                    | Self::SchemaForeign
                    | Self::ErrorsInLog
            ),
            "redis-failure" | "redis-flush" | "rebuild-queue" => matches!(
                self,
                Self::RedisFailure
                    | Self::UnitsDown
                    | Self::QueueSuspended
                    | Self::QueueStuck
                    | Self::QueueLost
                    | Self::JobsFailing
                    | Self::ErrorsInLog
            ),
            // A switch is set, and the units that read it are restarted.
            "payment-outage" | "ai-outage" => matches!(self, Self::UnitsDown | Self::ErrorsInLog),
            _ => false,
        }
    }
}
