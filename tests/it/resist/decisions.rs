//! Approvals over time: they expire, survive a restart, lose their ground, need several people.

use super::play::*;
use rei_recovery::demo::bot_api::{MessageId, PersonId};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::World;
use std::fs;
use std::os::unix::fs::MetadataExt;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_expired_is_asked_anew_and_its_buttons_are_dead() {
    let world = build(options().set("APPROVAL_TTL", "15s")).await;
    let (anna, boris) = (world.cast.anna, world.cast.boris);
    let old = asked(&world).await;
    until_event(&world, "approval-expired", 1).await;
    let hold = shown(&world, world.cast.team, RETRY).await;
    assert!(hold.text().contains("nobody answered"), "{:?}", hold.text());

    let before = journal(&world);
    let late = press_data(&world, boris, &old, &old.approve).await;
    assert!(late.text.contains("Too late: this expired"), "{late:?}");
    until_refused(&world, boris.0, ("approve", "expired"), 1).await;
    assert_eq!(journal(&world), before);

    press(&world, anna, world.cast.team, RETRY).await;
    until_event(&world, "approval-asked", 2).await;
    let new = ask_after(&world, old.message).await;
    assert_ne!(new, old);
    // The old buttons decide nothing about the new request either.
    let late = press_data(&world, boris, &old, &old.approve).await;
    assert!(late.text.contains("Too late: this expired"), "{late:?}");
    let told = press_data(&world, boris, &new, &new.approve).await;
    assert!(told.text.starts_with("Approved."), "{told:?}");
    assert_eq!(outcome(&world).await, "recovered");
    trail_holds(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_while_the_program_is_down_counts_once_when_it_is_back() {
    let world = build(options()).await;
    let boris = world.cast.boris;
    let ask = asked(&world).await;
    world.kill_bot().await.unwrap();
    let presses = [(); 2].map(|()| pressing(&world, boris, &ask, &ask.approve));
    world.start_bot().await.unwrap();
    let mut answers = Vec::new();
    for press in &presses {
        answers.push(told(press).await.text);
    }
    answers.sort();
    assert!(answers[0].starts_with("Already decided by"), "{answers:?}");
    assert!(answers[1].starts_with("Approved."), "{answers:?}");
    assert_eq!(outcome(&world).await, "recovered");
    assert_eq!(count(&world, "approved"), 1);
    until_refused(&world, boris.0, ("approve", "decided"), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_file_voids_the_approval() {
    let world = build(options()).await;
    let boris = world.cast.boris;
    let old = asked(&world).await;
    let database = world.patient.database();
    let inode = || fs::metadata(&database).unwrap().ino();
    let (shown, copy) = (inode(), database.with_extension("other"));
    fs::copy(&database, &copy).unwrap();
    fs::rename(&copy, &database).unwrap();
    assert_ne!(inode(), shown);

    let told = press_data(&world, boris, &old, &old.approve).await;
    assert!(told.text.starts_with("Approved."), "{told:?}");
    until_event(&world, "approval-voided", 1).await;
    until_event(&world, "approval-asked", 2).await;
    let new = ask_after(&world, old.message).await;
    assert_ne!(new, old);
    for unit in Unit::REI {
        assert!(world.is_up(unit).unwrap(), "{unit:?}");
    }
    let settled = world.api.message(world.cast.team, old.message).unwrap();
    assert!(settled.text().contains("Void"), "{}", settled.text());

    let before = journal(&world);
    let late = press_data(&world, boris, &old, &old.approve).await;
    assert!(late.text.contains("has passed"), "{late:?}");
    until_refused(&world, boris.0, ("approve", "stale"), 1).await;
    assert_eq!(journal(&world), before);

    press_data(&world, boris, &new, &new.approve).await;
    assert_eq!(outcome(&world).await, "recovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_different_people_make_a_quorum_of_two() {
    let team = "100000001,100000002,100000003";
    let world = options()
        .set("APPROVALS_REQUIRED", "2")
        .set("APPROVER_IDS", team);
    let world = build(world).await;
    let (anna, boris, clara) = (world.cast.anna, world.cast.boris, world.cast.member);
    let ask = asked(&world).await;
    let told = press_data(&world, boris, &ask, &ask.approve).await;
    assert!(told.text.contains("Still needed: 1 person"), "{told:?}");

    let before = journal(&world);
    let again = press_data(&world, boris, &ask, &ask.approve).await;
    assert!(again.text.contains("You have approved this already"));
    until_refused(&world, boris.0, ("approve", "already-approved"), 1).await;
    let own = press_data(&world, anna, &ask, &ask.approve).await;
    assert!(own.text.contains("You asked for this yourself"), "{own:?}");
    assert_eq!(journal(&world), before);
    assert!(world.is_up(Unit::Bot).unwrap());

    let told = press_data(&world, clara, &ask, &ask.approve).await;
    assert!(told.text.starts_with("Approved."), "{told:?}");
    assert_eq!(outcome(&world).await, "recovered");
    assert_eq!(count(&world, "approved"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_approves_his_own_request_types_the_word() {
    let world = options()
        .set("ALLOW_SELF_APPROVAL", "true")
        .set("APPROVER_IDS", "100000001");
    let world = build(world).await;
    let (anna, team) = (world.cast.anna, world.cast.team);
    let ask = asked(&world).await;
    let asked = until_event(&world, "approval-asked", 1).await;
    let word = asked.event["request"]["word"].as_str().unwrap().to_owned();
    let before = journal(&world);

    let question = question(&world, anna, &ask, &word, 0).await;
    world
        .api
        .reply(anna, team, question, "let me through")
        .unwrap();
    until_refused(&world, anna.0, ("approve", "word-needed"), 1).await;
    // Somebody else's word, and one that answers nothing.
    world
        .api
        .reply(world.cast.boris, team, question, &word)
        .unwrap();
    world.api.send_text(anna, team, &word).unwrap();
    let told = |message: &rei_recovery::demo::bot_api::Message| {
        message.text().contains("That is not the word")
    };
    let told = world.api.wait_for_message(team, "a refusal", SOON, told);
    told.await.unwrap();
    assert_eq!(journal(&world), before);

    let question = self::question(&world, anna, &ask, &word, question).await;
    let typed = format!("  {} ", word.to_uppercase());
    world.api.reply(anna, team, question, &typed).unwrap();
    assert_eq!(outcome(&world).await, "recovered");
    assert_eq!(count(&world, "approved"), 1);
}

/// Presses Approve and gives the question for the word that follows it.
async fn question(
    world: &World,
    who: PersonId,
    ask: &Ask,
    word: &str,
    after: MessageId,
) -> MessageId {
    let told = press_data(world, who, ask, &ask.approve).await;
    assert!(told.text.contains("Type your answer"), "{told:?}");
    let question = world
        .api
        .wait_for_message(world.cast.team, "the word", SOON, |message| {
            message.id > after
                && message.is_from_bot(world.cast.admin_bot)
                && message.text().contains(word)
        });
    question.await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_ends_the_run_and_leaves_nothing_behind() {
    let world = build(options()).await;
    let (boris, database) = (world.cast.boris, world.patient.database());
    let inode = fs::metadata(&database).unwrap().ino();
    let ask = asked(&world).await;
    let told = press_data(&world, boris, &ask, &ask.deny).await;
    assert!(told.text.starts_with("Denied."), "{told:?}");
    assert_eq!(outcome(&world).await, "denied");
    let late = press_data(&world, boris, &ask, &ask.approve).await;
    assert!(late.text.starts_with("Already decided by"), "{late:?}");
    until_refused(&world, boris.0, ("approve", "decided"), 1).await;
    assert_eq!(fs::metadata(&database).unwrap().ino(), inode);
    for unit in Unit::REI {
        assert!(world.is_up(unit).unwrap(), "{unit:?}");
    }
    let left: Vec<_> = fs::read_dir(world.patient.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("rei-recovery"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
