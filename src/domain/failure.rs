//! Failures: what the journal keeps of something that went wrong.
//!
//! A failure is a code and typed arguments, never a sentence: people read it in their language.
//! For each [`FailureCode`] the locales hold `failure-<code>` (what happened and in what state the
//! patient is now) with the attribute `.hint` (what to do next).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// Everything that can go wrong, as a closed list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl FailureCode {
            /// Every code; the guard over the locales walks this list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as written in the journal and in the locale key `failure-<code>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The manager does not know the unit. Args: unit.
    UnitNotFound => "unit-not-found",
    /// The manager refuses us the unit. Args: unit.
    UnitAccessDenied => "unit-access-denied",
    /// The manager does not answer. Args: manager.
    UnitManagerUnreachable => "unit-manager-unreachable",
    /// Asked to start, observed otherwise. Args: unit, state.
    UnitDidNotStart => "unit-did-not-start",
    /// Asked to stop, observed otherwise. Args: unit, state.
    UnitDidNotStop => "unit-did-not-stop",
    /// Restarts again and again. Args: unit, restarts.
    UnitRestartLoop => "unit-restart-loop",
    /// Stopped running while it was watched. Args: unit, state.
    UnitWentDown => "unit-went-down",
    /// A configured unit command cannot be run. Args: command.
    UnitCommandFailed => "unit-command-failed",
    /// A process holds the database open. Args: process, pid, file, others.
    DatabaseInUse => "database-in-use",
    /// Open files of some processes cannot be seen, so nothing is proved. Args: processes.
    HoldersHidden => "holders-hidden",
    /// There is no database and no sidecar where one is expected. Args: path.
    DatabaseMissing => "database-missing",
    /// The quarantine folder is not what the journal says. Args: path.
    QuarantineInconsistent => "quarantine-inconsistent",
    /// Something else stands at the place where a file must go. Args: path.
    PlaceTaken => "place-taken",
    /// Not enough room. Args: path, needed, free.
    DiskFull => "disk-full",
    /// Not allowed to touch a file. Args: path.
    FileAccessDenied => "file-access-denied",
    /// Owner, group or mode could not be kept. Args: path, owner.
    OwnerNotKept => "owner-not-kept",
    /// Another file error. Args: path.
    FileError => "file-error",
    /// No such backup. Args: backup, place.
    BackupNotFound => "backup-not-found",
    /// There is no backup at all. Args: none.
    NoBackup => "no-backup",
    /// The place does not answer. Args: place.
    BackupPlaceUnreachable => "backup-place-unreachable",
    /// The place refuses our key. Args: place.
    BackupAccessDenied => "backup-access-denied",
    /// The bucket or the folder does not exist. Args: place.
    BackupPlaceMissing => "backup-place-missing",
    /// The place answers with errors of its own. Args: place.
    BackupPlaceFailing => "backup-place-failing",
    /// No byte came for too long. Args: place, seconds.
    BackupStalled => "backup-stalled",
    /// The object changed while it was read. Args: backup.
    BackupChanged => "backup-changed",
    /// Zero bytes. Args: backup.
    BackupEmpty => "backup-empty",
    /// The compressed stream ends too early. Args: backup.
    BackupTruncated => "backup-truncated",
    /// The stream is damaged or no gzip. Args: backup.
    BackupDamaged => "backup-damaged",
    /// Checksum of the compressed file differs. Args: backup, expected, found.
    ChecksumMismatch => "checksum-mismatch",
    /// The content differs from what was once verified. Args: backup, expected, found.
    ContentMismatch => "content-mismatch",
    /// The database file is empty. Args: path.
    DatabaseEmpty => "database-empty",
    /// No SQLite database. Args: path.
    NotADatabase => "not-a-database",
    /// `integrity_check` found damage. Args: path, first, count.
    IntegrityFailed => "integrity-failed",
    /// `foreign_key_check` found rows without a parent. Args: path, table, count.
    ForeignKeysBroken => "foreign-keys-broken",
    /// Expected tables or columns are missing. Args: path, missing.
    SchemaDiffers => "schema-differs",
    /// A backup and the live database lack the same names: the map is old. Args: missing.
    SchemaOutdated => "schema-outdated",
    /// A backup lacks names, and whether the live database has them nobody could tell. Args: missing.
    SchemaUncertain => "schema-uncertain",
    /// Row counts that cannot be right. Args: path, table, count.
    CountsImplausible => "counts-implausible",
    /// The database could not be checked. Args: path.
    DatabaseCheckFailed => "database-check-failed",
    /// New database errors in REI's log. Args: path, first, count.
    LogErrors => "log-errors",
    /// REI's token is refused. Args: none.
    BotTokenRefused => "bot-token-refused",
    /// Nothing can be sent under REI's name: its token is not set. Args: none.
    BotTokenMissing => "bot-token-missing",
    /// REI's bot API does not answer. Args: none.
    BotUnreachable => "bot-unreachable",
    /// The test message was refused. Args: reason.
    MessageRefused => "message-refused",
    /// Redis does not answer. Args: server.
    RedisUnreachable => "redis-unreachable",
    /// Redis reads its data back and answers nothing yet. Args: server.
    RedisLoading => "redis-loading",
    /// Redis wants a password, or another one. Args: server.
    RedisPassword => "redis-password",
    /// Redis and REDIS_URL disagree about TLS, or its certificate is not trusted. Args: server.
    RedisTls => "redis-tls",
    /// Redis takes no writes. Args: server, reason (`replica`, `disk`).
    RedisReadOnly => "redis-read-only",
    /// Redis is at its memory limit. Args: server.
    RedisOutOfMemory => "redis-out-of-memory",
    /// A sentinel, or no Redis at all. Args: server.
    RedisNotAServer => "redis-not-a-server",
    /// Redis answers with another error. Args: server.
    RedisFailing => "redis-failing",
    /// Keys of RQ are not what they should be. Args: count, first.
    RedisDataDamaged => "redis-data-damaged",
    /// No worker serves the queues. Args: queues.
    NoWorkers => "no-workers",
    /// Jobs wait and none was taken. Args: waiting, period.
    QueueStuck => "queue-stuck",
    /// REI's database is held by a writer for too long. Args: path.
    RecordsBusy => "records-busy",
    /// Balances are not the sums of the ledger. Args: count, user.
    BalancesDiffer => "balances-differ",
    /// A provider's service does not answer or answers with errors. Args: service.
    ProviderDown => "provider-down",
    /// A provider refuses our key. Args: service.
    ProviderKeyRefused => "provider-key-refused",
    /// A provider's answer cannot be read. Args: service.
    ProviderAnswerUnreadable => "provider-answer-unreadable",
    /// No keys are set for it. Args: service, settings.
    ProviderNotConfigured => "provider-not-configured",
    /// Too few jobs succeed. Args: provider, percent, threshold.
    SuccessRateLow => "success-rate-low",
    /// A settings file of REI is not there. Args: path.
    SettingsFileMissing => "settings-file-missing",
    /// A settings file of REI is a symlink. Args: path.
    SettingsFileLink => "settings-file-link",
    /// A setting stands in a file more than once. Args: path, key.
    SettingsLineDouble => "settings-line-double",
    /// A setting's value is neither true nor false. Args: path, key.
    SettingsValueUnknown => "settings-value-unknown",
    /// Keys of a settings file have no value. Args: path, missing.
    SettingsIncomplete => "settings-incomplete",
    /// An archive holds what must not be unpacked. Args: archive, entry, reason.
    ArchiveHostile => "archive-hostile",
    /// An archive cannot be read to its end. Args: archive.
    ArchiveDamaged => "archive-damaged",
    /// A program cannot be started. Args: program.
    ProgramMissing => "program-missing",
    /// A program ended with an error. Args: program, code.
    ProgramFailed => "program-failed",
    /// Took longer than the step may. Args: seconds.
    TimedOut => "timed-out",
    /// The program was stopped or died in the middle. Args: none.
    CutOff => "cut-off",
    /// Work that is no recovery ended in the middle because a recovery began. Args: none.
    GaveWay => "gave-way",
    /// Cut off again and again at the same step. Args: attempts.
    CutOffTooOften => "cut-off-too-often",
    /// This version, as it is set up here, cannot do such a chore. Args: none.
    ChoreUnknown => "chore-unknown",
    /// A drill could not be held, or not to its end. Args: none.
    DrillBroken => "drill-broken",
    /// What a drill needs is not on this machine. Args: missing.
    DrillUnequipped => "drill-unequipped",
    /// A drill would leave too little room on the disk. Args: path, needed, free.
    DrillRoom => "drill-room",
    /// Stand-ins of REI know no tables of other names. Args: none.
    DrillTables => "drill-tables",
    /// Something would have led out of the drill. Args: what.
    DrillBreach => "drill-breach",
    /// A defect in this program. Args: none.
    Panicked => "panicked",
    /// The frozen plan does not match its hash. Args: none.
    PlanChanged => "plan-changed",
    /// The journal lacks what an earlier step should have left. Args: step.
    MissingFacts => "missing-facts",
    /// The own state could not be read or written. Args: none.
    StateUnavailable => "state-unavailable",
    /// A newer version of this program wrote a copy of the own state. Args: copy.
    StateNewer => "state-newer",
    /// Somebody else copies or restores the own state. Args: path.
    StateBusy => "state-busy",
    /// Whom a notice concerns stands in REI's database alone, and that cannot be read. Args: why.
    AudienceUnknown => "audience-unknown",
    /// REI's database cannot be read and there is no copy of its users. Args: why.
    NoRecipients => "no-recipients",
    /// A file of a notice is no longer on the shelf. Args: none.
    NoticeFileMissing => "notice-file-missing",
}

