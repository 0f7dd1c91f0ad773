//! Settings: the only place that reads the environment.
//!
//! One table ([`table`]) declares every setting with its name, type, default and meaning. From it
//! come the reading, the errors (all at once), the hints for misspelt names and `.env.example`.
//! Values are read by serde into types of their own; a type that is a secret is never shown, and may
//! be given as `NAME_FILE=/path` instead.
//!
//! ```
//! use rei_recovery::config::{BaseSettings, EnvFile, Sources};
//!
//! let environment = [("REI_HOME".into(), "/srv/rei".into())];
//! let loaded = BaseSettings::load(&Sources::new(environment, &EnvFile::None))?;
//! assert_eq!(loaded.settings.patient.database.to_str(), Some("/srv/rei/bot.db"));
//! # Ok::<(), rei_recovery::config::ConfigError>(())
//! ```

mod access;
mod backups;
mod example;
mod later;
mod patient;
mod payments;
mod problem;
mod providers;
mod queue;
mod reader;
mod schedules;
mod setting;
mod sources;
mod spelling;
pub mod table;
mod telegram;
pub mod values;
mod weak;

#[cfg(test)]
mod tests;

pub use backups::{BackupSettings, S3Key, S3Settings};
pub use example::example;
pub use patient::{PatientSettings, UnitCommands, UnitManager};
pub use payments::{PaymentKeys, PaymentSettings};
pub use problem::{ConfigError, Notice, Problem};
pub use providers::{PROVIDER_KEYS, ProviderSettings};
pub use queue::QueueSettings;
pub use reader::Loaded;
pub use schedules::ScheduleSettings;
pub use setting::{Fallback, Key, Row, Stage, Value};
pub use sources::{EnvFile, Sources, environment};
pub use telegram::TelegramSettings;
pub use values::{CommandLine, Locale, LogFormat};

use crate::domain::approval::Policy;
use jiff::tz::TimeZone;
use reader::{Read, Reader};
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Everything the program is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The bots and the team's group.
    pub telegram: TelegramSettings,
    /// Who may what.
    pub approvals: Policy,
    /// The rest, which works without Telegram.
    pub base: BaseSettings,
}

/// What a command at the console needs when it talks to nobody in Telegram.
#[derive(Clone, Debug)]
pub struct BaseSettings {
    /// REI Bot.
    pub patient: PatientSettings,
    /// `REI_BOT_TOKEN`; without it nothing is sent under REI's name.
    pub rei_token: Option<SecretString>,
    /// `TELEGRAM_API_URL`.
    pub telegram_api: Url,
    /// REI's job queue.
    pub queue: QueueSettings,
    /// Where backups are.
    pub backups: BackupSettings,
    /// Keys of the AI providers.
    pub providers: ProviderSettings,
    /// The payment provider.
    pub payments: PaymentSettings,
    /// `STATE_DIR`, absolute.
    pub state_dir: PathBuf,
    /// `RUNBOOK_DIR`, absolute; absent where everything is built in.
    pub runbook_dir: Option<PathBuf>,
    /// What the team promised.
    pub objectives: Objectives,
    /// What is due when.
    pub schedules: ScheduleSettings,
    /// `DEFAULT_LOCALE`.
    pub locale: Locale,
    /// `TIMEZONE`.
    pub zone: TimeZone,
    /// How and what is logged.
    pub log: LogSettings,
    /// `HTTP_LISTEN`: where this program is watched from outside; absent where it is not.
    pub http: Option<SocketAddr>,
}

/// Recovery objectives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objectives {
    /// `RTO`: how long a recovery may take.
    pub rto: Duration,
    /// `RPO`: how old the newest backup may be.
    pub rpo: Duration,
    /// `MONITOR_INTERVAL`: how often REI is looked at in the background; nothing for never.
    pub interval: Option<Duration>,
}

/// Log lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// `LOG_FORMAT`.
    pub format: LogFormat,
    /// `RUST_LOG`, checked to be readable by `tracing`'s filter.
    pub filter: String,
}

impl Settings {
    /// Reads everything.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(sources: &Sources) -> Result<Loaded<Self>, ConfigError> {
        let mut reader = Reader::new(sources);
        let settings = Self::read(&mut reader);
        reader.finish(settings)
    }

    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let telegram = telegram::read(reader);
        let approvals = access::read(reader);
        let base = BaseSettings::read(reader);
        later::check(reader)?;
        Ok(Self {
            telegram: telegram?,
            approvals: approvals?,
            base: base?,
        })
    }
}

impl BaseSettings {
    /// Reads what works without Telegram. What is wrong elsewhere does not matter here.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(sources: &Sources) -> Result<Loaded<Self>, ConfigError> {
        let mut reader = Reader::new(sources);
        let settings = Self::read(&mut reader);
        reader.finish(settings)
    }

    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let patient = patient::read(reader);
        let rei_token = reader.find(&table::REI_BOT_TOKEN);
        let telegram_api = reader.get(&table::TELEGRAM_API_URL);
        let queue = queue::read(reader);
        let backups = backups::read(reader);
        let providers = providers::read(reader);
        let payments = payments::read(reader);
        let state_dir = reader.get(&table::STATE_DIR);
        let runbook_dir = reader.find(&table::RUNBOOK_DIR);
        let objectives = objectives(reader);
        let schedules = schedules::read(reader);
        let locale = reader.get(&table::DEFAULT_LOCALE);
        let zone = reader.get(&table::TIMEZONE);
        let log = log(reader);
        let http = reader.find(&table::HTTP_LISTEN);
        Ok(Self {
            patient: patient?,
            rei_token: rei_token?.map(|token| token.0),
            telegram_api: telegram_api?.0,
            queue: queue?,
            backups: backups?,
            providers: providers?,
            payments: payments?,
            state_dir: state_dir?.0,
            runbook_dir: runbook_dir?.map(|dir| dir.0),
            objectives: objectives?,
            schedules: schedules?,
            locale: locale?,
            zone: zone?.0,
            log: log?,
            http: http?.map(|listen| listen.0),
        })
    }
}

fn objectives(reader: &mut Reader<'_>) -> Read<Objectives> {
    let rto = reader.get(&table::RTO);
    let rpo = reader.get(&table::RPO);
    let interval = reader.get(&table::MONITOR_INTERVAL);
    Ok(Objectives {
        rto: rto?.0,
        rpo: rpo?.0,
        interval: interval?.0,
    })
}

fn log(reader: &mut Reader<'_>) -> Read<LogSettings> {
    let format = reader.get(&table::LOG_FORMAT);
    let filter = reader.get(&table::RUST_LOG);
    Ok(LogSettings {
        format: format?,
        filter: filter?.0,
    })
}
