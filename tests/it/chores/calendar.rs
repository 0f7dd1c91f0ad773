//! A year of the calendar over the real state, on a clock of its own: weekly tests, daily backups and
//! quarterly drills in a zone that changes its clocks, the machine off on two Sundays, a leap day.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::audit::AuditEntry;
use rei_recovery::domain::chore::{Chore, Kind, Phase};
use rei_recovery::domain::failure::Arg;
use rei_recovery::domain::post::{Post, Recipient};
use rei_recovery::domain::schedule::{Event, Schedule};
use rei_recovery::engine::{CalendarParts, look_at_calendar};
use rei_recovery::ports::campaigns::Telling;
use rei_recovery::ports::chores::Chores;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::journal::{AuditTrail, Outbox};
use rei_recovery::store::Store;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct SetClock(Arc<Mutex<Timestamp>>);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

impl SetClock {
    fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedules(zone: &str) -> Vec<(Event, Schedule)> {
    let of = |text| Schedule::parse(text, TimeZone::get(zone).unwrap()).unwrap();
    vec![
        (Event::Backup, of("0 3 * * *")),
        (Event::Test, of("0 2 * * SUN")),
        (Event::Drill, of("0 10 1 1,4,7,10 *")),
    ]
}

/// The program between two stops of the machine: it looks every hour.
async fn runs(dir: &Path, clock: &SetClock, (from, to): (Timestamp, Timestamp)) -> Store {
    let store = Store::open(dir, Arc::new(clock.clone())).unwrap();
    let parts = CalendarParts {
        chores: Arc::new(store.clone()),
        schedules: schedules("Europe/Berlin"),
        clock: Arc::new(clock.clone()),
    };
    let mut now = from;
    while now < to {
        clock.set(now);
        look_at_calendar(&parts).await;
        done(&store, now).await;
        now += SignedDuration::from_hours(1);
    }
    store
}

/// What is asked for is done at once.
async fn done(store: &Store, now: Timestamp) {
    for mut chore in store.open().await.unwrap() {
        (chore.begun_at, chore.ended_at) = (Some(now), Some(now));
        chore.phase = Phase::Done;
        store.change(chore, Telling::default()).await.unwrap();
    }
}

async fn trail(store: &Store) -> Vec<AuditEntry> {
    AuditTrail::read(store, 1, 10_000).await.unwrap()
}

#[tokio::test]
async fn over_a_year_everything_happens_once_or_is_made_up_for_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (at("2027-12-31T12:00:00Z"), at("2029-01-01T12:00:00Z"));
    let clock = SetClock(Arc::new(Mutex::new(from)));
    // Off over two Sundays, the second time over a quarter's first day too.
    let on = [
        (from, at("2028-02-26T00:00:00Z")),
        (at("2028-02-28T07:00:00Z"), at("2028-06-30T00:00:00Z")),
        (at("2028-07-03T09:00:00Z"), to),
    ];
    let mut store = None;
    for span in on {
        drop(store.take());
        store = Some(runs(dir.path(), &clock, span).await);
    }
    let store = store.unwrap();
    let all = |kind| {
        let store = store.clone();
        async move {
            let mut all = store.recent(kind, 1000).await.unwrap();
            all.reverse();
            all
        }
    };
    let tests: Vec<Chore> = all(Kind::TestBackups).await;
    assert_eq!(tests.len(), 53);
    let moments: BTreeSet<_> = tests.iter().map(|test| test.due.unwrap().at).collect();
    assert_eq!(moments.len(), 53, "no moment twice");
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    for moment in moments {
        let local = moment.to_zoned(zone.clone());
        let spring = local.date() == jiff::civil::date(2028, 3, 26);
        let want = if spring { (3, 0) } else { (2, 0) };
        assert_eq!((local.hour(), local.minute()), want, "{local}");
    }
    let late = tests.iter().filter(|test| test.lateness().is_some());
    let late: Vec<_> = late.map(|test| test.asked_at).collect();
    assert_eq!(
        late,
        [on[1].0, on[2].0],
        "the Sundays that were made up for"
    );
    let backups = all(Kind::TakeBackup).await;
    let missed: u32 = backups.iter().map(|it| it.due.unwrap().missed).sum();
    // 366 days of the year and the first of January after it.
    assert_eq!(backups.len() + missed as usize, 367);
    assert_eq!(
        missed,
        2 + 3,
        "of three and of four dates one is made up for"
    );
    said(&trail(&store).await, &store).await;
}

