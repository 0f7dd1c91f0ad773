//! `state list | copy | restore | new`: needs no state that can be used.

use super::copier::Copier;
use super::restore::{self, Restored};
use crate::app::compose;
use crate::app::console::{Seat, seat};
use crate::cli::Exit;
use crate::cli::args::{Json, OwnPlace, Sure, Taken};
use crate::config::BaseSettings;
use crate::domain::Timestamp;
use crate::domain::audit::AuditDraft;
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::own_copy::OwnCopy;
use crate::i18n::I18n;
use crate::ports::PortError;
use crate::ports::clock::SystemClock;
use crate::ports::journal::AuditTrail;
use crate::store::{InstanceLock, LockError, Store};
use crate::tasks::own_copies::{Copies, make};
use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A service without a state looks at it for so long at most.
const LOOKED: Duration = Duration::from_secs(10);
/// How often the lock is tried meanwhile.
const LOCK_AGAIN: Duration = Duration::from_millis(200);

/// This program's own state.
#[derive(Debug, Subcommand)]
pub enum State {
    /// Copies of it in the folder and the bucket, newest first.
    List(Json),
    /// Makes a copy now, as each hour.
    Copy(Json),
    /// Puts a copy in the place of what is there; what is there is kept in STATE_DIR/set-aside. The
    /// service must not be at work on it.
    Restore {
        /// Which: `latest` or its timestamp.
        #[arg(value_name = "TIMESTAMP|latest")]
        copy: Taken,
        /// From where; else from the nearest place that has it.
        #[arg(long)]
        from: Option<OwnPlace>,
        /// How it is done.
        #[command(flatten)]
        sure: Sure,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Begins with an empty state; what is there is kept in STATE_DIR/set-aside.
    New(Sure),
}

/// Carries it out.
///
/// # Errors
/// The settings, the state's folder, a place of copies, or the terminal.
pub(in crate::app) async fn run(base: &BaseSettings, command: &State) -> anyhow::Result<Exit> {
    let hand = Hand {
        base,
        i18n: I18n::new(base.zone.clone())?,
        seat: seat(base),
    };
    match command {
        State::List(json) => hand.list(json.json).await,
        State::Copy(json) => hand.copy(json.json).await,
        State::Restore {
            copy,
            from,
            sure,
            json,
        } => hand.restore((*copy, *from), *sure, *json).await,
        State::New(sure) => hand.anew(*sure).await,
    }
}

struct Hand<'a> {
    base: &'a BaseSettings,
    i18n: I18n,
    seat: Seat,
}

