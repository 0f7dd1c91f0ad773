//! Log lines, and what a panic says. Both leave without secrets.

use crate::config::{LogFormat, LogSettings};
use crate::ports::redact;
use std::borrow::Cow;
use std::fmt::{Debug, Write as _};
use std::io::{self, Write};
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

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
        LogFormat::Text => lines.fmt_fields(debug_fn(field).delimited(" ")).try_init(),
    };
    // Only the first start counts; a second one in the same process (tests) changes nothing.
    drop(started);
}

/// The message as it is, everything else with its name; on one line, whatever a value holds.
fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> std::fmt::Result {
    let mut line = OneLine(writer);
    match field.name() {
        "message" => write!(line, "{value:?}"),
        name => write!(line, "{name}={value:?}"),
    }
}

/// Words of other programs come in here: with a line break they would forge an entry of the journal,
/// with other control characters colour it, move it, or turn its direction.
struct OneLine<'a, 'w>(&'a mut Writer<'w>);

impl std::fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        text.chars().try_for_each(|c| match c {
            c if c.is_control() => write!(self.0, "{}", c.escape_default()),
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                write!(self.0, "{}", c.escape_unicode())
            }
            c => self.0.write_char(c),
        })
    }
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
    fn a_value_makes_no_line_of_its_own() {
        let sink = Sink::default();
        let writer = sink.clone();
        let lines = fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .fmt_fields(debug_fn(field).delimited(" "))
            .finish();
        let evil = "x\n2026-11-23T03:00:00Z  INFO approved by=Bob\r\u{1b}[2J\u{202e}\u{85}y";
        tracing::subscriber::with_default(lines, || {
            tracing::warn!(error = %evil, name = evil, "it failed: {evil}");
        });
        let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            !text
                .trim_end()
                .contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{text:?}"
        );
        assert_eq!(text.matches("approved by=Bob").count(), 3, "{text}");
        assert!(
            text.contains("it failed: x\\n2026") && text.contains(" error=x"),
            "{text}"
        );
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
