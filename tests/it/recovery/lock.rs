//! One instance per state.

use super::{good, world};

#[tokio::test]
async fn a_second_run_on_the_same_state_refuses_and_names_the_first() {
    let world = world().await;
    let first = world.bot_pid().unwrap();
    let second = good(world.console(&["run"]).await);
    assert_eq!(second.code, Some(1), "{second:?}");
    let named = format!("`rei-recovery run`, pid {first}");
    assert!(second.stderr.contains(&named), "{}", second.stderr);
    assert_eq!(world.bot_pid(), Some(first), "the first one goes on");
    assert_eq!(good(world.console(&["status"]).await).code, Some(0));
}
