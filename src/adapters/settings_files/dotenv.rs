//! Lines of a `.env` file as python-dotenv reads them: `KEY=value`, also with `export`, blanks and
//! quotes; a quoted value may go over several lines.

use super::rows::{Row, blanks, rows};
use super::stand::{Found, Stand};
use std::ops::Range;

/// A key and where its value stands, without quotes, blanks and comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The key.
    pub(super) key: &'a [u8],
    /// The line it stands on, from 1.
    pub(super) line: u64,
    /// The value.
    pub(super) span: Range<usize>,
}

/// Every assignment to this key.
pub(super) fn find(text: &[u8], key: &str) -> Found {
    let stands = entries(text)
        .into_iter()
        .filter(|entry| entry.key == key.as_bytes())
        .map(|Entry { line, span, .. }| Stand { line, span });
    Found {
        stands: stands.collect(),
        open_end: false,
    }
}

/// All assignments, in the file's order.
pub(super) fn entries(text: &[u8]) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut after = 0;
    for row in rows(text) {
        // A row inside a value that began above is no row of its own.
        if row.span.start < after {
            continue;
        }
        if let Some(entry) = entry(text, &row) {
            after = entry.span.end;
            found.push(entry);
        }
    }
    found
}

fn entry<'a>(text: &'a [u8], row: &Row) -> Option<Entry<'a>> {
    let end = row.span.end;
    let mut at = row.span.start;
    at += blanks(&text[at..end]);
    if let Some(rest) = text[at..end].strip_prefix(b"export")
        && blanks(rest) > 0
    {
        at += b"export".len() + blanks(rest);
    }
    let equals = at + memchr::memchr(b'=', &text[at..end])?;
    let key = text[at..equals].trim_ascii_end();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if key.is_empty() || !key.iter().all(is_part) {
        return None;
    }
    at = equals + 1;
    at += blanks(&text[at..end]);
    let span = quoted(text, at, end).unwrap_or_else(|| plain(text, at, end));
    let line = row.number;
    Some(Entry { key, line, span })
}

/// The inside of a quoted value. Where something other than a comment follows the closing quote it
/// is no value that a program should guess at, so the quotes count as part of it.
fn quoted(text: &[u8], at: usize, end: usize) -> Option<Range<usize>> {
    let mark = *text[at..end].first()?;
    if !matches!(mark, b'"' | b'\'') {
        return None;
    }
    let inside = at + 1;
    let mut close = inside;
    loop {
        match *text.get(close)? {
            b'\\' => close += 2,
            byte if byte == mark => break,
            _ => close += 1,
        }
    }
    let rest = &text[close + 1..];
    let rest = &rest[..memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())];
    let rest = rest.trim_ascii();
    match rest.is_empty() || rest.starts_with(b"#") {
        true => Some(inside..close),
        false => Some(at..close + 1),
    }
}

/// A value without quotes: up to a blank with `#` after it, or the line's end.
fn plain(text: &[u8], at: usize, end: usize) -> Range<usize> {
    let value = &text[at..end];
    let comment = value
        .windows(2)
        .position(|two| matches!(two[0], b' ' | b'\t') && two[1] == b'#');
    let value = value[..comment.unwrap_or(value.len())].trim_ascii_end();
    at..at + value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u64, &str, &str)> {
        let entries = entries(text.as_bytes()).into_iter();
        entries
            .map(|e| (e.line, std::str::from_utf8(e.key).unwrap(), &text[e.span]))
            .collect()
    }

    #[test]
    fn values_are_found_as_they_are_written() {
        for (text, value) in [
            ("KEY=true", "true"),
            ("  KEY = true  # why", "true"),
            ("export KEY=\"true\"", "true"),
            ("export\tKEY='true' # why", "true"),
            ("KEY=true#x", "true#x"),
            ("KEY=", ""),
            ("KEY=\"\"", ""),
            ("KEY=\"a\\\"b\"", "a\\\"b"),
            ("KEY=\"true\" or not", "\"true\""),
            ("KEY='true", "'true"),
            ("KEY=\"a\nb\"", "a\nb"),
        ] {
            assert_eq!(all(text), [(1, "KEY", value)], "{text}");
        }
    }

    #[test]
    fn what_is_no_assignment_is_passed_over() {
        for text in ["# KEY=true", "KEY", "", "=true", "export", "a b=c"] {
            assert_eq!(all(text), [], "{text}");
        }
    }

    #[test]
    fn a_line_inside_a_value_is_no_line() {
        let text = "A=\"one\r\nKEY=true\r\n\"\r\nKEY=false\r\n";
        let found = all(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], (4, "KEY", "false"));
        // A quote that never ends is a part of its own line only.
        let text = "A='one\nKEY=true\n";
        assert_eq!(all(text)[1], (2, "KEY", "true"));
    }
}
