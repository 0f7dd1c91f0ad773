//! A message as lines, never longer than Telegram takes.

use super::{Button, View};

/// Longest text of a message, in UTF-16 units. Telegram counts without the markup; with it the
/// count is on the safe side.
pub const LIMIT: usize = 4096;

/// A finished message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its text, HTML as Telegram knows it.
    pub html: String,
    /// Its buttons, row by row.
    pub keyboard: Vec<Vec<Button>>,
}

/// A message being written. Markup never spans lines, so that it can be cut between any two.
#[derive(Clone, Debug, Default)]
pub struct Page {
    lines: Vec<String>,
}

impl Page {
    /// A page that begins with this line.
    #[must_use]
    pub fn titled(line: String) -> Self {
        Self { lines: vec![line] }
    }

    /// Adds a line. One free line is a pause, two are a hole: the second is left out.
    pub fn line(&mut self, line: impl Into<String>) {
        let line = line.into();
        let is_hole = line.is_empty() && self.lines.last().is_none_or(String::is_empty);
        if !is_hole {
            self.lines.push(line);
        }
    }

    /// Adds lines.
    pub fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            self.line(line);
        }
    }

    /// Leaves a line free.
    pub fn gap(&mut self) {
        self.line(String::new());
    }

    /// The text, cut between lines with a note if it is too long.
    #[must_use]
    pub fn text(&self, view: &View<'_>) -> String {
        let whole = self.lines.join("\n");
        if units(&whole) <= LIMIT {
            return whole;
        }
        let note = view.say("cut-note");
        let mut text = String::new();
        let mut room = LIMIT.saturating_sub(units(&note));
        for line in &self.lines {
            let Some(left) = room.checked_sub(units(line) + 1) else {
                break;
            };
            room = left;
            text.push_str(line);
            text.push('\n');
        }
        text + &note
    }

    /// The message without buttons.
    #[must_use]
    pub fn plain(&self, view: &View<'_>) -> Card {
        self.with(view, Vec::new())
    }

    /// The message with buttons.
    #[must_use]
    pub fn with(&self, view: &View<'_>, keyboard: Vec<Vec<Button>>) -> Card {
        Card {
            html: self.text(view),
            keyboard,
        }
    }
}

/// Length as Telegram counts it.
#[must_use]
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
