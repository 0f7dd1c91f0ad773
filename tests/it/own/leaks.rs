//! Every world ends with a look at what was said; here is one that must not pass.

use super::*;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_was_said_is_found_in_each_form() {
    let world = built(WorldOptions::new(PROGRAM).units_down().bot_down()).await;
    let key = world.settings()["YOOKASSA_SECRET_KEY"].clone();
    let basic = data_encoding::BASE64.encode(format!("100500:{key}").as_bytes());
    let hex = data_encoding::HEXLOWER.encode(key.as_bytes());
    for said in [&key, &basic, &hex] {
        assert_eq!(world.leaks(), Vec::<String>::new());
        let log = world.root().join("bot.out");
        fs::write(&log, format!("sent: {said}, refused")).unwrap();
        assert_eq!(world.leaks(), ["YOOKASSA_SECRET_KEY stands in the log"]);
        fs::remove_file(&log).unwrap();
    }
    let state = state_dir(&world);
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("state.db"), format!("\0\0{key}\0")).unwrap();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(world)));
    let told = *dropped.unwrap_err().downcast::<String>().unwrap();
    assert!(
        told.contains("YOOKASSA_SECRET_KEY stands in state.db"),
        "{told}"
    );
    assert!(!told.contains(&key));
}
