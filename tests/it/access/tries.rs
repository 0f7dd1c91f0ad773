//! What the state keeps of codes.

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::second_factor::Tried;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::codes::{Codes, Try};
use rei_recovery::ports::journal::AuditTrail;
use rei_recovery::store::Store;
use std::sync::Arc;
use tempfile::TempDir;

fn given(person: i64, step: Option<u64>) -> Try {
    Try {
        actor: Actor::telegram(person, "Bob"),
        request: "request-1".parse().unwrap(),
        step,
    }
}

#[tokio::test]
async fn used_codes_and_locks_outlive_the_program() {
    let dir = TempDir::new().unwrap();
    let open = || Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
    let store = open();
    assert_eq!(
        store.try_code(given(12, Some(7))).await.unwrap(),
        Tried::Right
    );
    let other = open();
    assert_eq!(
        other.try_code(given(12, Some(7))).await.unwrap(),
        Tried::Used
    );
    assert_eq!(
        other.try_code(given(13, Some(7))).await.unwrap(),
        Tried::Right,
        "another one's"
    );
    for _ in 0..4 {
        store.try_code(given(12, None)).await.unwrap();
    }
    assert!(matches!(
        other.try_code(given(12, None)).await.unwrap(),
        Tried::Locks { .. }
    ));
    let third = open();
    assert!(matches!(
        third.try_code(given(12, Some(8))).await.unwrap(),
        Tried::Locked { .. }
    ));
    assert_eq!(
        third.try_code(given(13, Some(8))).await.unwrap(),
        Tried::Right
    );
    let trail = third.tail(100).await.unwrap();
    assert_eq!(trail.len(), 6, "{trail:?}");
    assert!(trail.iter().all(|entry| entry.verb == "give-code"));
    assert!(third.verify().await.unwrap().is_ok());
}

#[tokio::test]
async fn of_two_that_give_the_same_code_at_once_one_is_right() {
    let dir = TempDir::new().unwrap();
    let open = || Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
    let (one, other) = (open(), open());
    for step in 0..20 {
        let both = [
            one.try_code(given(12, Some(step))),
            other.try_code(given(12, Some(step))),
        ];
        let told = futures::future::join_all(both).await;
        let right = told.iter().filter(|it| matches!(it, Ok(Tried::Right)));
        assert_eq!(right.count(), 1, "{told:?}");
    }
}

#[test]
fn a_new_secret_fits_the_settings_and_the_app() {
    let run = |args: &[&str]| {
        let ended = std::process::Command::new(PROGRAM)
            .args(args)
            .env_clear()
            .output()
            .unwrap();
        (
            ended.status.code(),
            String::from_utf8(ended.stdout).unwrap(),
        )
    };
    let (code, printed) = run(&["totp", "new", "12", "--json"]);
    assert_eq!(code, Some(0), "{printed}");
    let made: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let setting = made["setting"].as_str().unwrap();
    let secret = setting.strip_prefix("12:").unwrap();
    let bytes = data_encoding::BASE32_NOPAD
        .decode(secret.as_bytes())
        .unwrap();
    assert_eq!(bytes.len(), 20);
    let uri: url::Url = made["uri"].as_str().unwrap().parse().unwrap();
    assert_eq!(uri.scheme(), "otpauth");
    assert!(
        uri.query_pairs()
            .any(|(name, value)| name == "secret" && value == secret)
    );
    let (_, again) = run(&["totp", "new", "12"]);
    assert!(
        again.contains("otpauth://totp/") && !again.contains(secret),
        "{again}"
    );
    assert_eq!(run(&["totp", "new", "-5"]).0, Some(2));
}
