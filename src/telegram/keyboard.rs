//! Buttons on their way to the chat and back: a version and an opaque nonce, nothing else.

use super::intent::Intent;
use super::render::Card;
use super::send::Outgoing;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::people::People;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

/// The version of the callback data. A button of another version is answered, not guessed at.
const VERSION: &str = "1";

/// What a press brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data<'a> {
    /// A nonce of ours, perhaps.
    Nonce(&'a str),
    /// Made by another version.
    OtherVersion,
    /// Nothing this program ever made.
    Foreign,
}

/// Reads callback data. Any client can send anything there.
#[must_use]
pub fn read(data: Option<&str>) -> Data<'_> {
    match data.and_then(|data| data.split_once(':')) {
        Some((VERSION, nonce)) => Data::Nonce(nonce),
        Some((version, _)) if version.parse::<u16>().is_ok() => Data::OtherVersion,
        _ => Data::Foreign,
    }
}

/// A card as a message for this chat: each button gets its nonce.
///
/// # Errors
/// The state cannot be read or written.
pub async fn outgoing(people: &dyn People, chat: i64, card: &Card) -> StateResult<Outgoing> {
    let mut rows = Vec::new();
    for row in &card.keyboard {
        let mut buttons = Vec::new();
        for button in row {
            let intent = encode(&button.intent)?;
            let nonce = people.button(chat, &intent).await?;
            let data = format!("{VERSION}:{nonce}");
            buttons.push(InlineKeyboardButton::callback(button.label.clone(), data));
        }
        rows.push(buttons);
    }
    Ok(Outgoing {
        html: card.html.clone(),
        keyboard: (!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows)),
        ..Outgoing::default()
    })
}

fn encode(intent: &Intent) -> StateResult<String> {
    serde_json::to_string(intent).map_err(|error| StateError::Unavailable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_version_is_read() {
        assert_eq!(read(Some("1:abc")), Data::Nonce("abc"));
        assert_eq!(read(Some("2:abc")), Data::OtherVersion);
        for foreign in [None, Some(""), Some("approve"), Some("x:1")] {
            assert_eq!(read(foreign), Data::Foreign);
        }
    }
}
