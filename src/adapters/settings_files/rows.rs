//! Text files as rows of bytes. Nothing is decoded: what is not understood stays as it is.

use std::ops::Range;

/// What editors put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Where its text stands, without the line end.
    pub(super) span: Range<usize>,
    /// Where the next row begins.
    pub(super) next: usize,
}

/// All rows; a file that ends with a line end has none after it. A byte order mark belongs to no row.
pub(super) fn rows(text: &[u8]) -> impl Iterator<Item = Row> + '_ {
    let mut at = match text.starts_with(BYTE_ORDER_MARK) {
        true => BYTE_ORDER_MARK.len(),
        false => 0,
    };
    (1..).map_while(move |number| {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let span = at..at + length;
        let next = span.end + line_end(&rest[length..]).len();
        at = next;
        Some(Row { number, span, next })
    })
}

/// The line end that these bytes begin with; empty at the end of a file.
fn line_end(rest: &[u8]) -> &'static [u8] {
    match rest {
        [b'\r', b'\n', ..] => b"\r\n",
        [b'\n', ..] => b"\n",
        [b'\r', ..] => b"\r",
        _ => b"",
    }
}

/// The file with a row added at its end, and that row's number. It gets the line end of the row
/// before it, and ends as the file did: with a line end, or without one.
pub(super) fn with_row(text: &[u8], row: &[u8]) -> (Vec<u8>, u64) {
    let mut number = 0;
    let mut own = &b"\n"[..];
    let mut last = &b"\n"[..];
    for row in rows(text) {
        number = row.number;
        last = line_end(&text[row.span.end..]);
        if !last.is_empty() {
            own = last;
        }
    }
    let mut whole = text.to_vec();
    if last.is_empty() {
        whole.extend_from_slice(own);
        whole.extend_from_slice(row);
    } else {
        whole.extend_from_slice(row);
        whole.extend_from_slice(own);
    }
    (whole, number + 1)
}

/// How many blanks these bytes begin with.
pub(super) fn blanks(text: &[u8]) -> usize {
    let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\x0c');
    text.iter().take_while(is_blank).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_ends_a_row() {
        let text = b"\xef\xbb\xbfa\r\nb\rc\n\nd";
        let found: Vec<_> = rows(text).map(|r| (r.number, &text[r.span])).collect();
        let want: [(u64, &[u8]); 5] = [(1, b"a"), (2, b"b"), (3, b"c"), (4, b""), (5, b"d")];
        assert_eq!(found, want);
        assert_eq!(rows(b"").count(), 0);
    }

    #[test]
    fn an_added_row_follows_the_files_manners() {
        for (before, after, number) in [
            (&b""[..], &b"x\n"[..], 1),
            (b"a\r\n", b"a\r\nx\r\n", 2),
            (b"a\r\nb", b"a\r\nb\r\nx", 3),
            (b"a", b"a\nx", 2),
            (b"a\rb\r", b"a\rb\rx\r", 3),
            (b"\n", b"\nx\n", 2),
        ] {
            assert_eq!(with_row(before, b"x"), (after.to_vec(), number));
        }
    }
}
