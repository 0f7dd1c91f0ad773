//! Pressing buttons.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        BotApi,
        ids::{MessageId, PersonId, Place},
        message::{Answer, Message, Query, Sender},
        shared::Shared,
        updates,
        world::World,
    },
    ControlError,
    people::may_see,
};

/// Which button of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// By label: the whole of it, or the words after an emoji and before a detail.
    Label(String),
    /// By number in reading order, from 0.
    Index(usize),
}

impl From<&str> for Pick {
    fn from(label: &str) -> Self {
        Self::Label(label.to_owned())
    }
}

impl From<usize> for Pick {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Pick {
    /// Index of the button meant. A label that is not there as a whole must fit exactly one button.
    fn find(&self, message: &Message) -> Option<usize> {
        let labels: Vec<&str> = message.buttons().map(|b| b.text.as_str()).collect();
        match self {
            Self::Index(index) => (*index < labels.len()).then_some(*index),
            Self::Label(wanted) => labels.iter().position(|l| l == wanted).or_else(|| {
                let mut fitting = (0..labels.len()).filter(|n| fits(labels[*n], wanted));
                fitting.next().filter(|_| fitting.next().is_none())
            }),
        }
    }
}

fn fits(label: &str, wanted: &str) -> bool {
    let words = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = words.strip_prefix(wanted);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// A button that was pressed; tells what the bot says to it.
#[derive(Debug, Clone)]
pub struct Press {
    query: String,
    shared: Arc<Shared>,
}

impl Press {
    /// The `callback_query.id`.
    pub fn id(&self) -> &str {
        &self.query
    }

    /// The answer, if there is one yet.
    pub fn answered(&self) -> Option<Answer> {
        self.shared.read(|world| self.answer_in(world))
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// There was none in time.
    pub async fn answer(&self, within: Duration) -> Result<Answer, ControlError> {
        let what = format!("an answer to press {}", self.query);
        super::look::wait(&self.shared, &what, within, |world| self.answer_in(world)).await
    }

    fn answer_in(&self, world: &World) -> Option<Answer> {
        world
            .queries()
            .rev()
            .find(|q| q.id == self.query)?
            .answer
            .clone()
    }
}

impl BotApi {
    /// Presses a button. The bot hears of it; what it says comes through the [`Press`].
    ///
    /// # Errors
    /// The message or the button is not there, or the button sends nothing.
    pub fn press(
        &self,
        person: PersonId,
        place: Place,
        id: MessageId,
        button: impl Into<Pick>,
    ) -> Result<Press, ControlError> {
        let pick = button.into();
        let query = self.shared.change(|world| {
            may_see(world, person, place)?;
            let query = pressed(world, person, place, id, &pick)?;
            let query = world.ask(query);
            updates::pressed(world, &query);
            Ok(query)
        })?;
        Ok(self.await_answer(query))
    }

    /// A press with data of the sender's own making, as a patched app sends it: Telegram does not
    /// compare it with the buttons that are there.
    ///
    /// # Errors
    /// The message is not there, or no bot wrote it.
    pub fn press_data(
        &self,
        person: PersonId,
        place: Place,
        id: MessageId,
        data: &str,
    ) -> Result<Press, ControlError> {
        let query = self.shared.change(|world| {
            may_see(world, person, place)?;
            let message = on_screen(world, place, id)?;
            let Sender::Bot(bot) = message.sender else {
                return Err(ControlError::NotForTheBot(data.to_owned()));
            };
            let query = world.ask(Query {
                id: String::new(),
                bot,
                person,
                place,
                message: id,
                label: data.to_owned(),
                data: data.to_owned(),
                asked: world.clock.elapsed(),
                answer: None,
            });
            updates::pressed(world, &query);
            Ok(query)
        })?;
        Ok(self.await_answer(query))
    }

    fn await_answer(&self, query: String) -> Press {
        Press {
            query,
            shared: self.shared.clone(),
        }
    }
}

fn on_screen(world: &World, place: Place, id: MessageId) -> Result<&Message, ControlError> {
    world
        .message(place, id)
        .filter(|m| !m.deleted)
        .ok_or(ControlError::NoSuchMessage { place, message: id })
}

fn pressed(
    world: &World,
    person: PersonId,
    place: Place,
    id: MessageId,
    pick: &Pick,
) -> Result<Query, ControlError> {
    let message = on_screen(world, place, id)?;
    let button = pick
        .find(message)
        .and_then(|index| message.buttons().nth(index));
    let Some(button) = button else {
        let found = message.buttons().map(|b| b.text.clone()).collect();
        return Err(ControlError::NoSuchButton {
            message: id,
            wanted: pick.clone(),
            found,
        });
    };
    let (Some(data), Sender::Bot(bot)) = (&button.callback_data, message.sender) else {
        return Err(ControlError::NotForTheBot(button.text.clone()));
    };
    Ok(Query {
        id: String::new(),
        bot,
        person,
        place,
        message: id,
        label: button.text.clone(),
        data: data.clone(),
        asked: world.clock.elapsed(),
        answer: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_behind_its_emoji_and_before_its_detail() {
        assert!(fits("✅ Approve", "Approve"));
        assert!(fits("Approve (1 of 2)", "Approve"));
        assert!(!fits("Approved", "Approve"));
        assert!(!fits("Do not Approve", "Approve"));
        assert!(fits("✅ Одобрить · 1/2", "Одобрить"));
    }
}
