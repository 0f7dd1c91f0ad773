//! The last lines of a program for people: readable, short, and without what passes for a secret.

use crate::ports::redact;
use std::iter::Peekable;
use std::str::Chars;

/// Characters kept, as the port says.
const KEPT: usize = 2_000;
/// What stands in a secret's place.
const MASK: &str = "***";
/// What a name says when its value is nobody's business.
const SECRETS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSW",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "PRIVATE",
];

/// The last lines in these bytes.
pub(super) fn last(bytes: &[u8]) -> String {
    let plain = plain(&String::from_utf8_lossy(bytes));
    let clean: Vec<String> = plain
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .map(|line| redact::tokens(&masked(line)))
        .collect();
    ending(&clean.join("\n"))
}

/// The end of a text, from the start of a line where there is one.
fn ending(text: &str) -> String {
    let surplus = text.chars().count().saturating_sub(KEPT);
    if surplus == 0 {
        return text.to_owned();
    }
    let cut: String = text.chars().skip(surplus).collect();
    match cut.split_once('\n') {
        Some((_, lines)) if !lines.is_empty() => lines.to_owned(),
        _ => cut,
    }
}

/// Without colours and cursor moves; each state of a progress bar is a line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => skip_sequence(&mut chars),
            '\r' | '\n' => plain.push('\n'),
            '\t' => plain.push(' '),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

fn skip_sequence(chars: &mut Peekable<Chars<'_>>) {
    if chars.next_if_eq(&'[').is_none() {
        chars.next();
        return;
    }
    while chars.next_if(|c| !('@'..='~').contains(c)).is_some() {}
    chars.next();
}

/// A line without passwords in addresses, and without values that stand at telling names.
fn masked(line: &str) -> String {
    let mut words = Vec::new();
    let mut hide = false;
    for word in line.split(' ') {
        let (word, next) = match hide && !word.is_empty() {
            true => (MASK.to_owned(), false),
            false => masked_word(word, hide),
        };
        words.push(word);
        hide = next;
    }
    words.join(" ")
}

/// A word, and whether the next one is its value.
fn masked_word(word: &str, hide: bool) -> (String, bool) {
    let at = word.find(['=', ':']);
    if let Some(at) = at
        && is_telling(&word[..at])
    {
        let value = &word[at + 1..];
        return match value.is_empty() {
            true => (word.to_owned(), true),
            false => (format!("{}{MASK}", &word[..=at]), false),
        };
    }
    (without_user(word), hide && word.is_empty())
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// `https://user:password@host` without what stands before the host.
fn without_user(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{MASK}{}", &rest[at..]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        for (line, clean) in [
            ("REI_BOT_TOKEN=abc", "REI_BOT_TOKEN=***"),
            ("password: hunter2 next", "password: *** next"),
            ("'secret_key'='x y'", "'secret_key'=*** y'"),
            (
                "Looking in https://me:pw@index.example/simple",
                "Looking in https://***@index.example/simple",
            ),
            (
                "at https://index.example/a@b",
                "at https://index.example/a@b",
            ),
            ("Collecting aiogram==3.4  ok", "Collecting aiogram==3.4  ok"),
            (
                "12345678:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao",
                "12345678:***",
            ),
        ] {
            assert_eq!(last(line.as_bytes()), clean);
        }
    }

    #[test]
    fn what_terminals_need_is_taken_out() {
        let text = b"\x1b[32mgreen\x1b[0m\r 10%\r 20%\n\n\x1b]done\x07\xff";
        assert_eq!(last(text), "green\n 10%\n 20%\ndone\u{fffd}");
    }

    #[test]
    fn the_end_is_kept_in_whole_lines() {
        let lines: String = (0..1000).map(|n| format!("line {n}\n")).collect();
        let kept = last(lines.as_bytes());
        assert!(kept.chars().count() <= KEPT, "{}", kept.len());
        assert!(kept.starts_with("line ") && kept.ends_with("line 999"));
        assert_eq!(last("x".repeat(3000).as_bytes()).len(), KEPT);
    }
}
