//! What buttons and questions about incidents mean.

use crate::domain::case::Question;
use crate::domain::operator::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a button of an incident's message does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum CaseAct {
    /// The incident as it is now, in this message.
    Card,
    /// The same in a new message.
    Show,
    /// What happened, in this message.
    Timeline,
    /// The document as Markdown.
    Markdown,
    /// The document as HTML.
    Html,
    /// The questions, one after another.
    Fill,
    /// What was answered, in this message.
    Answers,
    /// This question.
    Ask {
        /// Which.
        question: Question,
    },
    /// The next question; after the last one the action items.
    Skip {
        /// The one that is skipped; nothing for the action items.
        question: Option<Question>,
    },
    /// A note.
    Note,
    /// What is to be done, in this message.
    Items,
    /// Another page of it, in this message.
    Page {
        /// Which, from 0.
        page: u16,
    },
    /// One more thing to be done.
    NewItem,
    /// Who is to do it.
    Owner {
        /// Who; nothing for nobody yet.
        person: Option<Actor>,
    },
    /// Until when.
    Due {
        /// Days from today; nothing for no day.
        days: Option<u16>,
    },
    /// It is done, or not after all: pressed in the list.
    Done {
        /// Which.
        item: u32,
        /// Which of both.
        done: bool,
    },
    /// The same, pressed under a reminder.
    Finish {
        /// Which.
        item: u32,
        /// Which of both.
        done: bool,
    },
    /// Closes it.
    Close {
        /// Whether it was asked before.
        sure: bool,
    },
    /// Nothing more for now.
    Leave,
}

/// What somebody is expected to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wants", rename_all = "kebab-case")]
pub enum CaseWants {
    /// A note, perhaps a picture.
    Note,
    /// An answer.
    Answer {
        /// To what.
        question: Question,
        /// When the answer was written that was shown with the question; nothing where there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<Timestamp>,
    },
    /// What is to be done.
    Item,
    /// Who is to do it.
    Owner {
        /// What.
        what: String,
    },
    /// Until when.
    Due {
        /// What.
        what: String,
        /// Who.
        owner: Option<crate::domain::case::Owner>,
    },
}

impl CaseWants {
    /// An answer to this question.
    #[must_use]
    pub fn answer(question: Question) -> Self {
        let shown = None;
        Self::Answer { question, shown }
    }
}
