//! Dashboard and alert rules ask only for what is really told.

use super::exposition::Exposition;
use super::promql::{Named, named};
use super::scene::{Scene, full_round};
use crate::guards::source::root;
use rei_recovery::domain::backup::{BackupTime, ContentHash, Place, VerificationRecord};
use rei_recovery::ports::backups::Verifications;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

/// What Prometheus adds itself.
const ADDED: [&str; 2] = ["job", "instance"];

/// An expression, where it stands, and the labels that the text around it shows.
struct Asked {
    place: String,
    named: Named,
    shown: BTreeSet<String>,
}

#[tokio::test]
async fn the_alert_rules_ask_for_what_is_told() {
    let text = read("deploy/prometheus/rei-recovery.rules.yml");
    let rules = YamlLoader::load_from_str(&text).unwrap();
    let mut asked = Vec::new();
    let mut names = BTreeSet::new();
    for group in rules[0]["groups"].as_vec().unwrap() {
        for rule in group["rules"].as_vec().unwrap() {
            let word = |yaml: &Yaml| {
                yaml.as_str()
                    .unwrap_or_else(|| panic!("{rule:?}"))
                    .to_owned()
            };
            let name = word(&rule["alert"]);
            assert!(names.insert(name.clone()), "{name} stands twice");
            let severity = word(&rule["labels"]["severity"]);
            assert!(
                ["warning", "critical"].contains(&severity.as_str()),
                "{name}"
            );
            let summary = word(&rule["annotations"]["summary"]);
            let text = summary + &word(&rule["annotations"]["description"]);
            let shown = text.split("$labels.").skip(1);
            let shown = shown.map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')));
            asked.push(Asked {
                named: named(&word(&rule["expr"])),
                shown: shown
                    .filter_map(|mut words| words.next())
                    .map(str::to_owned)
                    .collect(),
                place: name,
            });
        }
    }
    assert!(asked.len() >= 12);
    hold(&asked, &told().await);
}

#[tokio::test]
async fn the_dashboard_asks_for_what_is_told() {
    let board: Value = serde_json::from_str(&read("deploy/grafana/rei-recovery.json")).unwrap();
    let mut asked = Vec::new();
    for panel in board["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        for target in panel["targets"].as_array().unwrap() {
            let legend = target["legendFormat"].as_str().unwrap();
            let shown = legend.split("{{").skip(1);
            let shown = shown.map(|rest| rest.split("}}").next().unwrap().trim().to_owned());
            asked.push(Asked {
                place: title.to_owned(),
                named: named(target["expr"].as_str().unwrap()),
                shown: shown.collect(),
            });
        }
    }
    for variable in board["templating"]["list"].as_array().unwrap() {
        let query = variable["query"].as_str().unwrap();
        if let Some(inner) = query.strip_prefix("label_values(") {
            let (metric, label) = inner.trim_end_matches(')').split_once(',').unwrap();
            asked.push(Asked {
                place: "a variable".to_owned(),
                named: named(metric),
                shown: BTreeSet::from([label.trim().to_owned()]),
            });
        }
    }
    assert!(asked.len() >= 25);
    hold(&asked, &told().await);
}

#[tokio::test]
async fn a_name_that_nobody_tells_is_noticed() {
    let told = told().await;
    for wrong in [
        "rei_recovery_component_dept",
        "rei_recovery_component_depth{queue=\"x\"}",
        "sum by (queue) (rei_recovery_component_depth)",
    ] {
        let asked = Asked {
            place: "a test".to_owned(),
            named: named(wrong),
            shown: BTreeSet::new(),
        };
        assert!(!problems(&asked, &told).is_empty(), "{wrong}");
    }
}

fn hold(asked: &[Asked], told: &Exposition) {
    let wrong: Vec<String> = asked.iter().flat_map(|one| problems(one, told)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn problems(asked: &Asked, told: &Exposition) -> Vec<String> {
    let names = told.names();
    let mut all = labels(told, None);
    all.extend(ADDED.map(str::to_owned));
    let mut wrong = Vec::new();
    for (metric, wanted) in &asked.named.metrics {
        let known = names.contains(metric) || metric == "up";
        if !known {
            wrong.push(format!("{}: nobody tells {metric}", asked.place));
        }
        let mut has = labels(told, Some(metric));
        has.extend(ADDED.map(str::to_owned));
        for label in wanted.difference(&has) {
            wrong.push(format!("{}: {metric} has no {label}", asked.place));
        }
    }
    let mut has: BTreeSet<String> = BTreeSet::from(ADDED.map(str::to_owned));
    for metric in asked.named.metrics.keys() {
        has.extend(labels(told, Some(metric)));
    }
    for label in asked.named.grouped.union(&asked.shown) {
        if !has.contains(label) {
            wrong.push(format!("{}: nothing there has {label}", asked.place));
        }
    }
    wrong
}

/// The labels of a metric, or of all.
fn labels(told: &Exposition, metric: Option<&str>) -> BTreeSet<String> {
    let samples = told.samples.iter();
    samples
        .filter(|sample| metric.is_none_or(|metric| sample.name == metric))
        .flat_map(|sample| sample.labels.keys().cloned())
        .collect()
}

/// A scrape of a server that has something to say about everything.
async fn told() -> Exposition {
    let dir = TempDir::new().unwrap();
    let scene = Scene::well(dir.path()).await;
    scene.rounds.send_replace(Some(Arc::new(full_round())));
    ended_run(dir.path());
    let record = VerificationRecord {
        time: "20261120_030000".parse::<BackupTime>().unwrap(),
        content: ContentHash("ab".repeat(32)),
        bytes: 1,
        counts: BTreeMap::new(),
        verified_at: "2026-11-20T04:00:00Z".parse().unwrap(),
        sqlite: "3.51.3".to_owned(),
    };
    scene.store.keep(&Place::Folder, &record).await.unwrap();
    let told = Exposition::read(&scene.get("/metrics").await.1);
    let recovered = [("runbook", "redis-failure"), ("outcome", "recovered")];
    assert_eq!(told.value("rei_recovery_runs_total", &recovered), Some(1.0));
    let verified = told.value("rei_recovery_backup_verified_timestamp_seconds", &[]);
    assert_eq!(verified, Some(1_795_147_200.0));
    told
}

/// A run as it lies in the state when it has ended.
fn ended_run(dir: &Path) {
    let state = Connection::open(dir.join("state.db")).unwrap();
    state
        .execute_batch(
            r#"INSERT INTO runs (runbook, plan, plan_hash, requester, phase)
               VALUES ('redis-failure', '{}', '', '{}', 'finished');
               INSERT INTO events (run, position, at, event) VALUES (1, 1, '2026-11-20T04:00:00Z',
                 '{"event":"finished","outcome":"recovered"}')"#,
        )
        .unwrap();
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}
