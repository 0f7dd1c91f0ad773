//! What people read, in their language.
//!
//! The texts live in `locales/<language>/*.ftl` and are embedded. Every lookup names its locale:
//! there is no current language that one task could change under another.

mod format;
mod ready;
mod safe;

use crate::domain::Timestamp;
use crate::domain::failure::{Arg, Args};
pub use crate::domain::locale::{Locale, UnknownLocale};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use std::fmt;
use std::time::Duration;
use unic_langid::{LanguageIdentifier, langid};

/// Why the embedded texts cannot be used. A defect of the build; a test holds all files.
#[derive(Debug, thiserror::Error)]
#[error("the texts of `{locale}` cannot be used: {problem}")]
pub struct LocaleError {
    locale: Locale,
    problem: String,
}

macro_rules! texts {
    ($locale:literal) => {
        &[
            include_str!(concat!("../../locales/", $locale, "/common.ftl")),
            include_str!(concat!("../../locales/", $locale, "/failures.ftl")),
            include_str!(concat!("../../locales/", $locale, "/steps.ftl")),
            include_str!(concat!("../../locales/", $locale, "/scenarios.ftl")),
            include_str!(concat!("../../locales/", $locale, "/answers.ftl")),
            include_str!(concat!("../../locales/", $locale, "/busy.ftl")),
            include_str!(concat!("../../locales/", $locale, "/audit.ftl")),
            include_str!(concat!("../../locales/", $locale, "/run.ftl")),
            include_str!(concat!("../../locales/", $locale, "/status.ftl")),
            include_str!(concat!("../../locales/", $locale, "/alerts.ftl")),
            include_str!(concat!("../../locales/", $locale, "/causes.ftl")),
            include_str!(concat!("../../locales/", $locale, "/signs.ftl")),
            include_str!(concat!("../../locales/", $locale, "/chat.ftl")),
            include_str!(concat!("../../locales/", $locale, "/broadcast.ftl")),
            include_str!(concat!("../../locales/", $locale, "/console.ftl")),
            include_str!(concat!("../../locales/", $locale, "/picture.ftl")),
            include_str!(concat!("../../locales/", $locale, "/check.ftl")),
            include_str!(concat!("../../locales/", $locale, "/backup-test.ftl")),
            include_str!(concat!("../../locales/", $locale, "/history.ftl")),
            include_str!(concat!("../../locales/", $locale, "/checklist.ftl")),
            include_str!(concat!("../../locales/", $locale, "/contacts.ftl")),
            include_str!(concat!("../../locales/", $locale, "/backups-taken.ftl")),
            include_str!(concat!("../../locales/", $locale, "/chores.ftl")),
            include_str!(concat!("../../locales/", $locale, "/drill.ftl")),
            include_str!(concat!("../../locales/", $locale, "/deploy.ftl")),
            include_str!(concat!("../../locales/", $locale, "/incident.ftl")),
            include_str!(concat!("../../locales/", $locale, "/second-factor.ftl")),
            include_str!(concat!("../../locales/", $locale, "/break-glass.ftl")),
            include_str!(concat!("../../locales/", $locale, "/limits.ftl")),
            include_str!(concat!("../../locales/", $locale, "/payments.ftl")),
            include_str!(concat!("../../locales/", $locale, "/own-state.ftl")),
        ]
    };
}

const EN: &[&str] = texts!("en");
const RU: &[&str] = texts!("ru");

type Bundle = FluentBundle<FluentResource>;

/// The texts of all languages, and the zone in which the team reads times.
pub struct I18n {
    en: Bundle,
    ru: Bundle,
    zone: TimeZone,
}

impl fmt::Debug for I18n {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("I18n")
            .field("zone", &self.zone)
            .finish_non_exhaustive()
    }
}

impl I18n {
    /// The embedded texts, for a team in this zone.
    ///
    /// # Errors
    /// An embedded file is broken or names a text twice.
    pub fn new(zone: TimeZone) -> Result<Self, LocaleError> {
        Ok(Self {
            en: bundle(Locale::En, EN)?,
            ru: bundle(Locale::Ru, RU)?,
            zone,
        })
    }

