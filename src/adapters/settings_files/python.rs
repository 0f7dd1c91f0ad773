//! Finding an assignment at the top level of a Python file.
//!
//! Only as much of Python is known as it takes to tell the top level from everything else: strings
//! over several lines, brackets, continued lines, comments, indentation.

use super::rows::{blanks, rows};
use super::stand::{Found, Stand};

/// Every assignment to this name that stands at the left edge of a line.
pub(super) fn find(text: &[u8], key: &str) -> Found {
    let mut lexer = Lexer::default();
    let mut found = Found::default();
    for row in rows(text) {
        let bytes = &text[row.span.clone()];
        if lexer.is_at_top()
            && let Some((at, word)) = assigned(bytes, key.as_bytes())
        {
            let start = row.span.start + at;
            found.stands.push(Stand {
                line: row.number,
                span: start..start + word.len(),
            });
        }
        lexer.walk(bytes);
    }
    found.open_end = !lexer.is_at_top();
    found
}

/// What a line assigns to this name, and where in the line that stands: all up to a comment.
fn assigned<'a>(row: &'a [u8], key: &[u8]) -> Option<(usize, &'a [u8])> {
    row.strip_prefix(key)?;
    let mut at = key.len();
    at += blanks(&row[at..]);
    if row.get(at) == Some(&b':') {
        // An annotation, as in `NAME: bool = True`.
        at += memchr::memchr2(b'=', b'#', &row[at..])?;
    }
    if row.get(at) != Some(&b'=') || row.get(at + 1) == Some(&b'=') {
        return None;
    }
    at += 1;
    at += blanks(&row[at..]);
    let rest = &row[at..];
    let end = memchr::memchr(b'#', rest).unwrap_or(rest.len());
    Some((at, rest[..end].trim_ascii_end()))
}

/// Where a line begins, as far as the lines before it tell.
#[derive(Debug, Default)]
struct Lexer {
    string: Option<Quotes>,
    brackets: usize,
    continued: bool,
}

/// What opened a string, and so what closes it.
#[derive(Debug, Clone, Copy)]
struct Quotes {
    mark: u8,
    triple: bool,
}

impl Lexer {
    fn is_at_top(&self) -> bool {
        self.string.is_none() && self.brackets == 0 && !self.continued
    }

    fn walk(&mut self, row: &[u8]) {
        self.continued = false;
        let mut at = 0;
        while at < row.len() {
            at += match self.string {
                Some(quotes) => self.step_in_string(&row[at..], quotes),
                None if row[at] == b'#' => return,
                None => self.step(&row[at..]),
            };
        }
        // A plain string ends with its line at the latest, unless the line is continued.
        if self.string.is_some_and(|quotes| !quotes.triple) && !self.continued {
            self.string = None;
        }
    }

    fn step(&mut self, rest: &[u8]) -> usize {
        match rest[0] {
            mark @ (b'"' | b'\'') => {
                let triple = rest.starts_with(&[mark; 3]);
                self.string = Some(Quotes { mark, triple });
                return if triple { 3 } else { 1 };
            }
            b'(' | b'[' | b'{' => self.brackets += 1,
            b')' | b']' | b'}' => self.brackets = self.brackets.saturating_sub(1),
            b'\\' if rest.len() == 1 => self.continued = true,
            _ => {}
        }
        1
    }

    fn step_in_string(&mut self, rest: &[u8], quotes: Quotes) -> usize {
        if rest[0] == b'\\' {
            self.continued = rest.len() == 1;
            return 2;
        }
        let closing = &[quotes.mark; 3][..if quotes.triple { 3 } else { 1 }];
        if rest.starts_with(closing) {
            self.string = None;
            return closing.len();
        }
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(u64, &str)> {
        let stands = find(text.as_bytes(), "KEY").stands;
        stands
            .into_iter()
            .map(|s| (s.line, &text[s.span]))
            .collect()
    }

    #[test]
    fn an_assignment_is_found_as_it_is_written() {
        for text in [
            "KEY=True",
            "KEY = True",
            "KEY\t=  True   # because",
            "KEY: bool = True#x",
            "\u{feff}KEY = True",
            "X = 'it\\'s'\nKEY = True",
            "X = '''a'b\n''' ; Y = (\n1,\n)\nKEY = True\n",
            "X = \"#\" # ' \"\"\" (\nKEY = True\n",
            "if A:\n    B = 1\nKEY = True",
        ] {
            let found = values(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].1, "True", "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "# KEY=True",
            "  KEY=True",
            "KEY == True",
            "KEYS = True",
            "MY_KEY = True",
            "KEY: bool",
            "KEY: bool # = True",
            "'''\nKEY = True\n'''",
            "X = \"\"\"\\\nKEY=True\n\\\"\"\"\nKEY=False\n\"\"\"",
            "f(\nKEY=True\n)",
            "X = \\\nKEY=True",
            "X = 'a\\\nKEY=True'",
            "if A:\n\tKEY = True",
        ] {
            assert_eq!(values(text), [], "{text}");
        }
    }

    #[test]
    fn an_end_inside_something_is_seen() {
        for (text, open) in [
            ("KEY=True\n", false),
            ("X = '''\n", true),
            ("X = (\n", true),
            ("X = 1 \\\n", true),
            ("X = 'a\n", false),
        ] {
            assert_eq!(find(text.as_bytes(), "KEY").open_end, open, "{text}");
        }
    }
}
