//! Two groups, and people who were removed meanwhile: a press counts where its button belongs, and a vote
//! while its person is on the list.

use crate::resist::play::*;
use rei_recovery::demo::bot_api::{Account, Group, Place, Role};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::World;
use std::process::Stdio;
use tokio::process::{Child, Command};

/// A stranger's group that the bot was added to, with an approver in it.
fn elsewhere(world: &World) -> Place {
    let cast = &world.cast;
    let group = Group::new(-1_001_700_000_666, "Elsewhere")
        .member(cast.stranger, Role::Owner)
        .member(cast.boris, Role::Member)
        .bot(cast.admin_bot, Role::Administrator);
    world.api.add_group(group).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_the_team_moves_nothing_in_another_group() {
    let world = build(options()).await;
    let cast = &world.cast;
    let ask = asked(&world).await;
    let group = elsewhere(&world);
    // A message of the bot that stands there: an approver asked it for something harmless.
    let asked_for = world
        .api
        .send_text(cast.boris, group, "/help@rei_recovery_bot");
    let asked_for = asked_for.unwrap();
    let answer = world
        .api
        .wait_for_message(group, "the help", SOON, |message| {
            message.is_from_bot(cast.admin_bot) && message.id > asked_for
        });
    let there = answer.await.unwrap().id;
    let before = journal(&world);
    for data in [&ask.approve, &ask.deny] {
        // The stranger who saw the data on somebody's screen, and the approver he talked into pressing.
        let press = world.api.press_data(cast.stranger, group, there, data);
        let stranger = told(&press.unwrap()).await;
        assert!(
            stranger.text.contains("You may not do this"),
            "{stranger:?}"
        );
        let press = world.api.press_data(cast.boris, group, there, data);
        let misled = told(&press.unwrap()).await;
        assert!(
            misled.text.contains("belongs to another chat"),
            "{misled:?}"
        );
    }
    until_refused(&world, cast.boris.0, ("press", "other-chat"), 2).await;
    assert_eq!(journal(&world), before);
    // What happens in the team stays there.
    let said = world.api.messages(group);
    let ours = said.iter().filter(|m| m.is_from_bot(cast.admin_bot));
    assert_eq!(ours.count(), 1, "{said:#?}");
    let told = press_data(&world, cast.boris, &ask, &ask.approve).await;
    assert!(told.text.starts_with("Approved."), "{told:?}");
    assert_eq!(outcome(&world).await, "recovered");
    trail_holds(&world).await;
}

/// The program with other lists than the world's.
struct Changed(Child);

impl Changed {
    fn start(world: &World, lists: &[(&str, &str)]) -> Self {
        let mut command = Command::new(PROGRAM);
        command
            .arg("run")
            .env_clear()
            .envs(world.settings())
            .envs(lists.iter().copied())
            .current_dir(world.root())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        Self(command.spawn().unwrap())
    }

    async fn end(mut self) {
        self.0.kill().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_while_an_approval_waits_has_neither_vote_nor_press() {
    let all = "100000001,100000002,100000003";
    let lists = options()
        .set("APPROVALS_REQUIRED", "2")
        .set("ADMIN_IDS", all)
        .set("APPROVER_IDS", all);
    let world = build(lists).await;
    let (boris, clara) = (world.cast.boris, world.cast.member);
    let ask = asked(&world).await;
    let told = press_data(&world, boris, &ask, &ask.approve).await;
    assert!(told.text.contains("Still needed: 1 person"), "{told:?}");
    world.stop_bot().await.unwrap();
    let without = "100000001,100000003";
    // He still sits in the group: only the lists know.
    let there = |chats: &rei_recovery::demo::bot_api::World| {
        chats.is_in(world.cast.team, Account::Person(boris))
    };
    assert!(world.api.read(there));
    let changed = Changed::start(&world, &[("ADMIN_IDS", without), ("APPROVER_IDS", without)]);
    let before = count(&world, "approved");
    for data in [&ask.approve, &ask.deny] {
        let told = press_data(&world, boris, &ask, data).await;
        assert!(told.text.contains("You may not do this"), "{told:?}");
    }
    assert_eq!(count(&world, "approved"), before);
    // His vote of before does not make two of hers.
    let told = press_data(&world, clara, &ask, &ask.approve).await;
    assert!(told.text.contains("Still needed: 1 person"), "{told:?}");
    assert!(world.is_up(Unit::Bot).unwrap());
    assert_eq!(count(&world, "approval-granted"), 0);
    changed.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_cannot_start_what_he_had_planned() {
    let world = build(options()).await;
    let (anna, boris) = (world.cast.anna, world.cast.boris);
    let plan = plan(&world).await;
    let data = plan.buttons().find_map(|b| {
        b.callback_data
            .clone()
            .filter(|_| b.text.starts_with("Start"))
    });
    world.stop_bot().await.unwrap();
    let only = boris.0.to_string();
    let changed = Changed::start(
        &world,
        &[
            ("ADMIN_IDS", &only),
            ("APPROVER_IDS", &only),
            ("ALLOW_SELF_APPROVAL", "true"),
        ],
    );
    let talk = world.cast.private(anna);
    let press = world
        .api
        .press_data(anna, talk, plan.id, &data.unwrap())
        .unwrap();
    assert!(told(&press).await.text.contains("You may not do this"));
    assert_eq!(count(&world, "started"), 0);
    world.api.send_text(anna, talk, "/recover").unwrap();
    until_refused(&world, anna.0, ("command", "not-allowed"), 1).await;
    assert_eq!(world.state.newest().unwrap().map(|(run, _)| run), Some(1));
    changed.end().await;
}
