//! Server and disk are gone; the bucket is left.

use super::database::{self, Before};
use crate::demo::auto::proof::{Check, Played, check_of};
use crate::demo::bot_api::Place;
use crate::demo::error::{DemoResult, at};
use crate::demo::terminal::say;
use crate::demo::world::{Entry, World};
use std::fs;

/// What was so before.
#[derive(Debug)]
pub(in crate::demo::auto) struct Scene {
    before: Before,
    saved: Vec<(&'static str, Vec<u8>)>,
    /// REI's secrets, which the team keeps elsewhere.
    env: Vec<u8>,
}

/// Takes everything away, and starts the program under test anew.
pub(super) async fn set(world: &World) -> DemoResult<Scene> {
    let before = database::before(world).await?;
    let env = world.patient.home().join(".env");
    let scene = Scene {
        before,
        saved: world.patient.saved_files()?,
        env: fs::read(&env).map_err(at(&env))?,
    };
    world.lose_everything().await?;
    say("Lost: database, settings, files, local backups, Redis and the bot's own state");
    world.start_bot().await?;
    say("On a new server: REI's code, this bot, and what the bucket holds\n");
    Ok(scene)
}

impl Scene {
    /// The step names the secrets that are missing; an admin fills them in on the server.
    pub(super) fn mends(&self, world: &World, failed: &Entry) -> DemoResult<bool> {
        if failed.step() != Some("settings") {
            return Ok(false);
        }
        world.patient.fill_env()?;
        say("          Anna fills in the missing lines of .env on the server");
        Ok(true)
    }

    /// Checks after the play.
    pub(super) async fn check(&self, world: &World, played: &Played) -> DemoResult<Vec<Check>> {
        let mut checks = database::database(world, &self.before).await?;
        // Nothing tells the old mode any more; whose it is, REI's folder does.
        let ((uid, gid, mode), was) = (world.patient.ownership()?, self.before.ownership);
        checks.push(check_of(
            "the database belongs to REI again",
            (uid, gid) == (was.0, was.1),
            format!("{uid}:{gid} {mode:o}"),
        ));
        let saved = world.patient.saved_files();
        let same = saved.as_ref().is_ok_and(|saved| *saved == self.saved);
        let names: Vec<&str> = self.saved.iter().map(|(name, _)| *name).collect();
        checks.push(check_of(
            "the saved files are there, byte for byte",
            same,
            names.join(", "),
        ));
        let env = world.patient.home().join(".env");
        let text = fs::read(&env).unwrap_or_default();
        checks.push(check_of(
            ".env is complete",
            text == self.env,
            format!("{} lines", text.split(|byte| *byte == b'\n').count() - 1),
        ));
        checks.push(answers(world, played)?);
        Ok(checks)
    }
}

/// REI's own message reached the requester.
fn answers(world: &World, played: &Played) -> DemoResult<Check> {
    let journal = world.state.journal(played.run)?;
    let answered = journal
        .iter()
        .any(|entry| entry.kind() == "step-succeeded" && entry.step() == Some("answers"));
    let place = Place::private(world.cast.rei_bot, world.cast.anna);
    let messages = world.api.messages(place);
    let told = messages
        .iter()
        .filter(|message| message.is_from_bot(world.cast.rei_bot))
        .count();
    Ok(check_of(
        "REI answers, and its test message arrived once",
        answered && told == 1,
        format!("getMe answered: {answered}; messages of REI's to Anna: {told}"),
    ))
}
