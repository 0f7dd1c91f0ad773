//! A run to render: the built-in runbook, two people, a backup of 45 minutes ago.

use super::View;
use crate::domain::Timestamp;
use crate::domain::approval::{Policy, Request};
use crate::domain::backup::{Backup, ContentHash, FailedVerification, Place, VerificationRecord};
use crate::domain::catalogue::{Catalogue, ListedBackup};
use crate::domain::database::{
    FileIdentity, Loss, Ownership, Proof, Quarantine, QuarantinedFile, Staged,
};
use crate::domain::event::{Entry, Event, Outcome};
use crate::domain::facts::Facts;
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::domain::ids::RunId;
use crate::domain::operator::{Access, Actor};
use crate::domain::plan::{ChosenBackup, Plan};
use crate::domain::run::Run;
use crate::domain::runbook::Runbook;
use crate::domain::second_factor::Secrets;
use crate::i18n::{I18n, Locale};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub fn texts() -> I18n {
    I18n::new(TimeZone::posix("MSK-3").unwrap()).unwrap()
}

pub fn view<'a>(i18n: &'a I18n, locale: Locale, now: &str) -> View<'a> {
    View {
        i18n,
        locale,
        now: at(now),
        rto: Duration::from_secs(3600),
    }
}

/// A time of the night, `03:54:12` for example, UTC.
pub fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}Z").parse().unwrap()
}

pub fn ann() -> Actor {
    Actor::telegram(1, "Ann <ops>")
}

pub fn bob() -> Actor {
    Actor::telegram(2, "Bob")
}

pub fn policy() -> Policy {
    Policy {
        required: 1,
        allow_self: false,
        ttl: Duration::from_secs(600),
        access: Access {
            admins: BTreeSet::from([1]),
            approvers: BTreeSet::from([1, 2]),
        },
        codes: Secrets::default(),
        break_glass: None,
    }
}

pub fn runbook() -> Runbook {
    let text = include_str!("../../../deploy/runbooks/database-corruption.toml");
    let mut runbook: Runbook = toml::from_str(text).unwrap();
    for step in &mut runbook.steps {
        use crate::domain::action::Action::{StartUnits, StopUnits, WatchUnits};
        if let StopUnits { units, .. } | StartUnits { units, .. } | WatchUnits { units, .. } =
            &mut step.action
        {
            *units = ["rei_bot", "rei_bot_workers"]
                .map(|name| name.parse().unwrap())
                .into();
        }
    }
    runbook
}

pub fn backup(time: &str, place: Place, size: u64) -> Backup {
    Backup {
        time: time.parse().unwrap(),
        name: format!("db_{time}.db.gz"),
        place,
        size,
        revision: "1".into(),
        sha256: None,
    }
}

pub fn record(time: &str) -> VerificationRecord {
    VerificationRecord {
        time: time.parse().unwrap(),
        content: ContentHash("9f2c41d0a7b3e88512".into()),
        bytes: 1 << 30,
        counts: BTreeMap::new(),
        verified_at: at("00:40:00"),
        sqlite: "3.51.3".into(),
    }
}

pub fn plan(verified: bool) -> Plan {
    Plan {
        runbook: runbook(),
        home: "/opt/rei_bot".into(),
        database: "/opt/rei_bot/bot.db".into(),
        identity: FileIdentity {
            path: "/opt/rei_bot/bot.db".into(),
            inode: Some((1, 2)),
        },
        backup: Some(ChosenBackup {
            backup: backup("20261123_001500", Place::S3, 300 << 20),
            record: verified.then(|| record("20261123_001500")),
            failed: None,
        }),
        loss: loss(),
        retry: None,
        quarantine: "/opt/rei_bot/rei-recovery-quarantine/20261123T010000000Z".into(),
        staging: "/opt/rei_bot/.rei-recovery-20261123T010000000Z.staged".into(),
        made_at: at("01:00:00"),
        expected: Duration::from_secs(260),
        measured: if verified { 3 } else { 0 },
    }
}

pub fn staged() -> Facts {
    Facts::Staged(Staged {
        path: "/opt/rei_bot/.rei-recovery-20261123T010000000Z.staged".into(),
        backup: "20261123_001500".parse().unwrap(),
        place: Place::S3,
        bytes: 1 << 30,
        content: ContentHash("9f2c41d0a7b3e88512".into()),
        counts: BTreeMap::new(),
        newest_row: Some(at("00:14:58")),
        proof: Proof::Record {
            verified_at: at("00:40:00"),
        },
    })
}

pub fn quarantined() -> Facts {
    let file = |name: &str| QuarantinedFile {
        name: name.into(),
        size: 1,
    };
    Facts::Quarantined(Quarantine {
        folder: "/opt/rei_bot/rei-recovery-quarantine/20261123T010000000Z".into(),
        files: vec![file("bot.db"), file("bot.db-wal")],
        ownership: Ownership {
            uid: 1,
            gid: 1,
            mode: 0o600,
        },
    })
}

pub fn request() -> Request {
    Request {
        id: "request-1".parse().unwrap(),
        gate: "swap".parse().unwrap(),
        plan: "p".into(),
        facts: "f".into(),
        requester: ann(),
        asked_at: at("01:01:30"),
        expires_at: at("01:11:30"),
        required: 1,
        word: "amber".into(),
        loss: None,
    }
}

/// A journal that grows; every event is a second after the one before unless a time is named.
pub struct Story {
    pub run: Run,
    pub journal: Vec<Entry>,
    clock: Timestamp,
}