impl Hand<'_> {
    fn text(&self, key: &str, args: &Args) -> String {
        self.i18n.plain(self.base.locale, key, args)
    }

    fn say(&self, key: &str, args: &Args) -> anyhow::Result<()> {
        Ok(writeln!(
            std::io::stdout().lock(),
            "{}",
            self.text(key, args)
        )?)
    }

    fn print(&self, value: &Value) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        Ok(writeln!(std::io::stdout().lock(), "{text}")?)
    }

    fn complain(&self, key: &str, args: &Args) {
        crate::app::complain(&self.text(key, args));
    }

    fn place(&self, copy: &str) -> String {
        let args = Args::from([("place".to_owned(), copy.into())]);
        self.text("place", &args)
    }

    fn explain(&self, failure: &Failure) -> String {
        let key = format!("failure-{}", failure.code.as_str());
        let said = self.text(&key, &failure.args);
        let told = match &failure.detail {
            Some(cause) => format!("{said} ({cause})"),
            None => said,
        };
        let hint = format!("{key}.hint");
        match self.i18n.has(&hint) {
            true => format!("{told}\n{}", self.text(&hint, &failure.args)),
            false => told,
        }
    }

    fn failed(&self, error: &PortError) -> Exit {
        crate::app::complain(&self.explain(&error.failure));
        Exit::Failed
    }

    async fn list(&self, as_json: bool) -> anyhow::Result<Exit> {
        let copies = Copies::of(&compose::own_places(self.base).await).await;
        for (place, error) in &copies.unreadable {
            let why = self.explain(&error.failure);
            crate::app::complain(&format!("{}: {why}", self.place(place.as_str())));
        }
        if as_json {
            self.print(&json!({ "copies": copies.found }))?;
        } else if !copies.found.is_empty() {
            self.table(&copies.found)?;
        }
        Ok(
            match (copies.found.is_empty(), copies.unreadable.is_empty()) {
                (false, _) => Exit::Done,
                (true, true) => Exit::NothingToDo,
                (true, false) => Exit::Failed,
            },
        )
    }

    fn table(&self, copies: &[OwnCopy]) -> anyhow::Result<()> {
        let mut table = Table::new();
        let columns = ["time", "age", "size", "place"];
        let named = columns.map(|name| self.text(&format!("cli-backup-{name}"), &Args::new()));
        table.load_style(presets::NOTHING).set_header(named);
        let (locale, now) = (self.base.locale, Timestamp::now());
        for copy in copies {
            let age = now.duration_since(copy.time.at());
            table.add_row([
                copy.time.to_string(),
                self.i18n.length(locale, age.try_into().unwrap_or_default()),
                self.i18n.size(locale, copy.size),
                self.place(copy.place.as_str()),
            ]);
        }
        Ok(writeln!(std::io::stdout().lock(), "{table}")?)
    }

    async fn copy(&self, as_json: bool) -> anyhow::Result<Exit> {
        let places = compose::own_places(self.base).await;
        let state = Copier::new(&self.base.state_dir, "copying-by-hand");
        let put = match make(&state, &places, Timestamp::now()).await {
            Ok(put) => put,
            Err(error) => return Ok(self.failed(&error)),
        };
        let well = put.iter().all(|put| put.result.is_ok());
        for put in &put {
            let place = ("place".to_owned(), Arg::from(put.name.as_str()));
            match &put.result {
                Ok(()) if as_json => {}
                Ok(()) => self.say("state-copied", &Args::from([place]))?,
                Err(error) => {
                    let why = self.explain(&error.failure);
                    crate::app::complain(&format!("{}: {why}", put.name));
                }
            }
        }
        if as_json {
            let each = put.iter().map(|put| {
                json!({ "place": put.place, "copied": put.result.is_ok(),
                        "failure": put.result.as_ref().err().map(|error| &error.failure) })
            });
            self.print(&json!({ "places": each.collect::<Vec<_>>() }))?;
        }
        Ok(if well { Exit::Done } else { Exit::Failed })
    }

    async fn restore(
        &self,
        (wanted, from): (Taken, Option<OwnPlace>),
        sure: Sure,
        as_json: bool,
    ) -> anyhow::Result<Exit> {
        let places = compose::own_places(self.base).await;
        let copies = Copies::of(&places).await;
        let from = from.map(OwnPlace::place);
        let Some(copy) = copies.choose(wanted.0, from.as_ref(), Timestamp::now()) else {
            self.complain("state-no-copy", &Args::new());
            return Ok(Exit::NothingToDo);
        };
        let args = Args::from([
            ("copy".to_owned(), copy.time.to_string().into()),
            ("place".to_owned(), copy.place.as_str().into()),
            ("dir".to_owned(), self.dir()),
        ]);
        if sure.dry_run {
            self.say("state-would-restore", &args)?;
            return Ok(Exit::Done);
        }
        let _lock = match self.take(sure, ("state-ask-restore", &args)).await? {
            Ok(lock) => lock,
            Err(exit) => return Ok(exit),
        };
        let Some(place) = places.iter().find(|place| place.place() == copy.place) else {
            return Ok(Exit::Failed);
        };
        let by = self.seat.actor.clone();
        let restored =
            match restore::restore(&self.base.state_dir, place.as_ref(), (copy, by)).await {
                Ok(restored) => restored,
                Err(error) => return Ok(self.failed(&error)),
            };
        if as_json {
            self.print(&told_as_json(copy, &restored))?;
        } else {
            self.tell(&args, &restored)?;
        }
        Ok(Exit::Done)
    }

    fn tell(&self, args: &Args, restored: &Restored) -> anyhow::Result<()> {
        self.say("state-restored", args)?;
        let mut args = args.clone();
        if let Some(aside) = &restored.aside {
            args.insert("aside".to_owned(), aside.display().to_string().into());
            self.say("state-kept", &args)?;
        }
        match restored.missing {
            Some(missing) => {
                let missing = i64::try_from(missing).unwrap_or(i64::MAX);
                args.insert("missing".to_owned(), missing.into());
                self.say("state-missing", &args)?;
            }
            None => self.say("state-missing-unknown", &args)?,
        }
        match restored.inspection.head {
            None => self.say("state-no-trail", &args)?,
            Some(head) if !head.sealed || !restored.inspection.unbroken => {
                self.say("state-other-key", &args)?;
            }
            Some(_) => {}
        }
        let runs: Vec<String> = restored
            .settled
            .runs
            .iter()
            .map(ToString::to_string)
            .collect();
        if !runs.is_empty() {
            args.insert("runs".to_owned(), runs.join(", ").into());
            self.say("state-runs-ended", &args)?;
        }
        if restored.settled.notices > 0 {
            let notices = i64::try_from(restored.settled.notices).unwrap_or(i64::MAX);
            args.insert("notices".to_owned(), notices.into());
            self.say("state-notices-ended", &args)?;
        }
        if restored.settled.chores > 0 {
            let chores = i64::try_from(restored.settled.chores).unwrap_or(i64::MAX);
            args.insert("chores".to_owned(), chores.into());
            self.say("state-chores-ended", &args)?;
        }
        Ok(())
    }

    fn dir(&self) -> Arg {
        self.base.state_dir.display().to_string().into()
    }

    async fn anew(&self, sure: Sure) -> anyhow::Result<Exit> {
        let args = Args::from([("dir".to_owned(), self.dir())]);
        if sure.dry_run {
            self.say("state-would-begin", &args)?;
            return Ok(Exit::Done);
        }
        let _lock = match self.take(sure, ("state-ask-new", &args)).await? {
            Ok(lock) => lock,
            Err(exit) => return Ok(exit),
        };
        let dir = &self.base.state_dir;
        let aside = match restore::set_aside(dir, Timestamp::now()) {
            Ok(aside) => aside,
            Err(error) => return Ok(self.failed(&error)),
        };
        let mut detail = Args::new();
        if let Some(aside) = &aside {
            detail.insert("aside".to_owned(), aside.display().to_string().into());
            self.say("state-kept", &detail)?;
        }
        let store = match Store::open(dir, Arc::new(SystemClock)) {
            Ok(store) => store,
            Err(error) => return Ok(self.failed(&restore::unusable(&error))),
        };
        let draft = AuditDraft {
            actor: self.seat.actor.clone(),
            verb: "begin-state".to_owned(),
            subject: "state.db".to_owned(),
            run: None,
            outcome: "ok".to_owned(),
            detail,
            announce: true,
        };
        AuditTrail::write(&store, draft, Vec::new()).await?;
        if let Err(error) = restore::own(&dir.join("state.db"), dir) {
            return Ok(self.failed(&error));
        }
        self.say("state-begun", &args)?;
        Ok(Exit::Done)
    }

    /// The right to change the state: who may, was asked, and nobody works on it.
    async fn take(
        &self,
        sure: Sure,
        (question, args): (&str, &Args),
    ) -> anyhow::Result<Result<InstanceLock, Exit>> {
        let allowed = match sure.yes {
            true => self.seat.trusted,
            false => crate::cli::confirm(&self.i18n, self.base.locale, (question, args)).await?,
        };
        if !allowed {
            let key = if sure.yes {
                "cli-yes-refused"
            } else {
                "state-not-changed"
            };
            self.complain(key, args);
            return Ok(Err(Exit::Refused));
        }
        let dir = &self.base.state_dir;
        match lock(dir).await {
            Ok(lock) => Ok(Ok(lock)),
            Err(LockError::Held { .. }) => {
                self.complain("state-at-work", args);
                Ok(Err(Exit::Refused))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The lock. A service without a state takes it for moments, to look whether there is one again.
async fn lock(dir: &Path) -> Result<InstanceLock, LockError> {
    let began = Instant::now();
    loop {
        match InstanceLock::take(dir, "rei-recovery state", Timestamp::now()) {
            Err(LockError::Held { .. }) if began.elapsed() < LOOKED => {
                tokio::time::sleep(LOCK_AGAIN).await;
            }
            other => return other,
        }
    }
}

fn told_as_json(copy: &OwnCopy, restored: &Restored) -> Value {
    let head = restored.inspection.head;
    json!({
        "copy": copy,
        "set_aside": restored.aside,
        "audit_entries": head.map_or(0, |head| head.seq),
        "audit_sealed": head.is_some_and(|head| head.sealed) && restored.inspection.unbroken,
        "audit_entries_missing": restored.missing,
        "runs_ended": restored.settled.runs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "notices_ended": restored.settled.notices,
        "chores_ended": restored.settled.chores,
    })
}
