//! A whole recovery on the real parts, as a process of its own: it goes on as a person would.

use crate::support::observer::{Seen, observer};
use crate::support::services::{no_hands, nobodys_sender, notices, nowhere, papers};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::adapters::file_holders::ProcHolders;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::approval::{Consent, Policy};
use rei_recovery::domain::choice::Choice;
use rei_recovery::domain::failure::{Args, Failure};
use rei_recovery::domain::locale::Locale;
use rei_recovery::domain::operator::{Access, Actor};
use rei_recovery::domain::plan::Hold;
use rei_recovery::domain::run::{Phase, Run};
use rei_recovery::engine::{self, Worker};
use rei_recovery::i18n::I18n;
use rei_recovery::ops::{self, Answer, Ops, OpsError, Proposal, Which};
use rei_recovery::ports::backups::LiveProgress;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::journal::AuditTrail;
use rei_recovery::runbook::{Runbooks, schema};
use rei_recovery::store::Store;
use rei_recovery::telegram::PeopleWording;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Stands still: the names of a run's files are then the same in each process.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-11-23T04:00:00Z".parse().unwrap()
    }
}

/// What one life of the program is made of.
struct House {
    ops: Ops,
    engine: engine::Parts,
    store: Store,
    i18n: Arc<I18n>,
}

impl House {
    fn open(folder: &Path) -> Result<Self, String> {
        let clock: Arc<dyn Clock> = Arc::new(Still);
        let state = folder.join("state");
        let store = Store::open(&state, Arc::clone(&clock)).map_err(|e| e.to_string())?;
        let memory = Arc::new(store.clone());
        let i18n = Arc::new(I18n::new(TimeZone::UTC).unwrap());
        let checks = SqliteChecks::new(schema::built_in().unwrap(), CheckLimits::default());
        let checks = Arc::new(checks);
        let units = Arc::new(CommandUnits::new(units(folder)).unwrap());
        let place = BackupDir::new(folder.join("backups"), Duration::from_secs(20));
        let backups = AllBackups::new(
            vec![Arc::new(place)],
            memory.clone(),
            Duration::from_secs(20),
        );
        let backups = Arc::new(backups);
        let live = Arc::new(LiveProgress::default());
        let services = nowhere(folder.join("home/bot.db"));
        let observer = observer(Seen {
            units: units.clone(),
            checks: checks.clone(),
            backups: backups.clone(),
            services: &services,
            store: &store,
            clock: Arc::clone(&clock),
            database: &folder.join("home/bot.db"),
        });
        let ops = Ops::new(ops::Parts {
            state: ops::State {
                journal: memory.clone(),
                audit: memory.clone(),
                outbox: memory.clone(),
                history: memory.clone(),
                alerts: memory.clone(),
                cases: memory.clone(),
                chores: memory.clone(),
                codes: memory.clone(),
            },
            patient: ops::PatientView {
                units: units.clone(),
                files: Arc::new(LocalFiles),
                checks: checks.clone(),
                observer: observer.clone(),
                backups: backups.clone(),
                taking: crate::taking::scene::nowhere(backups.clone()),
                queue: services.queue.clone(),
                records: services.records.clone(),
                payments: services.payments.clone(),
                providers: services.providers.clone(),
            },
            profile: profile(folder),
            runbooks: Runbooks::load(Some(&folder.join("runbooks")), &|_| true).unwrap(),
            clock: Arc::clone(&clock),
            live: live.clone(),
            at_work: Arc::default(),
            notices: notices(&store, &state),
            papers: papers(&store, observer),
        });
        let engine = engine::Parts {
            journal: memory.clone(),
            full_checks: memory.clone(),
            outbox: memory.clone(),
            recipients: memory.clone(),
            chores: no_hands(&store),
            patient: engine::Patient {
                units,
                holders: Arc::new(ProcHolders),
                files: Arc::new(LocalFiles),
                checks,
                backups,
                log: Arc::new(FileLog::new(folder.join("home/bot.log"))),
                queue: services.queue.clone(),
                records: services.records.clone(),
                payments: services.payments.clone(),
                providers: services.providers.clone(),
                settings: services.settings,
                saved: services.saved,
                programs: services.programs,
                sender: nobodys_sender(&store),
                bot: None,
                wording: Arc::new(PeopleWording {
                    i18n: i18n.clone(),
                    people: memory,
                    default: Locale::En,
                }),
            },
            policy: profile(folder).policy,
            clock,
            live,
        };
        Ok(Self {
            ops,
            engine,
            store,
            i18n,
        })
    }

