//! A change that comes between the follower's look at the incidents and its own word.

use super::book::Desk;
use async_trait::async_trait;
use rei_recovery::domain::case::Case;
use rei_recovery::domain::ids::{CaseId, RunId};
use rei_recovery::ports::campaigns::Telling;
use rei_recovery::ports::cases::{Cases, Step, Tell};
use rei_recovery::ports::journal::StateResult;
use rei_recovery::store::Store;
use rei_recovery::tasks::cases::{Books, follow};
use std::sync::atomic::{AtomicBool, Ordering};

/// The book, in which somebody writes right after the follower has read it: once.
struct Meddled {
    store: Store,
    due: AtomicBool,
}

#[async_trait]
impl Cases for Meddled {
    async fn create(&self, case: Case, telling: Tell) -> StateResult<Case> {
        self.store.create(case, telling).await
    }

    async fn change(&self, case: Case, telling: Telling) -> StateResult<Case> {
        self.store.change(case, telling).await
    }

    async fn case(&self, id: CaseId) -> StateResult<Option<Case>> {
        self.store.case(id).await
    }

    async fn recent(&self, limit: u32) -> StateResult<Vec<Case>> {
        Cases::recent(&self.store, limit).await
    }

    async fn open(&self) -> StateResult<Vec<Case>> {
        let read = self.store.open().await?;
        if self.due.swap(false, Ordering::SeqCst) {
            let mut named = read[0].clone();
            named.title = Some("Slow".to_owned());
            self.store.change(named, Telling::default()).await?;
        }
        Ok(read)
    }

    async fn to_do(&self) -> StateResult<Vec<Case>> {
        self.store.to_do().await
    }

    async fn of_run(&self, run: RunId) -> StateResult<Option<Case>> {
        self.store.of_run(run).await
    }

    async fn followed(&self) -> StateResult<u64> {
        self.store.followed().await
    }

    async fn follow(&self, step: Step, tell: Tell) -> StateResult<()> {
        self.store.follow(step, tell).await
    }
}

#[tokio::test]
async fn a_persons_word_at_that_moment_makes_no_sign_be_missed() {
    let desk = Desk::new("2026-11-23T03:00:00Z");
    desk.alert("open-alert", 1).await;
    desk.keeper.round().await.unwrap();
    desk.alert("open-alert", 2).await;
    desk.alert("close-alert", 1).await;
    let cases = Meddled {
        store: desk.store.clone(),
        due: AtomicBool::new(true),
    };
    let books = Books {
        cases: &cases,
        trail: &desk.store,
        alerts: &desk.store,
        journal: &desk.store,
    };
    follow(books).await.unwrap();
    let case = desk.store.open().await.unwrap().remove(0);
    assert_eq!(case.title.as_deref(), Some("Slow"));
    assert_eq!(case.alerts.len(), 2);
    assert_eq!(case.open_alerts.len(), 1);
    assert_eq!(desk.count("join-incident").await, 1);
}
