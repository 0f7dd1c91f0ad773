//! What of the machine a rehearsal needs: real parts, which are installed or not.

use super::error::{DemoError, DemoResult};
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian's Python, whose RQ comes as a package.
pub(super) const PYTHON: &str = "/usr/bin/python3";

/// Looks without importing, which would take half a second.
const HAS_RQ: &str = "import sys; from importlib.util import find_spec as f; \
                      sys.exit(not (f('rq') and f('redis')))";

/// Names every package that is missing, at once. Blocking.
///
/// # Errors
/// One is missing.
pub(super) fn check() -> DemoResult<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    Err(DemoError::NotHere(format!(
        "the rehearsal's patient runs on real parts, and some are missing: {packages} \
         (on Debian, as root: apt-get install {packages}; `make demo` does it by itself)"
    )))
}

/// Every package that is missing. Blocking.
pub(super) fn missing() -> Vec<&'static str> {
    let needs = [
        ("redis-server", runs("redis-server", &["--version"])),
        ("python3", Path::new(PYTHON).exists()),
        ("python3-rq", runs(PYTHON, &["-c", HAS_RQ])),
    ];
    let lacking = needs.into_iter().filter(|(_, there)| !there);
    lacking.map(|(package, _)| package).collect()
}

fn runs(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}
