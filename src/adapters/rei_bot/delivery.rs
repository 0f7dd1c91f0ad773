//! The courier: one errand in one chat, whatever calls it takes.
//!
//! A new message is sent at most once: whatever left and was not answered is unknown. Corrections and
//! deletions may be repeated, since doing them twice does no harm.

use super::TelegramReiBot;
use super::answer::{Answer, Refusal};
use super::pace::schedule::Class;
use super::requests::{self, Attachment};
use super::uploads::Uploads;
use crate::domain::campaign::message::Media;
use crate::ports::bot::{Courier, Delivered, Errand, PaceNow, Parcel, Turn};
use crate::ports::journal::StateError;
use async_trait::async_trait;
use std::time::Duration;

/// Times that a correction or a deletion is tried whose answer is lost.
const TIMES: u32 = 3;
/// Before the second time; twice as long before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// A file's id may turn out stale, and the next one too; then something else is wrong.
const ROUNDS: u32 = 4;

#[async_trait]
impl Courier for TelegramReiBot {
    async fn turn(&self, media: bool, paid: bool) -> Turn {
        self.pace.turn(self.pace.class(media, paid)).await
    }

    async fn deliver(&self, turn: Turn, parcel: Parcel<'_>) -> Delivered {
        let errand = parcel.errand;
        let mut trip = Trip {
            bot: self,
            class: self.pace.class(media(errand).is_some(), parcel.paid),
            parcel,
            turn: Some(turn),
        };
        let first = trip.repeated().await;
        let moved = match &first {
            Answer::Refused(refusal) => refusal.moved,
            _ => None,
        };
        match moved {
            None => settled(first, errand, None),
            Some(chat) => {
                trip.parcel.chat = chat;
                settled(trip.repeated().await, errand, moved)
            }
        }
    }

    fn pace(&self) -> PaceNow {
        self.pace.now()
    }
}

fn media<'a>(errand: Errand<'a>) -> Option<&'a Media> {
    match errand {
        Errand::Send(message) | Errand::Correct(_, message) => message.media.as_ref(),
        Errand::Delete(_) => None,
    }
}

/// An errand with the turn it has not used yet.
struct Trip<'a> {
    bot: &'a TelegramReiBot,
    class: Class,
    parcel: Parcel<'a>,
    turn: Option<Turn>,
}

impl Trip<'_> {
    /// Does it, more than once where that is harmless and the answer was lost.
    async fn repeated(&mut self) -> Answer {
        let times = match self.parcel.errand {
            Errand::Send(_) => 1,
            Errand::Correct(..) | Errand::Delete(_) => TIMES,
        };
        let mut time = 1;
        loop {
            let answer = self.once().await;
            if time == times || !matches!(answer, Answer::Unknown(_)) {
                return answer;
            }
            tokio::time::sleep(PAUSE * time).await;
            time += 1;
        }
    }

    async fn once(&mut self) -> Answer {
        let Some(media) = media(self.parcel.errand) else {
            return self.call(None).await;
        };
        let Some(uploads) = &self.bot.uploads else {
            return refused("there is no shelf for files");
        };
        match self.with_file(media, uploads).await {
            Ok(answer) => answer,
            // It can be sent later, and nothing was.
            Err(error) => Answer::NotSent(error.to_string()),
        }
    }

    /// By the file's id; with its bytes where Telegram does not have it, or has it no longer.
    async fn with_file(&mut self, media: &Media, uploads: &Uploads) -> Result<Answer, StateError> {
        for _ in 0..ROUNDS {
            let Some(id) = uploads.id(media).await? else {
                match self.upload(media, uploads).await? {
                    Some(answer) => return Ok(answer),
                    None => continue,
                }
            };
            let answer = self.call(Some(Attachment::Known(id.clone()))).await;
            match &answer {
                Answer::Refused(refusal) if refusal.is_of_the_file_id() => {
                    uploads.forget(media, &id).await;
                }
                _ => return Ok(answer),
            }
        }
        Ok(refused("Telegram takes none of the file's ids"))
    }

    /// Uploads the file with this errand, unless it turns out to be there already. Telegram does not
    /// tell an id without a message, so whoever comes first carries it.
    async fn upload(
        &mut self,
        media: &Media,
        uploads: &Uploads,
    ) -> Result<Option<Answer>, StateError> {
        let Some((_flight, waited)) = uploads.flight(media).await else {
            let words = "another upload of the same file takes too long";
            return Ok(Some(Answer::NotSent(words.to_owned())));
        };
        if waited {
            // Many may have waited, and they must not leave all at once.
            self.turn = None;
        }
        if uploads.id(media).await?.is_some() {
            return Ok(None);
        }
        let Some(bytes) = uploads.bytes(media).await? else {
            return Ok(Some(refused("the file is not on the shelf any more")));
        };
        let answer = self.call(Some(Attachment::Bytes(bytes))).await;
        if let Answer::Done(message) = &answer {
            uploads.learn(media, message).await;
        }
        Ok(Some(answer))
    }

    /// One call, in the errand's own turn or in another.
    async fn call(&mut self, file: Option<Attachment>) -> Answer {
        let turn = match self.turn.take() {
            Some(turn) => turn,
            None => match self.bot.turn_within(self.class).await {
                Ok(turn) => turn,
                Err(wait) => return Answer::Later(wait),
            },
        };
        let Parcel { chat, errand, .. } = self.parcel;
        let call = requests::call(chat, errand, self.class.paid, file);
        self.bot.spend(turn, self.class, call).await
    }
}

fn refused(words: &str) -> Answer {
    Answer::Refused(Refusal::own(words))
}

/// What the last answer means for this errand.
fn settled(answer: Answer, errand: Errand<'_>, moved: Option<i64>) -> Delivered {
    let known = match errand {
        Errand::Send(_) => None,
        Errand::Correct(id, _) | Errand::Delete(id) => Some(id),
    };
    match answer {
        Answer::Done(result) => {
            let told = result["message_id"].as_i64();
            let told = told.and_then(|id| i32::try_from(id).ok());
            match known.or(told) {
                Some(message) => Delivered::Done { message, moved },
                None => Delivered::Unknown("the answer names no message".to_owned()),
            }
        }
        Answer::Later(wait) => Delivered::Later(wait),
        Answer::Refused(refusal) => declined(&refusal, errand, moved),
        Answer::TokenRefused => Delivered::TokenRefused,
        Answer::NotSent(words) => Delivered::NotSent(words),
        Answer::Unknown(words) => Delivered::Unknown(words),
    }
}

/// What Telegram refuses because it is so already is done.
fn declined(refusal: &Refusal, errand: Errand<'_>, moved: Option<i64>) -> Delivered {
    match errand {
        Errand::Correct(message, _) if refusal.is_of_no_change() => {
            Delivered::Done { message, moved }
        }
        Errand::Delete(message) if refusal.is_of_a_deleted_message() => {
            Delivered::Done { message, moved }
        }
        _ => match refusal.gone() {
            Some(gone) => Delivered::Gone(gone),
            None => Delivered::Refused(refusal.words.clone()),
        },
    }
}
