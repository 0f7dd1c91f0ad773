//! Money: whole kopecks (or the hundredth of another currency), never a float.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    /// Hundredths of the currency.
    pub minor: i64,
    /// ISO 4217, for example `RUB`.
    pub currency: String,
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no amount: digits, a point and two digits, for example 199.00")]
pub struct InvalidAmount(String);

impl Money {
    /// Reads `199.00`, as YooKassa and REI write it; `199`, `199.5` are read too.
    ///
    /// # Errors
    /// Anything else, and amounts beyond what fits.
    pub fn parse(amount: &str, currency: &str) -> Result<Self, InvalidAmount> {
        let wrong = || InvalidAmount(amount.to_owned());
        let (whole, part) = amount.trim().split_once('.').unwrap_or((amount.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(wrong());
        }
        let whole = i64::from_str(whole).map_err(|_| wrong())?;
        let part = i64::from_str(&format!("{part:0<2}")).map_err(|_| wrong())?;
        let minor = whole
            .checked_mul(100)
            .and_then(|sum| sum.checked_add(part))
            .ok_or_else(wrong)?;
        Ok(Self {
            minor,
            currency: currency.to_owned(),
        })
    }

    /// The same currency, another amount.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency).then(|| Self {
            minor,
            currency: self.currency.clone(),
        })
    }
}

impl Money {
    /// The amount without its currency, for example `199.00`.
    #[must_use]
    pub fn digits(&self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        format!("{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.digits(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str) -> Option<i64> {
        Money::parse(text, "RUB").ok().map(|money| money.minor)
    }

    #[test]
    fn amounts_become_kopecks() {
        assert_eq!(minor("199.00"), Some(19_900));
        assert_eq!(minor("0.01"), Some(1));
        assert_eq!(minor("199"), Some(19_900));
        assert_eq!(minor("199.5"), Some(19_950));
        assert_eq!(minor("92233720368547758.07"), Some(i64::MAX));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ".5",
            "1.234",
            "1,00",
            "-1.00",
            "1e3",
            "1 000.00",
            "NaN",
            "92233720368547758.08",
        ] {
            assert_eq!(minor(text), None, "{text}");
        }
    }

    #[test]
    fn it_reads_as_money() {
        assert_eq!(Money::parse("5.07", "RUB").unwrap().to_string(), "5.07 RUB");
    }
}
