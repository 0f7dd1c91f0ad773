//! The chat as lines: who wrote what to whom, buttons, presses with their answers, and of an edit
//! only what it changed.

use crate::demo::bot_api::{
    BotApi, BotId, Message, MessageId, Place, Query, Sender, World as Telegram,
};
use crate::demo::terminal::say;
use crate::demo::world::Cast;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a silence may last before the teller looks again by itself.
const SILENCE: Duration = Duration::from_secs(1);

/// Tells the chat on the terminal.
#[derive(Debug)]
pub(super) struct Teller {
    api: BotApi,
    transcript: Mutex<Transcript>,
}

impl Teller {
    pub(super) fn new(api: BotApi, cast: Cast) -> Self {
        Self {
            api,
            transcript: Mutex::new(Transcript::new(cast)),
        }
    }

    /// Prints what has happened since the last time.
    pub(super) fn catch_up(&self) {
        let mut transcript = self
            .transcript
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for line in self.api.read(|telegram| transcript.news(telegram)) {
            say(&line);
        }
    }

    /// Prints everything as it happens, for ever.
    pub(super) async fn tell(&self) -> ! {
        loop {
            // The first look says that it is as before; the second comes with a change.
            let mut looks = 0;
            let change = self.api.wait_for("news", SILENCE, |_| {
                looks += 1;
                (looks > 1).then_some(())
            });
            // Silence is an error to a wait, but not here.
            let _ = change.await;
            self.catch_up();
        }
    }
}

/// What was told already.
#[derive(Debug)]
struct Transcript {
    cast: Cast,
    places: Vec<Place>,
    edits: HashMap<(Place, MessageId), usize>,
    presses: HashSet<String>,
    answers: HashSet<String>,
}

impl Transcript {
    /// Of everybody's chats with the bot, of the group, and of what REI writes to the team.
    fn new(cast: Cast) -> Self {
        let private = [cast.anna, cast.boris].map(|person| cast.private(person));
        let mut places: Vec<Place> = private.to_vec();
        places.extend([cast.team, Place::private(cast.rei_bot, cast.anna)]);
        Self {
            cast,
            places,
            edits: HashMap::new(),
            presses: HashSet::new(),
            answers: HashSet::new(),
        }
    }

    /// What has happened since the last time.
    fn news(&mut self, telegram: &Telegram) -> Vec<String> {
        let mut lines = self.each(telegram, Self::new_message);
        lines.extend(self.presses(telegram));
        lines.extend(self.each(telegram, Self::edit));
        lines.extend(self.answers(telegram));
        lines
    }

    fn each(
        &mut self,
        telegram: &Telegram,
        tell: fn(&mut Self, &Telegram, &Message) -> Vec<String>,
    ) -> Vec<String> {
        let places = self.places.clone();
        let messages = places.iter().flat_map(|place| telegram.messages(*place));
        messages
            .flat_map(|message| tell(self, telegram, message))
            .collect()
    }

    fn new_message(&mut self, telegram: &Telegram, message: &Message) -> Vec<String> {
        let key = (message.place, message.id);
        if self.edits.contains_key(&key) {
            return Vec::new();
        }
        self.edits.insert(key, message.edits.len());
        let from = self.sender(telegram, message);
        let to = self.reader(telegram, message);
        let head = format!("{}  {from} → {to}  #{}", clock(message.date), message.id);
        shown(head, message.text().lines(), &message.labels())
    }

    fn edit(&mut self, telegram: &Telegram, message: &Message) -> Vec<String> {
        let key = (message.place, message.id);
        let told = self
            .edits
            .insert(key, message.edits.len())
            .unwrap_or_default();
        let Some(before) = message.edits.get(told) else {
            return Vec::new();
        };
        let old: BTreeSet<&str> = before.body.text.text.lines().collect();
        let new = message.text().lines().filter(|line| !old.contains(line));
        let from = self.sender(telegram, message);
        let to = self.reader(telegram, message);
        let at = message.edit_date.unwrap_or(message.date);
        let head = format!("{}  {from} edits #{} → {to}", clock(at), message.id);
        shown(head, new, &message.labels())
    }

    fn presses(&mut self, telegram: &Telegram) -> Vec<String> {
        let new: Vec<&Query> = telegram
            .queries()
            .filter(|query| !self.presses.contains(&query.id))
            .collect();
        self.presses
            .extend(new.iter().map(|query| query.id.clone()));
        new.iter()
            .map(|query| {
                let at = Timestamp::now().as_second();
                let who = name(telegram, query);
                format!(
                    "{}  {who} presses [{}] on #{}",
                    clock(at),
                    query.label,
                    query.message
                )
            })
            .collect()
    }

    /// Toasts and alerts; an answer without words only stops the button's clock.
    fn answers(&mut self, telegram: &Telegram) -> Vec<String> {
        let mut lines = Vec::new();
        for query in telegram.queries() {
            let Some(answer) = &query.answer else {
                continue;
            };
            if !answer.text.is_empty() && self.answers.insert(query.id.clone()) {
                lines.push(format!(
                    "          {} is told: {}",
                    name(telegram, query),
                    answer.text
                ));
            }
        }
        lines
    }

    fn sender(&self, telegram: &Telegram, message: &Message) -> String {
        match message.sender {
            Sender::Bot(bot) => self.bot(bot).to_owned(),
            Sender::Person(person) | Sender::Anonymous(person) => telegram
                .person(person)
                .map(|p| p.name.clone())
                .unwrap_or_default(),
        }
    }

    /// The other side of the chat.
    fn reader(&self, telegram: &Telegram, message: &Message) -> String {
        match message.place {
            Place::Group(id) => {
                let group = telegram.group(id);
                group
                    .map(|group| format!("“{}”", group.title))
                    .unwrap_or_default()
            }
            Place::Private { bot, .. } if message.author().is_some() => self.bot(bot).to_owned(),
            Place::Private { person, .. } => telegram
                .person(person)
                .map(|p| p.name.clone())
                .unwrap_or_default(),
        }
    }

    fn bot(&self, bot: BotId) -> &'static str {
        if bot == self.cast.admin_bot {
            "REI Recovery"
        } else {
            "REI Bot"
        }
    }
}

fn name(telegram: &Telegram, query: &Query) -> String {
    telegram
        .person(query.person)
        .map(|p| p.name.clone())
        .unwrap_or_default()
}

fn shown<'t>(head: String, text: impl Iterator<Item = &'t str>, rows: &[Vec<&str>]) -> Vec<String> {
    let mut lines = vec![head];
    lines.extend(text.map(|line| format!("          {line}")));
    lines.extend(rows.iter().map(|row| {
        let row: Vec<String> = row.iter().map(|label| format!("[{label}]")).collect();
        format!("          {}", row.join(" "))
    }));
    lines
}

fn clock(unix: i64) -> String {
    let at = Timestamp::from_second(unix).unwrap_or_default();
    at.strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_with_its_buttons() {
        let lines = shown(
            "head".into(),
            "one\ntwo".lines(),
            &[vec!["Start", "Cancel"], vec!["Help"]],
        );
        assert_eq!(
            lines,
            [
                "head",
                "          one",
                "          two",
                "          [Start] [Cancel]",
                "          [Help]"
            ]
        );
    }
}
