//! What is printed for programs and for people holds no secret, also where every peer is out of reach.

use crate::check::play::{PROGRAM, build, run};
use futures::future::join_all;
use rei_recovery::demo::world::WorldOptions;
use tokio::process::Command;

const TOTP: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const REDIS: &str = "a-password-of-redis";

/// Settings whose values nobody may see.
const SECRETS: &[&str] = &[
    "ADMIN_BOT_TOKEN",
    "REI_BOT_TOKEN",
    "YOOKASSA_SECRET_KEY",
    "NANO_BANANA_API_KEY",
    "KLING_ACCESS_KEY",
    "KLING_SECRET_KEY",
    "AWS_SECRET_ACCESS_KEY",
];

const COMMANDS: &[&[&str]] = &[
    &["check", "--json"],
    &["status", "--json"],
    &["recover", "database-corruption", "--dry-run", "--json"],
    &["backup", "list", "--json"],
    &["backup", "prune", "--dry-run", "--json"],
    &["jobs", "retry", "--dry-run", "--json"],
    &["payments", "sync", "--dry-run", "--json"],
    &["broadcast", "list", "--json"],
    &["incident", "list", "--json"],
    &["contacts", "--json"],
    &["runs", "list", "--json"],
    &["audit", "list", "--json"],
    &["audit", "export"],
    &["runbook", "list", "--json"],
    &["runbook", "show", "data-loss", "--json"],
    &["deploy", "print-unit"],
    &["deploy", "print-polkit"],
];

#[tokio::test(flavor = "multi_thread")]
async fn no_command_prints_a_secret() {
    let redis = format!("redis://:{REDIS}@127.0.0.1:9/0");
    let world = WorldOptions::new(PROGRAM)
        .set("TOTP_SECRETS", format!("100000002:{TOTP}"))
        .set("RUST_LOG", "debug");
    let world = build(world).await;
    // As it is, and with every peer gone: errors tell the most.
    let gone = [
        ("REDIS_URL", redis.as_str()),
        ("TELEGRAM_API_URL", "http://127.0.0.1:9"),
        ("S3_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("YOOKASSA_API_URL", "http://127.0.0.1:9/v3"),
    ];
    let mut secrets: Vec<(&str, &str)> = SECRETS
        .iter()
        .map(|name| (*name, world.settings()[*name].as_str()))
        .collect();
    secrets.extend([("TOTP_SECRETS", TOTP), ("REDIS_URL", REDIS)]);
    for changes in [&[][..], &gone] {
        let printed = COMMANDS.iter().map(|words| {
            let mut command = Command::new(PROGRAM);
            command.args(*words);
            run(command, &world, changes)
        });
        for (words, output) in COMMANDS.iter().zip(join_all(printed).await) {
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.is_empty(), "{words:?}");
            for (name, secret) in &secrets {
                assert!(!text.contains(secret), "{words:?} prints {name}:\n{text}");
            }
        }
    }
}
