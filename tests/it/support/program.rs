//! Programs that tests write and run.
//!
//! They are written by another process: while this one holds a file open for writing, a child that
//! a test beside it is just starting inherits it, and running the file fails with "text file busy".

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes an executable file.
pub fn write(path: &Path, text: &str) {
    let mut install = Command::new("install")
        .args(["-m", "755", "/dev/stdin"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("install runs");
    let mut stdin = install.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("the text is taken");
    drop(stdin);
    assert!(install.wait().expect("install ends").success());
}

/// Copies an executable file to where every user can run it.
pub fn copy(from: &Path, to: &Path) {
    let copied = Command::new("install")
        .args(["-m", "755"])
        .args([from, to])
        .status();
    assert!(copied.expect("install runs").success());
}
