//! How a switch stands in a file's bytes, and the bytes with it set otherwise.

use super::{dotenv, python, rows};
use crate::domain::install::Switch;
use std::ops::Range;

/// One line that sets the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stand {
    /// Its number, from 1.
    pub(super) line: u64,
    /// Where its value stands in the file.
    pub(super) span: Range<usize>,
}

/// All that was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// In the file's order.
    pub(super) stands: Vec<Stand>,
    /// The file ends inside a string, brackets or a continued line: a line added there would be lost.
    pub(super) open_end: bool,
}

/// Why a file is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The setting stands there more than once.
    Double,
    /// Its value is no truth.
    Unknown,
    /// There is no place to add a line.
    OpenEnd,
}

/// What the file says, and on which line; no truth where the line has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    stand: Stand,
    truth: Option<&'static Words>,
    on: Option<bool>,
}

/// The two words of one way to write truths.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    on: &'static str,
    off: &'static str,
}

impl Words {
    const fn new(on: &'static str, off: &'static str) -> Self {
        Self { on, off }
    }

    fn word(&self, on: bool) -> &'static str {
        if on { self.on } else { self.off }
    }

    fn reads(&self, word: &[u8]) -> Option<bool> {
        [true, false]
            .into_iter()
            .find(|on| self.word(*on).as_bytes() == word)
    }
}

/// Python has one way; `.env` readers know several, and a file keeps the one it has.
const PYTHON: &[Words] = &[Words::new("True", "False")];
const DOTENV: &[Words] = &[
    Words::new("true", "false"),
    Words::new("True", "False"),
    Words::new("TRUE", "FALSE"),
    Words::new("1", "0"),
    Words::new("yes", "no"),
    Words::new("on", "off"),
];

/// What a switch says in these bytes; nothing where no line has a value for it.
pub(super) fn read(text: &[u8], switch: Switch) -> Result<Option<bool>, Trouble> {
    Ok(said(text, switch)?.0.and_then(|said| said.on))
}

/// The bytes with the switch set, what it said before, and on which line; no bytes where it stands
/// right already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) was: Option<bool>,
    pub(super) line: u64,
    pub(super) bytes: Option<Vec<u8>>,
}

/// Sets the switch. Only the value's own bytes are replaced, or one line is added.
pub(super) fn set(text: &[u8], switch: Switch, on: bool) -> Result<Edit, Trouble> {
    let (said, open_end) = said(text, switch)?;
    let Some(said) = said else {
        if open_end {
            return Err(Trouble::OpenEnd);
        }
        let row = format!("{}={}", switch.key(), switch.word(on));
        let (bytes, line) = rows::with_row(text, row.as_bytes());
        let bytes = Some(bytes);
        return Ok(Edit {
            was: None,
            line,
            bytes,
        });
    };
    let word = said.truth.map_or(switch.word(on), |words| words.word(on));
    let Stand { line, span } = said.stand;
    let changed = || [&text[..span.start], word.as_bytes(), &text[span.end..]].concat();
    Ok(Edit {
        was: said.on,
        line,
        bytes: (said.on != Some(on)).then(changed),
    })
}

fn said(text: &[u8], switch: Switch) -> Result<(Option<Said>, bool), Trouble> {
    let (mut found, ways) = match switch {
        Switch::ManualPayments => (python::find(text, switch.key()), PYTHON),
        Switch::FallbackProviders => (dotenv::find(text, switch.key()), DOTENV),
    };
    if found.stands.len() > 1 {
        return Err(Trouble::Double);
    }
    let Some(stand) = found.stands.pop() else {
        return Ok((None, found.open_end));
    };
    let word = &text[stand.span.clone()];
    let truth = ways
        .iter()
        .find_map(|words| words.reads(word).map(|on| (words, on)));
    // `KEY=` in a `.env` file is how it is left open; in Python it is an error.
    let left_open = word.is_empty() && switch == Switch::FallbackProviders;
    if truth.is_none() && !left_open {
        return Err(Trouble::Unknown);
    }
    let (truth, on) = truth.unzip();
    Ok((Some(Said { stand, truth, on }), found.open_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switched(text: &str, switch: Switch, on: bool) -> Result<String, Trouble> {
        let edit = set(text.as_bytes(), switch, on)?;
        let bytes = edit.bytes.unwrap_or_else(|| text.as_bytes().to_vec());
        assert_eq!(read(&bytes, switch), Ok(Some(on)), "{text}");
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn only_the_word_changes() {
        let python = |text| switched(text, Switch::ManualPayments, true);
        let dotenv = |text| switched(text, Switch::FallbackProviders, true);
        for (done, want) in [
            (
                python("A=1\r\nYOOKASSA_MANUAL_MODE = False # no\r\n"),
                "A=1\r\nYOOKASSA_MANUAL_MODE = True # no\r\n",
            ),
            (python("A=1"), "A=1\nYOOKASSA_MANUAL_MODE=True"),
            (
                python("# YOOKASSA_MANUAL_MODE=False\n"),
                "# YOOKASSA_MANUAL_MODE=False\nYOOKASSA_MANUAL_MODE=True\n",
            ),
            (
                dotenv("export ENABLE_FALLBACK_PROVIDERS='off'\n"),
                "export ENABLE_FALLBACK_PROVIDERS='on'\n",
            ),
            (
                dotenv("ENABLE_FALLBACK_PROVIDERS=\n"),
                "ENABLE_FALLBACK_PROVIDERS=true\n",
            ),
            (
                dotenv("ENABLE_FALLBACK_PROVIDERS=1\n"),
                "ENABLE_FALLBACK_PROVIDERS=1\n",
            ),
        ] {
            assert_eq!(done.as_deref(), Ok(want));
        }
    }

    #[test]
    fn what_cannot_be_told_is_left_alone() {
        let python = |text: &str| set(text.as_bytes(), Switch::ManualPayments, true).unwrap_err();
        let line = "YOOKASSA_MANUAL_MODE=";
        assert_eq!(
            python(&format!("{line}False\n{line}True\n")),
            Trouble::Double
        );
        assert_eq!(python("X = '''"), Trouble::OpenEnd);
        for value in [
            "",
            "true",
            "not True",
            "True if A else False",
            "1",
            "(True)",
        ] {
            assert_eq!(python(&format!("{line}{value}\n")), Trouble::Unknown);
        }
        let dotenv = |text: &str| read(text.as_bytes(), Switch::FallbackProviders);
        let line = "ENABLE_FALLBACK_PROVIDERS=";
        assert_eq!(dotenv(&format!("{line}maybe")), Err(Trouble::Unknown));
        assert_eq!(dotenv(&format!("{line}\"true\" x")), Err(Trouble::Unknown));
        assert_eq!(dotenv(line), Ok(None));
    }
}
