//! An admin at her phone, writing a notice; previews go out under REI's token.

use crate::chat::scene::{Options, SOON, Scene};
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::demo::bot_api::{Answer, BotApi, BotId, Message, PersonId, Place};
use rei_recovery::domain::campaign::Campaign;
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::ports::bot::Courier;
use std::sync::Arc;

pub const REI: &str = "800:a-token-of-rei";

/// The courier of these tests.
pub fn courier(api: &BotApi) -> Arc<dyn Courier> {
    let courier = TelegramReiBot::new(&REI.into(), &api.url()).unwrap();
    Arc::new(courier.with_rate(30, false))
}

/// A scene in which notices can be written.
pub struct Writer {
    pub scene: Scene,
    pub rei: BotId,
}

impl Writer {
    pub async fn new(options: Options) -> Self {
        let scene = Scene::with(Options {
            courier: Some(courier),
            ..options
        })
        .await;
        let rei = scene.api.add_bot(REI, "rei_bot").unwrap();
        Self { scene, rei }
    }

    /// `/broadcast`, up to the counted draft.
    pub async fn begin(&self, who: PersonId) -> (Place, Message) {
        let talk = self.scene.talk(who);
        self.scene.api.send_text(who, talk, "/broadcast").unwrap();
        (
            talk,
            self.shows(talk, "people · list of REI's database").await,
        )
    }

    /// The notice's message once it says this.
    pub async fn shows(&self, place: Place, text: &str) -> Message {
        self.scene.see(place, text).await
    }

    /// Presses `label` below the notice, answers the question that comes with this text.
    pub async fn write(&self, who: PersonId, card: &Message, label: &str, text: &str) -> Message {
        let question = self.asked(who, card, label).await;
        let place = card.place;
        let sent = self.scene.api.send_text(who, place, text).unwrap();
        assert!(sent > question.id);
        self.scene.after(place, sent, "").await
    }

    /// Presses `label` and gives the question that comes.
    pub async fn asked(&self, who: PersonId, card: &Message, label: &str) -> Message {
        let newest = self.newest(card.place);
        self.scene.press(who, card, label).await;
        self.scene.after(card.place, newest, "").await
    }

    /// Presses what stood below a message before it was edited: a phone may show it still.
    pub async fn press_before(&self, who: PersonId, on: &Message, label: &str) -> Answer {
        let button = on.buttons().find(|button| button.text == label).unwrap();
        let data = button.callback_data.clone().unwrap();
        let press = self.scene.api.press_data(who, on.place, on.id, &data);
        press.unwrap().answer(SOON).await.unwrap()
    }

    pub fn newest(&self, place: Place) -> i32 {
        let messages = self.scene.api.messages(place);
        messages.last().map_or(0, |message| message.id)
    }

    /// A text in English, then `Send`: what waits for approval, and its request in the group.
    pub async fn ask(&self, who: PersonId, text: &str) -> Message {
        let (_, card) = self.begin(who).await;
        self.write(who, &card, "Text: English", text).await;
        let card = self.shows(card.place, text).await;
        self.scene.press(who, &card, "Send").await;
        self.scene.see(self.scene.group, "Approval needed").await
    }

    pub async fn campaign(&self) -> Campaign {
        self.scene.ops.campaign(CampaignId(1)).await.unwrap()
    }

    /// People on its list in the book.
    pub async fn listed(&self) -> u64 {
        let progress = self.scene.ops.notice_progress(CampaignId(1)).await;
        progress.unwrap().tally.total()
    }

    pub async fn arrives_from_rei(&self, who: PersonId, text: &str) -> Message {
        let place = Place::private(self.rei, who);
        let fits = |m: &Message| m.is_from_bot(self.rei) && m.text().contains(text);
        let api = &self.scene.api;
        api.wait_for_message(place, text, SOON, fits).await.unwrap()
    }
}
