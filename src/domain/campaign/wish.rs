//! Whom people mean, as they write it at the console and in the chat: `active:30d`.

use super::audience::Who;
use crate::domain::period;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What is no audience.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}`: {why}; write everyone, active:30d, open-payments:24h or troubled-jobs:24h")]
pub struct NoAudience {
    given: String,
    why: &'static str,
}

impl FromStr for Who {
    type Err = NoAudience;

    /// Reads what a person can name without a file: `everyone`, `active:30d`, `open-payments:24h`,
    /// `troubled-jobs:24h` and `troubled-jobs:24h:provider`.
    fn from_str(text: &str) -> Result<Self, NoAudience> {
        let wrong = |why| NoAudience {
            given: text.to_owned(),
            why,
        };
        let text = text.trim().to_lowercase();
        let mut parts = text.splitn(3, ':');
        let word = parts.next().unwrap_or_default();
        let span = || match parts.clone().next() {
            Some(length) => period::parse(length).map_err(wrong),
            None => Err(wrong("how long back is missing")),
        };
        let provider = || parts.clone().nth(1).map(str::to_owned);
        match word {
            "everyone" => Ok(Self::Everyone),
            "active" => Ok(Self::Active {
                days: units(span()?, 86_400),
            }),
            "open-payments" => Ok(Self::OpenPayments {
                hours: units(span()?, 3_600),
            }),
            "troubled-jobs" => Ok(Self::TroubledJobs {
                hours: units(span()?, 3_600),
                provider: provider(),
            }),
            _ => Err(wrong("it names nobody")),
        }
    }
}

/// As Telegram's users and the console write it. A list of ids has no such form.
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        match self {
            Self::Active { days } => write!(f, ":{days}d"),
            Self::OpenPayments { hours } => write!(f, ":{hours}h"),
            Self::TroubledJobs { hours, provider } => {
                write!(f, ":{hours}h")?;
                provider
                    .as_ref()
                    .map_or(Ok(()), |provider| write!(f, ":{provider}"))
            }
            _ => Ok(()),
        }
    }
}

/// Rounded up: who asks for 90 minutes means at least those.
fn units(length: Duration, seconds: u64) -> u32 {
    u32::try_from(length.as_secs().div_ceil(seconds)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_reads_back_as_it_is_written() {
        for text in [
            "everyone",
            "active:30d",
            "open-payments:24h",
            "troubled-jobs:6h",
            "troubled-jobs:6h:kling",
        ] {
            assert_eq!(text.parse::<Who>().unwrap().to_string(), text);
        }
        assert_eq!("active:36h".parse(), Ok(Who::Active { days: 2 }));
        for bad in ["", "all", "active", "active:x", "open-payments", "listed"] {
            assert!(bad.parse::<Who>().is_err(), "{bad}");
        }
    }
}
