//! Lines for whoever watches the rehearsal on a terminal.

use std::io::Write;

/// Prints a line; a closed terminal does not end a rehearsal.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