impl FailureCode {
    /// Whether it tells what is in a backup or a database, as opposed to why nobody could tell: only
    /// the former is a verdict.
    #[must_use]
    pub fn is_about_content(self) -> bool {
        matches!(
            self,
            Self::BackupEmpty
                | Self::BackupTruncated
                | Self::BackupDamaged
                | Self::ChecksumMismatch
                | Self::ContentMismatch
                | Self::DatabaseEmpty
                | Self::NotADatabase
                | Self::IntegrityFailed
                | Self::ForeignKeysBroken
                | Self::SchemaDiffers
                | Self::CountsImplausible
        )
    }
}

/// A typed argument: how it reads is decided per person (zone, language), not here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arg {
    /// Any text; escaped wherever it is shown.
    Text(String),
    /// A count.
    Number(i64),
    /// A size in bytes.
    Bytes(u64),
    /// A length of time in seconds.
    Seconds(u64),
    /// A point in time.
    Time(Timestamp),
    /// The day of a point in time, where the hour tells nothing.
    Day(Timestamp),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Self::Time(at)
    }
}

impl From<Duration> for Arg {
    fn from(length: Duration) -> Self {
        Self::Seconds(length.as_secs())
    }
}

/// Named arguments of a message.
pub type Args = BTreeMap<String, Arg>;

/// A failure as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub code: FailureCode,
    /// The blanks of the message.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: Args,
    /// The technical cause, in the words of the library or the peer; redacted, for the curious.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Failure {
    /// A failure without arguments.
    #[must_use]
    pub fn new(code: FailureCode) -> Self {
        Self {
            code,
            args: Args::new(),
            detail: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the technical cause.
    #[must_use]
    pub fn because(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())?;
        self.detail
            .as_ref()
            .map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}