/// The group reads what was late, and is reminded of each drill.
async fn said(trail: &[AuditEntry], store: &Store) {
    let verb = |verb: &'static str| trail.iter().filter(move |entry| entry.verb == verb);
    let late = verb("ask-chore").filter(|it| it.detail["late"] == Arg::from("yes"));
    let kinds: Vec<_> = late.map(|it| it.detail["kind"].clone()).collect();
    let both = ["take-backup", "test-backups"].repeat(2);
    let both: Vec<_> = both.into_iter().map(Arg::from).collect();
    assert_eq!(kinds, both);
    assert_eq!(verb("remind-drill").count(), 5);
    let posts = store.pending(10_000).await.unwrap();
    let reminders = posts.iter().filter(|it| {
        let is_it = |key: &str| key == "drill-reminder";
        it.owed.to == Recipient::Team
            && matches!(&it.owed.post, Post::Text { key, .. } if is_it(key))
    });
    assert_eq!(reminders.count(), 5);
}

#[tokio::test]
async fn a_moment_is_answered_once_however_often_it_is_looked() {
    let dir = tempfile::tempdir().unwrap();
    let clock = SetClock(Arc::new(Mutex::new(at("2028-01-07T12:00:00Z"))));
    let sunday = (at("2028-01-07T12:00:00Z"), at("2028-01-10T00:00:00Z"));
    runs(dir.path(), &clock, sunday).await;
    // The clock is put back by two days, and the same Sunday comes again.
    let store = runs(dir.path(), &clock, (at("2028-01-08T00:00:00Z"), sunday.1)).await;
    assert_eq!(store.recent(Kind::TestBackups, 10).await.unwrap().len(), 1);
    assert!(store.verify().await.unwrap().is_ok());
}

/// A recovery that stands for three days, or a drill of hours: nothing begins meanwhile.
#[tokio::test]
async fn what_waits_behind_a_recovery_does_not_pile_up() {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (at("2028-01-03T12:00:00Z"), at("2028-01-06T12:00:00Z"));
    let clock = SetClock(Arc::new(Mutex::new(from)));
    let store = Store::open(dir.path(), Arc::new(clock.clone())).unwrap();
    let parts = CalendarParts {
        chores: Arc::new(store.clone()),
        schedules: schedules("Europe/Berlin"),
        clock: Arc::new(clock.clone()),
    };
    let mut now = from;
    while now < to {
        clock.set(now);
        look_at_calendar(&parts).await;
        now += SignedDuration::from_hours(1);
    }
    let open = store.open().await.unwrap();
    let [mut backup] = <[Chore; 1]>::try_from(open).unwrap();
    let due = backup.due.unwrap();
    assert_eq!((due.at, due.missed), (at("2028-01-06T02:00:00Z"), 2));
    // It is late from when it begins, and says so.
    backup.begun_at = Some(to);
    assert_eq!(backup.lateness(), Some(SignedDuration::from_hours(10)));
    assert!(backup.was_kept_waiting());
    // What has begun takes over nothing more.
    backup.phase = Phase::Running;
    store.change(backup, Telling::default()).await.unwrap();
    clock.set(at("2028-01-07T03:00:00Z"));
    look_at_calendar(&parts).await;
    assert_eq!(store.open().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_switched_off_for_a_while_missed_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let clock = SetClock(Arc::new(Mutex::new(at("2028-01-03T12:00:00Z"))));
    let store = Store::open(dir.path(), Arc::new(clock.clone())).unwrap();
    let mut parts = CalendarParts {
        chores: Arc::new(store.clone()),
        schedules: schedules("Europe/Berlin"),
        clock: Arc::new(clock.clone()),
    };
    look_at_calendar(&parts).await;
    let all = std::mem::take(&mut parts.schedules);
    look_at_calendar(&parts).await;
    clock.set(at("2028-02-03T12:00:00Z"));
    parts.schedules = all;
    look_at_calendar(&parts).await;
    assert!(store.open().await.unwrap().is_empty());
    clock.set(at("2028-02-04T12:00:00Z"));
    look_at_calendar(&parts).await;
    let [backup] = <[Chore; 1]>::try_from(store.open().await.unwrap()).unwrap();
    assert_eq!(backup.due.unwrap().missed, 0);
}
