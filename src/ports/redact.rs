//! Taking secrets out of what is about to be logged, stored or shown.
//!
//! Telegram's API carries the bot's token in the path of its address, and the HTTP library puts the
//! address into its errors.

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
