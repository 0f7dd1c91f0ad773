//! Places of backups that cannot be read at all: the list names each, and no plan can be made.

use super::play::*;
use rei_recovery::demo::world::WorldOptions;
use std::fs;

/// Builds the world, lets Anna choose the scenario, and looks for the words in the list.
async fn listed(options: WorldOptions, words: &[&str]) {
    let world = build(options).await;
    for taken in world.patient.backups() {
        fs::remove_file(&taken.file).unwrap();
    }
    let talk = choose_scenario(&world).await;
    let fits = |message: &rei_recovery::demo::bot_api::Message| {
        words.iter().all(|words| message.text().contains(words))
    };
    let what = words.join(", ");
    let list = world.api.wait_for_message(talk, &what, SOON, fits);
    let list = list.await.unwrap();
    assert_eq!(list.buttons().count(), 0, "{:?}", list.labels());
    assert_eq!(world.state.newest().unwrap(), None);
}

async fn in_both(set: &[(&str, &str)], en: &[&str], ru: &[&str]) {
    let world = |locale: &str| {
        let world = options().set("DEFAULT_LOCALE", locale);
        set.iter()
            .fold(world, |world, (name, value)| world.set(name, *value))
    };
    tokio::join!(listed(world("en"), en), listed(world("ru"), ru));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_does_not_exist() {
    in_both(
        &[("S3_BUCKET", "no-such-bucket")],
        &[
            "s3://no-such-bucket/daily/ does not exist",
            "No backup was found",
        ],
        &[
            "Не существует: s3://no-such-bucket/daily/",
            "Копий не найдено",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_wrong() {
    in_both(
        &[("AWS_SECRET_ACCESS_KEY", "not-the-secret")],
        &[
            "s3://rei-backups/daily/ refuses access",
            "No backup was found",
        ],
        &["Нет доступа: s3://rei-backups/daily/", "Копий не найдено"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_does_not_exist_beside_a_wrong_key() {
    in_both(
        &[
            ("AWS_SECRET_ACCESS_KEY", "not-the-secret"),
            ("BACKUP_DIR", "/nowhere/backups"),
        ],
        &["/nowhere/backups does not exist", "refuses access"],
        &["Не существует: /nowhere/backups", "Нет доступа"],
    )
    .await;
}
