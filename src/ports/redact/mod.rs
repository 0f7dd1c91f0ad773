//! Taking secrets out of what is about to be logged, stored or shown.
//!
//! Telegram's API carries the bot's token in the path of its address, and the HTTP library puts the
//! address into its errors.

mod known;

pub use known::{clean, forms, know};

use std::error::Error;

/// What stands in a token's place.
const MASK: &str = "***";
/// Digits before the colon of a real token are a bot's id.
const ID_DIGITS: usize = 6;
/// A real token's second part has 35 characters; a shorter text is no token without `bot` before it.
const SECRET_LENGTH: usize = 20;

/// The text with every Telegram bot token (`123456:ABC…`, also as `bot123456:ABC…`) masked. The
/// bot's id stays: it is public and tells which bot it was.
#[must_use]
pub fn tokens(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        let secret = after.len() - after.trim_start_matches(is_secret).len();
        clean.push_str(before);
        clean.push(':');
        if is_token(before, secret) {
            clean.push_str(MASK);
            rest = &after[secret..];
        } else {
            rest = after;
        }
    }
    clean.push_str(rest);
    clean
}

/// What gives itself away by its form: bots' tokens, what follows an `Authorization`, passwords in
/// addresses. Nothing where there is none.
fn outside(text: &str) -> Option<String> {
    let mut clean = tokens(text);
    for (word, least) in OPENERS {
        clean = after(&clean, word, *least);
    }
    clean = passwords(&clean);
    (clean != text).then_some(clean)
}

/// Words that a credential follows, and how long it is at least: after the last two prose may follow too.
const OPENERS: &[(&str, usize)] = &[
    ("Authorization: ", 1),
    ("authorization: ", 1),
    ("\"authorization\": \"", 1),
    ("Bearer ", 16),
    ("Basic ", 16),
];

/// Masks what follows a word, to the end of what may be a credential: with the scheme before it.
fn after(text: &str, word: &str, least: usize) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(word) {
        clean.push_str(before);
        clean.push_str(word);
        let scheme = ["Bearer ", "Basic "]
            .into_iter()
            .find(|it| behind.starts_with(it));
        let behind = &behind[scheme.map_or(0, str::len)..];
        let end = behind
            .find(|c: char| !is_credential(c))
            .unwrap_or(behind.len());
        match end >= least {
            true => clean.push_str(MASK),
            false => clean.push_str(&behind[..end]),
        }
        rest = &behind[end..];
    }
    clean + rest
}

fn is_credential(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.~+/=".contains(c)
}

/// Masks the password of `scheme://user:password@host`.
fn passwords(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("://") {
        clean.push_str(before);
        clean.push_str("://");
        let end = behind.find(|c: char| c.is_whitespace() || "/?#\"'<>".contains(c));
        let authority = &behind[..end.unwrap_or(behind.len())];
        let password = authority
            .rsplit_once('@')
            .and_then(|(who, _)| who.split_once(':'));
        rest = match password {
            Some((user, password)) => {
                clean.push_str(user);
                clean.push(':');
                clean.push_str(MASK);
                &behind[user.len() + 1 + password.len()..]
            }
            None => behind,
        };
    }
    clean + rest
}

/// An error with all its causes, on one line, without tokens.
#[must_use]
pub fn error(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let told = inner.to_string();
        // Many errors tell their cause themselves.
        if !words.contains(&told) {
            words.push_str(": ");
            words.push_str(&told);
        }
        cause = inner.source();
    }
    tokens(&words)
}

fn is_secret(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn is_token(before: &str, secret: usize) -> bool {
    let start = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = before.len() - start.len();
    let in_a_path = start.ends_with("bot") && digits > 0 && secret > 0;
    in_a_path || (digits >= ID_DIGITS && secret >= SECRET_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "535362388:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";

    #[test]
    fn a_token_is_masked_wherever_it_stands() {
        for (text, clean) in [
            (
                format!("for url (https://api.telegram.org/bot{TOKEN}/getMe)"),
                "for url (https://api.telegram.org/bot535362388:***/getMe)",
            ),
            (
                format!("{TOKEN} and {TOKEN}"),
                "535362388:*** and 535362388:***",
            ),
            (
                "http://127.0.0.1:8081/bot1:x/a".into(),
                "http://127.0.0.1:8081/bot1:***/a",
            ),
        ] {
            assert_eq!(tokens(&text), clean);
        }
    }

    #[test]
    fn what_opens_something_is_masked_by_its_form() {
        for (text, clean) in [
            (
                "GET / Authorization: Basic c2hvcDpzZWNyZXQ= and on",
                "GET / Authorization: *** and on",
            ),
            ("a Bearer eyJhbGciOi.J9.x-y,", "a Bearer ***,"),
            (
                "redis://user:pa:ss@10.0.0.1:6379/0 refused",
                "redis://user:***@10.0.0.1:6379/0 refused",
            ),
            ("redis://:hidden@h/0", "redis://:***@h/0"),
        ] {
            assert_eq!(outside(text).as_deref(), Some(clean));
        }
        for text in [
            "http://127.0.0.1:8081/a@b:c",
            "Basic information; a Bearer of news",
            "at 12:30:45 mail to ops@example.org",
        ] {
            assert_eq!(outside(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_token_stays() {
        for text in [
            "at 12:30:45 connect to 127.0.0.1:8081",
            "2026-01-01T00:00:00Z: error 123456: no",
            "bot: ready",
            "sha256:AAF7g0gYncWnm5IyfZlpPRqRRv6kNAGlao",
            "::1",
            "",
        ] {
            assert_eq!(tokens(text), text);
        }
    }

    #[test]
    fn an_error_is_told_with_its_causes_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] Middle);
        #[derive(Debug, thiserror::Error)]
        #[error("middle: {0}")]
        struct Middle(#[source] std::io::Error);
        let inner = std::io::Error::other(format!("/bot{TOKEN}/x"));
        assert_eq!(
            error(&Outer(Middle(inner))),
            "outer: middle: /bot535362388:***/x"
        );
    }
}
