//! The stand-in for Telegram, driven by an unchanged teloxide client over HTTP.

mod delivery;
mod faults;
mod messages;
mod page;
mod refusals;
mod rules;

use std::time::Duration;

use rei_recovery::demo::bot_api::{BotApi, BotId, Group, Person, PersonId, Place, Role, World};
use teloxide::{ApiError, Bot, RequestError, net::Download, prelude::Requester, types::FileId};

/// Bounds every wait; nothing here takes nearly as long.
pub const SOON: Duration = Duration::from_secs(10);

/// A small world: one bot, Anna who wrote to it, Boris (12) who did not, and a supergroup.
pub struct Scene {
    pub api: BotApi,
    pub bot: Bot,
    pub bot_id: BotId,
    pub anna: PersonId,
    /// Anna's talk with the bot.
    pub talk: Place,
    pub group: Place,
}

impl Scene {
    pub fn new() -> Self {
        let api = BotApi::start(([127, 0, 0, 1], 0)).expect("start");
        let bot_id = api.add_bot("700:secret", "rei_admin_bot").expect("bot");
        let anna = Person::new(11, "Anna").username("anna").language("ru");
        let anna = api.add_person(anna).expect("anna");
        let boris = api.add_person(Person::new(12, "Boris")).expect("boris");
        let group = Group::new(-1_001_000_000_001, "REI ops")
            .bot(bot_id, Role::Administrator)
            .member(anna, Role::Administrator)
            .member(boris, Role::Member);
        let group = api.add_group(group).expect("group");
        api.start_chat(anna, bot_id).expect("start");
        let bot = client(&api, "700:secret");
        Self {
            api,
            bot,
            bot_id,
            anna,
            talk: Place::private(bot_id, anna),
            group,
        }
    }
}

impl Scene {
    /// Waits until the bot has asked for updates so many times.
    pub async fn polled(&self, times: u64) {
        let polled = |w: &World| (w.count("getUpdates") == times).then_some(());
        self.api
            .wait_for("a poll", SOON, polled)
            .await
            .expect("poll");
    }

    /// Fetches a file as teloxide fetches it.
    pub async fn download(&self, id: &FileId) -> Vec<u8> {
        let file = self.bot.get_file(id.clone()).await.expect("file");
        let mut bytes = Vec::new();
        self.bot
            .download_file(&file.path, &mut bytes)
            .await
            .expect("download");
        bytes
    }
}

/// A teloxide client of this server.
pub fn client(api: &BotApi, token: &str) -> Bot {
    Bot::new(token).set_api_url(api.url().parse().expect("url"))
}

/// The text of a refusal, as teloxide understood it.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, RequestError>) -> String {
    match result.expect_err("a refusal") {
        RequestError::Api(ApiError::Unknown(text)) => text,
        RequestError::Api(known) => format!("{known:?}"),
        other => format!("{other:?}"),
    }
}

/// The smallest picture that Telegram takes: one grey pixel.
pub const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54,
    0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];
