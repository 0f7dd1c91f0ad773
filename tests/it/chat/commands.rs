//! Commands of those who may.

use super::scene::{Options, Scene};
use rei_recovery::domain::locale::Locale;

#[tokio::test(flavor = "multi_thread")]
async fn help_is_given_in_private_and_in_the_group() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let help = scene.ask(scene.ann, talk, "/help", "/recover").await;
    assert!(
        help.text()
            .contains("You may request. Another person approves.")
    );
    let help = scene
        .ask(scene.bob, scene.group, "/help@rei_admin_bot", "/recover")
        .await;
    assert!(help.text().contains("You may approve. You cannot request."));
    assert!(help.reply_to.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_for_another_bot_is_left_alone() {
    let scene = Scene::new().await;
    let before = scene.texts(scene.group).len();
    scene
        .api
        .send_text(scene.ann, scene.group, "/help@other_bot")
        .unwrap();
    scene.ask(scene.ann, scene.group, "/help", "/recover").await;
    assert_eq!(scene.texts(scene.group).len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_has_a_language_and_the_group_its_own() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let menu = scene
        .ask(scene.ann, talk, "/language", "Choose a language")
        .await;
    assert_eq!(menu.labels(), [["English", "Русский"]]);
    let answer = scene.press(scene.ann, &menu, "Русский").await;
    assert_eq!(answer.text, "Хорошо, русский.");
    scene
        .ask(scene.ann, talk, "/help", "Вы можете запрашивать")
        .await;
    scene
        .ask(scene.ann, scene.group, "/help", "You may request")
        .await;
    let trail = scene.trail().await;
    assert!(
        trail
            .iter()
            .any(|entry| entry.verb == "choose-language" && entry.subject == "ru")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_group_speaks_the_default_language() {
    let options = Options {
        locale: Locale::Ru,
        ..Options::default()
    };
    let scene = Scene::with(options).await;
    scene
        .ask(scene.ann, scene.group, "/help", "Вы можете запрашивать")
        .await;
    scene.proposed(Some(-500)).await;
    scene
        .see(scene.group, "План R-1 · Повреждена база данных")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_of_units_database_and_backup_and_looks_again() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.bob);
    // Nothing listens where this patient's Redis should be.
    let status = scene
        .ask(scene.bob, talk, "/status", "REI is in trouble")
        .await;
    for part in [
        "Diagnosis: Redis failure",
        "nothing listens at Redis's address",
        "In order: Unit",
        "Database",
        "No recovery is under way.",
    ] {
        assert!(status.text().contains(part), "{part} in {}", status.text());
    }
    scene.started(None).await;
    scene.press(scene.bob, &status, "Refresh").await;
    scene.see(talk, "R-1 · Corrupted database: under way").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_what_there_is() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    scene
        .ask(scene.ann, talk, "/runs", "There were no runs yet.")
        .await;
    scene.ask(scene.ann, talk, "/backups", "not verified").await;
    scene.started(None).await;
    scene
        .ask(scene.ann, talk, "/runs", "R-1 · Corrupted database")
        .await;
    scene
        .ask(scene.ann, talk, "/audit 1", "Ann started the run")
        .await;
    scene
        .ask(scene.ann, talk, "/audit many", "a number from 1 to 200")
        .await;
    scene
        .ask(scene.ann, talk, "/nonsense", "no such command")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_stops_what_is_under_way() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.bob);
    scene
        .ask(scene.bob, talk, "/cancel", "Nothing is under way")
        .await;
    scene
        .ask(scene.bob, talk, "/cancel seven", "is no run")
        .await;
    let run = scene.started(None).await;
    scene
        .ask(scene.bob, talk, "/cancel", "Cancel is noted for R-1")
        .await;
    assert!(scene.ops.run(run.id).await.unwrap().cancel_requested);
    scene.proposed(None).await;
    scene
        .ask(scene.bob, talk, "/cancel R-2", "R-2 is withdrawn")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_speaks_both_languages() {
    let scene = Scene::new().await;
    let commands = |code: &str| {
        scene.api.read(|world| {
            let sets = &world.bot(scene.bot)?.commands;
            let set = sets.iter().find(|set| set.language_code == code)?;
            let recover = set.commands.iter().find(|c| c.command == "recover")?;
            Some((set.commands.len(), recover.description.clone()))
        })
    };
    let english = crate::support::wait::until("the menu", || async { commands("") }).await;
    assert_eq!(english, (15, "Start a recovery".to_owned()));
    let russian = crate::support::wait::until("the menu", || async { commands("ru") }).await;
    assert_eq!(russian, (15, "Начать восстановление".to_owned()));
}
