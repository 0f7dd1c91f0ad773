//! The patient's Redis: a real server on a socket of its own, whose data outlives it.

use super::error::{DemoError, DemoResult, at};
use super::units;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The waiting jobs, as RQ keeps them.
pub const QUEUE: &str = "rq:queue:default";

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Beside the patient's install folder: Redis keeps its data elsewhere on a real server too.
fn folder(home: &Path) -> DemoResult<PathBuf> {
    let folder = units::folder(home)?.join("redis");
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    Ok(folder)
}

fn socket(home: &Path) -> DemoResult<PathBuf> {
    Ok(folder(home)?.join("redis.sock"))
}

/// Its address, as `REDIS_URL` has it.
///
/// # Errors
/// Its folder cannot be made.
pub fn url(home: &Path) -> DemoResult<String> {
    Ok(format!("unix://{}?db=0", socket(home)?.display()))
}

/// The server in the foreground. Each write goes to its log at once, so that a kill loses nothing.
pub(super) fn server(home: &Path) -> DemoResult<Command> {
    let mut command = Command::new("redis-server");
    command
        .args(["--port", "0", "--daemonize", "no", "--save", ""])
        // `everysec`, the default, puts the writing off while the disk is slow.
        .args(["--appendonly", "yes", "--appendfsync", "no"])
        .args(["--unixsocketperm", "700"])
        .arg("--unixsocket")
        .arg(socket(home)?)
        .arg("--dir")
        .arg(folder(home)?);
    Ok(command)
}

/// Whether it takes commands.
///
/// # Errors
/// Its folder cannot be made.
pub fn answers(home: &Path) -> DemoResult<bool> {
    let socket = socket(home)?;
    let ping = || -> std::io::Result<bool> {
        let mut stream = UnixStream::connect(&socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG")
    };
    match ping() {
        Ok(pong) => Ok(pong),
        Err(error) if is_absence(error.kind()) => Ok(false),
        Err(error) => Err(at(&socket)(error)),
    }
}

fn is_absence(kind: ErrorKind) -> bool {
    use ErrorKind::{
        BrokenPipe, ConnectionRefused, ConnectionReset, NotFound, TimedOut, UnexpectedEof,
        WouldBlock,
    };
    matches!(
        kind,
        BrokenPipe
            | ConnectionRefused
            | ConnectionReset
            | NotFound
            | TimedOut
            | UnexpectedEof
            | WouldBlock
    )
}

/// A connection of somebody who looks from outside, or breaks something. Blocking.
///
/// # Errors
/// It does not answer.
pub fn client(home: &Path) -> DemoResult<redis::Connection> {
    let open = || {
        let client = redis::Client::open(url(home)?).map_err(refused)?;
        let connect = || client.get_connection_with_timeout(PATIENCE);
        // A child that ends just then breaks a connect off.
        connect().or_else(|_| connect()).map_err(refused)
    };
    open()
}

/// What Redis refused, in an error of the rehearsal.
pub(super) fn refused(error: redis::RedisError) -> DemoError {
    DemoError::NotHere(format!("the patient's Redis: {error}"))
}

/// What a crash in the middle of a write leaves: the queue's key is no list, and a job's hash is
/// half. Blocking.
///
/// # Errors
/// Redis does not answer.
pub fn damage(home: &Path) -> DemoResult<()> {
    let mut redis = client(home)?;
    let mut commands = redis::pipe();
    commands.atomic();
    commands.cmd("DEL").arg(QUEUE).ignore();
    commands
        .cmd("SET")
        .arg(QUEUE)
        .arg("\u{0}\u{0}\u{0}")
        .ignore();
    let half = commands.cmd("HSET").arg("rq:job:00000000-half");
    half.arg("status").arg("queued").ignore();
    commands.query::<()>(&mut redis).map_err(refused)
}

/// Takes the data away, as a lost disk does. The server must be down.
///
/// # Errors
/// The folder cannot be emptied.
pub fn lose(home: &Path) -> DemoResult<()> {
    let folder = folder(home)?;
    fs::remove_dir_all(&folder).map_err(at(&folder))
}

/// How many jobs wait. Blocking.
///
/// # Errors
/// Redis does not answer, or its queue is no list.
pub fn waiting(home: &Path) -> DemoResult<u64> {
    let mut redis = client(home)?;
    let length = redis::cmd("LLEN").arg(QUEUE).query(&mut redis);
    length.map_err(refused)
}
