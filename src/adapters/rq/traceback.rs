//! The class of an error, out of what RQ keeps of a failure. The text itself goes no further: it may
//! hold what a user wrote.

use data_encoding::BASE64;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Longer texts are not read to their end.
const LONGEST: u64 = 1 << 20;
/// No class has a longer name.
const LONGEST_NAME: usize = 120;
const TRACEBACK: &str = "Traceback (most recent call last):";

/// What RQ kept of a failure, as it stands in Redis.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// `exc_string` of the newest result that is a failure: base64(zlib(text)).
    pub(super) result: Option<Vec<u8>>,
    /// `exc_info` of the job: zlib(text), before RQ 1.12 or Redis 5.
    pub(super) field: Option<Vec<u8>>,
}

/// What it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The error's class.
    pub(super) error: Option<String>,
    /// RQ gave up on the worker rather than on the job.
    pub(super) abandoned: bool,
}

impl Kept {
    /// Reads it. The field is looked at first: a requeue clears it, so that where it stands it is of
    /// the last failure.
    pub(super) fn meaning(&self) -> Meaning {
        let field = self.field.as_deref().and_then(inflate);
        let result = || BASE64.decode(self.result.as_deref()?).ok();
        let text = field
            .filter(|text| !text.trim().is_empty())
            .or_else(|| inflate(&result()?));
        text.map(|text| meaning(&text)).unwrap_or_default()
    }
}

/// The class of an error out of what RQ keeps: `exc_string` of the newest failure, else the job's
/// `exc_info`. Nothing where neither names one.
#[must_use]
pub fn error_class(exc_string: Option<Vec<u8>>, exc_info: Option<Vec<u8>>) -> Option<String> {
    let kept = Kept {
        result: exc_string,
        field: exc_info,
    };
    kept.meaning().error
}

fn inflate(zlib: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    let mut reader = ZlibDecoder::new(zlib).take(LONGEST);
    reader.read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// RQ's own sentences about a worker that was lost, and the class that stands behind each.
const LOST_WORKERS: [(&str, &str); 4] = [
    // 1.12 to 1.15, then 1.16, then with both.
    (
        "Moved to FailedJobRegistry",
        "rq.exceptions.AbandonedJobError",
    ),
    (
        "due to AbandonedJobError",
        "rq.exceptions.AbandonedJobError",
    ),
    ("Work-horse terminated unexpectedly", "WorkHorseKilled"),
    (
        "Job was stuck in intermediate queue",
        "rq.exceptions.AbandonedJobError",
    ),
];

fn meaning(text: &str) -> Meaning {
    let line = last_line(text);
    let own = text.rfind(TRACEBACK).is_none();
    for (words, class) in LOST_WORKERS {
        if own && text.contains(words) {
            return Meaning {
                error: Some(class.to_owned()),
                abandoned: true,
            };
        }
    }
    Meaning {
        error: line.and_then(class),
        abandoned: false,
    }
}

/// The line that names the error: the first of the last traceback that is not indented. A message may
/// have many lines, so the last of the text is only the second best.
fn last_line(text: &str) -> Option<&str> {
    let filled = |line: &&str| !line.trim().is_empty();
    match text.rfind(TRACEBACK) {
        Some(at) => text[at + TRACEBACK.len()..]
            .lines()
            .filter(filled)
            .find(|line| !line.starts_with(char::is_whitespace)),
        None => text.lines().rfind(filled),
    }
}

/// The name before the colon, if it is one.
fn class(line: &str) -> Option<String> {
    let name = line.split(':').next()?.trim();
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || "_<>".contains(c))
    };
    let fits = name.len() <= LONGEST_NAME && name.split('.').all(part);
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    fn zlib(text: &str) -> Vec<u8> {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(text.as_bytes()).unwrap();
        zlib.finish().unwrap()
    }

    const TIMED_OUT: &str = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    \
        call(\"secret\")\nrequests.exceptions.ReadTimeout: HTTPSConnectionPool(host='x'): \
        timed out\nTrailing: line of the message\n";

    #[test]
    fn the_class_is_found_in_all_that_python_writes() {
        for (text, expected) in [
            (TIMED_OUT, Some("requests.exceptions.ReadTimeout")),
            (
                "Traceback (most recent call last):\n  File\nKeyboardInterrupt\n",
                Some("KeyboardInterrupt"),
            ),
            (
                "Traceback (most recent call last):\n  File\nKeyError: 'a'\n\nDuring handling of \
                 the above exception, another exception occurred:\n\nTraceback (most recent call \
                 last):\n  File\nmy.Error: b\n",
                Some("my.Error"),
            ),
            (
                "rq.timeouts.JobTimeoutException: Task exceeded",
                Some("rq.timeouts.JobTimeoutException"),
            ),
            ("a sentence of somebody's prompt", None),
            ("", None),
        ] {
            assert_eq!(meaning(text).error.as_deref(), expected, "{text}");
            assert!(!meaning(text).abandoned);
        }
    }

    #[test]
    fn a_lost_worker_is_told_from_a_failed_job() {
        for (text, class) in [
            (
                "Moved to FailedJobRegistry, due to AbandonedJobError, at 2026-11-23 03:15:00",
                "rq.exceptions.AbandonedJobError",
            ),
            (
                "Moved to FailedJobRegistry at 2026-11-23",
                "rq.exceptions.AbandonedJobError",
            ),
            (
                "due to AbandonedJobError",
                "rq.exceptions.AbandonedJobError",
            ),
            (
                "Work-horse terminated unexpectedly; waitpid returned 9 (signal 9); ",
                "WorkHorseKilled",
            ),
        ] {
            let found = meaning(text);
            assert_eq!(
                (found.error.as_deref(), found.abandoned),
                (Some(class), true)
            );
        }
    }

    #[test]
    fn both_forms_are_read_and_damage_is_no_error() {
        let result = Some(BASE64.encode(&zlib(TIMED_OUT)).into_bytes());
        let by = |field: Option<Vec<u8>>, result: Option<Vec<u8>>| {
            Kept { result, field }.meaning().error
        };
        let timeout = Some("requests.exceptions.ReadTimeout".to_owned());
        assert_eq!(by(None, result.clone()), timeout);
        assert_eq!(by(Some(zlib("")), result.clone()), timeout);
        assert_eq!(
            by(Some(zlib("ValueError: x")), result),
            Some("ValueError".into())
        );
        assert_eq!(by(Some(vec![1, 2]), Some(b"??".to_vec())), None);
    }
}
