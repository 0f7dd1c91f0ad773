//! The people of the play, who read what they were told before they press anything.

use super::transcript::Teller;
use crate::demo::bot_api::{Message, MessageId, PersonId, Place};
use crate::demo::error::{DemoError, DemoResult};
use crate::demo::world::World;
use std::time::Duration;

/// How long the bot may take to answer a person.
pub(super) const ANSWER: Duration = Duration::from_secs(30);

/// How long a message may take that comes once the bot has worked for it.
const MESSAGE: Duration = Duration::from_secs(180);

/// From a choice to the plan there are at most so many menus.
const MENUS: usize = 5;

/// Labels of the contract, English and Russian.
const START: [&str; 2] = ["Start", "Начать"];
const APPROVE: [&str; 2] = ["Approve", "Одобрить"];
const RETRY: [&str; 2] = ["Retry", "Повторить"];

/// Boris reads Russian: the label of his language is the same in every language.
const RUSSIAN: [&str; 1] = ["Русский"];

/// What a message looks like: its number and its buttons.
type Face = (Place, MessageId, Vec<String>);

/// Anna asks, Boris approves.
pub(super) struct Players<'a> {
    world: &'a World,
    teller: &'a Teller,
    /// What was answered already.
    done: Vec<Face>,
}

impl<'a> Players<'a> {
    pub(super) fn new(world: &'a World, teller: &'a Teller) -> Self {
        Self {
            world,
            teller,
            done: Vec::new(),
        }
    }

    pub(super) async fn boris_chooses_russian(&mut self) -> DemoResult<()> {
        let boris = self.world.cast.boris;
        let place = self.world.cast.private(boris);
        self.world.api.send_text(boris, place, "/language")?;
        let menu = self
            .sees(&[place], "the languages", |message| has(message, &RUSSIAN))
            .await?;
        self.press(boris, &menu, &RUSSIAN)?;
        self.all_answered().await
    }

    /// Through the menus, always taking the first choice, which is the recommended one.
    pub(super) async fn ask_for(&mut self, runbook: &str) -> DemoResult<()> {
        let anna = self.world.cast.anna;
        let place = self.world.cast.private(anna);
        let command = format!("/recover {runbook}");
        self.world.api.send_text(anna, place, &command)?;
        for _ in 0..MENUS {
            let menu = self.sees(&[place], "a menu or the plan", |_| true).await?;
            self.done.push(face(&menu));
            if has(&menu, &START) {
                return self.press(anna, &menu, &START);
            }
            self.world.api.press(anna, place, menu.id, 0)?;
        }
        let lost = "the menus never led to a plan";
        Err(DemoError::NotHere(lost.to_owned()))
    }

    /// Who asked may not approve: her press must move nothing. Then the other one presses.
    pub(super) async fn boris_approves(&mut self, refused_first: bool) -> DemoResult<()> {
        let team = [self.world.cast.team];
        let wanted = |message: &Message| has(message, &APPROVE);
        if refused_first {
            let gate = self.sees(&team, "the request for approval", wanted).await?;
            self.press(self.world.cast.anna, &gate, &APPROVE)?;
            self.all_answered().await?;
        }
        let gate = self.sees(&team, "the request for approval", wanted).await?;
        self.done.push(face(&gate));
        self.press(self.world.cast.boris, &gate, &APPROVE)
    }

    /// What a step lacked is there now.
    pub(super) async fn anna_retries(&mut self) -> DemoResult<()> {
        let places = [
            self.world.cast.team,
            self.world.cast.private(self.world.cast.anna),
        ];
        let wanted = |message: &Message| has(message, &RETRY);
        let halt = self.sees(&places, "the halt", wanted).await?;
        self.done.push(face(&halt));
        self.press(self.world.cast.anna, &halt, &RETRY)
    }

    /// Waits for a message of the bot's with buttons that nobody has answered yet, and reads it.
    async fn sees(
        &self,
        places: &[Place],
        what: &str,
        fits: impl Fn(&Message) -> bool,
    ) -> DemoResult<Message> {
        let (api, bot) = (&self.world.api, self.world.cast.admin_bot);
        let wanted = |message: &Message| {
            message.is_from_bot(bot)
                && message.buttons().next().is_some()
                && !self.done.contains(&face(message))
                && fits(message)
        };
        let look = || {
            let all = places.iter().flat_map(|place| api.messages(*place));
            Ok(all.into_iter().find(|message| wanted(message)))
        };
        let seen = self.world.until(what, MESSAGE, look).await?;
        self.teller.catch_up();
        Ok(seen)
    }

    fn press(&self, who: PersonId, message: &Message, labels: &[&str]) -> DemoResult<()> {
        for label in labels.iter().filter(|label| has(message, &[**label])) {
            self.world
                .api
                .press(who, message.place, message.id, *label)?;
        }
        self.teller.catch_up();
        Ok(())
    }

    pub(super) async fn all_answered(&self) -> DemoResult<()> {
        let api = &self.world.api;
        self.world
            .until("an answer to every press", ANSWER, || {
                Ok(api.unanswered().is_empty().then_some(()))
            })
            .await?;
        self.teller.catch_up();
        Ok(())
    }
}

fn face(message: &Message) -> Face {
    let labels = message.buttons().map(|button| button.text.clone());
    (message.place, message.id, labels.collect())
}

/// Whether a button carries one of these labels.
fn has(message: &Message, labels: &[&str]) -> bool {
    let carries = |text: &str| labels.iter().any(|label| text.contains(label));
    message.buttons().any(|button| carries(&button.text))
}
