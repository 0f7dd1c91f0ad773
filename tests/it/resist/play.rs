//! What people do in the chat of a world, and what the program wrote down of it.

use rei_recovery::demo::bot_api::{Answer, Message, MessageId, PersonId, Place, Press};
use rei_recovery::demo::world::{Entry, World, WorldOptions};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; on a busy machine whatever is waited for still comes much sooner.
pub const SOON: Duration = Duration::from_secs(180);

pub const SCENARIO: &[&str] = &["Corrupted database", "Повреждена база данных"];
pub const LATEST: &[&str] = &["Latest good", "Последняя годная"];
pub const START: &[&str] = &["Start", "Начать"];
pub const APPROVE: &[&str] = &["Approve", "Одобрить"];
pub const RETRY: &[&str] = &["Retry", "Повторить"];
pub const ROLL_BACK: &[&str] = &["Roll back", "Откатить"];
pub const ABORT: &[&str] = &["Abort", "Прервать"];

pub async fn build(options: WorldOptions) -> World {
    World::build(options).await.expect("a world")
}

pub fn options() -> WorldOptions {
    WorldOptions::new(PROGRAM)
}

/// Number of the button with one of these labels.
fn button(message: &Message, labels: &[&str]) -> Option<usize> {
    let mut buttons = message.buttons();
    buttons.position(|button| labels.iter().any(|label| button.text.starts_with(label)))
}

/// Waits for a message with such a button, the newest first.
pub async fn shown(world: &World, place: Place, labels: &[&str]) -> Message {
    let fits = |message: &Message| button(message, labels).is_some();
    let what = format!("a button of {labels:?}");
    let found = world.api.wait_for_message(place, &what, SOON, fits).await;
    found.unwrap_or_else(|error| panic!("{error}\n{}", world.bot_log()))
}

/// Waits for such a button and presses it.
pub async fn press(world: &World, who: PersonId, place: Place, labels: &[&str]) -> Press {
    let message = shown(world, place, labels).await;
    let number = button(&message, labels).expect("the button");
    let pressed = world.api.press(who, place, message.id, number);
    pressed.expect("the press")
}

/// What the one who pressed reads.
pub async fn told(press: &Press) -> Answer {
    press.answer(SOON).await.expect("an answer to the press")
}

/// Anna chooses the scenario; gives her chat.
pub async fn choose_scenario(world: &World) -> Place {
    let (anna, talk) = (world.cast.anna, world.cast.private(world.cast.anna));
    world.api.send_text(anna, talk, "/recover").expect("sent");
    press(world, anna, talk, SCENARIO).await;
    talk
}

/// Anna comes as far as the plan of the newest backup.
pub async fn plan(world: &World) -> Message {
    let talk = choose_scenario(world).await;
    press(world, world.cast.anna, talk, LATEST).await;
    shown(world, talk, START).await
}

/// Anna starts the plan.
pub async fn start(world: &World) {
    let talk = world.cast.private(world.cast.anna);
    press(world, world.cast.anna, talk, START).await;
}

/// A request for approval in the team's group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub message: MessageId,
    /// Callback data of Approve and Deny, as an app keeps them after the buttons are gone.
    pub approve: String,
    pub deny: String,
}

/// Anna asks for a recovery up to its gate.
pub async fn asked(world: &World) -> Ask {
    plan(world).await;
    start(world).await;
    ask(world).await
}

/// The request that is open in the group.
pub async fn ask(world: &World) -> Ask {
    ask_after(world, 0).await
}

/// The request that came after this message.
pub async fn ask_after(world: &World, after: MessageId) -> Ask {
    let fits = |m: &Message| m.id > after && button(m, APPROVE).is_some();
    let team = world.cast.team;
    let found = world.api.wait_for_message(team, "a request", SOON, fits);
    let message = found.await.expect("a request for approval");
    let data: Vec<_> = message
        .buttons()
        .map(|button| button.callback_data.clone().expect("data"))
        .collect();
    let [approve, deny] = data.try_into().expect("two buttons");
    Ask {
        message: message.id,
        approve,
        deny,
    }
}

