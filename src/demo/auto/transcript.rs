//! The chat as lines: who wrote what to whom, buttons, presses with their answers, and of an edit
//! only what it changed.

use crate::demo::bot_api::{Message, MessageId, Place, Query, Sender, World as Telegram};
use crate::demo::world::Cast;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What was told already.
#[derive(Debug)]
pub(super) struct Transcript {
    cast: Cast,
    places: Vec<Place>,
    edits: HashMap<(Place, MessageId), usize>,
    presses: HashSet<String>,
    answers: HashSet<String>,
}

impl Transcript {
    /// Of everybody's chats with the bot, of the group, and of what REI writes to the team.
    pub(super) fn new(cast: Cast) -> Self {
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
    pub(super) fn news(&mut self, telegram: &Telegram) -> Vec<String> {
        let mut lines = self.presses(telegram);
        for place in self.places.clone() {
            for message in telegram.messages(place) {
                lines.extend(self.message(telegram, message));
            }
        }
        lines.extend(self.answers(telegram));
        lines
    }

    fn message(&mut self, telegram: &Telegram, message: &Message) -> Vec<String> {
        let seen = self
            .edits
            .insert((message.place, message.id), message.edits.len());
        let from = self.sender(telegram, message);
        let place = self.place(telegram, message.place);
        let (text, rows) = (message.text(), message.labels());
        match seen {
            None => {
                let head = format!("{}  {from} → {place}  #{}", clock(message.date), message.id);
                shown(head, text.lines(), &rows)
            }
            Some(edits) if edits < message.edits.len() => {
                let before = message.edits.get(edits).map(|version| &version.body);
                let old: BTreeSet<&str> = before
                    .map(|b| b.text.text.lines().collect())
                    .unwrap_or_default();
                let new = text.lines().filter(|line| !old.contains(line));
                let at = message.edit_date.unwrap_or(message.date);
                let head = format!("{}  {from} edits #{} in {place}", clock(at), message.id);
                shown(head, new, &rows)
            }
            Some(_) => Vec::new(),
        }
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
                let place = self.place(telegram, query.place);
                let who = name(telegram, query);
                let at = Timestamp::now().as_second();
                format!("{}  {who} presses [{}] in {place}", clock(at), query.label)
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
            Sender::Bot(bot) if bot == self.cast.admin_bot => "REI Recovery".to_owned(),
            Sender::Bot(_) => "REI Bot".to_owned(),
            Sender::Person(person) | Sender::Anonymous(person) => telegram
                .person(person)
                .map(|p| p.name.clone())
                .unwrap_or_default(),
        }
    }

    fn place(&self, telegram: &Telegram, place: Place) -> String {
        match place {
            Place::Group(id) => telegram
                .group(id)
                .map(|group| format!("“{}”", group.title))
                .unwrap_or_default(),
            Place::Private { person, .. } => {
                let name = telegram.person(person).map(|p| p.name.as_str());
                format!("{}'s chat", name.unwrap_or_default())
            }
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
