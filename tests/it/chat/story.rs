//! What the worker would write: a test decides itself where a run stands.

use super::scene::{Scene, ann};
use rei_recovery::domain::approval::Request;
use rei_recovery::domain::event::Event;
use rei_recovery::domain::facts::Facts;
use rei_recovery::domain::failure::{Args, Failure, FailureCode};
use rei_recovery::domain::ids::RunId;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::run::Run;
use rei_recovery::ops::{Proposal, Which};
use rei_recovery::ports::journal::{Guard, Journal};
use std::time::Duration;

impl Scene {
    /// A run of Ann's, started.
    pub async fn started(&self, chat: Option<i64>) -> Run {
        let run = self.proposed(chat).await;
        self.write(run.id, Event::Started { by: ann() }).await
    }

    /// A run of Ann's, proposed.
    pub async fn proposed(&self, chat: Option<i64>) -> Run {
        let proposal = Proposal {
            runbook: "database-corruption".parse().unwrap(),
            which: Which::Latest,
            retry: None,
            chat,
        };
        self.ops.propose(&ann(), proposal).await.unwrap()
    }

    /// A run that waits for an approval.
    pub async fn asked(&self, chat: Option<i64>, ttl: Duration) -> Run {
        let run = self.started(chat).await;
        self.begin(run.id, "fetch").await;
        self.succeed(run.id, "fetch").await;
        self.ask_approval(run.id, ttl).await
    }

    /// Asks for the approval of the swap.
    pub async fn ask_approval(&self, run: RunId, ttl: Duration) -> Run {
        let run = self.ops.run(run).await.unwrap();
        let now = self.ops.now();
        let request = Request {
            id: format!("request-{}", run.id.0).parse().unwrap(),
            gate: "swap".parse().unwrap(),
            plan: run.plan_hash.clone(),
            facts: "f".into(),
            requester: ann(),
            asked_at: now,
            expires_at: now + ttl,
            required: self.ops.profile().policy.required,
            word: "amber".into(),
            loss: None,
        };
        self.write(run.id, Event::ApprovalAsked { request }).await
    }

    /// A run whose first step failed.
    pub async fn failed(&self, chat: Option<i64>) -> Run {
        let run = self.asked(chat, Duration::from_secs(600)).await;
        let request = run.approvals()[0].request.id.clone();
        let by = Actor::telegram(12, "Bob");
        let complete = true;
        self.write(
            run.id,
            Event::Approved {
                request,
                by,
                complete,
            },
        )
        .await;
        self.begin(run.id, "stop").await;
        let failure = Failure::new(FailureCode::UnitDidNotStop)
            .with("unit", "rei_bot")
            .with("state", "active");
        let step = "stop".parse().unwrap();
        let attempt = 1;
        self.write(
            run.id,
            Event::StepFailed {
                step,
                attempt,
                failure,
            },
        )
        .await
    }

    pub async fn begin(&self, run: RunId, step: &str) {
        let step = step.parse().unwrap();
        self.write(run, Event::StepStarted { step, attempt: 1 })
            .await;
    }

    pub async fn succeed(&self, run: RunId, step: &str) {
        let (step, facts) = (step.parse().unwrap(), Facts::Discarded);
        let attempt = 1;
        self.write(
            run,
            Event::StepSucceeded {
                step,
                attempt,
                facts,
            },
        )
        .await;
    }

    /// Writes an event as the worker would.
    pub async fn write(&self, run: RunId, event: Event) -> Run {
        let at = self.store.load(run).await.unwrap().position;
        self.store.append(run, event, Guard::At(at)).await.unwrap()
    }

    /// Audit lines of no run.
    pub async fn note(&self, count: usize) {
        for nth in 0..count {
            let subject = format!("20261123_0{nth:05}");
            let actor = Actor::system();
            let detail = Args::new();
            self.ops
                .note(&actor, "verify-backup", &subject, detail)
                .await
                .unwrap();
        }
    }
}
