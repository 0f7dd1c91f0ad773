//! Notices that lie ready: whoever is woken at night should not have to find words.

/// A notice whose words stand in the locales as `notice-<word>`, its name as `ready-<word>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its word.
    pub word: &'static str,
    /// What has to be filled in, in the order it is asked; the same in every language.
    pub blanks: &'static [&'static str],
}

/// All of them, in the order they are offered.
pub const READY: &[Ready] = &[
    Ready {
        word: "jobs-delayed",
        blanks: &[],
    },
    Ready {
        word: "payments-delayed",
        blanks: &[],
    },
    Ready {
        word: "payments-settled",
        blanks: &[],
    },
    Ready {
        word: "recovered",
        blanks: &[],
    },
    Ready {
        word: "maintenance",
        blanks: &["from", "until"],
    },
];

/// Longest filling of a blank, in characters.
pub const BLANK: usize = 60;

/// The one of this word.
#[must_use]
pub fn find(word: &str) -> Option<&'static Ready> {
    READY.iter().find(|ready| ready.word == word)
}
