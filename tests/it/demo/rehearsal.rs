//! The command `demo`, as somebody meets it: on the terminal and in the browser.

use crate::support::wait::until;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// A rehearsal that somebody opened.
struct Rehearsal {
    child: Child,
    address: String,
    root: PathBuf,
}

impl Rehearsal {
    fn open() -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("demo")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let url = lines
            .find_map(|line| line.split("http://").nth(1).map(str::to_owned))
            .unwrap();
        let root =
            lines.find_map(|line| line.strip_prefix("Everything lies in ").map(PathBuf::from));
        Self {
            child,
            address: url.trim_end_matches('/').to_owned(),
            root: root.unwrap(),
        }
    }

    fn ask(&self, method: &str, path: &str) -> (u16, String) {
        self.ask_with(method, path, "{}")
    }

    fn ask_with(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
        (status, body)
    }

    /// The English value of a fact.
    fn fact(&self, label: &str) -> Option<String> {
        let (_, body) = self.ask("GET", "/demo/facts");
        let json: Value = serde_json::from_str(&body).unwrap();
        let facts = json
            .as_array()
            .or_else(|| json["facts"].as_array())
            .cloned()
            .unwrap_or_default();
        let fact = facts.iter().find(|fact| fact["label"]["en"] == label)?;
        fact["value"]["en"].as_str().map(str::to_owned)
    }

    async fn becomes(&self, label: &str, wanted: &str) {
        let what = format!("{label} to be {wanted}");
        until(&what, async || {
            self.fact(label).filter(|value| value.contains(wanted))
        })
        .await;
    }

    fn press(&self, action: &str) -> u16 {
        self.ask("POST", &format!("/demo/actions/{action}")).0
    }

    /// What Anna does in her chat with the bot.
    fn anna(&self, verb: &str, details: Value) -> bool {
        let mut body = json!({ "as": 100_000_001, "chat": "p.7000000001.100000001" });
        body.as_object_mut()
            .unwrap()
            .extend(details.as_object().unwrap().clone());
        self.ask_with("POST", &format!("/demo/{verb}"), &body.to_string())
            .0
            < 300
    }

    /// Ctrl-C.
    fn interrupt(&self) {
        let pid = i32::try_from(self.child.id()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    }

    fn pids_in(&self, root: &Path) -> usize {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        all.filter(|process| {
            std::fs::read(process.path().join("cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(root.to_str().unwrap()))
        })
        .count()
    }
}

/// How long a rehearsal may take to end what it started.
const FAREWELL: Duration = Duration::from_secs(30);

impl Drop for Rehearsal {
    /// As somebody ends it: killed, it would leave Redis and REI's units behind.
    fn drop(&mut self) {
        let ended = |child: &mut Child| matches!(child.try_wait(), Ok(Some(_)));
        if !ended(&mut self.child) {
            self.interrupt();
        }
        let deadline = Instant::now() + FAREWELL;
        while !ended(&mut self.child) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn what_is_broken_beside_the_phone_shows_in_the_facts_and_can_be_mended() {
    let rehearsal = Rehearsal::open();
    rehearsal.becomes("bot.db", "integrity_check: ok").await;
    rehearsal.becomes("rei_bot", "up").await;
    assert_eq!(rehearsal.press("cut-s3"), 200);
    rehearsal.becomes("S3", "unreachable").await;
    assert_eq!(rehearsal.press("cut-telegram"), 200);
    rehearsal.becomes("Telegram", "unreachable").await;
    assert_eq!(rehearsal.press("mend"), 200);
    rehearsal.becomes("S3", "answers").await;
    rehearsal.becomes("Telegram", "reachable").await;
    assert_eq!(rehearsal.press("flip-bytes"), 200);
    rehearsal.becomes("bot.db", "damaged").await;
    rehearsal.becomes("rei_bot", "down").await;
    assert_eq!(rehearsal.press("delete-database"), 200);
    rehearsal.becomes("bot.db", "missing").await;
}

#[tokio::test]
async fn the_bot_is_killed_in_mid_step_and_comes_back_to_its_run() {
    let rehearsal = Rehearsal::open();
    rehearsal.becomes("The recovery bot", "runs").await;
    let before = rehearsal.fact("The recovery bot").unwrap();
    assert_eq!(rehearsal.press("kill-bot"), 200);
    assert!(rehearsal.anna("send", json!({ "text": "/recover database-corruption" })));
    // #1 /start, #2 the greeting, #3 /recover, #4 the backups, #5 the plan with Start.
    until("the start of the run", async || {
        rehearsal.anna("press", json!({ "message": 4, "index": 0 }));
        rehearsal
            .anna("press", json!({ "message": 5, "index": 0 }))
            .then_some(())
    })
    .await;
    rehearsal.becomes("The recovery bot", "is gone").await;
    rehearsal.becomes("The recovery bot", "runs").await;
    assert_ne!(rehearsal.fact("The recovery bot").unwrap(), before);
    rehearsal.becomes("Recovery", "under way").await;
}

#[tokio::test]
async fn ctrl_c_ends_it_and_leaves_nothing() {
    let mut rehearsal = Rehearsal::open();
    assert!(rehearsal.pids_in(&rehearsal.root) >= 2, "the units run");
    rehearsal.interrupt();
    assert_eq!(rehearsal.child.wait().unwrap().code(), Some(0));
    until("all processes to end", async || {
        (rehearsal.pids_in(&rehearsal.root) == 0).then_some(())
    })
    .await;
    assert!(!rehearsal.root.exists());
}

#[tokio::test]
async fn what_rei_leans_on_breaks_and_comes_back_beside_the_phone() {
    let rehearsal = Rehearsal::open();
    rehearsal.becomes("Queue", "jobs wait").await;
    rehearsal.becomes("YooKassa", "answers").await;
    assert_eq!(rehearsal.press("break-yookassa"), 200);
    rehearsal.becomes("YooKassa", "is down").await;
    assert_eq!(rehearsal.press("mend-yookassa"), 200);
    rehearsal.becomes("YooKassa", "answers").await;
    assert_eq!(rehearsal.press("break-provider"), 200);
    rehearsal.becomes("Nano Banana", "is down").await;
    assert_eq!(rehearsal.press("mend-provider"), 200);
    rehearsal.becomes("Nano Banana", "answers").await;
    assert_eq!(rehearsal.press("break-redis"), 200);
    rehearsal.becomes("redis", "down").await;
    rehearsal.becomes("Queue", "cannot be read").await;
    assert_eq!(rehearsal.press("lose-everything"), 200);
    rehearsal.becomes("bot.db", "missing").await;
    rehearsal.becomes("The recovery bot", "runs").await;
}

/// Plays a scenario, and gives what was printed.
fn played(scenario: &str) -> String {
    let played = Command::new(PROGRAM)
        .args(["demo", "--auto", "--scenario", scenario])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&played.stdout).into_owned();
    assert_eq!(played.status.code(), Some(0), "{text}");
    assert!(
        text.contains("Everything holds.") && !text.contains("FAILED"),
        "{text}"
    );
    assert!(
        text.contains("Борис presses [") && text.contains("Anna presses ["),
        "{text}"
    );
    text
}

#[test]
fn a_damaged_database_is_played_from_the_first_message_to_the_last_proof() {
    played("database-corruption");
}

#[test]
fn the_loss_of_everything_is_played_to_the_last_proof() {
    let text = played("data-loss");
    assert!(text.contains("Anna fills in the missing lines"), "{text}");
}

#[test]
fn the_death_of_redis_is_played_to_the_last_proof() {
    let text = played("redis-failure");
    assert!(text.contains("by a real RQ worker"), "{text}");
}

#[test]
fn an_outage_of_payments_is_played_to_the_last_proof() {
    let text = played("payment-outage");
    assert!(text.contains("YooKassa is back"), "{text}");
}

#[test]
fn an_outage_of_a_provider_is_played_to_the_last_proof() {
    let text = played("ai-outage");
    assert!(text.contains("Nano Banana is back"), "{text}");
}
