//! `check`: tries every connection and permission, and says how to mend each failure.

use super::compose::{self, House};
use crate::cli::Exit;
use crate::config::{ConfigError, Settings, Sources};
use crate::domain::failure::{Arg, Args, Failure, FailureCode};
use crate::domain::unit::UnitState;
use crate::i18n::{I18n, Locale};
use crate::ports::PortResult;
use crate::ports::database::FileHolders;
use crate::telegram::{self, GroupRights};
use comfy_table::{ContentArrangement, Table, presets};
use futures::future::join_all;
use serde::Serialize;
use std::io::Write;
use std::time::Duration;

/// No check may take longer.
const DEADLINE: Duration = Duration::from_secs(15);

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    /// Works, with less than it could.
    Warning,
    /// Required, and does not work.
    Failed,
}

/// One line of the table.
#[derive(Debug, Serialize)]
struct Finding {
    check: String,
    verdict: Verdict,
    found: String,
    mend: Option<String>,
}

/// Runs all checks.
///
/// # Errors
/// The terminal; whatever the checks find is an answer.
pub(super) async fn run(sources: &Sources, json: bool) -> anyhow::Result<Exit> {
    let settings = match Settings::load(sources) {
        Ok(loaded) => super::announced(loaded),
        Err(error) => return misconfigured(error, json),
    };
    let house = compose::build(
        &settings.base,
        settings.approvals.clone(),
        Some(&settings.telegram),
    )
    .await?;
    let checker = Checker {
        house: &house,
        settings: &settings,
    };
    let findings = checker.all().await;
    if json {
        writeln!(
            std::io::stdout().lock(),
            "{}",
            serde_json::to_string_pretty(&findings)?
        )?;
    } else {
        print(&house.i18n, house.locale, &findings)?;
    }
    let failed = findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Failed);
    Ok(if failed { Exit::Usage } else { Exit::Done })
}

fn misconfigured(error: ConfigError, json: bool) -> anyhow::Result<Exit> {
    if !json {
        return Err(error.into());
    }
    writeln!(
        std::io::stdout().lock(),
        "{}",
        serde_json::to_string_pretty(&error)?
    )?;
    Ok(Exit::Usage)
}

fn print(i18n: &I18n, locale: Locale, findings: &[Finding]) -> anyhow::Result<()> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    for finding in findings {
        let verdict = match finding.verdict {
            Verdict::Ok => "check-ok",
            Verdict::Warning => "check-warning",
            Verdict::Failed => "check-failed",
        };
        let mut text = finding.found.clone();
        if let Some(mend) = &finding.mend {
            text = format!("{text}\n→ {mend}");
        }
        table.add_row(vec![
            i18n.plain(locale, verdict, &Args::new()),
            finding.check.clone(),
            text,
        ]);
    }
    writeln!(std::io::stdout().lock(), "{table}")?;
    Ok(())
}

struct Checker<'a> {
    house: &'a House,
    settings: &'a Settings,
}

