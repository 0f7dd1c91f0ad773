//! A Telegram of our own: the Bot API over real HTTP on this machine, and the people who use it.
//!
//! The tests and the rehearsal run the unchanged bot against it. It is as strict as Telegram: it
//! parses the markup, counts UTF-16 units, refuses what Telegram refuses in Telegram's words, limits
//! the rate, knows who blocked whom and which buttons are still good. What it does not know is an
//! unknown method, never a silent success.
//!
//! - [`BotApi`] starts and stops it, and is also the control side: `setup` (accounts, groups),
//!   `people` (what a person does), `look` (reading and waiting), `trouble` (network, faults, limits).
//! - `api` → `methods` is the way of a request; `wire` renders what a bot sees; `updates` and
//!   `polling` bring it what happened.
//! - `page` is the chat in the browser, on a listener of its own, so that it stays when Telegram is
//!   made unreachable.

mod api;
mod clock;
mod connection;
mod control;
mod detect;
mod error;
mod faults;
mod files;
mod html;
mod html_tag;
mod ids;
mod limits;
mod listener;
mod log;
mod message;
mod methods;
mod model;
mod page;
mod panel;
mod params;
mod polling;
mod shared;
mod text;
mod updates;
mod wire;
mod world;

use std::{net::SocketAddr, sync::Arc};

use tokio_util::sync::DropGuard;

pub use self::{
    control::{ControlError, Parcel, Pick, Press},
    faults::{Fault, Network, Weather},
    files::StoredFile,
    ids::{BotId, MessageId, PersonId, Place},
    limits::Figures,
    log::{Call, Outcome},
    message::{
        Answer, Asks, Body, Button, CopyText, Keyboard, Media, MediaKind, Message, Query, Sender,
        Service, Version,
    },
    model::{Account, Acquaintance, Bot, Command, CommandSet, Group, Person, Role},
    panel::{Action, Fact, Tone, Words},
    text::{Entity, EntityKind, RichText},
    world::World,
};

use self::{listener::Port, shared::Shared};

/// Dice are thrown with this unless another seed is given.
const SEED: u64 = 0x5eed;

/// The running server. Clones are the same server; it stops with [`BotApi::stop`], or when the last
/// clone goes.
#[derive(Debug, Clone)]
pub struct BotApi {
    shared: Arc<Shared>,
    address: SocketAddr,
    /// Nothing for a guest, who does not keep the server alive.
    _alive: Option<Arc<DropGuard>>,
}

impl BotApi {
    /// Starts on an address; port 0 takes a free one. Limits are off until [`BotApi::limit`].
    ///
    /// # Errors
    /// The address cannot be taken.
    pub fn start(address: impl Into<SocketAddr>) -> Result<Self, ControlError> {
        Self::start_seeded(address, SEED)
    }

    /// The same with a seed of one's own for the weather.
    ///
    /// # Errors
    /// The address cannot be taken.
    pub fn start_seeded(address: impl Into<SocketAddr>, seed: u64) -> Result<Self, ControlError> {
        let wanted = address.into();
        let cannot = |source| ControlError::Listen {
            address: wanted,
            source,
        };
        let port = Port::hold(wanted).map_err(cannot)?;
        let address = port.address();
        let listener = port.listen().map_err(cannot)?;
        let shared = Arc::new(Shared::new(seed));
        let router = api::router(shared.clone());
        shared
            .tasks
            .spawn(listener::run(shared.clone(), port, listener, router));
        let alive = Arc::new(shared.stop.clone().drop_guard());
        Ok(Self {
            shared,
            address,
            _alive: Some(alive),
        })
    }

    /// What goes into `TELEGRAM_API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Opens the chat page on an address of its own and says where it is.
    ///
    /// # Errors
    /// The address cannot be taken.
    pub async fn open_page(&self, address: impl Into<SocketAddr>) -> Result<String, ControlError> {
        let guest = Self {
            _alive: None,
            ..self.clone()
        };
        page::open(guest, address.into()).await
    }

    /// Stops listening, ends every connection and waits until all of it is over.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
        self.shared.panel(panel::Panel::clear);
    }
}
