//! The full check that a recovery by record put off, by a real worker on a real database.

use super::scene::Scene;
use crate::support::services::{no_hands, nobodys_sender, nowhere};
use crate::support::wait::until;
use jiff::tz::TimeZone;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::adapters::file_holders::ProcHolders;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::demo::patient::{Damage, damage};
use rei_recovery::domain::audit::AuditEntry;
use rei_recovery::domain::backup::{ContentHash, Place};
use rei_recovery::domain::database::{Proof, Staged};
use rei_recovery::domain::event::{Event, Outcome};
use rei_recovery::domain::facts::Facts;
use rei_recovery::domain::ids::RunId;
use rei_recovery::domain::locale::Locale;
use rei_recovery::engine::{Parts, Patient, Worker};
use rei_recovery::i18n::I18n;
use rei_recovery::ports::backups::LiveProgress;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::{FullChecks, Outbox};
use rei_recovery::runbook::schema;
use rei_recovery::telegram::PeopleWording;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const ALWAYS: &str = "true {unit}";

pub fn patient(scene: &Scene) -> Patient {
    let limits = CheckLimits {
        busy: Duration::from_millis(100),
        ..CheckLimits::default()
    };
    let units = CommandUnitsOptions::new(ALWAYS, ALWAYS, ALWAYS);
    let folder = BackupDir::new(PathBuf::from("/nowhere"), Duration::from_secs(5));
    let memory = Arc::new(scene.store.clone());
    let i18n = Arc::new(I18n::new(TimeZone::UTC).unwrap());
    let services = nowhere(PathBuf::from("/nowhere/bot.db"));
    Patient {
        units: Arc::new(CommandUnits::new(units).unwrap()),
        holders: Arc::new(ProcHolders),
        files: Arc::new(LocalFiles),
        checks: Arc::new(SqliteChecks::new(schema::built_in().unwrap(), limits)),
        backups: Arc::new(AllBackups::new(
            vec![Arc::new(folder)],
            memory.clone(),
            Duration::from_secs(5),
        )),
        log: Arc::new(FileLog::new("/nowhere/bot.log")),
        queue: services.queue,
        records: services.records,
        payments: services.payments,
        providers: services.providers,
        settings: services.settings,
        saved: services.saved,
        programs: services.programs,
        sender: nobodys_sender(&scene.store),
        bot: None,
        wording: Arc::new(PeopleWording {
            i18n,
            people: memory,
            default: Locale::En,
        }),
    }
}

/// A worker over the scene's state. Ends as SIGKILL would end it.
struct Hand(tokio::task::JoinHandle<()>);

impl Hand {
    async fn at_work(scene: &Scene) -> Self {
        let store = Arc::new(scene.store.clone());
        let parts = Parts {
            journal: store.clone(),
            full_checks: store.clone(),
            outbox: store.clone(),
            recipients: store,
            chores: no_hands(&scene.store),
            patient: patient(scene),
            policy: scene.ops.profile().policy.clone(),
            clock: Arc::new(SystemClock),
            live: Arc::new(LiveProgress::default()),
        };
        let worker = Worker::take_over(parts, "test", CancellationToken::new());
        let worker = worker.await.unwrap();
        let changes = scene.store.changes();
        Self(tokio::spawn(async move {
            worker.run(changes).await.unwrap();
        }))
    }

    async fn killed(self) {
        self.0.abort();
        assert!(self.0.await.unwrap_err().is_cancelled());
    }
}

fn database(scene: &Scene) -> PathBuf {
    scene.ops.profile().database.clone()
}

