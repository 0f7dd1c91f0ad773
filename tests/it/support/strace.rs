//! Killing a real process exactly at one of its system calls.
//!
//! `strace` delivers SIGKILL as the call is entered, so the call itself has no effect any more. It
//! counts calls per thread, which is useless where a pool decides on the thread; a point is therefore
//! named by what the call is about. Run once under [`record`], then once under [`kill_at`] for each
//! point, in a fresh folder each time.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Seconds until a traced process counts as stuck.
const LIMIT: &str = "120";

/// One system call, told apart from the others by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its name, such as `rename`.
    pub call: String,
    /// Its first path, or the file behind its descriptor; below the folder under test.
    pub path: PathBuf,
    /// How many calls of this name about this path the same thread has made, this one included.
    pub nth: usize,
}

/// Runs the command to its end and tells which of these calls it made on files below `root`, in
/// order.
pub fn record(root: &Path, calls: &[&str], command: &Command) -> Vec<Point> {
    let filter = format!("trace={}", calls.join(","));
    let Traced { log, .. } = traced(command, &[filter], None);
    assert!(
        !log.contains("killed by"),
        "it did not end by itself:\n{log}"
    );
    let mut seen: Vec<Call> = Vec::new();
    let mut points = Vec::new();
    for (call, line) in log
        .lines()
        .filter_map(|line| Some((Call::read(line)?, line)))
    {
        let Ok(path) = Path::new(&call.path).strip_prefix(root) else {
            continue;
        };
        let nth = seen.iter().filter(|earlier| **earlier == call).count() + 1;
        // Opening takes room only where it makes a file.
        if call.name != "openat" || line.contains("O_CREAT") {
            points.push(Point {
                call: call.name.clone(),
                path: path.to_owned(),
                nth,
            });
        }
        seen.push(call);
    }
    points
}

/// Runs the command to its end while the call at the point fails with this error and does nothing.
/// Gives what it printed; nothing when it did not come to the point.
pub fn fail_at(root: &Path, point: &Point, error: &str, command: &Command) -> Option<String> {
    let path = root.join(&point.path);
    let Point { call, nth, .. } = point;
    let filters = [
        format!("trace={call}"),
        format!("inject={call}:error={error}:when={nth}"),
    ];
    let Traced { log, output } = traced(command, &filters, Some(&path));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let printed = text(&output.stdout);
    assert!(
        output.status.success(),
        "{point:?}: {}\n{printed}\n{}\n{log}",
        output.status,
        text(&output.stderr)
    );
    log.contains("(INJECTED)").then_some(printed)
}

/// Runs the command until it is killed at the point; fails the test if it was not, or elsewhere.
pub fn kill_at(root: &Path, point: &Point, command: &Command) {
    let path = root.join(&point.path);
    let call = &point.call;
    let filters = [
        format!("trace={call}"),
        format!("inject={call}:signal=SIGKILL:when={}", point.nth),
    ];
    let Traced { log, .. } = traced(command, &filters, Some(&path));
    let last = log.lines().filter_map(Call::read).next_back();
    let there = last.is_some_and(|last| last.name == *call && Path::new(&last.path) == path);
    let killed = log.contains("+++ killed by SIGKILL +++");
    assert!(there && killed, "not killed at {point:?}:\n{log}");
}

/// A running process whose calls about a file fail, for as long as this is held.
#[derive(Debug)]
pub struct Failing(Child);

impl Failing {
    /// Returns once the process and all its threads are held to it.
    pub fn begin(pid: u32, path: &Path, calls: &[&str], error: &str) -> Self {
        let calls = calls.join(",");
        let mut strace = Command::new("strace")
            .args(["-f", "-p", &pid.to_string(), "-o", "/dev/null", "-P"])
            .arg(path)
            .args(["-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:error={error}")])
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace (Debian's package strace)");
        let mut told = BufReader::new(strace.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains("attached") {
            line.clear();
            let read = told.read_line(&mut line).expect("strace speaks UTF-8");
            assert!(read > 0, "strace (as root) did not attach to {pid}");
        }
        // Threads that come later are told of too, and nobody may hold strace up.
        std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
        Self(strace)
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        // On SIGINT it lets go of the process, which then goes on.
        let pid = self.0.id().to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status();
        assert!(told.is_ok_and(|status| status.success()));
        self.0.wait().expect("it is our child");
    }
}

/// What `strace` wrote about the command and all its threads and children, and how it ended.
struct Traced {
    log: String,
    output: Output,
}

fn traced(command: &Command, filters: &[String], path: Option<&Path>) -> Traced {
    let log = tempfile::NamedTempFile::new().expect("a file for the trace");
    // Descriptors with their paths; paths in full; of signals only the last one.
    let mut strace = Command::new("timeout");
    strace
        .args([
            "--kill-after=5",
            LIMIT,
            "strace",
            "-f",
            "-qq",
            "-y",
            "-s",
            "4096",
        ])
        .args(["-e", "signal=SIGKILL", "-o"])
        .arg(log.path());
    for filter in filters {
        strace.args(["-e", filter]);
    }
    if let Some(path) = path {
        strace.arg("-P").arg(path);
    }
    strace.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        strace.current_dir(folder);
    }
    let output = strace.output().expect("timeout (coreutils) runs");
    let log = fs::read_to_string(log.path()).expect("the trace is text");
    assert!(
        !log.is_empty() || output.status.success(),
        "strace (Debian's package strace, as root): {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Traced { log, output }
}

/// A line of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    thread: String,
    name: String,
    path: String,
}

impl Call {
    fn read(line: &str) -> Option<Self> {
        let (thread, rest) = line.split_once(char::is_whitespace)?;
        let (name, arguments) = rest.trim_start().split_once('(')?;
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let between = |open, close| {
            let (_, after) = arguments.split_once(open)?;
            after.split_once(close).map(|(inner, _)| inner.to_owned())
        };
        let path = between('"', '"').or_else(|| between('<', '>'))?;
        is_name.then(|| Self {
            thread: thread.to_owned(),
            name: name.to_owned(),
            path,
        })
    }
}

const MOVES_IN: &str = "STRACE_TEST_MOVES_IN";

/// Runs itself again under `strace`: three files are moved, each by a thread of its own.
#[test]
fn a_process_of_several_threads_dies_at_the_very_call() {
    if let Some(folder) = std::env::var_os(MOVES_IN) {
        return move_three_files(Path::new(&folder));
    }
    let folders: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let command = |folder: &Path| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let name = "support::strace::a_process_of_several_threads_dies_at_the_very_call";
        command.args(["--exact", name]).env(MOVES_IN, folder);
        command
    };
    let root = folders[3].path();
    let points = record(root, &["rename", "renameat", "renameat2"], &command(root));
    assert_eq!(points.len(), 3, "{points:?}");
    for (moved, (point, folder)) in points.iter().zip(&folders).enumerate() {
        kill_at(folder.path(), point, &command(folder.path()));
        let there = |name: String| folder.path().join(name).exists();
        for file in 0..3 {
            assert_eq!(there(format!("to-{file}")), file < moved, "{point:?}");
            // The file at the point stands where it stood; the ones after it were never made.
            assert_eq!(there(format!("from-{file}")), file == moved, "{point:?}");
        }
    }
}

fn move_three_files(folder: &Path) {
    for file in 0..3 {
        let [from, to] = ["from", "to"].map(|name| folder.join(format!("{name}-{file}")));
        let mover = std::thread::spawn(move || {
            fs::write(&from, "").unwrap();
            fs::rename(&from, &to).unwrap();
        });
        mover.join().unwrap();
    }
}
