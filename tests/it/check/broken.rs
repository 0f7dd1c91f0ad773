//! Broken installs: each names its cause and its mend.

use super::play::*;
use crate::support::redis::{RedisServer, free_port};
use rei_recovery::demo::bot_api::{Account, Role};
use rei_recovery::demo::world::WorldOptions;
use std::fs;
use std::net::TcpListener;
use std::time::Duration;

/// One wrong setting, the line that fails, and what its mend must name.
const WRONG: [(&str, &str, &str, &str); 15] = [
    (
        "ADMIN_BOT_TOKEN",
        "7000000001:revoked",
        "admin bot",
        "ADMIN_BOT_TOKEN",
    ),
    (
        "REI_BOT_TOKEN",
        "7000000002:revoked",
        "REI's bot",
        "REI_BOT_TOKEN",
    ),
    // The same bot twice.
    (
        "REI_BOT_TOKEN",
        "7000000001:rehearsal-admin",
        "settings ADMIN_BOT_TOKEN",
        "@BotFather",
    ),
    // Anna's own chat.
    ("AUDIT_CHAT_ID", "100000001", "team group", "AUDIT_CHAT_ID"),
    (
        "AUDIT_CHAT_ID",
        "-1001234567890",
        "team group",
        "AUDIT_CHAT_ID",
    ),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wrong",
        "backups s3",
        "AWS_SECRET_ACCESS_KEY",
    ),
    (
        "AWS_ACCESS_KEY_ID",
        "nobody",
        "backups s3",
        "AWS_ACCESS_KEY_ID",
    ),
    ("S3_BUCKET", "no-such-bucket", "backups s3", "S3_BUCKET"),
    (
        "BACKUP_DIR",
        "/nowhere/backups",
        "backups folder",
        "BACKUP_DIR",
    ),
    (
        "YOOKASSA_SECRET_KEY",
        "wrong",
        "yookassa",
        "YOOKASSA_SECRET_KEY",
    ),
    ("KLING_SECRET_KEY", "wrong", "provider kling", "key"),
    (
        "NANO_BANANA_API_KEY",
        "wrong",
        "provider nano_banana",
        "key",
    ),
    (
        "UNIT_STOP_COMMAND",
        "no-such-program stop {unit}",
        "UNIT_STOP_COMMAND",
        "no-such-program",
    ),
    (
        "REI_HOME",
        "/nowhere/rei",
        "write /nowhere/rei/config.py",
        "REI_HOME",
    ),
    (
        "REI_HOME",
        "/nowhere/rei",
        "switch YOOKASSA_MANUAL_MODE",
        "REI_HOME",
    ),
];

#[tokio::test]
async fn a_wrong_setting_is_named_with_its_mend() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    for (setting, value, line, mend) in WRONG {
        let report = check(&world, &[(setting, value)]).await;
        report.failed(line, mend);
        let told = report.line(line);
        assert!(
            !told.found.contains(value) || !setting.contains("KEY"),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn a_redis_that_refuses_us_is_told_from_one_that_is_down() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let locked = RedisServer::with(&["--requirepass", "s3cret"]);
    let report = check(&world, &[("REDIS_URL", &locked.url())]).await;
    report.failed("redis", "REDIS_URL");

    let master = RedisServer::start();
    let port = master.port().to_string();
    let replica = RedisServer::with(&["--replicaof", "127.0.0.1", &port]);
    let report = check(&world, &[("REDIS_URL", &replica.url())]).await;
    report.failed("redis write", "REDIS_URL");

    let nobody = format!("redis://127.0.0.1:{}/0", free_port());
    let report = check(&world, &[("REDIS_URL", &nobody)]).await;
    report.warned("redis", "REDIS_URL");

    let report = check(&world, &[("RQ_QUEUES", "defualt")]).await;
    report.warned("queue defualt", "RQ_QUEUES");
    assert!(report.line("queue defualt").found.contains("default"));
}

#[tokio::test]
async fn what_is_missing_in_the_group_is_told() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let (api, cast) = (&world.api, world.cast);
    let bot = Account::Bot(cast.admin_bot);
    let role = |who, role| api.set_role(cast.team, who, role, cast.anna).unwrap();

    role(bot, Role::Member);
    check(&world, &[]).await.warned("team group", "/setprivacy");
    api.set_reads_all(cast.admin_bot, true).unwrap();
    assert_eq!(check(&world, &[]).await.line("team group").verdict, "ok");

    role(Account::Person(cast.boris), Role::Left);
    let report = check(&world, &[]).await;
    report.warned("approvers", &cast.boris.0.to_string());

    let admins = format!("{},{}", cast.anna.0, cast.stranger.0);
    let report = check(&world, &[("ADMIN_IDS", &admins)]).await;
    report.warned("admins", &cast.stranger.0.to_string());

    for gone in [Role::Left, Role::Kicked] {
        role(bot, gone);
        check(&world, &[]).await.failed("team group", "Add @");
    }
    role(bot, Role::Administrator);
    let to = -1_001_700_000_777;
    api.migrate(cast.team, to).unwrap();
    let report = check(&world, &[]).await;
    report.warned("team group id", &format!("AUDIT_CHAT_ID={to}"));
    assert_eq!(report.line("team group").verdict, "ok", "{report:#?}");
}

#[tokio::test]
async fn files_that_a_recovery_would_stumble_over_are_named() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let home = world.patient.home();
    let config = home.join("config.py");
    let text = fs::read_to_string(&config).unwrap();
    let line = "YOOKASSA_MANUAL_MODE=False\n";
    let name = "switch YOOKASSA_MANUAL_MODE";

    fs::write(&config, text.replace(line, "")).unwrap();
    check(&world, &[]).await.warned(name, line.trim());
    fs::write(&config, format!("{text}{line}")).unwrap();
    check(&world, &[]).await.failed(name, "one line");
    fs::write(&config, text).unwrap();

    fs::remove_file(world.patient.log()).unwrap();
    check(&world, &[("REI_LOG", "logs/other.log")])
        .await
        .warned("log", "REI_LOG");

    let runbooks = world.root().join("runbooks");
    fs::write(runbooks.join("ai-outage.toml"), "id = \"ai-outage\"\n").unwrap();
    check(&world, &[])
        .await
        .failed("runbooks", "runbook validate");
    fs::write(runbooks.join("schema.toml"), "tables = 1\n").unwrap();
    check(&world, &[]).await.failed("schema.toml", "runbook");
}

#[tokio::test]
async fn a_clock_that_is_wrong_and_a_taken_port_are_named() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let report = check(&world, &[("HTTP_LISTEN", &listen)]).await;
    report.failed("http", "HTTP_LISTEN");

    world.api.advance(Duration::from_secs(30));
    let report = check(&world, &[]).await;
    report.warned("clock", "timedatectl");
    assert!(report.line("clock").found.contains("behind"), "{report:#?}");
    world.api.advance(Duration::from_secs(600));
    check(&world, &[]).await.failed("clock", "timedatectl");
}

#[tokio::test]
async fn too_little_room_for_a_restore_is_named() {
    let world = build(WorldOptions::new(PROGRAM).own_disk(16 << 20)).await;
    world.disk().unwrap().fill(12 << 10).unwrap();
    let report = check(&world, &[]).await;
    let database = world.patient.database();
    report.failed("room folder", &database.display().to_string());
    report.failed("room s3", "Free space");
    world.disk().unwrap().empty().unwrap();
    assert_eq!(check(&world, &[]).await.line("room folder").verdict, "ok");
}
