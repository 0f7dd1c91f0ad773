//! A real systemd, shared by all tests of the process.
//!
//! It lives as long as the pipe to it is open, so it goes down with this process however that ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

const SCRIPT: &str = include_str!("systemd-lab.sh");
const UP_WITHIN: Duration = Duration::from_secs(30);

/// A systemd as PID 1 of its own namespaces, with D-Bus and journald.
pub struct Lab {
    folder: PathBuf,
    init: String,
    _keeps_it_up: ChildStdin,
}

impl Lab {
    /// The one lab of this process.
    pub fn shared() -> &'static Self {
        static LAB: OnceLock<Lab> = OnceLock::new();
        LAB.get_or_init(Self::up)
    }

    /// A lab of its own, for a test that breaks it.
    pub fn up() -> Self {
        Self::with(&[])
    }

    /// A lab in a copy of this root, which forgets what is done to it; `binds` are shown in it.
    pub fn in_copy_of(root: &Path, binds: &[(&Path, &str)]) -> Self {
        let binds: Vec<String> = binds
            .iter()
            .map(|(from, to)| format!("{}:{to}", from.display()))
            .collect();
        let root = root.display().to_string();
        Self::with(&[("LAB_ROOT", &root), ("LAB_BINDS", &binds.join(" "))])
    }

    fn with(environment: &[(&str, &str)]) -> Self {
        let mut script = Command::new("bash")
            .args(["-c", SCRIPT])
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("bash runs");
        let keeps_it_up = script.stdin.take().expect("a pipe");
        let (folder, init) = first_line(&mut script)
            .as_deref()
            .and_then(|line| line.trim().strip_prefix("ready "))
            .and_then(|line| line.split_once(' '))
            .map(|(folder, init)| (PathBuf::from(folder), init.to_owned()))
            .unwrap_or_else(|| panic!("no systemd: {}", complaint(script)));
        Self {
            folder,
            init,
            _keeps_it_up: keeps_it_up,
        }
    }

    /// The address of its system bus, for a client outside.
    pub fn bus_address(&self) -> String {
        format!(
            "unix:path={}",
            self.folder.join("run/dbus/system_bus_socket").display()
        )
    }

    /// A folder with `systemctl` and `journalctl` that are aimed at it, for `PATH`.
    pub fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// The words that make a command run inside, as a process that its bus can tell apart.
    pub fn inside(&self) -> Vec<&str> {
        let target = ["nsenter", "-t", self.init.as_str()];
        [&target[..], &["-m", "-p", "-C", "-u", "-i"]].concat()
    }

    /// The lab's own folder, open to every user; goes away with it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A unit's name that no other test uses.
    pub fn fresh_name(&self, stem: &str) -> String {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        format!("{stem}-{}", COUNTER.fetch_add(1, Ordering::Relaxed))
    }

    /// Writes a service (`name` without suffix) and makes systemd read it.
    pub fn write_unit(&self, name: &str, text: &str) {
        let file = self.folder.join(format!("etc/{name}.service"));
        fs::write(file, text).expect("the unit is written");
        self.daemon_reload();
    }

    /// Makes systemd read its units anew.
    pub fn daemon_reload(&self) {
        self.systemctl(&["daemon-reload"]);
    }

    /// Runs `systemctl` inside and returns what it printed; a failure of it fails the test.
    pub fn systemctl(&self, arguments: &[&str]) -> String {
        let output = Command::new(self.programs().join("systemctl"))
            .args(arguments)
            .output()
            .expect("systemctl runs");
        assert!(
            output.status.success(),
            "systemctl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// The script prints its one line only when systemd is up; it may hang before.
fn first_line(script: &mut Child) -> Option<String> {
    let stdout = script.stdout.take().expect("a pipe");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let _ = sender.send(read.ok().filter(|n| *n > 0).map(|_| line));
    });
    receiver.recv_timeout(UP_WITHIN).ok().flatten()
}

fn complaint(mut script: Child) -> String {
    let _ = script.kill();
    let mut words = String::new();
    if let Some(mut stderr) = script.stderr.take() {
        let _ = stderr.read_to_string(&mut words);
    }
    format!("{words} (needs root and Debian's packages systemd, dbus, util-linux)")
}
