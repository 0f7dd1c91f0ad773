//! What became of tasks at a provider: told only where it is sure.

use super::surroundings::{hasty, keys, providers, server};
use crate::restore::fixture::code;
use rei_recovery::demo::providers::{Endpoint, Mood, ProvidersServer, Service, TaskWord};
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::domain::provider::TaskState;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::providers::AiProviders;
use std::collections::BTreeMap;

async fn look(server: &ProvidersServer, tasks: &[&str]) -> PortResult<BTreeMap<String, TaskState>> {
    let tasks: Vec<String> = tasks.iter().map(ToString::to_string).collect();
    let providers = providers(&hasty(&server.toml()), keys());
    providers.tasks("kling", &tasks).await
}

#[tokio::test]
async fn every_state_is_told_at_every_endpoint() {
    let server = server().await;
    for (id, endpoint, word) in [
        ("1", Endpoint::TextToVideo, TaskWord::Succeed),
        ("2", Endpoint::ImageToVideo, TaskWord::Processing),
        ("3", Endpoint::Image, TaskWord::Failed),
        ("4", Endpoint::Image, TaskWord::Submitted),
        ("5", Endpoint::TextToVideo, TaskWord::New),
    ] {
        server.set_task(id, endpoint, word);
    }
    let found = look(&server, &["1", "2", "3", "4", "5", "6", "1"])
        .await
        .unwrap();
    let want = [
        ("1", TaskState::Finished),
        ("2", TaskState::Running),
        ("3", TaskState::Failed),
        ("4", TaskState::Running),
        // Nobody knows the word of 5: nothing is concluded from it.
        ("6", TaskState::Missing),
    ];
    assert_eq!(found, want.map(|(id, state)| (id.to_owned(), state)).into());
    let of_one = |(path, _): &(String, _)| path.ends_with("/1");
    assert_eq!(
        server
            .requests()
            .iter()
            .filter(|request| of_one(request))
            .count(),
        1
    );
}

#[tokio::test]
async fn what_is_no_id_is_not_asked_for() {
    let server = server().await;
    let found = look(&server, &["../text2video", "a/b", "", "a?b", "a%2fb"]).await;
    assert_eq!(found, Ok(BTreeMap::new()));
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn a_provider_that_cannot_tell_is_an_error_and_no_state() {
    let server = server().await;
    server.set_task("1", Endpoint::TextToVideo, TaskWord::Succeed);
    let many: Vec<String> = (0..200).map(|n| format!("task-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for mood in [Mood::Unavailable, Mood::Busy, Mood::Hangs] {
        server.set_mood(Service::Kling, mood);
        let failed = look(&server, &many).await.unwrap_err();
        assert_eq!(failed.code(), FailureCode::ProviderDown, "{mood:?}");
        assert!(failed.transient && !failed.unknown, "{mood:?}");
    }
    // Not every one of them was waited for.
    assert!(server.requests().len() < 60, "{}", server.requests().len());
    server.set_mood(Service::Kling, Mood::RefusesKeys);
    let failed = look(&server, &["1"]).await.unwrap_err();
    assert_eq!(failed.code(), FailureCode::ProviderKeyRefused);
    assert!(
        failed
            .failure
            .detail
            .unwrap()
            .contains("this server's clock")
    );
    server.set_mood(Service::Kling, Mood::Healthy);
    assert_eq!(look(&server, &["1"]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_keys_or_a_description_nothing_is_looked_up() {
    let server = server().await;
    let with = providers(&server.toml(), keys());
    assert!(with.can_look_up("kling"));
    assert!(!with.can_look_up("nano_banana") && !with.can_look_up("nobody"));
    let ids = ["1".to_owned()];
    assert_eq!(with.tasks("nano_banana", &ids).await, Ok(BTreeMap::new()));
    assert_eq!(with.tasks("nobody", &ids).await, Ok(BTreeMap::new()));
    let without = providers(&server.toml(), BTreeMap::new());
    assert!(!without.can_look_up("kling"));
    let failed = without.tasks("kling", &ids).await;
    let settings = failed.as_ref().unwrap_err().failure.args["settings"].clone();
    assert_eq!(settings, Arg::from("KLING_ACCESS_KEY, KLING_SECRET_KEY"));
    assert_eq!(code(failed), FailureCode::ProviderNotConfigured);
    assert_eq!(server.requests(), []);
}
