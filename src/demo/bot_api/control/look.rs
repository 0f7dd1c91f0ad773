//! Reading the state, and waiting for it to become what it should be.

use std::time::Duration;

use super::{
    super::{
        BotApi,
        ids::{MessageId, Place},
        message::{Message, Query},
        shared::Shared,
        world::World,
    },
    ControlError,
};

/// Lines of each chat, and calls, in the error of a vain wait.
const SHOWN: usize = 8;

impl BotApi {
    /// Looks at everything at once.
    pub fn read<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        self.shared.read(look)
    }

    /// What is on people's screens in a chat, oldest first.
    pub fn messages(&self, place: Place) -> Vec<Message> {
        self.read(|w| w.messages(place).cloned().collect())
    }

    /// Every message of every chat, deleted ones too, and the answers to presses: for a look at whether
    /// something was said that must not be.
    pub fn everything_said(&self) -> String {
        self.read(|w| {
            let told = w
                .histories
                .values()
                .map(|history| format!("{:?}", history.messages));
            told.chain(w.queries.iter().map(|query| format!("{query:?}")))
                .collect()
        })
    }

    /// One message in its present state, also when it was deleted.
    pub fn message(&self, place: Place, id: MessageId) -> Option<Message> {
        self.read(|w| w.message(place, id).cloned())
    }

    /// Presses that no bot has answered.
    pub fn unanswered(&self) -> Vec<Query> {
        self.read(|w| w.unanswered().cloned().collect())
    }

    /// How often a method was called, refused calls among them.
    pub fn count(&self, method: &str) -> u64 {
        self.read(|w| w.count(method))
    }

    /// How often somebody was told to slow down.
    pub fn too_many(&self) -> u64 {
        self.read(|w| w.refused(429))
    }

    /// Waits until `look` finds something; it is asked again after every change, never on a timer.
    ///
    /// # Errors
    /// It found nothing in time; the error shows the chats as they were.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        within: Duration,
        look: impl FnMut(&World) -> Option<T>,
    ) -> Result<T, ControlError> {
        wait(&self.shared, what, within, look).await
    }

    /// Waits for a message on the screen that fits, the newest first.
    ///
    /// # Errors
    /// There was none in time.
    pub async fn wait_for_message(
        &self,
        place: Place,
        what: &str,
        within: Duration,
        fits: impl Fn(&Message) -> bool,
    ) -> Result<Message, ControlError> {
        self.wait_for(what, within, |w| {
            w.messages(place).rev().find(|m| fits(m)).cloned()
        })
        .await
    }
}

/// See [`BotApi::wait_for`].
pub(super) async fn wait<T>(
    shared: &Shared,
    what: &str,
    within: Duration,
    mut look: impl FnMut(&World) -> Option<T>,
) -> Result<T, ControlError> {
    let mut bell = shared.listen();
    let found = async {
        loop {
            bell.borrow_and_update();
            if let Some(found) = shared.read(&mut look) {
                return Some(found);
            }
            if bell.changed().await.is_err() {
                return None;
            }
        }
    };
    match tokio::time::timeout(within, found).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) | Err(_) => {
            let seen = shared.read(scene);
            Err(ControlError::Waited {
                what: what.to_owned(),
                within,
                seen,
            })
        }
    }
}

fn scene(world: &World) -> String {
    let mut parts: Vec<String> = world
        .histories
        .keys()
        .map(|place| format!("chat {place}:\n{}", world.transcript(*place, SHOWN)))
        .collect();
    parts.extend(
        world
            .unanswered()
            .map(|q| format!("unanswered: {:?} pressed [{}]", q.person, q.label)),
    );
    let calls: Vec<_> = world
        .calls()
        .rev()
        .filter(|c| c.method != "getUpdates")
        .take(SHOWN)
        .collect();
    parts.extend(
        calls
            .iter()
            .rev()
            .map(|c| format!("call: {} {} {:?}", c.method, c.summary, c.outcome)),
    );
    parts.join("\n")
}
