//! What buttons and questions about notices mean.

use crate::domain::campaign::audience::AudienceRule;
use serde::{Deserialize, Serialize};

/// What a button of a notice's message does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// The notice as it is now, in this message.
    Card,
    /// The same in a new message, from a list.
    Show,
    /// Its words in a language.
    Text {
        /// Which; without one a language is asked for first.
        language: Option<String>,
    },
    /// No words in this language any more.
    Remove {
        /// Which.
        language: String,
    },
    /// This language for everybody whose own is not written.
    Fallback {
        /// Which.
        language: String,
    },
    /// A button with a link under it.
    Button,
    /// No button.
    NoButton,
    /// The ready notices.
    ReadyList,
    /// This ready notice.
    Ready {
        /// Its word.
        word: String,
    },
    /// The choice of people.
    Audience,
    /// These people.
    To {
        /// Which.
        audience: AudienceRule,
    },
    /// People who are written out, or named in a file.
    Write {
        /// What is asked for.
        wants: Wants,
    },
    /// Before others, or not.
    Urgent {
        /// Which of both.
        on: bool,
    },
    /// To the one who presses, under REI's token.
    Preview,
    /// Asks for the approval.
    Send,
    /// Gives it up.
    Cancel,
    /// Holds it back.
    Pause,
    /// Lets it go on.
    Resume,
    /// Ends it.
    Abort {
        /// Whether it was asked before.
        sure: bool,
    },
    /// Everybody's row as a file.
    Csv,
    /// Another text for those who have it.
    Correct,
    /// Takes it away from those who have it.
    Delete,
    /// Once more to those in doubt.
    Repeat {
        /// Whether it was asked before.
        sure: bool,
    },
    /// Tells REI who cannot be reached.
    Mark {
        /// Whether it was asked before.
        sure: bool,
    },
    /// Nothing after all.
    Leave,
}

/// What somebody is expected to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wants", rename_all = "kebab-case")]
pub enum Wants {
    /// The message in a language.
    Text {
        /// Which.
        language: String,
    },
    /// A language's tag.
    Language,
    /// A button's label and link.
    Button,
    /// The blanks of a ready notice, a line each.
    Blanks {
        /// Its word.
        word: String,
    },
    /// An audience as the console writes it.
    Audience,
    /// A file with ids.
    Ids,
}
