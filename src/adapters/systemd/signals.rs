//! The bus's signals about one unit.

use super::bus::{BusError, Link, MANAGER, MANAGER_PATH, SYSTEMD, within};
use super::watch::Watch;
use futures::StreamExt;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use zbus::{MatchRule, Message, MessageStream, OwnedObjectPath, message};

/// What a signal told.
#[derive(Debug)]
enum Signal {
    Changed,
    JobRemoved { job: String, result: String },
}

/// The signals about one unit, read by a task of their own: a stream that nobody reads would hold
/// up every answer on the connection.
pub(super) struct Signals {
    received: mpsc::Receiver<Signal>,
    _reader: AbortOnDropHandle<()>,
}

impl Signals {
    pub(super) async fn listen(link: &Link, path: &str, limit: Duration) -> Result<Self, BusError> {
        let changes = rule(path, "org.freedesktop.DBus.Properties", "PropertiesChanged")?;
        let jobs = rule(MANAGER_PATH, MANAGER, "JobRemoved")?;
        let subscribe = |rule| MessageStream::for_match_rule(rule, link.connection(), None);
        let mut messages = futures::stream::select(
            within(limit, subscribe(changes)).await?,
            within(limit, subscribe(jobs)).await?,
        );
        let (sender, received) = mpsc::channel(256);
        let reader = tokio::spawn(async move {
            while let Some(message) = messages.next().await {
                // A full queue loses only a reason to look; the next look comes anyway.
                let _ = sender.try_send(message.map_or(Signal::Changed, |m| Signal::read(&m)));
            }
        });
        Ok(Self {
            received,
            _reader: AbortOnDropHandle::new(reader),
        })
    }

    /// Waits for a signal, or until a moment.
    pub(super) async fn wait(&mut self, until: Instant, watch: &mut Watch) {
        let received = tokio::time::timeout_at(until, self.received.recv()).await;
        // Nothing is received any more once the connection broke; the next look will say so.
        if let Ok(Some(signal)) = received {
            signal.tell(watch);
        }
        self.take_waiting(watch);
    }

    pub(super) fn take_waiting(&mut self, watch: &mut Watch) {
        while let Ok(signal) = self.received.try_recv() {
            signal.tell(watch);
        }
    }
}

impl Signal {
    fn tell(self, watch: &mut Watch) {
        if let Self::JobRemoved { job, result } = self {
            watch.job_removed(&job, result);
        }
    }

    fn read(message: &Message) -> Self {
        let header = message.header();
        if header.member().is_none_or(|name| name != "JobRemoved") {
            return Self::Changed;
        }
        message
            .body()
            .deserialize::<(u32, OwnedObjectPath, String, String)>()
            .map_or(Self::Changed, |(_, job, _, result)| Self::JobRemoved {
                job: job.to_string(),
                result,
            })
    }
}

fn rule(path: &str, interface: &str, member: &str) -> zbus::Result<MatchRule<'static>> {
    Ok(MatchRule::builder()
        .msg_type(message::Type::Signal)
        .sender(SYSTEMD)
        .path(path)
        .interface(interface)
        .member(member)
        .build()?
        .into_owned())
}
