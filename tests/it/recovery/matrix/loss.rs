//! Server and disk are gone, and everything comes back from the bucket.

use super::patient::{self, Told, assert_ran};
use super::{Scene, good};
use crate::recovery::play;
use flate2::Compression;
use flate2::write::GzEncoder;
use rei_recovery::demo::bot_api::{Message, MessageId};
use rei_recovery::demo::patient::{fingerprint, integrity, unpack};
use rei_recovery::demo::world::{Entry, World, WorldOptions};
use rei_recovery::runbook::BUILT_IN;
use rusqlite::Connection;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long Anna waits for an answer.
const ANSWER: Duration = Duration::from_secs(60);

const FILE: &str = "data-loss.toml";

/// The command of the built-in runbook.
const PIP: &str = r#"["pip3", "install", "-r", "requirements.txt"]"#;

/// When REI's past had ended, in its own words.
const PAST: &str = "datetime('now', '-2 days')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loss_of_everything_is_killed_anywhere() {
    super::killed_anywhere::<Loss>(48).await;
}

struct Loss {
    /// The backup's database, unpacked.
    expected: PathBuf,
    jobs: Vec<String>,
    saved: Vec<(&'static str, Vec<u8>)>,
    env: Vec<u8>,
    owner: (u32, u32),
    told: Told,
    /// The newest message in Anna's chat before she asks.
    asked: MessageId,
}

/// The backup in the bucket.
fn backup(world: &World) -> PathBuf {
    let mut files = fs::read_dir(world.bucket()).unwrap().flatten();
    let is_backup = |path: &Path| path.to_str().unwrap().ends_with(".db.gz");
    let found = files.find(|file| is_backup(&file.path()));
    found.unwrap().path()
}

fn ordered_in(database: &Path) -> Vec<String> {
    let db = Connection::open(database).unwrap();
    let sql = "SELECT id FROM jobs WHERE status IN ('queued', 'processing') ORDER BY id";
    let mut rows = db.prepare(sql).unwrap();
    let ids = rows.query_map([], |row| row.get(0)).unwrap();
    ids.collect::<Result<_, _>>().unwrap()
}

/// The built-in runbook with a short watch and with a program that leaves a trace of each of its runs;
/// pip, which the rehearsal plays, costs more than all the rest.
fn runbook() -> String {
    let mut built_in = BUILT_IN.iter();
    let (_, text) = built_in.find(|(name, _)| *name == FILE).unwrap();
    let changed = [
        ("action.for = \"1m\"", "action.for = \"300ms\""),
        (
            PIP,
            r#"["cp", "--backup=numbered", "requirements.txt", "installed.txt"]"#,
        ),
    ];
    changed.iter().fold((*text).to_owned(), |text, (was, is)| {
        assert_eq!(text.matches(was).count(), 1, "{was}");
        text.replace(was, is)
    })
}

/// Traces of the program.
fn installed(world: &World) -> usize {
    let home = fs::read_dir(world.patient.home()).unwrap().flatten();
    let mut names = home.map(|file| file.file_name().into_string().unwrap());
    names
        .by_ref()
        .filter(|name| name.starts_with("installed.txt"))
        .count()
}

fn whether(it_happened: bool) -> &'static str {
    match it_happened {
        true => "happened",
        false => "not-happened",
    }
}

impl Scene for Loss {
    const BEGIN: &[&str] = &[];

    fn options() -> WorldOptions {
        super::patient().runbook(FILE, runbook())
    }

    /// Three orders wait in the backup.
    async fn prepare(world: &World) {
        let unpacked = world.root().join("expected.db");
        good(unpack(&backup(world), &unpacked));
        patient::ordered(&unpacked, patient::users(world));
        let db = Connection::open(&unpacked).unwrap();
        db.execute_batch(&format!(
            "PRAGMA wal_checkpoint(TRUNCATE);
             UPDATE jobs SET created_at = {PAST}, updated_at = {PAST} WHERE status = 'queued';
             UPDATE ledger SET created_at = {PAST} WHERE created_at > {PAST};
             PRAGMA wal_checkpoint(TRUNCATE);"
        ))
        .unwrap();
        drop(db);
        let packed = File::create(backup(world)).unwrap();
        let mut gzip = GzEncoder::new(packed, Compression::fast());
        std::io::copy(&mut File::open(&unpacked).unwrap(), &mut gzip).unwrap();
        gzip.finish().unwrap();
    }

    async fn set(world: &World) -> Self {
        let expected = world.root().join("expected.db");
        let (uid, gid, _) = good(world.patient.ownership());
        let chat = world.api.messages(world.cast.private(world.cast.anna));
        let scene = Self {
            jobs: ordered_in(&expected),
            expected,
            saved: good(world.patient.saved_files()),
            env: patient::file(world, ".env"),
            owner: (uid, gid),
            told: Told::until_now(world),
            asked: chat.last().unwrap().id,
        };
        assert!(scene.jobs.len() >= 3);
        good(world.lose_everything().await);
        good(world.start_bot().await);
        scene
    }

    /// Anna asks, and starts what she sees.
    async fn begin(&self, world: &World) {
        let (api, anna) = (&world.api, world.cast.anna);
        let place = world.cast.private(anna);
        if good(world.state.newest()).is_none() {
            let labels = ["Latest good"];
            good(play::ask_for(world, "/recover data-loss", &labels).await);
        }
        let is_plan = |message: &Message| message.id > self.asked && play::has(message, "Start");
        let plan = api.wait_for_message(place, "Start", ANSWER, is_plan);
        let plan = good(plan.await);
        good(api.press(anna, place, plan.id, "Start"));
        let started = || {
            let newest = world.state.newest()?;
            Ok(newest.and_then(|(_, phase)| (phase != "proposed").then_some(())))
        };
        good(world.until("the start", ANSWER, started).await);
    }

    fn answer(&self, world: &World, waits: &Entry) -> &'static str {
        match (waits.kind(), waits.step()) {
            // The step names the secrets that are missing; somebody fills them in on the server.
            ("step-failed", Some("settings")) => {
                good(world.patient.fill_env());
                "retry"
            }
            ("step-in-doubt", Some("dependencies")) => whether(installed(world) > 0),
            ("step-in-doubt", Some("test-message")) => {
                whether(!self.told.since(world)[&world.cast.anna.0].is_empty())
            }
            _ => panic!("it waits for a person: {waits:#?}"),
        }
    }

    async fn assert_mended(self, world: &World, run: i64) {
        let database = world.patient.database();
        let print = |path: &Path| good(fingerprint(path, "9999"));
        assert_eq!(print(&database), print(&self.expected));
        assert_eq!(good(integrity(&database)), Vec::<String>::new());
        let (uid, gid, _) = good(world.patient.ownership());
        assert_eq!((uid, gid), self.owner);
        assert_eq!(good(world.patient.saved_files()), self.saved);
        assert_eq!(patient::file(world, ".env"), self.env);
        // There was no old database, and who unpacks again finds his own files and replaces none.
        assert_eq!(patient::put_aside(world, run), ["/manifest.json"]);
        assert_eq!(installed(world), 1, "the program ran once");
        assert_ran(world, &self.jobs, 1).await;
        let told = self.told.since(world);
        assert_eq!(told[&world.cast.anna.0].len(), 1, "the test message");
    }
}
