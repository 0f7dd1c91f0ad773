//! Telling the shop's bot what happened, sometimes late.

use super::lock;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest wait for the callback's answer, and between two tries. (The real one tries for a day.)
const ANSWER: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(200);
const TRIES: u32 = 50;

/// Events on their way.
#[derive(Debug)]
pub(super) struct Webhooks {
    state: Mutex<State>,
    taken: Arc<AtomicU64>,
    stop: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    callback: Option<String>,
    hold: bool,
    held: Vec<Value>,
}

impl Webhooks {
    pub(super) fn new(stop: CancellationToken) -> Self {
        Self {
            state: Mutex::default(),
            taken: Arc::default(),
            stop,
        }
    }

    pub(super) fn call(&self, callback: Option<String>) {
        lock(&self.state).callback = callback;
    }

    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }

    pub(super) fn tell(&self, event: Value) {
        let mut state = lock(&self.state);
        match (&state.callback, state.hold) {
            (None, _) => {}
            (Some(_), true) => state.held.push(event),
            (Some(callback), false) => self.send(callback.clone(), vec![event]),
        }
    }

    pub(super) fn hold(&self, hold: bool) {
        let mut state = lock(&self.state);
        state.hold = hold;
        if hold {
            return;
        }
        let held = std::mem::take(&mut state.held);
        if let Some(callback) = &state.callback {
            self.send(callback.clone(), held);
        }
    }

    fn send(&self, callback: String, events: Vec<Value>) {
        let taken = Arc::clone(&self.taken);
        let stop = self.stop.clone();
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            let client = reqwest::Client::new();
            for event in events {
                deliver(&client, &callback, &event).await;
                taken.fetch_add(1, Ordering::SeqCst);
            }
        }));
    }
}

/// Until it is taken, or nobody takes it.
async fn deliver(client: &reqwest::Client, callback: &str, event: &Value) {
    for _ in 0..TRIES {
        let sent = client.post(callback).timeout(ANSWER).json(event).send();
        match sent.await {
            Ok(answer) if answer.status().is_success() => return,
            _ => tokio::time::sleep(AGAIN).await,
        }
    }
    tracing::warn!("a webhook was taken by nobody");
}
