//! Values of REI's database, of its log and of Telegram's accounts as an attacker writes them: they reach
//! the chats and the log as one harmless line each.

use crate::resist::play::{SOON, build, options, until_refused};
use rei_recovery::demo::bot_api::{Account, Message, Person, Place, Role};
use rei_recovery::demo::world::World;
use rusqlite::{Connection, params};
use std::fs::OpenOptions;
use std::io::Write;

/// Markup, a link, a line of ours, a terminal's control, a turned direction, marks over other lines.
const EVIL: &str = "<b>EVIL</b><a href=\"tg://user?id=1\">x</a>&lt;i&gt;\n#7 FORGED Boris approved R-1\r\n\
    2026-11-23T03:00:00Z  INFO FORGED\u{85}\u{2028}FORGED\u{1b}[2J\u{202e}\u{2066}\u{200b}\u{e0041}";

/// What turns, hides or moves text.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// REI's rows, with such values wherever text may stand.
fn poison(world: &World) {
    let db = Connection::open(world.patient.database()).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let long = format!("{EVIL}{}", "\u{335}Z".repeat(3000));
    let now = jiff::Timestamp::now()
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string();
    db.execute("UPDATE users SET username = ?1, language = ?1", [&long])
        .unwrap();
    let user: i64 = db
        .query_row("SELECT id FROM users LIMIT 1", [], |row| row.get(0))
        .unwrap();
    for (number, text) in [EVIL, &long, "../../me?x=", "x: <b>y</b>"]
        .iter()
        .enumerate()
    {
        db.execute(
            "INSERT INTO jobs VALUES (?1, ?2, ?3, 'image', 'failed', ?3, 5, ?3, 1, ?4, ?4)",
            params![format!("{text}{number}"), user, text, now],
        )
        .unwrap();
        db.execute(
            "INSERT INTO payments VALUES (?1, ?2, ?3, '199.00', 'RUB', 100, 'pending', ?4, ?4)",
            params![
                format!("{text}{number}"),
                user,
                format!("{text}{number}"),
                now
            ],
        )
        .unwrap();
    }
    db.execute(
        "UPDATE users SET balance = balance + 7 WHERE id = ?1",
        [user],
    )
    .unwrap();
    let home = world.patient.home();
    std::fs::create_dir_all(home.join("logs")).unwrap();
    let mut log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(home.join("logs/bot.log"));
    let flat = EVIL.replace(['\n', '\r'], " ");
    let log = log.as_mut().unwrap();
    writeln!(
        log,
        "{now},000 - rei - ERROR - sqlite3.DatabaseError: database disk image is malformed {flat}"
    )
    .unwrap();
}

/// All that the bot wrote into these chats.
fn said(world: &World, places: &[Place]) -> Vec<Message> {
    let mut all = Vec::new();
    for place in places {
        let messages = world.api.messages(*place).into_iter();
        all.extend(messages.filter(|m| m.is_from_bot(world.cast.admin_bot)));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_values_are_one_harmless_line_each() {
    let world = build(options().bot_down()).await;
    poison(&world);
    world.start_bot().await.unwrap();
    let (cast, api) = (&world.cast, &world.api);
    let mallory = api
        .add_person(Person::new(666, EVIL).username("mallory"))
        .unwrap();
    api.set_role(cast.team, Account::Person(mallory), Role::Member, cast.anna)
        .unwrap();
    api.send_text(mallory, cast.team, "/recover@rei_recovery_bot")
        .unwrap();
    until_refused(&world, mallory.0, ("command", "not-allowed"), 1).await;
    let talk = cast.private(cast.anna);
    for command in [
        "/status",
        "/retry_failed all",
        "/payments",
        "/backups",
        "/audit 20",
        "/runs",
    ] {
        let asked = api.send_text(cast.anna, talk, command).unwrap();
        let answer = api.wait_for_message(talk, command, SOON, |message| {
            message.id > asked && message.is_from_bot(cast.admin_bot)
        });
        answer.await.unwrap();
    }
    world.until_delivered(SOON).await.unwrap();
    let line = api.wait_for_message(cast.team, "the audit line", SOON, |message| {
        message.text().contains("EVIL")
    });
    // Escaped, it is read as it was written.
    assert!(line.await.unwrap().text().contains("<b>EVIL</b>"));
    let all = said(&world, &[talk, cast.team]);
    assert!(all.len() > 6, "{all:#?}");
    for message in &all {
        let text = message.text();
        assert!(!text.contains(is_harmful), "{text:?}");
        let forged = text
            .lines()
            .any(|line| line.trim_start().starts_with("#7 FORGED") || line.starts_with("FORGED"));
        assert!(!forged, "{text}");
        assert!(
            !format!("{message:?}").contains("tg://user?id=1\""),
            "{message:#?}"
        );
    }
    // The console, and what was logged meanwhile.
    let jobs = world
        .console(&["jobs", "retry", "--dry-run"])
        .await
        .unwrap();
    let payments = world
        .console(&["payments", "sync", "--dry-run"])
        .await
        .unwrap();
    let audit = world.console(&["audit", "list"]).await.unwrap();
    for text in [
        &jobs.stdout,
        &payments.stdout,
        &audit.stdout,
        &world.bot_log(),
        &jobs.stderr,
        &payments.stderr,
    ] {
        assert!(!text.contains(is_harmful), "{text:?}");
        let forged = text.lines().any(|line| {
            line.starts_with("FORGED")
                || line.starts_with("2026-11-23T03:00:00Z  INFO FORGED")
                || line.starts_with("#7 FORGED")
        });
        assert!(!forged, "{text}");
    }
}
