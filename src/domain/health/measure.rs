//! What can be counted: one name, one unit.

use serde::{Deserialize, Serialize};

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// A figure of a finding. Whole numbers: seconds, bytes, pieces, percent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Measure {
            $($(#[$doc])* $name,)*
        }

        impl Measure {
            /// Every measure.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in `--json` and in the history, and the end of the locale key `measure-<name>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

measures! {
    /// Seconds in the present state.
    UptimeSeconds => "uptime-seconds",
    /// Restarts that the manager counted.
    Restarts => "restarts",
    /// Bytes in memory.
    MemoryBytes => "memory-bytes",
    /// Updates that wait for REI at Telegram.
    PendingUpdates => "pending-updates",
    /// Bytes of the database file, or of the newest backup.
    SizeBytes => "size-bytes",
    /// Bytes of the `-wal`.
    WalBytes => "wal-bytes",
    /// Seconds since the last write; since the last success of a payment; since the newest backup;
    /// since a message was last delivered.
    AgeSeconds => "age-seconds",
    /// Bytes that are free.
    FreeBytes => "free-bytes",
    /// Percent that are free.
    FreePercent => "free-percent",
    /// Users whose balance is not the sum of their ledger.
    Imbalances => "imbalances",
    /// Backups in a place.
    Backups => "backups",
    /// Keys in REI's database number.
    Keys => "keys",
    /// Jobs that wait in all queues.
    Depth => "depth",
    /// Seconds that the oldest waiting job has waited.
    OldestSeconds => "oldest-seconds",
    /// Entries of the failed registries; jobs of the last hour that failed.
    Failed => "failed",
    /// Entries of the failed registries whose jobs ended within the last hour; at most
    /// [`crate::domain::queue::LATELY`] of each queue are looked at.
    FailedLately => "failed-lately",
    /// Jobs whose worker is gone.
    Abandoned => "abandoned",
    /// Workers with a recent sign of life.
    Workers => "workers",
    /// Jobs of the last hour that succeeded.
    Succeeded => "succeeded",
    /// Succeeded of all ended jobs of the last hour, in percent.
    SuccessPercent => "success-percent",
    /// Payments that are open.
    Pending => "pending",
    /// Lines with an error in the last five minutes of the log.
    ErrorLines => "error-lines",
    /// Days until a certificate ends.
    DaysLeft => "days-left",
    /// Milliseconds by which this clock differs from others'.
    SkewMillis => "skew-millis",
    /// Posts that wait for Telegram.
    Backlog => "backlog",
    /// Seconds since this was looked at, where it is from an earlier look.
    LookedSeconds => "looked-seconds",
    /// Seconds since the database was last checked in depth, or since a backup was last verified.
    CheckedSeconds => "checked-seconds",
    /// Milliseconds that the answer took.
    LatencyMillis => "latency-millis",
}
