//! Every setting there is. `.env.example`, validation, spelling hints and the documentation come
//! from this one table; a setting that does not stand here does not exist.

use super::setting::Fallback::{Empty, Required, Same, Text};
use super::setting::Stage::Works;
use super::setting::{Key, Row, Value, check};
use super::values::{
    AccountKey, BotToken, Bucket, ChatId, CommandLine, Count, Cron, Flag, Folder, Host, HttpUrl,
    Interval, JobFunction, KeyPrefix, Limit, Listen, Locale, LogFilter, LogFormat, Manager, Names,
    PatientPath, Period, Rate, RedisUrl, Totp, Unit, Units, UserIds, Wait, Word, Zone,
};

macro_rules! settings {
    ($($group:literal { $($(#[doc = $meaning:literal])+ $name:ident: $kind:ty = $fallback:expr, $stage:expr;)+ })+) => {
        $($(
            $(#[doc = $meaning])+
            pub const $name: Key<$kind> = Key::to(&Row {
                name: stringify!($name),
                group: $group,
                meaning: &[$($meaning),+],
                expects: <$kind>::EXPECTS,
                secret: <$kind>::SECRET,
                fallback: $fallback,
                stage: $stage,
                check: check::<$kind>,
            });
        )+)+

        /// All rows, in the order of `.env.example`.
        pub const TABLE: &[&Row] = &[$($($name.row),+),+];
    };
}

settings! {
    "Telegram" {
        /// This bot's token, from @BotFather.
        ADMIN_BOT_TOKEN: BotToken = Required, Works;
        /// REI's own token. A bot can write only to people who started it, so the send test (and
        /// notices) go out under REI's token. Without it they are off, and say so.
        REI_BOT_TOKEN: BotToken = Empty, Works;
        /// Another Bot API server.
        TELEGRAM_API_URL: HttpUrl = Text("https://api.telegram.org"), Works;
        /// The team's group: audit trail, approvals, progress.
        AUDIT_CHAT_ID: ChatId = Required, Works;
    }
    "People and approvals" {
        /// Who may request a recovery.
        ADMIN_IDS: UserIds = Required, Works;
        /// Who may approve a destructive gate.
        APPROVER_IDS: UserIds = Same("ADMIN_IDS"), Works;
        /// How many different people must approve a destructive gate.
        APPROVALS_REQUIRED: Count = Text("1"), Works;
        /// Whether the requester may be one of them; then only after typing the word shown.
        ALLOW_SELF_APPROVAL: Flag = Text("false"), Works;
        /// How long a request for approval waits before it expires.
        APPROVAL_TTL: Period = Text("10m"), Works;
        /// Second factor: these people must also give a code to approve.
        /// `rei-recovery totp new <userid>` makes a secret. A lost phone: approve at the console.
        TOTP_SECRETS: Totp = Empty, Works;
        /// Break-glass: when nobody has decided for so long, one approver or admin may go on alone, with
        /// a typed reason. Empty: never.
        BREAK_GLASS_AFTER: Wait = Empty, Works;
    }
    "What people read" {
        /// The language of the group and of people who chose none with /language.
        DEFAULT_LOCALE: Locale = Text("en"), Works;
        /// The time zone of what people read, and of schedules.
        TIMEZONE: Zone = Text("UTC"), Works;
    }
    "REI Bot, the system being recovered" {
        /// REI's install folder.
        REI_HOME: Folder = Text("/opt/rei_bot"), Works;
        /// REI's SQLite database: absolute, or relative to REI_HOME.
        REI_DB: PatientPath = Text("bot.db"), Works;
        /// REI's log: absolute, or relative to REI_HOME.
        REI_LOG: PatientPath = Text("logs/bot.log"), Works;
        /// REI's units, in the order they are started; they are stopped the other way round.
        REI_UNITS: Units = Text("rei_bot,rei_bot_workers"), Works;
        /// Redis's unit.
        REDIS_UNIT: Unit = Text("redis"), Works;
        /// Where REI runs. This version recovers REI only on the machine it runs on itself.
        REI_HOST: Host = Text("local"), Works;
        /// What starts and stops units: systemd (over D-Bus), or a command each for Docker Compose,
        /// supervisord and the like.
        UNIT_MANAGER: Manager = Text("systemd"), Works;
        /// With UNIT_MANAGER=command: starts {unit}; exit code 0 is success. No shell is involved.
        UNIT_START_COMMAND: CommandLine = Empty, Works;
        /// With UNIT_MANAGER=command: stops {unit}; exit code 0 is success.
        UNIT_STOP_COMMAND: CommandLine = Empty, Works;
        /// With UNIT_MANAGER=command: exit code 0 says that {unit} is active, 3 inactive, anything
        /// else unknown.
        UNIT_STATUS_COMMAND: CommandLine = Empty, Works;
        /// REI's Redis.
        REDIS_URL: RedisUrl = Text("redis://127.0.0.1:6379/0"), Works;
        /// REI's RQ queues.
        RQ_QUEUES: Names = Text("default"), Works;
        /// The function of REI's RQ jobs.
        RQ_JOB_FUNCTION: JobFunction = Text("worker.process_job"), Works;
        /// How long a job may run that this program makes anew from its row: what it had before is lost
        /// with Redis.
        RQ_JOB_TIMEOUT: Period = Text("1h"), Works;
        /// More failed jobs than this go back into the queue only with an approval.
        RETRY_LIMIT: Limit = Text("100"), Works;
    }
    "Backups" {
        /// The folder with the backups, db_YYYYMMDD_HHMMSS.db.gz.
        BACKUP_DIR: Folder = Text("/var/backups/rei_bot"), Works;
        /// The bucket with the same files; empty: no S3.
        S3_BUCKET: Bucket = Empty, Works;
        /// What stands before the file name in the keys of the bucket.
        S3_PREFIX: KeyPrefix = Empty, Works;
        /// An S3-compatible store other than AWS.
        S3_ENDPOINT_URL: HttpUrl = Empty, Works;
        /// The bucket's region; empty: as the usual AWS configuration says.
        AWS_REGION: Word = Empty, Works;
        /// Key id; without it the usual AWS credential chain is asked.
        AWS_ACCESS_KEY_ID: AccountKey = Empty, Works;
        /// The key that belongs to AWS_ACCESS_KEY_ID.
        AWS_SECRET_ACCESS_KEY: AccountKey = Empty, Works;
        /// Where the key is a temporary one, its session token.
        AWS_SESSION_TOKEN: AccountKey = Empty, Works;
        /// When this program takes a backup itself; empty: never.
        BACKUP_SCHEDULE: Cron = Empty, Works;
        /// How long backups are kept that this program took.
        BACKUP_RETENTION: Period = Text("14d"), Works;
        /// When the newest backup is tested.
        VERIFY_SCHEDULE: Cron = Text("0 2 * * SUN"), Works;
    }
    "This program" {
        /// Its own state: state.db and work files.
        STATE_DIR: Folder = Text("/var/lib/rei-recovery"), Works;
        /// A folder whose files override the built-in runbooks, checklist, contacts, providers and
        /// schema, file by file; empty: all built in.
        RUNBOOK_DIR: Folder = Empty, Works;
        /// How long a recovery may take.
        RTO: Period = Text("1h"), Works;
        /// How old the newest backup may be.
        RPO: Period = Text("1h"), Works;
        /// How log lines are written to standard error.
        LOG_FORMAT: LogFormat = Text("text"), Works;
        /// What is logged.
        RUST_LOG: LogFilter = Text("info"), Works;
        /// Where /healthz, /readyz and /metrics are served; empty: nowhere.
        HTTP_LISTEN: Listen = Empty, Works;
        /// How often REI's health is looked at in the background; 0: never.
        MONITOR_INTERVAL: Interval = Text("60s"), Works;
        /// When people are reminded of a drill.
        DRILL_SCHEDULE: Cron = Text("0 10 1 1,4,7,10 *"), Works;
    }
    "Payments" {
        /// The YooKassa shop. Without it payments are not compared with YooKassa's.
        YOOKASSA_SHOP_ID: Word = Empty, Works;
        /// Its secret key.
        YOOKASSA_SECRET_KEY: AccountKey = Empty, Works;
        /// YooKassa's API.
        YOOKASSA_API_URL: HttpUrl = Text("https://api.yookassa.ru/v3"), Works;
        /// YooKassa's status page.
        YOOKASSA_STATUS_URL: HttpUrl = Text("https://status.yookassa.ru/"), Works;
    }
    "AI providers" {
        /// Kling's access key. With it Kling is probed, and tasks that it may have finished are looked up
        /// before they are bought again.
        KLING_ACCESS_KEY: AccountKey = Empty, Works;
        /// The secret key that belongs to KLING_ACCESS_KEY.
        KLING_SECRET_KEY: AccountKey = Empty, Works;
        /// Nano Banana's key of the Gemini API, for its probe.
        NANO_BANANA_API_KEY: AccountKey = Empty, Works;
    }
    "Notices to REI's users" {
        /// Notices a second. Telegram allows a bot 30 in all, and REI needs some of them; up to 1000
        /// with NOTICE_PAID=true.
        NOTICE_RATE: Rate = Text("25"), Works;
        /// Whether Telegram may charge REI's Stars for more than 30 messages a second.
        NOTICE_PAID: Flag = Text("false"), Works;
        /// A notice to more people than this always needs the approval of another person, whatever
        /// ALLOW_SELF_APPROVAL says.
        NOTICE_LIMIT: Limit = Text("1000"), Works;
    }
}