impl Story {
    pub fn proposed(verified: bool) -> Self {
        Self::of(plan(verified))
    }

    /// Of a backup that failed its verification and tells of a moment that has not come yet.
    pub fn doubted() -> Self {
        let mut plan = plan(false);
        plan.backup = plan.backup.map(|chosen| {
            let backup = backup("20261124_001500", Place::S3, 300 << 20);
            let failed = mismatch(&backup);
            ChosenBackup {
                backup,
                failed,
                ..chosen
            }
        });
        Self::of(plan)
    }

    pub fn of(plan: Plan) -> Self {
        let hash = plan.hash();
        let run = Run::new(RunId(7), Arc::new(plan), hash, ann(), Some(1));
        let mut story = Self {
            run,
            journal: Vec::new(),
            clock: at("01:00:00"),
        };
        story.then(Event::Proposed { by: ann() });
        story
    }

    pub fn started() -> Self {
        let mut story = Self::proposed(true);
        story.then(Event::Started { by: ann() });
        story
    }

    /// Up to the request for approval.
    pub fn asked() -> Self {
        let mut story = Self::started();
        story.step("fetch", 85, staged());
        story.then(Event::ApprovalAsked { request: request() });
        story
    }

    pub fn approved() -> Self {
        let mut story = Self::asked();
        story.later(120);
        story.then(Event::Approved {
            request: "request-1".parse().unwrap(),
            by: bob(),
            complete: true,
        });
        story
    }

    /// Up to the last step, which is not begun.
    pub fn answering() -> Self {
        Self::measured(loss())
    }

    /// The same, given what was measured of the loss.
    pub fn measured(lost: Option<Loss>) -> Self {
        let mut story = Self::approved();
        let units = || Facts::Units {
            units: Vec::new(),
            log: None,
        };
        story.step("stop", 4, units());
        story.step("closed", 1, Facts::Closed { processes: 212 });
        story.step("quarantine", 1, quarantined());
        story.step("install", 1, Facts::Installed { bytes: 1 << 30 });
        story.step("verify", 2, Facts::MessageSent);
        story.step("start", 3, units());
        story.step(
            "watch",
            60,
            Facts::Watched {
                units: Vec::new(),
                log_lines: 21,
                lost,
            },
        );
        let answered = Facts::BotAnswered {
            username: "rei_bot".into(),
        };
        story.step("answers", 1, answered);
        story
    }

    pub fn recovered() -> Self {
        let mut story = Self::answering();
        story.step("test-message", 1, Facts::MessageSent);
        story.then(Event::Finished {
            outcome: Outcome::Recovered,
        });
        story
    }

    pub fn then(&mut self, event: Event) {
        self.later(1);
        let entry = Entry {
            position: self.run.position + 1,
            at: self.clock,
            event,
        };
        self.run.apply(&entry);
        self.journal.push(entry);
    }

    pub fn later(&mut self, seconds: i64) {
        self.clock += jiff::SignedDuration::from_secs(seconds);
    }

    pub fn begin(&mut self, step: &str, attempt: u32) {
        self.then(Event::StepStarted {
            step: step.parse().unwrap(),
            attempt,
        });
    }

    pub fn step(&mut self, step: &str, seconds: i64, facts: Facts) {
        self.begin(step, 1);
        self.later(seconds - 1);
        self.then(Event::StepSucceeded {
            step: step.parse().unwrap(),
            attempt: 1,
            facts,
        });
    }

    pub fn fail(&mut self, step: &str) {
        self.begin(step, 1);
        let failure = Failure::new(FailureCode::DiskFull)
            .with("path", "/opt/rei_bot")
            .with("needed", Arg::Bytes(1_288_490_189))
            .with("free", Arg::Bytes(73 << 20))
            .because("No space left on device (os error 28)");
        self.then(Event::StepFailed {
            step: step.parse().unwrap(),
            attempt: 1,
            failure,
        });
    }
}

pub fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue {
        backups: (0..10u64)
            .map(|hour| {
                let time = format!("20261122_{:02}1500", 23 - hour);
                ListedBackup {
                    record: (hour == 2).then(|| record(&time)),
                    backup: backup(&time, Place::Folder, (300 - hour) << 20),
                    failed: None,
                }
            })
            .collect(),
        unreadable: vec![(
            Place::S3,
            Failure::new(FailureCode::BackupPlaceUnreachable).with("place", "s3://rei/backups"),
        )],
    };
    catalogue.backups.push(ListedBackup {
        backup: backup("20261123_001500", Place::Folder, 0),
        record: None,
        failed: None,
    });
    catalogue.sort();
    catalogue
}

/// The same; the newest failed its verification, and one is of tomorrow.
pub fn blemished() -> Catalogue {
    let mut catalogue = catalogue();
    let newest = &mut catalogue.backups[1];
    newest.failed = mismatch(&newest.backup);
    catalogue.backups.push(ListedBackup {
        backup: backup("20261124_001500", Place::S3, 300 << 20),
        record: None,
        failed: None,
    });
    catalogue.sort();
    catalogue
}

pub fn mismatch(backup: &Backup) -> Option<FailedVerification> {
    let code = FailureCode::ContentMismatch;
    FailedVerification::of(backup, None, code, at("00:50:00"))
}

/// What the plan saw, and what was measured afterwards.
fn loss() -> Option<Loss> {
    Some(Loss {
        span: Some(Duration::from_secs(2640)),
        rows: Some(BTreeMap::from([
            ("jobs".into(), 1234),
            ("payments".into(), 12),
            ("users".into(), 0),
        ])),
    })
}
