//! A server on a real port over a real state.

use jiff::Timestamp;
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, Round};
use rei_recovery::http::{self, HttpParts, Limits};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::Journal;
use rei_recovery::ports::pulse::{Line, Pulse};
use rei_recovery::store::Store;
use reqwest::{Client, Response};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

pub struct Scene {
    pub store: Store,
    pub address: SocketAddr,
    pub worker: Arc<Pulse>,
    pub telegram: Arc<Line>,
    pub rounds: watch::Sender<Option<Arc<Round>>>,
    client: Client,
    _stop: DropGuard,
}

impl Scene {
    /// Everything well, over a state in this folder.
    pub async fn well(dir: &Path) -> Self {
        let scene = Self::new(dir, Limits::default()).await;
        scene.worker.beat();
        scene.telegram.worked();
        scene
    }

    /// Nothing has given a sign yet.
    pub async fn new(dir: &Path, limits: Limits) -> Self {
        let store = Store::open(dir, Arc::new(SystemClock)).unwrap();
        let reign = store.take_lease("this test").await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (worker, telegram) = (Arc::new(Pulse::default()), Arc::new(Line::default()));
        let (rounds, seen) = watch::channel(None);
        let parts = HttpParts {
            vitals: Arc::new(store.clone()),
            rounds: seen,
            reign,
            worker: Arc::clone(&worker),
            telegram: Arc::clone(&telegram),
            scraped: Arc::default(),
            clock: Arc::new(SystemClock),
            began: Timestamp::now(),
            version: "1.2.3",
        };
        let stop = CancellationToken::new();
        tokio::spawn(http::serve(listener, Arc::new(parts), limits, stop.clone()));
        Self {
            store,
            address,
            worker,
            telegram,
            rounds,
            client: Client::builder()
                .timeout(Duration::from_secs(20))
                .no_proxy()
                .build()
                .unwrap(),
            _stop: stop.drop_guard(),
        }
    }

    pub async fn ask(&self, method: &str, path: &str) -> Response {
        let url = format!("http://{}{path}", self.address);
        let method = method.parse().unwrap();
        self.client.request(method, url).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.ask("GET", path).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The status, and the names of the checks that failed with their reasons.
    pub async fn report(&self, path: &str) -> (u16, Vec<(String, String)>) {
        let (status, text) = self.get(path).await;
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["ok"], status == 200, "{text}");
        let failed = report["checks"].as_array().unwrap().iter();
        let failed = failed.filter(|check| check["ok"] == false).map(|check| {
            let word = |key: &str| check[key].as_str().unwrap().to_owned();
            (word("name"), word("reason"))
        });
        (status, failed.collect())
    }
}

/// A round in which every part is looked at and everything is measured.
pub fn full_round() -> Round {
    let findings = Part::ALL.iter().enumerate().map(|(place, &part)| {
        let conditions = [
            Condition::Up,
            Condition::Degraded,
            Condition::Down,
            Condition::Unknown,
        ];
        let mut finding = Finding {
            condition: conditions[place % 4],
            took: Duration::from_millis(25),
            ..Finding::up(part)
        };
        for &measure in Measure::ALL {
            finding = finding.measured(measure, Some(50));
        }
        match part {
            Part::Unit => finding.of("rei_bot"),
            Part::Disk => finding.of("/a \"quoted\"\\path\nwith a line"),
            _ => finding,
        }
    });
    Round {
        at: Timestamp::now(),
        took: Duration::from_millis(400),
        findings: findings.collect(),
    }
}
