//! The keeper over a real state with a clock of the test's: it opens, reminds, and does each once.

use crate::chat::scene::{Options, Scene, ann};
use crate::support::wait::until;
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::checklist::{About, Checklist};
use rei_recovery::domain::chore::{Chore, Phase, Task, drill};
use rei_recovery::domain::event::{Event, Outcome};
use rei_recovery::domain::ids::{ChecklistId, RunId};
use rei_recovery::domain::post::{Owed, Post};
use rei_recovery::engine::{KeeperParts, keep_checklists};
use rei_recovery::ports::campaigns::Telling;
use rei_recovery::ports::checklists::{Checklists, Due};
use rei_recovery::ports::chores::Chores;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::journal::Outbox;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The machine's time, and so many minutes.
#[derive(Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_mins(self.0.load(Ordering::Relaxed))
    }
}

struct Keeper {
    clock: Arc<Ahead>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Keeper {
    fn over(scene: &Scene) -> Self {
        let clock = Arc::new(Ahead::default());
        let papers = scene.ops.papers().clone();
        let parts = KeeperParts {
            book: papers.checklists,
            sources: papers.sources,
            template: papers.template,
            clock: clock.clone(),
        };
        let stop = CancellationToken::new();
        let kept = keep_checklists(parts, scene.store.changes(), stop.clone());
        let task = tokio::spawn(kept);
        Self { clock, stop, task }
    }

    /// So much later, something else happens and wakes it.
    async fn later(&self, scene: &Scene, minutes: i64) {
        self.clock.0.fetch_add(minutes, Ordering::Relaxed);
        scene.store.push(Vec::new()).await.unwrap();
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

async fn open(scene: &Scene) -> Vec<Checklist> {
    Checklists::open(&scene.store).await.unwrap()
}

async fn opened(scene: &Scene) -> Checklist {
    until("a checklist", || async { open(scene).await.pop() }).await
}

async fn reminders(scene: &Scene) -> usize {
    let owed = Outbox::pending(&scene.store, 200)
        .await
        .unwrap()
        .into_iter();
    let reminds = |owed: Owed| matches!(owed.post, Post::ChecklistReminder { .. });
    owed.filter(|post| reminds(post.owed.clone())).count()
}

async fn reminded(scene: &Scene, times: usize) {
    until("a reminder", || async {
        (reminders(scene).await == times).then_some(())
    })
    .await;
}

/// A recovery that ended so.
async fn ended(scene: &Scene, outcome: Outcome) -> RunId {
    let run = scene.started(None).await.id;
    scene.write(run, Event::Finished { outcome }).await;
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_owes_one_checklist_from_its_end_on_whoever_dies_in_between() {
    let scene = Scene::silent(Options::default()).await;
    // Nobody keeps checklists when it ends.
    let run = ended(&scene, Outcome::Recovered).await;
    assert_eq!(scene.store.due().await.unwrap(), [Due::Run(run)]);
    let keeper = Keeper::over(&scene);
    let list = opened(&scene).await;
    assert_eq!(list.about, About::Run { run });
    assert_eq!(list.lines.len(), 10);
    keeper.stop().await;
    assert_eq!(scene.store.due().await.unwrap(), []);
    // The next keeper opens no second one.
    let keeper = Keeper::over(&scene);
    let other = ended(&scene, Outcome::RolledBack).await;
    until("the second run's", || async {
        (open(&scene).await.len() == 2).then_some(())
    })
    .await;
    let denied = ended(&scene, Outcome::Denied).await;
    assert_eq!(
        scene.store.due().await.unwrap(),
        [],
        "nothing was done to REI"
    );
    keeper.stop().await;
    let about: Vec<About> = open(&scene).await.into_iter().map(|it| it.about).collect();
    assert_eq!(about, [About::Run { run: other }, About::Run { run }]);
    assert!(!about.contains(&About::Run { run: denied }));
    let opened = scene.trail().await.into_iter();
    assert_eq!(opened.filter(|it| it.verb == "open-checklist").count(), 2);
}

/// A drill that ended so.
async fn drilled(scene: &Scene, phase: Phase) -> Chore {
    let wish = drill::Wish {
        runbook: "redis-failure".parse().unwrap(),
        bad_backup: false,
    };
    let chore = Chore::asked(Task::Drill { wish }, ann(), None, Timestamp::now());
    let chore = Chores::ask(&scene.store, chore, Telling::default());
    let mut chore = chore.await.unwrap();
    chore.phase = phase;
    chore.ended_at = Some(Timestamp::now());
    let changed = Chores::change(&scene.store, chore, Telling::default());
    changed.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_owes_one_too_unless_it_was_called_off() {
    let scene = Scene::silent(Options::default()).await;
    drilled(&scene, Phase::Cancelled).await;
    let chore = drilled(&scene, Phase::Done).await;
    assert_eq!(scene.store.due().await.unwrap(), [Due::Drill(chore.id)]);
    let keeper = Keeper::over(&scene);
    let list = opened(&scene).await;
    assert_eq!(list.about, About::Drill { chore: chore.id });
    keeper.stop().await;
    assert_eq!(open(&scene).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_reminded_while_it_is_open_and_a_pause_is_made_up_for_once() {
    let scene = Scene::silent(Options::default()).await;
    let keeper = Keeper::over(&scene);
    ended(&scene, Outcome::Recovered).await;
    let list = opened(&scene).await;
    keeper.later(&scene, 59).await;
    keeper.later(&scene, 2).await;
    reminded(&scene, 1).await;
    keeper.later(&scene, 4 * 60 + 1).await;
    reminded(&scene, 2).await;
    // Two days off.
    keeper.later(&scene, 2 * 24 * 60).await;
    reminded(&scene, 3).await;
    let next = scene.store.checklist(list.id).await.unwrap().unwrap();
    let left = next.remind_at.duration_since(keeper.clock.now());
    assert!(left > SignedDuration::from_mins(230), "{left}");
    settle(&scene, list.id).await;
    keeper.later(&scene, 5 * 60).await;
    keeper.stop().await;
    assert_eq!(reminders(&scene).await, 3, "closing ends it");
}

/// A person settles every line and closes it.
async fn settle(scene: &Scene, id: ChecklistId) {
    use rei_recovery::domain::checklist::{Act, Press};
    let ann = ann();
    for line in scene.ops.checklist(id).await.unwrap().lines {
        if line.is_settled() {
            continue;
        }
        let press = Press {
            line: line.item.id,
            turn: line.turn,
            act: Act::Tick,
        };
        scene.ops.press_line(&ann, id, &press).await.unwrap();
    }
    scene.ops.close_checklist(&ann, id).await.unwrap();
}
