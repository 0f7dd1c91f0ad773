//! REI's side of the Bot API.

use super::ground::{Ground, silent_url};
use super::servers::Peer;
use crate::support::redis::free_port;
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, SignCode};
use serde_json::{Value, json};
use std::sync::Arc;

const TOKEN: &str = "7000001:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";

pub fn bot(url: &str) -> Arc<TelegramReiBot> {
    Arc::new(TelegramReiBot::new(&TOKEN.into(), url).unwrap())
}

/// Telegram, with so many updates waiting and this last error.
pub fn telegram(path: &str, pending: u64, error: Option<&str>) -> (u16, Value) {
    let mut webhook = json!({
        "url": "https://rei.example/hook", "has_custom_certificate": false,
        "pending_update_count": pending
    });
    if let Some(error) = error {
        webhook["last_error_message"] = error.into();
        webhook["last_error_date"] = rei_recovery::domain::Timestamp::now().as_second().into();
    }
    let me = json!({
        "id": 7_000_001, "is_bot": true, "first_name": "REI", "username": "rei_bot",
        "can_join_groups": true, "can_read_all_group_messages": false,
        "supports_inline_queries": false, "has_main_web_app": false,
        "can_connect_to_business": false
    });
    let result = if path.ends_with("getMe") { me } else { webhook };
    (200, json!({"ok": true, "result": result}))
}

async fn found(peer: &Peer) -> Finding {
    let mut ground = Ground::new();
    ground.ports.bot = Some(bot(&peer.url));
    ground.finds(Part::Bot).await
}

#[tokio::test]
async fn updates_that_wait_are_counted_and_too_many_are_told() {
    let peer = Peer::answering(|path| telegram(path, 7, None)).await;
    let well = found(&peer).await;
    assert_eq!(well.condition, Condition::Up, "{well:?}");
    assert_eq!(well.measures[&Measure::PendingUpdates], 7);
    peer.says(|path| telegram(path, 5_000, Some("Connection refused")));
    let ill = found(&peer).await;
    assert_eq!(ill.condition, Condition::Degraded);
    assert!(ill.shows(SignCode::UpdatesPileUp) && ill.shows(SignCode::WebhookError));
}

#[tokio::test]
async fn a_refused_token_is_told_from_a_server_that_is_not_there() {
    let refusal = json!({"ok": false, "error_code": 401, "description": "Unauthorized"});
    let peer = Peer::answering(move |_| (401, refusal.clone())).await;
    let refused = found(&peer).await;
    assert!(refused.shows(SignCode::BotRefused) && refused.condition == Condition::Down);
    let mut ground = Ground::new();
    ground.ports.bot = Some(bot(&format!("http://127.0.0.1:{}", free_port())));
    let gone = ground.finds(Part::Bot).await;
    assert!(gone.shows(SignCode::BotUnreachable) && gone.condition == Condition::Down);
    assert!(!format!("{refused:?}{gone:?}").contains("AAF7"));
}

#[tokio::test]
async fn silence_is_not_taken_for_an_outage_and_no_token_for_silence() {
    let mut ground = Ground::new();
    ground.ports.bot = Some(bot(&silent_url()));
    let silent = ground.finds(Part::Bot).await;
    assert_eq!(silent.condition, Condition::Unknown);
    assert!(silent.shows(SignCode::Silent));
    assert_eq!(silent.failure.unwrap().code, FailureCode::TimedOut);
    let none = Ground::new().finds(Part::Bot).await;
    assert_eq!(
        none.failure.unwrap().code,
        FailureCode::ProviderNotConfigured
    );
}