    /// The team's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether every language has this text; `key.attribute` names an attribute.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        let (id, attribute) = split(key);
        [&self.en, &self.ru].iter().all(|bundle| {
            bundle
                .get_message(id)
                .is_some_and(|message| match attribute {
                    Some(name) => message.get_attribute(name).is_some(),
                    None => message.value().is_some(),
                })
        })
    }

    /// A text for the console: without markup.
    #[must_use]
    pub fn plain(&self, locale: Locale, key: &str, args: &Args) -> String {
        self.text(locale, key, args, safe::plain)
    }

    /// A text for the chat: its arguments are escaped, so only the locale's own text can hold markup.
    #[must_use]
    pub fn html(&self, locale: Locale, key: &str, args: &Args) -> String {
        self.text(locale, key, args, safe::html)
    }

    /// Words of somebody else for the console, where they stand by themselves: made as harmless as
    /// those in a text.
    #[must_use]
    pub fn foreign(&self, words: &str) -> String {
        safe::plain(words)
    }

    /// A moment with date and zone, for example `23 Nov 2026 03:54:12 UTC`.
    #[must_use]
    pub fn moment(&self, locale: Locale, at: Timestamp) -> String {
        format::moment(locale, &at.to_zoned(self.zone.clone()))
    }

    /// A moment's time of the day without date and zone, for example `03:54:12`.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        format::clock(&at.to_zoned(self.zone.clone()))
    }

    /// A moment's day and minute, for lists and buttons: `23 Nov 03:54`.
    #[must_use]
    pub fn minute(&self, locale: Locale, at: Timestamp) -> String {
        format::minute(locale, &at.to_zoned(self.zone.clone()))
    }

    /// A length of time, for example `3 min 20 s`.
    #[must_use]
    pub fn length(&self, locale: Locale, length: Duration) -> String {
        format::duration(locale, length.as_secs())
    }

    /// A size, for example `1.2 GiB`.
    #[must_use]
    pub fn size(&self, locale: Locale, bytes: u64) -> String {
        format::bytes(locale, bytes)
    }

    /// A count with its digits in groups.
    #[must_use]
    pub fn number(&self, locale: Locale, number: i64) -> String {
        format::number(locale, number)
    }

    fn text(&self, locale: Locale, key: &str, args: &Args, escape: fn(&str) -> String) -> String {
        let bundle = match locale {
            Locale::En => &self.en,
            Locale::Ru => &self.ru,
        };
        let (id, attribute) = split(key);
        let message = bundle.get_message(id);
        let pattern = message.and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|found| found.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            tracing::error!(%locale, key, "a text is missing");
            return escape(key);
        };
        let mut problems = Vec::new();
        let args = self.fluent(locale, args, escape);
        let text = bundle.format_pattern(pattern, Some(&args), &mut problems);
        if !problems.is_empty() {
            tracing::warn!(%locale, key, ?problems, "a text lacks an argument");
        }
        text.into_owned()
    }

    fn fluent<'a>(
        &self,
        locale: Locale,
        args: &'a Args,
        escape: fn(&str) -> String,
    ) -> FluentArgs<'a> {
        let value = |arg: &Arg| match arg {
            Arg::Text(text) => FluentValue::from(escape(text)),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Bytes(bytes) => FluentValue::from(format::bytes(locale, *bytes)),
            Arg::Seconds(seconds) => FluentValue::from(format::duration(locale, *seconds)),
            Arg::Time(at) => FluentValue::from(self.moment(locale, *at)),
            Arg::Day(at) => {
                FluentValue::from(format::date(locale, &at.to_zoned(self.zone.clone())))
            }
        };
        args.iter()
            .map(|(name, arg)| (name.as_str(), value(arg)))
            .collect()
    }
}

fn identifier(locale: Locale) -> LanguageIdentifier {
    match locale {
        Locale::En => langid!("en"),
        Locale::Ru => langid!("ru"),
    }
}

fn split(key: &str) -> (&str, Option<&str>) {
    key.split_once('.')
        .map_or((key, None), |(id, attribute)| (id, Some(attribute)))
}

fn bundle(locale: Locale, texts: &[&str]) -> Result<Bundle, LocaleError> {
    let mut bundle = FluentBundle::new_concurrent(vec![identifier(locale)]);
    // Telegram shows the isolating marks of Fluent as boxes on some phones.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::En => |value, _| format::fluent(Locale::En, value),
        Locale::Ru => |value, _| format::fluent(Locale::Ru, value),
    }));
    for text in texts {
        let resource =
            FluentResource::try_new((*text).to_owned()).map_err(|(_, problems)| LocaleError {
                locale,
                problem: format!("{problems:?}"),
            })?;
        bundle
            .add_resource(resource)
            .map_err(|problems| LocaleError {
                locale,
                problem: format!("{problems:?}"),
            })?;
    }
    Ok(bundle)
}

#[cfg(test)]
mod tests;
