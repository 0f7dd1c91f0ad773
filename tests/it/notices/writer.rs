//! An admin at her phone, writing a notice. What sends previews here keeps to the courier's contract
//! and calls the Bot API server under REI's token.

use crate::chat::scene::{Options, SOON, Scene};
use async_trait::async_trait;
use rei_recovery::demo::bot_api::{Answer, BotApi, BotId, Message, PersonId, Place};
use rei_recovery::domain::campaign::Campaign;
use rei_recovery::domain::campaign::delivery::Gone;
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::ports::bot::{Courier, Delivered, Errand, PaceNow, Parcel, Turn};
use serde_json::{Value, json};
use std::sync::Arc;

pub const REI: &str = "800:a-token-of-rei";

/// One call of the Bot API for each parcel.
struct Direct {
    url: String,
    http: reqwest::Client,
}

#[async_trait]
impl Courier for Direct {
    async fn turn(&self, _: bool, _: bool) -> Turn {
        Turn::given()
    }

    async fn deliver(&self, _: Turn, parcel: Parcel<'_>) -> Delivered {
        let Errand::Send(message) = parcel.errand else {
            panic!("a preview sends");
        };
        let body = json!({"chat_id": parcel.chat, "text": message.text.text,
            "entities": message.text.entities});
        let url = format!("{}/bot{REI}/sendMessage", self.url.trim_end_matches('/'));
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        match answer["error_code"].as_i64() {
            None => Delivered::Done {
                message: i32::try_from(answer["result"]["message_id"].as_i64().unwrap()).unwrap(),
                moved: None,
            },
            Some(403) => Delivered::Gone(Gone::NeverStarted),
            Some(_) => Delivered::Refused(answer["description"].to_string()),
        }
    }

    fn pace(&self) -> PaceNow {
        PaceNow {
            per_second: 25.0,
            stalled: None,
        }
    }
}

/// The courier of these tests.
pub fn courier(api: &BotApi) -> Arc<dyn Courier> {
    Arc::new(Direct {
        url: api.url().to_string(),
        http: reqwest::Client::new(),
    })
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
