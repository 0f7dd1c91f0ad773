//! Emergency contacts: who is to be reached how, and who is on call this week.
//!
//! A team's file lists the roles; what admins change in the chat is kept beside it and goes before it.
//! Numbers are kept as `+` and digits, because that is how a phone offers to dial them in a message:
//! Telegram finds numbers, `@names` and addresses by itself, and takes no `tel:` links.

use super::ids::RoleId;
use super::operator::Actor;
use super::wording::Wording;
use jiff::civil::ISOWeekDate;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// On-call is mentioned at most this often: whoever sleeps is not woken faster by more messages.
pub const PAGE_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// The role that is on call where no week says otherwise.
pub const USUAL: &str = "on-call-engineer";

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// Longest e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// The contacts as their file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Roster {
    /// In the order in which they are shown.
    pub contacts: Vec<Contact>,
    /// Who is on call.
    #[serde(default)]
    pub on_call: OnCall,
}

/// Who is on call when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    /// The role where no week says otherwise; [`USUAL`] where it is not given.
    #[serde(default)]
    pub usual: Option<RoleId>,
    /// By ISO week.
    #[serde(default)]
    pub weeks: BTreeMap<Week, RoleId>,
}

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Its role, unique among them.
    pub role: RoleId,
    /// What people call the role.
    pub title: Wording,
    /// How it is reached.
    #[serde(flatten)]
    pub reach: Reach,
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

impl FromStr for Account {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_start_matches("https://t.me/");
        if text.parse::<i64>().is_ok_and(|id| id > 0) {
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

/// An ISO week, written `2026-W48`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Week {
    year: i16,
    week: i8,
}

impl Week {
    /// The week of a day.
    #[must_use]
    pub fn of(date: ISOWeekDate) -> Self {
        Self {
            year: date.year(),
            week: date.week(),
        }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

/// Why a text is no week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no week of the calendar: write 2026-W48")]
pub struct InvalidWeek(String);

impl TryFrom<String> for Week {
    type Error = InvalidWeek;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parts = text
            .split_once("-W")
            .filter(|(year, week)| (year.len(), week.len()) == (4, 2));
        let week = parts.and_then(|(year, week)| {
            let (year, week) = (year.parse().ok()?, week.parse().ok()?);
            // Not every year has a week 53.
            ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).ok()
        });
        week.map(Self::of).ok_or(InvalidWeek(text))
    }
}

impl From<Week> for String {
    fn from(week: Week) -> Self {
        week.to_string()
    }
}

/// What people changed in the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Raised by each change.
    pub revision: u64,
    /// By role; goes before what the file says.
    pub changed: BTreeMap<RoleId, Reach>,
    /// When on-call was last paged, and by whom.
    pub paged: Option<(Timestamp, Actor)>,
}

/// The contacts in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// In the order of the file.
    pub contacts: Vec<Contact>,
    /// Who is on call in this week.
    pub on_call: Option<RoleId>,
    /// Who is in the next, where the file names a week.
    pub next: Option<RoleId>,
}

impl Directory {
    /// From the file and what people changed, for these two weeks.
    #[must_use]
    pub fn new(roster: &Roster, book: &Book, (this, next): (Week, Week)) -> Self {
        let contact = |contact: &Contact| Contact {
            reach: book
                .changed
                .get(&contact.role)
                .unwrap_or(&contact.reach)
                .clone(),
            ..contact.clone()
        };
        let contacts: Vec<Contact> = roster.contacts.iter().map(contact).collect();
        let usual = roster.on_call.usual.clone().or_else(|| USUAL.parse().ok());
        let known = |role: &RoleId| contacts.iter().any(|contact| contact.role == *role);
        let of = |week| roster.on_call.weeks.get(&week).cloned();
        let on_call = of(this).or(usual).filter(known);
        Self {
            next: of(next),
            on_call,
            contacts,
        }
    }

