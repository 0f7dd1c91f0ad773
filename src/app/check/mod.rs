//! `check`: tries every setting, permission and connection, and says how to mend each failure.
//!
//! All at once, each with its own deadline: a peer that hangs costs its own line and no other. Nothing
//! of REI is changed: what is written to prove that it can be is removed at once. The program's own
//! state is neither made nor migrated, for `check` may be run by another user than the service's.

mod backups;
mod clock;
mod database;
mod finding;
mod folders;
mod listen;
mod money;
mod people;
mod queue;
mod runbooks;
mod settings;
mod state;
mod switches;
mod team;
mod units;

use crate::cli::Exit;
use crate::config::{Loaded, Settings, Sources};
use crate::domain::failure::{Args, Failure};
use crate::i18n::I18n;
use crate::ports::{PortResult, redact};
use comfy_table::{ContentArrangement, Table, presets};
use finding::{Finding, Verdict, Words, args};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use std::io::Write;
use std::time::Duration;

/// No check may take longer.
const DEADLINE: Duration = Duration::from_secs(15);

/// Runs all checks.
///
/// # Errors
/// The terminal; whatever the checks find is an answer.
pub(super) async fn run(sources: &Sources, json: bool) -> anyhow::Result<Exit> {
    let loaded = match Settings::load(sources) {
        Ok(loaded) => loaded,
        Err(error) if json => return told_as_json(&settings::misconfigured(&error)),
        Err(error) => return Err(error.into()),
    };
    let base = &loaded.settings.base;
    let checker = Checker {
        words: Words {
            i18n: I18n::new(base.zone.clone())?,
            locale: base.locale,
        },
        loaded: &loaded,
        sources,
    };
    let findings = checker.all().await;
    if json {
        return told_as_json(&findings);
    }
    print(&checker.words, &findings)?;
    Ok(exit(&findings))
}

fn exit(findings: &[Finding]) -> Exit {
    let failed = |finding: &Finding| finding.verdict == Verdict::Failed;
    match findings.iter().any(failed) {
        true => Exit::Usage,
        false => Exit::Done,
    }
}

fn told_as_json(findings: &[Finding]) -> anyhow::Result<Exit> {
    let text = serde_json::to_string_pretty(findings)?;
    writeln!(std::io::stdout().lock(), "{}", redact::clean(&text))?;
    Ok(exit(findings))
}

fn print(words: &Words, findings: &[Finding]) -> anyhow::Result<()> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    for finding in findings {
        let mut text = finding.found.clone();
        if let Some(mend) = &finding.mend {
            text = format!("{text}\n→ {mend}");
        }
        table.add_row(vec![
            words.text(finding.verdict.key(), &Args::new()),
            finding.check.clone(),
            text,
        ]);
    }
    let table = table.to_string();
    writeln!(std::io::stdout().lock(), "{}", redact::clean(&table))?;
    Ok(())
}

/// What every check needs.
struct Checker<'a> {
    words: Words,
    loaded: &'a Loaded<Settings>,
    sources: &'a Sources,
}

/// The findings of one check.
type Check<'a> = BoxFuture<'a, Vec<Finding>>;

impl Checker<'_> {
    fn settings(&self) -> &Settings {
        &self.loaded.settings
    }

    /// In the order people read them.
    async fn all(&self) -> Vec<Finding> {
        let required = |name: &'static str, check| self.within(name, Verdict::Failed, check);
        let optional = |name: &'static str, check| self.within(name, Verdict::Warning, check);
        let checks: Vec<Check<'_>> = vec![
            settings::check(self).boxed(),
            required("runbooks", runbooks::check(self).boxed()),
            required("state", state::check(self).boxed()),
            optional("secrets", state::secrets(self).boxed()),
            units::check(self).boxed(),
            required("database", database::check(self).boxed()),
            required("schema", database::schema(self).boxed()),
            required("open files", database::holders(self).boxed()),
            required("REI's folder", folders::check(self).boxed()),
            required("switches", switches::check(self).boxed()),
            required("programs", switches::programs(self).boxed()),
            backups::check(self).boxed(),
            optional("redis", queue::check(self).boxed()),
            optional("yookassa", money::yookassa(self).boxed()),
            optional("yookassa status", money::page(self).boxed()),
            optional("providers", money::providers(self).boxed()),
            required("team group", team::check(self).boxed()),
            optional("approvers", people::approvers(self).boxed()),
            optional("admins", people::admins(self).boxed()),
            required("REI's bot", team::rei(self).boxed()),
            optional("clock", clock::check(self).boxed()),
            clock::zone(self).boxed(),
            required("http", listen::check(self).boxed()),
        ];
        join_all(checks).await.concat()
    }

    /// A check with its deadline; one that misses it is a finding of this verdict.
    fn within<'a>(&'a self, name: &'static str, verdict: Verdict, check: Check<'a>) -> Check<'a> {
        async move {
            match tokio::time::timeout(DEADLINE, check).await {
                Ok(findings) => findings,
                Err(_) => vec![self.silent(name, verdict)],
            }
        }
        .boxed()
    }

    fn silent(&self, name: impl Into<String>, verdict: Verdict) -> Finding {
        let args = args([("seconds", DEADLINE.into())]);
        Finding {
            verdict,
            ..self.words.wrong(name, "check-silent", &args)
        }
    }
}

/// What a port said, as a failure.
fn heard<T>(answer: PortResult<T>) -> Result<T, Failure> {
    answer.map_err(Failure::from)
}

/// Runs blocking work; a panic there is told like silence.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// A shared client for one-off questions, with limits on every call.
fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// The units that a recovery touches: REI's, and Redis's.
fn all_units(settings: &Settings) -> Vec<crate::domain::unit::UnitName> {
    let patient = &settings.base.patient;
    let mut units = patient.units.clone();
    if !units.contains(&patient.redis_unit) {
        units.push(patient.redis_unit.clone());
    }
    units
}
