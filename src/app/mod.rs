//! The composition root: settings in, parts together, supervision, exit code out.

mod args;
mod chat;
mod check;
mod compose;
mod console;
mod daemon;
mod deploy;
mod drill;
mod hands;
mod http;
mod notify;
mod own;
mod services;
mod telemetry;
mod watch;

pub use args::Cli;

use crate::cli::Exit;
use crate::cli::args::{Backup, Broadcast, Runbook, Runs, Totp};
use crate::config::{BaseSettings, ConfigError, EnvFile, Loaded, Settings, Sources};
use crate::i18n::{I18n, Locale};
use crate::ports::redact;
use crate::runbook::RunbookError;
use crate::runbook::papers::PaperError;
use crate::runbook::providers::ProvidersError;
use crate::runbook::schema::SchemaError;
use args::Command;
use clap::Parser;
use jiff::tz::TimeZone;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What the program does from its arguments to its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::tell_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(dispatch(cli));
            // A question at the terminal may still wait for its answer.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(error.into()),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(
                if is_of_settings(&error) {
                    Exit::Usage
                } else {
                    Exit::Failed
                }
                .code(),
            )
        }
    }
}

/// Whether a setting, or a file that settings name, has to be mended first.
fn is_of_settings(error: &anyhow::Error) -> bool {
    error.is::<ConfigError>()
        || error.is::<RunbookError>()
        || error.is::<PaperError>()
        || error.is::<ProvidersError>()
        || error.is::<SchemaError>()
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let file = cli.env_file.clone().map_or(EnvFile::Here, EnvFile::At);
    let exit = match &cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(args) => return Ok(crate::demo::run(args).await?),
        #[cfg(feature = "demo")]
        Command::Hidden(command) => return Ok(crate::demo::cli::run_hidden(command).await?),
        Command::Run => daemon::run(full(&file)?).await?,
        Command::Runbook(Runbook::Validate { dir }) => console::validate(&base(&file)?, dir)?,
        Command::State(command) => own::command(&base(&file)?, command).await?,
        Command::Totp(wanted) => totp(wanted)?,
        Command::Check(json) => {
            let sources = Sources::of_process(&file);
            sources.each_secret(|_, secret| redact::know(secret));
            check::run(&sources, json.json).await?
        }
        Command::Runs(Runs::List(_))
        | Command::Broadcast(Broadcast::List(_) | Broadcast::Status { .. }) => {
            console::look(&base(&file)?, &cli.command).await?
        }
        command @ (Command::Recover(_)
        | Command::Runs(_)
        | Command::Drill(_)
        | Command::Jobs(_)
        | Command::Broadcast(_)
        | Command::Payments(_)
        | Command::Backup(
            Backup::Create(_) | Backup::Prune(_) | Backup::Verify { .. },
        )) => console::act(&full(&file)?, command).await?,
        Command::Deploy(command) => deploy::run(command, || base(&file)).await?,
        command => console::look(&base(&file)?, command).await?,
    };
    Ok(ExitCode::from(exit.code()))
}

/// Works before anything is configured, and in English: what is printed goes into the settings.
fn totp(wanted: &Totp) -> anyhow::Result<Exit> {
    let i18n = I18n::new(TimeZone::UTC)?;
    Ok(crate::cli::totp(&i18n, Locale::En, wanted)?)
}

fn full(file: &EnvFile) -> anyhow::Result<Settings> {
    let sources = Sources::of_process(file);
    sources.each_secret(|_, secret| redact::know(secret));
    let loaded = Settings::load(&sources)?;
    telemetry::start(&loaded.settings.base.log);
    warn_of_open_files(&sources, &loaded.settings.base.state_dir);
    Ok(announced(loaded))
}

fn base(file: &EnvFile) -> anyhow::Result<BaseSettings> {
    let sources = Sources::of_process(file);
    sources.each_secret(|_, secret| redact::know(secret));
    let loaded = BaseSettings::load(&sources)?;
    telemetry::start(&loaded.settings.log);
    Ok(announced(loaded))
}

/// Says which files with secrets, or of the state, others may read.
fn warn_of_open_files(sources: &Sources, state_dir: &Path) {
    let of_state = ["state.db", "state.db-wal", "audit.key"].map(|name| state_dir.join(name));
    let is_open = |file: &PathBuf| {
        // What lies in a closed folder is closed.
        let closed = file.parent().is_some_and(is_closed);
        !closed && !is_closed(file)
    };
    let all = sources.secret_files().into_iter().chain(of_state);
    for file in all.filter(is_open) {
        tracing::warn!(
            file = %file.display(),
            "everybody on this machine may read it; `rei-recovery check` says how to mend that"
        );
    }
}

fn is_closed(path: &Path) -> bool {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    std::fs::metadata(path).is_ok_and(|found| found.mode() & 0o007 == 0) || !path.exists()
}

fn announced<T>(loaded: Loaded<T>) -> T {
    for notice in &loaded.notices {
        tracing::warn!("{notice}");
    }
    loaded.settings
}

/// Tells on standard error; when even that is closed there is nobody left to tell.
fn complain(text: &str) {
    let text = redact::clean(text);
    drop(writeln!(std::io::stderr().lock(), "rei-recovery: {text}"));
}
