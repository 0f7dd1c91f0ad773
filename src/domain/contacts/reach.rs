//! How somebody is reached: what is kept of it is what a phone can use.

use super::Changes;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// Longest e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// Who it is and how he is reached; whatever is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// His name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// His phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// His Telegram account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram: Option<Account>,
    /// His address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// What of a contact somebody changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The name.
    Name,
    /// The phone.
    Phone,
    /// The Telegram account.
    Telegram,
    /// The e-mail address.
    Email,
}

impl Field {
    /// Every field, in the order of the buttons.
    pub const ALL: &[Self] = &[Self::Name, Self::Phone, Self::Telegram, Self::Email];

    /// Its word in the audit trail and the end of the locale keys `contact-field-<word>` and
    /// `contact-ask-<word>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Telegram => "telegram",
            Self::Email => "email",
        }
    }
}

/// Why something typed cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// No name, or a very long one.
    #[error("a name has 1 to {LONGEST_NAME} characters")]
    Name,
    /// No number with its country.
    #[error("a phone number begins with + and the country's code, for example +7 912 345-67-89")]
    Phone,
    /// No account.
    #[error("a Telegram account is a name such as @anna_ops or the account's number")]
    Telegram,
    /// No address.
    #[error("an e-mail address is like ops@example.org")]
    Email,
}

impl Invalid {
    /// The end of the locale key `contact-invalid-<word>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => Field::Name.as_str(),
            Self::Phone => Field::Phone.as_str(),
            Self::Telegram => Field::Telegram.as_str(),
            Self::Email => Field::Email.as_str(),
        }
    }
}

macro_rules! checked {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// As it is shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.0
            }
        }
    };
}

checked!(
    /// A phone number: `+` and 7 to 15 digits (E.164).
    Phone
);
checked!(
    /// An e-mail address.
    Email
);
checked!(
    /// A Telegram account: `@name`, or the account's number.
    Account
);

impl FromStr for Phone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let packed: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')' | '.'))
            .collect();
        let digits = packed.strip_prefix('+').ok_or(Invalid::Phone)?;
        let sound = (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        sound.then_some(Self(packed)).ok_or(Invalid::Phone)
    }
}

impl FromStr for Email {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (who, host) = text.split_once('@').ok_or(Invalid::Email)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let label = |label: &str| {
            !label.is_empty()
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !label.starts_with('-')
        };
        let sound = text.len() <= LONGEST_EMAIL
            && !who.is_empty()
            && who.chars().all(plain)
            && host.contains('.')
            && host.split('.').all(label);
        sound.then(|| Self(text.to_owned())).ok_or(Invalid::Email)
    }
}

/// Telegram's ids have at most 52 significant bits.
const LARGEST_ID: i64 = (1 << 52) - 1;

impl FromStr for Account {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_start_matches("https://t.me/");
        // A phone number is digits too, and its `+` was read as a sign: whoever has that number as an
        // id would be called at night.
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        if digits && text.parse().is_ok_and(|id: i64| id <= LARGEST_ID) {
            return Ok(Self(text.to_owned()));
        }
        let name = text.trim_start_matches('@');
        let sound = (5..=32).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        sound
            .then(|| Self(format!("@{name}")))
            .ok_or(Invalid::Telegram)
    }
}

impl Account {
    /// The account's number, where it is one and no name.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl Reach {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same with what people changed of it.
    #[must_use]
    pub fn changed(&self, changes: &Changes) -> Self {
        let mut reach = self.clone();
        for (field, typed) in changes {
            // It was looked at when it was typed; what an older program let pass stays the file's.
            reach.set(*field, typed.as_deref()).ok();
        }
        reach
    }

    /// Changes one of it; nothing takes it away.
    ///
    /// # Errors
    /// What was typed cannot be kept.
    pub fn set(&mut self, field: Field, typed: Option<&str>) -> Result<(), Invalid> {
        match field {
            Field::Name => self.name = typed.map(name).transpose()?,
            Field::Phone => self.phone = typed.map(str::parse).transpose()?,
            Field::Telegram => self.telegram = typed.map(str::parse).transpose()?,
            Field::Email => self.email = typed.map(str::parse).transpose()?,
        }
        Ok(())
    }
}

/// A name in one line.
fn name(typed: &str) -> Result<String, Invalid> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let name = words.join(" ");
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    fits.then_some(name).ok_or(Invalid::Name)
}
