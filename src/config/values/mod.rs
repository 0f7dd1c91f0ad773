//! The types of settings. Each reads itself from text through serde and says what it expects.

mod access;
mod files;
mod patient;
mod plain;
mod remote;
mod time;

pub use access::{BotToken, ChatId, Count, Limit, Totp, UserIds};
pub use files::{Folder, PatientPath};
pub use patient::{CommandLine, Host, JobFunction, Manager, Names, Unit, Units};
pub use plain::{Flag, Locale, LogFilter, LogFormat, Rate, Word};
pub use remote::{AccountKey, Bucket, HttpUrl, KeyPrefix, Listen, RedisUrl};
pub use time::{Cron, Interval, Period, Wait, Zone};

/// Lets serde read a type with its `fn parse(&str) -> Result<Self, impl Display>`.
macro_rules! reads {
    ($kind:ty, $expects:literal $(, $secret:ident)?) => {
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(source)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl $crate::config::setting::Value for $kind {
            const EXPECTS: &'static str = $expects;
            $(const $secret: bool = true;)?
        }
    };
}
use reads;

/// The parts of a comma-separated list; empty ones are left out.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