impl Checker<'_> {
    async fn all(&self) -> Vec<Finding> {
        let mut findings = vec![self.state()];
        let units = join_all(
            self.settings
                .base
                .patient
                .units
                .iter()
                .map(|unit| self.unit(unit)),
        );
        let (units, database, schema, holders, backups, team, rei) = tokio::join!(
            units,
            self.database(),
            self.schema(),
            self.holders(),
            self.backups(),
            self.team(),
            self.rei_bot(),
        );
        findings.extend(units);
        findings.extend([database, schema, holders]);
        findings.extend(backups);
        findings.extend([team, rei]);
        findings
    }

    /// The state was opened to come here; what is left is whether it can be written.
    fn state(&self) -> Finding {
        let dir = &self.settings.base.state_dir;
        let probe = tempfile_in(dir);
        let args = path(dir);
        match probe {
            Ok(()) => self.ok("state", "check-state-ok", &args),
            Err(error) => self.failed(
                "state",
                &Failure::new(FailureCode::FileAccessDenied)
                    .with("path", dir.display().to_string())
                    .because(error),
            ),
        }
    }

    async fn unit(&self, unit: &crate::domain::unit::UnitName) -> Finding {
        let name = format!("unit {unit}");
        match within(self.house.units.status(unit)).await {
            Ok(status) => {
                let state = self.text(
                    "unit-state",
                    &Args::from([("state".into(), status.state.as_str().into())]),
                );
                let verdict = if status.state == UnitState::Active {
                    Verdict::Ok
                } else {
                    Verdict::Warning
                };
                Finding {
                    check: name,
                    verdict,
                    found: state,
                    mend: None,
                }
            }
            Err(failure) => self.failed(&name, &failure),
        }
    }

    async fn database(&self) -> Finding {
        use crate::ports::glance::DatabaseGlance;
        let database = &self.settings.base.patient.database;
        match within(self.house.checks.glance(database)).await {
            Ok(glance) => match glance.readable {
                Ok(()) => self.ok(
                    "database",
                    "check-database-ok",
                    &Args::from([
                        ("path".into(), database.display().to_string().into()),
                        ("size".into(), Arg::Bytes(glance.size.unwrap_or_default())),
                        ("free".into(), Arg::Bytes(glance.free)),
                    ]),
                ),
                // A broken database is what this program is for; it is no broken installation.
                Err(failure) => self.warning("database", &failure),
            },
            Err(failure) => self.failed("database", &failure),
        }
    }

    async fn schema(&self) -> Finding {
        let missing = within(
            self.house
                .checks
                .missing(&self.settings.base.patient.database),
        )
        .await;
        match missing {
            Ok(missing) if missing.is_empty() => self.ok("schema", "check-schema-ok", &Args::new()),
            Ok(missing) => {
                let args = Args::from([("missing".into(), missing.join(", ").into())]);
                Finding {
                    check: "schema".to_owned(),
                    verdict: Verdict::Failed,
                    found: self.text("check-schema-missing", &args),
                    mend: Some(self.text("check-schema-mend", &args)),
                }
            }
            Err(failure) => self.warning("schema", &failure),
        }
    }

    /// Without a sight of all processes no database is ever proved closed.
    async fn holders(&self) -> Finding {
        let holders = crate::adapters::file_holders::ProcHolders;
        match within(holders.holders(&self.settings.base.patient.database)).await {
            Ok(report) if report.hidden == 0 => {
                let count = Arg::Number(i64::try_from(report.seen).unwrap_or(i64::MAX));
                self.ok(
                    "open files",
                    "check-holders-ok",
                    &Args::from([("count".into(), count)]),
                )
            }
            Ok(report) => self.failed(
                "open files",
                &Failure::new(FailureCode::HoldersHidden).with(
                    "processes",
                    i64::try_from(report.hidden).unwrap_or(i64::MAX),
                ),
            ),
            Err(failure) => self.failed("open files", &failure),
        }
    }

    async fn backups(&self) -> Vec<Finding> {
        let catalogue = self.house.ops.catalogue().await;
        let mut findings: Vec<Finding> = catalogue
            .unreadable
            .iter()
            .map(|(place, failure)| {
                self.failed(&format!("backups {place:?}").to_lowercase(), failure)
            })
            .collect();
        findings.push(match catalogue.latest(self.house.ops.now()) {
            Some(newest) => self.ok(
                "backups",
                "check-backups-ok",
                &Args::from([
                    (
                        "count".into(),
                        Arg::Number(i64::try_from(catalogue.backups.len()).unwrap_or(i64::MAX)),
                    ),
                    ("newest".into(), newest.backup.time.to_string().into()),
                ]),
            ),
            None => self.failed("backups", &Failure::new(FailureCode::NoBackup)),
        });
        findings
    }

    async fn team(&self) -> Finding {
        let telegram = &self.settings.telegram;
        let looked = async {
            let bot = telegram::client(&telegram.admin_token, &telegram.api_url)
                .map_err(|error| error.to_string())?;
            telegram::look_at_group(&bot, telegram.audit_chat).await
        };
        let (key, mend, args) = match looked.await {
            Ok(GroupRights {
                bot,
                title,
                can_write,
            }) => {
                let args = Args::from([("bot".into(), bot.into()), ("title".into(), title.into())]);
                if can_write {
                    return self.ok("team group", "check-team-ok", &args);
                }
                ("check-team-mute", "check-team-mend", args)
            }
            Err(cause) => (
                "check-team-unreachable",
                "check-team-unreachable-mend",
                Args::from([("cause".into(), cause.into())]),
            ),
        };
        Finding {
            check: "team group".to_owned(),
            verdict: Verdict::Failed,
            found: self.text(key, &args),
            mend: Some(self.text(mend, &args)),
        }
    }

    async fn rei_bot(&self) -> Finding {
        let Some(bot) = &self.house.rei_bot else {
            return Finding {
                check: "REI's bot".to_owned(),
                verdict: Verdict::Warning,
                found: self.text("check-rei-absent", &Args::new()),
                mend: Some(self.text("check-rei-mend", &Args::new())),
            };
        };
        match within(bot.username()).await {
            Ok(username) => self.ok(
                "REI's bot",
                "check-rei-ok",
                &Args::from([("bot".into(), username.into())]),
            ),
            Err(failure) => self.failed("REI's bot", &failure),
        }
    }

    fn text(&self, key: &str, args: &Args) -> String {
        self.house.i18n.plain(self.house.locale, key, args)
    }

    fn ok(&self, check: &str, key: &str, args: &Args) -> Finding {
        Finding {
            check: check.to_owned(),
            verdict: Verdict::Ok,
            found: self.text(key, args),
            mend: None,
        }
    }

    fn failed(&self, check: &str, failure: &Failure) -> Finding {
        let key = format!("failure-{}", failure.code.as_str());
        let mut found = self.text(&key, &failure.args);
        if let Some(cause) = &failure.detail {
            found = format!("{found} ({cause})");
        }
        Finding {
            check: check.to_owned(),
            verdict: Verdict::Failed,
            found,
            mend: Some(self.text(&format!("{key}.hint"), &failure.args)),
        }
    }

    fn warning(&self, check: &str, failure: &Failure) -> Finding {
        Finding {
            verdict: Verdict::Warning,
            ..self.failed(check, failure)
        }
    }
}

fn path(path: &std::path::Path) -> Args {
    Args::from([("path".to_owned(), path.display().to_string().into())])
}

fn tempfile_in(dir: &std::path::Path) -> std::io::Result<()> {
    let probe = dir.join(format!(".check-{}", std::process::id()));
    std::fs::write(&probe, b"check")?;
    std::fs::remove_file(&probe)
}

async fn within<T>(check: impl Future<Output = PortResult<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(DEADLINE, check).await {
        Ok(answer) => answer.map_err(Failure::from),
        Err(_) => Err(Failure::new(FailureCode::TimedOut).with("seconds", DEADLINE)),
    }
}
