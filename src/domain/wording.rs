//! What a team's file calls something: a text of the locales, or the team's own words.

use super::locale::Locale;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest own words, in characters: they stand in one line of a message.
const LONGEST: usize = 200;

/// A key of the locales, plain words for everybody, or words for each language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wording {
    /// A key of the locales, or words.
    One(String),
    /// By language.
    Each(BTreeMap<Locale, String>),
}

/// What is shown of a wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The text of this key.
    Key(&'a str),
    /// These words; they come from a file and are escaped like any other text.
    Words(&'a str),
}

impl Wording {
    /// For a reader of this language. Somebody's own language is worth more than none: where his is not
    /// written he reads another.
    #[must_use]
    pub fn shown(&self, locale: Locale) -> Shown<'_> {
        match self {
            Self::One(text) if is_key(text) => Shown::Key(text),
            Self::One(text) => Shown::Words(text),
            Self::Each(words) => {
                let own = words.get(&locale).or_else(|| words.values().next());
                Shown::Words(own.map_or("", String::as_str))
            }
        }
    }

    /// What is wrong with it, in words for the one who wrote the file; `knows` tells whether a key
    /// exists.
    #[must_use]
    pub fn problem(&self, knows: &dyn Fn(&str) -> bool) -> Option<String> {
        let length = |text: &String| match text.trim().chars().count() {
            0 => Some("its words are empty".to_owned()),
            1..=LONGEST => None,
            _ => Some(format!("its words are longer than {LONGEST} characters")),
        };
        match self {
            Self::One(key) if is_key(key) => {
                (!knows(key)).then(|| format!("the locales have no text `{key}`"))
            }
            Self::One(words) => length(words),
            Self::Each(words) if words.is_empty() => Some("its words are empty".to_owned()),
            Self::Each(words) => words.values().find_map(length),
        }
    }
}

/// Lower-case words joined by hyphens: nobody writes a sentence like that.
fn is_key(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.contains('-') && text.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Wording {
        #[derive(Deserialize)]
        struct File {
            text: Wording,
        }
        toml::from_str::<File>(&format!("text = {text}"))
            .unwrap()
            .text
    }

    #[test]
    fn a_key_is_looked_up_and_words_are_taken_as_they_are() {
        let key = read("\"checklist-services\"");
        assert_eq!(key.shown(Locale::Ru), Shown::Key("checklist-services"));
        assert_eq!(key.problem(&|_| true), None);
        assert!(key.problem(&|_| false).unwrap().contains("no text"));
        let plain = read("\"Call the boss\"");
        assert_eq!(plain.shown(Locale::Ru), Shown::Words("Call the boss"));
        assert_eq!(plain.problem(&|_| false), None);
        assert!(read("\" \"").problem(&|_| true).is_some());
    }

    #[test]
    fn a_reader_gets_his_own_language_or_any() {
        let each = read("{ ru = \"Позвонить\" }");
        assert_eq!(each.shown(Locale::En), Shown::Words("Позвонить"));
        let both = read("{ ru = \"Позвонить\", en = \"Call\" }");
        assert_eq!(both.shown(Locale::En), Shown::Words("Call"));
        assert!(read("{}").problem(&|_| true).is_some());
        let long = format!("{{ en = \"{}\" }}", "x".repeat(LONGEST + 1));
        assert!(read(&long).problem(&|_| true).is_some());
    }
}
