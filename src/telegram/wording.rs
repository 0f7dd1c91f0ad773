//! What REI Bot says in this program's name.

use crate::domain::campaign::message::{Message, Notice};
use crate::domain::failure::Args;
use crate::i18n::{I18n, Locale};
use crate::ports::bot::Wording;
use crate::ports::people::People;
use async_trait::async_trait;
use std::sync::Arc;

/// Speaks to each person in the language he chose.
pub struct PeopleWording {
    /// The texts.
    pub i18n: Arc<I18n>,
    /// Who chose which language.
    pub people: Arc<dyn People>,
    /// `DEFAULT_LOCALE`.
    pub default: Locale,
}

#[async_trait]
impl Wording for PeopleWording {
    async fn test_message(&self, person: i64) -> String {
        // The message matters more than its language.
        let chosen = self.people.language(person).await.ok().flatten();
        let locale = chosen.and_then(|code| code.parse().ok());
        let locale = locale.unwrap_or(self.default);
        self.i18n.plain(locale, "test-message", &Args::new())
    }

    fn notice(&self, key: &str) -> Notice {
        let message = |locale| Message::plain(self.i18n.plain(locale, key, &Args::new()));
        let each = Locale::ALL.iter();
        Notice {
            fallback: self.default.to_string(),
            messages: each
                .map(|locale| (locale.to_string(), message(*locale)))
                .collect(),
        }
    }
}
