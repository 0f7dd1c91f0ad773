//! Real RQ, in the versions that are out there, each with a Python of its own.

use super::python::{self, run};
use super::redis::RedisServer;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const LAB: &str = include_str!("rq_lab.py");
const WORKER: &str = include_str!("rq_worker.py");
const DEBIAN: &str = "/usr/bin/python3";

/// Where an RQ comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rq {
    /// Debian's package python3-rq, 1.13 in Debian 12.
    Debian,
    /// This version from PyPI.
    Version(&'static str),
}

/// What REI may run: Debian's, the last 1.x, the newest 2.x, and the newest.
pub const ALL: [Rq; 4] = [
    Rq::Debian,
    Rq::Version("1.16.2"),
    NEWEST_2,
    Rq::Version("3.0.0"),
];
/// The newest 2.x.
pub const NEWEST_2: Rq = Rq::Version("2.12.0");

impl Rq {
    /// The folder of `bin/python` with this RQ; made once, whoever comes first.
    fn python(self) -> PathBuf {
        let Self::Version(version) = self else {
            return DEBIAN.into();
        };
        python::with(&format!("rq-{version}"), &[&format!("rq=={version}")])
    }

    /// REI's side of the queue at this server.
    pub fn at(self, server: &RedisServer) -> Lab {
        let folder = server.folder().join("lab");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("lab.py"), LAB).expect("written");
        fs::write(folder.join("worker.py"), WORKER).expect("written");
        Lab {
            python: self.python(),
            folder,
            url: server.url(),
        }
    }
}

/// REI's side: enqueues and works.
pub struct Lab {
    python: PathBuf,
    folder: PathBuf,
    url: String,
}

impl Lab {
    /// Runs a verb of `rq_lab.py` to its end and returns what it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = run(&mut self.command(arguments));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Starts a verb that goes on until it is killed.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let log = File::create(self.folder.join("running.log")).expect("a log");
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::null()).stderr(log).spawn();
        Running(child.expect("python runs"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.arg("lab.py").args(arguments);
        command
            .current_dir(&self.folder)
            .env("LAB_REDIS", &self.url);
        command.env("PYTHONWARNINGS", "ignore").stdin(Stdio::null());
        command
    }
}

/// A process of ours; killed when it is dropped.
pub struct Running(Child);

impl Running {
    /// Kills it now, as a power cut would.
    pub fn kill(mut self) {
        self.0.kill().expect("it is ours");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
