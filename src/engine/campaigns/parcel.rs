//! One person's part of a campaign: what is done in his chat, and what became of it.

use crate::domain::campaign::delivery::Outcome;
use crate::domain::campaign::message::Notice;
use crate::domain::campaign::{Campaign, Task};
use crate::ports::bot::{Courier, Delivered, Errand, Parcel, Turn};
use crate::ports::campaigns::Claimed;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// One message, whatever becomes of it.
pub(super) async fn deliver(
    campaign: &Campaign,
    courier: &dyn Courier,
    one: &Claimed,
    turn: Turn,
) -> Delivered {
    let Some(parcel) = compose(campaign, one) else {
        return Delivered::Refused("there is no message for this person".to_owned());
    };
    let delivered = AssertUnwindSafe(courier.deliver(turn, parcel)).catch_unwind();
    // A panic says nothing of how far it went.
    let delivered = delivered.await;
    delivered.unwrap_or_else(|_| Delivered::Unknown("a defect in this program".to_owned()))
}

/// What is done in his chat; nothing where there is nothing to do it with.
fn compose<'a>(campaign: &'a Campaign, one: &Claimed) -> Option<Parcel<'a>> {
    let message = |notice: &'a Notice| notice.message(&one.language);
    let errand = match &campaign.task {
        Task::Send { notice } => Errand::Send(message(notice)?),
        Task::Correct { notice, .. } => Errand::Correct(one.message?, message(notice)?),
        Task::Delete { .. } => Errand::Delete(one.message?),
    };
    Some(Parcel {
        chat: one.chat,
        errand,
        paid: campaign.paid,
    })
}

/// What the book keeps.
pub(super) fn outcome(delivered: Delivered) -> Outcome {
    match delivered {
        Delivered::Done { message, moved } => Outcome::Sent { message, moved },
        Delivered::Gone(gone) => Outcome::Gone(gone),
        Delivered::Refused(words) => Outcome::Refused(words),
        Delivered::Unknown(_) => Outcome::Ambiguous,
        Delivered::Later(_) => Outcome::PutOff,
        Delivered::NotSent(_) | Delivered::TokenRefused => Outcome::Unsent,
    }
}
