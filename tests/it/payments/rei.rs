//! REI as a process of its own, with its own SQLite.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Writes to the database until it is dropped.
pub struct Rei {
    child: Child,
    port: u16,
}

impl Rei {
    pub fn start(database: &Path) -> Self {
        let mut child = Command::new("python3")
            .args(["-c", include_str!("rei.py")])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("a port");
        Self { child, port }
    }

    /// Where it takes webhooks.
    pub fn callback(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

impl Drop for Rei {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
