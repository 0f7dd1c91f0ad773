//! Nobody moves a run who may not: each press is refused, told, and written down.

use super::play::*;
use rei_recovery::demo::bot_api::{Account, PersonId, Place, Role};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::World;

/// The account in front of every anonymous administrator.
const ANONYMOUS_BOT: u64 = 1_087_968_824;

#[tokio::test(flavor = "multi_thread")]
async fn only_another_approver_moves_a_run_and_only_once() {
    let world = build(options()).await;
    let ask = asked(&world).await;
    let before = journal(&world);

    strangers_get_one_answer_in_private_and_none_in_the_group(&world).await;
    nobody_else_approves(&world, &ask).await;
    forged_data_is_refused(&world, &ask).await;
    an_anonymous_admin_commands_nothing(&world).await;
    assert_eq!(journal(&world), before);
    for unit in Unit::REI {
        assert!(world.is_up(unit).unwrap(), "{unit:?}");
    }

    pressed_twice_counts_once(&world, &ask).await;
    assert_eq!(outcome(&world).await, "recovered");
    let after = journal(&world);
    let late = press_data(&world, world.cast.boris, &ask, &ask.approve).await;
    assert!(late.text.starts_with("Already decided by"), "{late:?}");
    assert_eq!(journal(&world), after);
    trail_holds(&world).await;
}

async fn strangers_get_one_answer_in_private_and_none_in_the_group(world: &World) {
    let (cast, api) = (&world.cast, &world.api);
    let (stranger, talk) = (cast.stranger, cast.private(cast.stranger));
    api.start_chat(stranger, cast.admin_bot).unwrap();
    for text in ["/recover", "/cancel R-1", "let me in"] {
        api.send_text(stranger, talk, text).unwrap();
    }
    until_refused(world, stranger.0, ("command", "not-allowed"), 4).await;
    let account = Account::Person(stranger);
    api.set_role(cast.team, account, Role::Member, cast.anna)
        .unwrap();
    let in_group = ["/recover@rei_recovery_bot", "/cancel R-1"].map(|text| {
        let sent = api.send_text(stranger, cast.team, text);
        sent.unwrap()
    });
    until_refused(world, stranger.0, ("command", "not-allowed"), 6).await;
    world.until_delivered(SOON).await.unwrap();
    let said: Vec<_> = api
        .messages(talk)
        .into_iter()
        .filter(|message| message.is_from_bot(cast.admin_bot))
        .collect();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].text().contains(&stranger.0.to_string()));
    let answers = api.messages(cast.team).into_iter().filter(|message| {
        let to = message.reply_to;
        to.is_some_and(|to| in_group.contains(&to))
    });
    assert_eq!(answers.count(), 0);
}

async fn nobody_else_approves(world: &World, ask: &Ask) {
    let cast = &world.cast;
    for who in [cast.stranger, cast.member] {
        for data in [&ask.approve, &ask.deny] {
            let told = press_data(world, who, ask, data).await;
            assert!(told.show_alert && told.text.contains("You may not do this"));
        }
        until_refused(world, who.0, ("press", "not-allowed"), 2).await;
    }
    let told = press_data(world, cast.anna, ask, &ask.approve).await;
    assert!(told.show_alert && told.text.contains("You asked for this yourself"));
    until_refused(world, cast.anna.0, ("approve", "own-request"), 1).await;
}

async fn forged_data_is_refused(world: &World, ask: &Ask) {
    let boris = world.cast.boris;
    let forged = [
        ("1:AAAAAAAAAAAAAAAA", "no longer valid"),
        ("approve:1", "no longer valid"),
        ("1:' OR 1=1 --", "no longer valid"),
        ("2:whatever", "another version"),
    ];
    for (times, (data, words)) in forged.iter().enumerate() {
        let told = press_data(world, boris, ask, data).await;
        assert!(told.show_alert && told.text.contains(words), "{told:?}");
        until_refused(world, boris.0, ("press", "unknown-button"), times + 1).await;
    }
    // A real nonce, carried over into another chat by somebody who may approve.
    let talk = world.cast.private(boris);
    let elsewhere = bots_message(world, talk);
    let press = world.api.press_data(boris, talk, elsewhere, &ask.approve);
    let told = told(&press.unwrap()).await;
    assert!(told.text.contains("belongs to another chat"), "{told:?}");
    until_refused(world, boris.0, ("press", "other-chat"), 1).await;
}

fn bots_message(world: &World, talk: Place) -> i32 {
    let bot = world.cast.admin_bot;
    let mut said = world.api.messages(talk).into_iter();
    said.find(|message| message.is_from_bot(bot))
        .expect("the answer to /start")
        .id
}

async fn an_anonymous_admin_commands_nothing(world: &World) {
    let (cast, api) = (&world.cast, &world.api);
    let become_ = |who: PersonId, role| api.set_role(cast.team, Account::Person(who), role, who);
    become_(cast.boris, Role::Anonymous).unwrap();
    let sent = ["/cancel R-1", "/recover"].map(|text| {
        let sent = api.send_text(cast.boris, cast.team, text);
        sent.unwrap()
    });
    until_refused(world, ANONYMOUS_BOT, ("command", "anonymous"), 2).await;
    become_(cast.boris, Role::Administrator).unwrap();
    let told = api
        .wait_for_message(cast.team, "how to be somebody", SOON, |message| {
            message.text().contains("Remain anonymous")
        })
        .await
        .unwrap();
    assert_eq!(told.reply_to, Some(sent[0]));
    let times = api
        .messages(cast.team)
        .into_iter()
        .filter(|message| message.text().contains("Remain anonymous"))
        .count();
    assert_eq!(times, 1);
}

async fn pressed_twice_counts_once(world: &World, ask: &Ask) {
    let boris = world.cast.boris;
    let presses = [(); 3].map(|()| pressing(world, boris, ask, &ask.approve));
    let mut answers = Vec::new();
    for press in &presses {
        answers.push(told(press).await.text);
    }
    answers.sort();
    assert!(answers[0].starts_with("Already decided by"), "{answers:?}");
    assert!(answers[1].starts_with("Already decided by"), "{answers:?}");
    assert!(answers[2].starts_with("Approved."), "{answers:?}");
    until_refused(world, boris.0, ("approve", "decided"), 2).await;
    assert_eq!(count(world, "approved"), 1);
}