    /// One thing that a person does, and all that the worker does then. Says whether it is over.
    async fn turn(&self, back: bool) -> Result<bool, String> {
        let explain = |error: OpsError| {
            let [en, ru] = self.words(&error.key(), &error.args());
            format!("{en} | {ru}")
        };
        let newest = self.ops.runs(1).await.map_err(explain)?.pop();
        let run = match newest {
            None => self.propose().await.map_err(explain)?,
            Some(run) => run,
        };
        if let Phase::Finished(outcome) = run.phase {
            println!("outcome {}", outcome.as_str());
            return Ok(true);
        }
        self.act(&run, back).await.map_err(explain)?;
        let worker = Worker::take_over(self.engine.clone(), "test", CancellationToken::new());
        let mut worker = worker.await.map_err(|error| error.to_string())?;
        let moved = worker.advance_until_wait(run.id).await;
        moved.map(|_| false).map_err(|error| error.to_string())
    }

    async fn propose(&self) -> Result<Run, OpsError> {
        let proposal = Proposal {
            runbook: "database-corruption".parse().unwrap(),
            which: Which::Latest,
            retry: None,
            chat: None,
        };
        self.ops.propose(&me(), proposal).await
    }

    async fn act(&self, run: &Run, back: bool) -> Result<(), OpsError> {
        if let Some(hold) = run.hold() {
            let choice = match &hold {
                Hold::Proposed => Choice::Start,
                Hold::Failed(step) => {
                    self.tell(run.failure_of(step).unwrap());
                    if back {
                        Choice::RollBack
                    } else {
                        Choice::Retry
                    }
                }
                Hold::UndoFailed(step) => {
                    self.tell(run.undo_failure(step).unwrap());
                    Choice::Retry
                }
                other => panic!("{other:?}"),
            };
            let (position, reason) = (run.position, None);
            let answer = Answer {
                run: run.id,
                position,
                choice,
                reason,
            };
            return self.ops.choose(&me(), answer).await.map(drop);
        }
        let open = run.approvals().iter().find(|it| it.verdict.is_none());
        match open {
            Some(open) => {
                let id = &open.request.id;
                self.ops.approve(&me(), id, Consent::Typed).await.map(drop)
            }
            None => Ok(()),
        }
    }

    fn tell(&self, failure: &Failure) {
        let key = format!("failure-{}", failure.code.as_str());
        let [en, ru] = self.words(&key, &failure.args);
        println!("failed {} {en} | {ru}", failure.code.as_str());
    }

    fn words(&self, key: &str, args: &Args) -> [String; 2] {
        [Locale::En, Locale::Ru].map(|locale| self.i18n.plain(locale, key, args))
    }
}

fn me() -> Actor {
    Actor::console(0, "root")
}

/// A script that keeps the units' states beside the folder under test.
fn units(folder: &Path) -> CommandUnitsOptions {
    let script = folder.with_file_name("unit.sh");
    let command = |verb: &str| format!("sh {} {verb} {{unit}}", script.display());
    CommandUnitsOptions {
        settle: Duration::from_millis(100),
        ..CommandUnitsOptions::new(&command("start"), &command("stop"), &command("status"))
    }
}

fn profile(folder: &Path) -> ops::Profile {
    ops::Profile {
        home: folder.join("home"),
        redis_unit: "redis".parse().unwrap(),
        queue: "default".to_owned(),
        retry_limit: 100,
        database: folder.join("home/bot.db"),
        units: vec!["rei_bot".parse().unwrap()],
        rto: Duration::from_secs(3600),
        rpo: Duration::from_secs(3600),
        policy: Policy {
            required: 1,
            allow_self: false,
            ttl: Duration::from_secs(600),
            access: Access {
                admins: BTreeSet::new(),
                approvers: BTreeSet::new(),
            },
            codes: rei_recovery::domain::second_factor::Secrets::default(),
            break_glass: None,
        },
    }
}

/// The process under `strace`: a recovery to its end, whatever fails on the way.
pub async fn play(folder: &Path, back: bool) {
    let mut house = None;
    for _ in 0..60 {
        if house.is_none() {
            match House::open(folder) {
                Ok(opened) => house = Some(opened),
                Err(error) => println!("error {error}"),
            }
            continue;
        }
        let house = house.as_ref().unwrap();
        match house.turn(back).await {
            Ok(true) => {
                let trail = house.store.verify().await.unwrap();
                println!("trail {trail:?}");
                return;
            }
            Ok(false) => {}
            Err(error) => println!("error {error}"),
        }
    }
    panic!("it does not end");
}