fn by_record() -> Proof {
    Proof::Record {
        verified_at: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

/// A run that came to this end after it had put a database in place.
async fn ended(scene: &Scene, proof: Proof, end: Outcome) -> RunId {
    let run = scene.started(None).await.id;
    let staged = Facts::Staged(Staged {
        path: "/nowhere/.staged".into(),
        backup: "20261123_031500".parse().unwrap(),
        place: Place::Folder,
        bytes: 1,
        content: ContentHash("ab".repeat(32)),
        counts: [].into(),
        newest_row: None,
        proof,
    });
    for (step, facts) in [
        ("fetch", staged),
        ("install", Facts::Installed { bytes: 1 }),
    ] {
        scene.begin(run, step).await;
        let (step, attempt) = (step.parse().unwrap(), 1);
        let event = Event::StepSucceeded {
            step,
            attempt,
            facts,
        };
        scene.write(run, event).await;
    }
    scene.write(run, Event::Finished { outcome: end }).await;
    run
}

async fn checks(scene: &Scene) -> Vec<(Option<RunId>, String)> {
    let own = |entry: &AuditEntry| entry.verb == "full-check";
    let trail = scene.trail().await.into_iter().filter(own);
    trail.map(|entry| (entry.run, entry.outcome)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hinders_a_check_is_no_verdict_and_is_told_once() {
    let scene = Scene::new().await;
    let busy = Connection::open(database(&scene)).unwrap();
    busy.pragma_update(None, "journal_mode", "delete").unwrap();
    busy.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let run = ended(&scene, by_record(), Outcome::Recovered).await;
    let hand = Hand::at_work(&scene).await;
    let told = scene.see(scene.group, "is not known yet").await;
    let text = told.text();
    assert!(
        text.starts_with("R-1: ") && text.contains("could not be checked"),
        "{text}"
    );
    assert!(text.contains("database is locked"), "{text}");
    hand.killed().await;
    // However much happens meanwhile, it is remembered.
    for _ in 0..3 {
        scene.proposed(None).await;
    }
    scene.note(600).await;
    let hand = Hand::at_work(&scene).await;
    until("the second try", || async {
        let owed = scene.store.owed().await.unwrap().unwrap();
        (owed.tries == 2).then_some(())
    })
    .await;
    busy.execute_batch("COMMIT").unwrap();
    let fits = |message: &rei_recovery::demo::bot_api::Message| {
        message.text().contains("It found nothing wrong")
    };
    let within = Duration::from_secs(60);
    let waited = scene
        .api
        .wait_for_message(scene.group, "the end", within, fits);
    waited.await.unwrap();
    assert_eq!(scene.store.owed().await.unwrap(), None);
    let outcomes = ["unknown", "ok"].map(|end| (Some(run), end.to_owned()));
    assert_eq!(checks(&scene).await, outcomes);
    let texts = scene.texts(scene.group).join("\n");
    assert_eq!(texts.matches("is not known yet").count(), 1);
    hand.killed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_a_verdict_at_once() {
    let scene = Scene::new().await;
    damage(&database(&scene), Damage::FlippedBytes).unwrap();
    let run = ended(&scene, by_record(), Outcome::Recovered).await;
    let hand = Hand::at_work(&scene).await;
    let told = scene.see(scene.group, "did not pass").await;
    let text = told.text();
    assert!(text.contains("SQLite's integrity check reports"), "{text}");
    assert_eq!(checks(&scene).await, [(Some(run), "failed".to_owned())]);
    assert_eq!(scene.store.owed().await.unwrap(), None);
    hand.killed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_owed_for_the_database_that_stands_in_place() {
    let scene = Scene::silent(Default::default()).await;
    let owed = async || scene.store.owed().await.unwrap().map(|owed| owed.run);
    let full = Proof::Full { millis: 1 };
    ended(&scene, full.clone(), Outcome::Recovered).await;
    assert_eq!(owed().await, None);
    let first = ended(&scene, by_record(), Outcome::Recovered).await;
    assert_eq!(owed().await, Some(first));
    // What was taken back, or never came so far, changes nothing.
    ended(&scene, full.clone(), Outcome::RolledBack).await;
    let run = scene.started(None).await.id;
    let outcome = Outcome::Recovered;
    scene.write(run, Event::Finished { outcome }).await;
    assert_eq!(owed().await, Some(first));
    let second = ended(&scene, by_record(), Outcome::Recovered).await;
    assert_eq!(owed().await, Some(second));
    ended(&scene, full, Outcome::Recovered).await;
    assert_eq!(owed().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_run_is_on_the_patient_nothing_is_checked() {
    let scene = Scene::new().await;
    let first = ended(&scene, by_record(), Outcome::Recovered).await;
    let next = scene.asked(None, Duration::from_secs(600)).await;
    let hand = Hand::at_work(&scene).await;
    scene.see(scene.group, "Approval needed").await;
    // The worker looks every two seconds.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(checks(&scene).await, []);
    let outcome = Outcome::Cancelled;
    scene.write(next.id, Event::Finished { outcome }).await;
    scene.see(scene.group, "It found nothing wrong").await;
    assert_eq!(checks(&scene).await, [(Some(first), "ok".to_owned())]);
    hand.killed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn delivered_messages_are_cleared_away_in_parts() {
    let scene = Scene::new().await;
    scene.note(5).await;
    scene.drained().await;
    let soon = scene.ops.now() + Duration::from_secs(60);
    let long_ago = scene.ops.now() - Duration::from_secs(60);
    scene
        .api
        .set_network(rei_recovery::demo::bot_api::Network::Refused)
        .await;
    scene.note(2).await;
    let (store, waiting) = (&scene.store, scene.store.backlog().await.unwrap());
    assert_eq!(store.prune(long_ago, 10).await.unwrap(), 0);
    assert_eq!(store.prune(soon, 3).await.unwrap(), 3);
    assert_eq!(store.prune(soon, 3).await.unwrap(), 2);
    assert_eq!(store.prune(soon, 3).await.unwrap(), 0);
    assert_eq!(
        store.backlog().await.unwrap(),
        waiting,
        "what waits is kept"
    );
}
