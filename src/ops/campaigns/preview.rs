//! The preview: each language's message to the one who asks, under REI's token, as users will see it.

use super::entry;
use crate::domain::campaign::delivery::Gone;
use crate::domain::ids::CampaignId;
use crate::domain::operator::{Actor, ActorKind};
use crate::ops::{Ops, OpsError};
use crate::ports::bot::{Courier, Delivered, Errand, Parcel};
use std::time::Duration;

/// A turn that Telegram asks to wait for longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previewed {
    /// It arrived, in so many languages.
    Arrived(usize),
    /// He never started REI's bot, or blocked it.
    NotStarted,
    /// Telegram refuses this message, in its own words: users would not get it either.
    Refused(String),
    /// It could not be sent now; why, without secrets.
    NotNow(String),
}

impl Ops {
    /// Sends every language's message to this person.
    ///
    /// # Errors
    /// Not allowed; it cannot be sent as it is; notices are off.
    pub async fn preview_notice(
        &self,
        actor: &Actor,
        id: CampaignId,
    ) -> Result<Previewed, OpsError> {
        let result = self.try_preview(actor, id).await;
        self.noted(actor, ("preview-notice", &id.to_string()), result)
            .await
    }

    async fn try_preview(&self, actor: &Actor, id: CampaignId) -> Result<Previewed, OpsError> {
        if actor.kind != ActorKind::Telegram || !self.profile.policy.access.knows(actor) {
            return Err(OpsError::NotAllowed);
        }
        let campaign = self.campaign(id).await?;
        let notice = campaign.task.notice().ok_or(OpsError::NotOffered)?;
        self.sound(&campaign).await?;
        let courier = self.notices.courier.as_ref().ok_or(OpsError::NoReiToken)?;
        // The fallback first: it is what most will see.
        let mut messages: Vec<_> = notice.messages.iter().collect();
        messages.sort_by_key(|(tag, _)| **tag != notice.fallback);
        let count = messages.len();
        for (_, message) in messages {
            let parcel = Parcel {
                chat: actor.id,
                errand: Errand::Send(message),
                paid: false,
            };
            let media = message.media.is_some();
            if let Some(trouble) = trouble(deliver(courier.as_ref(), media, parcel).await) {
                return Ok(trouble);
            }
        }
        let draft = entry(&campaign, actor, "preview-notice");
        self.state.audit.write(draft, Vec::new()).await?;
        Ok(Previewed::Arrived(count))
    }
}

/// Once, and once more where Telegram asked for a short wait.
async fn deliver(courier: &dyn Courier, media: bool, parcel: Parcel<'_>) -> Delivered {
    let turn = courier.turn(media, false).await;
    match courier.deliver(turn, parcel.clone()).await {
        Delivered::Later(wait) if wait <= PATIENCE => {
            tokio::time::sleep(wait).await;
            let turn = courier.turn(media, false).await;
            courier.deliver(turn, parcel).await
        }
        other => other,
    }
}

/// What keeps the rest of a preview back; nothing where the message arrived.
fn trouble(delivered: Delivered) -> Option<Previewed> {
    Some(match delivered {
        Delivered::Done { .. } => return None,
        Delivered::Gone(Gone::Blocked | Gone::NeverStarted | Gone::Deactivated) => {
            Previewed::NotStarted
        }
        Delivered::Refused(words) => Previewed::Refused(words),
        Delivered::Later(wait) => Previewed::NotNow(format!("retry after {} s", wait.as_secs())),
        Delivered::NotSent(why) | Delivered::Unknown(why) => Previewed::NotNow(why),
        Delivered::TokenRefused => Previewed::NotNow("REI_BOT_TOKEN is not taken".to_owned()),
    })
}