/// A press in the group with this data; what the one who pressed reads.
pub async fn press_data(world: &World, who: PersonId, ask: &Ask, data: &str) -> Answer {
    told(&pressing(world, who, ask, data)).await
}

/// The same without waiting.
pub fn pressing(world: &World, who: PersonId, ask: &Ask, data: &str) -> Press {
    let press = world
        .api
        .press_data(who, world.cast.team, ask.message, data);
    press.expect("the press")
}

/// The journal of the one run there is.
pub fn journal(world: &World) -> Vec<Entry> {
    world.state.journal(1).expect("the journal")
}

/// How many events of this name the run has.
pub fn count(world: &World, kind: &str) -> usize {
    journal(world).iter().filter(|e| e.kind() == kind).count()
}

/// Waits until the run has so many events of this name, and gives the last.
pub async fn until_event(world: &World, kind: &str, times: usize) -> Entry {
    let what = format!("{times} × {kind}");
    let found = world.until(&what, SOON, || {
        let mut found = journal(world);
        found.retain(|entry| entry.kind() == kind);
        Ok((found.len() >= times).then(|| found.pop()).flatten())
    });
    found.await.expect("the event")
}

/// Waits for the end of the run: how it ended.
pub async fn outcome(world: &World) -> String {
    world.until_finished(SOON).await.expect("the end");
    let last = journal(world).pop().expect("an event");
    let outcome = last.event["outcome"].as_str();
    // An abort ends the run by itself.
    outcome.unwrap_or(last.kind()).to_owned()
}

/// An entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    pub actor: i64,
    pub verb: String,
    pub subject: String,
    pub outcome: String,
    pub why: String,
}

/// The audit trail, in order.
pub fn audit(world: &World) -> Vec<Audit> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags(world.state.path(), flags).expect("the state");
    db.busy_timeout(Duration::from_secs(5)).expect("set");
    let sql = "SELECT actor, verb, subject, outcome, detail FROM audit ORDER BY seq";
    let mut rows = db.prepare(sql).expect("the trail");
    let entries = rows.query_map([], |row| {
        let json = |text: String| serde_json::from_str::<Value>(&text).unwrap_or_default();
        let (actor, detail) = (json(row.get(0)?), json(row.get(4)?));
        Ok(Audit {
            actor: actor["id"].as_i64().unwrap_or_default(),
            verb: row.get(1)?,
            subject: row.get(2)?,
            outcome: row.get(3)?,
            why: detail["why"]["text"].as_str().unwrap_or_default().into(),
        })
    });
    let entries = entries.expect("the entries").collect::<Result<_, _>>();
    entries.expect("each entry")
}

/// How often this person was refused for this reason.
pub fn refused(world: &World, who: u64, verb: &str, why: &str) -> usize {
    let who = i64::try_from(who).expect("an id");
    let fits = |e: &&Audit| {
        (e.actor, e.verb.as_str(), e.why.as_str()) == (who, verb, why) && e.outcome == "refused"
    };
    audit(world).iter().filter(fits).count()
}

/// Waits until the person was refused so often.
pub async fn until_refused(world: &World, who: u64, (verb, why): (&str, &str), times: usize) {
    let what = format!("{who} refused {times} times: {verb} {why}");
    let waited = world.until(&what, SOON, || {
        Ok((refused(world, who, verb, why) >= times).then_some(()))
    });
    if let Err(error) = waited.await {
        panic!("{error}\n{:#?}", audit(world));
    }
}

/// The audit trail is whole.
pub async fn trail_holds(world: &World) {
    let verified = world.console(&["audit", "verify"]).await.expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

/// By other means than the program's.
pub fn gunzip(from: &Path, to: &Path) {
    let target = File::create(to).unwrap();
    let mut gunzip = Command::new("gunzip");
    let unpacked = gunzip.arg("-c").arg(from).stdout(target).status();
    assert!(unpacked.expect("gunzip runs").success());
}
