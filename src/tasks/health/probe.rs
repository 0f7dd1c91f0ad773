//! A probe: asked with a deadline, never twice at a time.

use super::{Eyes, lock};
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use futures::future::BoxFuture;
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// No probe is waited for longer, whatever hangs. All together a round ends within two seconds.
pub const DEADLINE: Duration = Duration::from_millis(1800);
/// The same for people, in whole seconds.
const SECONDS: u64 = 2;
/// What was found longer ago says nothing of now.
const STALE: Duration = Duration::from_secs(10 * 60);

/// What a probe finds something about.
pub(super) type Asked = (Part, Option<String>);

type Look = Box<dyn Fn() -> BoxFuture<'static, Vec<Finding>> + Send + Sync>;

pub(super) struct Probe {
    asks: Vec<Asked>,
    keep: Duration,
    look: Look,
    slot: Arc<Mutex<Slot>>,
}

/// What is under way and what came last.
#[derive(Default)]
struct Slot {
    under_way: Option<UnderWay>,
    last: Option<Seen>,
}

#[derive(Clone)]
struct UnderWay {
    since: Timestamp,
    ended: watch::Receiver<bool>,
}

#[derive(Clone)]
struct Seen {
    at: Timestamp,
    findings: Vec<Finding>,
}

impl Probe {
    /// Looks anew each time.
    pub(super) fn new<F, L>(eyes: &Arc<Eyes>, asks: Vec<Asked>, look: L) -> Self
    where
        L: Fn(Arc<Eyes>) -> F + Send + Sync + 'static,
        F: Future<Output = Vec<Finding>> + Send + 'static,
    {
        let eyes = Arc::clone(eyes);
        Self {
            asks,
            keep: Duration::ZERO,
            look: Box::new(move || Box::pin(look(Arc::clone(&eyes)))),
            slot: Arc::default(),
        }
    }

    /// An answer is good for so long.
    pub(super) fn keeping(mut self, keep: Duration) -> Self {
        self.keep = keep;
        self
    }

    /// What it finds, what it found a short while ago, or that it does not come to an end.
    pub(super) async fn ask(&self, eyes: &Eyes) -> Vec<Finding> {
        let now = eyes.now();
        let mut looking = {
            let mut slot = lock(&self.slot);
            if let Some(seen) = slot.last.as_ref().filter(|seen| seen.age(now) < self.keep) {
                return seen.aged(now);
            }
            slot.under_way(|| self.start(now))
        };
        let ended = tokio::time::timeout(DEADLINE, looking.ended.wait_for(|ended| *ended));
        let in_time = matches!(ended.await, Ok(Ok(_)));
        let seen = lock(&self.slot).last.clone();
        match seen {
            Some(seen) if in_time => seen.findings,
            seen => {
                let seen = seen.filter(|seen| seen.age(now) < STALE);
                let silent = |asked| silent(asked, seen.as_ref(), looking.since, now);
                self.asks.iter().map(silent).collect()
            }
        }
    }

    /// Begins to look, in a task of its own that nobody ends.
    fn start(&self, now: Timestamp) -> UnderWay {
        let (ender, ended) = watch::channel(false);
        let (slot, asks) = (Arc::clone(&self.slot), self.asks.clone());
        let begun = Instant::now();
        let looking = tokio::spawn((self.look)());
        tokio::spawn(async move {
            let found = looking.await.unwrap_or_else(|_| broken(&asks));
            let mut slot = lock(&slot);
            slot.last = Some(Seen {
                at: now,
                findings: timed(found, begun.elapsed()),
            });
            slot.under_way = None;
            drop(slot);
            ender.send_replace(true);
        });
        UnderWay { since: now, ended }
    }
}

impl Slot {
    /// What is under way, or what is begun now.
    fn under_way(&mut self, begin: impl FnOnce() -> UnderWay) -> UnderWay {
        let alive = |looking: &&UnderWay| looking.ended.has_changed().is_ok();
        if let Some(looking) = self.under_way.as_ref().filter(alive) {
            return looking.clone();
        }
        let looking = begin();
        self.under_way = Some(looking.clone());
        looking
    }
}

impl Seen {
    fn age(&self, now: Timestamp) -> Duration {
        // A clock that was set back makes nothing younger than now.
        Duration::try_from(now.duration_since(self.at)).unwrap_or_default()
    }

    /// The findings, each with when it was looked.
    fn aged(&self, now: Timestamp) -> Vec<Finding> {
        let age = i64::try_from(self.age(now).as_secs()).ok();
        let findings = self.findings.iter().cloned();
        findings
            .map(|found| found.measured(Measure::LookedSeconds, age))
            .collect()
    }
}

/// What is bad stays bad until somebody says otherwise; what was good is no longer known.
fn silent(asked: &Asked, seen: Option<&Seen>, since: Timestamp, now: Timestamp) -> Finding {
    let (part, subject) = asked;
    let sign = Sign::new(SignCode::Silent).with("seconds", Arg::Seconds(SECONDS));
    let before = seen.and_then(|seen| {
        let mut bad = seen.aged(now).into_iter();
        bad.find(|found| {
            (found.part, &found.subject) == (*part, subject)
                && matches!(found.condition, Condition::Degraded | Condition::Down)
        })
    });
    let mut finding = before.unwrap_or_else(|| {
        let mut late = Failure::new(FailureCode::TimedOut).with("seconds", Arg::Seconds(SECONDS));
        if since < now {
            late = late.because(format!("still busy since {since:.0}"));
        }
        Finding::unknown(*part, late)
    });
    finding.subject.clone_from(subject);
    finding.took = DEADLINE;
    let condition = finding.condition;
    finding.with(condition, sign)
}

fn broken(asks: &[Asked]) -> Vec<Finding> {
    let finding = |(part, subject): &Asked| {
        let mut finding = Finding::unknown(*part, Failure::new(FailureCode::Panicked));
        finding.subject.clone_from(subject);
        finding
    };
    asks.iter().map(finding).collect()
}

/// Those that did not say how long they took, took as long as the probe.
fn timed(mut found: Vec<Finding>, took: Duration) -> Vec<Finding> {
    for finding in &mut found {
        if finding.took.is_zero() {
            finding.took = took;
        }
    }
    found
}
