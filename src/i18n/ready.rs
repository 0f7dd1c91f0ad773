//! Ready notices, in every language at once.

use super::{I18n, Locale};
use crate::domain::campaign::ready::Ready;
use crate::domain::failure::{Arg, Args};

impl I18n {
    /// The words of a ready notice with its blanks filled, by language. They are plain text: nothing
    /// in them is markup, whatever was filled in.
    #[must_use]
    pub fn ready(&self, ready: &Ready, filled: &[String]) -> Vec<(Locale, String)> {
        let blanks = ready.blanks.iter().zip(filled);
        let args: Args = blanks
            .map(|(name, value)| ((*name).to_owned(), Arg::from(value.as_str())))
            .collect();
        let key = format!("notice-{}", ready.word);
        let all = Locale::ALL.iter();
        all.map(|locale| (*locale, self.plain(*locale, &key, &args)))
            .collect()
    }
}
