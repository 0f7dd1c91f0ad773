//! The book and its keeper, over a real state and a clock that a test turns.

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::audit::AuditDraft;
use rei_recovery::domain::case::{Answer, Case, Item, Origin, Owner, Question};
use rei_recovery::domain::checklist::About;
use rei_recovery::domain::failure::Args;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::post::Post;
use rei_recovery::engine::CaseParts;
use rei_recovery::ports::campaigns::Telling;
use rei_recovery::ports::cases::Cases;
use rei_recovery::ports::checklists::Reports;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::journal::{AuditTrail, Outbox, StateError};
use rei_recovery::store::Store;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A clock on which a test turns the hands.
pub(super) struct Hands(Mutex<Timestamp>);

impl Hands {
    fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(text.parse().unwrap())))
    }

    pub(super) fn turn(&self, length: SignedDuration) {
        *self.0.lock().unwrap() += length;
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(super) struct Desk {
    pub(super) hands: Arc<Hands>,
    pub(super) store: Store,
    pub(super) keeper: CaseParts,
    dir: TempDir,
}

impl Desk {
    pub(super) fn new(now: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let hands = Hands::at(now);
        let (store, keeper) = open(dir.path(), &hands);
        Self {
            hands,
            store,
            keeper,
            dir,
        }
    }

    /// The same after the program died and was started again.
    fn again(self) -> Self {
        let (store, keeper) = open(self.dir.path(), &self.hands);
        Self {
            store,
            keeper,
            ..self
        }
    }

    pub(super) async fn alert(&self, verb: &str, number: u64) {
        let draft = AuditDraft {
            actor: Actor::system(),
            verb: verb.to_owned(),
            subject: format!("A-{number}"),
            run: None,
            outcome: "ok".to_owned(),
            detail: Args::new(),
            announce: false,
        };
        self.store.write(draft, Vec::new()).await.unwrap();
    }

    async fn reminders(&self) -> usize {
        let posts = self.store.pending(1000).await.unwrap();
        let due = |post: &Post| matches!(post, Post::CaseReminder { .. });
        posts.iter().filter(|post| due(&post.owed.post)).count()
    }

    pub(super) async fn count(&self, verb: &str) -> usize {
        let trail = AuditTrail::read(&self.store, 1, 10_000).await.unwrap();
        trail.iter().filter(|entry| entry.verb == verb).count()
    }
}

fn open(dir: &Path, hands: &Arc<Hands>) -> (Store, CaseParts) {
    let clock: Arc<dyn Clock> = Arc::clone(hands) as _;
    let store = Store::open(dir, Arc::clone(&clock)).unwrap();
    let keeper = CaseParts {
        cases: Arc::new(store.clone()),
        trail: Arc::new(store.clone()),
        alerts: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        clock,
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    };
    (store, keeper)
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test]
async fn an_item_is_reminded_on_its_day_and_each_day_until_it_is_done() {
    // The clocks are put forward on the second of these nights.
    let desk = Desk::new("2026-03-27T08:00:00Z");
    let by = Actor::telegram(7, "Ann");
    let now = desk.hands.now();
    let mut case = Case::new(Origin::Person { actor: by.clone() }, now, now, 1);
    case.items.push(Item {
        number: 1,
        what: "Rotate the logs".to_owned(),
        owner: Some(Owner::Person(by.clone())),
        due: Some(date(2026, 3, 28)),
        done: None,
        reminded: None,
    });
    let none = Box::new(|_: &Case| Telling::default());
    let case = desk.store.create(case, none).await.unwrap();
    let mut when = Vec::new();
    let mut desk = desk;
    for hour in 0..24 * 5 {
        let before = desk.reminders().await;
        // Whoever looks twice, or dies in between, reminds once.
        desk.keeper.round().await.unwrap();
        desk.keeper.round().await.unwrap();
        if hour % 20 == 7 {
            desk = desk.again();
        }
        if desk.reminders().await > before {
            assert_eq!(desk.reminders().await, before + 1);
            when.push(desk.hands.now().to_string());
        }
        desk.hands.turn(HOUR);
    }
    let mornings = ["2026-03-28T09:00:00Z", "2026-03-29T08:00:00Z"];
    assert_eq!(when[..2], mornings);
    assert_eq!(when.len(), 4);
    let mut done = desk.store.case(case.id).await.unwrap().unwrap();
    done.items[0].done = Some((by, desk.hands.now()));
    desk.store.change(done, Telling::default()).await.unwrap();
    desk.hands.turn(HOUR * 48);
    desk.keeper.round().await.unwrap();
    assert_eq!(desk.reminders().await, 4);
    assert!(desk.store.to_do().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_crash_or_two_followers_neither_miss_an_opening_nor_open_twice() {
    let mut desk = Desk::new("2026-11-23T03:00:00Z");
    for number in 1..=9 {
        desk.alert("open-alert", number).await;
        if number % 3 == 0 {
            desk = desk.again();
        }
        let keepers = (0..4).map(|_| desk.keeper.round());
        futures::future::try_join_all(keepers).await.unwrap();
        desk.hands.turn(SignedDuration::from_mins(1));
    }
    let open = desk.store.open().await.unwrap();
    assert_eq!(open.len(), 1);
    let alerts: Vec<u64> = open[0].alerts.iter().map(|it| it.0).collect();
    assert_eq!(alerts, (1..=9).collect::<Vec<_>>());
    assert_eq!(desk.count("open-incident").await, 1);
    assert_eq!(desk.count("join-incident").await, 8);
    assert!(AuditTrail::verify(&desk.store).await.unwrap().is_ok());
}

#[tokio::test]
async fn what_went_over_by_itself_is_closed_and_the_next_opens_another() {
    let desk = Desk::new("2026-11-23T03:00:00Z");
    desk.alert("open-alert", 1).await;
    desk.hands.turn(SignedDuration::from_mins(5));
    desk.alert("close-alert", 1).await;
    desk.keeper.round().await.unwrap();
    assert_eq!(desk.store.open().await.unwrap().len(), 1);
    desk.hands.turn(HOUR);
    desk.keeper.round().await.unwrap();
    assert!(desk.store.open().await.unwrap().is_empty());
    // Nobody's message for something that nobody had to do with.
    let posts = desk.store.pending(1000).await.unwrap();
    assert!(
        posts
            .iter()
            .all(|post| matches!(post.owed.post, Post::Audit { .. }))
    );
    desk.alert("open-alert", 2).await;
    desk.keeper.round().await.unwrap();
    assert_eq!(desk.store.recent(10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_old_report_is_no_proof_for_a_new_checklist() {
    let desk = Desk::new("2026-11-23T03:00:00Z");
    let by = Actor::telegram(7, "Ann");
    let began = desk.hands.now();
    let origin = Origin::Person { actor: by.clone() };
    let mut case = Case::new(origin, began, began, 1);
    for question in Question::ALL {
        let answer = Answer {
            text: "Told".to_owned(),
            by: by.clone(),
            at: began,
        };
        case.answer(question, answer);
    }
    desk.hands.turn(HOUR);
    // Opened by hand and closed by hand: nothing of it was ever seen to be over.
    case.closed = Some((by, desk.hands.now()));
    let none = Box::new(|_: &Case| Telling::default());
    desk.store.create(case, none).await.unwrap();
    let complete = async |began| desk.store.complete(&About::Hand, began).await.unwrap();
    assert!(complete(began).await.is_some());
    desk.hands.turn(HOUR);
    assert!(complete(desk.hands.now()).await.is_none());
}

#[tokio::test]
async fn two_people_at_once_lose_nothing_of_each_other() {
    let desk = Desk::new("2026-11-23T03:00:00Z");
    desk.alert("open-alert", 1).await;
    desk.keeper.round().await.unwrap();
    let [one, other] = [(); 2].map(|()| desk.store.open());
    let mut one = one.await.unwrap().remove(0);
    let mut other = other.await.unwrap().remove(0);
    one.title = Some("mine".to_owned());
    desk.store.change(one, Telling::default()).await.unwrap();
    other.title = Some("yours".to_owned());
    let second = desk.store.change(other, Telling::default()).await;
    assert!(matches!(second, Err(StateError::Conflict)));
    let kept = desk.store.open().await.unwrap().remove(0);
    assert_eq!(kept.title.as_deref(), Some("mine"));
}
