//! Log lines, and what a panic says. Both leave without secrets.

use crate::config::{LogFormat, LogSettings};
use crate::ports::redact;
use std::borrow::Cow;
use std::io::{self, Write};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// Starts logging to standard error: standard output belongs to what commands print.
pub(super) fn start(log: &LogSettings) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(|| Masked(io::stderr()))
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    let started = match log.format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Text => lines.try_init(),
    };
    // Only the first start counts; a second one in the same process (tests) changes nothing.
    drop(started);
}

/// A panic's words may quote whatever the code was at.
pub(super) fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("unnamed");
        super::complain(&format!("thread {name}: {panic}"));
    }));
}

/// Writes without secrets. Each event comes as one piece, so that none is cut in two.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        match redact::clean(&text) {
            Cow::Borrowed(_) => self.0.write_all(line)?,
            Cow::Owned(clean) => self.0.write_all(clean.as_bytes())?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_of_either_form_leaves_without_secrets() {
        const SECRET: &str = "planted \"in\" a line";
        redact::know(SECRET);
        let sink = Sink::default();
        let say = || {
            let error = io::Error::other(format!("refused {SECRET}"));
            tracing::error!(%error, token = SECRET, debug = ?SECRET, "it said {SECRET}");
        };
        let out = sink.clone();
        let text = fmt().with_writer(move || Masked(out.clone())).finish();
        tracing::subscriber::with_default(text, say);
        let out = sink.clone();
        let json = fmt()
            .json()
            .with_writer(move || Masked(out.clone()))
            .finish();
        tracing::subscriber::with_default(json, say);
        let told = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(told.matches("***").count() >= 8, "{told}");
        for form in redact::forms(SECRET) {
            assert!(!told.contains(form.as_str()), "{told}");
        }
    }
}
