//! The command `demo`.

use super::cli::DemoArgs;
use super::error::{DemoError, DemoResult};
use super::patient::PatientOptions;
use super::terminal::say;
use super::world::{World, WorldOptions};
use super::{auto, stage};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Long enough to be seen, short enough to be waited for.
const WATCH: Duration = Duration::from_secs(5);

/// The patient's disk: room for its database, a quarantined one and a staged one, several times, and
/// for the reserve that unpacking saved files keeps free.
const DISK: u64 = 384 << 20;

/// Owner and group of the install folder, where they can be given: some service's user.
const OWNER: (u32, u32) = (990, 990);

/// Opens the rehearsal, or plays it through with `--auto`. Ends by itself or with Ctrl-C; nothing of
/// it stays.
///
/// # Errors
/// A part of it cannot be set up.
pub async fn run(args: &DemoArgs) -> DemoResult<ExitCode> {
    let program = std::env::current_exe().map_err(cannot_run)?;
    let options = options(WorldOptions::new(program), &args.locale);
    let mut ends = Ends::listen().map_err(cannot_run)?;
    if !args.auto {
        return open(options, args.port, &mut ends).await;
    }
    tokio::select! {
        ended = auto::run(options, args.scenario) => ended,
        // The play is dropped, and all that it built with it.
        () = ends.come() => {
            say("\nThe play was ended.");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Ctrl-C, or whoever else ends this program.
struct Ends {
    interrupt: Signal,
    terminate: Signal,
}

impl Ends {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn cannot_run(source: std::io::Error) -> DemoError {
    DemoError::Spawn {
        program: "this program".to_owned(),
        source,
    }
}

fn options(options: WorldOptions, locale: &str) -> WorldOptions {
    let mut patient = PatientOptions::rehearsal();
    patient.owner = may_give_away().then_some(OWNER);
    let options = options.watch(WATCH).set("DEFAULT_LOCALE", locale);
    options.patient(patient).own_disk_if_allowed(DISK)
}

/// Whether this user may give a file to the service's user; root may, except in some containers.
fn may_give_away() -> bool {
    let given = tempfile::NamedTempFile::new()
        .and_then(|file| std::os::unix::fs::lchown(file.path(), Some(OWNER.0), Some(OWNER.1)));
    given.is_ok()
}

/// The chat page, until somebody ends it.
async fn open(options: WorldOptions, port: u16, ends: &mut Ends) -> DemoResult<ExitCode> {
    say("Building REI with its past, its backups, a bucket and a Telegram of our own …");
    // Whoever breaks something wants to see the alert, not to wait for it.
    let options = options.set("MONITOR_INTERVAL", "5s");
    let world = tokio::select! {
        world = World::build(options) => Arc::new(world?),
        () = ends.come() => return Ok(ExitCode::SUCCESS),
    };
    let stage = stage::open(&world, port).await?;
    say(&format!("\n  The chat:  {}\n", stage.url));
    say(
        "Open it in a browser. Beside the phone, break something: flip bytes in bot.db, for example.",
    );
    say("Then, as Anna, send /recover, choose a backup and press Start.");
    say("As Борис (choose him above the phone), open the group and press Approve.");
    say(&format!("\nEverything lies in {}", world.root().display()));
    say("Ctrl-C ends the rehearsal; nothing of it stays.");
    ends.come().await;
    // First whoever would start the bot again.
    drop(stage);
    world.close().await;
    say("\nThe rehearsal is over.");
    Ok(ExitCode::SUCCESS)
}