    /// One contact.
    #[must_use]
    pub fn of(&self, role: &RoleId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.role == *role)
    }

    /// Who is on call.
    #[must_use]
    pub fn on_call(&self) -> Option<&Contact> {
        self.of(self.on_call.as_ref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_as_phones_dial_it() {
        let phone: Phone = "+7 (912) 345-67-89".parse().unwrap();
        assert_eq!(phone.as_str(), "+79123456789");
        for bad in [
            "89123456789",
            "+0123456789",
            "+7912",
            "+7912345678901234",
            "+79 call",
        ] {
            assert_eq!(bad.parse::<Phone>(), Err(Invalid::Phone), "{bad}");
        }
    }

    #[test]
    fn an_account_is_a_name_or_a_number() {
        let account = |text: &str| text.parse::<Account>().map(String::from);
        assert_eq!(account("anna_ops"), Ok("@anna_ops".into()));
        assert_eq!(account(" @anna_ops "), Ok("@anna_ops".into()));
        assert_eq!(account("https://t.me/anna_ops"), Ok("@anna_ops".into()));
        assert_eq!(
            "123456789".parse::<Account>().unwrap().id(),
            Some(123_456_789)
        );
        for bad in ["@ann", "@1anna", "-5", "@anna<b>", ""] {
            assert_eq!(account(bad), Err(Invalid::Telegram), "{bad}");
        }
    }

    #[test]
    fn an_address_has_no_surprises_in_it() {
        assert!("support@yookassa.ru".parse::<Email>().is_ok());
        for bad in [
            "a@b", "@b.ru", "a b@c.ru", "a@-b.ru", "a@b..ru", "<a>@b.ru", "a@b@c.ru",
        ] {
            assert_eq!(bad.parse::<Email>(), Err(Invalid::Email), "{bad}");
        }
        let mut reach = Reach::default();
        reach.set(Field::Name, Some("  Anna\n Ops ")).unwrap();
        assert_eq!(reach.name.as_deref(), Some("Anna Ops"));
        assert_eq!(
            reach.set(Field::Name, Some(&"x".repeat(61))),
            Err(Invalid::Name)
        );
        reach.set(Field::Name, None).unwrap();
        assert!(reach.is_empty());
    }

    fn roster() -> Roster {
        toml::from_str(
            r#"
            [[contacts]]
            role = "anna"
            title = "Anna"
            phone = "+79123456789"
            [[contacts]]
            role = "boris"
            title = "Boris"
            [on-call]
            usual = "boris"
            weeks = { "2026-W53" = "anna", "2027-W01" = "gone" }
            "#,
        )
        .unwrap()
    }

    fn weeks(date: &str) -> (Week, Week) {
        let date: jiff::civil::Date = date.parse().unwrap();
        let next = date + SignedDuration::from_hours(7 * 24);
        (
            Week::of(date.iso_week_date()),
            Week::of(next.iso_week_date()),
        )
    }

    #[test]
    fn the_week_says_who_is_on_call_also_across_new_year() {
        let on_call = |date: &str| {
            let directory = Directory::new(&roster(), &Book::default(), weeks(date));
            let now = directory.on_call().map(|it| it.role.to_string());
            (now, directory.next.map(|it| it.to_string()))
        };
        assert_eq!(
            on_call("2026-12-27"),
            (Some("boris".into()), Some("anna".into()))
        );
        assert_eq!(
            on_call("2027-01-03"),
            (Some("anna".into()), Some("gone".into()))
        );
        assert_eq!(on_call("2027-01-04").0, None, "nobody has this role");
        assert!(Week::try_from("2027-W53".to_owned()).is_err());
        assert!(Week::try_from("2026-W1".to_owned()).is_err());
    }

    #[test]
    fn what_was_changed_in_the_chat_goes_before_the_file() {
        let mut book = Book::default();
        let mut reach = Reach::default();
        reach.set(Field::Telegram, Some("@anna_ops")).unwrap();
        book.changed.insert("anna".parse().unwrap(), reach);
        let directory = Directory::new(&roster(), &book, weeks("2026-11-23"));
        let anna = directory.of(&"anna".parse().unwrap()).unwrap();
        assert_eq!(anna.reach.phone, None);
        assert_eq!(anna.reach.telegram.as_ref().unwrap().as_str(), "@anna_ops");
    }
}
