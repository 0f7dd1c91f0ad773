//! REI's bot with its shelf before the demo's Telegram.

use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::demo::bot_api::{self, BotApi, BotId, Person, PersonId, Place};
use rei_recovery::domain::campaign::message::Message;
use rei_recovery::ports::bot::{Courier, Delivered, Errand, Parcel};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::{FileShelf, Store};
use std::sync::Arc;
use tempfile::TempDir;

pub const TOKEN: &str = "7000001:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";

pub struct Scene {
    pub api: BotApi,
    pub bot: BotId,
    pub shelf: Arc<FileShelf>,
    pub courier: Arc<TelegramReiBot>,
    _folder: TempDir,
}

impl Scene {
    /// Everybody from 1 on to this number has started REI.
    pub fn new(people: u64) -> Self {
        let api = BotApi::start(([127, 0, 0, 1], 0)).unwrap();
        let bot = api.add_bot(TOKEN, "rei_bot").unwrap();
        let crowd = (1..=people).map(|id| Person::new(id, format!("Person {id}")));
        api.add_crowd(bot, crowd).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Arc::new(SystemClock)).unwrap();
        let shelf = Arc::new(FileShelf::new(folder.path(), store));
        let courier = Arc::new(courier(&api.url(), &shelf));
        Self {
            api,
            bot,
            shelf,
            courier,
            _folder: folder,
        }
    }

    /// The courier after a restart of the program.
    pub fn restarted(mut self) -> Self {
        self.courier = Arc::new(courier(&self.api.url(), &self.shelf));
        self
    }

    pub fn place(&self, person: u64) -> Place {
        Place::private(self.bot, PersonId(person))
    }

    pub async fn deliver(&self, chat: i64, errand: Errand<'_>) -> Delivered {
        deliver(&self.courier, chat, errand).await
    }

    pub async fn send(&self, chat: i64, message: &Message) -> Delivered {
        self.deliver(chat, Errand::Send(message)).await
    }

    /// A message that is surely there.
    pub async fn sent(&self, person: u64, message: &Message) -> i32 {
        let chat = i64::try_from(person).unwrap();
        match self.send(chat, message).await {
            Delivered::Done {
                message,
                moved: None,
            } => message,
            other => panic!("{other:?}"),
        }
    }

    /// What a person has on the screen from REI.
    pub fn screen(&self, person: u64) -> Vec<bot_api::Message> {
        self.api.messages(self.place(person))
    }

    pub fn calls(&self, method: &str) -> u64 {
        self.api.count(method)
    }
}

fn courier(url: &str, shelf: &Arc<FileShelf>) -> TelegramReiBot {
    TelegramReiBot::new(&TOKEN.into(), url)
        .unwrap()
        .with_rate(1000, true)
        .with_shelf(shelf.clone())
}

pub async fn deliver(courier: &TelegramReiBot, chat: i64, errand: Errand<'_>) -> Delivered {
    let media = match errand {
        Errand::Send(message) | Errand::Correct(_, message) => message.media.is_some(),
        Errand::Delete(_) => false,
    };
    let turn = courier.turn(media, false).await;
    let parcel = Parcel {
        chat,
        errand,
        paid: false,
    };
    let delivered = courier.deliver(turn, parcel).await;
    let words = format!("{delivered:?}");
    assert!(!words.contains("AAF7"), "{words}");
    delivered
}
